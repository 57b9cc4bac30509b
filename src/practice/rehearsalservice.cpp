#include "practice/rehearsalservice.h"

#include "operations/deployapp.h"
#include "operations/pointservice.h"
#include "operations/servicedeploy.h"
#include "operations/servicelife.h"

namespace Roost {

namespace {

Result<void> point(RenderClient &client, const RenderAccess &access, const Service &service, const PointTarget &target,
                   const RenderPatience &patience, const JobContext &context)
{
    PointRequest request;
    request.serviceId = service.id;
    request.target = target;
    request.database = QStringLiteral("bird_app_db");
    auto plan = planPoint(client, request, context);
    if (!plan) {
        return failure(plan.error());
    }
    for (VariableChange &change : plan->changes) {
        change.isWanted = true;
    }
    return changeVariables(access, *plan, context, patience.times);
}

Result<void> deploy(RenderClient &client, const Service &service, const RenderPatience &patience,
                    const JobContext &context)
{
    if (service.isSuspended) {
        if (const auto resumed = resumeAndCheck(client, service, context); !resumed) {
            return failure(resumed.error());
        }
    }
    const auto live = deployAndFollow(client, {service, {}, patience.firstPoll}, context);
    return live ? Result<void>() : failure(live.error());
}

} // namespace

Result<QString> pointSampleService(const RenderAccess &access, const QString &instanceId,
                                   const RenderPatience &patience, const JobContext &context)
{
    RenderClient client(access, context, patience.times);
    const auto services = client.services({}, QStringLiteral("bird-app"));
    if (!services || services->isEmpty()) {
        return services ? Result<QString>(QString()) : failure(services.error());
    }
    const Service &service = services->first();
    const auto target = readPointTarget(client, instanceId);
    if (!target) {
        return failure(target.error());
    }
    if (const auto pointed = point(client, access, service, *target, patience, context); !pointed) {
        return failure(pointed.error());
    }
    if (const auto live = deploy(client, service, patience, context); !live) {
        return failure(live.error());
    }
    return service.id;
}

} // namespace Roost
