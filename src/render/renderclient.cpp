#include "render/renderclient.h"

#include "core/redact.h"
#include "render/renderclientprivate.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RenderClient)
};

using Kind = RenderCall::Kind;

/// Narrows a list to a workspace and, as far as Render's filter can say it, to a name.
void narrow(RenderCall &call, const QString &ownerId, const QString &name)
{
    if (!ownerId.isEmpty()) {
        call.ask("ownerId", ownerId);
    }
    if (!name.isEmpty() && !name.contains(u',')) { // a comma would stand between two names
        call.ask("name", name);
    }
}

QString path(const QString &id, const QString &rest = {})
{
    return QStringLiteral("/postgres/") + id + rest;
}

} // namespace

QString pathPart(const QString &name)
{
    const bool isOdd = std::any_of(name.begin(), name.end(), [](QChar c) { return c < u' ' || c == QChar(0x7f); });
    if (isOdd || name == u"." || name == u"..") { // would be another path
        return {};
    }
    return QString::fromLatin1(QUrl::toPercentEncoding(name));
}

tl::unexpected<Error> notAnId(const QString &id)
{
    return failure(
        ErrorCode::InvalidInput,
        id.isEmpty() ? Text::tr("Nothing was sent: it is not known at Render yet, so it has no id.")
                     : Text::tr("Nothing was sent: “%1” is not an id of Render's for this.").arg(redact(id.left(80))));
}

tl::unexpected<Error> notAName(const QString &name)
{
    return failure(ErrorCode::InvalidInput,
                   name.isEmpty() ? Text::tr("Nothing was sent: the name is empty.")
                                  : Text::tr("Nothing was sent: “%1” cannot be a name here.").arg(name.left(80)));
}

bool isOwnerId(const QString &id)
{
    return isRenderId(id, "tea") || isRenderId(id, "own") || isRenderId(id, "usr");
}

RenderClient::RenderClient(RenderAccess access, JobContext context, RenderTimes times)
    : d(std::make_unique<Private>(std::move(access), std::move(context), times))
{
}

RenderClient::~RenderClient() = default;

std::optional<std::chrono::seconds> RenderClient::clockOffset() const
{
    return d->link.clockOffset();
}

Result<RenderUser> RenderClient::user()
{
    return d->one(RenderCall::read(QStringLiteral("/users"), Text::tr("say whose key it is")), &readUser);
}

Result<QList<Owner>> RenderClient::owners()
{
    return d->all(RenderCall::read(QStringLiteral("/owners"), Text::tr("list the workspaces")), "owner", &readOwner);
}

Result<Owner> RenderClient::owner(const QString &id)
{
    if (!isOwnerId(id)) {
        return notAnId(id);
    }
    return d->one(RenderCall::read(QStringLiteral("/owners/") + id, Text::tr("look up the workspace")), &readOwner);
}

Result<QList<PostgresInstance>> RenderClient::instances(const QString &ownerId, const QString &name)
{
    if (!ownerId.isEmpty() && !isOwnerId(ownerId)) {
        return notAnId(ownerId);
    }
    RenderCall call = RenderCall::read(QStringLiteral("/postgres"), Text::tr("list the databases"));
    narrow(call, ownerId, name);
    auto all = d->all(call, "postgres", &readInstance);
    if (all && !name.isEmpty()) {
        all->removeIf([&](const PostgresInstance &instance) { return instance.name != name; });
    }
    return all;
}

Result<PostgresInstance> RenderClient::instance(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->one(RenderCall::read(path(id), Text::tr("look up the database")), &readInstance);
}

Result<PostgresInstance> RenderClient::createInstance(const PostgresDraft &draft)
{
    if (!isOwnerId(draft.ownerId)) {
        return notAnId(draft.ownerId);
    }
    if (draft.name.trimmed().isEmpty()) {
        return notAName({});
    }
    const RenderCall call = RenderCall::write(Kind::Once, "POST", QStringLiteral("/postgres"),
                                              Text::tr("create the database “%1”").arg(draft.name))
                                .inBucket("POST /postgres")
                                .with(bodyOf(draft));
    return d->one(call, &readInstance);
}

Result<PostgresInstance> RenderClient::updateInstance(const QString &id, const PostgresChanges &changes)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    const RenderCall call =
        RenderCall::write(Kind::Set, "PATCH", path(id), Text::tr("change the database")).with(bodyOf(changes));
    return d->one(call, &readInstance);
}

Result<void> RenderClient::deleteInstance(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->done(RenderCall::write(Kind::Once, "DELETE", path(id), Text::tr("delete the database")));
}

Result<PostgresConnectionInfo> RenderClient::connectionInfo(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->one(
        RenderCall::read(path(id, QStringLiteral("/connection-info")), Text::tr("tell how to connect to the database")),
        &readConnectionInfo);
}

Result<void> RenderClient::suspendInstance(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->done(
        RenderCall::write(Kind::Once, "POST", path(id, QStringLiteral("/suspend")), Text::tr("suspend the database")));
}

Result<void> RenderClient::resumeInstance(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->done(
        RenderCall::write(Kind::Once, "POST", path(id, QStringLiteral("/resume")), Text::tr("resume the database")));
}

Result<QList<PostgresCredential>> RenderClient::credentials(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->list(RenderCall::read(path(id, QStringLiteral("/credentials")), Text::tr("list the database's users")),
                   "credentials", &readCredential);
}

Result<void> RenderClient::createCredential(const QString &id, const QString &username)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    if (username.isEmpty()) {
        return notAName(username);
    }
    return d->done(RenderCall::write(Kind::Once, "POST", path(id, QStringLiteral("/credentials")),
                                     Text::tr("create the user “%1”").arg(username))
                       .with({{QStringLiteral("username"), username}}));
}

Result<void> RenderClient::deleteCredential(const QString &id, const QString &username)
{
    const QString part = pathPart(username);
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    if (part.isEmpty()) {
        return notAName(username);
    }
    return d->done(RenderCall::write(Kind::Once, "DELETE", path(id, QStringLiteral("/credentials/")) + part,
                                     Text::tr("delete the user “%1”").arg(username)));
}

Result<QList<PostgresSize>> RenderClient::sizes(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->list(RenderCall::read(path(id, QStringLiteral("/query/sizes")), Text::tr("tell the database's sizes")),
                   "sizes", &readSize);
}

Result<QList<PostgresProcess>> RenderClient::processes(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->list(
        RenderCall::read(path(id, QStringLiteral("/query/processes")), Text::tr("list who uses the database")),
        "processes", &readProcess);
}

Result<QList<PostgresExport>> RenderClient::exports(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->list(RenderCall::read(path(id, QStringLiteral("/export")), Text::tr("list the database's exports")),
                   "exports", &readExport);
}

Result<void> RenderClient::startExport(const QString &id)
{
    if (!isRenderId(id, "dpg")) {
        return notAnId(id);
    }
    return d->done(
        RenderCall::write(Kind::Once, "POST", path(id, QStringLiteral("/export")), Text::tr("export the database")));
}

} // namespace Roost
