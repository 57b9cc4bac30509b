#include "postgres/whereclause.h"

namespace Roost {

namespace {

/// Types without `=`, or where it means something else (`=` of boxes compares areas): their text is compared.
bool isComparedAsText(const RowColumn &column)
{
    return column.category == 'G' || column.baseOid == 114 || column.baseOid == 142; // json, xml
}

QString compared(const RowColumn &column, const QString &reference, const QString &sign, const QString &value,
                 StatementValues &values)
{
    if (!isComparedAsText(column)) {
        return QStringLiteral("%1 %2 %3").arg(reference, sign, values.add(value, column.castType));
    }
    const QString text = values.add(value, QStringLiteral("text"));
    const QString isThere = nullTest(column, reference, sign == u"IS DISTINCT FROM");
    return sign == u"IS DISTINCT FROM"
               ? QStringLiteral("(%1 OR %2 <> %3)").arg(isThere, outputText(column, reference), text)
               : QStringLiteral("(%1 AND %2 %3 %4)").arg(isThere, outputText(column, reference), sign, text);
}

QString matched(const RowColumn &column, const QString &reference, const QString &sign, const QString &pattern,
                StatementValues &values)
{
    const QString text = outputText(column, reference);
    const QString match = QStringLiteral("%1 %2 %3").arg(text, sign, values.add(pattern, QStringLiteral("text")));
    // The text of NULL is '' where it takes a function to get it.
    return text == reference ? match : QStringLiteral("(%1 AND %2)").arg(nullTest(column, reference, false), match);
}

QString oneOf(const RowColumn &column, const QString &reference, const FilterCondition &condition,
              StatementValues &values)
{
    QStringList places;
    const bool asText = isComparedAsText(column);
    for (const QString &value : condition.values) {
        places += values.add(value, asText ? QStringLiteral("text") : column.castType);
    }
    const QString list =
        QStringLiteral("%1 IN (%2)")
            .arg(asText ? outputText(column, reference) : reference, places.join(QStringLiteral(", ")));
    return asText ? QStringLiteral("(%1 AND %2)").arg(nullTest(column, reference, false), list) : list;
}

QString conditionSql(const TableQuery &query, const FilterCondition &condition, StatementValues &values)
{
    using Operator = FilterCondition::Operator;
    const RowColumn column = columnNamed(query, condition.column);
    const QString reference = referenceTo(query, condition.column);
    const QString value = condition.values.value(0);
    const qsizetype given = condition.values.size();
    switch (condition.op) {
    case Operator::IsNull:
        return nullTest(column, reference);
    case Operator::IsNotNull:
        return nullTest(column, reference, false);
    case Operator::Between:
        return given < 2 ? QStringLiteral("false")
                         : QStringLiteral("%1 BETWEEN %2 AND %3")
                               .arg(reference, values.add(value, column.castType),
                                    values.add(condition.values.at(1), column.castType));
    default:
        break;
    }
    if (given == 0) {
        return QStringLiteral("false"); // nothing rather than everything
    }
    switch (condition.op) {
    case Operator::NotEqual:
        return compared(column, reference, QStringLiteral("IS DISTINCT FROM"), value, values);
    case Operator::Less:
        return compared(column, reference, QStringLiteral("<"), value, values);
    case Operator::LessOrEqual:
        return compared(column, reference, QStringLiteral("<="), value, values);
    case Operator::Greater:
        return compared(column, reference, QStringLiteral(">"), value, values);
    case Operator::GreaterOrEqual:
        return compared(column, reference, QStringLiteral(">="), value, values);
    case Operator::Contains:
        return matched(column, reference, QStringLiteral("ILIKE"), u'%' + escapedForLike(value) + u'%', values);
    case Operator::StartsWith:
        return matched(column, reference, QStringLiteral("ILIKE"), escapedForLike(value) + u'%', values);
    case Operator::Regex:
        return matched(column, reference, QStringLiteral("~"), value, values);
    case Operator::In:
        return oneOf(column, reference, condition, values);
    default:
        return compared(column, reference, QStringLiteral("="), value, values);
    }
}

} // namespace

QString StatementValues::add(const CellValue &value, const QString &castType)
{
    QString place = value ? quoteLiteral(*value) : QStringLiteral("NULL");
    if (m_form == Form::Parameters) {
        m_values += value ? QVariant(*value) : QVariant();
        place = u'$' + QString::number(m_values.size());
    }
    return castType.isEmpty() ? place : place + QStringLiteral("::") + castType;
}

RowColumn columnNamed(const TableQuery &query, const QString &name)
{
    for (const RowColumn &column : query.columns) {
        if (column.name == name) {
            return column;
        }
    }
    RowColumn column;
    column.name = name;
    return column;
}

QString referenceTo(const TableQuery &query, const QString &column)
{
    return quoteIdentifier(query.table.name) + u'.' + quoteIdentifier(column);
}

QString outputText(const RowColumn &column, const QString &reference)
{
    const bool isText = column.baseOid == 25 || column.baseOid == 1043; // text, varchar
    return isText ? reference : QStringLiteral("pg_catalog.concat(%1)").arg(reference);
}

QString nullTest(const RowColumn &column, const QString &reference, bool isNull)
{
    if (column.category == 'C') {
        return reference +
               (isNull ? QStringLiteral(" IS NOT DISTINCT FROM NULL") : QStringLiteral(" IS DISTINCT FROM NULL"));
    }
    return reference + (isNull ? QStringLiteral(" IS NULL") : QStringLiteral(" IS NOT NULL"));
}

QString escapedForLike(const QString &text)
{
    QString escaped;
    for (const QChar character : text) {
        if (character == u'\\' || character == u'%' || character == u'_') {
            escaped += u'\\';
        }
        escaped += character;
    }
    return escaped;
}

QString whereClause(const TableQuery &query, StatementValues &values)
{
    QStringList parts;
    for (const FilterCondition &condition : query.filter.conditions) {
        parts += conditionSql(query, condition, values);
    }
    if (!query.filter.where.trimmed().isEmpty()) {
        // On lines of its own, for it may end in a comment.
        parts += QStringLiteral("(\n%1\n)").arg(query.filter.where);
    }
    return parts.join(QStringLiteral(" AND "));
}

} // namespace Roost
