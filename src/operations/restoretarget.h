#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databaseproperties.h"
#include "operations/restore.h"
#include "postgres/databaseconnection.h"

namespace Roost {

/// The database that a restore writes into, from before it is touched until it is in its place, or gone again. Knows
/// the modes; on the operation's thread.
class RestoreTarget
{
public:
    RestoreTarget(const RestoreRequest &request, ConnectionSpec target, const JobContext &context);

    /// Checks, and makes the database where the mode says so. Nothing that exists is changed.
    [[nodiscard]] Result<void> prepare();
    /// The database to restore into.
    ConnectionSpec working() const { return m_target.withDatabase(m_working); }
    /// All went well: where the mode says so, the new database takes the old one's place. `warnings` gets what could
    /// not be set.
    [[nodiscard]] Result<void> finish(QString &retired, QStringList &warnings);
    /// It failed: takes away what was made, and says, translated, in what state everything is now. `isTransactional`:
    /// the server has undone by itself what the restore had written; `isFilled`: it was committed.
    QString abandon(bool isTransactional, bool isFilled);

private:
    Result<void> prepareByMode();
    Result<void> prepareEmpty();
    Result<void> prepareNew();
    Result<void> createNew(DatabaseConnection &beside);
    Result<void> prepareReplacement();
    Result<void> checkSessions(DatabaseConnection &beside);
    QString abandonEmpty(bool isTransactional);

    const RestoreRequest &m_request;
    const ConnectionSpec m_target;
    const JobContext &m_context;
    const QString m_database;
    QString m_working;
    QStringList m_warnings; ///< what the new database could not be given
    bool m_isMade = false;  ///< we created m_working, or may have
    DatabaseProperties m_properties;
};

} // namespace Roost
