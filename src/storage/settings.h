#pragma once

#include <QByteArray>
#include <QSettings>
#include <QString>

namespace Roost {

/// Which look the user chose; Theme (src/gui) turns it into one.
enum class ThemeChoice { System, Light, Dark };

/// What the user set and the windows remember; nothing secret, nothing that would be missed. A small INI file that is
/// read once, when this is made, and written by the event loop some time after a change. For the GUI thread.
class Settings
{
public:
    explicit Settings(const QString &file); ///< Paths::settings()

    [[nodiscard]] ThemeChoice theme() const;
    void setTheme(ThemeChoice theme);
    [[nodiscard]] int zoom() const; ///< text size in percent, 50 … 300; 100 unless set
    void setZoom(int percent);

    /// QWidget::saveGeometry(), QMainWindow::saveState() of the window with this objectName; empty if never saved.
    [[nodiscard]] QByteArray geometry(const QString &window) const;
    void setGeometry(const QString &window, const QByteArray &geometry);
    [[nodiscard]] QByteArray state(const QString &window) const;
    void setState(const QString &window, const QByteArray &state);

    [[nodiscard]] int birdAppPort() const; ///< 8000 unless set
    void setBirdAppPort(int port);

    /// The folder used last for `purpose` ("backup", "restore", "birdapp"); empty if none or no longer there.
    [[nodiscard]] QString lastFolder(const QString &purpose) const;
    void setLastFolder(const QString &purpose, const QString &folder);

    [[nodiscard]] bool showsSystemDatabases() const;
    void setShowsSystemDatabases(bool shows);

    /// The running program shows reminders of free instances that end; unless it was set otherwise.
    [[nodiscard]] bool remindsOfExpiry() const;
    void setRemindsOfExpiry(bool reminds);
    /// Closing the window leaves the program in the desktop's tray; not unless it was set.
    [[nodiscard]] bool keepsInTray() const;
    void setKeepsInTray(bool keeps);

    /// Writes now; false when the file could not be written.
    bool flush();

private:
    QSettings m_values;
};

} // namespace Roost
