#include "cli/notify.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/stalebackups.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "operations/backupfileverbs.h"
#include "operations/backuplist.h"
#include "storage/paths.h"

#include <QDir>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString importOption = QStringLiteral("import");
const QString copyOption = QStringLiteral("copy");
const QString toOption = QStringLiteral("to");
const QString noteOption = QStringLiteral("note");
const QString textOption = QStringLiteral("text");
const QString staleOption = QStringLiteral("stale");

/// In JSON a word that stays; for people in their language.
QString proofText(const BackupRecord &record, bool isJson)
{
    if (record.isFailure()) {
        return isJson ? QStringLiteral("failed") : CliText::tr("failed");
    }
    switch (record.proof) {
    case BackupRecord::Proof::Read:
        return isJson ? QStringLiteral("read") : CliText::tr("read back");
    case BackupRecord::Proof::Restored:
        return isJson ? QStringLiteral("restored") : CliText::tr("restored and compared");
    case BackupRecord::Proof::Broken:
        return isJson ? QStringLiteral("broken") : CliText::tr("broken");
    case BackupRecord::Proof::None:
        break;
    }
    return isJson ? QStringLiteral("none") : CliText::tr("none");
}

QString timeText(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString();
}

void print(const QList<ListedBackup> &backups, const Invocation &call, Terminal &terminal)
{
    const bool isJson = call.has(jsonOption);
    QList<OutputColumn> columns{{CliText::tr("Id"), QStringLiteral("id")},
                                {CliText::tr("Taken at"), QStringLiteral("taken_at")},
                                {CliText::tr("Instance"), QStringLiteral("instance")},
                                {CliText::tr("Database"), QStringLiteral("database")},
                                {CliText::tr("Size"), QStringLiteral("size_bytes"), true, true},
                                {CliText::tr("Rows"), QStringLiteral("rows"), true},
                                {CliText::tr("Proof"), QStringLiteral("proof")},
                                {CliText::tr("Proven at"), QStringLiteral("proven_at")},
                                {CliText::tr("Note"), QStringLiteral("note")},
                                {CliText::tr("File"), QStringLiteral("file")}};
    if (isJson) {
        columns +=
            {{{}, QStringLiteral("is_there")}, {{}, QStringLiteral("problem")}, {{}, QStringLiteral("second_copy")}};
    }
    RowOutput output(terminal, isJson ? OutputFormat::Json : OutputFormat::Table, columns);
    for (const ListedBackup &backup : backups) {
        const BackupRecord &record = backup.record;
        const QString file = isJson               ? record.file
                             : record.isFailure() ? record.problem
                             : backup.isThere     ? record.file
                                                  : CliText::tr("%1 (missing)").arg(record.file);
        QList<OutputCell> cells{OutputCell::of(record.id()),
                                OutputCell::of(timeText(record.takenAt)),
                                OutputCell::orNull(record.instanceName),
                                OutputCell::orNull(record.database),
                                OutputCell::number(record.sizeBytes),
                                OutputCell::count(record.rows),
                                OutputCell::of(proofText(record, isJson)),
                                OutputCell::orNull(timeText(record.provenAt)),
                                OutputCell::orNull(record.note),
                                OutputCell::orNull(file)};
        if (isJson) {
            cells += {OutputCell::boolean(backup.isThere), OutputCell::orNull(record.problem),
                      OutputCell::orNull(record.secondCopy)};
        }
        output.add(cells);
    }
    output.end();
}

Result<BackupRecord> named(const Invocation &call, const QString &option, const BackupCatalog &catalog)
{
    const QString id = call.value(option);
    const qint64 number = BackupRecord::numberOf(id);
    return number > 0 ? catalog.byNumber(number)
                      : failure(ErrorCode::InvalidInput,
                                CliText::tr("\"%1\" is no backup's id; `roost-cli backups` lists them.").arg(id));
}

Result<void> importFile(const Invocation &call, const BackupCatalog &catalog, Terminal &terminal, JobContext &context)
{
    const QString folder = Paths::backups() + QStringLiteral("/imported");
    if (!Paths::ensureFolder(folder)) {
        return failure(ErrorCode::FileFailed,
                       CliText::tr("The folder %1 cannot be made. Check that you may write there.").arg(folder));
    }
    const auto record =
        importBackup(catalog, QDir::current().absoluteFilePath(call.value(importOption)), folder, context);
    if (!record) {
        return failure(record.error());
    }
    terminal.writeLine(record->file);
    return {};
}

Result<void> backups(const Invocation &call, const CliServices &services, JobContext &context)
{
    const BackupCatalog catalog(Paths::database());
    if (call.has(staleOption)) {
        return tellStaleBackups(call.value(staleOption).toInt(), call, services, context);
    }
    if (call.has(importOption)) {
        return importFile(call, catalog, services.terminal, context);
    }
    if (call.has(copyOption)) {
        return named(call, copyOption, catalog)
            .and_then([&](const BackupRecord &record) {
                return copyBackup(catalog, record, QDir::current().absoluteFilePath(call.value(toOption)), context);
            })
            .map([&](const BackupRecord &record) { services.terminal.writeLine(record.secondCopy); });
    }
    if (call.has(noteOption)) {
        return named(call, noteOption, catalog).and_then([&](BackupRecord record) {
            record.note = call.value(textOption).simplified();
            return catalog.update(record);
        });
    }
    return listBackups(catalog, Paths::backups()).map([&](const QList<ListedBackup> &list) {
        print(list, call, services.terminal);
    });
}

} // namespace

QList<Verb> catalogVerbs()
{
    Verb verb;
    verb.name = QStringLiteral("backups");
    verb.summary = CliText::tr("List all backups that were made, failed attempts too, the latest first.");
    verb.options = {{jsonOption, {}, CliText::tr("as an array of objects")},
                    {importOption, QStringLiteral("FILE"), CliText::tr("take in a dump that was made elsewhere")},
                    {copyOption, QStringLiteral("ID"), CliText::tr("copy a backup and its proof; needs --to")},
                    {toOption, QStringLiteral("FOLDER"), CliText::tr("with --copy: where to")},
                    {noteOption, QStringLiteral("ID"), CliText::tr("write a note on a backup; needs --text")},
                    {textOption, QStringLiteral("TEXT"), CliText::tr("with --note: the note; empty removes it")},
                    {staleOption, QStringLiteral("DAYS"),
                     CliText::tr("only the databases of saved connections without a proven backup of that many days")},
                    notifyOption()};
    verb.description = CliText::tr(
        "What was shown of each: \"read back\" whole and counted against the proof when it was made, or \"restored "
        "and\n"
        "compared\" by `verify --restore`. An id (b12) can stand wherever the file of a backup is asked for.");
    verb.run = notifyingOfFailure(backups, CliText::tr("Backups are missing"));
    verb.check = [](const Invocation &call) -> QString {
        if (call.has(copyOption) != call.has(toOption)) {
            return CliText::tr("--copy and --to go together.");
        }
        if (call.has(staleOption) && call.value(staleOption).toInt() < 1) {
            return CliText::tr("--stale takes a number of days from 1 on.");
        }
        if (call.has(QStringLiteral("notify")) && !call.has(staleOption)) {
            return CliText::tr("--notify goes with --stale.");
        }
        return call.has(noteOption) != call.has(textOption) ? CliText::tr("--note and --text go together.") : QString();
    };
    return {verb};
}

} // namespace Roost
