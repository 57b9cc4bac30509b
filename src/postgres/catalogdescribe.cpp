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

struct CatalogText
{
    Q_DECLARE_TR_FUNCTIONS(CatalogText)
};

QStringList textsOf(const QJsonValue &array)
{
    QStringList texts;
    for (const QJsonValue value : array.toArray()) {
        texts += value.toString();
    }
    return texts;
}

QString storageName(const QString &letter)
{
    static const QHash<QString, QString> names{{QStringLiteral("p"), QStringLiteral("plain")},
                                               {QStringLiteral("m"), QStringLiteral("main")},
                                               {QStringLiteral("x"), QStringLiteral("extended")},
                                               {QStringLiteral("e"), QStringLiteral("external")}};
    return names.value(letter);
}

QString compressionName(const QString &letter)
{
    return letter == u"p" ? QStringLiteral("pglz") : letter == u"l" ? QStringLiteral("lz4") : QString();
}

ColumnInfo columnOf(const QJsonObject &object)
{
    ColumnInfo column;
    column.name = object.value(u"name").toString();
    column.type = object.value(u"type").toString();
    column.notNull = object.value(u"notNull").toBool();
    column.defaultExpression = object.value(u"default").toString();
    const QString identity = object.value(u"identity").toString();
    column.identity = identity == u"a"   ? QStringLiteral("always")
                      : identity == u"d" ? QStringLiteral("by default")
                                         : QString();
    column.generated = !object.value(u"generated").toString().isEmpty();
    column.isKey = object.value(u"isKey").toBool();
    column.collation = object.value(u"collation").toString();
    column.comment = object.value(u"comment").toString();
    column.typeOid = unsigned(object.value(u"typeOid").toInteger());
    column.domain = object.value(u"domain").toString();
    column.enumLabels = textsOf(object.value(u"labels"));
    column.maxLength = object.value(u"maxLength").toInt(-1);
    column.isEditable = object.value(u"mayUpdate").toBool() && !column.generated && identity != u"a";
    column.storage = storageName(object.value(u"storage").toString());
    column.compression = compressionName(object.value(u"compression").toString());
    const QJsonValue statistics = object.value(u"statistics");
    column.statisticsTarget = statistics.isDouble() ? QString::number(statistics.toInt()) : QString();
    column.options = textsOf(object.value(u"options"));
    return column;
}

TableDetail detailOf(const QJsonObject &object)
{
    return {object.value(u"name").toString(), object.value(u"definition").toString(), object.value(u"note").toString(),
            object.value(u"comment").toString(), TableId{}};
}

QList<TableDetail> detailsOf(const QJsonArray &array, const QStringList &kinds = {})
{
    QList<TableDetail> details;
    for (const QJsonValue value : array) {
        const QJsonObject object = value.toObject();
        if (kinds.isEmpty() || kinds.contains(object.value(u"kind").toString())) {
            details += detailOf(object);
        }
    }
    return details;
}

QList<TableDetail> partitioningOf(const QJsonArray &others)
{
    static const QStringList kinds{QStringLiteral("partition key"), QStringLiteral("partition of"),
                                   QStringLiteral("partition constraint"), QStringLiteral("inherits")};
    QList<TableDetail> details;
    for (const QJsonValue value : others) {
        const QJsonObject object = value.toObject();
        const QString kind = object.value(u"kind").toString();
        if (kinds.contains(kind)) {
            const QStringList words{object.value(u"name").toString(), object.value(u"definition").toString()};
            details += TableDetail{kind, words.join(u' ').trimmed()};
        }
    }
    return details;
}

QList<TableDetail> partitionsOf(const QJsonArray &array)
{
    QList<TableDetail> details;
    for (const QJsonValue value : array) {
        const QJsonObject object = value.toObject();
        details += detailOf(object);
        details.last().table = {object.value(u"schema").toString(), object.value(u"table").toString()};
    }
    return details;
}

ForeignKey foreignKeyOf(const QJsonObject &object)
{
    return {object.value(u"name").toString(),
            {object.value(u"fromSchema").toString(), object.value(u"fromTable").toString()},
            textsOf(object.value(u"columns")),
            {object.value(u"toSchema").toString(), object.value(u"toTable").toString()},
            textsOf(object.value(u"toColumns"))};
}

void addLinks(TableDescription &description, const QJsonArray &links)
{
    for (const QJsonValue value : links) {
        const QJsonObject object = value.toObject();
        const ForeignKey key = foreignKeyOf(object);
        if (object.value(u"isOut").toBool()) {
            description.links += key;
            description.foreignKeys += detailOf(object);
            description.foreignKeys.last().table = key.to;
        }
        if (object.value(u"isIn").toBool()) {
            TableDetail detail = detailOf(object);
            detail.definition =
                QStringLiteral("TABLE ") + object.value(u"from").toString() + QLatin1Char(' ') + detail.definition;
            detail.table = key.from;
            description.incomingLinks += key;
            description.referencedBy += detail;
        }
    }
}

void addFacts(TableDescription &description, const QJsonObject &facts)
{
    const auto text = [&facts](QStringView key) { return facts.value(key).toString(); };
    description.accessMethod = text(u"accessMethod");
    description.tablespace = text(u"tablespace");
    description.options = textsOf(facts.value(u"options"));
    const QString persistence = text(u"persistence");
    description.persistence = persistence == u"u"   ? QStringLiteral("unlogged")
                              : persistence == u"t" ? QStringLiteral("temporary")
                                                    : QString();
    description.tableBytes = facts.value(u"tableBytes").toInteger(-1);
    description.indexBytes = facts.value(u"indexBytes").toInteger(-1);
    description.toastBytes = facts.value(u"toastBytes").toInteger(-1);
    description.mayInsert = facts.value(u"mayInsert").toBool();
    description.mayUpdate = facts.value(u"mayUpdate").toBool();
    description.mayDelete = facts.value(u"mayDelete").toBool();
    description.rowSecurity = text(u"rowSecurity");
    description.replicaIdentity = text(u"replicaIdentity");
    description.ofType = text(u"ofType");
    description.server = text(u"server");
    description.serverOptions = textsOf(facts.value(u"serverOptions"));
    description.isLocked = facts.value(u"isLocked").toBool();
    if (description.relation.kind == RelationKind::View) {
        const int events = facts.value(u"updatable").toInt(0); // 1 << CMD_UPDATE, CMD_INSERT, CMD_DELETE
        description.mayUpdate = description.mayUpdate && (events & 4) != 0;
        description.mayInsert = description.mayInsert && (events & 8) != 0;
        description.mayDelete = description.mayDelete && (events & 16) != 0;
        description.isUpdatableView = (events & 28) != 0;
    }
}

TableDescription descriptionOf(const QSqlQuery &row)
{
    TableDescription description;
    description.relation = relationOf(row);
    for (const QJsonValue column : arrayOf(row, CatalogSql::ColumnsColumn)) {
        description.columns += columnOf(column.toObject());
    }
    const QJsonArray constraints = arrayOf(row, CatalogSql::ConstraintsColumn);
    const QJsonArray others = arrayOf(row, CatalogSql::OthersColumn);
    description.indexes = detailsOf(arrayOf(row, CatalogSql::IndexesColumn));
    description.keys = detailsOf(constraints, {QStringLiteral("p"), QStringLiteral("u"), QStringLiteral("x")});
    description.checks = detailsOf(constraints, {QStringLiteral("c")});
    addLinks(description, arrayOf(row, CatalogSql::LinksColumn));
    description.triggers = detailsOf(arrayOf(row, CatalogSql::TriggersColumn));
    description.partitioning = partitioningOf(others);
    description.partitions = partitionsOf(arrayOf(row, CatalogSql::PartitionsColumn));
    description.policies = detailsOf(others, {QStringLiteral("policy")});
    description.rules = detailsOf(others, {QStringLiteral("rule")});
    description.statistics = detailsOf(others, {QStringLiteral("statistics")});
    for (const TableDetail &publication : detailsOf(others, {QStringLiteral("publication")})) {
        description.publications += publication.name;
    }
    description.viewDefinition = row.value(CatalogSql::ViewColumn).toString();
    addFacts(description, QJsonDocument::fromJson(row.value(CatalogSql::FactsColumn).toString().toUtf8()).object());
    return description;
}

} // namespace

Result<TableDescription> describe(DatabaseConnection &connection, const TableId &table, const std::stop_token &stop)
{
    Result<QSqlQuery> rows = queryCounting(connection, CatalogSql::describe(), {table.schema, table.name}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    if (!rows->next()) {
        return failure(
            ErrorCode::NotFound,
            CatalogText::tr("There is no table or view “%1” in the schema “%2”. Somebody may have dropped or "
                            "renamed it; refresh the list.")
                .arg(table.name, table.schema));
    }
    QHash<unsigned, QString> types;
    TableDescription description = descriptionOf(*rows);
    rememberTypes(description.relation, types);
    TypeNames::remember(connection.parameters(), types);
    return description;
}

} // namespace Roost::CatalogReader
