#pragma once

#include "core/error.h"
#include "storage/secretservice.h"

#include <qt6keychain/keychain.h>

namespace Roost {

/// The words for a keychain that does not do what it was asked: what happened, and how to get out of it.
namespace KeychainError {

enum class Wish { Store, Load, Remove };

/// What QtKeychain said.
struct Report
{
    Wish wish = Wish::Load;
    QKeychain::Error error = QKeychain::OtherError;
    QString text; ///< redacted
};

/// The code comes from the state of the Secret Service, not from QtKeychain's text.
[[nodiscard]] Error explain(const Report &report, const SecretService::Finding &finding);

[[nodiscard]] Error of(ErrorCode code, Wish wish, const QString &detail = {});
/// There is a service, but no keyring to write to.
[[nodiscard]] Error noKeyring(Wish wish, const QString &detail = {});
/// What was read back is not what was written.
[[nodiscard]] Error changedText();

} // namespace KeychainError

} // namespace Roost
