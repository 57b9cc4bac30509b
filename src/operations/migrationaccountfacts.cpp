#include "operations/migrationfacts.h"

#include "operations/servicecall.h"
#include "operations/servicereferences.h"
#include "postgres/renderhost.h"
#include "render/renderclient.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QJsonDocument>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationFacts)
};

/// A free service that sleeps takes a minute to wake; whether it is a bird app is not worth that.
constexpr auto birdPatience = std::chrono::seconds(8);

bool isLoopback(const QString &host)
{
    return host == u"localhost" || QHostAddress(host).isLoopback();
}

/// One look at the account. On the operation's thread.
class AccountReading
{
public:
    AccountReading(MigrationFacts &facts, const MigrationPlanRequest &request, const MigrationEnvironment &environment,
                   const JobContext &context)
        : m_facts(facts)
        , m_request(request)
        , m_context(context)
        , m_client(*facts.access, context, environment.patience.times)
    {
    }

    Result<void> run();

private:
    Result<void> readInstance();
    void readSurroundings();
    void readServices();
    void take(const AccountReferences &found, const ReferencesRequest &request);
    void takeUnlinkedGroups(const AccountReferences &found, const ReferencesRequest &request);
    bool answersBirds(const Service &service) const;

    MigrationFacts &m_facts;
    const MigrationPlanRequest &m_request;
    const JobContext &m_context;
    RenderClient m_client;
};

Result<void> AccountReading::run()
{
    m_context.report({Text::tr("Asking Render about %1").arg(m_facts.profile.name), 0, 0, {}, -1});
    if (auto read = readInstance(); !read) {
        return read;
    }
    if (const auto offset = m_client.clockOffset()) {
        m_facts.now = QDateTime::currentDateTimeUtc().addSecs(offset->count());
    }
    readSurroundings();
    readServices();
    return m_context.isCancelled() ? failure(Error::cancelled()) : Result<void>();
}

Result<void> AccountReading::readInstance()
{
    const QString id = renderIdOf(m_facts.profile);
    if (id.isEmpty()) {
        return failure(ErrorCode::NotFound,
                       Text::tr("It is not known which instance of this account the saved connection %1 leads to. "
                                "Refresh the account, or plan without it.")
                           .arg(m_facts.profile.name));
    }
    auto instance = m_client.instance(id);
    if (!instance) {
        Error error = instance.error();
        if (error.code == ErrorCode::NotFound) {
            error.message = Text::tr("This account has no instance %1: it was deleted, or it belongs to somebody else. "
                                     "Choose the account that it is in, or plan without one.")
                                .arg(id);
        }
        return failure(error);
    }
    m_facts.instance = std::move(*instance);
    return {};
}

void AccountReading::readSurroundings()
{
    auto instances = m_client.instances();
    m_facts.instancesAreKnown = instances.has_value();
    if (instances) {
        m_facts.instances = std::move(*instances);
    } else {
        m_facts.gaps += Text::tr("The other instances could not be read: %1").arg(instances.error().message);
    }
    if (auto owners = m_client.owners()) {
        m_facts.owners = std::move(*owners);
    }
    // A bonus: who else was given a user. Only where Render tells.
    if (const auto credentials = m_client.credentials(m_facts.instance->id)) {
        for (const PostgresCredential &one : *credentials) {
            if (!one.isDefault && one.username != m_facts.instance->databaseUser) {
                m_facts.furtherUsers += one.username;
            }
        }
    }
}

void AccountReading::readServices()
{
    const auto services = m_client.services();
    if (!services) {
        m_facts.gaps += Text::tr("The services could not be read, so it is not known which of them use the instance: "
                                 "%1")
                            .arg(services.error().message);
        return;
    }
    ReferencesRequest request{*services, m_facts.instances, {}, false};
    const PostgresInstance &own = *m_facts.instance;
    if (std::none_of(request.instances.begin(), request.instances.end(),
                     [&own](const PostgresInstance &one) { return one.id == own.id; })) {
        request.instances += own;
    }
    const ConnectionParameters &address = m_facts.profile.parameters;
    if (!address.host.isEmpty()) {
        request.addresses.insert(address.host + u':' + QString::number(address.port), own.id);
    }
    const auto found = findReferences(m_client, request, m_context);
    if (!found) {
        m_facts.gaps += Text::tr("The variables of the services could not be read: %1").arg(found.error().message);
        return;
    }
    m_facts.gaps += found->gaps;
    take(*found, request);
}

void AccountReading::take(const AccountReferences &found, const ReferencesRequest &request)
{
    for (const ServiceReferences &each : found.services) {
        QStringList variables;
        for (const VariableReference &reference : each.references) {
            if (reference.renderId == m_facts.instance->id) {
                variables += reference.holder.isGroup ? Text::tr("%1: %2").arg(reference.holder.name, reference.key)
                                                      : reference.key;
            }
        }
        if (variables.isEmpty()) {
            continue;
        }
        const Service &service = each.service;
        const bool runs = service.type != u"static_site";
        m_facts.services += {service.id,
                             service.name,
                             service.type,
                             service.url,
                             service.healthCheckPath,
                             variables,
                             service.isSuspended,
                             m_request.freezes && runs,
                             answersBirds(service)};
    }
    takeUnlinkedGroups(found, request);
}

void AccountReading::takeUnlinkedGroups(const AccountReferences &found, const ReferencesRequest &request)
{
    for (const EnvironmentGroup &group : found.groups) {
        if (!found.servicesOf(group.id).isEmpty()) {
            continue;
        }
        const auto whole = m_client.environmentGroup(group.id);
        if (!whole) {
            m_facts.gaps +=
                Text::tr("The environment group %1 could not be read. %2").arg(group.name, whole.error().message);
            continue;
        }
        const auto references =
            referencesAmong(whole->variables, {group.id, group.name, true}, request.instances, request.addresses);
        for (const VariableReference &reference : references) {
            if (reference.renderId == m_facts.instance->id) {
                m_facts.unlinkedGroups += Text::tr("%1: %2").arg(group.name, reference.key);
            }
        }
    }
}

bool AccountReading::answersBirds(const Service &service) const
{
    if (service.isSuspended || service.url.isEmpty() || m_context.isCancelled()) {
        return false;
    }
    ServiceCall call;
    call.service = QUrl(service.url);
    call.name = service.name;
    call.patience = birdPatience;
    const auto answer = callService(call, m_context);
    constexpr int fine = 200;
    return answer && answer->status == fine &&
           (answer->isWhole ? QJsonDocument::fromJson(answer->body).isArray()
                            : answer->contentType.contains("json") && answer->body.trimmed().startsWith('['));
}

} // namespace

QString renderIdOf(const Profile &profile)
{
    if (!profile.renderId.isEmpty()) {
        return profile.renderId;
    }
    const QString label = profile.parameters.host.section(u'.', 0, 0);
    return isRenderHost(profile.parameters.host) && isRenderId(label, "dpg") ? label : QString();
}

Result<void> readAccountFacts(MigrationFacts &facts, const MigrationPlanRequest &request,
                              const MigrationEnvironment &environment, JobContext &context)
{
    facts.isByHand = request.accountId.isEmpty();
    if (facts.isByHand) {
        return {};
    }
    const auto access = environment.access(request.accountId, context);
    Result<void> read = {};
    if (access) {
        facts.access = *access;
        // Render itself is never on this computer.
        facts.isPractice = isLoopback(access->api.host());
        read = AccountReading(facts, request, environment, context).run();
    } else {
        read = failure(access.error());
    }
    if (!read && (read.error().isCancelled() || context.isCancelled())) {
        return failure(Error::cancelled());
    }
    if (!read) {
        facts.accountError = read.error();
    }
    return {};
}

} // namespace Roost
