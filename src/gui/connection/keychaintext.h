#pragma once

#include "core/error.h"

#include <QString>

namespace Roost {

/// What is the matter with the keychain, in a few words; each state its own.
[[nodiscard]] QString keychainLead(ErrorCode code);
/// What becomes of a password that the keychain does not take.
[[nodiscard]] QString sessionOnlyText();

} // namespace Roost
