#include "gui/table/editors/cellproblem.h"

#include "gui/theme/theme.h"

#include <QPainter>

namespace Roost {

namespace {
constexpr int widest = 360;
constexpr int gap = 2;
} // namespace

CellProblem::CellProblem(QWidget *editor)
    : QLabel(editor->parentWidget())
    , m_editor(editor)
{
    setObjectName(QStringLiteral("cellProblem"));
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setContentsMargins(Spacing::unit, Spacing::unit / 2, Spacing::unit, Spacing::unit / 2);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setProperty("role", QStringLiteral("danger"));
    hide();
}

void CellProblem::say(const QString &text)
{
    setText(text);
    setAccessibleName(text);
    setVisible(!text.isEmpty());
    place();
}

void CellProblem::place()
{
    if (isHidden() || !parentWidget()) {
        return;
    }
    const QRect room = parentWidget()->rect();
    const QRect cell = m_editor->geometry();
    const QMargins margins = contentsMargins();
    const int inner = widest - margins.left() - margins.right();
    const QRect needed = fontMetrics().boundingRect(QRect(0, 0, inner, room.height()), Qt::TextWordWrap, text());
    resize(needed.width() + margins.left() + margins.right() + gap, needed.height() + margins.top() + margins.bottom());
    int y = cell.bottom() + gap;
    if (y + height() > room.bottom() && cell.top() - gap - height() >= room.top()) {
        y = cell.top() - gap - height();
    }
    move(qBound(room.left(), cell.left(), qMax(room.left(), room.right() - width())), y);
    raise();
}

void CellProblem::paintEvent(QPaintEvent *event)
{
    const Colors &colors = Theme::instance().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors.danger.text);
    painter.setBrush(colors.danger.surface);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Spacing::buttonRadius,
                            Spacing::buttonRadius);
    painter.end();
    QLabel::paintEvent(event);
}

} // namespace Roost
