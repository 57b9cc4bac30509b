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
    QColor border; ///< around fields and buttons: 3 to 1 would shout; the hover and focus states do not rest on it
    QColor text;
    QColor subtle; ///< secondary facts, readable on panel and base
    QColor accent; ///< links, focus, progress, the chosen tab
    QColor button; ///< the primary button's surface
    QColor buttonText;
    QColor dangerButton; ///< the surface of a destructive button
    QColor dangerButtonText;
    QColor selection; ///< the chosen row; text stays `text`
    QColor hover;     ///< under the pointer, on panel
    QColor track;     ///< the rest of a progress bar
    QColor staged;    ///< a changed cell, not yet in the database
    QColor newRow;
    TonePair neutral;
    TonePair good;
    TonePair warning;
    TonePair danger;

    const TonePair &pair(Tone tone) const;

    static Colors light();
    static Colors dark();
    Colors withHighContrast(bool dark) const;
};

} // namespace Roost
