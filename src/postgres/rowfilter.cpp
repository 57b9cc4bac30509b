#include "postgres/rowfilter.h"

namespace Roost {

Result<FilterCondition> parseCondition(const RowColumn &column, const QString &typed)
{
    return FilterCondition{column.name, FilterCondition::Operator::Equal, {typed.trimmed()}};
}

QString conditionText(const FilterCondition &condition)
{
    return condition.values.value(0);
}

Result<void> checkWhere(const QString & /*where*/)
{
    return {};
}

} // namespace Roost
