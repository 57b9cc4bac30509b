#pragma once

#include "core/result.h"
#include "postgres/catalog.h"

#include <QHash>
#include <QJsonArray>
#include <QSqlQuery>
#include <QVariant>

#include <stop_token>

namespace Roost {

class DatabaseConnection;

// What the readers of the catalogue share.
namespace CatalogReader {

[[nodiscard]] qint64 numberOr(const QVariant &value, qint64 unknown);
[[nodiscard]] bool isTrue(const QVariant &value);
[[nodiscard]] QJsonArray arrayOf(const QSqlQuery &row, int column);
/// Of a row whose columns begin with those of CatalogSql::RelationColumn.
[[nodiscard]] RelationInfo relationOf(const QSqlQuery &row);
/// So that the first page of a table needs not ask for the names of the database's own types.
void rememberTypes(const RelationInfo &relation, QHash<unsigned, QString> &types);
/// Counting reads the tables themselves, where a single damaged one would take the whole list away: then without it.
[[nodiscard]] Result<QSqlQuery> queryCounting(DatabaseConnection &connection, const QString &sql,
                                              const QVariantList &parameters, const std::stop_token &stop);

} // namespace CatalogReader

} // namespace Roost
