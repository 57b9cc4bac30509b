#pragma once

#include "process/passwordfile.h"
#include "process/processrunner.h"

#include <QProcessEnvironment>

namespace Roost {

/// The environment of a child, built from nothing: what a program needs to run, libpq's variables when the child
/// connects to a server, and then what the command adds. `privateFolder` is the run's own.
[[nodiscard]] QProcessEnvironment childEnvironment(const ProcessCommand &command, const PasswordFile &passwordFile,
                                                   const QString &privateFolder);

} // namespace Roost
