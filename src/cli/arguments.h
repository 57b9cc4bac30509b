#pragma once

#include "cli/verb.h"

namespace Roost {

/// What a command line asks for.
struct CommandLine
{
    enum class Wish { Run, Help, Version, Wrong };

    Wish wish = Wish::Wrong;
    Invocation invocation;
    bool isVerbose = false;
    QString text;               ///< Help: the text to print; Wrong: what is wrong, translated
    const Verb *verb = nullptr; ///< Wrong: the verb that was meant, if known
};

/// Reads the arguments (without the program's name). `--` ends the options.
[[nodiscard]] CommandLine readCommandLine(const QStringList &arguments);

} // namespace Roost
