#include "operations/undorestore.h"

#include "operations/databaseproperties.h"
#include "operations/maintenance.h"
#include "operations/nameintime.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseadmin.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(UndoRestore)
};

/// Both names are there, and this user may rename them.
Result<void> checkDatabases(DatabaseConnection &beside, const UndoRestoreRequest &request, const JobContext &context)
{
    const QString database = request.target.parameters.database;
    for (const QString &name : {request.retired, database}) {
        const auto properties = readDatabaseProperties(beside, name, context.stopToken());
        if (!properties && properties.error().code == ErrorCode::NotFound) {
            return failure(ErrorCode::NotFound,
                           Text::tr("The restore cannot be undone: there is no database “%1” any more. Nothing was "
                                    "changed. If a safety backup was taken, restore that.")
                               .arg(name));
        }
        if (!properties) {
            return failure(properties.error());
        }
        if (!properties->userOwnsIt || !properties->userMayCreate) {
            return failure(ErrorCode::NotAllowed,
                           Text::tr("The user “%1” cannot rename “%2”: that takes its owner (%3), with the right to "
                                    "create databases. Nothing was changed.")
                               .arg(properties->user, name, properties->owner));
        }
    }
    return {};
}

Result<void> checkSessions(DatabaseConnection &beside, const UndoRestoreRequest &request, const JobContext &context)
{
    if (request.endSessions) {
        return {};
    }
    for (const QString &name : {request.target.parameters.database, request.retired}) {
        const auto sessions = CatalogReader::sessions(beside, name, context.stopToken());
        if (!sessions) {
            return failure(sessions.error());
        }
        if (!sessions->isEmpty()) {
            const SessionInfo &first = sessions->first();
            return failure(ErrorCode::Conflict,
                           Text::tr("Sessions are connected to “%1” (the first: %2), so it cannot be renamed. Nothing "
                                    "was changed. Close them, and undo the restore again.")
                               .arg(name, QStringLiteral("%1 %2 %3")
                                              .arg(first.user, first.applicationName, first.clientAddress)
                                              .simplified()));
        }
    }
    return {};
}

} // namespace

Result<UndoRestoreReport> undoRestore(const UndoRestoreRequest &request, JobContext &context)
{
    const QString database = request.target.parameters.database;
    if (!isNameInTime(request.retired, QStringLiteral("_old_")) || request.retired == database) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("“%1” is not a name that a restore keeps old content under (…_old_ and the time). "
                                "Nothing was changed.")
                           .arg(request.retired));
    }
    context.report({Text::tr("Putting the old content back"), 0, 1, {}});
    auto beside = openBeside(request.target, context);
    if (!beside) {
        return failure(beside.error());
    }
    const auto checked =
        checkDatabases(**beside, request, context).and_then([&] { return checkSessions(**beside, request, context); });
    if (!checked) {
        return failure(checked.error());
    }
    const QString undone = nameInTime(database, QStringLiteral("_undone_"));
    // Not cancellable: it is one short transaction.
    auto swapped = DatabaseAdmin::swap(**beside, database, request.retired, undone, request.endSessions);
    if (!swapped && !(*beside)->isOpen()) {
        // The answer was lost, not necessarily the deed: look.
        auto again = openBeside(request.target, JobContext());
        if (again && readDatabaseProperties(**again, undone)) {
            swapped = {};
        }
    }
    if (!swapped) {
        return failure(swapped.error());
    }
    context.report({Text::tr("Done"), 1, 1, {}});
    return UndoRestoreReport{database, undone};
}

} // namespace Roost
