#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "postgres/postgresresult.h"
#include "postgres/servermessage.h"
#include "postgres/statement.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QVariantList>

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>

namespace Roost {

class PostgresDriver;

/// Facts about an open connection, known without asking the server again.
struct ServerInfo
{
    int version = 0; ///< as PQserverVersion: 150018
    int backendPid = 0;
    QString tls;          ///< "TLSv1.3", or empty when the link is not encrypted
    QString versionText;  ///< "15.18"
    qint64 connectMs = 0; ///< how long opening took
};

/// One open connection: Qt SQL over our own driver. Blocking; made, used and ended in one thread, never the GUI thread
/// (see DatabaseSession). Values come as the server's own text (QString), NULL as a null QVariant; parameters are `$1`,
/// `$2` … and travel apart from the statement: bind QString, or a null QVariant for NULL.
class DatabaseConnection
{
public:
    /// Connects without blocking past a stop request. ConnectionFailed, TlsFailed, NotFound (no such database),
    /// NotAllowed, TimedOut, Cancelled; each message says what to do next.
    [[nodiscard]] static Result<std::unique_ptr<DatabaseConnection>>
    open(const ConnectionSpec &spec, const std::stop_token &stop = {}, const QString &applicationName = {});
    ~DatabaseConnection();
    Q_DISABLE_COPY_MOVE(DatabaseConnection)

    /// Runs one statement and returns the query with all its rows, positioned before the first. While it runs, a
    /// request on `stop` cancels it on the server (and the result is Cancelled). One round trip.
    /// (A page comes in half the time that row by row takes, and an error shows before the first row is used.)
    [[nodiscard]] Result<QSqlQuery> query(const QString &sql, const QVariantList &parameters = {},
                                          const std::stop_token &stop = {});
    /// As query(), the rows as libpq has them. `isKept`: the statement will be run again with other parameters, and
    /// stays prepared on the server.
    [[nodiscard]] Result<PgResultPtr> rows(const SqlStatement &statement, bool isKept,
                                           const std::stop_token &stop = {});
    /// As query(), but forward only, and the rows are read while they come: for answers that may be too large for
    /// memory. An error may come after any row, so ask streamError() when next() is false; a stop request works until
    /// the last row.
    [[nodiscard]] Result<QSqlQuery> stream(const QString &sql, const QVariantList &parameters = {},
                                           const std::stop_token &stop = {});
    /// Why a stream ended before its last row; nothing if it did not.
    [[nodiscard]] static std::optional<Error> streamError(const QSqlQuery &query);
    /// As query(), for a statement whose rows do not matter; returns the number of rows affected, or -1.
    [[nodiscard]] Result<qint64> execute(const QString &sql, const QVariantList &parameters = {},
                                         const std::stop_token &stop = {});
    /// `COPY … TO STDOUT`: calls `sink` with each piece as it comes; a false return stops it
    /// (Cancelled). Returns the rows that the server says it sent; each piece is one of them, or the header.
    [[nodiscard]] Result<qint64> copyOut(const QString &sql, const std::function<bool(QByteArrayView)> &sink,
                                         const std::stop_token &stop = {});
    /// `COPY … FROM STDIN`: `source` gives piece after piece, an empty one ends it. Returns the rows copied.
    [[nodiscard]] Result<qint64> copyIn(const QString &sql, const std::function<QByteArray()> &source,
                                        const std::stop_token &stop = {});

    const ServerInfo &server() const { return m_server; }
    const ConnectionParameters &parameters() const { return m_parameters; }
    /// What the server told since the last call (NOTICE, WARNING …), oldest first.
    QList<ServerMessage> takeNotices();
    /// What the server said about the last failure (with the place in the statement); null when it was not the server.
    [[nodiscard]] ServerMessage lastMessage() const;

    /// False once the connection is known to have ended; does not ask the server.
    bool isOpen() const;
    QSqlDatabase database() const;
    PostgresDriver &driver() const;

private:
    DatabaseConnection() = default;
    [[nodiscard]] Result<QSqlQuery> run(const QString &sql, const QVariantList &parameters, const std::stop_token &stop,
                                        bool forwardOnly);
    PostgresDriver *m_driver = nullptr; ///< owned by the QSqlDatabase
    QString m_name;                     ///< of the QSqlDatabase
    ConnectionParameters m_parameters;
    ServerInfo m_server;
};

} // namespace Roost
