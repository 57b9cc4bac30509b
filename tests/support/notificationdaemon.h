#pragma once

#include <QDBusConnection>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QVariantMap>

namespace Roost::Testing {

/// A session bus of the test's own, with a desktop on it that shows messages: it writes down what it is asked to show.
/// Answers in the thread that made it, while its event loop runs. DBUS_SESSION_BUS_ADDRESS is set for as long as it
/// lives.
class NotificationDaemon : public QObject
{
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")

public:
    struct Shown
    {
        QString application;
        QString title;
        QString body;
        int urgency = -1;
        int timeoutMs = 0;
    };

    NotificationDaemon();
    ~NotificationDaemon() override;

    [[nodiscard]] bool start();
    QString address() const { return m_address; }
    /// What GetCapabilities answers.
    QStringList capabilities{QStringLiteral("body")};
    QList<Shown> shown;

public slots:                                              // as the bus calls them
    QStringList GetCapabilities() { return capabilities; } // NOLINT(readability-identifier-naming)
    uint Notify(const QString &application, uint replaces, const QString &icon, const QString &title,
                const QString &body, const QStringList &actions, const QVariantMap &hints, int timeoutMs);

private:
    QProcess m_bus;
    QString m_address;
    QByteArray m_before;
};

} // namespace Roost::Testing
