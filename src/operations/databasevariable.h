#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"
#include "render/postgresinstance.h"
#include "render/service.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// Which piece of the way to a database an environment variable holds.
enum class VariablePart {
    Url,      ///< all of it: postgresql://…
    Host,     ///< with or without a port
    Port,     ///< this and the following only beside a host
    User,     //
    Password, //
    Database, //
    Other     ///< it names an instance in a form that is not rewritten: JDBC, key=value …
};

/// What a variable's value says of a database.
struct DatabaseMention
{
    VariablePart part = VariablePart::Other;
    QString renderId; ///< "dpg-…-a"; empty when the host is not Render's
    QString host;     ///< empty with Other
    int port = 5432;
    QString user;
    QString database; ///< decoded
};

/// Nothing when the value has nothing to do with PostgreSQL. Looks at the value only: keys are arbitrary.
[[nodiscard]] std::optional<DatabaseMention> databaseIn(const QString &value);
/// The variables that belong to a host's, found by their names: PGHOST has PGUSER, DB_HOST has DB_NAME beside it.
[[nodiscard]] QMap<QString, VariablePart> variablesBeside(const QString &hostKey, const QStringList &keys);
/// For showing: asterisks for a URL's password, and for all of a value that might be one.
[[nodiscard]] QString maskedVariable(VariablePart part, const QString &value);
/// Asterisks; the same number for every password.
[[nodiscard]] QString passwordMask();

/// A database that services shall use: how it is reached from inside Render and from outside.
struct PointTarget
{
    QString instanceId;
    QString instanceName;
    QString region;
    QString ownerId;
    ConnectionSpec internal; ///< both with the instance's own database
    ConnectionSpec external;
};

[[nodiscard]] Result<PointTarget> pointTarget(const PostgresInstance &instance, const PostgresConnectionInfo &info);

/// Which of the two ways services take, and why, in a sentence.
struct Reach
{
    bool isInternal = false;
    QString why; ///< translated
};
/// Internal when every service runs in the instance's region and workspace.
[[nodiscard]] Reach reachOf(const QList<Service> &services, const PointTarget &target);

struct PlannedValue
{
    Secret value;
    QString shown;       ///< masked
    QString database;    ///< that it leads to; empty for pieces that do not say
    QStringList notices; ///< translated: what was changed beyond the address
};

/// The value that leads to `target`. Of a URL the Python driver (`+psycopg2`), the parameters and, unless `database` is
/// given, the database's name stay; `postgres://` becomes `postgresql://`. An `oldValue` that is null or no URL gives a
/// new URL. InvalidInput for VariablePart::Other.
[[nodiscard]] Result<PlannedValue> plannedValue(VariablePart part, const QString &oldValue, const PointTarget &target,
                                                const Reach &reach, const QString &database = {});

/// What a service without any such variable gets: DATABASE_URI, as the lesson's app reads it, and DATABASE_URL, as most
/// others do.
[[nodiscard]] QStringList usualDatabaseKeys();

} // namespace Roost
