#include "storage/keychainerror.h"

#include <QCoreApplication>

namespace Roost {

namespace {

using KeychainError::Wish;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(KeychainError)
};

/// What follows from it for the password, by what was wished.
QString consequence(Wish wish)
{
    switch (wish) {
    case Wish::Store:
        return Text::tr("The password is kept until this program ends, and will be asked for again next time.");
    case Wish::Load:
        return Text::tr("The password has to be entered again.");
    case Wish::Remove:
        return Text::tr("The password may still be in it.");
    }
    return {};
}

QString happening(ErrorCode code)
{
    switch (code) {
    case ErrorCode::KeychainLocked:
        return Text::tr("The keychain is locked.");
    case ErrorCode::KeychainAbsent:
        return Text::tr("There is no keychain on this computer, or it does not run.");
    case ErrorCode::SecretMissing:
        return Text::tr("The keychain holds no password for this connection.");
    case ErrorCode::TimedOut:
        return Text::tr("The keychain did not answer in time; perhaps its question is in another window.");
    default:
        return Text::tr("The keychain refused it.");
    }
}

QString remedy(ErrorCode code)
{
    switch (code) {
    case ErrorCode::KeychainLocked:
        return Text::tr("Unlock it (in \"Passwords and Keys\" or the wallet's own window, or by signing in to the "
                        "desktop again) and try again.");
    case ErrorCode::KeychainAbsent:
        return Text::tr("To have passwords remembered, install gnome-keyring or KWallet and sign in to the desktop "
                        "again.");
    case ErrorCode::TimedOut:
        return Text::tr("Answer the keychain's question and try again.");
    case ErrorCode::SecretMissing:
        return {};
    default:
        return Text::tr("Look into \"Passwords and Keys\" or the wallet's settings whether Roost may use it, then try "
                        "again.");
    }
}

Error make(ErrorCode code, const QStringList &sentences, const QString &detail)
{
    QStringList told = sentences;
    told.removeAll(QString());
    return {code, told.join(u' '), detail, {}};
}

} // namespace

Error KeychainError::of(ErrorCode code, Wish wish, const QString &detail)
{
    return make(code, {happening(code), consequence(wish), remedy(code)}, detail);
}

Error KeychainError::noKeyring(Wish wish, const QString &detail)
{
    return make(ErrorCode::KeychainAbsent,
                {Text::tr("The keychain has no default keyring."), consequence(wish),
                 Text::tr("Make one in \"Passwords and Keys\" (the package seahorse), set it as default, and try "
                          "again.")},
                detail);
}

Error KeychainError::changedText()
{
    return make(ErrorCode::KeychainRefused,
                {Text::tr("The keychain gave back another text than it was given, so the entry was removed again."),
                 consequence(Wish::Store)},
                {});
}

Error KeychainError::explain(const Report &report, const SecretService::Finding &finding)
{
    using SecretService::State;
    if (report.error == QKeychain::NoBackendAvailable) {
        return of(ErrorCode::KeychainAbsent, report.wish, report.text);
    }
    switch (finding.state) {
    case State::NoBus:
    case State::NoService:
        return of(ErrorCode::KeychainAbsent, report.wish, report.text);
    case State::NoAnswer:
        return of(ErrorCode::TimedOut, report.wish, report.text);
    default:
        break;
    }
    if (finding.holdsLocked) {
        return of(ErrorCode::KeychainLocked, report.wish, report.text);
    }
    if (report.error == QKeychain::AccessDeniedByUser || finding.holdsUnlocked) {
        return of(ErrorCode::KeychainRefused, report.wish, report.text);
    }
    switch (finding.state) {
    case State::NoCollection:
        return noKeyring(report.wish, report.text);
    case State::Locked:
        return of(ErrorCode::KeychainLocked, report.wish, report.text);
    default:
        return of(report.error == QKeychain::EntryNotFound ? ErrorCode::SecretMissing : ErrorCode::KeychainRefused,
                  report.wish, report.text);
    }
}

} // namespace Roost
