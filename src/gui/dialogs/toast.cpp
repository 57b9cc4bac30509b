#include "gui/dialogs/toast.h"

#include "gui/theme/theme.h"

#include <QAccessible>
#include <QEvent>
#include <QPainter>
#include <QTimer>

namespace Roost {

namespace {

constexpr int shownMs = 5000;

} // namespace

void Toast::say(QWidget *widget, const QString &text)
{
    if (!widget) {
        return;
    }
    QWidget *window = widget->window();
    delete window->findChild<Toast *>(QString(), Qt::FindDirectChildrenOnly);
    auto *toast = new Toast(text, window);
    toast->place();
    toast->show();
    toast->raise();
    QAccessibleEvent event(toast, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

Toast::Toast(const QString &text, QWidget *window)
    : QLabel(window)
{
    setObjectName(QStringLiteral("toast"));
    setTextFormat(Qt::PlainText);
    setText(text);
    setAccessibleName(text);
    setAttribute(Qt::WA_TransparentForMouseEvents);
    setContentsMargins(Spacing::card, Spacing::unit + 2, Spacing::card, Spacing::unit + 2);
    const Colors &colors = Theme::instance().colors();
    QPalette inverse = palette();
    inverse.setColor(QPalette::WindowText, colors.panel);
    setPalette(inverse);
    window->installEventFilter(this);
    QTimer::singleShot(shownMs, this, &QObject::deleteLater);
}

void Toast::place()
{
    adjustSize();
    const QWidget *window = parentWidget();
    move((window->width() - width()) / 2, window->height() - height() - 5 * Spacing::unit);
}

bool Toast::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize) {
        place();
    }
    return QLabel::eventFilter(watched, event);
}

void Toast::paintEvent(QPaintEvent *event)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().colors().text);
    painter.drawRoundedRect(rect(), Spacing::cardRadius, Spacing::cardRadius);
    painter.end();
    QLabel::paintEvent(event);
}

} // namespace Roost
