#include "operations/servicelife.h"

#include "operations/renderpatience.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ServiceLife)
};

constexpr int looks = 5;
constexpr auto betweenLooks = std::chrono::milliseconds(500);

/// Render answers before it is so.
Result<Service> waitFor(RenderClient &client, const Service &service, bool isSuspended,
                        const std::optional<Error> &lost, const JobContext &context)
{
    Result<Service> now = failure(Error::cancelled());
    for (int look = 0; look < looks; ++look) {
        if (look > 0 && !sleepFor(betweenLooks, context.stopToken())) {
            return failure(Error::cancelled());
        }
        now = client.service(service.id);
        if (now && now->isSuspended == isSuspended) {
            return now;
        }
    }
    if (!now) {
        return failure(
            ErrorCode::OutcomeUnknown,
            Text::tr("Nobody knows whether %1 is suspended now: Render did not answer any more. Refresh when "
                     "it does.")
                .arg(service.name),
            lost ? lost->message : now.error().message);
    }
    if (lost) {
        return failure(*lost);
    }
    return failure(ErrorCode::Conflict,
                   isSuspended
                       ? Text::tr("Render was asked to suspend %1, but says that it still runs. Refresh in a "
                                  "minute, or look at the dashboard.")
                             .arg(service.name)
                       : Text::tr("Render was asked to let %1 run again, but says that it is still suspended (by "
                                  "%2). Look at the dashboard.")
                             .arg(service.name, now->suspenders.join(QStringLiteral(", "))));
}

Error needsCard(const Error &error)
{
    Error plain = error;
    plain.code = ErrorCode::NotAllowed;
    plain.message =
        Text::tr("Render asks for a payment card before it creates this, even on the free plan. Nothing was "
                 "created. Add a card at https://dashboard.render.com/billing, or create the service in the "
                 "dashboard. Render says: %1")
            .arg(error.message);
    return plain;
}

} // namespace

Result<Service> suspendAndCheck(RenderClient &client, const Service &service, const JobContext &context)
{
    context.report({Text::tr("Suspending %1").arg(service.name), 0, 0, {}});
    const Result<void> asked = client.suspendService(service.id);
    if (!asked && !mayHaveHappened(asked.error())) {
        return failure(asked.error());
    }
    return waitFor(client, service, true, asked ? std::nullopt : std::optional(asked.error()), context);
}

Result<Service> resumeAndCheck(RenderClient &client, const Service &service, const JobContext &context)
{
    context.report({Text::tr("Resuming %1").arg(service.name), 0, 0, {}});
    const Result<void> asked = client.resumeService(service.id);
    if (!asked && !mayHaveHappened(asked.error())) {
        return failure(asked.error());
    }
    return waitFor(client, service, false, asked ? std::nullopt : std::optional(asked.error()), context);
}

Result<Service> createServiceOnce(RenderClient &client, const ServiceDraft &draft, const JobContext &context)
{
    constexpr int paymentRequired = 402;
    context.report({Text::tr("Creating %1").arg(draft.name), 0, 0, {}});
    const Result<QList<Service>> before = client.services(draft.ownerId, draft.name);
    if (!before) {
        return failure(before.error());
    }
    if (!before->isEmpty()) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("There is a service “%1” in this workspace already (%2). Choose "
                                "another name, or point that one to the database.")
                           .arg(draft.name, before->first().url));
    }
    Result<Service> made = client.createService(draft);
    if (made) {
        return made;
    }
    if (made.error().httpStatus == paymentRequired) {
        return failure(needsCard(made.error()));
    }
    if (!mayHaveHappened(made.error())) {
        return made;
    }
    const Result<QList<Service>> after = client.services(draft.ownerId, draft.name);
    if (after && after->size() == 1) {
        context.log(Text::tr("The answer was lost, but %1 is there: it was created once.").arg(draft.name));
        return after->first();
    }
    Error error = made.error();
    error.message =
        after ? Text::tr("Render's answer was lost, and there is no service “%1”: it was probably not created. "
                         "Refresh, and try again if it is still not there.")
                    .arg(draft.name)
              : Text::tr("Render's answer was lost: nobody knows whether “%1” was created. Refresh when Render "
                         "answers, and create it only if it is not there.")
                    .arg(draft.name);
    error.detail = made.error().message;
    return failure(error);
}

} // namespace Roost
