#pragma once

#include "operations/birdapp.h"

#include <QStringList>

namespace Roost {

/// The modules from outside the folder that a file of the app imports, itself or through other files of the folder.
/// Only imports at the start of a line: what stands in a `try` or a function may be missing.
[[nodiscard]] QStringList importedModules(const QString &folder, const QString &file);

/// How to install modules into a Python of this origin: a sentence for an error.
[[nodiscard]] QString installAdvice(const QString &folder, const QString &origin, const QStringList &modules);

} // namespace Roost
