#include "gui/widgets/pill.h"

#include "gui/theme/theme.h"

#include <QPainter>

namespace Roost {

QString toneName(Tone tone)
{
    switch (tone) {
    case Tone::Neutral:
        return QStringLiteral("neutral");
    case Tone::Accent:
        return QStringLiteral("accent");
    case Tone::Good:
        return QStringLiteral("good");
    case Tone::Warning:
        return QStringLiteral("warning");
    case Tone::Danger:
        return QStringLiteral("danger");
    }
    return {};
}

Pill::Pill(QWidget *parent)
    : Pill(QString(), Tone::Neutral, parent)
{
}

Pill::Pill(const QString &text, Tone tone, QWidget *parent)
    : QLabel(text, parent)
    , m_tone(tone)
{
    setTextFormat(Qt::PlainText);
    setProperty("pill", toneName(tone));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Pill::setTone(Tone tone)
{
    if (m_tone != tone) {
        m_tone = tone;
        setProperty("pill", toneName(tone));
        Theme::restyle(this);
    }
}

void Pill::setLarge()
{
    setProperty("pillSize", QStringLiteral("large"));
    Theme::restyle(this);
}

void Pill::paintEvent(QPaintEvent *event)
{
    // A style sheet's radius is a fixed number; a pill is round at any text size.
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(Theme::instance().colors().pair(m_tone).surface);
    painter.drawRoundedRect(rect(), height() / 2.0, height() / 2.0);
    painter.end();
    QLabel::paintEvent(event);
}

} // namespace Roost
