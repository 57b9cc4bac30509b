#pragma once

#include "operations/rowcompare.h"

#include <QString>

namespace Roost {

/// How many rows differ, in words, translated: "3 rows more, 1 missing, 2 changed" of the second against the first.
[[nodiscard]] QString rowsInWords(const ComparedTable &table);
/// The same of a database since its backup: "+3 −1 rows, 2 changed".
[[nodiscard]] QString rowsSince(const ComparedTable &table);
/// For a list: "+3 −1 ~2".
[[nodiscard]] QString rowsInSigns(const ComparedTable &table);
/// What is to be known of how a table was compared, a sentence each, translated: that it has no key, that columns are
/// on one side only or were not compared. Empty if nothing.
[[nodiscard]] QStringList compareNotes(const ComparedTable &table);
/// A table's name, without the schema `public`: "birds", "shop.birds".
[[nodiscard]] QString shownTable(const ComparedTable &table);

/// "birds +3 rows, 1 changed; routes 1 row changed". Empty when no rows differ.
[[nodiscard]] QString summarySince(const QList<ComparedTable> &tables);
/// The whole in a sentence: the first tables, how many more, what else differs. `isSince`: the first is a backup of the
/// second, a live database.
[[nodiscard]] QString comparisonInWords(const ContentComparison &comparison, bool isSince);

} // namespace Roost
