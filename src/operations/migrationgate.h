#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// All that decides whether the old instance may go, as it was just looked at. What was not looked at is as it must not
/// be, so that nothing opens the gate by having been forgotten.
struct GateFacts
{
    /// A backup's file, or its second copy.
    struct File
    {
        QString file; ///< empty: none was made
        bool isThere = false;
        bool isRight = false;      ///< hashed now, and its bytes are those that were noted
        bool manifestFits = false; ///< beside it, whole, and of these bytes
    };
    struct Database
    {
        QString name;
        File backup;
        bool isProven = false;   ///< this very backup restored and compared
        bool isCompared = false; ///< the live database was held against this very backup
        File second;
        bool secondIsOfBackup = false; ///< not of an earlier one
        bool secondIsApart = false;    ///< another file, not another name for the same
        bool isUnchanged = false;      ///< live, now
        QStringList changes;           ///< in what it differs now; translated
        QString trouble;               ///< why it could not be compared now; translated

        bool operator==(const Database &) const = default;
    };
    QString instance;
    bool sourceIsGone = false; ///< suspended: what is in it cannot be looked at
    bool isByHand = false;     ///< nobody can ask Render
    bool isTheInstance = false;
    QStringList strange;     ///< what of it is not as in the plan; translated
    QString instanceTrouble; ///< why Render could not be asked; translated
    QList<Database> databases;
    bool databasesWereListed = false;
    QString listTrouble;   ///< why not; translated
    QStringList unplanned; ///< databases that are there and in no backup
    bool wantsName = true;
    QString typedName;
};

/// Why the old instance may not go; empty: it may. Pure. Each says what, why and what to do.
[[nodiscard]] QStringList problemsOf(const GateFacts &facts);

} // namespace Roost
