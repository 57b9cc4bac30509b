#include "postgres/tabledefinitions.h"

#include "postgres/sqlparser.h"
#include "postgres/typenames.h"

#include <QJsonArray>
#include <QJsonDocument>

#include <algorithm>

namespace Roost {

namespace {

/// Of tables that inherit and of domains upon domains; the server has no limit, and an archive may be made up.
constexpr int deepest = 50;

/// The tools from the summer of 2025 on begin and end a script with commands for psql, under a key made up each time.
QByteArray withoutPsqlCommands(QByteArray script)
{
    const QByteArray begin = "\n\\restrict ";
    const qsizetype at = script.indexOf(begin);
    if (at < 0) {
        return script;
    }
    const qsizetype end = script.indexOf('\n', at + begin.size());
    const QByteArray key = script.sliced(at + begin.size(), (end < 0 ? script.size() : end) - at - begin.size());
    script.replace("\n\\restrict " + key + '\n', "\n");
    script.replace("\n\\unrestrict " + key + '\n', "\n");
    return script;
}

/// From the comments before a statement: `-- TOC entry 215 (class 1259 OID 16385)`; 0 when there is none.
int entryOf(QByteArrayView statement)
{
    static const QByteArray mark = "-- TOC entry ";
    int entry = 0;
    while (!statement.isEmpty() && (statement.startsWith('\n') || statement.startsWith("--"))) {
        if (statement.startsWith(mark)) {
            const QByteArrayView rest = statement.sliced(mark.size());
            entry = rest.first(std::max<qsizetype>(rest.indexOf(' '), 0)).toInt();
        }
        const qsizetype end = statement.indexOf('\n');
        statement = end < 0 ? QByteArrayView() : statement.sliced(end + 1);
    }
    return entry;
}

/// `[{"String":{"sval":"public"}},{"String":{"sval":"mood"}}]`
TableId nameIn(const QJsonArray &parts)
{
    const auto part = [&parts](qsizetype i) {
        return parts.at(i).toObject().value(u"String").toObject().value(u"sval").toString();
    };
    return parts.size() == 1 ? TableId{{}, part(0)} : TableId{part(parts.size() - 2), part(parts.size() - 1)};
}

TableId nameIn(const QJsonObject &relation)
{
    return {relation.value(u"schemaname").toString(), relation.value(u"relname").toString()};
}

} // namespace

TableDefinitions TableDefinitions::fromScript(const QByteArray &script)
{
    TableDefinitions definitions;
    const QByteArray sql = withoutPsqlCommands(script);
    const QList<QByteArrayView> statements = splitSql(sql);
    for (const QByteArrayView statement : statements) {
        definitions.takeStatement(statement);
    }
    return definitions;
}

void TableDefinitions::takeStatement(QByteArrayView statement)
{
    if (statement.size() > longestParsedSql) {
        return;
    }
    const QJsonArray trees =
        QJsonDocument::fromJson(parseSql(statement.toByteArray()).tree).object()[u"stmts"].toArray();
    const QJsonObject tree = trees.at(0).toObject().value(u"stmt").toObject();
    if (tree.contains(u"CreateStmt")) {
        takeTable(tree.value(u"CreateStmt").toObject(), entryOf(statement));
    } else if (tree.contains(u"CreateForeignTableStmt")) {
        takeTable(tree.value(u"CreateForeignTableStmt").toObject().value(u"base").toObject(), entryOf(statement));
    } else if (tree.contains(u"CompositeTypeStmt")) {
        const QJsonObject type = tree.value(u"CompositeTypeStmt").toObject();
        m_columns.insert(nameIn(type.value(u"typevar").toObject()).quoted(),
                         Columns{columnsIn(type.value(u"coldeflist").toArray()), {}});
    } else if (tree.contains(u"CreateDomainStmt")) {
        const QJsonObject domain = tree.value(u"CreateDomainStmt").toObject();
        m_domains.insert(nameIn(domain.value(u"domainname").toArray()).quoted(),
                         typeNameOf(domain.value(u"typeName").toObject()));
    }
}

void TableDefinitions::takeTable(const QJsonObject &create, int entry)
{
    const TableId id = nameIn(create.value(u"relation").toObject());
    Columns columns{columnsIn(create.value(u"tableElts").toArray()), {}};
    const QJsonArray parents = create.value(u"inhRelations").toArray();
    if (!create.contains(u"partbound")) { // else all columns stand in the statement
        for (const auto &parent : parents) {
            columns.from += nameIn(parent.toObject().value(u"RangeVar").toObject()).quoted();
        }
    }
    if (create.contains(u"ofTypename")) {
        columns.from += typeNameOf(create.value(u"ofTypename").toObject()).id.quoted();
    }
    m_columns.insert(id.quoted(), columns);
    if (entry > 0) {
        m_entries.insert(entry, id);
    }
}

TableDefinitions::TypeName TableDefinitions::typeNameOf(const QJsonObject &type)
{
    return {nameIn(type.value(u"names").toArray()), type.contains(u"arrayBounds")};
}

QList<TableDefinitions::Column> TableDefinitions::columnsIn(const QJsonArray &elements)
{
    QList<Column> columns;
    for (const auto &element : elements) {
        const QJsonObject definition = element.toObject().value(u"ColumnDef").toObject();
        if (definition.isEmpty()) {
            continue; // a constraint
        }
        const QJsonArray constraints = definition.value(u"constraints").toArray();
        const bool isGenerated = std::any_of(constraints.begin(), constraints.end(), [](const auto &each) {
            return each.toObject().value(u"Constraint").toObject().value(u"contype").toString() == u"CONSTR_GENERATED";
        });
        columns += Column{definition.value(u"colname").toString(), typeNameOf(definition.value(u"typeName").toObject()),
                          isGenerated};
    }
    return columns;
}

std::optional<TableId> TableDefinitions::tableOfEntry(int entry) const
{
    const auto found = m_entries.constFind(entry);
    return found == m_entries.cend() ? std::nullopt : std::optional(*found);
}

QList<DefinedColumn> TableDefinitions::columnsOf(const TableId &table) const
{
    QList<DefinedColumn> columns;
    collect(table.quoted(), 0, columns);
    return columns;
}

void TableDefinitions::collect(const QString &quoted, int depth, QList<DefinedColumn> &columns) const
{
    const auto found = m_columns.constFind(quoted);
    if (found == m_columns.cend() || depth > deepest) {
        return;
    }
    for (const QString &parent : found->from) {
        collect(parent, depth + 1, columns);
    }
    for (const Column &own : found->own) {
        const DefinedColumn column{own.name, oidOf(own.type), own.isGenerated};
        const auto same = std::find_if(columns.begin(), columns.end(),
                                       [&own](const DefinedColumn &each) { return each.name == own.name; });
        if (same == columns.end()) {
            columns += column;
        } else if (!own.type.id.name.isEmpty()) { // of a typed table only the options are named again
            *same = column;
        }
    }
}

unsigned TableDefinitions::oidOf(TypeName type) const
{
    for (int depth = 0; depth < deepest; ++depth) {
        // The script's search path is empty, so a name without a schema is the system's.
        if (type.id.schema.isEmpty() || type.id.schema == u"pg_catalog") {
            return TypeNames::builtInOid(type.isArray ? type.id.name + QStringLiteral("[]") : type.id.name);
        }
        const auto domain = m_domains.constFind(type.id.quoted());
        if (domain == m_domains.cend() || type.isArray) {
            return 0;
        }
        type = *domain;
    }
    return 0;
}

} // namespace Roost
