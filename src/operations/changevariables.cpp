// The writing half of pointservice.h.
#include "operations/pointservice.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PointService)
};

using Value = std::optional<Secret>;

bool isSame(const Value &a, const Value &b)
{
    return a.has_value() == b.has_value() && (!a || a->isSameAs(*b));
}

/// What a variable is now; no value when there is none.
Result<Value> valueOf(RenderClient &client, const VariableHolder &holder, const QString &key)
{
    if (holder.isGroup) {
        const Result<EnvironmentGroup> group = client.environmentGroup(holder.id);
        if (!group) {
            return failure(group.error());
        }
        const auto found = std::find_if(group->variables.begin(), group->variables.end(),
                                        [&key](const EnvironmentVariable &each) { return each.key == key; });
        return found == group->variables.end() ? Value() : Value(found->value);
    }
    const Result<EnvironmentVariable> variable = client.variable(holder.id, key);
    if (variable) {
        return Value(variable->value);
    }
    if (variable.error().code != ErrorCode::NotFound) {
        return failure(variable.error());
    }
    // A service that is gone answers the same: only its list tells them apart.
    const Result<QList<EnvironmentVariable>> all = client.variables(holder.id);
    if (!all) {
        return failure(all.error());
    }
    return Value();
}

Result<void> write(RenderClient &client, const VariableChange &change)
{
    if (!change.newValue) {
        return change.holder.isGroup ? client.deleteGroupVariable(change.holder.id, change.key)
                                     : client.deleteVariable(change.holder.id, change.key);
    }
    const EnvironmentVariable variable{change.key, *change.newValue};
    return change.holder.isGroup ? client.setGroupVariable(change.holder.id, variable)
                                 : client.setVariable(change.holder.id, variable);
}

/// What became of one variable.
enum class Now { New, Old, Foreign, Unknown };

struct Outcome
{
    Now now = Now::Old;
    std::optional<Error> error; ///< why it is not New
};

/// Reading tells, whatever became of the answer to writing.
Outcome look(RenderClient &client, const VariableChange &change, const std::optional<Error> &writing)
{
    const Result<Value> value = valueOf(client, change.holder, change.key);
    if (!value) {
        return {Now::Unknown, writing ? *writing : value.error()};
    }
    if (isSame(*value, change.newValue)) {
        return {Now::New, std::nullopt};
    }
    const Error other{
        ErrorCode::Conflict,
        Text::tr("Render took the new value of %1 and then told another one. Somebody else may be changing "
                 "it; look at it in the dashboard.")
            .arg(change.key),
        {},
        {}};
    return {isSame(*value, change.oldValue) ? Now::Old : Now::Foreign, writing ? *writing : other};
}

Outcome carryOut(RenderClient &client, const VariableChange &change)
{
    const Result<Value> before = valueOf(client, change.holder, change.key);
    if (!before) { // nothing was asked for yet
        return {Now::Old, before.error()};
    }
    if (isSame(*before, change.newValue)) {
        return {Now::New, std::nullopt};
    }
    if (!isSame(*before, change.oldValue)) {
        return {Now::Foreign, Error{ErrorCode::Conflict,
                                    Text::tr("%1 was changed since it was read, and is left as it is.").arg(change.key),
                                    {},
                                    {}}};
    }
    const Result<void> written = write(client, change);
    return look(client, change, written ? std::nullopt : std::optional(written.error()));
}

QString list(const QStringList &names)
{
    return names.join(QStringLiteral(", "));
}

/// The error, with what is known of each variable.
Error report(const Error &error, const QList<VariableChange> &changes, qsizetype failed, Now now)
{
    QStringList done;
    QStringList untouched;
    for (qsizetype i = 0; i < changes.size(); ++i) {
        if (i < failed) {
            done += changes[i].key;
        } else if (i > failed || now == Now::Old) {
            untouched += changes[i].key;
        }
    }
    QStringList sentences{error.message};
    if (!done.isEmpty()) {
        sentences += Text::tr("Set already: %1.").arg(list(done));
    }
    if (now == Now::Unknown) {
        sentences +=
            Text::tr("Not known, since no answer came: %1 has its old value or the new one. Look at the variables "
                     "again when Render answers.")
                .arg(changes[failed].key);
    }
    if (now == Now::Foreign) {
        sentences +=
            Text::tr("%1 has neither its old value nor the new one: somebody else is changing it. Look at it in "
                     "Render's dashboard.")
                .arg(changes[failed].key);
    }
    if (!untouched.isEmpty()) {
        sentences += Text::tr("As before: %1.").arg(list(untouched));
    }
    sentences += done.isEmpty() && now != Now::Unknown
                     ? Text::tr("Nothing was deployed.")
                     : Text::tr("Nothing was deployed, so what runs has its old values; “Undo” puts them back.");
    Error whole = error;
    whole.code = now == Now::Unknown ? ErrorCode::OutcomeUnknown : error.code;
    whole.message = sentences.join(u' ');
    return whole;
}

} // namespace

Result<void> changeVariables(const RenderAccess &access, const VariablePlan &plan, const JobContext &context,
                             const RenderTimes &times)
{
    RenderClient client(access, {}, times); // without the stop token: what was begun is looked at, cancelled or not
    const QList<VariableChange> changes = plan.wanted();
    for (qsizetype i = 0; i < changes.size(); ++i) {
        const VariableChange &change = changes[i];
        context.report({Text::tr("Setting %1").arg(change.key), i, changes.size(), {}});
        if (context.isCancelled()) {
            return i == 0 ? failure(Error::cancelled())
                          : failure(report({ErrorCode::Cancelled, Text::tr("Stopped as you asked."), {}, {}}, changes,
                                           i, Now::Old));
        }
        const Outcome outcome = carryOut(client, change);
        if (outcome.error) {
            return failure(report(*outcome.error, changes, i, outcome.now));
        }
        context.log(Text::tr("%1 of %2 is set, and was read back.").arg(change.key, change.holder.name));
    }
    return {};
}

} // namespace Roost
