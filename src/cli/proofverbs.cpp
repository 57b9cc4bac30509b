#include "cli/backupname.h"
#include "cli/backuprows.h"
#include "cli/comparisonoutput.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/listedbackup.h"
#include "operations/rowcompare.h"
#include "storage/paths.h"

#include <algorithm>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString restoreOption = QStringLiteral("restore");
const QString onOption = QStringLiteral("on");
const QString againstOption = QStringLiteral("against");
const QString rowsOption = QStringLiteral("rows");

/// Every difference but notes, which are none.
int countOf(const QList<ManifestDifference> &differences)
{
    return int(std::count_if(differences.begin(), differences.end(), [](const ManifestDifference &one) {
        return one.weight != ManifestDifference::Weight::Note;
    }));
}

/// Exit code 1, after what was printed.
Result<void> verdict(const QList<ManifestDifference> &differences, const QString &equal, Terminal &terminal)
{
    if (isProven(differences)) {
        terminal.note(equal);
        return {};
    }
    return failure(ErrorCode::Conflict,
                   CliText::tr("They are not equal: %Ln difference(s).", nullptr, countOf(differences)));
}

/// What has changed in a live database since its backup, whose file was checked. Exit code 1 if anything.
Result<void> verifyAgainst(const QString &file, const Invocation &call, const CliServices &services,
                           JobContext &context)
{
    const Result<ConnectionSpec> spec = services.targets.resolve(call.value(againstOption), context);
    if (!spec) {
        return failure(spec.error());
    }
    const Result<ContentComparison> comparison = compareContents({file, {}}, {{}, *spec}, {}, context);
    if (!comparison) {
        return failure(comparison.error());
    }
    printComparison(*comparison, {call.has(jsonOption), call.has(rowsOption), true}, services.terminal);
    const Manifest &manifest = comparison->databases.first;
    const QString takenAt = manifest.takenAt.toUTC().toString(Qt::ISODate);
    if (isProven(comparison->databases.differences)) {
        services.terminal.note(CliText::tr("Nothing has changed since this backup was taken (%1): %2 tables (%3 rows), "
                                           "all sequences and objects are equal.")
                                   .arg(takenAt)
                                   .arg(manifest.tables.size())
                                   .arg(manifest.rowCount()));
        return {};
    }
    return failure(ErrorCode::Conflict,
                   CliText::tr("Since this backup was taken (%1) the database has changed: %Ln difference(s).", nullptr,
                               countOf(comparison->databases.differences))
                       .arg(takenAt));
}

Result<void> verify(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<QString> file = backupFileNamed(call.arguments.first());
    if (!file) {
        return failure(file.error());
    }
    VerifyRequest request;
    request.file = *file;
    if (call.has(restoreOption)) {
        const QString target = call.has(onOption) ? call.value(onOption) : QStringLiteral("practice");
        const Result<ConnectionSpec> spec = services.targets.resolve(target, context);
        if (!spec) {
            return failure(spec.error());
        }
        request.scratchServer = *spec;
    }
    const Result<Verification> verification = verifyListed(request, BackupCatalog(Paths::database()), context);
    if (!verification) {
        return failure(verification.error());
    }
    if (call.has(againstOption)) {
        return verifyAgainst(request.file, call, services, context);
    }
    Terminal &terminal = services.terminal;
    printComparison({{{}, {}, verification->differences}, {}}, {call.has(jsonOption)}, terminal);
    for (const QString &one : verification->manifest.unproven) {
        terminal.note(CliText::tr("Not proven: %1").arg(one));
    }
    for (const QString &one : verification->leftOut) {
        terminal.note(one);
    }
    const QString tables = QString::number(verification->manifest.tables.size());
    const QString rows = QString::number(verification->manifest.rowCount());
    return verdict(
        verification->differences,
        verification->wasRestored
            ? CliText::tr("Proven: restored into a scratch database and compared, every one of %1 tables (%2 "
                          "rows), all sequences and objects are equal.")
                  .arg(tables, rows)
            : CliText::tr("The file is the one that was made and proven to hold %1 tables (%2 rows). With "
                          "--restore it is restored and compared, too.")
                  .arg(tables, rows),
        terminal);
}

Result<ComparedSide> sideOf(const QString &argument, const CliServices &services, JobContext &context)
{
    ComparedSide side;
    if (namesBackup(argument, services)) {
        return backupFileNamed(argument).map([](const QString &file) { return ComparedSide{file, {}}; });
    }
    if (!TargetName::parse(argument)) {
        return failure(ErrorCode::InvalidInput,
                       CliText::tr("“%1” is neither the file of a backup nor a TARGET.").arg(argument));
    }
    const Result<ConnectionSpec> spec = services.targets.resolve(argument, context);
    if (!spec) {
        return failure(spec.error());
    }
    side.server = *spec;
    return side;
}

Result<void> compare(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<ComparedSide> first = sideOf(call.arguments.at(0), services, context);
    const Result<ComparedSide> second = first ? sideOf(call.arguments.at(1), services, context) : first;
    if (!second) {
        return failure(second.error());
    }
    const Result<ContentComparison> comparison = compareContents(*first, *second, {}, context);
    if (!comparison) {
        return failure(comparison.error());
    }
    printComparison(*comparison, {call.has(jsonOption), call.has(rowsOption), false}, services.terminal);
    return verdict(comparison->databases.differences, CliText::tr("Equal: every table, sequence and object."),
                   services.terminal);
}

} // namespace

QList<Verb> proofVerbs()
{
    const Verb::Option json{jsonOption, {}, CliText::tr("as an array of objects")};
    const Verb::Option rows{rowsOption, {}, CliText::tr("the rows, too, before and after side by side")};
    Verb verifyVerb;
    verifyVerb.name = QStringLiteral("verify");
    verifyVerb.summary = CliText::tr("Hold a backup against the proof beside it.");
    verifyVerb.arguments = {{QStringLiteral("BACKUP"), CliText::tr("the file of a backup")}};
    verifyVerb.options = {{restoreOption, {}, CliText::tr("restore it into a scratch database, and compare that")},
                          {onOption, QStringLiteral("TARGET"),
                           CliText::tr("the server for the scratch database; else the practice server")},
                          {againstOption, QStringLiteral("TARGET"),
                           CliText::tr("say what has changed in this database since the backup")},
                          rows,
                          json};
    verifyVerb.description = CliText::tr(
        "Checks that the file is byte for byte the one that was made. With --restore the content is proven:\n"
        "counts and fingerprints of all tables, sequences and every other object. Exit code 0: proven; 1: not,\n"
        "and what differs is listed. With --against a live database is compared with the backup, row by row where\n"
        "a table differs. Exit code 0: nothing has changed; 1: something has.");
    verifyVerb.run = verify;
    verifyVerb.check = [](const Invocation &call) {
        if (call.has(againstOption) && call.has(restoreOption)) {
            return CliText::tr("--restore and --against are two questions: ask one at a time.");
        }
        if (call.has(rowsOption) && !call.has(againstOption)) {
            return CliText::tr("--rows goes with --against.");
        }
        if (call.has(againstOption) && !TargetName::parse(call.value(againstOption))) {
            return CliText::tr("“%1” is no TARGET.").arg(call.value(againstOption));
        }
        return call.has(onOption) && !call.has(restoreOption) ? CliText::tr("--on goes with --restore.") : QString();
    };

    Verb compareVerb;
    compareVerb.name = QStringLiteral("compare");
    compareVerb.summary = CliText::tr("Say in what the second of two databases or backups differs from the first.");
    compareVerb.arguments = {{QStringLiteral("A"), CliText::tr("the file of a backup, or a TARGET")},
                             {QStringLiteral("B"), CliText::tr("likewise")}};
    compareVerb.options = {rows, json};
    compareVerb.description = CliText::tr(
        "Rows by counts and fingerprints, sequences, and the definition of everything else; row by row, by their\n"
        "keys, where the fingerprints of a table differ. Of each kind (added, removed, changed) the first 1,000 rows\n"
        "of a table are shown with --rows and --json, and all are counted. Exit code 0: equal; 1: different. Lines in "
        "parentheses are to be known (another server version), and no difference.");
    compareVerb.run = compare;
    return {verifyVerb, compareVerb};
}

} // namespace Roost
