#include "practice/clustersql.h"

#include "core/redact.h"

#include <QCoreApplication>

#include <libpq-fe.h>

#include <memory>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LocalCluster)
};

using Connection = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

Connection open(const ConnectionSpec &spec)
{
    const QByteArray host = spec.parameters.host.toLocal8Bit();
    const QByteArray port = QByteArray::number(spec.parameters.port);
    const QByteArray user = spec.parameters.user.toUtf8();
    const QByteArray database = spec.parameters.database.toUtf8();
    const char *const keys[] = {"host", "port", "user", "dbname", nullptr};
    const char *const values[] = {host.constData(), port.constData(), user.constData(), database.constData(), nullptr};
    return {PQconnectdbParams(keys, values, 0), PQfinish};
}

Error refused(PGconn *connection)
{
    return {ErrorCode::ServerRefused,
            Text::tr("The practice server refused a statement."),
            redact(QString::fromUtf8(PQerrorMessage(connection))),
            {}};
}

} // namespace

Result<void> runStatements(const ConnectionSpec &spec, const QStringList &statements, const std::stop_token &stop)
{
    const Connection connection = open(spec);
    for (const QString &statement : statements) {
        if (stop.stop_requested()) {
            return failure(Error::cancelled());
        }
        const Answer answer(PQexec(connection.get(), statement.toUtf8().constData()), PQclear);
        const auto status = PQresultStatus(answer.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            return failure(refused(connection.get()));
        }
    }
    return {};
}

Result<QStringList> queryColumn(const ConnectionSpec &spec, const QString &sql, const std::stop_token &stop)
{
    if (stop.stop_requested()) {
        return failure(Error::cancelled());
    }
    const Connection connection = open(spec);
    const Answer answer(PQexec(connection.get(), sql.toUtf8().constData()), PQclear);
    if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) {
        return failure(refused(connection.get()));
    }
    QStringList values;
    for (int row = 0; row < PQntuples(answer.get()); ++row) {
        values << QString::fromUtf8(PQgetvalue(answer.get(), row, 0));
    }
    return values;
}

} // namespace Roost
