#include "operations/servicereferences.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ServiceReferences)
};

/// The groups of a service, the newest first.
QList<EnvironmentGroup> groupsOf(const QString &serviceId, const QList<EnvironmentGroup> &groups)
{
    QList<EnvironmentGroup> linked;
    std::copy_if(groups.begin(), groups.end(), std::back_inserter(linked),
                 [&](const EnvironmentGroup &group) { return group.serviceIds.contains(serviceId); });
    std::stable_sort(linked.begin(), linked.end(),
                     [](const EnvironmentGroup &a, const EnvironmentGroup &b) { return a.createdAt > b.createdAt; });
    return linked;
}

/// Reads and remembers what could not be read.
class Reading
{
public:
    Reading(RenderClient &client, const ReferencesRequest &request, const JobContext &context)
        : m_client(client)
        , m_request(request)
        , m_context(context)
    {
    }

    Result<AccountReferences> run()
    {
        if (Result<void> read = readGroups(); !read) {
            return failure(read.error());
        }
        for (const Service &service : m_request.services) {
            m_context.report({Text::tr("Reading the variables of %1").arg(service.name),
                              m_found.services.size(),
                              m_request.services.size(),
                              {}});
            if (Result<void> read = readService(service); !read) {
                return failure(read.error());
            }
        }
        return m_found;
    }

private:
    /// Nothing is worth going on when the key is refused or the user has cancelled.
    static bool endsAll(const Error &error)
    {
        constexpr int unauthorized = 401;
        return error.isCancelled() || error.httpStatus == unauthorized;
    }

    Result<void> gap(const Error &error, const QString &what)
    {
        if (endsAll(error)) {
            return failure(error);
        }
        m_found.gaps += what + u' ' + error.message;
        return {};
    }

    Result<void> readGroups()
    {
        m_context.report({Text::tr("Reading environment groups"), 0, 0, {}});
        ++m_found.requests;
        Result<QList<EnvironmentGroup>> groups = m_client.environmentGroups();
        if (!groups) {
            return gap(groups.error(), Text::tr("The environment groups could not be read."));
        }
        for (EnvironmentGroup &group : *groups) {
            const bool isUsed = std::any_of(m_request.services.begin(), m_request.services.end(),
                                            [&](const Service &s) { return group.serviceIds.contains(s.id); });
            if (isUsed) {
                ++m_found.requests;
                Result<EnvironmentGroup> whole = m_client.environmentGroup(group.id);
                if (whole) {
                    m_groupVariables[group.id] = whole->variables;
                } else if (Result<void> noted = gap(
                               whole.error(), Text::tr("The environment group %1 could not be read.").arg(group.name));
                           !noted) {
                    return noted;
                }
            }
            group.variables.clear();
            m_found.groups += group;
        }
        return {};
    }

    Result<void> readService(const Service &service)
    {
        ServiceReferences found;
        found.service = service;
        ++m_found.requests;
        const Result<QList<EnvironmentVariable>> variables = m_client.variables(service.id);
        if (!variables) {
            if (Result<void> noted =
                    gap(variables.error(), Text::tr("The variables of %1 could not be read.").arg(service.name));
                !noted) {
                return noted;
            }
        } else {
            found.references = referencesAmong(*variables, {service.id, service.name, false}, m_request.instances,
                                               m_request.addresses);
            for (const EnvironmentVariable &variable : *variables) {
                found.keys += variable.key;
            }
            found.keys.sort();
        }
        addGroups(found);
        if (m_request.readsDeploys) {
            ++m_found.requests;
            if (const Result<QList<Deploy>> deploys = m_client.deploys(service.id, 1); deploys && !deploys->isEmpty()) {
                found.latestDeploy = deploys->first();
            } else if (!deploys && endsAll(deploys.error())) {
                return failure(deploys.error());
            }
        }
        m_found.services += found;
        return {};
    }

    /// A service's own value comes before a group's, and a newer group's before an older one's.
    void addGroups(ServiceReferences &found) const
    {
        QMap<QString, QString> ruling;
        for (const QString &key : std::as_const(found.keys)) {
            ruling.insert(key, found.service.name);
        }
        for (const EnvironmentGroup &group : groupsOf(found.service.id, m_found.groups)) {
            const VariableHolder holder{group.id, group.name, true};
            const QList<EnvironmentVariable> variables = m_groupVariables.value(group.id);
            found.groups += holder;
            for (VariableReference reference :
                 referencesAmong(variables, holder, m_request.instances, m_request.addresses)) {
                reference.overruledBy = ruling.value(reference.key);
                found.references += reference;
            }
            for (const EnvironmentVariable &variable : variables) {
                if (!ruling.contains(variable.key)) {
                    ruling.insert(variable.key, group.name);
                }
            }
        }
    }

    RenderClient &m_client;
    const ReferencesRequest &m_request;
    const JobContext &m_context;
    AccountReferences m_found;
    QMap<QString, QList<EnvironmentVariable>> m_groupVariables;
};

} // namespace

const ServiceReferences *AccountReferences::find(const QString &serviceId) const
{
    const auto found = std::find_if(services.begin(), services.end(), [&serviceId](const ServiceReferences &each) {
        return each.service.id == serviceId;
    });
    return found == services.end() ? nullptr : &*found;
}

QStringList AccountReferences::servicesOf(const QString &groupId) const
{
    QStringList names;
    for (const ServiceReferences &each : services) {
        const bool isLinked = std::any_of(each.groups.begin(), each.groups.end(),
                                          [&groupId](const VariableHolder &group) { return group.id == groupId; });
        if (isLinked) {
            names += each.service.name;
        }
    }
    return names;
}

Result<AccountReferences> findReferences(RenderClient &client, const ReferencesRequest &request,
                                         const JobContext &context)
{
    return Reading(client, request, context).run();
}

} // namespace Roost
