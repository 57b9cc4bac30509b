#include "operations/listedbackup.h"
#include "operations/migrationbackups.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>
#include <QDateTime>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationProofs)
};

constexpr int toldDifferences = 5;

/// Where a backup can be restored for a look.
struct ScratchServer
{
    ConnectionSpec spec;
    QString where; ///< "practice", "instance"
};

QString textOf(const QList<ManifestDifference> &differences)
{
    QStringList texts;
    for (const ManifestDifference &difference : differences) {
        if (difference.weight != ManifestDifference::Weight::Note) {
            texts += QStringLiteral("%1: %2").arg(difference.what, difference.text);
        }
    }
    const auto more = texts.size() - toldDifferences;
    QString text = texts.mid(0, toldDifferences).join(QStringLiteral("; "));
    return more > 0 ? Text::tr("%1; and %2 more").arg(text).arg(more) : text;
}

/// A scratch database beside the others has to fit on the instance's disk.
bool hasRoomForScratch(const MigrationPlan &plan)
{
    constexpr qint64 gigabyte = 1'000'000'000;
    const int size = plan.source.diskSizeGb > 0 ? plan.source.diskSizeGb : 1; // a free instance has one
    qint64 biggest = 0;
    for (const MigrationDatabase &database : plan.databases) {
        biggest = std::max(biggest, database.sizeBytes);
    }
    return plan.totalBytes() + biggest + biggest / 4 < size * gigabyte;
}

Result<ScratchServer> practiceScratch(const MigrationWork &work, JobContext &context)
{
    if (!work.environment().scratchServer) {
        return failure(ErrorCode::NotFound, Text::tr("There is no practice server on this computer."));
    }
    const auto spec = work.environment().scratchServer(context);
    if (!spec) {
        return failure(spec.error());
    }
    const auto connection = DatabaseConnection::open(*spec, context.stopToken());
    if (!connection) {
        return failure(connection.error());
    }
    constexpr int perMajor = 10'000;
    const int wanted = work.plan().serverVersion.section(u'.', 0, 0).toInt();
    if ((*connection)->server().version / perMajor < wanted) {
        return failure(ErrorCode::ToolTooOld,
                       Text::tr("The practice server on this computer has version %1, which is older than the "
                                "instance's %2 and cannot take its backups. Install PostgreSQL %3 here.")
                           .arg((*connection)->server().versionText, work.plan().serverVersion)
                           .arg(wanted));
    }
    return ScratchServer{*spec, QStringLiteral("practice")};
}

/// In the order in which to try them.
Result<QList<ScratchServer>> scratchServers(const MigrationWork &work, const ConnectionSpec &source,
                                            JobContext &context)
{
    QList<ScratchServer> servers;
    Error why;
    if (!work.plan().provesOnInstance) {
        auto practice = practiceScratch(work, context);
        if (practice) {
            servers += std::move(*practice);
        } else if (practice.error().isCancelled()) {
            return failure(practice.error());
        } else {
            why = practice.error();
            context.log(why.message);
        }
    }
    if (work.plan().provesOnInstance || hasRoomForScratch(work.plan())) {
        servers += {source, QStringLiteral("instance")};
    }
    if (servers.isEmpty()) {
        why.message = Text::tr("The backups cannot be proven yet, because there is no server to restore them into: %1 "
                               "The old instance itself has no room for a scratch copy. The backups are made and kept.")
                          .arg(why.message);
        return failure(why);
    }
    return servers;
}

/// Another server may do what this one cannot: it lacks an extension, or a tool for it is missing.
bool isAboutTheServer(const Error &error)
{
    return error.code == ErrorCode::NotAllowed || error.code == ErrorCode::ToolMissing ||
           error.code == ErrorCode::ToolTooOld;
}

bool isAboutTheFile(const Error &error)
{
    return error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound;
}

Result<void> noteProof(MigrationWork &work, const QString &database, const QJsonObject &fact)
{
    return work.note(MigrationStep::Prove, {{QStringLiteral("databases"), QJsonObject{{database, fact}}}});
}

/// So that going on takes a fresh backup instead of failing on the same one again.
Result<void> refused(MigrationWork &work, const QString &database, const Error &error)
{
    const QString sum = work.state().backupOf(database)[u"sha256"].toString();
    const auto noted = noteProof(work, database, {{QStringLiteral("failed"), sum}});
    return failure(noted ? error : noted.error());
}

} // namespace

bool isProvenBackup(const MigrationState &state, const QString &database)
{
    const QString sum = state.backupOf(database)[u"sha256"].toString();
    return !sum.isEmpty() && state.proofOf(database)[u"sha256"].toString() == sum;
}

Result<void> proveMigrationBackup(MigrationWork &work, const ConnectionSpec &source, const QString &database,
                                  JobContext &context)
{
    if (work.state().proofOf(database)[u"failed"].toString() == work.state().backupOf(database)[u"sha256"].toString()) {
        if (const auto taken = takeMigrationBackup(work, source, database, context); !taken) {
            return taken;
        }
    }
    const auto servers = scratchServers(work, source, context);
    if (!servers) {
        return failure(servers.error());
    }
    const QJsonObject backup = work.state().backupOf(database);
    Result<Verification> verified = failure(ErrorCode::Internal, {});
    QString where;
    for (const ScratchServer &server : *servers) {
        where = server.where;
        verified = verifyListed({backup[u"file"].toString(), server.spec}, work.environment().backups, context);
        if (verified || !isAboutTheServer(verified.error())) {
            break;
        }
        context.log(verified.error().message);
    }
    if (!verified) {
        return isAboutTheFile(verified.error()) ? refused(work, database, verified.error())
                                                : Result<void>(failure(verified.error()));
    }
    if (!verified->isProven() || !verified->wasRestored) {
        return refused(
            work, database,
            {ErrorCode::Conflict,
             Text::tr(
                 "A copy of %1 that was restored from its backup for a look differs from what the database held "
                 "(%2), so this backup proves nothing. Nothing was changed on the instance. Take another "
                 "backup: go on, and Roost does that and proves it. If it differs again, keep the instance and report "
                 "this.")
                 .arg(database, textOf(verified->differences)),
             {},
             {}});
    }
    return noteProof(work, database,
                     {{QStringLiteral("sha256"), backup[u"sha256"]},
                      {QStringLiteral("provenAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                      {QStringLiteral("where"), where},
                      {QStringLiteral("failed"), QString()}});
}

Result<void> ensureProvenBackup(MigrationWork &work, const ConnectionSpec &source, const QString &database,
                                JobContext &context)
{
    const auto found = lookAtNotedBackup(work, database, context);
    if (!found) {
        return failure(found.error());
    }
    if (!found->isWhole()) {
        if (const auto taken = takeMigrationBackup(work, source, database, context); !taken) {
            return taken;
        }
    }
    return isProvenBackup(work.state(), database) ? Result<void>()
                                                  : proveMigrationBackup(work, source, database, context);
}

Result<StepOutcome> proveBackups(MigrationWork &work)
{
    const QStringList names = databaseNames(work.plan());
    const auto source = work.source();
    if (!source) {
        return failure(source.error());
    }
    for (int i = 0; i < names.size(); ++i) {
        if (isProvenBackup(work.state(), names.at(i))) {
            continue;
        }
        JobContext part = work.part(names.at(i), i, int(names.size()));
        if (const auto proven = proveMigrationBackup(work, *source, names.at(i), part); !proven) {
            return failure(proven.error());
        }
    }
    work.setSummary(
        Text::tr("%n database(s) restored into a scratch copy and found equal", nullptr, int(names.size())));
    return StepOutcome();
}

} // namespace Roost
