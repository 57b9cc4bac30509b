#include "postgres/applychanges.h"

#include "postgres/changeoutcomes.h"
#include "postgres/changestatements.h"
#include "postgres/databaseconnection.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"
#include "postgres/statementparameters.h"

#include <QCoreApplication>

#include "postgres/libpq.h"

namespace Roost {

namespace {

struct ApplyChanges
{
    Q_DECLARE_TR_FUNCTIONS(ApplyChanges)
};

using namespace std::chrono_literals;
using Text = ApplyChanges;
using Kind = RowChange::Kind;
using Answers = std::vector<PostgresLink::Answer>;

constexpr auto commitPatience = 10s; // after a stop request: a COMMIT that was sent is never given up lightly
constexpr auto rollbackPatience = 5s;
constexpr int with64BitIds = 130000; // pg_current_xact_id() and its type xid8
constexpr int withStatus = 100000;   // txid_status()

ApplyOutcome refused(const RowChange &change, const QString &column, const Error &error)
{
    ApplyOutcome outcome;
    outcome.state = ApplyOutcome::State::Refused;
    outcome.refusal = ChangeRefusal{change, column, column.isEmpty() ? QStringList() : QStringList{column}, error};
    return outcome;
}

/// What is refused before anything is sent.
std::optional<ApplyOutcome> refusedAtOnce(const ChangeTarget &target, const QList<RowChange> &changes)
{
    for (const RowChange &change : changes) {
        if (change.kind != Kind::Insert &&
            (target.keyColumns.isEmpty() || change.key.size() != target.keyColumns.size())) {
            return refused(change, {},
                           {ErrorCode::InvalidInput,
                            Text::tr("The row cannot be named: the table has no key, or the key is another one than "
                                     "when the row was read. Refresh the table."),
                            {},
                            {}});
        }
        for (auto value = change.values.cbegin(); value != change.values.cend(); ++value) {
            if (change.kind == Kind::Update && target.readOnlyColumns.contains(value.key())) {
                return refused(
                    change, value.key(),
                    {ErrorCode::InvalidInput,
                     Text::tr("The server computes the values of the column %1; they cannot be set.").arg(value.key()),
                     {},
                     {}});
            }
            if (!value.value()) {
                continue;
            }
            if (const Result<QByteArray> text = encodeText(*value.value()); !text) {
                return refused(change, value.key(), text.error());
            }
        }
    }
    return std::nullopt;
}

Error lostBeforeCommit(const DatabaseConnection &connection, Error error)
{
    error.code = ErrorCode::ConnectionLost;
    error.message = Text::tr("The connection to %1 ended before the changes were committed, so none of them took "
                             "effect. They are still staged: apply them again.")
                        .arg(connection.parameters().host);
    return error;
}

/// One run of applyChanges().
class Application
{
public:
    Application(DatabaseConnection &connection, const ChangeTarget &target, const QList<RowChange> &changes,
                const std::stop_token &stop)
        : m_connection(connection)
        , m_link(connection.driver().link())
        , m_target(target)
        , m_changes(changes)
        , m_stop(stop)
        , m_order(applyOrder(target, changes))
    {
    }

    Result<ApplyOutcome> run();

private:
    Result<Answers> send();
    Result<ApplyOutcome> refusal(const Answers &answers);
    Result<ApplyOutcome> conflicts(const QList<RowChange> &missed);
    Result<ApplyOutcome> commit(const Answers &answers);
    Result<QList<RowChange>> missed(const Answers &answers) const;
    tl::unexpected<Error> giveUp(const Error &error);
    const RowChange &change(size_t place) const { return m_changes.at(m_order.at(qsizetype(place))); }

    DatabaseConnection &m_connection;
    PostgresLink &m_link;
    const ChangeTarget &m_target;
    const QList<RowChange> &m_changes;
    const std::stop_token &m_stop;
    QList<qsizetype> m_order; ///< places in m_changes, as they are sent
};

/// The first trip: all statements in a transaction, and at last its number, by which a lost COMMIT can be asked for.
Result<Answers> Application::send()
{
    const ChangeStatements statements(m_target);
    std::vector<SqlStatement> pipeline;
    pipeline.reserve(size_t(m_order.size()) + 2);
    // Whatever the role's default is: only at this level, a row that somebody else just changed is looked at again.
    pipeline.push_back({QStringLiteral("BEGIN ISOLATION LEVEL READ COMMITTED"), {}});
    for (const qsizetype place : m_order) {
        pipeline.push_back(statements.of(m_changes.at(place)));
    }
    pipeline.push_back({m_connection.server().version >= with64BitIds
                            ? QStringLiteral("SELECT pg_catalog.pg_current_xact_id()")
                            : QStringLiteral("SELECT pg_catalog.txid_current()"),
                        {}});
    return m_link.runPipeline(pipeline, PostgresLink::OnError::StopAll, m_stop);
}

tl::unexpected<Error> Application::giveUp(const Error &error)
{
    if (!m_link.isOpen()) {
        return failure(error.isCancelled() ? error : lostBeforeCommit(m_connection, error));
    }
    if (PQtransactionStatus(m_link.handle()) != PQTRANS_IDLE &&
        !m_link.run(QStringLiteral("ROLLBACK"), {}, {}, QDeadlineTimer(rollbackPatience))) {
        m_link.close(); // which rolls back as well
    }
    return failure(error);
}

/// Those that did not meet exactly one row.
Result<QList<RowChange>> Application::missed(const Answers &answers) const
{
    QList<RowChange> missed;
    for (size_t i = 0; i < size_t(m_order.size()); ++i) {
        const int rows = QByteArray(PQcmdTuples(answers.at(i + 1).rows.get())).toInt();
        if (rows > 1) {
            return failure(ErrorCode::Conflict,
                           Text::tr("Nothing was changed: %n row(s) of %1 have the key %2, so it does not name one.",
                                    nullptr, rows)
                               .arg(m_target.table.name, change(i).key.join(QStringLiteral(", "))));
        }
        if (rows == 0) {
            missed += change(i);
        }
    }
    return missed;
}

Result<ApplyOutcome> Application::conflicts(const QList<RowChange> &missed)
{
    const Result<QList<ChangeConflict>> found = findConflicts(m_link, m_target, missed, m_stop);
    if (!found) {
        return giveUp(found.error());
    }
    ApplyOutcome outcome;
    outcome.state = ApplyOutcome::State::Conflicts;
    outcome.conflicts = *found;
    return outcome;
}

Result<ApplyOutcome> Application::refusal(const Answers &answers)
{
    const PostgresLink::Answer &answer = answers.back();
    const size_t place = answers.size() - 1;
    if (place == 0 || place > size_t(m_order.size())) {
        return giveUp(*answer.error); // the transaction itself
    }
    ApplyOutcome outcome;
    outcome.state = ApplyOutcome::State::Refused;
    outcome.refusal = explainRefusal(m_link, m_target, {change(place - 1)}, answer, m_stop);
    static_cast<void>(giveUp({})); // if the explanation was stopped, nothing may stay open
    return outcome;
}

Result<ApplyOutcome> Application::commit(const Answers &answers)
{
    if (!m_link.looksAlive()) {
        return giveUp({});
    }
    if (m_stop.stop_requested()) {
        return giveUp(Error::cancelled());
    }
    ApplyOutcome outcome;
    outcome.unknown.transactionId = QString::fromLatin1(PQgetvalue(answers.back().rows.get(), 0, 0));
    const Result<PgResultPtr> committed = m_link.runToTheEnd(QStringLiteral("COMMIT"), m_stop, commitPatience);
    if (!committed && m_link.isOpen()) {
        // A constraint that is checked now. The server has rolled back.
        outcome.state = ApplyOutcome::State::Refused;
        const PostgresLink::Answer answer{nullptr, committed.error(), m_link.lastMessage()};
        outcome.refusal = explainRefusal(m_link, m_target, m_changes, answer, m_stop);
        outcome.unknown = {};
        return outcome;
    }
    if (!committed) {
        outcome.state = ApplyOutcome::State::Unknown;
        return outcome;
    }
    if (QByteArray(PQcmdStatus(committed->get())) != "COMMIT") {
        return giveUp({ErrorCode::ServerRefused,
                       Text::tr("The server rolled the transaction back instead of committing it. Nothing was "
                                "changed."),
                       {},
                       {}});
    }
    outcome.unknown = {};
    outcome.stored.resize(m_changes.size());
    for (size_t i = 0; i < size_t(m_order.size()); ++i) {
        if (change(i).kind != Kind::Delete) {
            outcome.stored[m_order.at(qsizetype(i))] = rowOf(m_target, answers.at(i + 1).rows.get(), 0);
        }
    }
    return outcome;
}

Result<ApplyOutcome> Application::run()
{
    if (m_link.isOpen() && PQtransactionStatus(m_link.handle()) != PQTRANS_IDLE) {
        return failure(ErrorCode::Conflict, Text::tr("A transaction is open on this connection. Commit it or roll it "
                                                     "back first. Nothing was changed."));
    }
    const Result<Answers> answers = send();
    if (!answers) {
        return giveUp(answers.error());
    }
    if (answers->back().error) {
        return refusal(*answers);
    }
    const Result<QList<RowChange>> notMet = missed(*answers);
    if (!notMet) {
        return giveUp(notMet.error());
    }
    return notMet->isEmpty() ? commit(*answers) : conflicts(*notMet);
}

} // namespace

Result<ApplyOutcome> applyChanges(DatabaseConnection &connection, const ChangeTarget &target,
                                  const QList<RowChange> &changes, const std::stop_token &stop)
{
    if (changes.isEmpty()) {
        return ApplyOutcome();
    }
    if (std::optional<ApplyOutcome> outcome = refusedAtOnce(target, changes)) {
        return std::move(*outcome);
    }
    connection.driver().settle();
    return Application(connection, target, changes, stop).run();
}

Result<CommitState> findOut(DatabaseConnection &connection, const UnknownCommit &commit, const std::stop_token &stop)
{
    const int version = connection.server().version;
    if (version < withStatus) {
        return CommitState::TooOld;
    }
    Result<QSqlQuery> asked = connection.query(
        version >= with64BitIds ? QStringLiteral("SELECT pg_catalog.pg_xact_status($1::pg_catalog.xid8)")
                                : QStringLiteral("SELECT pg_catalog.txid_status($1::pg_catalog.int8)"),
        {commit.transactionId}, stop);
    if (!asked) {
        // "in the future": this server was restored, or replaced by one that had not heard of it.
        if (asked.error().sqlState == "22023") {
            return CommitState::TooOld;
        }
        return failure(asked.error());
    }
    const QString state = asked->next() ? asked->value(0).toString() : QString();
    if (state == QLatin1String("committed")) {
        return CommitState::Committed;
    }
    if (state == QLatin1String("aborted")) {
        return CommitState::Aborted;
    }
    return state == QLatin1String("in progress") ? CommitState::InProgress : CommitState::TooOld;
}

} // namespace Roost
