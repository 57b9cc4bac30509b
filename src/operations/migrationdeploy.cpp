#include "operations/migrationservices.h"
#include "operations/servicedeploy.h"
#include "operations/servicelife.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationDeploy)
};

constexpr int looksForLost = 3; ///< for a deploy that was asked for just before an interruption

QString facts(const MigrationWork &work, const QString &id, QStringView member)
{
    return work.state().facts.value(MigrationStep::Deploy)[u"services"][id][member].toString();
}

/// Deploys services; all of them begin before the first is followed, so that users wait for the slowest only.
class DeployRun
{
public:
    DeployRun(MigrationWork &work, const RenderAccess &access)
        : m_work(work)
        , m_client(access, work.context(), work.environment().patience.times)
    {
        for (const MigrationService &service : work.plan().services) {
            if (!service.variables.isEmpty()) {
                m_names.insert(service.id, service.name);
            }
        }
        const QJsonObject changed = work.state().facts.value(MigrationStep::Variables)[u"services"].toObject();
        for (auto it = changed.begin(); it != changed.end(); ++it) {
            m_names.insert(it.key(), it.value()[u"name"].toString());
        }
    }

    Result<StepOutcome> run();

private:
    Result<void> note(const QString &id, const QJsonObject &fact);
    Result<void> begin(const QString &id, const JobContext &context);
    Result<bool> isRunning(const Service &service, const JobContext &context);
    Result<QString> adopted(const QString &id, QList<Deploy> &deploys);
    Result<void> follow(const QString &id, const JobContext &context);
    DeployFollowing following(const Service &service) const;
    void warnOfBlueprint(const QString &id, const QList<Deploy> &deploys);
    Error explained(const QString &id, Error error) const;
    void summarise();

    MigrationWork &m_work;
    RenderClient m_client;
    QMap<QString, QString> m_names;     ///< by id
    QMap<QString, Service> m_following; ///< whose deploys have begun
};

Result<void> DeployRun::note(const QString &id, const QJsonObject &fact)
{
    QJsonObject whole = fact;
    whole[QStringLiteral("name")] = m_names.value(id);
    return noteService(m_work, MigrationStep::Deploy, id, whole);
}

DeployFollowing DeployRun::following(const Service &service) const
{
    DeployFollowing following;
    following.service = service;
    following.request.deployOnly = service.type != u"static_site"; // its variables are in what was built
    following.firstWait = m_work.environment().deployWait;
    return following;
}

/// A service that we suspended runs again first: Render deploys no other. False: it was suspended before, and stays.
Result<bool> DeployRun::isRunning(const Service &service, const JobContext &context)
{
    if (!service.isSuspended) {
        return true;
    }
    if (!isFrozenByUs(m_work, service.id)) {
        const auto noted = note(service.id, {{QStringLiteral("state"), QStringLiteral("suspended")}});
        return noted ? Result<bool>(false) : failure(noted.error());
    }
    const auto resumed = resumeAndCheck(m_client, service, context);
    if (!resumed) {
        return failure(resumed.error());
    }
    const auto noted = noteService(m_work, MigrationStep::Resume, service.id, QStringLiteral("yes"));
    return noted ? Result<bool>(true) : failure(noted.error());
}

/// A deploy that began after the variables were set: asked for by a run that was interrupted, or by the user. Empty:
/// there is none. `deploys` are then as they are now.
Result<QString> DeployRun::adopted(const QString &id, QList<Deploy> &deploys)
{
    const QString state = facts(m_work, id, u"state");
    if (state != u"asked" && state != u"failed") {
        return QString();
    }
    const int looks = state == u"asked" ? looksForLost : 1;
    for (int look = 0; look < looks; ++look) {
        if (look > 0) {
            if (!sleepFor(m_work.environment().deployWait, m_work.stopToken())) {
                return failure(Error::cancelled());
            }
            const auto again = m_client.deploys(id);
            if (!again) {
                return failure(again.error());
            }
            deploys = *again;
        }
        const bool isNew = !deploys.isEmpty() && deploys.first().id != facts(m_work, id, u"after");
        if (isNew && !deploys.first().isFailed()) {
            return deploys.first().id;
        }
        if (isNew) {
            break;
        }
    }
    return QString();
}

void DeployRun::warnOfBlueprint(const QString &id, const QList<Deploy> &deploys)
{
    const bool isBlueprint = std::any_of(deploys.begin(), deploys.end(),
                                         [](const Deploy &each) { return each.trigger == u"blueprint_sync"; });
    if (isBlueprint) {
        m_work.context().log(Text::tr("%1 is managed by a Blueprint: its render.yaml writes the variables again at the "
                                      "next sync. Change them there, too.")
                                 .arg(m_names.value(id)));
        (void)note(id, {{QStringLiteral("isBlueprint"), true}}); // only a warning depends on it
    }
}

Result<void> DeployRun::begin(const QString &id, const JobContext &context)
{
    const QString state = facts(m_work, id, u"state");
    if (state == u"live") {
        return {};
    }
    const auto service = m_client.service(id);
    if (!service && service.error().code == ErrorCode::NotFound) {
        return note(id, {{QStringLiteral("state"), QStringLiteral("gone")}});
    }
    if (!service) {
        return failure(service.error());
    }
    const auto running = isRunning(*service, context);
    if (!running || !*running) {
        return running ? Result<void>() : failure(running.error());
    }
    if (state == u"begun") {
        m_following.insert(id, *service);
        return {};
    }
    auto deploys = m_client.deploys(id);
    if (!deploys) {
        return failure(deploys.error());
    }
    warnOfBlueprint(id, *deploys);
    auto deploy = adopted(id, *deploys);
    if (deploy && deploy->isEmpty()) {
        const auto asked = note(id, {{QStringLiteral("state"), QStringLiteral("asked")},
                                     {QStringLiteral("after"), deploys->isEmpty() ? QString() : deploys->first().id}});
        if (!asked) {
            return asked;
        }
        deploy = beginDeploy(m_client, following(*service), context);
    }
    if (!deploy) {
        return failure(deploy.error());
    }
    m_following.insert(id, *service);
    return note(id, {{QStringLiteral("state"), QStringLiteral("begun")}, {QStringLiteral("deployId"), *deploy}});
}

Result<void> DeployRun::follow(const QString &id, const JobContext &context)
{
    const QString deployId = facts(m_work, id, u"deployId");
    const auto deploy = followDeploy(m_client, following(m_following.value(id)), deployId, context);
    if (deploy) {
        return note(id, {{QStringLiteral("state"), QStringLiteral("live")}});
    }
    const bool isOver = deploy.error().code == ErrorCode::ProcessFailed || deploy.error().code == ErrorCode::NotFound;
    if (isOver) {
        const auto noted =
            note(id, {{QStringLiteral("state"), QStringLiteral("failed")}, {QStringLiteral("after"), deployId}});
        if (!noted) {
            return noted;
        }
    }
    return failure(deploy.error());
}

Error DeployRun::explained(const QString &id, Error error) const
{
    const bool isFailed = facts(m_work, id, u"state") == u"failed";
    error.message += u' ';
    error.message +=
        isFailed
            ? Text::tr("%1 When it is repaired, go on: %2 is deployed again.").arg(safeInNew(m_work), m_names.value(id))
            : Text::tr("%1 Go on, and Roost looks first what became of the deploy of %2.")
                  .arg(safeInNew(m_work), m_names.value(id));
    return error;
}

void DeployRun::summarise()
{
    QStringList live;
    QStringList others;
    for (auto it = m_names.begin(); it != m_names.end(); ++it) {
        const QString state = facts(m_work, it.key(), u"state");
        if (state == u"live") {
            live += it.value();
        } else {
            others +=
                state == u"gone"
                    ? Text::tr("%1 is not there any more").arg(it.value())
                    : Text::tr("%1 was suspended before and stays so; deploy it when you resume it").arg(it.value());
        }
    }
    QStringList parts;
    parts += live.isEmpty() ? Text::tr("no service had to be deployed")
                            : Text::tr("live: %1").arg(live.join(QStringLiteral(", ")));
    m_work.setSummary((parts + others).join(QStringLiteral("; ")));
}

Result<StepOutcome> DeployRun::run()
{
    const QStringList ids = m_names.keys();
    std::optional<Error> first;
    QStringList more;
    const auto failed = [&](const QString &id, const Error &error) {
        if (first) {
            more += error.message;
        } else {
            first = explained(id, error);
        }
    };
    for (int i = 0; i < ids.size(); ++i) {
        const JobContext part = m_work.part(m_names.value(ids.at(i)), i, int(ids.size()) * 2);
        if (const auto begun = begin(ids.at(i), part); !begun) {
            if (begun.error().isCancelled()) {
                return failure(begun.error());
            }
            failed(ids.at(i), begun.error());
        }
    }
    const QStringList begun = m_following.keys();
    for (int i = 0; i < begun.size(); ++i) {
        const JobContext part = m_work.part(m_names.value(begun.at(i)), int(begun.size()) + i, int(begun.size()) * 2);
        if (const auto followed = follow(begun.at(i), part); !followed) {
            if (followed.error().isCancelled()) {
                return failure(followed.error());
            }
            failed(begun.at(i), followed.error());
        }
    }
    if (first) {
        first->message = (QStringList{first->message} + more).join(u' ');
        return failure(*first);
    }
    summarise();
    return StepOutcome();
}

} // namespace

Result<StepOutcome> deployServices(MigrationWork &work)
{
    if (work.plan().isByHand()) {
        return deployByHand(work);
    }
    const auto access = work.access();
    return access ? DeployRun(work, *access).run() : failure(access.error());
}

} // namespace Roost
