#pragma once

#include "operations/rowcompare.h"

namespace Roost {

class Terminal;

/// How a comparison is printed.
struct ComparisonForm
{
    bool asJson = false;   ///< an array of objects, with the rows
    bool withRows = false; ///< the rows themselves under each table, before and after side by side
    bool isSince = false;  ///< the first is a backup of the second: "birds +3 rows, 1 changed"
};

/// One line for each difference; under a table in which rows differ how many, and on request which.
void printComparison(const ContentComparison &comparison, const ComparisonForm &form, Terminal &terminal);

} // namespace Roost
