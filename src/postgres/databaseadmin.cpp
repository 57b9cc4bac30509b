#include "postgres/databaseadmin.h"

#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/identifier.h"

#include <QCoreApplication>

namespace Roost::DatabaseAdmin {

namespace {

struct DatabaseAdminText
{
    Q_DECLARE_TR_FUNCTIONS(DatabaseAdminText)
};

constexpr int firstWithForce = 130000;
constexpr int swapAttempts = 3;
constexpr int sessionsNamed = 5;

/// "bird (gunicorn, from 10.0.0.1)"
QString sessionText(const SessionInfo &session)
{
    QStringList facts;
    if (!session.applicationName.isEmpty()) {
        facts += session.applicationName;
    }
    if (!session.clientAddress.isEmpty()) {
        facts += DatabaseAdminText::tr("from %1").arg(session.clientAddress);
    }
    const QString user = session.user.isEmpty() ? DatabaseAdminText::tr("somebody") : session.user;
    return facts.isEmpty() ? user : QStringLiteral("%1 (%2)").arg(user, facts.join(QStringLiteral(", ")));
}

/// Who keeps the database busy; empty when nobody is to be seen any more.
QString whoIsConnected(DatabaseConnection &connection, const QString &database, const std::stop_token &stop)
{
    const Result<QList<SessionInfo>> sessions = CatalogReader::sessions(connection, database, stop);
    if (!sessions) {
        return {};
    }
    QStringList texts;
    for (const SessionInfo &session : sessions->first(qMin(sessions->size(), qsizetype(sessionsNamed)))) {
        texts += sessionText(session);
    }
    if (sessions->size() > sessionsNamed) {
        texts += DatabaseAdminText::tr("%1 more").arg(sessions->size() - sessionsNamed);
    }
    return texts.join(QStringLiteral("; "));
}

Error inUse(DatabaseConnection &connection, Error error, const QString &database, const std::stop_token &stop)
{
    error.code = ErrorCode::Conflict;
    const QString who = whoIsConnected(connection, database, stop);
    error.message =
        who.isEmpty()
            ? DatabaseAdminText::tr("The database “%1” is in use. Close what is connected to it and try again.")
                  .arg(database)
            : DatabaseAdminText::tr("The database “%1” is in use by %2. Close these sessions, or let Roost end "
                                    "them, and try again.")
                  .arg(database, who);
    return error;
}

/// The server's answer in the words of this task; `database` is the one that was to change, `wanted` its new name.
Error explained(DatabaseConnection &connection, Error error, const QString &database, const QString &wanted,
                const std::stop_token &stop)
{
    const QByteArray &state = error.sqlState;
    if (state == "42P04" || state == "23505") { // the latter when two are made at the same instant
        error.code = ErrorCode::AlreadyExists;
        error.message = DatabaseAdminText::tr("There is a database “%1” already. Choose another name.").arg(wanted);
    } else if (state == "3D000") {
        error.code = ErrorCode::NotFound;
        error.message =
            DatabaseAdminText::tr("There is no database “%1”. Somebody may have dropped or renamed it; refresh "
                                  "the list.")
                .arg(database);
    } else if (state == "42501") {
        error.code = ErrorCode::NotAllowed;
        error.message =
            DatabaseAdminText::tr("The user “%1” may not do that with “%2”: only the owner of a database may, "
                                  "and only a user with the right to create databases.")
                .arg(connection.parameters().user, database);
    } else if (state == "55006") {
        return inUse(connection, std::move(error), database, stop);
    } else if (state == "0A000") {
        error.code = ErrorCode::Conflict;
        error.message =
            DatabaseAdminText::tr("This connection is to “%1” itself. Use a connection to another database for that.")
                .arg(database);
    } else if (state == "22023" || state == "42P17") {
        error.message =
            DatabaseAdminText::tr("The server's locale does not fit UTF-8, so “%1” was not created. The server's "
                                  "details say which locale it is.")
                .arg(wanted);
    }
    return error;
}

Result<void> run(DatabaseConnection &connection, const QString &sql, const QString &database, const QString &wanted,
                 const std::stop_token &stop)
{
    const Result<qint64> done = connection.execute(sql, {}, stop);
    if (!done) {
        return failure(explained(connection, done.error(), database, wanted, stop));
    }
    return {};
}

Result<void> checkName(const QString &name)
{
    const QString problem = identifierProblem(name);
    return problem.isEmpty() ? Result<void>() : failure(ErrorCode::InvalidInput, problem);
}

QString renameSql(const QString &from, const QString &to)
{
    return QStringLiteral("ALTER DATABASE %1 RENAME TO %2").arg(quoteIdentifier(from), quoteIdentifier(to));
}

/// Those of our own role: other roles' are not ours to end, and most servers would refuse it.
Result<void> endOwnSessions(DatabaseConnection &connection, const QString &database, const std::stop_token &stop)
{
    const Result<qint64> ended = connection.execute(
        QStringLiteral("SELECT pg_catalog.pg_terminate_backend(a.pid) FROM pg_catalog.pg_stat_activity a"
                       " WHERE a.datname = $1::pg_catalog.text AND a.usename = CURRENT_USER"
                       "   AND a.pid <> pg_catalog.pg_backend_pid()"),
        {database}, stop);
    return ended ? Result<void>() : failure(ended.error());
}

Result<void> swapOnce(DatabaseConnection &connection, const QString &current, const QString &replacement,
                      const QString &retired, const std::stop_token &stop)
{
    Result<void> done = run(connection, QStringLiteral("BEGIN"), current, {}, stop);
    if (done) {
        done = run(connection, renameSql(current, retired), current, retired, stop);
    }
    if (done) {
        done = run(connection, renameSql(replacement, current), replacement, current, stop);
    }
    if (done) {
        return run(connection, QStringLiteral("COMMIT"), current, {}, stop);
    }
    if (connection.isOpen()) {
        // Not cancellable: the transaction must end, and it ends by itself should this fail.
        [[maybe_unused]] const Result<qint64> undone = connection.execute(QStringLiteral("ROLLBACK"));
    }
    return done;
}

} // namespace

Result<void> create(DatabaseConnection &connection, const QString &name, const std::stop_token &stop)
{
    if (Result<void> checked = checkName(name); !checked) {
        return checked;
    }
    // template1 may hold whatever somebody put there, and only template0 allows another encoding than its own.
    const QString sql =
        QStringLiteral("CREATE DATABASE %1 TEMPLATE template0 ENCODING 'UTF8'").arg(quoteIdentifier(name));
    return run(connection, sql, name, name, stop);
}

Result<void> rename(DatabaseConnection &connection, const QString &from, const QString &to, const std::stop_token &stop)
{
    if (Result<void> checked = checkName(to); !checked) {
        return checked;
    }
    return run(connection, renameSql(from, to), from, to, stop);
}

Result<void> drop(DatabaseConnection &connection, const QString &name, bool endSessions, const std::stop_token &stop)
{
    const bool hasForce = connection.server().version >= firstWithForce;
    if (endSessions && !hasForce) {
        if (Result<void> ended = endOwnSessions(connection, name, stop); !ended) {
            return ended;
        }
    }
    const QString force = endSessions && hasForce ? QStringLiteral(" WITH (FORCE)") : QString();
    Result<void> done =
        run(connection, QStringLiteral("DROP DATABASE ") + quoteIdentifier(name) + force, name, {}, stop);
    if (!done && endSessions && done.error().sqlState == "42501") {
        if (const QString who = whoIsConnected(connection, name, stop); !who.isEmpty()) {
            done.error().message =
                DatabaseAdminText::tr("“%1” was not dropped: the user “%2” is not its owner, or may not "
                                      "end the sessions of others. Connected: %3.")
                    .arg(name, connection.parameters().user, who);
        }
    }
    return done;
}

Result<void> swap(DatabaseConnection &connection, const QString &current, const QString &replacement,
                  const QString &retired, bool endSessions, const std::stop_token &stop)
{
    if (Result<void> checked = checkName(retired); !checked) {
        return checked;
    }
    Result<void> done;
    // An application may connect again between the end of its session and the rename.
    for (int attempt = 0; attempt < (endSessions ? swapAttempts : 1); ++attempt) {
        for (const QString &database : {current, replacement}) {
            if (Result<void> ended = endSessions ? endOwnSessions(connection, database, stop) : Result<void>();
                !ended) {
                return ended;
            }
        }
        done = swapOnce(connection, current, replacement, retired, stop);
        if (done || done.error().sqlState != "55006") {
            break;
        }
    }
    return done;
}

} // namespace Roost::DatabaseAdmin
