#include "gui/table/tablepageloading.h"

#include "gui/theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>

namespace Roost {

namespace {

constexpr int patienceMs = 300;

} // namespace

LoadingPill::LoadingPill(QWidget *area)
    : QFrame(area)
    , m_text(new QLabel)
    , m_stop(new QPushButton)
{
    setObjectName(QStringLiteral("loadingPill"));
    setAccessibleName(tr("Loading"));
    m_text->setObjectName(QStringLiteral("loadingText"));
    m_text->setTextFormat(Qt::PlainText);
    m_stop->setObjectName(QStringLiteral("cancelLoading"));
    m_stop->setProperty("kind", QStringLiteral("link"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Spacing::card, Spacing::unit - 2, Spacing::unit + 4, Spacing::unit - 2);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_text);
    layout->addWidget(m_stop);
    m_patience.setSingleShot(true);
    m_patience.setInterval(patienceMs);
    connect(&m_patience, &QTimer::timeout, this, [this] {
        show();
        raise();
        place();
    });
    connect(m_stop, &QPushButton::clicked, this, &LoadingPill::stopWanted);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    area->installEventFilter(this);
    hide();
}

void LoadingPill::begin(const QString &text, const QString &stop)
{
    if (m_text->text() != text) {
        m_text->setText(text);
        setAccessibleDescription(text);
    }
    m_stop->setText(stop);
    m_stop->setVisible(!stop.isEmpty());
    if (!m_isOn) {
        m_isOn = true;
        m_patience.start();
    } else if (isVisible()) {
        place();
    }
}

void LoadingPill::end()
{
    m_isOn = false;
    m_patience.stop();
    if (m_stop->hasFocus() && parentWidget()) {
        parentWidget()->setFocus(Qt::OtherFocusReason);
    }
    hide();
}

void LoadingPill::place()
{
    constexpr int distance = 24;
    adjustSize();
    const QRect area = parentWidget()->rect();
    move((area.width() - width()) / 2, qMax(0, area.height() - height() - distance));
}

bool LoadingPill::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    return QFrame::eventFilter(watched, event);
}

void LoadingPill::paintEvent(QPaintEvent *)
{
    const Colors &colors = Theme::instance().colors();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(colors.border);
    painter.setBrush(colors.base);
    const QRectF edge = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.drawRoundedRect(edge, edge.height() / 2, edge.height() / 2);
}

} // namespace Roost
