#pragma once

#include <QString>

namespace Roost {

/// Makes a text known as secret until it is forgotten as often as it was remembered. Secret calls these; nobody else
/// needs to. Texts shorter than four characters are not remembered: they would blank out ordinary words.
void rememberForRedaction(const QString &secret);
void forgetForRedaction(const QString &secret);

/// Any text of a server, a tool, a library or the system, without the secrets in it: every remembered secret in its
/// raw, percent-encoded, base64 and JSON-escaped form, and the password part of anything that looks like a URL or like
/// `password=…`, is replaced by asterisks. Everything that reaches a log, a dialog, an Error or a file passes here.
/// Thread-safe.
[[nodiscard]] QString redact(const QString &text);

} // namespace Roost
