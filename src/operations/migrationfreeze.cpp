#include "operations/birdslist.h"
#include "operations/migrationsessions.h"
#include "operations/migrationwork.h"
#include "operations/servicecall.h"
#include "operations/servicelife.h"
#include "render/renderclient.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationFreeze)
};

QString stateOf(const MigrationWork &work, const QString &serviceId)
{
    return work.state().facts.value(MigrationStep::Freeze)[u"services"][serviceId][u"suspended"].toString();
}

Result<void> noteService(MigrationWork &work, const MigrationService &service, const QString &state)
{
    const QJsonObject fact{{QStringLiteral("name"), service.name}, {QStringLiteral("suspended"), state}};
    return work.note(MigrationStep::Freeze, {{QStringLiteral("services"), QJsonObject{{service.id, fact}}}});
}

/// What /birds says while the app still runs. An app that does not answer is no reason to stop.
Result<void> keepBirds(MigrationWork &work, const MigrationService &service, const JobContext &context)
{
    if (!service.answersBirds || !work.state().facts.value(MigrationStep::Freeze)[u"birds"][service.id].isUndefined()) {
        return {};
    }
    ServiceCall call;
    call.service = QUrl(service.url);
    call.name = service.name;
    const auto answer = callService(call, context);
    if (!answer && answer.error().isCancelled()) {
        return failure(answer.error());
    }
    if (!answer) {
        context.log(Text::tr("%1 did not answer at /birds, so its answer cannot be compared afterwards: %2")
                        .arg(service.name, answer.error().message));
        return {};
    }
    const BirdsList birds = birdsListOf(answer->body);
    const QJsonObject fact{{QStringLiteral("status"), answer->status},
                           {QStringLiteral("sha256"), birds.sha256},
                           {QStringLiteral("count"), birds.count}};
    return work.note(MigrationStep::Freeze, {{QStringLiteral("birds"), QJsonObject{{service.id, fact}}}});
}

Result<void> freezeOne(MigrationWork &work, RenderClient &client, const MigrationService &planned,
                       const JobContext &context)
{
    const auto service = client.service(planned.id);
    if (!service && service.error().code == ErrorCode::NotFound) {
        context.log(Text::tr("%1 is not there any more, so it writes nothing.").arg(planned.name));
        return {};
    }
    if (!service) {
        return failure(service.error());
    }
    const QString state = stateOf(work, planned.id);
    if (service->isSuspended) {
        // Asked for by a run that was cut off: ours. Else somebody suspended it since the plan was made: it stays so.
        return state == u"yes" || state == u"was"
                   ? Result<void>()
                   : noteService(work, planned, state == u"asked" ? QStringLiteral("yes") : QStringLiteral("was"));
    }
    return keepBirds(work, planned, context)
        .and_then([&] { return noteService(work, planned, QStringLiteral("asked")); })
        .and_then([&]() -> Result<void> {
            const auto suspended = suspendAndCheck(client, *service, context);
            return suspended ? Result<void>() : failure(suspended.error());
        })
        .and_then([&] { return noteService(work, planned, QStringLiteral("yes")); });
}

Result<StepOutcome> freezeByRender(MigrationWork &work)
{
    QList<MigrationService> services;
    for (const MigrationService &service : work.plan().services) {
        if (service.isFrozen && !service.isSuspended) {
            services += service;
        }
    }
    if (services.isEmpty()) {
        work.setSummary(Text::tr("No service is to be suspended"));
        return StepOutcome();
    }
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    RenderClient client(*access, work.context(), work.environment().patience.times);
    QStringList names;
    for (int i = 0; i < services.size(); ++i) {
        const JobContext part = work.part(services.at(i).name, i, int(services.size()));
        if (const auto frozen = freezeOne(work, client, services.at(i), part); !frozen) {
            return failure(frozen.error());
        }
        names += services.at(i).name;
    }
    work.setSummary(Text::tr("Suspended: %1").arg(names.join(QStringLiteral(", "))));
    return StepOutcome();
}

MigrationPause askToStop(const MigrationWork &work, const QList<MigrationSession> &sessions)
{
    MigrationPause pause;
    pause.step = MigrationStep::Freeze;
    pause.question = MigrationQuestion::WritersStopped;
    pause.text = Text::tr("From now on nothing may write to %1 until its data are on the new instance: what is written "
                          "after the backup would be missing there. Reading does no harm.")
                     .arg(work.plan().source.name);
    QStringList names;
    for (const MigrationService &service : work.plan().services) {
        names += service.name;
    }
    pause.doing += names.isEmpty()
                       ? Text::tr("At dashboard.render.com, open each service that uses this database, and press "
                                  "Suspend Service in its settings.")
                       : Text::tr("At dashboard.render.com, open %1, and press Suspend Service in the settings.")
                             .arg(names.join(QStringLiteral(", ")));
    pause.doing += Text::tr("Stop the app on your own computer, if it uses this database.");
    pause.doing += Text::tr("Stop scheduled jobs (cron, GitHub Actions) that write to it.");
    pause.doing += Text::tr("Tell colleagues and classmates to write nothing, and to close their tools.");
    for (const MigrationSession &session : sessions) {
        pause.values += {Text::tr("Connected now"), textOf(session), {}, {}};
    }
    return pause;
}

/// Who is connected and was not there yet when the user was warned.
QStringList unwarned(const MigrationWork &work, const QList<MigrationSession> &sessions)
{
    const QJsonObject warned = work.state().facts.value(MigrationStep::Freeze)[u"warned"].toObject();
    QStringList names;
    for (MigrationSession session : sessions) {
        session.count = 1; // the number changes by itself
        const QString name = textOf(session);
        if (!warned.contains(name)) {
            names += name;
        }
    }
    return names;
}

Result<StepOutcome> freezeByHand(MigrationWork &work)
{
    const auto answer = work.takeAnswer(MigrationQuestion::WritersStopped);
    const auto source = work.source();
    if (!source) {
        return failure(source.error());
    }
    const auto sessions = readMigrationSessions(*source, work.stopToken());
    if (!sessions) {
        return failure(sessions.error());
    }
    MigrationPause pause = askToStop(work, *sessions);
    if (!answer) {
        return StepOutcome(pause);
    }
    const QStringList names = unwarned(work, *sessions);
    if (names.isEmpty()) {
        work.setSummary(Text::tr("Confirmed by you"));
        const auto noted = work.note(MigrationStep::Freeze, {{QStringLiteral("byHand"), true}});
        return noted ? Result<StepOutcome>(StepOutcome()) : failure(noted.error());
    }
    QJsonObject warned;
    for (const QString &name : names) {
        warned[name] = true;
        pause.problems += Text::tr("Still connected: %1. It may write at any time. If you know that it only reads, "
                                   "confirm once more: the live databases are compared with the backups later, so "
                                   "nothing that is written gets lost unnoticed.")
                              .arg(name);
    }
    const auto noted = work.note(MigrationStep::Freeze, {{QStringLiteral("warned"), warned}});
    return noted ? Result<StepOutcome>(pause) : failure(noted.error());
}

} // namespace

Result<StepOutcome> freezeWriters(MigrationWork &work)
{
    return work.plan().isByHand() ? freezeByHand(work) : freezeByRender(work);
}

Result<void> undoFreeze(MigrationWork &work)
{
    QList<MigrationService> services;
    for (const MigrationService &service : work.plan().services) {
        const QString state = stateOf(work, service.id);
        if (state == u"asked" || state == u"yes") {
            services += service;
        }
    }
    if (services.isEmpty()) {
        return {};
    }
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    // Whoever goes on after all, because this was cut off, freezes them again.
    if (const auto reopened = work.reopen({MigrationStep::Freeze}); !reopened) {
        return reopened;
    }
    RenderClient client(*access, work.context(), work.environment().patience.times);
    for (int i = 0; i < services.size(); ++i) {
        const MigrationService &planned = services.at(i);
        const JobContext part = work.part(planned.name, i, int(services.size()));
        const auto service = client.service(planned.id);
        if (!service && service.error().code != ErrorCode::NotFound) {
            return failure(service.error());
        }
        if (service && service->isSuspended) {
            if (const auto resumed = resumeAndCheck(client, *service, part); !resumed) {
                return failure(resumed.error());
            }
        }
        if (const auto noted = noteService(work, planned, QStringLiteral("resumed")); !noted) {
            return noted;
        }
    }
    return {};
}

} // namespace Roost
