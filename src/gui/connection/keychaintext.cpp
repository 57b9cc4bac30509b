#include "gui/connection/keychaintext.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Keychain)
};

} // namespace

QString keychainLead(ErrorCode code)
{
    switch (code) {
    case ErrorCode::KeychainLocked:
        return Text::tr("Your keychain is locked");
    case ErrorCode::KeychainAbsent:
        return Text::tr("There is no keychain on this computer");
    case ErrorCode::KeychainRefused:
        return Text::tr("Your keychain refused");
    case ErrorCode::SecretMissing:
        return Text::tr("The keychain holds no password for this connection");
    case ErrorCode::TimedOut:
        return Text::tr("Your keychain did not answer");
    case ErrorCode::ConnectionFailed:
    case ErrorCode::NotAllowed:
        return Text::tr("The server refused the password");
    default:
        return Text::tr("The password could not be had");
    }
}

QString sessionOnlyText()
{
    return Text::tr("Until you quit, Roost keeps the password in memory; after that it asks for it again.");
}

} // namespace Roost
