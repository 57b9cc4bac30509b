#include "practice/clustersql.h"

#include "postgres/databaseconnection.h"

namespace Roost {

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
    return values;
}

} // namespace Roost
