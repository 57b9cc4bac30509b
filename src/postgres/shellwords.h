#pragma once

#include "core/result.h"

#include <QStringList>

namespace Roost {

/// Splits a command line into words as a POSIX shell does: blanks, both kinds of quotes, backslashes. Nothing is
/// expanded; a text that a shell would change or that holds more than one command is refused. InvalidInput only, and
/// never with a part of the text in it.
[[nodiscard]] Result<QStringList> splitShellWords(const QString &line);

/// The text as one word of a POSIX shell; as it stands where no quotes are needed.
[[nodiscard]] QString quoteShellWord(const QString &text);

} // namespace Roost
