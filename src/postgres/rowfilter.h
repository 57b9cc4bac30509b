#pragma once

#include "core/result.h"
#include "postgres/catalog.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// One condition of the filter row, on one column.
struct FilterCondition
{
    enum class Operator {
        Equal,
        NotEqual, ///< NULL counts as different
        Less,
        LessOrEqual,
        Greater,
        GreaterOrEqual,
        Contains, ///< in the value's text, upper and lower case alike
        StartsWith,
        Regex,   ///< the server's `~`
        In,      ///< one of `values`
        Between, ///< values[0] … values[1], both included
        IsNull,
        IsNotNull
    };
    QString column;
    Operator op = Operator::Equal;
    QStringList values; ///< the server's text form; as many as the operator takes
    bool operator==(const FilterCondition &) const = default;
};

/// Which rows to show: all conditions together, and the raw expression if there is one.
struct RowFilter
{
    QList<FilterCondition> conditions;
    QString where; ///< SQL, as typed into the WHERE box; without the word WHERE

    bool isEmpty() const { return conditions.isEmpty() && where.trimmed().isEmpty(); }
    bool operator==(const RowFilter &) const = default;
};

/// What is typed into a column's field of the filter row: "= 3", "<> x", "< 10", ">= 2026-01-01", "1..10" (between; of
/// text only "between a and b"), "5..", "..10", "in (a, b)", "null", "not null", "~ ^a.*z$" ("~* …": upper and lower
/// case alike), "^abc", "contains abc"; no operator: contains for text, equal for everything else. A value in single
/// quotes is taken as it stands. InvalidInput says what is wrong and gives an example.
[[nodiscard]] Result<FilterCondition> parseCondition(const RowColumn &column, const QString &typed);
/// The same back, so that a field can show it: parseCondition() makes the same condition of it. Shorter where the
/// column is given.
[[nodiscard]] QString conditionText(const FilterCondition &condition, const RowColumn &column = {});

/// Why a WHERE box's text is not one SQL expression (unbalanced, a second statement, UNION …), with the place; decided
/// by PostgreSQL's own parser, without the server. Nothing of it can reach beyond the parentheses that it is put into.
[[nodiscard]] Result<void> checkWhere(const QString &where);

} // namespace Roost
