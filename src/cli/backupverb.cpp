#include "cli/backupverb.h"

#include "cli/notify.h"
#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/backuplist.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"

#include <QDir>
#include <QFileInfo>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString toOption = QStringLiteral("to");
const QString allOption = QStringLiteral("all");
const QString keepOption = QStringLiteral("keep");

struct Source
{
    QString id;
    QString name;
};

/// As the catalogue names an instance.
Result<Source> sourceOf(const QString &target, const CliServices &services)
{
    const TargetName name = TargetName::parse(target).value_or(TargetName());
    switch (name.kind) {
    case TargetName::Kind::Practice:
        return Source{name.name, name.name};
    case TargetName::Kind::Environment:
        return Source{QStringLiteral("env:") + name.name, QStringLiteral("env:") + name.name};
    case TargetName::Kind::Saved:
        break;
    }
    return services.profiles.byName(name.name).map([](const Profile &profile) {
        return Source{profile.id, profile.name};
    });
}

Result<QString> ownFolder(const QString &target)
{
    const QString folder = Paths::backups() + u'/' + TargetName::parse(target).value_or(TargetName()).folderName();
    if (!Paths::ensureFolder(folder)) {
        return failure(
            ErrorCode::FileFailed,
            CliText::tr("The folder %1 cannot be made. Check that you may write there, or use --to.").arg(folder));
    }
    return folder;
}

QString wantedPath(const Invocation &call)
{
    return QDir::cleanPath(QDir::current().absoluteFilePath(call.value(toOption)));
}

Result<QString> backupFile(const Invocation &call, const QString &database)
{
    if (!call.has(toOption)) {
        return ownBackupFile(call.arguments.first(), database);
    }
    const QString wanted = wantedPath(call);
    return QFileInfo(wanted).isDir() ? suggestedBackupFile(wanted, database) : wanted;
}

void warnOfGit(const QString &file, Terminal &terminal)
{
    const QString tree = gitWorkTree(QFileInfo(file).path());
    if (!tree.isEmpty() && !isIgnoredByGit(file)) {
        terminal.note(CliText::tr("Warning: %1 is in a git work tree and would be committed with the next `git add`. "
                                  "Add the line *.dump to %2/.gitignore, or choose another folder.")
                          .arg(file, tree));
    }
}

void print(const QList<Backup> &backups, const Invocation &call, Terminal &terminal)
{
    for (const Backup &backup : backups) {
        for (const QString &warning : backup.warnings) {
            terminal.note(warning);
        }
    }
    if (!call.has(jsonOption)) {
        for (const Backup &backup : backups) {
            terminal.writeLine(backup.file);
        }
        return;
    }
    RowOutput output(terminal, OutputFormat::Json,
                     {{{}, QStringLiteral("file")},
                      {{}, QStringLiteral("size_bytes")},
                      {{}, QStringLiteral("sha256")},
                      {{}, QStringLiteral("database")},
                      {{}, QStringLiteral("server_version")},
                      {{}, QStringLiteral("tool_version")},
                      {{}, QStringLiteral("taken_at")}});
    for (const Backup &backup : backups) {
        output.add({OutputCell::of(backup.file), OutputCell::number(backup.sizeBytes),
                    OutputCell::of(QString::fromLatin1(backup.sha256)), OutputCell::of(backup.database),
                    OutputCell::of(backup.serverVersion), OutputCell::of(backup.toolVersion),
                    OutputCell::of(backup.takenAt.toUTC().toString(Qt::ISODate))});
    }
    output.end();
}

/// Retention, once new backups are made; what is not removed is no failure of the backup.
void retireOld(const Invocation &call, const QString &instanceId, const QList<Backup> &made, Terminal &terminal,
               const JobContext &context)
{
    if (!call.has(keepOption)) {
        return;
    }
    const BackupCatalog catalog(Paths::database());
    for (const Backup &backup : made) {
        const auto removed =
            retire(catalog, Paths::backups(), instanceId, backup.database, call.value(keepOption).toInt(), context);
        if (!removed) {
            terminal.note(CliText::tr("Older backups were not removed: %1").arg(removed.error().message));
            continue;
        }
        for (const BackupRecord &record : *removed) {
            terminal.note(CliText::tr("Removed, as newer ones are kept: %1").arg(record.file));
        }
    }
}

Result<void> backUpAll(const Invocation &call, const ConnectionSpec &spec, const Source &source,
                       const CliServices &services, JobContext &context)
{
    const Result<QString> folder =
        call.has(toOption) ? Result<QString>(wantedPath(call)) : ownFolder(call.arguments.first());
    if (!folder) {
        return failure(folder.error());
    }
    warnOfGit(*folder + QStringLiteral("/all.dump"), services.terminal);
    InstanceBackupRequest request{spec, *folder, BackupRecord::Origin::Made, source.id, source.name};
    request.origin = call.has(keepOption) ? BackupRecord::Origin::Scheduled : BackupRecord::Origin::Made;
    const auto report = backUpInstance(request, BackupCatalog(Paths::database()), context);
    if (!report) {
        return failure(report.error());
    }
    print(report->made, call, services.terminal);
    for (const QString &skipped : report->skipped) {
        services.terminal.note(skipped);
    }
    retireOld(call, source.id, report->made, services.terminal, context);
    if (report->failed.isEmpty()) {
        return {};
    }
    for (const InstanceBackup::Failed &one : report->failed) {
        services.terminal.note(CliText::tr("%1: %2").arg(one.database, one.error.message));
    }
    Error error = report->failed.first().error;
    error.message =
        CliText::tr("%Ln database(s) could not be backed up; the others are.", nullptr, int(report->failed.size()));
    return failure(error);
}

Result<void> takeBackup(const Invocation &call, const CliServices &services, JobContext &context)
{
    const QString &target = call.arguments.first();
    const Result<ConnectionSpec> spec = services.targets.resolve(target, context);
    const Result<Source> source = spec ? sourceOf(target, services) : failure(spec.error());
    if (!source) {
        return failure(source.error());
    }
    if (call.has(allOption)) {
        return backUpAll(call, *spec, *source, services, context);
    }
    const Result<QString> file = backupFile(call, spec->parameters.database);
    if (!file) {
        return failure(file.error());
    }
    warnOfGit(*file, services.terminal);
    ListedBackupRequest request{{*spec, *file}, BackupRecord::Origin::Made, source->id, source->name, {}};
    request.origin = call.has(keepOption) ? BackupRecord::Origin::Scheduled : BackupRecord::Origin::Made;
    const Result<Backup> backup = backUpListed(request, BackupCatalog(Paths::database()), context);
    if (!backup) {
        return failure(backup.error());
    }
    print({*backup}, call, services.terminal);
    retireOld(call, source->id, {*backup}, services.terminal, context);
    return {};
}

QString problemOf(const Invocation &call)
{
    bool isNumber = false;
    if (call.has(keepOption) && (call.value(keepOption).toInt(&isNumber) < 1 || !isNumber)) {
        return CliText::tr("--keep takes a number from 1 on.");
    }
    if (!call.has(allOption)) {
        return {};
    }
    const auto name = TargetName::parse(call.arguments.first());
    if (name && !name->database.isEmpty()) {
        return CliText::tr("With --all the TARGET is an instance, without a database.");
    }
    return call.has(toOption) && !QFileInfo(wantedPath(call)).isDir() ? CliText::tr("With --all, --to is a folder.")
                                                                      : QString();
}

} // namespace

Result<SafetyListing> safetyListing(const QString &target, const CliServices &services)
{
    return sourceOf(target, services).map([](const Source &source) {
        return SafetyListing{BackupCatalog(Paths::database()), source.id, source.name};
    });
}

Result<QString> ownBackupFile(const QString &target, const QString &database)
{
    return ownFolder(target).map([&database](const QString &folder) { return suggestedBackupFile(folder, database); });
}

Verb backupVerb()
{
    Verb verb;
    verb.name = QStringLiteral("backup");
    verb.summary = CliText::tr("Back a database or a whole instance up, and print the files' paths.");
    verb.arguments = {{QStringLiteral("TARGET"), CliText::tr("the database; with --all the instance")}};
    verb.options = {
        {allOption, {}, CliText::tr("all databases of the instance, each into a file of its own")},
        {keepOption, QStringLiteral("N"), CliText::tr("afterwards remove older ones made with --keep, but the last N")},
        {toOption, QStringLiteral("FILE"), CliText::tr("a new file, or a folder; else Roost's own folder")},
        {jsonOption, {}, CliText::tr("paths, sizes, SHA-256 and versions as an array of objects")}};
    verb.description = CliText::tr(
        "Dumps in pg_dump's custom format, reads the file back whole, and only then gives it its name. Never\n"
        "overwrites anything; what is cancelled or fails leaves nothing behind. --keep never removes the last\n"
        "backup that was proven, one with a note, nor one that was made without --keep.");
    verb.options += notifyOption();
    verb.run = notifyingOfFailure(takeBackup, CliText::tr("The backup failed"));
    verb.check = problemOf;
    return verb;
}

} // namespace Roost
