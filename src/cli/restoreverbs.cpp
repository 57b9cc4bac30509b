#include "cli/restoreverbs.h"

#include "cli/backupname.h"
#include "cli/backupverb.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/archiveselection.h"
#include "operations/backup.h"
#include "operations/restore.h"
#include "operations/undorestore.h"


namespace Roost {

namespace {

const QString createOption = QStringLiteral("create");
const QString replaceOption = QStringLiteral("replace");
const QString confirmOption = QStringLiteral("confirm");
const QString endSessionsOption = QStringLiteral("end-sessions");
const QString noSafetyBackupOption = QStringLiteral("no-safety-backup");
const QString tableOption = QStringLiteral("table");
const QString structureOption = QStringLiteral("structure-only");
const QString withoutOption = QStringLiteral("without-missing-extensions");
const QString jobsOption = QStringLiteral("jobs");

RestoreMode modeOf(const Invocation &call)
{
    return call.has(createOption)    ? RestoreMode::IntoNew
           : call.has(replaceOption) ? RestoreMode::ReplaceExisting
           : call.has(tableOption)   ? RestoreMode::IntoExisting
                                     : RestoreMode::IntoEmpty;
}

/// The error with the option that leads on.
Error withWayOut(Error error, const RestoreRequest &request)
{
    const bool exists = request.mode == RestoreMode::IntoEmpty || request.mode == RestoreMode::IntoExisting;
    if (exists && error.sqlState == "3D000") {
        error.message += u' ' + CliText::tr("With --create it is created first.");
    } else if (request.mode == RestoreMode::IntoEmpty && error.code == ErrorCode::Conflict) {
        error.message +=
            u' ' + CliText::tr("(--replace --confirm %1 does the last.)").arg(request.target.parameters.database);
    }
    return error;
}

Result<void> confirmTarget(const Invocation &call, const QString &database)
{
    if (call.value(confirmOption) == database) {
        return {};
    }
    return failure(ErrorCode::InvalidInput,
                   CliText::tr("The target is the database \"%1\", but --confirm says \"%2\". Nothing was done.")
                       .arg(database, call.value(confirmOption)));
}

Result<RestoreRequest> requestOf(const Invocation &call, const ConnectionSpec &spec, const CliServices &services,
                                 const JobContext &context)
{
    const Result<QString> file = backupFileNamed(call.arguments.first());
    if (!file) {
        return failure(file.error());
    }
    RestoreRequest request;
    request.file = *file;
    request.target = spec;
    request.mode = modeOf(call);
    request.endSessions = call.has(endSessionsOption);
    request.structureOnly = call.has(structureOption);
    request.leavesOutMissingExtensions = call.has(withoutOption);
    request.jobs = call.has(jobsOption) ? call.value(jobsOption).toInt() : 1;
    if (call.has(tableOption)) {
        auto chosen = tablesNamed(request.file, call.values(tableOption), context);
        if (!chosen) {
            return failure(chosen.error());
        }
        request.chosen = std::move(*chosen);
    }
    if (request.mode == RestoreMode::ReplaceExisting && !call.has(noSafetyBackupOption)) {
        auto safety = ownBackupFile(call.arguments.at(1), spec.parameters.database);
        if (!safety) {
            return failure(safety.error());
        }
        request.safetyBackupFile = std::move(*safety);
        if (auto listing = safetyListing(call.arguments.at(1), services)) {
            request.safetyListing = std::move(*listing);
        }
    }
    return request;
}

void tellMessages(const RestoreReport &report, Terminal &terminal)
{
    for (const RestoreMessage &message : allMessages(report)) {
        terminal.note(QStringLiteral("%1: %2").arg(weightText(message.weight), message.text));
        if (!message.raw.isEmpty()) {
            terminal.log(QStringLiteral("    ") + message.raw.trimmed().replace(u'\n', QStringLiteral("\n    ")));
        }
    }
}

void tellOutcome(const RestoreReport &report, const RestoreRequest &request, const QString &target, Terminal &terminal)
{
    if (!report.retiredDatabase.isEmpty()) {
        terminal.note(CliText::tr("What was in \"%1\" before is now in \"%2\"; drop that when you do not need it any "
                                  "more. `roost-cli undo-restore %3 %2 --confirm %1` puts it back.")
                          .arg(report.database, report.retiredDatabase, target));
    }
    if (!report.safetyBackupFile.isEmpty()) {
        terminal.note(CliText::tr("A backup of it is in %1").arg(report.safetyBackupFile));
    }
    if (request.structureOnly) {
        terminal.note(CliText::tr("Restored the structure into \"%1\", without rows: tables %2.")
                          .arg(report.database)
                          .arg(report.tables));
        return;
    }
    const QString done = report.isProven
                             ? CliText::tr("Restored into \"%1\", and proven equal to what the source held: tables %2, "
                                           "rows %3.")
                             : CliText::tr("Restored into \"%1\", and counted: tables %2, rows %3.");
    terminal.note(done.arg(report.database).arg(report.tables).arg(report.rows));
}

Result<void> restoreBackup(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<ConnectionSpec> spec = services.targets.resolve(call.arguments.at(1), context);
    if (!spec) {
        return failure(spec.error());
    }
    if (call.has(replaceOption)) {
        if (const auto confirmed = confirmTarget(call, spec->parameters.database); !confirmed) {
            return confirmed;
        }
    }
    const Result<RestoreRequest> request = requestOf(call, *spec, services, context);
    if (!request) {
        return failure(request.error());
    }
    const Result<RestoreReport> report = restore(*request, context);
    if (!report) {
        return failure(withWayOut(report.error(), *request));
    }
    tellMessages(*report, services.terminal);
    tellOutcome(*report, *request, call.arguments.at(1), services.terminal);
    return {};
}

Result<void> undo(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<ConnectionSpec> spec = services.targets.resolve(call.arguments.first(), context);
    if (!spec) {
        return failure(spec.error());
    }
    if (const auto confirmed = confirmTarget(call, spec->parameters.database); !confirmed) {
        return confirmed;
    }
    const auto report = undoRestore({*spec, call.arguments.at(1), call.has(endSessionsOption)}, context);
    if (!report) {
        return failure(report.error());
    }
    services.terminal.note(CliText::tr("\"%1\" holds again what it held before the restore. What was restored is in "
                                       "\"%2\"; drop that when you do not need it.")
                               .arg(report->database, report->undone));
    return {};
}

QString checkRestore(const Invocation &call)
{
    if (call.has(createOption) && call.has(replaceOption)) {
        return CliText::tr("--create and --replace do not go together.");
    }
    if (call.has(replaceOption) != call.has(confirmOption)) {
        return CliText::tr("--replace needs --confirm with the database's name, and only --replace needs it.");
    }
    if (call.has(endSessionsOption) && !call.has(replaceOption)) {
        return CliText::tr("--end-sessions goes with --replace.");
    }
    if (call.has(noSafetyBackupOption) && !call.has(replaceOption)) {
        return CliText::tr("--no-safety-backup goes with --replace.");
    }
    if (call.has(tableOption) && call.has(replaceOption)) {
        return CliText::tr("--table and --replace do not go together: the database would lose all its other tables.");
    }
    if (call.has(jobsOption) && call.value(jobsOption) != u"1" && call.value(jobsOption) != u"2") {
        return CliText::tr("--jobs is 1 or 2.");
    }
    if (call.value(jobsOption) == u"2" && !call.has(createOption) && !call.has(replaceOption)) {
        return CliText::tr("--jobs 2 goes with --create or --replace: what fails has to be dropped as a whole.");
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
        {endSessionsOption, {}, CliText::tr("with --replace: end the sessions that are in the way")},
        {noSafetyBackupOption, {}, CliText::tr("with --replace: do not back the old content up first")},
        {tableOption, QStringLiteral("NAME"),
         CliText::tr("only this table, with what belongs to it and what it needs; may be repeated"), true},
        {structureOption, {}, CliText::tr("all objects, no rows")},
        {withoutOption, {}, CliText::tr("leave out what needs an extension that the server does not have")},
        {jobsOption, QStringLiteral("N"), CliText::tr("1 or 2 connections that load at the same time")}};
    verb.description = CliText::tr(
        "Without an option the database must exist and hold nothing. With --replace the backup is restored\n"
        "into a new database beside it, which takes its name when all went well; what was there before is\n"
        "backed up first, and kept under another name. With --table the database may hold other things; it must\n"
        "not have that table. A restore that fails leaves no half-filled database behind.");
    verb.run = restoreBackup;
    verb.check = checkRestore;
    return verb;
}

Verb undoVerb()
{
    Verb verb;
    verb.name = QStringLiteral("undo-restore");
    verb.summary = CliText::tr("Put back what a database held before `restore --replace`.");
    verb.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database")},
                      {QStringLiteral("OLD"), CliText::tr("where its old content is, as `restore` said")}};
    verb.options = {{confirmOption, QStringLiteral("DATABASE"), CliText::tr("the database's name, typed once more")},
                    {endSessionsOption, {}, CliText::tr("end the sessions that are in the way")}};
    verb.description = CliText::tr("Two renames in one transaction. What was restored is kept under another name.");
    verb.run = undo;
    verb.check = [](const Invocation &call) {
        return call.has(confirmOption) ? QString()
                                       : CliText::tr("The database's content is exchanged. Add --confirm with its "
                                                     "name.");
    };
    return verb;
}

} // namespace

QList<Verb> restoreVerbs()
{
    return {restoreVerb(), undoVerb()};
}

} // namespace Roost
