#include "cli/backupverb.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/restore.h"

#include <QDir>

namespace Roost {

namespace {

const QString createOption = QStringLiteral("create");
const QString replaceOption = QStringLiteral("replace");
const QString confirmOption = QStringLiteral("confirm");
const QString endSessionsOption = QStringLiteral("end-sessions");
const QString noSafetyBackupOption = QStringLiteral("no-safety-backup");

void tellWarnings(const QStringList &warnings, Terminal &terminal)
{
    for (const QString &warning : warnings) {
        terminal.note(warning);
    }
}

RestoreMode modeOf(const Invocation &call)
{
    return call.has(createOption)    ? RestoreMode::IntoNew
           : call.has(replaceOption) ? RestoreMode::ReplaceExisting
                                     : RestoreMode::IntoEmpty;
}

/// The error with the option that leads on.
Error withWayOut(Error error, const RestoreRequest &request)
{
    if (request.mode == RestoreMode::IntoEmpty && error.sqlState == "3D000") {
        error.message += u' ' + CliText::tr("With --create it is created first.");
    } else if (request.mode == RestoreMode::IntoEmpty && error.code == ErrorCode::Conflict) {
        error.message +=
            u' ' + CliText::tr("(--replace --confirm %1 does the last.)").arg(request.target.parameters.database);
    }
    return error;
}

Result<void> restoreBackup(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<ConnectionSpec> spec = services.targets.resolve(call.arguments.at(1), context);
    if (!spec) {
        return failure(spec.error());
    }
    if (call.has(replaceOption) && call.value(confirmOption) != spec->parameters.database) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("The target is the database \"%1\", but --confirm says \"%2\". Nothing was done.")
                           .arg(spec->parameters.database, call.value(confirmOption)));
    }
    RestoreRequest request;
    request.file = QDir::current().absoluteFilePath(call.arguments.first());
    request.target = *spec;
    request.mode = modeOf(call);
    request.endSessions = call.has(endSessionsOption);
    const Result<RestoreReport> report = restore(request, context);
    if (!report) {
        return failure(withWayOut(report.error(), request));
    }
    tellWarnings(report->leftOut, services.terminal);
    tellWarnings(report->warnings, services.terminal);
    if (!report->retiredDatabase.isEmpty()) {
        services.terminal.note(CliText::tr("What was in \"%1\" before is now in \"%2\"; drop that when you do not need "
                                           "it any more.")
                                   .arg(report->database, report->retiredDatabase));
    }
    const QString done = report->isProven
                             ? CliText::tr("Restored into \"%1\", and proven equal to what the source held: tables %2, "
                                           "rows %3.")
                             : CliText::tr("Restored into \"%1\", and counted: tables %2, rows %3.");
    services.terminal.note(done.arg(report->database).arg(report->tables).arg(report->rows));
    return {};
}

Result<void> resetDatabase(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString target = call.arguments.first();
    const Result<ConnectionSpec> spec = services.targets.resolve(target, context);
    if (!spec) {
        return failure(spec.error());
    }
    ResetRequest request;
    request.target = *spec;
    request.confirmation = call.value(confirmOption);
    request.endSessions = call.has(endSessionsOption);
    if (request.confirmation != spec->parameters.database) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("The target is the database \"%1\", but --confirm says \"%2\". Nothing was done.")
                           .arg(spec->parameters.database, request.confirmation));
    }
    if (!call.has(noSafetyBackupOption)) {
        const Result<QString> file = ownBackupFile(target, spec->parameters.database);
        if (!file) {
            return failure(file.error());
        }
        request.safetyBackupFile = *file;
    }
    const Result<ResetReport> report = reset(request, context);
    if (!report) {
        return failure(report.error());
    }
    tellWarnings(report->warnings, services.terminal);
    services.terminal.note(CliText::tr("\"%1\" is empty again.").arg(report->database));
    if (!report->safetyBackupFile.isEmpty()) {
        services.terminal.note(CliText::tr("What was in it is in this backup:"));
        services.terminal.writeLine(report->safetyBackupFile);
    }
    return {};
}

Verb restoreVerb()
{
    Verb verb;
    verb.name = QStringLiteral("restore");
    verb.summary = CliText::tr("Restore a backup into an empty database, a new one, or in place of one.");
    verb.arguments = {{QStringLiteral("FILE"), CliText::tr("a dump in pg_dump's custom format, whatever its name")},
                      {QStringLiteral("TARGET"), CliText::tr("the database to restore into")}};
    verb.options = {
        {createOption, {}, CliText::tr("create the database first; it must not exist")},
        {replaceOption, {}, CliText::tr("take the place of a database that holds something; needs --confirm")},
        {confirmOption, QStringLiteral("DATABASE"), CliText::tr("the target database's name, for --replace")},
        {endSessionsOption, {}, CliText::tr("with --replace: end the sessions that are in the way")}};
    verb.description = CliText::tr(
        "Without an option the database must exist and hold nothing. With --replace the backup is restored\n"
        "into a new database beside it, which takes its name when all went well; what was there before is\n"
        "kept under another name. A restore that fails leaves no half-filled database behind.");
    verb.run = restoreBackup;
    verb.check = [](const Invocation &call) -> QString {
        if (call.has(createOption) && call.has(replaceOption)) {
            return CliText::tr("--create and --replace do not go together.");
        }
        if (call.has(replaceOption) != call.has(confirmOption)) {
            return CliText::tr("--replace needs --confirm with the database's name, and only --replace needs it.");
        }
        if (call.has(endSessionsOption) && !call.has(replaceOption)) {
            return CliText::tr("--end-sessions goes with --replace.");
        }
        return {};
    };
    return verb;
}

} // namespace

QList<Verb> backupVerbs()
{
    Verb reset;
    reset.name = QStringLiteral("reset");
    reset.summary = CliText::tr("Drop a database and create it again, empty.");
    reset.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")}};
    reset.options = {{confirmOption, QStringLiteral("DATABASE"), CliText::tr("the database's name, typed once more")},
                     {noSafetyBackupOption, {}, CliText::tr("do not back it up first")},
                     {endSessionsOption, {}, CliText::tr("end the sessions that are in the way")}};
    reset.description =
        CliText::tr("Backs it up into Roost's own folder first and prints that file's path, so that it can be undone\n"
                    "with `restore`.");
    reset.run = resetDatabase;
    reset.check = [](const Invocation &call) {
        return call.has(confirmOption)
                   ? QString()
                   : CliText::tr("This deletes all that is in the database. Add --confirm with the database's name.");
    };
    return {backupVerb(), restoreVerb(), reset};
}

} // namespace Roost
