#pragma once

#include <QObject>

#include <memory>

class QAction;
class QMenu;
class QSystemTrayIcon;

namespace Roost {

struct Services;

/// Roost in the desktop's tray while its window is closed: what ends next, open, quit. Is there only when the user
/// turned it on and the desktop has a tray.
class TrayIcon : public QObject
{
    Q_OBJECT

public:
    TrayIcon(Services &services, QWidget *window);
    ~TrayIcon() override;

    /// Closing the window leaves the program running.
    bool keepsRunning() const;
    /// Comes or goes as the settings say, and says what ends next.
    void update();
    /// "my_database: 12 days left"; empty when nothing is known to end.
    QString nextText() const;

signals:
    void openWanted();
    void expiryWanted();
    void quitWanted();

private:
    void make();

    Services &m_services;
    std::unique_ptr<QMenu> m_menu;
    QSystemTrayIcon *m_icon = nullptr;
    QAction *m_next = nullptr;
};

} // namespace Roost
