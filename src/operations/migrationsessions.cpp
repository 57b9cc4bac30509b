#include "operations/migrationsessions.h"

#include "postgres/databaseconnection.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationSessions)
};

/// Superusers' sessions are those of the provider, which watches its servers.
const QString statement = QStringLiteral(R"(SELECT a.datname, a.usename, COALESCE(a.application_name, ''),
       COALESCE(pg_catalog.host(a.client_addr), ''), pg_catalog.count(*)
  FROM pg_catalog.pg_stat_activity a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
 WHERE a.datname IS NOT NULL AND a.pid <> pg_catalog.pg_backend_pid()
   AND COALESCE(a.backend_type, 'client backend') = 'client backend'
   AND COALESCE(a.application_name, '') !~* '^roost(-|$)' AND NOT COALESCE(r.rolsuper, false)
 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4)");

} // namespace

Result<QList<MigrationSession>> readMigrationSessions(DatabaseConnection &connection, const std::stop_token &stop)
{
    auto rows = connection.query(statement, {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    QList<MigrationSession> sessions;
    while (rows->next()) {
        sessions += {rows->value(0).toString(), rows->value(1).toString(), rows->value(2).toString(),
                     rows->value(3).toString(), rows->value(4).toString().toInt()};
    }
    return sessions;
}

Result<QList<MigrationSession>> readMigrationSessions(const ConnectionSpec &spec, const std::stop_token &stop)
{
    const auto connection = DatabaseConnection::open(spec, stop);
    return connection ? readMigrationSessions(**connection, stop) : failure(connection.error());
}

QString textOf(const MigrationSession &session)
{
    QString text = session.address.isEmpty()
                       ? Text::tr("%1 on %2").arg(session.user, session.database)
                       : Text::tr("%1 on %2 from %3").arg(session.user, session.database, session.address);
    if (!session.application.isEmpty()) {
        text += QStringLiteral(" (%1)").arg(session.application);
    }
    return session.count > 1 ? Text::tr("%1, %2 times").arg(text).arg(session.count) : text;
}

} // namespace Roost
