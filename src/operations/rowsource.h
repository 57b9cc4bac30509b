#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/copytext.h"
#include "postgres/manifest.h"
#include "postgres/tabledefinitions.h"

#include <QStringList>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace Roost {

struct ComparedSide;

/// One side of a comparison, held still: a backup, or a live database in one transaction that sees no later change. On
/// one thread.
class RowSource
{
public:
    /// `place`: by which the row is found again; says whether to go on.
    using Row = std::function<bool(qint64 place, const std::vector<CopyTextLine::Cell> &cells)>;

    /// Connects to a live database. The context's stop token counts for all that is done with it.
    [[nodiscard]] static Result<std::unique_ptr<RowSource>> open(const ComparedSide &side, const JobContext &context);
    virtual ~RowSource() = default;

    virtual bool isBackup() const = 0;
    virtual QString name() const = 0; ///< for people: the database, or the file without its folder
    /// What it holds. A live database hashes its rows as is wanted, a backup's were hashed when it was made. The first
    /// thing to ask for.
    [[nodiscard]] virtual Result<Manifest> manifest(std::optional<Manifest::RowHash> hash,
                                                    const std::function<void(double fraction)> &onProgress) = 0;
    /// The columns of a table that the manifest has.
    [[nodiscard]] virtual Result<QList<DefinedColumn>> columnsOf(const TableId &table) = 0;
    /// The rows of the table itself, without those of tables below it: the values' own bytes in UTF-8, in the order of
    /// `columns`, none of which is computed. A false answer ends it, and is no failure.
    [[nodiscard]] virtual Result<void> read(const TableId &table, const QStringList &columns, const Row &row) = 0;
    /// Those that stand at these places, which an earlier read() told, ascending; in any order.
    [[nodiscard]] virtual Result<void> fetch(const TableId &table, const QStringList &columns,
                                             const QList<qint64> &places, const Row &row) = 0;
};

} // namespace Roost
