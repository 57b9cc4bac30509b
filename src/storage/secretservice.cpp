#include "storage/secretservice.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QDBusObjectPath>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFileInfo>
#include <QMap>

#include <memory>

namespace Roost {

namespace {

using SecretService::Finding;
using SecretService::State;

const QString serviceName = QStringLiteral("org.freedesktop.secrets");
const QString servicePath = QStringLiteral("/org/freedesktop/secrets");
const QString serviceInterface = QStringLiteral("org.freedesktop.Secret.Service");
constexpr int callTimeoutMs = 20'000;

/// Sends the call; `answered` runs in the receiver's thread, not after its end.
void ask(const QDBusMessage &call, QObject *receiver, std::function<void(const QDBusMessage &)> answered)
{
    const QDBusPendingCall pending = QDBusConnection::sessionBus().asyncCall(call, callTimeoutMs);
    auto *watcher = new QDBusPendingCallWatcher(pending, receiver);
    QObject::connect(watcher, &QDBusPendingCallWatcher::finished, receiver,
                     [answered = std::move(answered)](QDBusPendingCallWatcher *self) {
                         self->deleteLater();
                         answered(self->reply());
                     });
}

QDBusMessage serviceCall(const QString &method)
{
    return QDBusMessage::createMethodCall(serviceName, servicePath, serviceInterface, method);
}

State stateOfFailure(const QDBusMessage &reply)
{
    const QString name = reply.errorName();
    const bool isSilent = name == u"org.freedesktop.DBus.Error.NoReply" ||
                          name == u"org.freedesktop.DBus.Error.Timeout" ||
                          name == u"org.freedesktop.DBus.Error.TimedOut";
    return isSilent ? State::NoAnswer : State::NoService;
}

/// The questions of one probe, in their order: default keyring, is it locked, where is the entry.
struct Probe : std::enable_shared_from_this<Probe>
{
    QString service;
    QString key;
    QObject *receiver = nullptr;
    std::function<void(const Finding &)> done;
    Finding finding;

    void askDefaultKeyring()
    {
        QDBusMessage call = serviceCall(QStringLiteral("ReadAlias"));
        call << QStringLiteral("default");
        ask(call, receiver, [self = shared_from_this()](const QDBusMessage &reply) {
            if (reply.type() != QDBusMessage::ReplyMessage) {
                self->finding.state = stateOfFailure(reply);
                self->done(self->finding);
                return;
            }
            const QString path = reply.arguments().value(0).value<QDBusObjectPath>().path();
            if (path.isEmpty() || path == u"/") {
                self->finding.state = State::NoCollection;
                self->askEntry();
                return;
            }
            self->askLocked(path);
        });
    }

    void askLocked(const QString &collection)
    {
        QDBusMessage call = QDBusMessage::createMethodCall(
            serviceName, collection, QStringLiteral("org.freedesktop.DBus.Properties"), QStringLiteral("Get"));
        call << QStringLiteral("org.freedesktop.Secret.Collection") << QStringLiteral("Locked");
        ask(call, receiver, [self = shared_from_this()](const QDBusMessage &reply) {
            if (reply.type() != QDBusMessage::ReplyMessage) {
                // The alias names a keyring that is not there: gnome-keyring does so before the first one is made.
                const State state = stateOfFailure(reply);
                self->finding.state = state == State::NoService ? State::NoCollection : state;
            } else {
                const bool locked = reply.arguments().value(0).value<QDBusVariant>().variant().toBool();
                self->finding.state = locked ? State::Locked : State::Open;
            }
            self->askEntry();
        });
    }

    void askEntry()
    {
        qDBusRegisterMetaType<QMap<QString, QString>>();
        const QMap<QString, QString> attributes{{QStringLiteral("user"), key}, {QStringLiteral("server"), service}};
        QDBusMessage call = serviceCall(QStringLiteral("SearchItems"));
        call << QVariant::fromValue(attributes);
        ask(call, receiver, [self = shared_from_this()](const QDBusMessage &reply) {
            if (reply.type() == QDBusMessage::ReplyMessage && reply.arguments().size() == 2) {
                const auto unlocked = qdbus_cast<QList<QDBusObjectPath>>(reply.arguments().at(0));
                const auto locked = qdbus_cast<QList<QDBusObjectPath>>(reply.arguments().at(1));
                self->finding.holdsUnlocked = !unlocked.isEmpty();
                self->finding.holdsLocked = !locked.isEmpty();
            }
            self->done(self->finding);
        });
    }
};

} // namespace

bool SecretService::hasBus()
{
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS")) {
        return true;
    }
    const QString runtime = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !runtime.isEmpty() && QFileInfo::exists(runtime + QStringLiteral("/bus"));
}

void SecretService::probe(const QString &service, const QString &key, QObject *receiver,
                          std::function<void(const Finding &)> done)
{
    if (!hasBus() || !QDBusConnection::sessionBus().isConnected()) {
        QMetaObject::invokeMethod(
            receiver, [done = std::move(done)] { done(Finding()); }, Qt::QueuedConnection);
        return;
    }
    auto probe = std::make_shared<Probe>();
    probe->service = service;
    probe->key = key;
    probe->receiver = receiver;
    probe->done = std::move(done);
    probe->askDefaultKeyring();
}

} // namespace Roost
