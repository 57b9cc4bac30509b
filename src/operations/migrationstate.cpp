#include "operations/migrationstate.h"

#include "operations/migration.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationState)
};

QJsonObject merged(QJsonObject into, const QJsonObject &from)
{
    for (auto it = from.begin(); it != from.end(); ++it) {
        const QJsonValue before = into[it.key()];
        into[it.key()] = before.isObject() && it->isObject() ? QJsonValue(merged(before.toObject(), it->toObject()))
                                                             : QJsonValue(*it);
    }
    return into;
}

void take(MigrationState &state, const MigrationEvent &event)
{
    using Status = MigrationStepState::Status;
    state.lastAt = event.at;
    if (event.kind == u"end") {
        state.end =
            event.data[u"how"].toString() == u"finished" ? MigrationState::End::Finished : MigrationState::End::GivenUp;
        return;
    }
    const auto step = migrationStepOf(event.step);
    if (!step) {
        return; // of a later version; nothing that was done depends on it
    }
    MigrationStepState &its = state.steps[*step];
    if (event.kind == u"begin") {
        its.status = Status::Begun;
        its.begunAt = event.at;
        its.endedAt = {};
        its.problem.clear();
        its.detail.clear();
        its.question.clear();
        ++its.attempts;
    } else if (event.kind == u"note") {
        state.facts[*step] = merged(state.facts.value(*step), event.data);
    } else if (event.kind == u"ask") {
        its.status = Status::Asked;
        its.question = event.data[u"question"].toString();
    } else if (event.kind == u"done") {
        its.status = Status::Done;
        its.summary = event.data[u"summary"].toString();
        its.endedAt = event.at;
    } else if (event.kind == u"failed") {
        its.status = Status::Failed;
        its.problem = event.data[u"problem"].toString();
        its.detail = event.data[u"detail"].toString();
        its.endedAt = event.at;
    } else if (event.kind == u"reopened") {
        its = {};
    } else if (event.kind == u"undone") {
        its = {};
        state.facts.remove(*step);
    }
}

QJsonObject ofDatabase(const MigrationState &state, MigrationStep step, const QString &database)
{
    return state.facts.value(step)[u"databases"][database].toObject();
}

} // namespace

const MigrationStepState &MigrationState::step(MigrationStep step) const
{
    static const MigrationStepState waiting;
    const auto it = steps.constFind(step);
    return it == steps.cend() ? waiting : *it;
}

std::optional<MigrationStep> MigrationState::next() const
{
    for (const MigrationStep each : stepsOf(plan.path)) {
        if (!isDone(each)) {
            return each;
        }
    }
    return std::nullopt;
}

bool MigrationState::isPastGate() const
{
    using Status = MigrationStepState::Status;
    const MigrationStepState &retire = step(MigrationStep::RetireOld);
    // Before Render is asked for anything, its fate is written down; what the user presses at a dashboard is not.
    const bool mayHaveBegun =
        plan.isByHand() ? retire.status != Status::Waiting &&
                              (retire.status != Status::Asked || retire.question != keyOf(MigrationQuestion::Gate))
                        : retire.status == Status::Done;
    return !fateOfOld().isEmpty() || mayHaveBegun || step(MigrationStep::Upgrade).status != Status::Waiting;
}

QJsonObject MigrationState::backupOf(const QString &database) const
{
    return ofDatabase(*this, MigrationStep::BackUp, database);
}

QJsonObject MigrationState::proofOf(const QString &database) const
{
    return ofDatabase(*this, MigrationStep::Prove, database);
}

QJsonObject MigrationState::secondCopyOf(const QString &database) const
{
    return ofDatabase(*this, MigrationStep::SecondCopy, database);
}

QString MigrationState::newInstanceId() const
{
    return facts.value(MigrationStep::CreateNew)[u"id"].toString();
}

std::optional<ConnectionParameters> MigrationState::newConnection() const
{
    const QJsonObject connection = facts.value(MigrationStep::AwaitNew)[u"connection"].toObject();
    return connection.isEmpty() ? std::nullopt : std::optional(connectionFromJson(connection));
}

QString MigrationState::newSecretId() const
{
    return QStringLiteral("migration-") + plan.id;
}

QString MigrationState::fateOfOld() const
{
    return facts.value(MigrationStep::RetireOld)[u"fate"].toString();
}

Result<MigrationState> stateOf(const QList<MigrationEvent> &events)
{
    if (events.isEmpty() || events.first().kind != u"plan") {
        return failure(ErrorCode::InvalidInput, Text::tr("The journal of the migration has no plan in it."));
    }
    auto plan = planFromJson(events.first().data);
    if (!plan) {
        return failure(plan.error());
    }
    MigrationState state;
    state.plan = std::move(*plan);
    for (const MigrationEvent &event : events) {
        take(state, event);
    }
    return state;
}

} // namespace Roost
