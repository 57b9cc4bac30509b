#include "models/unfinishedmigrations.h"

#include "jobs/jobrunner.h"
#include "operations/migration.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

QList<UnfinishedMigration> unfinishedIn(const QString &folder)
{
    QList<UnfinishedMigration> unfinished;
    const QList<ListedMigration> listed = listMigrations(folder);
    for (const ListedMigration &one : listed) {
        const MigrationState &state = one.state;
        if (!one.problem.isEmpty()) {
            unfinished += {one.id, {}, {}, 0, 0, false, one.holder, one.problem};
        } else if (state.end == MigrationState::End::Open) {
            const QList<MigrationStep> steps = stepsOf(state.plan.path);
            const auto done =
                std::count_if(steps.begin(), steps.end(), [&state](MigrationStep step) { return state.isDone(step); });
            unfinished += {one.id,
                           state.plan.profileId,
                           state.plan.source.name,
                           int(done),
                           int(steps.size()),
                           !state.isPastGate(),
                           one.holder,
                           {}};
        }
    }
    return unfinished;
}

} // namespace

bool UnfinishedMigration::isOurs() const
{
    return holder == QCoreApplication::applicationPid();
}

UnfinishedMigrations::UnfinishedMigrations(JobRunner *jobs, QString folder, QObject *parent)
    : QObject(parent)
    , m_jobs(jobs)
    , m_folder(std::move(folder))
{
}

const UnfinishedMigration *UnfinishedMigrations::find(const QString &id) const
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), [&id](const auto &one) { return one.id == id; });
    return found == m_all.end() ? nullptr : &*found;
}

const UnfinishedMigration *UnfinishedMigrations::ofProfile(const QString &profileId) const
{
    const auto found =
        std::find_if(m_all.begin(), m_all.end(), [&profileId](const auto &one) { return one.profileId == profileId; });
    return profileId.isEmpty() || found == m_all.end() ? nullptr : &*found;
}

void UnfinishedMigrations::reload()
{
    if (m_isReading) {
        m_isStale = true;
        return;
    }
    m_isReading = true;
    m_jobs->runQuietly<QList<UnfinishedMigration>>(
        [folder = m_folder](JobContext &) -> Result<QList<UnfinishedMigration>> { return unfinishedIn(folder); }, this,
        [this](const Result<QList<UnfinishedMigration>> &read) {
            m_isReading = false;
            if (read && *read != m_all) {
                m_all = *read;
                emit changed();
            }
            if (std::exchange(m_isStale, false)) {
                reload();
            }
        });
}

} // namespace Roost
