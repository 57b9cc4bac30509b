#include "cli/backupname.h"
#include "cli/backuprows.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"

#include <algorithm>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString restoreOption = QStringLiteral("restore");
const QString onOption = QStringLiteral("on");

QString weightWord(ManifestDifference::Weight weight)
{
    switch (weight) {
    case ManifestDifference::Weight::Data:
        return QStringLiteral("data");
    case ManifestDifference::Weight::Structure:
        return QStringLiteral("structure");
    case ManifestDifference::Weight::Note:
        break;
    }
    return QStringLiteral("note");
}

void printDifferences(const QList<ManifestDifference> &differences, const Invocation &call, Terminal &terminal)
{
    if (!call.has(jsonOption)) {
        for (const ManifestDifference &one : differences) {
            const bool isNote = one.weight == ManifestDifference::Weight::Note;
            const QString line = shownInTerminal(one.what + u' ' + one.text);
            terminal.writeLine(isNote ? CliText::tr("(%1)").arg(line) : line);
        }
        return;
    }
    RowOutput output(terminal, OutputFormat::Json,
                     {{{}, QStringLiteral("weight")},
                      {{}, QStringLiteral("what")},
                      {{}, QStringLiteral("difference")},
                      {{}, QStringLiteral("before")},
                      {{}, QStringLiteral("after")}});
    for (const ManifestDifference &one : differences) {
        output.add({OutputCell::of(weightWord(one.weight)), OutputCell::of(one.what), OutputCell::of(one.text),
                    OutputCell::orNull(one.before), OutputCell::orNull(one.after)});
    }
    output.end();
}

/// Exit code 1, after what was printed.
Result<void> verdict(const QList<ManifestDifference> &differences, const QString &equal, Terminal &terminal)
{
    if (isProven(differences)) {
        terminal.note(equal);
        return {};
    }
    const auto count = std::count_if(differences.begin(), differences.end(), [](const ManifestDifference &one) {
        return one.weight != ManifestDifference::Weight::Note;
    });
    return failure(ErrorCode::Conflict, CliText::tr("They are not equal: %Ln difference(s).", nullptr, int(count)));
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
    Terminal &terminal = services.terminal;
    printDifferences(verification->differences, call, terminal);
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
    const Result<DatabaseComparison> comparison = compareDatabases(*first, *second, context);
    if (!comparison) {
        return failure(comparison.error());
    }
    printDifferences(comparison->differences, call, services.terminal);
    return verdict(comparison->differences, CliText::tr("Equal: every table, sequence and object."), services.terminal);
}

} // namespace

QList<Verb> proofVerbs()
{
    const Verb::Option json{jsonOption, {}, CliText::tr("as an array of objects")};
    Verb verifyVerb;
    verifyVerb.name = QStringLiteral("verify");
    verifyVerb.summary = CliText::tr("Hold a backup against the proof beside it.");
    verifyVerb.arguments = {{QStringLiteral("BACKUP"), CliText::tr("the file of a backup")}};
    verifyVerb.options = {{restoreOption, {}, CliText::tr("restore it into a scratch database, and compare that")},
                          {onOption, QStringLiteral("TARGET"),
                           CliText::tr("the server for the scratch database; else the practice server")},
                          json};
    verifyVerb.description = CliText::tr(
        "Checks that the file is byte for byte the one that was made. With --restore the content is proven:\n"
        "counts and fingerprints of all tables, sequences and every other object. Exit code 0: proven; 1: not,\n"
        "and what differs is listed.");
    verifyVerb.run = verify;
    verifyVerb.check = [](const Invocation &call) {
        return call.has(onOption) && !call.has(restoreOption) ? CliText::tr("--on goes with --restore.") : QString();
    };

    Verb compareVerb;
    compareVerb.name = QStringLiteral("compare");
    compareVerb.summary = CliText::tr("Say in what the second of two databases or backups differs from the first.");
    compareVerb.arguments = {{QStringLiteral("A"), CliText::tr("the file of a backup, or a TARGET")},
                             {QStringLiteral("B"), CliText::tr("likewise")}};
    compareVerb.options = {json};
    compareVerb.description = CliText::tr(
        "Rows by counts and fingerprints, sequences, and the definition of everything else. Exit code 0: equal;\n"
        "1: different. Lines in parentheses are to be known (another server version), and no difference.");
    compareVerb.run = compare;
    return {verifyVerb, compareVerb};
}

} // namespace Roost
