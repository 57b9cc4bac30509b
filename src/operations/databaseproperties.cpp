#include "operations/databaseproperties.h"

#include "postgres/databaseconnection.h"
#include "postgres/identifier.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DatabaseProperties)
};

/// The columns of the locale have other names in each version; as JSON they can be asked for where they do not exist.
const QString propertiesStatement = QStringLiteral(
    "SELECT r.rolname, pg_catalog.pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, "
    "coalesce(pg_catalog.to_jsonb(d) ->> 'datlocprovider', 'c'), "
    "coalesce(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'), "
    "t.spcname, d.datconnlimit, pg_catalog.shobj_description(d.oid, 'pg_database'), d.datistemplate, "
    "d.datacl IS NOT NULL, pg_catalog.pg_has_role(d.datdba, 'USAGE'), "
    "(SELECT u.rolcreatedb OR u.rolsuper FROM pg_catalog.pg_roles u WHERE u.rolname = current_user), current_user "
    "FROM pg_catalog.pg_database d "
    "JOIN pg_catalog.pg_roles r ON r.oid = d.datdba "
    "JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace "
    "WHERE d.datname = $1::pg_catalog.text");

const QString settingsStatement =
    QStringLiteral("SELECT r.rolname, s.line FROM pg_catalog.pg_db_role_setting x "
                   "JOIN pg_catalog.pg_database d ON d.oid = x.setdatabase "
                   "LEFT JOIN pg_catalog.pg_roles r ON r.oid = x.setrole "
                   "CROSS JOIN LATERAL pg_catalog.unnest(x.setconfig) WITH ORDINALITY s (line, place) "
                   "WHERE d.datname = $1::pg_catalog.text ORDER BY r.rolname NULLS FIRST, s.place");

const QString privilegesStatement =
    QStringLiteral("SELECT r.rolname, a.privilege_type, a.is_grantable FROM pg_catalog.pg_database d "
                   "CROSS JOIN LATERAL pg_catalog.aclexplode(d.datacl) a "
                   "LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee WHERE d.datname = $1::pg_catalog.text");

bool isTrue(const QVariant &value)
{
    return value.toString() == u"t";
}

/// `ALTER DATABASE … SET` takes a list-valued setting (search_path) in another form than the catalogue keeps it;
/// FROM CURRENT takes what the session has.
Result<void> applySetting(DatabaseConnection &beside, const DatabaseProperties::Setting &setting, const QString &name)
{
    const QString whose =
        setting.role.isEmpty()
            ? QStringLiteral("ALTER DATABASE %1").arg(quoteIdentifier(name))
            : QStringLiteral("ALTER ROLE %1 IN DATABASE %2").arg(quoteIdentifier(setting.role), quoteIdentifier(name));
    auto done = beside.execute(QStringLiteral("BEGIN"));
    if (done) {
        done =
            beside.execute(QStringLiteral("SELECT pg_catalog.set_config($1, $2, true)"), {setting.name, setting.value});
    }
    if (done) {
        // Dots separate the parts of a custom setting's name, each quoted by itself.
        QStringList parts;
        for (const QString &part : setting.name.split(u'.')) {
            parts += quoteIdentifier(part);
        }
        done = beside.execute(QStringLiteral("%1 SET %2 FROM CURRENT").arg(whose, parts.join(u'.')));
    }
    const auto ended = beside.execute(done ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
    if (!done) {
        return tl::unexpected(done.error());
    }
    return ended ? Result<void>() : tl::unexpected(ended.error());
}

Result<void> applyPrivileges(DatabaseConnection &beside, const DatabaseProperties &properties, const QString &name)
{
    QStringList statements = {QStringLiteral("REVOKE ALL ON DATABASE %1 FROM PUBLIC").arg(quoteIdentifier(name))};
    for (const DatabaseProperties::Privilege &privilege : properties.privileges) {
        const QString grantee =
            privilege.grantee.isEmpty() ? QStringLiteral("PUBLIC") : quoteIdentifier(privilege.grantee);
        statements += QStringLiteral("GRANT %1 ON DATABASE %2 TO %3%4")
                          .arg(privilege.privilege, quoteIdentifier(name), grantee,
                               privilege.mayGrant ? QStringLiteral(" WITH GRANT OPTION") : QString());
    }
    for (const QString &statement : std::as_const(statements)) {
        if (auto done = beside.execute(statement); !done) {
            return tl::unexpected(done.error());
        }
    }
    return {};
}

} // namespace

Result<DatabaseProperties> readDatabaseProperties(DatabaseConnection &beside, const QString &name,
                                                  const std::stop_token &stop)
{
    auto rows = beside.query(propertiesStatement, {name}, stop);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    if (!rows->next()) {
        return failure(ErrorCode::NotFound,
                       Text::tr("There is no database “%1” on this server. Nothing was changed.").arg(name));
    }
    DatabaseProperties properties;
    properties.name = name;
    properties.owner = rows->value(0).toString();
    properties.encoding = rows->value(1).toString();
    properties.collation = rows->value(2).toString();
    properties.characterType = rows->value(3).toString();
    properties.localeProvider = rows->value(4).toString();
    properties.locale = rows->value(5).toString();
    properties.tablespace = rows->value(6).toString();
    properties.connectionLimit = rows->value(7).toInt();
    properties.comment = rows->value(8).toString();
    properties.isTemplate = isTrue(rows->value(9));
    properties.hasPrivileges = isTrue(rows->value(10));
    properties.userOwnsIt = isTrue(rows->value(11));
    properties.userMayCreate = isTrue(rows->value(12));
    properties.user = rows->value(13).toString();

    auto settings = beside.query(settingsStatement, {name}, stop);
    if (!settings) {
        return tl::unexpected(settings.error());
    }
    while (settings->next()) {
        const QString line = settings->value(1).toString();
        properties.settings += {settings->value(0).toString(), line.section(u'=', 0, 0), line.section(u'=', 1)};
    }
    auto privileges = beside.query(privilegesStatement, {name}, stop);
    if (!privileges) {
        return tl::unexpected(privileges.error());
    }
    while (privileges->next()) {
        properties.privileges +=
            {privileges->value(0).toString(), privileges->value(1).toString(), isTrue(privileges->value(2))};
    }
    return properties;
}

Result<void> createDatabaseLike(DatabaseConnection &beside, const DatabaseProperties &properties, const QString &name)
{
    QString statement = QStringLiteral("CREATE DATABASE %1 TEMPLATE template0 ENCODING %2 LC_COLLATE %3 LC_CTYPE %4")
                            .arg(quoteIdentifier(name), quoteLiteral(properties.encoding),
                                 quoteLiteral(properties.collation), quoteLiteral(properties.characterType));
    if (properties.owner != properties.user) {
        statement += QStringLiteral(" OWNER ") + quoteIdentifier(properties.owner);
    }
    if (properties.localeProvider == u"i") {
        statement += QStringLiteral(" LOCALE_PROVIDER icu ICU_LOCALE ") + quoteLiteral(properties.locale);
    } else if (properties.localeProvider == u"b") {
        statement += QStringLiteral(" LOCALE_PROVIDER builtin BUILTIN_LOCALE ") + quoteLiteral(properties.locale);
    }
    if (!properties.tablespace.isEmpty() && properties.tablespace != u"pg_default") {
        statement += QStringLiteral(" TABLESPACE ") + quoteIdentifier(properties.tablespace);
    }
    if (properties.connectionLimit >= 0) {
        statement += QStringLiteral(" CONNECTION LIMIT %1").arg(properties.connectionLimit);
    }
    const auto done = beside.execute(statement);
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<QStringList> createDatabaseNear(DatabaseConnection &beside, const DatabaseProperties &properties,
                                       const QString &name)
{
    const auto alike = createDatabaseLike(beside, properties, name);
    if (alike) {
        return QStringList();
    }
    static const QList<QByteArray> aboutLocale{"42809", "22023", "0A000", "42704", "42P17", "42601"};
    if (!aboutLocale.contains(alike.error().sqlState)) {
        return failure(alike.error());
    }
    auto rows = beside.query(QStringLiteral("SELECT pg_catalog.pg_encoding_to_char(encoding), datcollate, datctype "
                                            "FROM pg_catalog.pg_database WHERE datname = 'template0'"));
    if (!rows) {
        return failure(rows.error());
    }
    // Only the locale C goes with every encoding.
    DatabaseProperties close = properties;
    const bool isUsual = rows->next() && rows->value(0).toString() == properties.encoding;
    close.collation = isUsual ? rows->value(1).toString() : QStringLiteral("C");
    close.characterType = isUsual ? rows->value(2).toString() : QStringLiteral("C");
    close.localeProvider = QStringLiteral("c");
    close.locale.clear();
    if (!createDatabaseLike(beside, close, name)) {
        return failure(alike.error());
    }
    const QString wanted = properties.locale.isEmpty() ? properties.collation : properties.locale;
    return QStringList{Text::tr("The server does not have the collation %1, so “%2” sorts texts by %3.")
                           .arg(wanted, name, close.collation)};
}

QStringList applyDatabaseExtras(DatabaseConnection &beside, const DatabaseProperties &properties, const QString &name)
{
    QStringList refused;
    if (!properties.comment.isEmpty()) {
        const auto done = beside.execute(QStringLiteral("COMMENT ON DATABASE %1 IS %2")
                                             .arg(quoteIdentifier(name), quoteLiteral(properties.comment)));
        if (!done) {
            refused += Text::tr("The comment on “%1” could not be set again.").arg(name);
        }
    }
    for (const DatabaseProperties::Setting &setting : properties.settings) {
        if (!applySetting(beside, setting, name)) {
            refused += setting.role.isEmpty()
                           ? Text::tr("The setting %1 of “%2” could not be set again: only the server's administrator "
                                      "may.")
                                 .arg(setting.name, name)
                           : Text::tr("The setting %1 of the user %2 in “%3” could not be set again.")
                                 .arg(setting.name, setting.role, name);
        }
    }
    if (properties.hasPrivileges && !applyPrivileges(beside, properties, name)) {
        refused += Text::tr("Some rights to connect to “%1” could not be granted again.").arg(name);
    }
    return refused;
}

} // namespace Roost
