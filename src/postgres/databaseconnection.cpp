#include "postgres/databaseconnection.h"

#include "postgres/connectionerror.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"
#include "postgres/postgresresult.h"

#include <QElapsedTimer>
#include <QScopeGuard>
#include <QSqlError>

#include "postgres/libpq.h"
#include <atomic>

namespace Roost {

namespace {

QString nextName()
{
    static std::atomic<quint64> count = 0;
    return QStringLiteral("roost-%1").arg(++count);
}

ServerInfo infoOf(PGconn *connection, qint64 connectMs)
{
    ServerInfo info;
    info.version = PQserverVersion(connection);
    info.backendPid = PQbackendPID(connection);
    info.tls = QString::fromLatin1(PQsslAttribute(connection, "protocol"));
    // "15.20 (Debian 15.20-0+deb12u1)"
    info.versionText = QString::fromUtf8(PQparameterStatus(connection, "server_version")).section(u' ', 0, 0);
    info.connectMs = connectMs;
    return info;
}

} // namespace

Result<std::unique_ptr<DatabaseConnection>>
DatabaseConnection::open(const ConnectionSpec &spec, const std::stop_token &stop, const QString &applicationName)
{
    QElapsedTimer timer;
    timer.start();
    Result<std::unique_ptr<PostgresLink>> link = PostgresLink::connect(spec, stop, applicationName);
    if (!link) {
        return failure(link.error());
    }
    std::unique_ptr<DatabaseConnection> connection(new DatabaseConnection);
    connection->m_name = nextName();
    connection->m_parameters = spec.parameters;
    connection->m_server = infoOf((*link)->handle(), timer.elapsed());
    connection->m_driver = new PostgresDriver(std::move(*link));
    QSqlDatabase::addDatabase(connection->m_driver, connection->m_name);
    return connection;
}

DatabaseConnection::~DatabaseConnection()
{
    m_driver->close();
    QSqlDatabase::removeDatabase(m_name);
}

bool DatabaseConnection::isOpen() const
{
    return m_driver->isOpen();
}

QSqlDatabase DatabaseConnection::database() const
{
    return QSqlDatabase::database(m_name, false);
}

PostgresDriver &DatabaseConnection::driver() const
{
    return *m_driver;
}

QList<ServerMessage> DatabaseConnection::takeNotices()
{
    return m_driver->takeNotices();
}

ServerMessage DatabaseConnection::lastMessage() const
{
    return m_driver->link().lastMessage();
}

Result<QSqlQuery> DatabaseConnection::run(const QString &sql, const QVariantList &parameters,
                                          const std::stop_token &stop, bool forwardOnly)
{
    if (!isOpen()) {
        return failure(connectionLost(m_parameters, {}));
    }
    m_driver->setStopToken(stop);
    const auto forgetStop = qScopeGuard([this] { m_driver->setStopToken({}); });
    QSqlQuery query(database());
    query.setForwardOnly(forwardOnly);
    bool isDone = query.prepare(sql);
    for (const QVariant &parameter : parameters) {
        query.addBindValue(parameter);
    }
    isDone = isDone && query.exec();
    if (!isDone) {
        return failure(PostgresResult::of(query)->error());
    }
    return query;
}

Result<QSqlQuery> DatabaseConnection::query(const QString &sql, const QVariantList &parameters,
                                            const std::stop_token &stop)
{
    return run(sql, parameters, stop, false);
}

Result<PgResultPtr> DatabaseConnection::rows(const SqlStatement &statement, bool isKept, const std::stop_token &stop)
{
    if (!isOpen()) {
        return failure(connectionLost(m_parameters, {}));
    }
    m_driver->settle();
    PostgresLink &link = m_driver->link();
    return isKept ? link.runKept(statement, stop) : link.run(statement.sql, statement.parameters, stop);
}

Result<QSqlQuery> DatabaseConnection::stream(const QString &sql, const QVariantList &parameters,
                                             const std::stop_token &stop)
{
    return run(sql, parameters, stop, true);
}

std::optional<Error> DatabaseConnection::streamError(const QSqlQuery &query)
{
    const PostgresResult *result = PostgresResult::of(query);
    return result && query.lastError().isValid() ? std::optional<Error>(result->error()) : std::nullopt;
}

Result<qint64> DatabaseConnection::execute(const QString &sql, const QVariantList &parameters,
                                           const std::stop_token &stop)
{
    const Result<QSqlQuery> done = query(sql, parameters, stop);
    if (!done) {
        return failure(done.error());
    }
    return done->numRowsAffected();
}

Result<qint64> DatabaseConnection::copyOut(const QString &sql, const std::function<bool(QByteArrayView)> &sink,
                                           const std::stop_token &stop)
{
    m_driver->settle();
    return m_driver->link().copyOut(sql, sink, stop);
}

Result<qint64> DatabaseConnection::copyIn(const QString &sql, const std::function<QByteArray()> &source,
                                          const std::stop_token &stop)
{
    m_driver->settle();
    return m_driver->link().copyIn(sql, source, stop);
}

} // namespace Roost
