#include "operations/instanceconnection.h"

#include "postgres/connectionstring.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(InstanceConnection)
};

Error withLead(Error error, const QString &id)
{
    if (!error.isCancelled()) {
        error.message = Text::tr("The connection of %1 could not be taken from Render. %2").arg(id, error.message);
    }
    return error;
}

} // namespace

Result<ConnectionSpec> connectionOf(const RenderAccess &access, const QString &renderId, JobContext &context,
                                    const RenderTimes &times)
{
    if (!isRenderId(renderId, "dpg")) {
        return failure(ErrorCode::InvalidInput, Text::tr("\"%1\" is no id of an instance.").arg(renderId));
    }
    context.report({Text::tr("Taking the connection from Render"), 0, 0, {}, -1});
    RenderClient client(access, context, times);
    const auto info = client.connectionInfo(renderId);
    if (!info) {
        return failure(withLead(info.error(), renderId));
    }
    const Secret &url = info->externalUrl.isEmpty() ? info->internalUrl : info->externalUrl;
    const auto parsed = parseConnectionString(url.reveal());
    if (!parsed) {
        return failure(withLead(parsed.error(), renderId));
    }
    ConnectionSpec spec{parsed->parameters, parsed->password.isEmpty() ? info->password : parsed->password};
    if (parsed->isInternal) {
        const auto instance = client.instance(renderId);
        if (!instance) {
            return failure(withLead(instance.error(), renderId));
        }
        spec.parameters.host = externalRenderHost(parsed->parameters.host, instance->region);
    }
    // Practice's instances are on this computer, where there is nobody in between.
    spec.parameters.tls = spec.parameters.isLoopback() ? TlsMode::Optional : TlsMode::Verified;
    return spec;
}

} // namespace Roost
