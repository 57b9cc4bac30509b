#include "operations/rowkeys.h"

#include "postgres/identifier.h"
#include "postgres/sqlparser.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace Roost {

namespace {

/// What a manifest says of a thing whose name it quotes where SQL wants it.
QString definitionOf(const Manifest &manifest, const QString &before, const QString &name, const QString &behind = {})
{
    const auto plain = manifest.objects.constFind(before + name + behind);
    return plain != manifest.objects.cend() ? plain.value()
                                            : manifest.objects.value(before + quoteIdentifier(name) + behind);
}

bool isNotNull(const Manifest &manifest, const QString &table, const QString &column)
{
    QString definition = definitionOf(manifest, QStringLiteral("column ") + table + u'.', column);
    // What follows these may be a text with any words.
    for (const QString &word : {QStringLiteral(" DEFAULT "), QStringLiteral(" GENERATED ")}) {
        const qsizetype at = definition.indexOf(word);
        definition = at < 0 ? definition : definition.first(at);
    }
    return definition.contains(QStringLiteral(" NOT NULL"));
}

/// Of an index that every row is in; an empty object if it is another one.
QJsonObject uniqueIndex(QString definition)
{
    // The marks that a manifest adds; with INVALID it is no statement, as such an index is no promise.
    for (const QString &mark : {QStringLiteral(" REPLICA IDENTITY"), QStringLiteral(" CLUSTERED")}) {
        if (definition.endsWith(mark)) {
            definition.chop(mark.size());
        }
    }
    const QByteArray sql = definition.toUtf8();
    if (sql.size() > longestParsedSql) {
        return {};
    }
    const QJsonArray statements = QJsonDocument::fromJson(parseSql(sql).tree).object().value(u"stmts").toArray();
    const QJsonObject index = statements.at(0).toObject().value(u"stmt").toObject().value(u"IndexStmt").toObject();
    return index.contains(u"whereClause") ? QJsonObject() : index;
}

} // namespace

RowKeys::RowKeys(const Manifest &manifest)
{
    QHash<QString, QString> tables; // by their names with all quotes
    for (auto it = manifest.tables.cbegin(); it != manifest.tables.cend(); ++it) {
        tables.insert(Manifest::tableOf(it.key()).quoted(), it.key());
    }
    for (auto it = manifest.objects.cbegin(); it != manifest.objects.cend(); ++it) {
        if (!it.key().startsWith(u"index ") || !it.value().startsWith(u"CREATE UNIQUE INDEX ")) {
            continue;
        }
        const QJsonObject index = uniqueIndex(it.value());
        const QJsonObject relation = index.value(u"relation").toObject();
        const TableId id{relation.value(u"schemaname").toString(), relation.value(u"relname").toString()};
        const QString table = tables.value(id.quoted());
        QStringList columns;
        const QJsonArray parts = index.value(u"indexParams").toArray();
        for (const QJsonValue &part : parts) {
            const QString column = part.toObject().value(u"IndexElem").toObject().value(u"name").toString();
            if (!column.isEmpty() && isNotNull(manifest, table, column)) {
                columns += column;
            }
        }
        if (columns.isEmpty() || columns.size() != parts.size()) {
            continue; // an expression is among them, or NULLs, of which there may be many
        }
        const QString constraint = definitionOf(manifest, QStringLiteral("constraint "),
                                                index.value(u"idxname").toString(), QStringLiteral(" on ") + table);
        QList<QStringList> &keys = m_keys[table];
        keys.insert(constraint.startsWith(u"PRIMARY KEY") ? 0 : keys.size(), columns);
    }
}

QStringList RowKeys::choose(const RowKeys &first, const RowKeys &second, const QString &table,
                            const QStringList &columns)
{
    const QList<QStringList> all = first.of(table) + second.of(table);
    const auto found = std::find_if(all.begin(), all.end(), [&columns](const QStringList &key) {
        return std::all_of(key.begin(), key.end(), [&columns](const QString &each) { return columns.contains(each); });
    });
    return found != all.end() ? *found : QStringList();
}

} // namespace Roost
