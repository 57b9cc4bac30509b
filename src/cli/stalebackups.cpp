#include "cli/stalebackups.h"

#include "cli/output.h"
#include "cli/services.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/stalebackups.h"
#include "postgres/catalogreader.h"
#include "storage/paths.h"

namespace Roost {

namespace {

/// As they are on the server now; where it cannot be asked, those that were ever backed up and the connection's own.
QStringList databasesOf(const Profile &profile, const QList<ListedBackup> &backups, const CliServices &services,
                        const JobContext &context)
{
    const QStringList listed = databasesIn(backups, profile.id);
    const auto connection = services.targets.open(profile.name, context);
    const auto found = connection ? CatalogReader::databases(**connection, context.stopToken())
                                  : Result<QList<DatabaseInfo>>(failure(connection.error()));
    if (!found) {
        services.terminal.note(CliText::tr("%1 could not be asked which databases it has; those of the list of backups "
                                           "are looked at. %2")
                                   .arg(profile.name, found.error().message));
        QStringList names = listed + QStringList{profile.parameters.database};
        names.removeDuplicates();
        return names;
    }
    QStringList names;
    for (const DatabaseInfo &database : *found) {
        // The server's own ones are backed up only where somebody put something into them.
        if (database.allowsConnections && (!database.isSystem || listed.contains(database.name))) {
            names += database.name;
        }
    }
    return names;
}

} // namespace

Result<void> tellStaleBackups(int days, const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto backups = listBackups(BackupCatalog(Paths::database()), Paths::backups());
    const auto profiles = backups ? services.profiles.all() : Result<QList<Profile>>(failure(backups.error()));
    if (!profiles) {
        return failure(profiles.error());
    }
    QList<WatchedInstance> instances;
    for (const Profile &profile : *profiles) {
        instances += {profile.id, profile.name, databasesOf(profile, *backups, services, context)};
        if (context.isCancelled()) {
            return failure(Error::cancelled());
        }
    }
    const QDateTime limit = QDateTime::currentDateTimeUtc().addDays(-days);
    const QList<StaleDatabase> stale = staleDatabases(*backups, instances, limit);
    RowOutput output(services.terminal, call.has(QStringLiteral("json")) ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Instance"), QStringLiteral("instance")},
                      {CliText::tr("Database"), QStringLiteral("database")},
                      {CliText::tr("Last proven backup"), QStringLiteral("last_proven_at")}});
    output.setNullText(CliText::tr("never"));
    QStringList names;
    for (const StaleDatabase &one : stale) {
        output.add({OutputCell::of(one.instanceName), OutputCell::of(one.database),
                    OutputCell::orNull(one.lastProven.isValid() ? one.lastProven.toString(Qt::ISODate) : QString())});
        names += one.instanceName + u'/' + one.database;
    }
    output.end();
    if (stale.isEmpty()) {
        return {};
    }
    constexpr qsizetype named = 5;
    QString list = names.mid(0, named).join(QStringLiteral(", "));
    if (names.size() > named) {
        list += QStringLiteral(", …");
    }
    return failure(
        ErrorCode::Conflict,
        CliText::tr("%Ln database(s) have no proven backup", nullptr, int(stale.size())) + u' ' +
            CliText::tr("of the last %1 days: %2. Back them up with `roost-cli backup --all`, or open Roost.")
                .arg(days)
                .arg(list));
}

} // namespace Roost
