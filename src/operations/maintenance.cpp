#include "operations/maintenance.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Maintenance)
};

/// True when the server said no to this database only, and another one may do: not when it is out of reach, starting up
/// (57P03) or full (53300), and not when the password is wrong (asking again and again would lock the user out).
bool mayTryAnother(const Error &error)
{
    const QByteArray &state = error.sqlState;
    const bool isOfAll = state.isEmpty() || state == "28P01" || state.startsWith("57P") || state.startsWith("53");
    return error.code == ErrorCode::NotFound || !isOfAll;
}

/// The databases that this user may connect to, as seen from the one that must not be used itself.
QStringList otherDatabases(const ConnectionSpec &spec, const std::stop_token &stop)
{
    const auto connection = DatabaseConnection::open(spec, stop);
    if (!connection) {
        return {};
    }
    auto rows = (*connection)
                    ->query(QStringLiteral("SELECT d.datname FROM pg_catalog.pg_database d "
                                           "WHERE d.datallowconn AND d.datname <> pg_catalog.current_database() "
                                           "AND pg_catalog.has_database_privilege(d.oid, 'CONNECT') "
                                           "ORDER BY d.datistemplate, d.datname"),
                            {}, stop);
    QStringList names;
    while (rows && rows->next()) {
        names += rows->value(0).toString();
    }
    return names;
}

} // namespace

Result<std::unique_ptr<DatabaseConnection>> openBeside(const ConnectionSpec &spec, const JobContext &context)
{
    const std::stop_token &stop = context.stopToken();
    const QString usual = QStringLiteral("postgres");
    if (spec.parameters.database != usual) {
        auto connection = DatabaseConnection::open(spec.withDatabase(usual), stop);
        if (connection || !mayTryAnother(connection.error())) {
            return connection;
        }
    }
    const QStringList others = otherDatabases(spec, stop);
    for (const QString &name : others) {
        auto connection = DatabaseConnection::open(spec.withDatabase(name), stop);
        if (connection || !mayTryAnother(connection.error())) {
            return connection;
        }
    }
    auto lastResort = DatabaseConnection::open(spec.withDatabase(QStringLiteral("template1")), stop);
    if (lastResort || !mayTryAnother(lastResort.error())) {
        return lastResort;
    }
    return failure(
        ErrorCode::NotAllowed,
        Text::tr("“%1” cannot be created, renamed or dropped: that needs a connection to another database of "
                 "the same instance, and none lets this user in. Nothing was changed. Create another "
                 "database first.")
            .arg(spec.parameters.database),
        lastResort.error().detail, lastResort.error().sqlState);
}

Result<ServerInfo> testConnection(const ConnectionSpec &spec, JobContext &context)
{
    return DatabaseConnection::open(spec, context.stopToken()).map([](const auto &connection) {
        return connection->server();
    });
}

} // namespace Roost
