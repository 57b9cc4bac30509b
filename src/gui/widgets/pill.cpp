#include "gui/widgets/pill.h"

#include "gui/theme/theme.h"

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
    setProperty("size", QStringLiteral("large"));
    Theme::restyle(this);
}

} // namespace Roost
