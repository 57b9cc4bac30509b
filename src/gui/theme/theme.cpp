#include "gui/theme/theme.h"

#include "gui/theme/indicatorstyle.h"
#include "gui/theme/stylesheet.h"
#include "gui/theme/systemscheme.h"

#include <QApplication>
#include <QFont>
#include <QPalette>
#include <QStyle>
#include <QTimer>
#include <QWidget>

// The icons stand in a static library, whose resources nobody pulls in by itself. Not inside a namespace.
static void initIconResources()
{
    Q_INIT_RESOURCE(icons);
}

namespace Roost {

namespace {

QPalette palette(const Colors &c)
{
    QPalette palette;
    palette.setColor(QPalette::Window, c.panel);
    palette.setColor(QPalette::WindowText, c.text);
    palette.setColor(QPalette::Base, c.base);
    palette.setColor(QPalette::AlternateBase, c.panel);
    palette.setColor(QPalette::Text, c.text);
    palette.setColor(QPalette::Button, c.base);
    palette.setColor(QPalette::ButtonText, c.text);
    palette.setColor(QPalette::BrightText, c.danger.text);
    palette.setColor(QPalette::PlaceholderText, c.subtle);
    palette.setColor(QPalette::ToolTipBase, c.base);
    palette.setColor(QPalette::ToolTipText, c.text);
    palette.setColor(QPalette::Highlight, c.button);
    palette.setColor(QPalette::HighlightedText, c.buttonText);
    palette.setColor(QPalette::Link, c.accent);
    palette.setColor(QPalette::LinkVisited, c.accent);
    palette.setColor(QPalette::Light, c.base);
    palette.setColor(QPalette::Midlight, c.hover);
    palette.setColor(QPalette::Mid, c.line);
    palette.setColor(QPalette::Dark, c.border);
    palette.setColor(QPalette::Shadow, c.border);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, c.subtle);
    }
    return palette;
}

} // namespace

Theme &Theme::instance()
{
    static Theme theme;
    return theme;
}

void Theme::apply(QApplication &application, Mode mode)
{
    initIconResources();
    Theme &theme = instance();
    theme.m_systemPointSize = application.font().pointSizeF() > 0 ? application.font().pointSizeF() : 10.0;
    theme.m_systemIsDark = application.palette().color(QPalette::Window).lightness() < 128;
    theme.m_mode = mode;
    theme.m_isApplied = true;
    QIcon::setThemeSearchPaths({QStringLiteral(":/icons")});
    QApplication::setStyle(new IndicatorStyle);
    theme.update();
    // The portal's answer comes later; asking must not delay the first window.
    QTimer::singleShot(0, &application, [] { instance().followSystem(); });
}

void Theme::followSystem()
{
    auto *scheme = new SystemScheme(qApp);
    connect(scheme, &SystemScheme::darkChanged, this, [this](bool isDark) {
        if (m_systemIsDark != isDark) {
            m_systemIsDark = isDark;
            update();
        }
    });
    connect(scheme, &SystemScheme::contrastChanged, this, [this](bool isHigh) {
        if (m_highContrast != isHigh) {
            m_highContrast = isHigh;
            update();
        }
    });
    scheme->ask();
}

void Theme::setMode(Mode mode)
{
    if (m_mode != mode) {
        m_mode = mode;
        update();
    }
}

void Theme::setZoom(int percent)
{
    const int zoom = qBound(70, percent, 200);
    if (m_zoom != zoom) {
        m_zoom = zoom;
        update();
    }
}

void Theme::update()
{
    m_isDark = m_mode == Mode::Dark || (m_mode == Mode::System && m_systemIsDark);
    m_colors = m_isDark ? Colors::dark() : Colors::light();
    if (m_highContrast) {
        m_colors = m_colors.withHighContrast();
    }
    if (!m_isApplied) {
        return;
    }
    const double pointSize = m_systemPointSize * m_zoom / 100.0;
    const QString scheme = m_isDark ? QStringLiteral("roost-dark") : QStringLiteral("roost-light");
    QIcon::setThemeName(scheme);
    if (m_zoom != 100 || qApp->font().pointSizeF() != pointSize) {
        QFont font = qApp->font();
        font.setPointSizeF(pointSize);
        QApplication::setFont(font);
    }
    QApplication::setPalette(palette(m_colors));
    qApp->setStyleSheet(styleSheet(m_colors, pointSize, QStringLiteral(":/icons/%1/16").arg(scheme)));
    emit changed();
}

QIcon Theme::icon(const QString &name)
{
    return QIcon::fromTheme(name);
}

void Theme::restyle(QWidget *widget)
{
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

} // namespace Roost
