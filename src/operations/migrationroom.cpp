#include "operations/migrationfacts.h"
#include "operations/phasedprogress.h"
#include "process/pgtoolchain.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>
#include <QTemporaryFile>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationRoom)
};

constexpr int perMajor = 10000;

/// As a backup wants it: a fifth more than the databases hold, and some to leave.
qint64 roomFor(qint64 bytes)
{
    constexpr qint64 roomToLeave = qint64(64) << 20;
    return bytes * 6 / 5 + roomToLeave;
}

/// The folder, or the closest above it that is there. Planning makes none.
QString existing(const QString &folder)
{
    QString there = QDir::cleanPath(folder);
    while (!QFileInfo::exists(there) && there != QFileInfo(there).path()) {
        there = QFileInfo(there).path();
    }
    return there;
}

/// Why nothing can be put there; empty: a file could be. Rights alone do not tell: a disk may be read-only.
QString writingProblem(const QString &folder)
{
    if (!QDir::isAbsolutePath(folder)) {
        return Text::tr("%1 is no whole path of a folder.").arg(folder);
    }
    const QString there = existing(folder);
    if (!QFileInfo(there).isDir()) {
        return Text::tr("%1 is no folder.").arg(there);
    }
    QTemporaryFile probe(there + QStringLiteral("/.roost-XXXXXX"));
    return probe.open() ? QString() : Text::tr("%1 cannot be written to: %2").arg(there, probe.errorString());
}

struct Need
{
    QString folder;
    qint64 bytes;
};

/// Several needs on one disk add up.
void judgeRoom(const QList<Need> &needs, MigrationPlan &plan)
{
    QMap<QString, QList<Need>> byDisk;
    for (const Need &need : needs) {
        byDisk[QStorageInfo(existing(need.folder)).rootPath()] += need;
    }
    for (auto disk = byDisk.cbegin(); disk != byDisk.cend(); ++disk) {
        qint64 wanted = 0;
        for (const Need &need : *disk) {
            wanted += need.bytes;
        }
        const qint64 free = QStorageInfo(disk.key()).bytesAvailable();
        if (free >= 0 && free < wanted) {
            plan.blockers += Text::tr("There is not enough room on the disk that holds %1: %2 are free, and %3 are "
                                      "needed. Make room, or choose a folder on another disk.")
                                 .arg(disk->first().folder, amountText(free), amountText(wanted));
        }
    }
}

void judgeFolders(const MigrationFacts &facts, MigrationPlan &plan)
{
    const qint64 total = facts.totalBytes();
    QList<Need> needs;
    if (const QString problem = writingProblem(plan.backupFolder); !problem.isEmpty()) {
        plan.blockers += Text::tr("The folder for the backups: %1").arg(problem);
    } else {
        needs += Need{plan.backupFolder, roomFor(total)};
    }
    if (!plan.provesOnInstance) {
        needs += Need{Paths::practice(), roomFor(facts.largestBytes())};
    }
    if (plan.secondFolder.isEmpty()) {
        plan.warnings += Text::tr("No folder for second copies is chosen yet. Best is another disk: a stick, a network "
                                  "drive. Roost asks for it before anything is deleted.");
    } else if (const QString problem = writingProblem(plan.secondFolder); !problem.isEmpty()) {
        plan.blockers += Text::tr("The folder for second copies: %1").arg(problem);
    } else if (QDir::cleanPath(plan.secondFolder) == QDir::cleanPath(plan.backupFolder)) {
        plan.blockers += Text::tr("The folder for second copies is the one of the backups. Choose another one, best on "
                                  "another disk.");
    } else {
        needs += Need{plan.secondFolder, roomFor(total)};
        if (QStorageInfo(existing(plan.secondFolder)).rootPath() ==
            QStorageInfo(existing(plan.backupFolder)).rootPath()) {
            plan.warnings += Text::tr("The second copies are on the same disk as the backups: if it fails, both are "
                                      "lost. Another disk is better.");
        }
    }
    judgeRoom(needs, plan);
}

/// The extensions that a server's installation lacks; none where it does not tell what it has.
QStringList missingExtensions(const PgToolchain &server, const QStringList &extensions)
{
    const QStringList places{server.folder + QStringLiteral("/../share/extension"),
                             server.folder + QStringLiteral("/../share/postgresql/extension"),
                             QStringLiteral("/usr/share/postgresql/%1/extension").arg(server.version.majorVersion())};
    for (const QString &place : places) {
        if (!QFileInfo::exists(place + QStringLiteral("/plpgsql.control"))) {
            continue;
        }
        QStringList missing;
        for (const QString &extension : extensions) {
            if (!QFileInfo::exists(place + u'/' + extension + QStringLiteral(".control"))) {
                missing += extension;
            }
        }
        return missing;
    }
    return {};
}

/// The server on this computer that scratch databases go to.
void judgeScratch(const MigrationFacts &facts, MigrationPlan &plan, const JobContext &context)
{
    const auto server = serverToolchain(context);
    if (!server) {
        plan.blockers += Text::tr("The backups are proven by restoring them on this computer. %1 Or prove them on the "
                                  "old instance instead.")
                             .arg(server.error().message);
        return;
    }
    if (const QStringList missing = missingExtensions(*server, facts.extensions); !missing.isEmpty()) {
        plan.blockers +=
            Text::tr("The backups cannot be proven on this computer: its PostgreSQL %1 lacks extensions that the "
                     "databases use: %2. Install them, or prove the backups on the old instance instead.")
                .arg(QString::number(server->version.majorVersion()), missing.join(QStringLiteral(", ")));
    }
    if (server->version.majorVersion() < facts.serverVersion / perMajor) {
        plan.warnings += Text::tr("The PostgreSQL server on this computer is of version %1, the old instance of %2. "
                                  "Where a database uses what only the newer one has, it cannot be proven here; prove "
                                  "the backups on the old instance then.")
                             .arg(server->version.majorVersion())
                             .arg(facts.serverVersion / perMajor);
    }
}

} // namespace

void judgeThisComputer(const MigrationFacts &facts, MigrationPlan &plan, const JobContext &context)
{
    judgeFolders(facts, plan);
    if (!facts.wasAsked()) {
        return;
    }
    if (const auto tools = toolchainFor(facts.serverVersion, context); !tools) {
        plan.blockers += tools.error().message;
    }
    if (!plan.provesOnInstance) {
        judgeScratch(facts, plan, context);
    }
}

} // namespace Roost
