#include "practice/clustersql.h"

#include "core/redact.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>
#include <QSqlError>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(LocalCluster)
};

} // namespace

Result<void> runStatements(const ConnectionSpec &spec, const QStringList &statements, const std::stop_token &stop)
{
    auto connection = DatabaseConnection::open(spec, stop);
    if (!connection) {
        return failure(connection.error());
    }
    for (const QString &statement : statements) {
        if (auto done = (*connection)->execute(statement, {}, stop); !done) {
            return failure(done.error());
        }
    }
    return {};
}

Result<QStringList> queryColumn(const ConnectionSpec &spec, const QString &sql, const std::stop_token &stop)
{
    auto connection = DatabaseConnection::open(spec, stop);
    if (!connection) {
        return failure(connection.error());
    }
    auto query = (*connection)->query(sql, {}, stop);
    if (!query) {
        return failure(query.error());
    }
    QStringList values;
    while (query->next()) {
        values << query->value(0).toString();
    }
    if (query->lastError().isValid()) {
        return failure(ErrorCode::ConnectionLost, Text::tr("The practice server broke off its answer. Start it again."),
                       redact(query->lastError().text()));
    }
    return values;
}

} // namespace Roost
