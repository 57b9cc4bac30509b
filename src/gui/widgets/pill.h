#pragma once

#include "gui/theme/colors.h"

#include <QLabel>

namespace Roost {

/// A small rounded badge: a word on a tone.
class Pill : public QLabel
{
    Q_OBJECT

public:
    explicit Pill(QWidget *parent = nullptr); ///< for forms
    explicit Pill(const QString &text, Tone tone = Tone::Neutral, QWidget *parent = nullptr);
    void setTone(Tone tone);
    Tone tone() const { return m_tone; }
    void setLarge(); ///< beside a page's title

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone = Tone::Neutral;
};

/// The name of a tone in the style sheet: "good".
[[nodiscard]] QString toneName(Tone tone);

} // namespace Roost
