#pragma once

#include <QObject>
#include <QString>

#include <functional>

namespace Roost {

/// What the freedesktop Secret Service says of itself, asked over D-Bus: QtKeychain reports a locked keyring as "entry
/// not found", and a missing one only in words. Asynchronous, in the thread of `receiver`; never starts a bus.
namespace SecretService {

enum class State {
    NoBus,        ///< no session bus
    NoService,    ///< a bus, but nothing on it keeps secrets
    NoCollection, ///< a service without a default keyring
    Locked,
    Open,
    NoAnswer
};

struct Finding
{
    State state = State::NoBus;
    bool holdsLocked = false;   ///< there is such an entry, in a locked keyring
    bool holdsUnlocked = false; ///< there is such an entry, readable
};

/// True when the environment names a session bus. Without one, libraries may try to launch one, or hang.
[[nodiscard]] bool hasBus();

/// Asks for the state of the default keyring and for the entry with these two attributes of QtKeychain's. Not answered
/// when the receiver is gone.
void probe(const QString &service, const QString &key, QObject *receiver, std::function<void(const Finding &)> done);

} // namespace SecretService

} // namespace Roost
