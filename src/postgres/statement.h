#pragma once

#include <QString>
#include <QVariantList>

namespace Roost {

/// SQL with its parameters `$1`, `$2` …, which travel apart from it; a null QVariant is NULL.
struct SqlStatement
{
    QString sql;
    QVariantList parameters;
};

} // namespace Roost
