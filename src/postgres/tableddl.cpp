#include "postgres/catalogparse.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tableddlparts.h"
#include "postgres/tableddlsql.h"

#include <QCoreApplication>
#include <QJsonDocument>

namespace Roost::CatalogReader {

namespace {

struct DdlText
{
    Q_DECLARE_TR_FUNCTIONS(DdlText)
};

} // namespace

Result<QString> ddl(DatabaseConnection &connection, const TableId &table, const std::stop_token &stop)
{
    Result<QSqlQuery> rows =
        connection.query(CatalogSql::tableDdl(), {QStringLiteral("false"), table.schema, table.name}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound,
                       DdlText::tr("There is no table or view “%1” in the schema “%2”. Somebody may have dropped or "
                                   "renamed it; refresh the list.")
                           .arg(table.name, table.schema));
    }
    if (!isTrue(rows->value(0))) {
        return failure(ErrorCode::Conflict,
                       DdlText::tr("Somebody is changing “%1” or something that it is made from, and the server would "
                                   "let us wait until that is over. Try again in a moment.")
                           .arg(table.name));
    }
    return TableDdl::text(QJsonDocument::fromJson(rows->value(1).toString().toUtf8()).object());
}

} // namespace Roost::CatalogReader
