#pragma once

#include "operations/importrefusal.h"
#include "operations/importstream.h"
#include "operations/importtarget.h"

#include <QElapsedTimer>

#include <functional>

namespace Roost {

class DatabaseConnection;

/// Loads a file by COPY, and finds the place of what goes wrong. Within a transaction of the caller's.
class ImportLoad
{
public:
    ImportLoad(DatabaseConnection &connection, const ImportTarget &target, const ImportSource &source,
               const QStringList &columns, JobContext &context);

    /// What the progress says is being done.
    void setStep(const QString &step) { m_step = step; }

    struct Loaded
    {
        qint64 records = 0; ///< read from the file
        qint64 rows = 0;    ///< taken by the server
    };
    /// Into the table itself.
    [[nodiscard]] Result<Loaded> copyIntoTable();
    /// Into a temporary table of the same columns' types, which goes with the transaction. The first `skip` records are
    /// left out.
    [[nodiscard]] Result<void> createStage();
    [[nodiscard]] Result<Loaded> copyIntoStage(qint64 skip = 0);
    /// From there into the table; `tail` is what follows the SELECT. Without `range`: all rows.
    [[nodiscard]] QString insertSql(const QString &tail, const QString &range = {}) const;
    static QString stage();

    /// The record that a failed copyInto…() stopped at, when the file is fine and the server refused it.
    std::optional<RecordPlace> refusedPlace() const { return m_refusedPlace; }

    void progress(qint64 done, qint64 total, qint64 rows, bool isLast = false);

private:
    Result<Loaded> copy(const QString &into, const QString &relation, const QStringList &columns, qint64 skip);
    Error explain(const Error &error, const QString &relation, qint64 skip);

    DatabaseConnection &m_connection;
    const ImportTarget &m_target;
    const ImportSource &m_source;
    const QStringList m_columns; ///< of the table, for each field sent
    JobContext &m_context;
    QString m_step;
    std::optional<RecordPlace> m_refusedPlace;
    QElapsedTimer m_sinceReport;
};

/// "a", "b", quoted.
[[nodiscard]] QString quotedList(const QStringList &names);

} // namespace Roost
