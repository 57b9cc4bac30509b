#pragma once

#include "core/secret.h"

#include <QByteArray>

namespace Roost {

/// What PostgreSQL stores for a password (RFC 5802, SCRAM-SHA-256, a fresh salt): so that the password itself is never
/// sent in a statement. For ASCII passwords.
[[nodiscard]] QByteArray scramVerifier(const Secret &password);

} // namespace Roost
