#pragma once

#include "gui/theme/colors.h"

#include <QIcon>
#include <QObject>

class QApplication;
class QWidget;

namespace Roost {

/// The rhythm of pages and cards, in pixels.
namespace Spacing {
constexpr int unit = 8;
constexpr int page = 28; ///< at the edges of a page
constexpr int card = 16; ///< inside a card
constexpr int row = 28;  ///< a row of a table
constexpr int cardRadius = 8;
constexpr int buttonRadius = 5;
} // namespace Spacing

/// The one place with Roost's palette and style sheet. Widgets choose from it by properties:
/// QPushButton `kind` = primary, danger, flat, link, segment; QLabel `role` = title, heading, strong, figure, subtle,
/// small, caption, mono, good, warning, danger; QFrame `notice` = warning, danger, good; QLineEdit `state` = error.
/// One for the process, in the GUI thread.
class Theme : public QObject
{
    Q_OBJECT

public:
    enum class Mode { System, Light, Dark };
    Q_ENUM(Mode)

    static Theme &instance();

    /// Style, palette, style sheet and icons, by the mode and what the system says. Once, before the first window.
    static void apply(QApplication &application, Mode mode = Mode::System);

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);
    bool isDark() const { return m_isDark; }
    const Colors &colors() const { return m_colors; }
    /// Text size in percent: 100 is the system's.
    int zoom() const { return m_zoom; }
    void setZoom(int percent);

    /// A Breeze icon of the compiled-in subset (resources/icons/names.txt); follows light and dark by itself.
    [[nodiscard]] static QIcon icon(const QString &name);
    /// After a change of a `kind`, `role` or other property that the style sheet looks at.
    static void restyle(QWidget *widget);

signals:
    void changed(); ///< colours or text size

private:
    Theme() = default;
    void update();
    void followSystem();

    Mode m_mode = Mode::System;
    Colors m_colors = Colors::light();
    bool m_isApplied = false;
    bool m_isDark = false;
    bool m_systemIsDark = false;
    bool m_highContrast = false;
    int m_zoom = 100;
    double m_systemPointSize = 0;
};

} // namespace Roost
