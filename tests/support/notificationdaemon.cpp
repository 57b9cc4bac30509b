#include "support/notificationdaemon.h"

namespace Roost::Testing {

namespace {

const QString connectionName = QStringLiteral("test-desktop");
const char *const variable = "DBUS_SESSION_BUS_ADDRESS";

} // namespace

NotificationDaemon::NotificationDaemon()
    : m_before(qgetenv(variable))
{
}

NotificationDaemon::~NotificationDaemon()
{
    QDBusConnection::disconnectFromBus(connectionName);
    m_bus.kill();
    m_bus.waitForFinished();
    m_before.isEmpty() ? qunsetenv(variable) : qputenv(variable, m_before);
}

bool NotificationDaemon::start()
{
    m_bus.setStandardErrorFile(QProcess::nullDevice());
    m_bus.start(QStringLiteral("dbus-daemon"),
                {QStringLiteral("--session"), QStringLiteral("--nofork"), QStringLiteral("--print-address=1")});
    if (!m_bus.waitForReadyRead()) {
        return false;
    }
    m_address = QString::fromUtf8(m_bus.readLine()).trimmed();
    qputenv(variable, m_address.toUtf8());
    QDBusConnection bus = QDBusConnection::connectToBus(m_address, connectionName);
    return bus.registerObject(QStringLiteral("/org/freedesktop/Notifications"), this,
                              QDBusConnection::ExportAllSlots) &&
           bus.registerService(QStringLiteral("org.freedesktop.Notifications"));
}

uint NotificationDaemon::Notify(const QString &application, uint, const QString &, const QString &title,
                                const QString &body, const QStringList &, const QVariantMap &hints, int timeoutMs)
{
    shown += {application, title, body, hints.value(QStringLiteral("urgency"), -1).toInt(), timeoutMs};
    return uint(shown.size());
}

} // namespace Roost::Testing
