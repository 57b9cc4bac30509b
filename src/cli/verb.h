#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>

namespace Roost {

struct CliServices;
struct Verb;

/// A verb as it was called: checked against what the verb takes.
struct Invocation
{
    const Verb *verb = nullptr;
    QStringList arguments;          ///< one for each that the verb names
    QMap<QString, QString> options; ///< by name without hyphens; flags have an empty value, repeated ones lines

    [[nodiscard]] bool has(const QString &option) const { return options.contains(option); }
    [[nodiscard]] QString value(const QString &option) const { return options.value(option); }
    /// Of an option that may stand there several times.
    [[nodiscard]] QStringList values(const QString &option) const
    {
        return has(option) ? value(option).split(u'\n') : QStringList();
    }
};

/// One thing that roost-cli can be asked to do.
struct Verb
{
    struct Argument
    {
        QString name; ///< in capitals, as the usage line shows it; TARGET is checked for its form
        QString help;
        bool mayBeMissing = false; ///< only the last ones
    };
    struct Option
    {
        QString name;  ///< without hyphens
        QString value; ///< in capitals; empty for a flag
        QString help;
        bool mayRepeat = false;
    };
    /// Runs on a worker thread; main() waits in its event loop.
    using Run = std::function<Result<void>(const Invocation &, const CliServices &, JobContext &)>;
    /// What is wrong with the call beyond its form, translated; empty if fine.
    using Check = std::function<QString(const Invocation &)>;

    QString name; ///< one word or two
    QString summary;
    QList<Argument> arguments;
    QList<Option> options;
    QString description; ///< paragraphs for the help text, wrapped by hand
    Run run;
    Check check;
    bool isHidden = false; ///< for Roost itself; not in the list of verbs
};

/// All verbs in the order of the help text.
[[nodiscard]] const QList<Verb> &allVerbs();

// The groups, each in a file of its own.
[[nodiscard]] QList<Verb> connectionVerbs();
[[nodiscard]] QList<Verb> accountVerbs();
[[nodiscard]] QList<Verb> instanceVerbs();
[[nodiscard]] QList<Verb> doctorVerbs();
[[nodiscard]] QList<Verb> databaseVerbs();
[[nodiscard]] QList<Verb> tableVerbs();
[[nodiscard]] QList<Verb> exportVerbs();
[[nodiscard]] QList<Verb> importVerbs();
[[nodiscard]] QList<Verb> backupVerbs();
[[nodiscard]] QList<Verb> catalogVerbs();
[[nodiscard]] QList<Verb> proofVerbs();
[[nodiscard]] QList<Verb> insideVerbs();
[[nodiscard]] QList<Verb> scheduleVerbs();
[[nodiscard]] QList<Verb> expiryVerbs();
[[nodiscard]] QList<Verb> migrateVerbs();
[[nodiscard]] QList<Verb> practiceVerbs();
[[nodiscard]] QList<Verb> birdVerbs();
[[nodiscard]] QList<Verb> serviceVerbs();

} // namespace Roost
