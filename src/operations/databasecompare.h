#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/manifest.h"
#include "postgres/manifestcompare.h"

#include <QList>
#include <QString>

namespace Roost {

class PhasedProgress;
class RowSource;

/// One side of a comparison: a backup, by its manifest, or a database as it is now.
struct ComparedSide
{
    QString file;          ///< of a backup; empty:
    ConnectionSpec server; ///< of a live database
};

struct DatabaseComparison
{
    Manifest first;
    Manifest second;
    QList<ManifestDifference> differences;
};

/// In what the second differs from the first. Blocking, on a worker thread.
[[nodiscard]] Result<DatabaseComparison> compareDatabases(const ComparedSide &first, const ComparedSide &second,
                                                          JobContext &context);
/// The same of sides that are held still. It is the first part (0 … `to`) of the whole progress.
[[nodiscard]] Result<DatabaseComparison> compareSides(RowSource &first, RowSource &second, PhasedProgress &progress,
                                                      double to);

} // namespace Roost
