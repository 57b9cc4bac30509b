#include "postgres/catalogreader.h"

#include "postgres/catalogparse.h"
#include "postgres/catalogsql.h"
#include "postgres/databaseconnection.h"
#include "postgres/tableddlsql.h"
#include "postgres/typenames.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace Roost::CatalogReader {

namespace {

RelationKind kindOf(const QString &letter)
{
    switch (letter.isEmpty() ? u'r' : letter.front().unicode()) {
    case u'p':
        return RelationKind::PartitionedTable;
    case u'v':
        return RelationKind::View;
    case u'm':
        return RelationKind::MaterializedView;
    case u'f':
        return RelationKind::ForeignTable;
    case u'S':
        return RelationKind::Sequence;
    default:
        return RelationKind::Table;
    }
}

/// Of types that are not built in.
constexpr unsigned firstOwnOid = 16384;

/// Whether a value may take more room than a page should give it. `limit` as pg_attribute.atttypmod.
bool mayBeLong(unsigned type, int length, int limit)
{
    if (length >= 0) {
        return false;
    }
    constexpr int headerSize = 4; // is counted into the limit of the character types
    constexpr int longText = 500;
    switch (type) {
    case 1042: // bpchar
    case 1043: // varchar
        return limit < headerSize || limit - headerSize > longText;
    case 1560: // bit
    case 1562: // varbit
        return limit < 0 || limit > longText;
    case 650:  // cidr
    case 869:  // inet
    case 1700: // numeric
    case 3904: // int4range
    case 3906: // numrange
    case 3908: // tsrange
    case 3910: // tstzrange
    case 3912: // daterange
    case 3926: // int8range
        return false;
    default:
        return true;
    }
}

/// As withColumns() of the statements writes it.
RowColumn rowColumnOf(const QJsonArray &facts)
{
    RowColumn column;
    column.name = facts.at(0).toString();
    column.type = facts.at(2).toString();
    column.typeOid = unsigned(facts.at(3).toInteger());
    column.notNull = facts.at(1).toBool();
    column.baseOid = unsigned(facts.at(5).toInteger());
    column.castType = facts.at(6).isNull() ? column.type : facts.at(6).toString();
    column.category = facts.at(7).toString().front().toLatin1();
    const QString builtIn = column.typeOid < firstOwnOid ? TypeNames::of({}, column.typeOid) : QString();
    column.shortType = !builtIn.isEmpty() ? builtIn : facts.at(9).isString() ? facts.at(9).toString() : column.type;
    column.isNumeric = TypeNames::isNumeric(column.baseOid);
    column.mayBeLong = mayBeLong(column.baseOid, facts.at(8).toInt(), facts.at(4).toInt());
    return column;
}

} // namespace

qint64 numberOr(const QVariant &value, qint64 unknown)
{
    return value.isNull() ? unknown : value.toLongLong();
}

bool isTrue(const QVariant &value)
{
    return value.toString() == u"t";
}

QJsonArray arrayOf(const QSqlQuery &row, int column)
{
    return QJsonDocument::fromJson(row.value(column).toString().toUtf8()).array();
}

RelationInfo relationOf(const QSqlQuery &row)
{
    RelationInfo relation;
    relation.id = {row.value(CatalogSql::SchemaColumn).toString(), row.value(CatalogSql::NameColumn).toString()};
    relation.kind = kindOf(row.value(CatalogSql::KindColumn).toString());
    relation.owner = row.value(CatalogSql::OwnerColumn).toString();
    relation.estimatedRows = numberOr(row.value(CatalogSql::RowsColumn), -1);
    relation.rowsAreExact = isTrue(row.value(CatalogSql::IsExactColumn));
    relation.sizeBytes = numberOr(row.value(CatalogSql::SizeColumn), -1);
    relation.comment = row.value(CatalogSql::CommentColumn).toString();
    relation.hasInheritors = isTrue(row.value(CatalogSql::HasInheritorsColumn));
    for (const QJsonValue name : arrayOf(row, CatalogSql::KeyColumn)) {
        relation.keyColumns += name.toString();
    }
    for (const QJsonValue column : arrayOf(row, CatalogSql::RowColumnsColumn)) {
        relation.columns += rowColumnOf(column.toArray());
    }
    return relation;
}

void rememberTypes(const RelationInfo &relation, QHash<unsigned, QString> &types)
{
    for (const RowColumn &column : relation.columns) {
        if (column.typeOid >= firstOwnOid) {
            types.insert(column.typeOid, column.shortType);
        }
    }
}

Result<QSqlQuery> queryCounting(DatabaseConnection &connection, const QString &sql, const QVariantList &parameters,
                                const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(sql, QVariantList{QStringLiteral("true")} + parameters, stop);
    const bool isLost = !rows && (rows.error().sqlState.isEmpty() || !connection.isOpen());
    if (rows || rows.error().isCancelled() || isLost) {
        return rows;
    }
    return connection.query(sql, QVariantList{QStringLiteral("false")} + parameters, stop);
}

Result<QList<DatabaseInfo>> databases(DatabaseConnection &connection, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(CatalogSql::databases(), {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    static const QStringList systemNames{QStringLiteral("postgres"), QStringLiteral("template0"),
                                         QStringLiteral("template1")};
    QList<DatabaseInfo> databases;
    while (rows->next()) {
        DatabaseInfo database;
        database.name = rows->value(0).toString();
        database.owner = rows->value(1).toString();
        database.encoding = rows->value(2).toString();
        database.collation = rows->value(3).toString();
        database.characterType = rows->value(4).toString();
        database.accessPrivileges = rows->value(5).toString();
        database.sizeBytes = numberOr(rows->value(6), -1);
        database.allowsConnections = isTrue(rows->value(7));
        database.comment = rows->value(8).toString();
        database.isSystem = systemNames.contains(database.name);
        databases += database;
    }
    return databases;
}

Result<QList<RelationInfo>> relations(DatabaseConnection &connection, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = queryCounting(connection, CatalogSql::relations(), {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    QList<RelationInfo> relations;
    QHash<unsigned, QString> types;
    while (rows->next()) {
        relations += relationOf(*rows);
        rememberTypes(relations.constLast(), types);
    }
    TypeNames::remember(connection.parameters(), types);
    return relations;
}

Result<QList<SessionInfo>> sessions(DatabaseConnection &connection, const QString &database,
                                    const std::stop_token &stop)
{
    Result<QSqlQuery> rows = connection.query(CatalogSql::sessions(), {database}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    QList<SessionInfo> sessions;
    while (rows->next()) {
        sessions += SessionInfo{rows->value(0).toInt(),    rows->value(1).toString(), rows->value(2).toString(),
                                rows->value(3).toString(), rows->value(4).toString(), rows->value(5).toString()};
    }
    return sessions;
}

Result<qint64> countRows(DatabaseConnection &connection, const TableId &table, const std::stop_token &stop)
{
    const QString sql = QStringLiteral("SELECT pg_catalog.count(*) FROM ") + table.quoted();
    Result<QSqlQuery> rows = connection.query(sql, {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    return rows->next() ? rows->value(0).toLongLong() : 0;
}

QString sql(Statement statement)
{
    switch (statement) {
    case Statement::Databases:
        return CatalogSql::databases();
    case Statement::Relations:
        return CatalogSql::relations();
    case Statement::Contents:
        return CatalogSql::contents();
    case Statement::Describe:
        return CatalogSql::describe();
    case Statement::Functions:
        return CatalogSql::functions();
    case Statement::FunctionSource:
        return CatalogSql::functionSource();
    case Statement::Sequence:
        return CatalogSql::sequence();
    case Statement::Ddl:
        return CatalogSql::tableDdl();
    case Statement::Sessions:
        return CatalogSql::sessions();
    }
    return {};
}

} // namespace Roost::CatalogReader
