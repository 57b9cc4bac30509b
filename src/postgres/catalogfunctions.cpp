#include "postgres/catalogparse.h"
#include "postgres/catalogreader.h"
#include "postgres/catalogsql.h"
#include "postgres/databaseconnection.h"
#include "postgres/typenames.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

namespace Roost::CatalogReader {

namespace {

struct FunctionsText
{
    Q_DECLARE_TR_FUNCTIONS(FunctionsText)
};

} // namespace

Result<DatabaseContents> contents(DatabaseConnection &connection, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = queryCounting(connection, CatalogSql::contents(), {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    DatabaseContents contents;
    QHash<unsigned, QString> types;
    while (rows->next()) {
        const QVariant counts = rows->value(CatalogSql::RelationColumnCount);
        if (!counts.isNull()) {
            const QJsonObject functions = QJsonDocument::fromJson(counts.toString().toUtf8()).object();
            for (auto it = functions.begin(); it != functions.end(); ++it) {
                contents.functions.insert(it.key(), it.value().toInt());
            }
        }
        if (!rows->value(CatalogSql::SchemaColumn).isNull()) { // the only row of a database without tables
            contents.relations += relationOf(*rows);
            rememberTypes(contents.relations.last(), types);
        }
    }
    TypeNames::remember(connection.parameters(), types);
    return contents;
}

Result<QList<FunctionInfo>> functions(DatabaseConnection &connection, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(CatalogSql::functions(), {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    QList<FunctionInfo> functions;
    while (rows->next()) {
        const auto text = [&rows](int column) { return rows->value(column).toString(); };
        functions += FunctionInfo{
            rows->value(0).toUInt(), {text(1), text(2)}, text(3), text(4), text(5), text(6), text(7), text(8)};
    }
    return functions;
}

Result<QString> functionSource(DatabaseConnection &connection, unsigned oid, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(CatalogSql::functionSource(), {QString::number(oid)}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound,
                       FunctionsText::tr("The function is not there any more. Somebody may have dropped it or made it "
                                         "anew; refresh the list."));
    }
    return rows->value(0).toString();
}

Result<SequenceInfo> sequence(DatabaseConnection &connection, const TableId &id, const std::stop_token &stop)
{
    Result<QSqlQuery> rows =
        connection.query(CatalogSql::sequence(), {QStringLiteral("false"), id.schema, id.name}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound,
                       FunctionsText::tr("There is no sequence “%1” in the schema “%2”. Somebody may have dropped or "
                                         "renamed it; refresh the list.")
                           .arg(id.name, id.schema));
    }
    const auto text = [&rows](int column) { return rows->value(column).toString(); };
    SequenceInfo sequence;
    sequence.id = {text(0), text(1)};
    sequence.type = text(2);
    sequence.start = text(3);
    sequence.increment = text(4);
    sequence.least = text(5);
    sequence.most = text(6);
    sequence.cache = text(7);
    sequence.cycles = isTrue(rows->value(8));
    sequence.owner = text(9);
    sequence.comment = text(10);
    sequence.lastValue = text(11);
    sequence.isCalled = isTrue(rows->value(12));
    sequence.table = {text(13), text(14)};
    sequence.column = text(15);
    sequence.isIdentity = isTrue(rows->value(16));
    return sequence;
}

} // namespace Roost::CatalogReader
