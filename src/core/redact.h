#pragma once

#include <QString>

namespace Roost {

/// Makes a text known as secret for the life of the process. Secret calls this; nobody else needs to.
/// Texts shorter than four characters are not remembered: they would blank out ordinary words.
void rememberForRedaction(const QString &secret);

/// Any text of a server, a tool, a library or the system, without the secrets in it: every remembered secret in its
/// raw, percent-encoded, base64 and JSON-escaped form, and the password part of anything that looks like a URL or like
/// `password=…`, is replaced by asterisks. Everything that reaches a log, a dialog, an Error or a file passes here.
/// Thread-safe.
[[nodiscard]] QString redact(const QString &text);

} // namespace Roost
