// Statements that are run again and again, and stay prepared on the server: the part of PostgresLink that reads pages.

#include "postgres/polling.h"
#include "postgres/postgreslink.h"
#include "postgres/statementparameters.h"

#include <algorithm>

#include "postgres/libpq.h"

namespace Roost {

namespace {

constexpr int mostKept = 32; ///< the server holds a plan for each

/// The table has changed since, or something between here and the server has dropped the statement.
bool isStale(const Error &error)
{
    return error.sqlState == "0A000" || error.sqlState == "26000";
}

} // namespace

Result<PgResultPtr> PostgresLink::runKept(const SqlStatement &statement, const std::stop_token &stop)
{
    if (const Result<void> begun = begin(stop); !begun) {
        return failure(begun.error());
    }
    // In a transaction an error would end it, and a stale statement shows by an error.
    if (PQtransactionStatus(handle()) != PQTRANS_IDLE) {
        return run(statement.sql, statement.parameters, stop);
    }
    const Result<QByteArray> text = encodeText(statement.sql);
    const Result<StatementParameters> values = StatementParameters::encode(statement.parameters);
    if (!text || !values) {
        return failure(text ? values.error() : text.error());
    }
    const auto known =
        std::find_if(m_kept.cbegin(), m_kept.cend(), [&text](const Kept &kept) { return kept.text == *text; });
    if (known == m_kept.cend()) {
        return keepAndRun(*text, *values, stop);
    }
    if (!PQsendQueryPrepared(handle(), known->name.constData(), values->count(), values->pointers(), nullptr, nullptr,
                             0)) {
        return failure(notSent());
    }
    if (const Result<void> sent = flushStatement(stop); !sent) {
        return failure(sent.error());
    }
    Result<PgResultPtr> rows = receiveAll(stop, QDeadlineTimer::Forever);
    if (rows || !isStale(rows.error()) || !isOpen()) {
        return rows;
    }
    if (const Result<PgResultPtr> dropped = run(QStringLiteral("DEALLOCATE ALL"), {}, stop); !dropped) {
        return failure(dropped.error());
    }
    m_kept.clear();
    return keepAndRun(*text, *values, stop);
}

/// Prepares and runs in one round trip.
Result<PgResultPtr> PostgresLink::keepAndRun(const QByteArray &text, const StatementParameters &values,
                                             const std::stop_token &stop)
{
    if (const Result<void> begun = begin(stop); !begun) {
        return failure(begun.error());
    }
    const bool isFull = m_keptEver > 0 && m_keptEver % mostKept == 0;
    if (isFull) {
        m_kept.clear();
    }
    const QByteArray name = "roost_kept_" + QByteArray::number(++m_keptEver); // a name is never used twice
    const bool isSent =
        PQenterPipelineMode(handle()) &&
        (!isFull || PQsendQueryParams(handle(), "DEALLOCATE ALL", 0, nullptr, nullptr, nullptr, nullptr, 0)) &&
        PQsendPrepare(handle(), name.constData(), text.constData(), 0, nullptr) &&
        PQsendQueryPrepared(handle(), name.constData(), values.count(), values.pointers(), nullptr, nullptr, 0) &&
        PQpipelineSync(handle());
    if (!isSent) {
        const Error error = notSent();
        close(); // half of it may be on its way
        return failure(error);
    }
    if (const Result<void> sent = flushStatement(stop); !sent) {
        return failure(sent.error());
    }
    Result<PgResultPtr> rows = receiveToSync(stop);
    if (isOpen() && !PQexitPipelineMode(handle())) {
        close(); // cannot be, after the last answer; and if it is, nothing more can be told from this connection
    }
    if (rows) {
        m_kept.push_back({text, name});
    }
    return rows;
}

/// The last answer of what was sent before the sync; its first error, if there is one.
Result<PgResultPtr> PostgresLink::receiveToSync(const std::stop_token &stop)
{
    const WakeOnStop wakeOnStop(stop, m_wake);
    PgResultPtr rows;
    std::optional<Error> error;
    while (true) {
        while (PQisBusy(handle())) {
            if (const Result<void> waited = waitFor(POLLIN, QDeadlineTimer::Forever); !waited && !m_connection) {
                return failure(waited.error());
            }
            if (!isOpen()) {
                break;
            }
        }
        PgResultPtr result(PQgetResult(handle()));
        if (!result && !isOpen()) {
            return failure(error ? *error : lost());
        }
        const ExecStatusType status = result ? PQresultStatus(result.get()) : PGRES_EMPTY_QUERY;
        if (status == PGRES_PIPELINE_SYNC) {
            return error ? Result<PgResultPtr>(failure(*error)) : Result<PgResultPtr>(std::move(rows));
        }
        if (status == PGRES_FATAL_ERROR) {
            const Error refused = errorIn(result.get());
            error = error ? error : refused;
            if (!m_connection || refused.code == ErrorCode::ConnectionLost) {
                close();
                return failure(refused);
            }
        } else if (result && status != PGRES_PIPELINE_ABORTED) {
            rows = std::move(result);
        }
    }
}

} // namespace Roost
