#include "storage/keptvariables.h"

#include "storage/statefile.h"

#include <functional>

namespace Roost {

namespace {

const QString columns = QStringLiteral("id, account_id, holder_id, key, existed, replaced_at");

KeptVariable variableFrom(const QSqlQuery &row)
{
    KeptVariable variable;
    variable.id = row.value(0).toString();
    variable.accountId = row.value(1).toString();
    variable.holderId = row.value(2).toString();
    variable.key = row.value(3).toString();
    variable.existed = row.value(4).toBool();
    variable.replacedAt = QDateTime::fromString(row.value(5).toString(), Qt::ISODateWithMs);
    return variable;
}

/// Both statements or neither.
Result<void> inTransaction(StateFile &state, const std::function<Result<void>()> &work)
{
    if (const Result<QSqlQuery> begun = state.run(QStringLiteral("BEGIN IMMEDIATE")); !begun) {
        return failure(begun.error());
    }
    Result<void> done = work();
    if (done) {
        if (const Result<QSqlQuery> committed = state.run(QStringLiteral("COMMIT")); !committed) {
            done = failure(committed.error());
        }
    }
    if (!done) {
        (void)state.run(QStringLiteral("ROLLBACK")); // the error that matters is the first one
    }
    return done;
}

} // namespace

KeptVariables::KeptVariables(QString file)
    : m_file(std::move(file))
{
}

Result<void> KeptVariables::add(const QList<KeptVariable> &variables) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    return inTransaction(**state, [&]() -> Result<void> {
        for (const KeptVariable &each : variables) {
            const Result<QSqlQuery> added =
                (*state)->run(QStringLiteral("INSERT INTO kept_variable (%1) VALUES (?, ?, ?, ?, ?, ?)").arg(columns),
                              {each.id, each.accountId, each.holderId, each.key, each.existed,
                               each.replacedAt.toUTC().toString(Qt::ISODateWithMs)});
            if (!added) {
                return failure(added.error());
            }
        }
        return {};
    });
}

Result<QList<KeptVariable>> KeptVariables::all(const QString &accountId) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    QList<KeptVariable> variables;
    if (!*state) {
        return variables;
    }
    Result<QSqlQuery> rows = (*state)->run(
        QStringLiteral("SELECT %1 FROM kept_variable WHERE account_id = ? ORDER BY replaced_at DESC, key").arg(columns),
        {accountId});
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        variables += variableFrom(*rows);
    }
    return variables;
}

Result<QList<KeptVariable>> KeptVariables::newest(const QString &accountId, const QStringList &holderIds) const
{
    Result<QList<KeptVariable>> variables = all(accountId);
    if (!variables) {
        return variables;
    }
    variables->removeIf([&](const KeptVariable &each) { return !holderIds.contains(each.holderId); });
    if (!variables->isEmpty()) {
        const QDateTime last = variables->first().replacedAt;
        variables->removeIf([&](const KeptVariable &each) { return each.replacedAt != last; });
    }
    return variables;
}

Result<void> KeptVariables::remove(const QStringList &ids) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    return inTransaction(**state, [&]() -> Result<void> {
        for (const QString &id : ids) {
            const Result<QSqlQuery> removed =
                (*state)->run(QStringLiteral("DELETE FROM kept_variable WHERE id = ?"), {id});
            if (!removed) {
                return failure(removed.error());
            }
        }
        return {};
    });
}

} // namespace Roost
