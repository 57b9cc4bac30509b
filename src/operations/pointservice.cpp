#include "operations/pointservice.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PointService)
};

/// A service, and every variable that it sees, by holder.
struct Sight
{
    struct Held
    {
        VariableHolder holder;
        QList<EnvironmentVariable> variables;
        QList<Service> users; ///< of the variables
    };
    Service service;
    QList<Held> holders; ///< the service first, then its groups, the newest first
};

Result<QList<Service>> usersOf(RenderClient &client, const EnvironmentGroup &group, const Service &known)
{
    QList<Service> users;
    for (const QString &id : group.serviceIds) {
        if (id == known.id) {
            users += known;
            continue;
        }
        Result<Service> user = client.service(id);
        if (!user) {
            return failure(user.error());
        }
        users += *user;
    }
    return users;
}

Result<Sight> lookAt(RenderClient &client, const QString &serviceId)
{
    Sight sight;
    Result<Service> service = client.service(serviceId);
    if (!service) {
        return failure(service.error());
    }
    sight.service = *service;
    Result<QList<EnvironmentVariable>> own = client.variables(serviceId);
    if (!own) {
        return failure(own.error());
    }
    sight.holders += {{service->id, service->name, false}, *own, {*service}};
    Result<QList<EnvironmentGroup>> groups = client.environmentGroups(service->ownerId);
    if (!groups) {
        return failure(groups.error());
    }
    std::stable_sort(groups->begin(), groups->end(),
                     [](const EnvironmentGroup &a, const EnvironmentGroup &b) { return a.createdAt > b.createdAt; });
    for (const EnvironmentGroup &group : std::as_const(*groups)) {
        if (!group.serviceIds.contains(serviceId)) {
            continue;
        }
        Result<EnvironmentGroup> whole = client.environmentGroup(group.id);
        if (!whole) {
            return failure(whole.error());
        }
        Result<QList<Service>> users = usersOf(client, *whole, *service);
        if (!users) {
            return failure(users.error());
        }
        sight.holders += {{group.id, group.name, true}, whole->variables, *users};
    }
    return sight;
}

QStringList namesOf(const QList<Service> &services)
{
    QStringList names;
    std::transform(services.begin(), services.end(), std::back_inserter(names),
                   [](const Service &service) { return service.name; });
    names.sort();
    return names;
}

const EnvironmentVariable *variableIn(const Sight::Held &held, const QString &key)
{
    const auto found = std::find_if(held.variables.begin(), held.variables.end(),
                                    [&key](const EnvironmentVariable &each) { return each.key == key; });
    return found == held.variables.end() ? nullptr : &*found;
}

/// Where a key's value comes from for the service: itself, else its newest group that has it.
const Sight::Held &holderOf(const Sight &sight, const QString &key)
{
    const auto found = std::find_if(sight.holders.begin(), sight.holders.end(),
                                    [&key](const Sight::Held &held) { return variableIn(held, key) != nullptr; });
    return found == sight.holders.end() ? sight.holders.first() : *found;
}

VariablePart partOf(const QString &value, VariablePart otherwise)
{
    const auto mention = databaseIn(value);
    return mention ? mention->part : otherwise;
}

/// Makes a plan's changes, one variable after the other.
class Planning
{
public:
    Planning(const Sight &sight, const PointRequest &request)
        : m_sight(sight)
        , m_request(request)
    {
        m_plan.service = sight.service;
        const Reach reach = reachOf({sight.service}, request.target);
        m_plan.isInternal = reach.isInternal;
        m_plan.why = reach.why;
    }

    Result<VariablePlan> run()
    {
        const Result<void> planned = m_request.keys.isEmpty() ? planFound() : planNamed();
        if (!planned) {
            return failure(planned.error());
        }
        return m_plan;
    }

private:
    Result<void> planNamed()
    {
        for (const QString &key : m_request.keys) {
            const Sight::Held &held = holderOf(m_sight, key);
            const EnvironmentVariable *old = variableIn(held, key);
            const VariablePart part = old ? pieceOf(held, *old) : VariablePart::Url;
            if (Result<void> added = add(held, key, part, true); !added) {
                return added;
            }
        }
        return {};
    }

    /// As what a variable is rewritten that the user names: what its value is, or what it is beside a host.
    VariablePart pieceOf(const Sight::Held &held, const EnvironmentVariable &variable) const
    {
        for (const VariableReference &each :
             referencesAmong(held.variables, held.holder, m_request.instances, m_request.addresses)) {
            if (each.key == variable.key) {
                return each.part;
            }
        }
        return partOf(variable.value.reveal(), VariablePart::Url);
    }

    Result<void> planFound()
    {
        QSet<QString> targets;
        QList<std::pair<const Sight::Held *, VariableReference>> found;
        for (const Sight::Held &held : m_sight.holders) {
            for (const VariableReference &each :
                 referencesAmong(held.variables, held.holder, m_request.instances, m_request.addresses)) {
                if (&holderOf(m_sight, each.key) == &held) { // else it is overruled: the service does not see it
                    found += {&held, each};
                    targets += each.renderId.isEmpty() ? each.host : each.renderId;
                }
            }
        }
        const bool isClear = targets.size() <= 1;
        for (const auto &[held, reference] : found) {
            if (reference.part == VariablePart::Other) {
                m_plan.warnings += Text::tr("%1 names an instance in a form that Roost does not rewrite. Change it in "
                                            "Render's dashboard, under Environment.")
                                       .arg(reference.key);
                continue;
            }
            if (Result<void> added = add(*held, reference.key, reference.part, isClear); !added) {
                return added;
            }
        }
        if (!isClear) {
            m_plan.warnings +=
                Text::tr("The variables of %1 lead to several instances. Choose those that shall be changed.")
                    .arg(m_sight.service.name);
        }
        if (m_plan.changes.isEmpty() && m_plan.alreadySo.isEmpty()) {
            for (const QString &key : usualDatabaseKeys()) {
                if (Result<void> added = add(m_sight.holders.first(), key, VariablePart::Url, true); !added) {
                    return added;
                }
            }
        }
        return {};
    }

    Result<void> add(const Sight::Held &held, const QString &key, VariablePart part, bool isWanted)
    {
        const EnvironmentVariable *old = variableIn(held, key);
        const Reach reach =
            held.holder.isGroup ? reachOf(held.users, m_request.target) : Reach{m_plan.isInternal, m_plan.why};
        const QString oldValue = old ? old->value.reveal() : QString();
        Result<PlannedValue> planned = plannedValue(part, oldValue, m_request.target, reach, m_request.database);
        if (!planned) {
            return failure(planned.error());
        }
        if (!planned->database.isEmpty() && !m_request.existing.isEmpty() &&
            !m_request.existing.contains(planned->database)) {
            return failure(ErrorCode::NotFound,
                           Text::tr("%1 names the database “%2”, which %3 does not have. Choose one of: %4; or create "
                                    "it first.")
                               .arg(key, planned->database, m_request.target.instanceName,
                                    m_request.existing.join(QStringLiteral(", "))));
        }
        if (old && old->value.isSameAs(planned->value)) {
            m_plan.alreadySo += key;
            return {};
        }
        VariableChange change;
        change.holder = held.holder;
        change.key = key;
        change.part = part;
        change.newValue = planned->value;
        change.newShown = planned->shown;
        change.why = reach.why;
        change.notices = planned->notices;
        change.isWanted = isWanted;
        if (old) {
            change.oldValue = old->value;
            change.oldShown =
                maskedVariable(partOf(oldValue, part == VariablePart::Url ? VariablePart::Password : part), oldValue);
        }
        if (held.holder.isGroup) {
            change.sharedBy = namesOf(held.users);
        }
        m_plan.changes += change;
        return {};
    }

    const Sight &m_sight;
    const PointRequest &m_request;
    VariablePlan m_plan;
};

void warnOfGroups(VariablePlan &plan)
{
    QSet<QString> said;
    for (const VariableChange &change : std::as_const(plan.changes)) {
        if (change.sharedBy.size() > 1 && !said.contains(change.holder.id)) {
            said += change.holder.id;
            plan.warnings += Text::tr("The environment group “%1” is shared: the change is for %2.")
                                 .arg(change.holder.name, change.sharedBy.join(QStringLiteral(", ")));
        }
    }
}

/// What may undo the change later, or do more than was asked for.
Result<void> warnOfBuilds(RenderClient &client, VariablePlan &plan)
{
    const Service &service = plan.service;
    if (service.buildCommand.contains(u"seed", Qt::CaseInsensitive) ||
        service.preDeployCommand.contains(u"seed", Qt::CaseInsensitive)) {
        plan.warnings +=
            Text::tr("The build command of %1 seeds the database (%2). Deploying without a build does not run "
                     "it; the next push does, and may double the rows.")
                .arg(service.name, service.buildCommand.contains(u"seed", Qt::CaseInsensitive)
                                       ? service.buildCommand
                                       : service.preDeployCommand);
    }
    const Result<QList<Deploy>> deploys = client.deploys(service.id);
    if (!deploys) {
        if (deploys.error().isCancelled()) {
            return failure(deploys.error());
        }
        return {}; // only a warning depends on it
    }
    const bool isBlueprint = std::any_of(deploys->begin(), deploys->end(),
                                         [](const Deploy &each) { return each.trigger == u"blueprint_sync"; });
    if (isBlueprint) {
        plan.warnings +=
            Text::tr("%1 is managed by a Blueprint: its render.yaml writes the variables again at the next "
                     "sync. Change them there, too.")
                .arg(service.name);
    }
    return {};
}

} // namespace

QList<VariableChange> VariablePlan::wanted() const
{
    QList<VariableChange> chosen;
    std::copy_if(changes.begin(), changes.end(), std::back_inserter(chosen),
                 [](const VariableChange &change) { return change.isWanted; });
    return chosen;
}

Result<VariablePlan> planPoint(RenderClient &client, const PointRequest &request, const JobContext &context)
{
    context.report({Text::tr("Reading the variables"), 0, 0, {}});
    const Result<Sight> sight = lookAt(client, request.serviceId);
    if (!sight) {
        return failure(sight.error());
    }
    Result<VariablePlan> plan = Planning(*sight, request).run();
    if (!plan) {
        return plan;
    }
    warnOfGroups(*plan);
    if (Result<void> warned = warnOfBuilds(client, *plan); !warned) {
        return failure(warned.error());
    }
    return plan;
}

Result<VariablePlan> planUndo(RenderClient &client, const QString &serviceId, const QList<KeptValue> &kept,
                              const JobContext &context)
{
    context.report({Text::tr("Reading the variables"), 0, 0, {}});
    const Result<Sight> sight = lookAt(client, serviceId);
    if (!sight) {
        return failure(sight.error());
    }
    VariablePlan plan;
    plan.service = sight->service;
    for (const KeptValue &each : kept) {
        const auto held = std::find_if(sight->holders.begin(), sight->holders.end(),
                                       [&each](const Sight::Held &one) { return one.holder.id == each.holder.id; });
        if (held == sight->holders.end()) {
            plan.warnings +=
                Text::tr("%1 stood in an environment group that is no longer linked to %2; it is left alone.")
                    .arg(each.key, sight->service.name);
            continue;
        }
        const EnvironmentVariable *now = variableIn(*held, each.key);
        const bool isSame = now ? each.value && now->value.isSameAs(*each.value) : !each.value;
        if (isSame) {
            continue;
        }
        VariableChange change;
        change.holder = held->holder;
        change.key = each.key;
        const auto shown = [](const Secret &value) {
            return maskedVariable(partOf(value.reveal(), VariablePart::Password), value.reveal());
        };
        if (now) {
            change.oldValue = now->value;
            change.oldShown = shown(now->value);
        }
        if (each.value) {
            change.newValue = *each.value;
            change.newShown = shown(*each.value);
        }
        change.sharedBy = held->holder.isGroup ? namesOf(held->users) : QStringList();
        plan.changes += change;
    }
    warnOfGroups(plan);
    return plan;
}

} // namespace Roost
