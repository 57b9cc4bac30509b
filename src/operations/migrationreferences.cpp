#include "operations/migrationreferences.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationReferences)
};

const EnvironmentVariable *variableIn(const VariableSource &source, const QString &key)
{
    const auto found = std::find_if(source.variables.begin(), source.variables.end(),
                                    [&key](const EnvironmentVariable &each) { return each.key == key; });
    return found == source.variables.end() ? nullptr : &*found;
}

bool isUsedBy(const VariableSource &source, const QString &serviceId)
{
    return std::any_of(source.users.begin(), source.users.end(),
                       [&serviceId](const Service &each) { return each.id == serviceId; });
}

Result<void> readGroups(RenderClient &client, AccountVariables &all)
{
    Result<QList<EnvironmentGroup>> groups = client.environmentGroups();
    if (!groups) {
        return failure(groups.error());
    }
    std::stable_sort(groups->begin(), groups->end(),
                     [](const EnvironmentGroup &a, const EnvironmentGroup &b) { return a.createdAt > b.createdAt; });
    for (const EnvironmentGroup &group : std::as_const(*groups)) {
        const Result<EnvironmentGroup> whole = client.environmentGroup(group.id);
        if (!whole && whole.error().code == ErrorCode::NotFound) {
            continue;
        }
        if (!whole) {
            return failure(whole.error());
        }
        VariableSource source{{group.id, group.name, true}, whole->variables, {}};
        std::copy_if(all.services.begin(), all.services.end(), std::back_inserter(source.users),
                     [&](const Service &each) { return whole->serviceIds.contains(each.id); });
        all.sources += source;
    }
    return {};
}

/// The scheme stays, too: an app that runs with postgres:// expects it.
Secret withOldScheme(const Secret &value, const QString &old)
{
    const QString without = QStringLiteral("postgres://");
    const QString with = QStringLiteral("postgresql://");
    const QString text = value.reveal();
    const bool wasShort = old.trimmed().startsWith(without, Qt::CaseInsensitive);
    return wasShort && text.startsWith(with) ? Secret(without + text.mid(with.size())) : value;
}

/// The changes of one holder.
class Planning
{
public:
    Planning(const VariableSource &source, const Repointing &repointing)
        : m_source(source)
        , m_repointing(repointing)
        , m_reach(reachOf(source.users, repointing.to))
    {
    }

    Result<void> run(RepointPlan &plan) const
    {
        QList<VariableChange> hosts;
        for (const VariableReference &each :
             referencesAmong(m_source.variables, m_source.holder, {m_repointing.from}, m_repointing.addresses)) {
            if (each.renderId != m_repointing.from.id) {
                continue;
            }
            if (each.part == VariablePart::Other) {
                plan.others += each;
                continue;
            }
            const Result<VariableChange> change = changeOf(each);
            if (!change) {
                return failure(change.error());
            }
            if (!change->newValue->isSameAs(*change->oldValue)) {
                (each.part == VariablePart::Host ? hosts : plan.changes) += *change;
            }
        }
        plan.changes += hosts;
        return {};
    }

private:
    Result<VariableChange> changeOf(const VariableReference &reference) const
    {
        const EnvironmentVariable &variable = *variableIn(m_source, reference.key);
        const QString old = variable.value.reveal();
        const Result<PlannedValue> planned = plannedValue(reference.part, old, m_repointing.to, m_reach,
                                                          m_repointing.databases.value(reference.database));
        if (!planned) {
            return failure(planned.error());
        }
        VariableChange change;
        change.holder = m_source.holder;
        change.key = reference.key;
        change.part = reference.part;
        change.oldValue = variable.value;
        change.newValue = reference.part == VariablePart::Url ? withOldScheme(planned->value, old) : planned->value;
        change.oldShown = reference.shown;
        change.newShown = maskedVariable(reference.part, change.newValue->reveal());
        change.why = m_reach.why;
        for (const Service &user : m_source.users) {
            change.sharedBy += user.name;
        }
        return change;
    }

    const VariableSource &m_source;
    const Repointing &m_repointing;
    const Reach m_reach;
};

} // namespace

const VariableSource *AccountVariables::ruling(const QString &serviceId, const QString &key) const
{
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const VariableSource &each) {
        return isUsedBy(each, serviceId) && variableIn(each, key) != nullptr;
    });
    return found == sources.end() ? nullptr : &*found;
}

Result<AccountVariables> readAccountVariables(RenderClient &client, const JobContext &context)
{
    context.report({Text::tr("Looking for the services"), 0, 0, {}});
    const Result<QList<Service>> services = client.services();
    if (!services) {
        return failure(services.error());
    }
    AccountVariables all;
    for (qsizetype i = 0; i < services->size(); ++i) {
        const Service &service = services->at(i);
        context.report({Text::tr("Reading the variables of %1").arg(service.name), i, services->size(), {}});
        const Result<QList<EnvironmentVariable>> variables = client.variables(service.id);
        if (!variables && variables.error().code == ErrorCode::NotFound) {
            continue;
        }
        if (!variables) {
            return failure(variables.error());
        }
        all.services += service;
        all.sources += {{service.id, service.name, false}, *variables, {service}};
    }
    context.report({Text::tr("Reading environment groups"), 0, 0, {}});
    if (const Result<void> read = readGroups(client, all); !read) {
        return failure(read.error());
    }
    return all;
}

Result<RepointPlan> planRepoint(const AccountVariables &all, const Repointing &repointing)
{
    RepointPlan plan;
    for (const VariableSource &source : all.sources) {
        if (const Result<void> planned = Planning(source, repointing).run(plan); !planned) {
            return failure(planned.error());
        }
    }
    for (const VariableChange &change : std::as_const(plan.changes)) {
        for (const Service &service : all.services) {
            const VariableSource *ruling = all.ruling(service.id, change.key);
            if (ruling != nullptr && ruling->holder == change.holder) {
                plan.affected.insert(service.id, service);
            }
        }
    }
    return plan;
}

QString variableId(const VariableHolder &holder, const QString &key)
{
    return holder.id + u'/' + key;
}

} // namespace Roost
