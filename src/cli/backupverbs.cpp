#include "cli/backupverb.h"
#include "cli/restoreverbs.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/restore.h"


namespace Roost {

namespace {

const QString confirmOption = QStringLiteral("confirm");
const QString endSessionsOption = QStringLiteral("end-sessions");
const QString noSafetyBackupOption = QStringLiteral("no-safety-backup");

void tellWarnings(const QStringList &warnings, Terminal &terminal)
{
    for (const QString &warning : warnings) {
        terminal.note(warning);
    }
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
        if (auto listing = safetyListing(target, services)) {
            request.safetyListing = std::move(*listing);
        }
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
    QList<Verb> verbs{backupVerb()};
    verbs += restoreVerbs();
    verbs += reset;
    return verbs;
}

} // namespace Roost
