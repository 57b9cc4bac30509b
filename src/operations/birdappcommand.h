#pragma once

#include "operations/birdapp.h"
#include "process/processrunner.h"

namespace Roost {

/// A run of the app's Python in its folder, with the database's address in the child's environment and nowhere else.
[[nodiscard]] Result<ProcessCommand> birdAppCommand(const BirdApp &app, const PythonChoice &python,
                                                    const ConnectionSpec &database, const QStringList &arguments);

} // namespace Roost
