#include "operations/importcommit.h"

#include "operations/importtext.h"
#include "postgres/applychanges.h"
#include "postgres/databaseconnection.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"

#include <QDeadlineTimer>

#include <condition_variable>
#include <mutex>

namespace Roost {

namespace {

using namespace std::chrono_literals;

constexpr auto commitPatience = 10s; // after a stop request
constexpr auto findOutPatience = 20s;
constexpr auto askAgainAfter = 200ms;
constexpr int with64BitIds = 130000; // pg_current_xact_id()

/// False when it was stopped before.
bool pause(std::chrono::milliseconds time, const std::stop_token &stop)
{
    std::mutex mutex;
    std::unique_lock lock(mutex);
    std::condition_variable_any never;
    never.wait_for(lock, stop, time, [] { return false; });
    return !stop.stop_requested();
}

/// Asks on new connections until the server knows, or nobody answers any more.
std::optional<CommitState> stateOf(const ConnectionSpec &spec, const UnknownCommit &commit, const std::stop_token &stop)
{
    const QDeadlineTimer until(findOutPatience);
    do {
        const auto connection = DatabaseConnection::open(spec, stop);
        if (connection) {
            const Result<CommitState> state = findOut(**connection, commit, stop);
            if (state && *state == CommitState::TooOld) {
                return std::nullopt;
            }
            if (state && *state != CommitState::InProgress) {
                return *state;
            }
        }
    } while (!until.hasExpired() && pause(askAgainAfter, stop));
    return std::nullopt;
}

} // namespace

Error lostBeforeCommit(const DatabaseConnection &connection, const QString &table, const Error &error)
{
    return {
        ErrorCode::ConnectionLost,
        ImportText::tr("The connection to %1 was lost before the import was finished. Nothing was imported: %2 is as "
                       "it was. Try again.")
            .arg(connection.parameters().host, table),
        error.detail, error.sqlState};
}

Result<void> commitImport(DatabaseConnection &connection, const QString &table, const JobContext &context)
{
    Result<QSqlQuery> id = connection.query(connection.server().version >= with64BitIds
                                                ? QStringLiteral("SELECT pg_catalog.pg_current_xact_id()")
                                                : QStringLiteral("SELECT pg_catalog.txid_current()"),
                                            {}, context.stopToken());
    if (!id) {
        return failure(id.error().code == ErrorCode::ConnectionLost ? lostBeforeCommit(connection, table, id.error())
                                                                    : id.error());
    }
    const UnknownCommit commit{id->next() ? id->value(0).toString() : QString()};
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    connection.driver().settle();
    PostgresLink &link = connection.driver().link();
    const ConnectionSpec spec = link.spec();
    const Result<PgResultPtr> committed =
        link.runToTheEnd(QStringLiteral("COMMIT"), context.stopToken(), commitPatience);
    if (committed) {
        return {};
    }
    if (connection.isOpen()) {
        return failure(committed.error());
    }
    context.report({ImportText::tr("The connection was lost. Asking what became of the import"), 0, 0, {}});
    const std::optional<CommitState> state = stateOf(spec, commit, context.stopToken());
    if (state == CommitState::Committed) {
        return {};
    }
    if (state == CommitState::Aborted) {
        return failure(ErrorCode::ConnectionLost,
                       ImportText::tr("The connection to %1 was lost before the server had finished. A new connection "
                                      "found out: nothing was imported, %2 is as it was. Try again.")
                           .arg(spec.parameters.host, table),
                       committed.error().detail);
    }
    return failure(ErrorCode::ConnectionLost,
                   ImportText::tr("The connection to %1 was lost while the import was finished, and it is unknown "
                                  "whether the rows are in %2. Look at the table before you import again.")
                       .arg(spec.parameters.host, table),
                   committed.error().detail);
}

} // namespace Roost
