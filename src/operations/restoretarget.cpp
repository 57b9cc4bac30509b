#include "operations/restoretarget.h"

#include "operations/maintenance.h"
#include "operations/nameintime.h"
#include "operations/targetcontents.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseadmin.h"

#include <QCoreApplication>
#include <QDeadlineTimer>
#include <QThread>

namespace Roost {

namespace {

constexpr int patienceMs = 15'000;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RestoreTarget)
};

/// It may have been done all the same.
bool isUncertain(const Error &error)
{
    return error.code == ErrorCode::ConnectionLost || error.isCancelled();
}

bool isConnectionTrouble(const Error &error)
{
    return error.code == ErrorCode::ConnectionFailed || error.code == ErrorCode::ConnectionLost;
}

/// To take away what was made. A server that is just being restarted lets nobody in for some seconds, which is worth
/// waiting for; a user who cancelled does not wait.
template <typename Attempt>
auto tryPatiently(const Attempt &attempt, bool isCancelled)
{
    const QDeadlineTimer limit(isCancelled ? 0 : patienceMs);
    auto done = attempt();
    while (!done && isConnectionTrouble(done.error()) && !limit.hasExpired()) {
        QThread::msleep(250);
        done = attempt();
    }
    return done;
}

} // namespace

RestoreTarget::RestoreTarget(const RestoreRequest &request, ConnectionSpec target, const JobContext &context)
    : m_request(request)
    , m_target(std::move(target))
    , m_context(context)
    , m_database(request.target.parameters.database)
    , m_working(m_database)
{
}

Result<void> RestoreTarget::prepare()
{
    Result<void> prepared = prepareByMode();
    if (prepared) {
        return prepared;
    }
    const QString state = m_isMade ? abandon(true, false) : Text::tr("Nothing was changed.");
    Error error = prepared.error();
    const bool isFromBelow = isConnectionTrouble(error) || error.code == ErrorCode::ServerRefused ||
                             error.code == ErrorCode::AlreadyExists || error.code == ErrorCode::NotFound;
    if (isFromBelow) { // where nothing is known of a restore
        error.message = QStringList{Text::tr("The restore failed."), error.message, state}.join(u' ');
    }
    return failure(error);
}

Result<void> RestoreTarget::prepareByMode()
{
    if (m_database.isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("Choose the database to restore into. Nothing was changed."));
    }
    switch (m_request.mode) {
    case RestoreMode::IntoEmpty:
        return prepareEmpty();
    case RestoreMode::IntoNew:
        return prepareNew();
    case RestoreMode::ReplaceExisting:
        return prepareReplacement();
    case RestoreMode::IntoExisting:
        break; // what is in the way is known once the archive's objects are
    }
    const auto connection = DatabaseConnection::open(m_target, m_context.stopToken());
    return connection ? Result<void>() : tl::unexpected(connection.error());
}

Result<void> RestoreTarget::prepareEmpty()
{
    const auto connection = DatabaseConnection::open(m_target, m_context.stopToken());
    if (!connection) {
        return tl::unexpected(connection.error());
    }
    const auto contents = userObjects(**connection, m_context.stopToken());
    if (!contents) {
        return tl::unexpected(contents.error());
    }
    if (!contents->isEmpty()) {
        return failure(
            ErrorCode::Conflict,
            Text::tr("“%1” is not empty: it holds %2. Restoring into it could double or damage what is there. "
                     "Nothing was changed. Reset it first, restore into a new database, or replace it as a "
                     "whole.")
                .arg(m_database, contents->join(QStringLiteral(", "))));
    }
    return {};
}

Result<void> RestoreTarget::prepareNew()
{
    // Closed again before the long work: an idle connection would not live that long everywhere.
    auto beside = openBeside(m_target, m_context);
    if (!beside) {
        return tl::unexpected(beside.error());
    }
    const auto existing = readDatabaseProperties(**beside, m_database, m_context.stopToken());
    const bool isNew = !existing && existing.error().code == ErrorCode::NotFound;
    // An existing database answers with AlreadyExists here, and nothing is lost. When only the answer is lost, it may
    // be there all the same.
    auto created = createNew(**beside);
    m_isMade = created || (isNew && isUncertain(created.error()));
    return created;
}

Result<void> RestoreTarget::createNew(DatabaseConnection &beside)
{
    if (!m_request.like) {
        return DatabaseAdmin::create(beside, m_database, m_context.stopToken());
    }
    auto created = createDatabaseNear(beside, *m_request.like, m_database);
    if (!created) {
        return failure(created.error());
    }
    m_warnings += *created;
    return {};
}

Result<void> RestoreTarget::prepareReplacement()
{
    auto beside = openBeside(m_target, m_context);
    if (!beside) {
        return tl::unexpected(beside.error());
    }
    auto properties = readDatabaseProperties(**beside, m_database, m_context.stopToken());
    if (!properties) {
        return tl::unexpected(properties.error());
    }
    m_properties = std::move(*properties);
    if (m_properties.isTemplate || m_database == u"postgres") {
        return failure(
            ErrorCode::NotAllowed,
            Text::tr("“%1” belongs to the server itself and is not replaced. Nothing was changed.").arg(m_database));
    }
    if (!m_properties.userOwnsIt || !m_properties.userMayCreate) {
        return failure(
            ErrorCode::NotAllowed,
            Text::tr("The user “%1” cannot replace “%2”: that takes its owner (%3), with the right to create "
                     "databases. Nothing was changed.")
                .arg(m_properties.user, m_database, m_properties.owner));
    }
    if (auto quiet = checkSessions(**beside); !quiet) {
        return quiet;
    }
    m_working = nameInTime(m_database, QStringLiteral("_new_"));
    auto created = createDatabaseLike(**beside, m_properties, m_working);
    m_isMade = created || isUncertain(created.error());
    return created;
}

/// Said before the long work, not after it.
Result<void> RestoreTarget::checkSessions(DatabaseConnection &beside)
{
    if (m_request.endSessions) {
        return {};
    }
    const auto sessions = CatalogReader::sessions(beside, m_database, m_context.stopToken());
    if (!sessions) {
        return tl::unexpected(sessions.error());
    }
    if (!sessions->isEmpty()) {
        const SessionInfo &first = sessions->first();
        return failure(
            ErrorCode::Conflict,
            Text::tr("%n session(s) are connected to “%1” (the first: %2), so it cannot be replaced. Nothing "
                     "was changed. Close them, or choose to end them, and start again.",
                     nullptr, int(sessions->size()))
                .arg(m_database, QStringLiteral("%1 %2 %3")
                                     .arg(first.user, first.applicationName, first.clientAddress)
                                     .simplified()));
    }
    return {};
}

Result<void> RestoreTarget::finish(QString &retired, QStringList &warnings)
{
    warnings += m_warnings;
    if (m_request.mode != RestoreMode::ReplaceExisting) {
        return {};
    }
    auto beside = openBeside(m_target, m_context);
    if (!beside) {
        return tl::unexpected(beside.error());
    }
    warnings += applyDatabaseExtras(**beside, m_properties, m_working);
    const QString retiredName = nameInTime(m_database, QStringLiteral("_old_"));
    // Not cancellable: it is one short transaction, and half of the answer would be worse than all of it.
    auto swapped = DatabaseAdmin::swap(**beside, m_database, m_working, retiredName, m_request.endSessions);
    if (!swapped && !(*beside)->isOpen()) {
        // The answer was lost, not necessarily the deed: look.
        auto again = openBeside(m_target, JobContext());
        if (again && readDatabaseProperties(**again, retiredName)) {
            swapped = {};
        }
    }
    if (!swapped) {
        return swapped;
    }
    m_isMade = false; // what it made is the database now
    retired = retiredName;
    return {};
}

QString RestoreTarget::abandon(bool isTransactional, bool isFilled)
{
    if (m_request.mode == RestoreMode::IntoEmpty) {
        return abandonEmpty(isTransactional);
    }
    if (m_request.mode == RestoreMode::IntoExisting) {
        return isFilled ? Text::tr("What was restored is in “%1” now, but do not rely on it: drop it before you go on.")
                              .arg(m_database)
                        : Text::tr("“%1” is as it was.").arg(m_database);
    }
    QString untouched = m_request.mode == RestoreMode::ReplaceExisting
                            ? Text::tr("“%1” is as it was.").arg(m_database)
                            : Text::tr("The server has no database “%1”, as before.").arg(m_database);
    if (!m_isMade) {
        return untouched;
    }
    // Not cancellable: cleaning up is part of a cancel.
    const auto drop = [this]() -> Result<void> {
        auto beside = openBeside(m_target, JobContext());
        return beside ? DatabaseAdmin::drop(**beside, m_working, true) : failure(beside.error());
    };
    const Result<void> dropped = tryPatiently(drop, m_context.isCancelled());
    if (dropped || dropped.error().code == ErrorCode::NotFound) {
        m_isMade = false;
        return untouched;
    }
    const QString left = Text::tr("The half-filled database “%1” is still on the server; drop it.").arg(m_working);
    return m_request.mode == RestoreMode::ReplaceExisting ? untouched + u' ' + left : left;
}

QString RestoreTarget::abandonEmpty(bool isTransactional)
{
    QString unknown =
        Text::tr("Whether “%1” is still empty could not be checked; look before you go on.").arg(m_database);
    const auto look = [this]() -> Result<QStringList> {
        const auto connection = DatabaseConnection::open(m_target);
        return connection ? userObjects(**connection) : failure(connection.error());
    };
    const auto contents = tryPatiently(look, m_context.isCancelled());
    if (!contents) {
        return unknown;
    }
    if (contents->isEmpty()) {
        return Text::tr("“%1” is as empty as it was.").arg(m_database);
    }
    if (isTransactional) {
        return Text::tr("“%1” is filled now, but do not rely on it: reset it before you go on.").arg(m_database);
    }
    // Too big for one transaction: what is in it now came from the failed restore, so it is made anew.
    auto beside = openBeside(m_target, JobContext());
    const auto properties = beside ? readDatabaseProperties(**beside, m_database)
                                   : Result<DatabaseProperties>(tl::unexpected(beside.error()));
    const bool isEmptied = properties && properties->userOwnsIt && properties->userMayCreate &&
                           DatabaseAdmin::drop(**beside, m_database, true) &&
                           createDatabaseLike(**beside, *properties, m_database);
    if (!isEmptied) {
        return Text::tr("“%1” is half filled: reset it before you go on.").arg(m_database);
    }
    (void)applyDatabaseExtras(**beside, *properties, m_database);
    return Text::tr("“%1” was emptied again.").arg(m_database);
}

} // namespace Roost
