#include "operations/connectiondoctorremedies.h"

#include "operations/instancechanges.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionDoctor)
};

Result<PostgresInstance> instanceNow(const RenderAccess &access, const QString &renderId, const JobContext &context)
{
    RenderClient client(access, JobContext(context.stopToken()));
    return client.instance(renderId);
}

} // namespace

Result<void> allowAddress(const RenderAccess &access, const QString &renderId, const QString &address,
                          JobContext &context)
{
    const QString range = address.contains(u'/') ? address : address + QStringLiteral("/32");
    if (const QString problem = cidrProblem(range); !problem.isEmpty()) {
        return failure(ErrorCode::InvalidInput, problem);
    }
    const auto instance = instanceNow(access, renderId, context);
    if (!instance) {
        return failure(instance.error());
    }
    if (isAllowed(range.section(u'/', 0, 0), instance->allowedAddresses)) {
        return {};
    }
    const auto addresses = instance->allowedAddresses + QList<AllowedAddresses>{{range, Text::tr("added by Roost")}};
    const auto changed = setAllowedAddresses(access, {*instance}, addresses, context);
    return changed ? Result<void>() : failure(changed.error());
}

Result<void> resumeById(const RenderAccess &access, const QString &renderId, JobContext &context)
{
    const auto instance = instanceNow(access, renderId, context);
    if (!instance) {
        return failure(instance.error());
    }
    const auto resumed = resumeInstance(access, {*instance}, context);
    return resumed ? Result<void>() : failure(resumed.error());
}

} // namespace Roost
