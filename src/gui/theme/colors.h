#pragma once

#include <QColor>

namespace Roost {

/// What a badge, a line or a button means; always said in words too.
enum class Tone { Neutral, Accent, Good, Warning, Danger };

/// Text on its surface. At least 4.5 to 1.
struct TonePair
{
    QColor text;
    QColor surface;
};

/// Every colour of Roost, by what it is for.
struct Colors
{
    QColor panel;  ///< behind everything: window, side bar
    QColor base;   ///< where content stands: cards, fields, tables
    QColor line;   ///< hairlines between them
    QColor border; ///< around fields and buttons
    QColor text;
    QColor subtle; ///< secondary facts, readable on panel and base
    QColor accent; ///< links, focus, progress, the chosen tab
    QColor button; ///< the primary button's surface
    QColor buttonText;
    QColor dangerButton; ///< the surface of a destructive button
    QColor dangerButtonText;
    QColor selection;       ///< the chosen row; its text stays `text`
    QColor selectionSubtle; ///< secondary facts on `selection` and `hover`
    QColor hover;           ///< under the pointer, on panel
    QColor track;           ///< the rest of a progress bar
    QColor staged;          ///< a changed cell, not yet in the database
    QColor newRow;
    TonePair neutral;
    TonePair good;
    TonePair warning;
    TonePair danger;

    /// Badges: the text and surface of a tone. Accent is white on `button`.
    TonePair pair(Tone tone) const;
    /// A line of text in a tone on panel or base: a warning under a field.
    QColor lineText(Tone tone) const;

    static Colors light();
    static Colors dark();
    /// The same with stronger lines and secondary text, for systems set to high contrast.
    Colors withHighContrast() const;
};

/// As WCAG 2 counts it: 1 (none) to 21 (black on white).
[[nodiscard]] double contrastRatio(const QColor &a, const QColor &b);

} // namespace Roost
