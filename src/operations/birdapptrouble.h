#pragma once

#include "operations/birdapp.h"

#include <QStringList>

#include <optional>

namespace Roost {

/// What the explanation of a failure names.
struct BirdAppRun
{
    BirdApp app;
    PythonChoice python;
    QString database;
    int port = 0;
};

/// What a line of a Python program's output says about the database it works on: table missing, server not reached.
/// Absent for all others.
[[nodiscard]] std::optional<Error> databaseTrouble(const QString &line, const BirdAppRun &run);

/// Why a Python program ended, from the last lines of its output: the cause and the next step. `what` names it in the
/// sentence: "The app", "seed.py".
[[nodiscard]] Error explainEnd(const QString &what, const QStringList &output, const BirdAppRun &run);

} // namespace Roost
