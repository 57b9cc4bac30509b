#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/postgresresult.h"
#include "postgres/statement.h"
#include "postgres/wakeevent.h"

#include <QDeadlineTimer>
#include <QList>
#include <QVariantList>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <vector>

typedef struct pg_conn PGconn;

namespace Roost {

class StatementParameters;

struct PgConnDeleter
{
    void operator()(PGconn *connection) const;
};
using PgConnPtr = std::unique_ptr<PGconn, PgConnDeleter>;

/// One libpq connection. Every wait is a poll() on its socket and on a wake event, so that a stop request is heard at
/// once: the statement is then cancelled on the server over a second connection, and if that does not help within
/// seconds, the connection is closed. For one thread.
class PostgresLink
{
public:
    /// `patience` is for the whole of connecting.
    [[nodiscard]] static Result<std::unique_ptr<PostgresLink>>
    connect(const ConnectionSpec &spec, const std::stop_token &stop, const QString &applicationName,
            std::chrono::milliseconds patience = std::chrono::seconds(10));
    ~PostgresLink();
    Q_DISABLE_COPY_MOVE(PostgresLink)

    /// False once the connection is known to have ended.
    bool isOpen() const;
    void close();
    PGconn *handle() const { return m_connection.get(); }
    const ConnectionSpec &spec() const { return m_spec; }

    enum class Rows { Together, OneByOne };
    /// Sends one statement with its parameters; the answer comes by nextResult().
    [[nodiscard]] Result<void> send(const QString &sql, const QVariantList &parameters, Rows rows,
                                    const std::stop_token &stop);
    /// The next part of the answer; null at its end. After an error nothing of the answer is left. `deadline` closes
    /// the connection (TimedOut).
    [[nodiscard]] Result<PgResultPtr> nextResult(const std::stop_token &stop,
                                                 QDeadlineTimer deadline = QDeadlineTimer::Forever);
    /// send() and the whole answer of a statement whose last part is returned.
    [[nodiscard]] Result<PgResultPtr> run(const QString &sql, const QVariantList &parameters,
                                          const std::stop_token &stop,
                                          QDeadlineTimer deadline = QDeadlineTimer::Forever);
    /// As run(), for a statement that will be run again with other parameters: outside of transactions it stays
    /// prepared on the server, where parsing and planning are then done with. One round trip, the first time too; more
    /// only when the table was changed since.
    [[nodiscard]] Result<PgResultPtr> runKept(const SqlStatement &statement, const std::stop_token &stop);
    /// The answer to one statement of a pipeline.
    struct Answer
    {
        PgResultPtr rows; ///< null when the server refused
        std::optional<Error> error;
        ServerMessage message; ///< what the error came from
    };
    enum class OnError {
        StopAll, ///< what follows is not run: the failed statement's answer is the last
        GoOn     ///< each statement stands for itself
    };
    /// Sends all statements without waiting for an answer in between: one round trip, whatever their number. An error
    /// is the connection's own, or Cancelled; what the server refuses is in the answers. Statements that do not begin
    /// a transaction are one, or with GoOn one each.
    [[nodiscard]] Result<std::vector<Answer>> runPipeline(const std::vector<SqlStatement> &statements, OnError onError,
                                                          const std::stop_token &stop);
    /// For COMMIT: never cancels what it sent. A stop request only limits the wait for the answer: after `patience`
    /// the connection is closed (TimedOut).
    [[nodiscard]] Result<PgResultPtr> runToTheEnd(const QString &sql, const std::stop_token &stop,
                                                  std::chrono::milliseconds patience);
    /// Gets rid of what is left of an answer: reads it if that is quick, or else cancels the statement.
    void discardAnswer();

    /// Returns the rows that the server says it sent.
    [[nodiscard]] Result<qint64> copyOut(const QString &sql, const std::function<bool(QByteArrayView)> &sink,
                                         const std::stop_token &stop);
    [[nodiscard]] Result<qint64> copyIn(const QString &sql, const std::function<QByteArray()> &source,
                                        const std::stop_token &stop);

    /// Takes in what the server sent while nothing was asked, and says if the connection still stands as far as this
    /// side can know. No round trip.
    bool looksAlive();
    /// Asks the server: one round trip. False when it did not answer in time; the connection is then closed.
    bool answers(std::chrono::milliseconds patience);

    /// The error that the last failure came from; null when it was not the server's.
    const ServerMessage &lastMessage() const { return m_lastMessage; }
    QList<ServerMessage> takeNotices() { return std::exchange(m_notices, {}); }

private:
    PostgresLink() = default;
    /// As nextResult(), but lets the start of a COPY through.
    [[nodiscard]] Result<PgResultPtr> receive(const std::stop_token &stop, QDeadlineTimer deadline);
    /// Reads the answer to its end and returns its last part.
    [[nodiscard]] Result<PgResultPtr> receiveAll(const std::stop_token &stop, QDeadlineTimer deadline);
    [[nodiscard]] Result<void> waitFor(short events, QDeadlineTimer deadline);
    [[nodiscard]] Result<void> flush();
    /// Forgets the last failure, and says if a statement may be sent.
    [[nodiscard]] Result<void> begin(const std::stop_token &stop);
    /// Sends what libpq has not sent yet; leaves, and closes, at a stop request.
    [[nodiscard]] Result<void> flushStatement(const std::stop_token &stop);
    [[nodiscard]] Result<PgResultPtr> keepAndRun(const QByteArray &text, const StatementParameters &values,
                                                 const std::stop_token &stop);
    [[nodiscard]] Result<PgResultPtr> receiveToSync(const std::stop_token &stop);
    Error notSent();
    struct Pipeline;
    [[nodiscard]] Result<void> sendNext(Pipeline &pipeline);
    [[nodiscard]] Result<void> takeNext(Pipeline &pipeline);
    [[nodiscard]] Result<void> moveAlong(Pipeline &pipeline);
    [[nodiscard]] Result<void> beginCopy(const QString &sql, int direction, const std::stop_token &stop);
    [[nodiscard]] Result<void> putPiece(const QByteArray &piece);
    [[nodiscard]] Result<void> endCopyIn(const char *reason);
    void noteAnswer();
    bool looksRefused();
    Error errorIn(const PGresult *result);
    void refuseCopy(int direction);
    void cancelStatement();
    Error lost();

    ConnectionSpec m_spec;
    QList<ServerMessage> m_notices; ///< libpq writes to it: declared before the connection
    PgConnPtr m_connection;
    mutable WakeEvent m_wake;
    ServerMessage m_lastMessage;
    QDeadlineTimer m_cancelDeadline = QDeadlineTimer::Forever; ///< running out: the server did not react to a cancel
    bool m_isCancelling = false;
    struct Kept
    {
        QByteArray text;
        QByteArray name;
    };
    std::vector<Kept> m_kept; ///< what is prepared on the server
    int m_keptEver = 0;
    // While data goes to the server:
    bool m_wasAnswered = false;      ///< something came that is not taken in yet, as far as is known
    qsizetype m_noticesAtAnswer = 0; ///< how many there were then
};

} // namespace Roost
