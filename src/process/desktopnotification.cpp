#include "process/desktopnotification.h"

#include "core/redact.h"

#include <QCoreApplication>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusReply>
#include <QVariantMap>

#include <atomic>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DesktopNotification)
};

constexpr int timeoutMs = 5000;
constexpr int untilDismissed = 0;
constexpr int asTheDesktopLikes = -1;

const QString service = QStringLiteral("org.freedesktop.Notifications");

QDBusMessage methodCall(const QString &method)
{
    return QDBusMessage::createMethodCall(service, QStringLiteral("/org/freedesktop/Notifications"), service, method);
}

/// A connection of our own: the shared one belongs to the main thread, and may be broken since the session ended. Of a
/// name of its own, since two threads may show something at once.
class SessionBus
{
public:
    SessionBus()
        : m_name(QStringLiteral("roost-notification-%1").arg(++s_count))
        , m_bus(QDBusConnection::connectToBus(QDBusConnection::SessionBus, m_name))
    {
    }
    ~SessionBus() { QDBusConnection::disconnectFromBus(m_name); }
    Q_DISABLE_COPY_MOVE(SessionBus)

    QDBusConnection &bus() { return m_bus; }

private:
    static inline std::atomic<int> s_count = 0;
    QString m_name;
    QDBusConnection m_bus;
};

} // namespace

Result<void> notifyDesktop(const DesktopNotification &notification)
{
    SessionBus session;
    if (!session.bus().isConnected()) {
        return failure(ErrorCode::NotFound,
                       Text::tr("No message could be shown on the desktop: this runs in no desktop session."),
                       session.bus().lastError().message());
    }
    // Some desktops read markup in the body, and then a name like <b> would vanish.
    const QDBusReply<QStringList> abilities =
        session.bus().call(methodCall(QStringLiteral("GetCapabilities")), QDBus::Block, timeoutMs);
    QString body = redact(notification.body);
    if (abilities.isValid() && abilities.value().contains(QStringLiteral("body-markup"))) {
        body = body.toHtmlEscaped();
    }
    const bool isCritical = notification.urgency == DesktopNotification::Urgency::Critical;
    QVariantMap hints{{QStringLiteral("urgency"), QVariant::fromValue<uchar>(isCritical ? 2 : 1)},
                      {QStringLiteral("desktop-entry"), QStringLiteral("roost")}};
    QDBusMessage notify = methodCall(QStringLiteral("Notify"));
    notify << QStringLiteral("Roost") << 0U << QStringLiteral("roost") << redact(notification.title) << body
           << QStringList() << hints << (isCritical ? untilDismissed : asTheDesktopLikes);
    const QDBusReply<uint> shown = session.bus().call(notify, QDBus::Block, timeoutMs);
    if (shown.isValid()) {
        return {};
    }
    const bool isLate = shown.error().type() == QDBusError::NoReply || shown.error().type() == QDBusError::Timeout;
    return failure(isLate ? ErrorCode::TimedOut : ErrorCode::NotFound,
                   isLate ? Text::tr("No message could be shown on the desktop: it does not answer.")
                          : Text::tr("No message could be shown on the desktop: nothing on it shows messages."),
                   redact(shown.error().message()));
}

} // namespace Roost
