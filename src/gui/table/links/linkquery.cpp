#include "gui/table/links/linkquery.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype mostTelling = 2;
constexpr unsigned charOid = 18;
constexpr unsigned citextCategory = 'S';

bool isText(const RowColumn &column)
{
    return unsigned(uchar(column.category)) == citextCategory && column.baseOid != charOid;
}

/// How well a column's name says that it names the row; small is better, negative not at all.
int rank(const QString &name)
{
    static const QStringList whole = {
        QStringLiteral("name"),         QStringLiteral("title"),      QStringLiteral("label"),
        QStringLiteral("display_name"), QStringLiteral("full_name"),  QStringLiteral("username"),
        QStringLiteral("email"),        QStringLiteral("slug"),       QStringLiteral("code"),
        QStringLiteral("subject"),      QStringLiteral("description")};
    const QString lower = name.toLower();
    if (const qsizetype place = whole.indexOf(lower); place >= 0) {
        return int(place);
    }
    for (const char *part : {"name", "title", "label"}) {
        if (lower.contains(QLatin1String(part))) {
            return int(whole.size());
        }
    }
    return -1;
}

QString likePattern(const QString &text)
{
    QString pattern;
    for (const QChar c : text) {
        if (c == u'%' || c == u'_' || c == u'\\') {
            pattern += u'\\';
        }
        pattern += c;
    }
    return pattern;
}

/// Collects parameters while the text is made.
class Sql
{
public:
    QString bind(const QString &value)
    {
        m_parameters += value;
        return QStringLiteral("$%1").arg(m_parameters.size());
    }
    QVariantList parameters() const { return m_parameters; }

private:
    QVariantList m_parameters;
};

QString tuple(const QStringList &parts)
{
    return parts.size() == 1 ? parts.first() : QStringLiteral("(%1)").arg(parts.join(QStringLiteral(", ")));
}

QStringList quoted(const QList<RowColumn> &columns)
{
    QStringList names;
    for (const RowColumn &column : columns) {
        names += quoteIdentifier(column.name);
    }
    return names;
}

QString boundTuple(Sql &sql, const QList<RowColumn> &columns, const RowKey &key)
{
    QStringList parts;
    for (qsizetype i = 0; i < columns.size(); ++i) {
        parts += QStringLiteral("%1::%2").arg(sql.bind(key[i]), columns[i].type);
    }
    return tuple(parts);
}

} // namespace

LinkQuery LinkQuery::make(const ForeignKey &key, const QList<RowColumn> &columns)
{
    LinkQuery query;
    query.key = key;
    for (const QString &name : key.toColumns) {
        const auto found = std::find_if(columns.begin(), columns.end(),
                                        [&name](const RowColumn &column) { return column.name == name; });
        if (found == columns.end()) {
            query.keyColumns.clear();
            return query;
        }
        query.keyColumns += *found;
    }
    QList<RowColumn> texts;
    for (const RowColumn &column : columns) {
        if (isText(column) && !key.toColumns.contains(column.name)) {
            texts += column;
        }
    }
    const auto worth = [](const RowColumn &column) {
        const int place = rank(column.name);
        return place < 0 ? 1000 : place;
    };
    std::stable_sort(texts.begin(), texts.end(),
                     [&worth](const RowColumn &a, const RowColumn &b) { return worth(a) < worth(b); });
    for (const RowColumn &column : texts) {
        // The best one in any case, a second only if its name says that it helps.
        if (query.telling.isEmpty() || (query.telling.size() < mostTelling && rank(column.name) >= 0)) {
            query.telling += column;
        }
    }
    return query;
}

SqlStatement LinkQuery::statement(const QString &search, const RowKey &current, const RowKey &after) const
{
    Sql sql;
    QStringList shown = quoted(keyColumns);
    for (const RowColumn &column : telling) {
        shown += QStringLiteral("pg_catalog.left(%1, 200)")
                     .arg(quoteIdentifier(column.name) + QStringLiteral("::pg_catalog.text"));
    }
    const QString keyTuple = tuple(quoted(keyColumns));
    const QString select = QStringLiteral("SELECT %1 FROM %2").arg(shown.join(QStringLiteral(", ")), key.to.quoted());
    QStringList where;
    if (!search.isEmpty()) {
        const QString pattern = likePattern(search);
        const QString contains = sql.bind(u'%' + pattern + u'%');
        const QString starts = sql.bind(pattern + u'%');
        QStringList any;
        for (const RowColumn &column : telling) {
            any += QStringLiteral("%1::pg_catalog.text ILIKE %2::pg_catalog.text")
                       .arg(quoteIdentifier(column.name), contains);
        }
        for (const RowColumn &column : keyColumns) {
            any += QStringLiteral("%1::pg_catalog.text ILIKE %2::pg_catalog.text")
                       .arg(quoteIdentifier(column.name), starts);
        }
        where += QStringLiteral("(%1)").arg(any.join(QStringLiteral(" OR ")));
    }
    // A unique constraint, to which a key may refer, admits NULL; a NULL is no row to refer to.
    for (const RowColumn &column : keyColumns) {
        if (!column.notNull) {
            where += quoteIdentifier(column.name) + QStringLiteral(" IS NOT NULL");
        }
    }
    if (after.size() == keyColumns.size()) {
        where += QStringLiteral("%1 > %2").arg(keyTuple, boundTuple(sql, keyColumns, after));
    }
    QString first;
    if (current.size() == keyColumns.size()) {
        const QString value = boundTuple(sql, keyColumns, current);
        where += QStringLiteral("%1 <> %2").arg(keyTuple, value);
        if (after.isEmpty()) {
            first = QStringLiteral("(%1 WHERE %2 = %3) UNION ALL ").arg(select, keyTuple, value);
        }
    }
    const QString condition =
        where.isEmpty() ? QString() : QStringLiteral(" WHERE ") + where.join(QStringLiteral(" AND "));
    const QString page = QStringLiteral("(%1%2 ORDER BY %3 LIMIT %4)")
                             .arg(select, condition, quoted(keyColumns).join(QStringLiteral(", ")))
                             .arg(pageSize + 1);
    return {first + page, sql.parameters()};
}

SqlStatement linkColumnsStatement(const TableId &table)
{
    return {QStringLiteral(
                "SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, t.typcategory, "
                "CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END "
                "FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
                "JOIN pg_catalog.pg_class c ON c.oid = a.attrelid "
                "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = $1 AND c.relname = $2 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"),
            {table.schema, table.name}};
}

} // namespace Roost
