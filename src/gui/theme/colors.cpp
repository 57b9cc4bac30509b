#include "gui/theme/colors.h"

#include <algorithm>
#include <cmath>

namespace Roost {

namespace {

double linear(double channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor &color)
{
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

TonePair Colors::pair(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return neutral;
    case Tone::Accent:
        return {buttonText, button};
    case Tone::Good:
        return good;
    case Tone::Warning:
        return warning;
    case Tone::Danger:
        return danger;
    }
    return neutral;
}

QColor Colors::lineText(Tone tone) const
{
    switch (tone) {
    case Tone::Neutral:
        return subtle;
    case Tone::Accent:
        return accent;
    case Tone::Good:
        return good.text;
    case Tone::Warning:
        return warning.text;
    case Tone::Danger:
        return danger.text;
    }
    return text;
}

Colors Colors::light()
{
    Colors c;
    c.panel = QColor(0xf6, 0xf7, 0xf9);
    c.base = QColor(0xff, 0xff, 0xff);
    c.line = QColor(0xe3, 0xe6, 0xea);
    c.border = QColor(0xd0, 0xd5, 0xdc);
    c.text = QColor(0x1f, 0x23, 0x28);
    c.subtle = QColor(0x6b, 0x72, 0x80);
    c.accent = QColor(0x25, 0x63, 0xeb);
    c.button = c.accent;
    c.buttonText = Qt::white;
    c.dangerButton = QColor(0xb4, 0x23, 0x18);
    c.dangerButtonText = Qt::white;
    c.selection = QColor(0xdb, 0xe5, 0xf8);
    c.selectionSubtle = QColor(0x52, 0x5b, 0x69);
    c.hover = QColor(0xec, 0xef, 0xf3);
    c.track = QColor(0xe3, 0xe6, 0xea);
    c.staged = QColor(0xff, 0xf5, 0xd6);
    c.newRow = QColor(0xe7, 0xf7, 0xee);
    c.neutral = {QColor(0x4b, 0x54, 0x60), QColor(0xe9, 0xec, 0xf0)};
    c.good = {QColor(0x18, 0x6a, 0x3b), QColor(0xdc, 0xf3, 0xe5)};
    c.warning = {QColor(0x8a, 0x52, 0x00), QColor(0xfd, 0xef, 0xd5)};
    c.danger = {QColor(0x9f, 0x1d, 0x14), QColor(0xfd, 0xe3, 0xe0)};
    return c;
}

Colors Colors::dark()
{
    Colors c;
    c.panel = QColor(0x1b, 0x1d, 0x21);
    c.base = QColor(0x20, 0x23, 0x28);
    c.line = QColor(0x33, 0x37, 0x3d);
    c.border = QColor(0x43, 0x48, 0x50);
    c.text = QColor(0xe6, 0xe8, 0xeb);
    c.subtle = QColor(0x9a, 0xa4, 0xb2);
    c.accent = QColor(0x6a, 0xa9, 0xff);
    c.button = QColor(0x2f, 0x6f, 0xe0);
    c.buttonText = Qt::white;
    c.dangerButton = QColor(0xb9, 0x36, 0x2c);
    c.dangerButtonText = Qt::white;
    c.selection = QColor(0x2b, 0x3c, 0x54);
    c.selectionSubtle = QColor(0xb6, 0xc0, 0xce);
    c.hover = QColor(0x27, 0x2a, 0x30);
    c.track = QColor(0x33, 0x37, 0x3d);
    c.staged = QColor(0x4a, 0x3f, 0x1c);
    c.newRow = QColor(0x1d, 0x3a, 0x2a);
    c.neutral = {QColor(0xc3, 0xca, 0xd4), QColor(0x33, 0x37, 0x3d)};
    c.good = {QColor(0x8f, 0xe0, 0xb0), QColor(0x17, 0x3f, 0x2b)};
    c.warning = {QColor(0xff, 0xcf, 0x87), QColor(0x5a, 0x3d, 0x12)};
    c.danger = {QColor(0xff, 0xb3, 0xa9), QColor(0x5b, 0x20, 0x1b)};
    return c;
}

Colors Colors::withHighContrast() const
{
    Colors c = *this;
    const bool isDark = luminance(panel) < 0.5;
    c.text = isDark ? Qt::white : Qt::black;
    c.subtle = isDark ? QColor(0xd5, 0xda, 0xe2) : QColor(0x33, 0x38, 0x40);
    c.selectionSubtle = c.subtle;
    c.line = isDark ? QColor(0x8b, 0x93, 0x9e) : QColor(0x6b, 0x72, 0x80);
    c.border = c.line;
    return c;
}

double contrastRatio(const QColor &a, const QColor &b)
{
    const auto [dark, light] = std::minmax({luminance(a), luminance(b)}); // by value: these are temporaries
    return (light + 0.05) / (dark + 0.05);
}

} // namespace Roost
