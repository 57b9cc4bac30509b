#include "operations/deployapp.h"
#include "operations/migrationreferences.h"
#include "operations/migrationservices.h"
#include "storage/keychain.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QUuid>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationVariables)
};

constexpr int mostRounds = 3; ///< somebody may create a service while the others are changed

QString addressOf(const ConnectionParameters &parameters)
{
    return parameters.host + u':' + QString::number(parameters.port);
}

QStringList keysOf(const QList<VariableReference> &references)
{
    QStringList keys;
    for (const VariableReference &each : references) {
        keys += Text::tr("%1 of %2").arg(each.key, each.holder.name);
    }
    return keys;
}

/// The variables of an account's services and groups.
class VariablesRun
{
public:
    VariablesRun(MigrationWork &work, RenderAccess access, PointTarget target)
        : m_work(work)
        , m_access(std::move(access))
        , m_client(m_access, work.context(), work.environment().patience.times)
    {
        const MigrationPlan &plan = work.plan();
        m_repointing = {plan.source, {{addressOf(plan.connection), plan.source.id}}, std::move(target), {}};
        for (const MigrationDatabase &database : plan.databases) {
            const QString name = database.properties.name;
            if (const QString now = databaseOnNew(work.state(), name); now != name) {
                m_repointing.databases.insert(name, now);
            }
        }
    }

    Result<StepOutcome> run()
    {
        QStringList keys;
        for (int round = 0; round < mostRounds; ++round) {
            const Result<AccountVariables> all = readAccountVariables(m_client, m_work.context());
            if (!all) {
                return failure(all.error());
            }
            const Result<RepointPlan> plan = planRepoint(*all, m_repointing);
            if (!plan) {
                return failure(plan.error());
            }
            if (plan->changes.isEmpty()) {
                return finish(*all, *plan);
            }
            if (const auto done = keep(*plan).and_then([&] { return set(plan->changes); }); !done) {
                return failure(done.error());
            }
            keys.clear();
            for (const VariableChange &change : plan->changes) {
                keys += Text::tr("%1 of %2").arg(change.key, change.holder.name);
            }
        }
        return failure(ErrorCode::Conflict,
                       Text::tr("Variables that were set lead to the old instance again: %1. Somebody else, or a "
                                "Blueprint, sets them back. Stop that, and go on.")
                           .arg(keys.join(QStringLiteral(", "))));
    }

private:
    QJsonObject facts() const { return m_work.state().facts.value(MigrationStep::Variables); }
    Result<void> keep(const RepointPlan &plan);
    Result<QDateTime> keptAt();
    Result<void> keepValue(const QString &id, const Secret &value);
    Result<void> set(const QList<VariableChange> &changes);
    Result<void> noteState(const QString &variable, const QString &state);
    Result<void> settle(const AccountVariables &all);
    Result<StepOutcome> finish(const AccountVariables &all, const RepointPlan &plan);
    Result<bool> isLeftOnPurpose(const QStringList &left);
    MigrationPause askForOthers(const QList<VariableReference> &others, bool isRepeated) const;
    QString summary(const QList<VariableReference> &left) const;

    MigrationWork &m_work;
    const RenderAccess m_access;
    RenderClient m_client;
    Repointing m_repointing;
};

/// One time for all, also after an interruption: undoing puts back what was replaced at one time.
Result<QDateTime> VariablesRun::keptAt()
{
    const QString known = facts()[u"keptAt"].toString();
    if (!known.isEmpty()) {
        return QDateTime::fromString(known, Qt::ISODateWithMs);
    }
    const QString now = QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
    const auto noted = m_work.note(MigrationStep::Variables, {{QStringLiteral("keptAt"), now}});
    return noted ? Result<QDateTime>(QDateTime::fromString(now, Qt::ISODateWithMs)) : failure(noted.error());
}

Result<void> VariablesRun::keepValue(const QString &id, const Secret &value)
{
    const auto stored = m_work.environment().keychain.store(id, value, m_work.stopToken());
    if (!stored && stored.error().code == ErrorCode::KeychainAbsent) {
        m_work.context().log(Text::tr("There is no keychain here, so the old values cannot be put back later."));
        return {};
    }
    if (!stored && !stored.error().isCancelled()) {
        Error error = stored.error();
        error.message =
            Text::tr("Nothing was changed yet: an old value could not be put into the keychain. %1").arg(error.message);
        return failure(error);
    }
    return stored;
}

/// All old values are safe and written down before the first of them changes.
Result<void> VariablesRun::keep(const RepointPlan &plan)
{
    const auto at = keptAt();
    const auto known = m_work.environment().keptVariables.all(m_work.plan().accountId);
    if (!at || !known) {
        return failure(at ? known.error() : at.error());
    }
    QList<KeptVariable> records;
    QJsonObject changes;
    for (const VariableChange &change : plan.changes) {
        const QString variable = variableId(change.holder, change.key);
        const QString id =
            QUuid::createUuidV5(QUuid(), m_work.plan().id + u'/' + variable).toString(QUuid::WithoutBraces);
        if (const auto kept = keepValue(id, *change.oldValue); !kept) {
            return kept;
        }
        if (std::none_of(known->begin(), known->end(), [&id](const KeptVariable &each) { return each.id == id; })) {
            records += {id, m_work.plan().accountId, change.holder.id, change.key, true, *at};
        }
        changes[variable] = QJsonObject{{QStringLiteral("service"), change.sharedBy.join(QStringLiteral(", "))},
                                        {QStringLiteral("holder"), change.holder.name},
                                        {QStringLiteral("isGroup"), change.holder.isGroup},
                                        {QStringLiteral("key"), change.key},
                                        {QStringLiteral("keptId"), id},
                                        {QStringLiteral("why"), change.why},
                                        {QStringLiteral("state"), QStringLiteral("kept")}};
    }
    if (const auto added = m_work.environment().keptVariables.add(records); !added) {
        return added;
    }
    QJsonObject services;
    for (const Service &service : plan.affected) {
        services[service.id] = QJsonObject{{QStringLiteral("name"), service.name}};
    }
    return m_work.note(MigrationStep::Variables,
                       {{QStringLiteral("changes"), changes}, {QStringLiteral("services"), services}});
}

Result<void> VariablesRun::noteState(const QString &variable, const QString &state)
{
    return m_work.note(
        MigrationStep::Variables,
        {{QStringLiteral("changes"), QJsonObject{{variable, QJsonObject{{QStringLiteral("state"), state}}}}}});
}

Result<void> VariablesRun::set(const QList<VariableChange> &changes)
{
    for (qsizetype i = 0; i < changes.size(); ++i) {
        const VariableChange &change = changes.at(i);
        const JobContext part = m_work.part(change.key, int(i), int(changes.size()));
        VariablePlan one;
        one.changes = {change};
        const auto changed = changeVariables(m_access, one, part, m_work.environment().patience.times);
        if (!changed) {
            Error error = changed.error();
            if (!error.isCancelled()) {
                error.message = Text::tr("%1 (%2): %3 %4 of %5 variables lead to the new instance so far. Go on, and "
                                         "only the others are set.")
                                    .arg(change.key, change.holder.name, error.message)
                                    .arg(i)
                                    .arg(changes.size());
            }
            return failure(error);
        }
        if (const auto noted = noteState(variableId(change.holder, change.key), QStringLiteral("set")); !noted) {
            return noted;
        }
    }
    return {};
}

/// What became of those that were kept and not seen to be set: by an answer that got lost, or by somebody else.
Result<void> VariablesRun::settle(const AccountVariables &all)
{
    PostgresInstance now;
    now.id = m_repointing.to.instanceId;
    const QMap<QString, QString> addresses{{addressOf(m_repointing.to.external.parameters), now.id}};
    QStringList leading;
    for (const VariableSource &source : all.sources) {
        for (const VariableReference &each : referencesAmong(source.variables, source.holder, {now}, addresses)) {
            if (each.renderId == now.id) {
                leading += variableId(source.holder, each.key);
            }
        }
    }
    const QJsonObject changes = facts()[u"changes"].toObject();
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (it.value()[u"state"].toString() != u"kept") {
            continue;
        }
        const QString state = leading.contains(it.key()) ? QStringLiteral("set") : QStringLiteral("other");
        if (const auto noted = noteState(it.key(), state); !noted) {
            return noted;
        }
    }
    return {};
}

MigrationPause VariablesRun::askForOthers(const QList<VariableReference> &others, bool isRepeated) const
{
    MigrationPause pause;
    pause.step = MigrationStep::Variables;
    pause.question = MigrationQuestion::VariablesSet;
    pause.text = Text::tr("Some variables name the old instance in a form that Roost does not rewrite (a JDBC address, "
                          "or a list of parameters, say). All others are set.");
    for (const VariableReference &each : others) {
        pause.doing += Text::tr("In Render's dashboard, open %1, then Environment, and let %2 lead to the new "
                                "instance, with the values below. Choose “Save only”.")
                           .arg(each.holder.name, each.key);
    }
    const auto add = [&pause](const QString &label, const ConnectionSpec &spec) {
        pause.values += {label, spec.parameters.host + u':' + QString::number(spec.parameters.port), {}, {}};
    };
    add(Text::tr("Host inside Render"), m_repointing.to.internal);
    add(Text::tr("Host outside Render"), m_repointing.to.external);
    pause.values += {Text::tr("User"), m_repointing.to.external.parameters.user, {}, {}};
    pause.values += {Text::tr("Password"), passwordMask(), m_repointing.to.external.password, {}};
    if (isRepeated) {
        for (const QString &each : keysOf(others)) {
            pause.problems +=
                Text::tr("%1 still names the old instance. If that is meant so, answer once more.").arg(each);
        }
    }
    return pause;
}

/// The user was told of exactly these, and says again that all is set.
Result<bool> VariablesRun::isLeftOnPurpose(const QStringList &left)
{
    const QJsonArray now = QJsonArray::fromStringList(left);
    if (facts()[u"left"].toArray() == now) {
        return true;
    }
    const auto noted = m_work.note(MigrationStep::Variables, {{QStringLiteral("left"), now}});
    return noted ? Result<bool>(false) : failure(noted.error());
}

Result<StepOutcome> VariablesRun::finish(const AccountVariables &all, const RepointPlan &plan)
{
    if (const auto settled = settle(all); !settled) {
        return failure(settled.error());
    }
    if (!plan.others.isEmpty()) {
        if (!m_work.takeAnswer(MigrationQuestion::VariablesSet)) {
            return StepOutcome(askForOthers(plan.others, false));
        }
        const auto isLeft = isLeftOnPurpose(keysOf(plan.others));
        if (!isLeft) {
            return failure(isLeft.error());
        }
        if (!*isLeft) {
            return StepOutcome(askForOthers(plan.others, true));
        }
    } else if (!facts()[u"left"].toArray().isEmpty()) {
        if (const auto noted = isLeftOnPurpose({}); !noted) { // they are changed by now
            return failure(noted.error());
        }
    }
    m_work.setSummary(summary(plan.others));
    return StepOutcome();
}

QString VariablesRun::summary(const QList<VariableReference> &left) const
{
    const QJsonObject changes = facts()[u"changes"].toObject();
    const QJsonObject services = facts()[u"services"].toObject();
    if (changes.isEmpty() && left.isEmpty()) {
        return Text::tr("no service's variables led to the old instance");
    }
    QStringList parts{
        Text::tr("%n variable(s) of %1", nullptr, int(changes.size()))
            .arg(services.isEmpty() ? Text::tr("groups") : Text::tr("%n service(s)", nullptr, int(services.size())))};
    QStringList unplanned;
    for (auto it = services.begin(); it != services.end(); ++it) {
        const auto &planned = m_work.plan().services;
        if (std::none_of(planned.begin(), planned.end(), [&](const auto &each) { return each.id == it.key(); })) {
            unplanned += it.value()[u"name"].toString();
        }
    }
    if (!unplanned.isEmpty()) {
        parts +=
            Text::tr("not in the plan, and pointing at the old instance: %1").arg(unplanned.join(QStringLiteral(", ")));
    }
    QStringList foreign;
    for (const QJsonValue each : changes) {
        if (each[u"state"].toString() == u"other") {
            foreign += Text::tr("%1 of %2").arg(each[u"key"].toString(), each[u"holder"].toString());
        }
    }
    if (!foreign.isEmpty()) {
        parts += Text::tr("changed by somebody else meanwhile: %1").arg(foreign.join(QStringLiteral(", ")));
    }
    if (!left.isEmpty()) {
        parts += Text::tr("still naming the old instance: %1").arg(keysOf(left).join(QStringLiteral(", ")));
    }
    return parts.join(QStringLiteral("; "));
}

} // namespace

Result<StepOutcome> rewriteVariables(MigrationWork &work)
{
    if (work.plan().isByHand()) {
        return setVariablesByHand(work);
    }
    const auto access = work.access();
    if (!access) {
        return failure(access.error());
    }
    const QString id = work.state().newInstanceId();
    if (id.isEmpty() || id == work.plan().source.id) {
        return failure(ErrorCode::Conflict, Text::tr("The new instance is not known yet."));
    }
    RenderClient client(*access, work.context(), work.environment().patience.times);
    auto target = readPointTarget(client, id);
    if (!target) {
        return failure(target.error());
    }
    return VariablesRun(work, *access, std::move(*target)).run();
}

} // namespace Roost
