#include "postgres/changestatements.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

using Kind = RowChange::Kind;

// Types by their OIDs in pg_type.dat, which never change.
constexpr unsigned boolOid = 16;
constexpr unsigned textOid = 25;
constexpr unsigned bpcharOid = 1042;
constexpr unsigned varcharOid = 1043;
constexpr unsigned numericOid = 1700;
constexpr unsigned firstOwnOid = 16384; // types of extensions and users begin here

/// Types of which two values are equal when, and only when, they print alike.
bool isExactByEquality(const RowColumn &column)
{
    static const QSet<unsigned> exact = {boolOid, 17,   18,   19,   20,   21,   23,   26,  829,
                                         774,     1082, 1083, 1114, 1184, 2950, 3220, 5069};
    return exact.contains(column.baseOid) || (column.category == 'E' && column.typeOid == column.baseOid);
}

bool isText(const RowColumn &column)
{
    return column.baseOid == textOid || column.baseOid == varcharOid;
}

/// Types that `::text` prints as the server does without it. For bool, bpchar, inet, cidr and xml it does not, and
/// types that are not the server's own may have casts of their own.
bool printsAlikeByCast(const RowColumn &column)
{
    static const QSet<unsigned> differing = {0, boolOid, 18, 142, 650, 869, 1042};
    return column.typeOid < firstOwnOid && column.category != 'A' && column.category != 'R' &&
           !differing.contains(column.typeOid);
}

/// The column's value as the server prints it.
QString exactText(const RowColumn &column)
{
    const QString name = quoteIdentifier(column.name);
    // The collation, because different texts may count as equal in another one ("a" and "A").
    if (isText(column)) {
        return name + QStringLiteral(R"( COLLATE "C")");
    }
    if (printsAlikeByCast(column)) {
        return name + QStringLiteral("::text");
    }
    return QStringLiteral(R"(pg_catalog.format('%s', %1) COLLATE "C")").arg(name);
}

/// As RowPage::storedBytes() has it.
QString storedSize(const RowColumn &column)
{
    static const QSet<unsigned> ofBytes = {17, textOid, varcharOid, bpcharOid};
    return QStringLiteral("pg_catalog.%1(%2)")
        .arg(ofBytes.contains(column.baseOid) ? QStringLiteral("octet_length") : QStringLiteral("pg_column_size"),
             quoteIdentifier(column.name));
}

/// What can stand in SQL without quotes and mean the same.
bool isPlainNumber(const RowColumn &column, const QString &text)
{
    static const QSet<unsigned> types = {20, 21, 23, numericOid};
    static const QRegularExpression pattern(QStringLiteral(R"(\A-?\d{1,18}(\.\d{1,18})?\z)"));
    return types.contains(column.typeOid) && pattern.match(text).hasMatch() &&
           (column.typeOid == numericOid || !text.contains(u'.'));
}

} // namespace

/// A statement that is being written, and its parameters.
struct ChangeStatements::Text
{
    Values values;
    QVariantList parameters = {};

    bool isScript() const { return values == Values::InPlace; }
    QString bind(const CellValue &value)
    {
        parameters += value ? QVariant(*value) : QVariant();
        return u'$' + QString::number(parameters.size());
    }
    /// For where the server takes the value as the column's own type.
    QString value(const RowColumn &column, const CellValue &value)
    {
        if (!isScript()) {
            return bind(value);
        }
        if (!value) {
            return QStringLiteral("NULL");
        }
        return isPlainNumber(column, *value) ? *value : text(*value);
    }
    QString text(const QString &value) { return isScript() ? quoteLiteral(value).trimmed() : bind(value); }
    QString line(const char *word) const { return (isScript() ? u'\n' : u' ') + QString::fromLatin1(word); }
};

ChangeStatements::ChangeStatements(const ChangeTarget &target, Values values)
    : m_target(target)
    , m_values(values)
{
    QStringList names;
    for (const RowColumn &column : target.columns) {
        m_places.insert(column.name, names.size());
        names += quoteIdentifier(column.name);
    }
    m_columnList = names.isEmpty() ? QStringLiteral("*") : names.join(QStringLiteral(", "));
}

RowColumn ChangeStatements::column(const QString &name) const
{
    const auto place = m_places.constFind(name);
    if (place != m_places.constEnd()) {
        return m_target.columns.at(*place);
    }
    RowColumn unknown; // still compared, in the way that suits every type
    unknown.name = name;
    return unknown;
}

QStringList ChangeStatements::columnsSet(const RowChange &change) const
{
    QStringList columns;
    for (auto value = change.values.keyBegin(); value != change.values.keyEnd(); ++value) {
        if (change.kind != Kind::Insert || !m_target.readOnlyColumns.contains(*value)) {
            columns += *value;
        }
    }
    return columns;
}

QString ChangeStatements::keyCondition(const RowKey &key, Text &text) const
{
    QStringList parts;
    for (qsizetype i = 0; i < m_target.keyColumns.size(); ++i) {
        const QString &name = m_target.keyColumns.at(i);
        // Without a cast the value is read as the column's type: an index is used, and nothing is cut to its length.
        parts += quoteIdentifier(name) + QStringLiteral(" = ") + text.value(column(name), key.value(i));
    }
    return parts.join(text.line("AND") + u' ');
}

QString ChangeStatements::conditions(const RowChange &change, Text &text) const
{
    QStringList parts = {keyCondition(change.key, text)};
    for (auto before = change.before.cbegin(); before != change.before.cend(); ++before) {
        const RowColumn column = this->column(before.key());
        const QString name = quoteIdentifier(column.name);
        const qsizetype place = m_target.keyColumns.indexOf(before.key());
        if (place >= 0 && change.key.value(place) == before.value() && isExactByEquality(column)) {
            continue; // the key's condition says it
        }
        if (!before.value()) {
            // IS NULL is also true of a composite value that holds nothing but NULLs.
            parts += name + (column.category == 'C' ? QStringLiteral(" IS NOT DISTINCT FROM NULL")
                                                    : QStringLiteral(" IS NULL"));
        } else if (change.shortened.contains(before.key())) {
            const qsizetype length = before.value()->toUcs4().size();
            parts += QStringLiteral("pg_catalog.left(%1, %2) = ").arg(exactText(column), QString::number(length)) +
                     text.text(*before.value());
            if (const qint64 bytes = change.storedBytes.value(before.key(), -1); bytes >= 0) {
                parts += storedSize(column) + QStringLiteral(" = ") + QString::number(bytes);
            }
        } else if (isExactByEquality(column)) {
            parts += name + QStringLiteral(" = ") + text.value(column, before.value());
        } else {
            parts += exactText(column) + QStringLiteral(" = ") + text.text(*before.value());
        }
    }
    return parts.join(text.line("AND") + u' ');
}

QString ChangeStatements::update(const RowChange &change, Text &text) const
{
    QStringList settings;
    for (const QString &name : columnsSet(change)) {
        settings += quoteIdentifier(name) + QStringLiteral(" = ") + text.value(column(name), change.values.value(name));
    }
    QString sql = QStringLiteral("UPDATE ") + m_target.table.quoted() + text.line("SET") + u' ' +
                  settings.join(QStringLiteral(", "));
    return sql + text.line("WHERE") + u' ' + conditions(change, text);
}

QString ChangeStatements::insert(const RowChange &change, Text &text) const
{
    QStringList names;
    QStringList values;
    for (const QString &name : columnsSet(change)) {
        names += quoteIdentifier(name);
        values += text.value(column(name), change.values.value(name));
    }
    const QString into = QStringLiteral("INSERT INTO ") + m_target.table.quoted();
    if (names.isEmpty()) {
        return into + QStringLiteral(" DEFAULT VALUES");
    }
    return into + QStringLiteral(" (") + names.join(QStringLiteral(", ")) + u')' + text.line("VALUES") +
           QStringLiteral(" (") + values.join(QStringLiteral(", ")) + u')';
}

SqlStatement ChangeStatements::of(const RowChange &change) const
{
    Text text{m_values};
    QString sql;
    switch (change.kind) {
    case Kind::Update:
        sql = update(change, text);
        break;
    case Kind::Insert:
        sql = insert(change, text);
        break;
    case Kind::Delete:
        sql = QStringLiteral("DELETE FROM ") + m_target.table.quoted() + text.line("WHERE") + u' ' +
              conditions(change, text);
        break;
    }
    if (!text.isScript() && change.kind != Kind::Delete) {
        sql += QStringLiteral(" RETURNING ") + m_columnList;
    }
    return {sql, text.parameters};
}

SqlStatement ChangeStatements::rowOf(const RowKey &key) const
{
    Text text{m_values};
    const QString sql = QStringLiteral("SELECT ") + m_columnList + QStringLiteral(" FROM ") + m_target.table.quoted() +
                        QStringLiteral(" WHERE ") + keyCondition(key, text);
    return {sql, text.parameters};
}

SqlStatement ChangeStatements::probe(const RowChange &change, const QStringList &columns) const
{
    RowChange part = change;
    part.before.clear();
    part.values.clear();
    for (const QString &column : columns) {
        part.values.insert(column, change.values.value(column));
    }
    Text text{m_values};
    const QString sql = change.kind == Kind::Update ? update(part, text) : insert(part, text);
    return {QStringLiteral("EXPLAIN (COSTS OFF) ") + sql, text.parameters};
}

bool ChangeStatements::dependsOnSettings(const RowChange &change) const
{
    // bpchar, numeric, json, jsonb, xml, inet and cidr; and those above.
    static const QSet<unsigned> alwaysAlike = {1042, numericOid, 114, 3802, 142, 869, 650};
    const auto depends = [this](const CellValues &values) {
        for (auto value = values.cbegin(); value != values.cend(); ++value) {
            const RowColumn column = this->column(value.key());
            if (value.value() && !isText(column) && !isExactByEquality(column) &&
                !alwaysAlike.contains(column.baseOid)) {
                return true;
            }
        }
        return false;
    };
    return depends(change.before) || depends(change.values);
}

namespace {

/// Of updates that give rows another key: a row that takes the key of another one waits until that is free.
void appendWithoutCollisions(const ChangeTarget &target, const QList<RowChange> &changes,
                             const QList<qsizetype> &moving, QList<qsizetype> &order)
{
    QHash<RowKey, qsizetype> holders;
    for (const qsizetype place : moving) {
        holders.insert(changes.at(place).key, place);
    }
    QSet<qsizetype> done;
    for (const qsizetype first : moving) {
        QList<qsizetype> chain;
        for (qsizetype place = first; place >= 0 && !done.contains(place);) {
            done.insert(place); // a circle ends here, too: the server has the last word on that
            chain += place;
            RowKey wanted = changes.at(place).key;
            for (qsizetype i = 0; i < wanted.size() && i < target.keyColumns.size(); ++i) {
                const CellValue was = wanted.at(i);
                wanted[i] = changes.at(place).values.value(target.keyColumns.at(i), was).value_or(QString());
            }
            place = holders.value(wanted, -1);
        }
        order.append(QList<qsizetype>(chain.crbegin(), chain.crend()));
    }
}

} // namespace

QList<qsizetype> applyOrder(const ChangeTarget &target, const QList<RowChange> &changes)
{
    const auto movesRow = [&target](const RowChange &change) {
        return std::any_of(target.keyColumns.cbegin(), target.keyColumns.cend(),
                           [&change](const QString &column) { return change.values.contains(column); });
    };
    QList<qsizetype> order;
    QList<qsizetype> updates;
    QList<qsizetype> moving;
    QList<qsizetype> insertions;
    for (qsizetype place = 0; place < changes.size(); ++place) {
        const RowChange &change = changes.at(place);
        if (change.kind == Kind::Delete) {
            order += place;
        } else if (change.kind == Kind::Insert) {
            insertions += place;
        } else {
            (movesRow(change) ? moving : updates) += place;
        }
    }
    order += updates;
    appendWithoutCollisions(target, changes, moving, order);
    return order + insertions;
}

SqlStatement statementOf(const ChangeTarget &target, const RowChange &change)
{
    return ChangeStatements(target).of(change);
}

QString previewSql(const ChangeTarget &target, const QList<RowChange> &changes)
{
    const ChangeStatements statements(target, ChangeStatements::Values::InPlace);
    QStringList script;
    bool dependsOnSettings = false;
    for (const qsizetype place : applyOrder(target, changes)) {
        const RowChange &change = changes.at(place);
        script += statements.of(change).sql + u';';
        dependsOnSettings = dependsOnSettings || statements.dependsOnSettings(change);
    }
    if (dependsOnSettings) {
        // How Roost's own session reads and prints such values: it is what the old values are compared with.
        script.prepend(QStringLiteral("SET LOCAL DateStyle = 'ISO, YMD';\nSET LOCAL IntervalStyle = 'postgres';\n"
                                      "SET LOCAL TimeZone = 'UTC';\nSET LOCAL extra_float_digits = 3;\n"
                                      "SET LOCAL bytea_output = 'hex';"));
    }
    script.prepend(QStringLiteral("BEGIN;"));
    script.append(QStringLiteral("COMMIT;\n"));
    return script.join(QStringLiteral("\n"));
}

} // namespace Roost
