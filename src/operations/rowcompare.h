#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databasecompare.h"
#include "postgres/cellvalue.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// One row in which two tables differ.
struct RowDifference
{
    enum class Kind {
        Removed, ///< only the first has it
        Added,   ///< only the second has it
        Changed  ///< both have a row of this key, with other values
    };
    Kind kind = Kind::Changed;
    QList<CellValue> before; ///< in the first, in the order of ComparedTable::columns; empty when added
    QList<CellValue> after;  ///< in the second; empty when removed
    QList<bool> differs;     ///< of a changed row: which of the values
};

/// A table in which two databases differ: how many rows, exactly, and the first of them.
struct ComparedTable
{
    enum class Presence { Both, FirstOnly, SecondOnly };
    QString name; ///< as manifests call it
    Presence presence = Presence::Both;
    QStringList columns;      ///< that were compared, the key's first
    qsizetype keyColumns = 0; ///< so many of them are the key; 0: rows are compared as wholes, none counts as changed
    QStringList onlyInFirst;  ///< columns
    QStringList onlyInSecond;
    QStringList computed; ///< by the server, of which backups have no values: not compared
    qint64 removed = 0;
    qint64 added = 0;
    qint64 changed = 0;
    QList<RowDifference> rows; ///< changed ones first, by key within each kind
    QString problem;           ///< why the rows could not be compared, translated; the counts are then meaningless

    qint64 differences() const { return removed + added + changed; }
    qint64 notShown() const { return differences() - rows.size(); }
};

/// What of the rows is kept, however many differ.
struct RowLimits
{
    int rowsOfEachKind = 1000;
    qint64 bytes = qint64(32) << 20;        ///< of all values of a table together, about
    qsizetype valueBytes = 64 * 1024;       ///< longer values are shortened, and end in "…"
    qsizetype digests = qsizetype(1) << 20; ///< see RowDigests
};

struct ContentComparison
{
    DatabaseComparison databases;
    QList<ComparedTable> tables; ///< in the order of `databases.differences`

    const ComparedTable *find(const QString &table) const; ///< null: its rows are equal
};

/// As compareDatabases(), and then row by row where the fingerprints of a table differ: both sides are read as they
/// stand, a live one in one snapshot, a backup without a server. Rows are told apart by the exact text of their keys.
/// Memory does not grow with the tables. An error: nothing was found out (Cancelled, ConnectionLost …). Blocking.
[[nodiscard]] Result<ContentComparison> compareContents(const ComparedSide &first, const ComparedSide &second,
                                                        const RowLimits &limits, JobContext &context);

} // namespace Roost
