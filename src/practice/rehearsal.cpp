#include "practice/rehearsal.h"

#include "operations/backup.h"
#include "operations/instancechanges.h"
#include "operations/instanceconnection.h"
#include "operations/instancecreation.h"
#include "operations/listedbackup.h"
#include "operations/phasedprogress.h"
#include "operations/restore.h"
#include "practice/practicerenderprocess.h"
#include "practice/rehearsalservice.h"
#include "storage/paths.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QHostAddress>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Rehearsal)
};

constexpr int perMajor = 10000;
const QString birds = QStringLiteral("bird_app_db");

/// One rehearsal being made ready. On the operation's thread.
class RehearsalRun
{
public:
    RehearsalRun(const RehearsalRequest &request, const BackupCatalog &catalog, JobContext &context)
        : m_request(request)
        , m_catalog(catalog)
        , m_context(context)
        , m_progress(context)
    {
    }

    Result<Rehearsal> run();

private:
    struct Source
    {
        QString file;
        QString database;
        int major = 0;
    };

    Result<void> findStandIn();
    Result<void> checkStandIn();
    Result<void> gather();
    Result<void> backUpLive();
    Result<void> addSource(const QString &file);
    Result<void> makeRoom();
    Result<void> create();
    Result<void> restoreAll();
    Result<void> restoreOne(const Source &source);
    Result<void> pointBirds();
    Result<void> moveClock();
    JobContext inner(double from, double to);

    const RehearsalRequest &m_request;
    const BackupCatalog &m_catalog;
    JobContext &m_context;
    PhasedProgress m_progress;
    Rehearsal m_made;
    PostgresInstance m_instance;
    QList<Source> m_sources;
    QString m_ownerId;
};

JobContext RehearsalRun::inner(double from, double to)
{
    m_progress.enter(from, to);
    return JobContext(
        m_context.stopToken(),
        [this](const Progress &progress) {
            m_progress.report(progress.step, std::max(progress.fraction(), 0.0), progress.amount, progress.bytes);
        },
        [this](const QString &line) { m_context.log(line); });
}

Result<Rehearsal> RehearsalRun::run()
{
    using Part = Result<void> (RehearsalRun::*)();
    for (const Part part :
         {&RehearsalRun::findStandIn, &RehearsalRun::checkStandIn, &RehearsalRun::gather, &RehearsalRun::makeRoom,
          &RehearsalRun::create, &RehearsalRun::restoreAll, &RehearsalRun::pointBirds, &RehearsalRun::moveClock}) {
        if (m_context.isCancelled()) {
            return failure(Error::cancelled());
        }
        if (const auto done = (this->*part)(); !done) {
            return failure(done.error());
        }
    }
    return std::move(m_made);
}

Result<void> RehearsalRun::findStandIn()
{
    if (m_request.access) {
        m_made.access = *m_request.access;
        return {};
    }
    JobContext starting = inner(0, 0.05);
    auto access = startPracticeRender(starting);
    if (!access) {
        return failure(access.error());
    }
    m_made.access = std::move(*access);
    return {};
}

/// Instances are deleted in what follows: never at Render itself.
Result<void> RehearsalRun::checkStandIn()
{
    const QString host = m_made.access.api.host();
    const bool isHere = host == u"localhost" || QHostAddress(host).isLoopback();
    const auto state = isHere
                           ? askPracticeRender(m_made.access, "GET", QStringLiteral("/practice/state"), {}, m_context)
                           : Result<QJsonObject>(QJsonObject());
    if (!state && (state.error().isCancelled() || state.error().code == ErrorCode::ConnectionFailed)) {
        return failure(state.error());
    }
    if (!state || !state->contains(u"clock") || !state->contains(u"instances")) {
        return failure(ErrorCode::NotAllowed,
                       Text::tr("A rehearsal is only for the practice account on this computer. Nothing was changed."));
    }
    return {};
}

Result<void> RehearsalRun::gather()
{
    if (m_request.live) {
        if (auto backedUp = backUpLive(); !backedUp) {
            return backedUp;
        }
    }
    for (const QString &file : m_request.backups) {
        if (auto added = addSource(file); !added) {
            return added;
        }
    }
    if (m_sources.isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("There is nothing to rehearse with: choose backups, or an "
                                                         "instance that lets Roost in."));
    }
    return {};
}

Result<void> RehearsalRun::backUpLive()
{
    if (!Paths::ensureFolder(m_request.backupFolder)) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The folder %1 for the backups could not be made. Check the space and the permissions "
                                "there.")
                           .arg(m_request.backupFolder));
    }
    JobContext backingUp = inner(0.05, 0.4);
    const InstanceBackupRequest request{*m_request.live, m_request.backupFolder, BackupRecord::Origin::Made,
                                        m_request.liveId, m_request.liveName};
    const auto backup = backUpInstance(request, m_catalog, backingUp);
    if (!backup) {
        return failure(backup.error());
    }
    if (!backup->failed.isEmpty()) {
        return failure(backup->failed.first().error);
    }
    m_made.notes += backup->skipped;
    for (const Backup &one : backup->made) {
        if (auto added = addSource(one.file); !added) {
            return added;
        }
    }
    return {};
}

Result<void> RehearsalRun::addSource(const QString &file)
{
    Source source{file, {}, 0};
    if (const auto manifest = manifestOf(file)) {
        source.database = manifest->database;
        source.major = manifest->serverVersionNumber / perMajor;
    } else {
        const auto dump = inspectDump(file, m_context);
        if (!dump) {
            return failure(dump.error());
        }
        source.database = dump->database;
        source.major = dump->serverVersion.section(u'.', 0, 0).toInt();
    }
    for (const Source &other : std::as_const(m_sources)) {
        if (other.database == source.database) {
            return failure(ErrorCode::InvalidInput,
                           Text::tr("%1 and %2 are both backups of %3. Choose one of them.")
                               .arg(QFileInfo(other.file).fileName(), QFileInfo(file).fileName(), source.database));
        }
    }
    m_sources += source;
    return {};
}

Result<void> RehearsalRun::makeRoom()
{
    JobContext clearing = inner(0.4, 0.45);
    RenderClient client(m_made.access, clearing, m_request.patience.times);
    const auto owners = client.owners();
    const auto instances = client.instances();
    if (!owners || !instances || owners->isEmpty()) {
        return !owners
                   ? failure(owners.error())
                   : failure(instances ? Error{ErrorCode::NotFound, Text::tr("The practice account is empty."), {}, {}}
                                       : instances.error());
    }
    m_ownerId = owners->first().id;
    for (const PostgresInstance &one : *instances) {
        if (one.name == m_request.name) {
            auto gone = deleteInstance(m_made.access, {one, one.name, m_request.patience}, clearing);
            if (!gone && gone.error().code != ErrorCode::NotFound) {
                return gone;
            }
            m_made.notes += Text::tr("The practice instance %1 of before was deleted.").arg(one.name);
        } else if (one.isFree()) {
            PostgresChanges changes;
            changes.plan = QStringLiteral("basic_256mb");
            if (const auto changed = client.updateInstance(one.id, changes); !changed) {
                return failure(changed.error());
            }
            m_made.notes +=
                Text::tr("The practice instance %1 was put on a paid plan (which costs nothing here), since "
                         "there is one free place.")
                    .arg(one.name);
        }
    }
    return {};
}

Result<void> RehearsalRun::create()
{
    CreateInstanceRequest request;
    request.draft.name = m_request.name;
    request.draft.ownerId = m_ownerId;
    request.draft.region = m_request.region;
    request.patience = m_request.patience;
    int major = 0;
    for (const Source &source : std::as_const(m_sources)) {
        major = std::max(major, source.major);
    }
    if (major > 0) {
        request.draft.version = QString::number(major); // the stand-in takes another one where it has not this
    }
    JobContext creating = inner(0.45, 0.55);
    const auto created = createInstance(m_made.access, request, creating);
    if (!created) {
        return failure(created.error());
    }
    m_instance = created->instance;
    if (!m_instance.isAvailable()) {
        return failure(Error::cancelled());
    }
    m_made.instanceId = m_instance.id;
    m_made.instanceName = m_instance.name;
    m_made.expiresAt = m_instance.expiresAt;
    auto connection = connectionOf(m_made.access, m_instance.id, creating, m_request.patience.times);
    if (!connection) {
        return failure(connection.error());
    }
    m_made.connection = std::move(*connection);
    return {};
}

Result<void> RehearsalRun::restoreAll()
{
    constexpr double from = 0.55;
    constexpr double to = 0.85;
    double at = from;
    for (const Source &source : std::as_const(m_sources)) {
        const double next = at + (to - from) / double(m_sources.size());
        m_progress.enter(at, next);
        if (auto restored = restoreOne(source); !restored) {
            return restored;
        }
        at = next;
    }
    return {};
}

Result<void> RehearsalRun::restoreOne(const Source &source)
{
    JobContext restoring(
        m_context.stopToken(),
        [this, &source](const Progress &progress) {
            m_progress.report(Text::tr("%1: %2").arg(source.database, progress.step),
                              std::max(progress.fraction(), 0.0), progress.amount, progress.bytes);
        },
        [this](const QString &line) { m_context.log(line); });
    RestoreRequest request;
    request.file = source.file;
    request.target = m_made.connection.withDatabase(source.database);
    request.mode = source.database == m_instance.databaseName ? RestoreMode::IntoEmpty : RestoreMode::IntoNew;
    request.leavesOutMissingExtensions = true; // it is a rehearsal: the real server may have what this one lacks
    const auto report = restore(request, restoring);
    if (!report) {
        return failure(report.error());
    }
    m_made.databases += source.database;
    m_made.backups += source.file;
    m_made.notes += report->leftOut;
    return {};
}

Result<void> RehearsalRun::pointBirds()
{
    if (!m_made.databases.contains(birds)) {
        return {};
    }
    JobContext pointing = inner(0.85, 0.98);
    auto service = pointSampleService(m_made.access, m_instance.id, m_request.patience, pointing);
    if (!service) {
        return failure(service.error());
    }
    m_made.serviceId = std::move(*service);
    return {};
}

Result<void> RehearsalRun::moveClock()
{
    const auto moved = movePracticeClock(m_made.access, m_request.day, m_context);
    if (!moved) {
        return failure(moved.error());
    }
    m_progress.enter(1, 1);
    m_progress.report(Text::tr("%1 is ready; it is day %2").arg(m_made.instanceName).arg(m_request.day));
    return {};
}

} // namespace

RenderPatience RehearsalRequest::rehearsalPatience()
{
    RenderPatience patience;
    patience.firstPoll = std::chrono::milliseconds(200);
    patience.longestPoll = std::chrono::seconds(1);
    patience.lookEvery = std::chrono::milliseconds(500);
    patience.waitFor = std::chrono::minutes(3);
    return patience;
}

Result<Rehearsal> prepareRehearsal(const RehearsalRequest &request, const BackupCatalog &catalog, JobContext &context)
{
    if (const QString problem = instanceNameProblem(request.name); !problem.isEmpty()) {
        return failure(ErrorCode::InvalidInput, problem);
    }
    if (request.live && request.backupFolder.isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("Say where backups for the rehearsal go."));
    }
    return RehearsalRun(request, catalog, context).run();
}

} // namespace Roost
