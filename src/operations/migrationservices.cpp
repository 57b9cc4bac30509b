#include "operations/migrationservices.h"

#include "operations/birdslist.h"
#include "operations/servicecall.h"
#include "operations/servicelife.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationServices)
};

constexpr int firstFailing = 500;

/// What is called, as far as it is known.
struct Called
{
    QString id;
    QString name;
    QString url;
    QString path;
    QString where; ///< to look when it fails
    bool maySleep = true;
    bool answersBirds = false;
};

/// What came of calling one service.
struct Answered
{
    int status = 0;
    QString birds = QStringLiteral("none");
    int count = -1;
    int before = -1;
};

Result<ServiceAnswer> call(const Called &service, const QString &path, const JobContext &context)
{
    ServiceCall call;
    call.service = QUrl(service.url, QUrl::StrictMode);
    call.path = path;
    call.name = service.name;
    call.maySleep = service.maySleep;
    auto answer = callService(call, context);
    if (answer && answer->status >= firstFailing) {
        return failure(ErrorCode::ServerRefused,
                       Text::tr("%1 answers %2 with status %3: probably it does not get along with its database or its "
                                "variables. Look at its log: %4.")
                           .arg(service.name, answer->url.toDisplayString())
                           .arg(answer->status)
                           .arg(service.where));
    }
    return answer;
}

/// Whether /birds says what it said before.
Result<void> compareBirds(const MigrationWork &work, const Called &service, const JobContext &context,
                          Answered &answered)
{
    const auto answer = call(service, QStringLiteral("/birds"), context);
    if (!answer) {
        return failure(answer.error());
    }
    const BirdsList now = birdsListOf(answer->body);
    const QJsonObject before = work.state().facts.value(MigrationStep::Freeze)[u"birds"][service.id].toObject();
    answered.count = now.count;
    answered.before = before[u"count"].toInt(-1);
    if (before.isEmpty() || before[u"status"].toInt() >= firstFailing) {
        return {};
    }
    answered.birds = before[u"sha256"].toString() == now.sha256 ? QStringLiteral("same") : QStringLiteral("different");
    return {};
}

Result<QList<Called>> servicesToCall(MigrationWork &work)
{
    QList<Called> all;
    if (work.plan().isByHand()) {
        for (const MigrationService &each : work.plan().services) {
            if (!each.isSuspended && !each.url.isEmpty()) {
                all += {each.id, each.name,        each.url, each.healthPath, Text::tr("Render's dashboard"),
                        true,    each.answersBirds};
            }
        }
        return all;
    }
    const QJsonObject deployed = work.state().facts.value(MigrationStep::Deploy)[u"services"].toObject();
    if (deployed.isEmpty()) {
        return all;
    }
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    RenderClient client(*access, work.context(), work.environment().patience.times);
    for (auto it = deployed.begin(); it != deployed.end(); ++it) {
        if (it.value()[u"state"].toString() != u"live") {
            continue;
        }
        const auto service = client.service(it.key());
        if (!service && service.error().code != ErrorCode::NotFound) {
            return failure(service.error());
        }
        if (!service || service->isSuspended || service->url.isEmpty()) {
            continue; // a worker has no address
        }
        bool answersBirds = false;
        for (const MigrationService &each : work.plan().services) {
            answersBirds = answersBirds || (each.id == service->id && each.answersBirds);
        }
        all += {service->id,           service->name,     service->url, service->healthCheckPath,
                service->dashboardUrl, service->isFree(), answersBirds};
    }
    return all;
}

Result<void> callOne(MigrationWork &work, const Called &service, const JobContext &context, QStringList &told)
{
    const QString path = service.path.isEmpty() ? QStringLiteral("/") : service.path;
    const auto answer = call(service, path, context);
    if (!answer) {
        return failure(answer.error());
    }
    Answered answered;
    answered.status = answer->status;
    if (service.answersBirds) {
        if (const auto compared = compareBirds(work, service, context, answered); !compared) {
            return compared;
        }
    }
    if (answered.birds == u"different") {
        told += Text::tr("%1 answers /birds with other content than before (%2 rows, %3 before): rows may have been "
                         "written between that call and the freeze; the data itself was compared with the backup")
                    .arg(service.name)
                    .arg(answered.count)
                    .arg(answered.before);
    }
    return noteService(work, MigrationStep::Call, service.id,
                       QJsonObject{{QStringLiteral("name"), service.name},
                                   {QStringLiteral("url"), answer->url.toString(QUrl::RemoveQuery)},
                                   {QStringLiteral("status"), answered.status},
                                   {QStringLiteral("birds"), answered.birds},
                                   {QStringLiteral("count"), answered.count},
                                   {QStringLiteral("before"), answered.before}});
}

/// The name, when it is suspended and that was our doing.
Result<QString> resumeOne(MigrationWork &work, RenderClient &client, const QString &id, const JobContext &context)
{
    const auto service = client.service(id);
    if (!service && service.error().code == ErrorCode::NotFound) {
        const auto noted = noteService(work, MigrationStep::Resume, id, QStringLiteral("gone"));
        return noted ? Result<QString>(QString()) : failure(noted.error());
    }
    if (!service) {
        return failure(service.error());
    }
    if (service->isSuspended) {
        if (const auto resumed = resumeAndCheck(client, *service, context); !resumed) {
            return failure(resumed.error());
        }
    }
    const auto noted = noteService(work, MigrationStep::Resume, id, QStringLiteral("yes"));
    return noted ? Result<QString>(service->name) : failure(noted.error());
}

} // namespace

QString newInstanceName(const MigrationWork &work)
{
    const QString name = work.state().facts.value(MigrationStep::CreateNew)[u"name"].toString();
    return name.isEmpty() ? work.plan().draft.name : name;
}

QString safeInNew(const MigrationWork &work)
{
    return Text::tr("The data is safe in the new instance, %1: all of it was compared with the backups.")
        .arg(newInstanceName(work));
}

bool isFrozenByUs(const MigrationWork &work, const QString &serviceId)
{
    const QString state =
        work.state().facts.value(MigrationStep::Freeze)[u"services"][serviceId][u"suspended"].toString();
    return state == u"asked" || state == u"yes";
}

QString databaseOnNew(const MigrationState &state, const QString &name)
{
    const QString as = state.facts.value(MigrationStep::Restore)[u"databases"][name][u"as"].toString();
    return as.isEmpty() ? name : as;
}

Result<void> noteService(MigrationWork &work, MigrationStep step, const QString &id, const QJsonValue &fact)
{
    return work.note(step, {{QStringLiteral("services"), QJsonObject{{id, fact}}}});
}

Result<StepOutcome> callServices(MigrationWork &work)
{
    const auto services = servicesToCall(work);
    if (!services) {
        return failure(services.error());
    }
    QStringList told;
    QStringList names;
    QStringList problems;
    std::optional<Error> first;
    for (int i = 0; i < services->size(); ++i) {
        const Called &service = services->at(i);
        const JobContext part = work.part(service.name, i, int(services->size()));
        if (const auto called = callOne(work, service, part, told); !called) {
            if (called.error().isCancelled()) {
                return failure(called.error());
            }
            problems += called.error().message;
            first = first.value_or(called.error());
        } else {
            names += service.name;
        }
    }
    if (first) {
        first->message = Text::tr("%1 %2 Go on, and it is called again.").arg(problems.join(u' '), safeInNew(work));
        return failure(*first);
    }
    const QString answered = names.isEmpty() ? Text::tr("there is no service with an address to call")
                                             : Text::tr("answering: %1").arg(names.join(QStringLiteral(", ")));
    work.setSummary((QStringList{answered} + told).join(QStringLiteral("; ")));
    return StepOutcome();
}

Result<StepOutcome> resumeServices(MigrationWork &work)
{
    const QJsonObject frozen = work.state().facts.value(MigrationStep::Freeze)[u"services"].toObject();
    QStringList ids;
    for (auto it = frozen.begin(); it != frozen.end(); ++it) {
        const bool isResumed = work.state().facts.value(MigrationStep::Resume)[u"services"][it.key()].isString();
        if (isFrozenByUs(work, it.key()) && !isResumed) {
            ids += it.key();
        }
    }
    if (work.plan().isByHand()) {
        work.setSummary(Text::tr("what you stopped may run again"));
        return StepOutcome();
    }
    if (!ids.isEmpty()) {
        const auto access = work.access();
        if (!access) {
            return failure(access.error());
        }
        RenderClient client(*access, work.context(), work.environment().patience.times);
        for (int i = 0; i < ids.size(); ++i) {
            const JobContext part = work.part(frozen[ids.at(i)][u"name"].toString(), i, int(ids.size()));
            if (const auto resumed = resumeOne(work, client, ids.at(i), part); !resumed) {
                return failure(resumed.error());
            }
        }
    }
    QStringList names;
    const QJsonObject resumed = work.state().facts.value(MigrationStep::Resume)[u"services"].toObject();
    for (auto it = resumed.begin(); it != resumed.end(); ++it) {
        if (it.value().toString() == u"yes") {
            names += frozen[it.key()][u"name"].toString();
        }
    }
    work.setSummary(names.isEmpty() ? Text::tr("nothing had been suspended")
                                    : Text::tr("running again: %1").arg(names.join(QStringLiteral(", "))));
    return StepOutcome();
}

} // namespace Roost
