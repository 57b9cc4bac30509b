// What an open connection can tell: the database, what the user may do in it, and versions.
#include "operations/connectiondoctorparts.h"

#include "postgres/identifier.h"
#include "postgres/linkopener.h"
#include "process/pgtoolchain.h"

#include <QDate>
#include <QLocale>

namespace Roost::Doctor {

namespace {

/// One row of what is to be known, in one round trip.
constexpr char databaseSql[] = R"(
SELECT pg_catalog.pg_get_userbyid(d.datdba), pg_catalog.pg_encoding_to_char(d.encoding),
    CASE WHEN pg_catalog.has_database_privilege(d.oid, 'CONNECT') THEN pg_catalog.pg_database_size(d.oid) END,
    (SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_activity WHERE backend_type = 'client backend'),
    pg_catalog.current_setting('max_connections')
FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())";

constexpr char rightsSql[] = R"(
SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('default_transaction_read_only'),
    (SELECT source FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only'),
    pg_catalog.has_database_privilege(pg_catalog.current_database(), 'CREATE'),
    COALESCE((SELECT pg_catalog.has_schema_privilege(n.oid, 'CREATE') FROM pg_catalog.pg_namespace n
        WHERE n.nspname = 'public'), true),
    r.rolcreatedb OR r.rolsuper,
    pg_catalog.pg_has_role((SELECT datdba FROM pg_catalog.pg_database
        WHERE datname = pg_catalog.current_database()), 'USAGE')
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user)";

struct Rights
{
    bool isStandby = false;
    bool isReadOnly = false;
    QString readOnlySource;
    bool createsSchemas = false;
    bool createsTables = false;
    bool createsDatabases = false;
    bool owns = false;
};

bool isTrue(const QVariant &value)
{
    return value.toString() == u"t" || value.toString() == u"on" || value.toString() == u"true";
}

DoctorFinding unreadable(DoctorLayer layer, const Error &error)
{
    DoctorFinding finding = failed(layer, layer == DoctorLayer::Database ? "database-unreadable" : "rights-unreadable",
                                   Text::tr("The server lets you in, but does not answer a simple question."),
                                   error.message, DoctorRemedy::TryAgain, Text::tr("Try again in a minute."));
    finding.detail = error.detail;
    return finding;
}

QString readOnlyCommand(const ConnectionParameters &to, const QString &source)
{
    const QString database = quoteIdentifier(to.database);
    const QString user = quoteIdentifier(to.user);
    const QString setting = QStringLiteral("default_transaction_read_only");
    if (source == u"database") {
        return QStringLiteral("ALTER DATABASE %1 RESET %2;").arg(database, setting);
    }
    if (source == u"user") {
        return QStringLiteral("ALTER ROLE %1 RESET %2;").arg(user, setting);
    }
    if (source == u"database user") {
        return QStringLiteral("ALTER ROLE %1 IN DATABASE %2 RESET %3;").arg(user, database, setting);
    }
    return QStringLiteral("ALTER SYSTEM RESET %1;").arg(setting);
}

DoctorFinding readOnlyFinding(const Examination &exam, const Rights &rights)
{
    const ConnectionParameters &to = exam.parameters();
    if (rights.isStandby) {
        return failed(DoctorLayer::Rights, "standby", Text::tr("The server is a copy (replica) that can only be read."),
                      Text::tr("It follows another server, where the changes are made."), DoctorRemedy::None,
                      Text::tr("Connect to the primary instance to change anything."));
    }
    DoctorFinding finding =
        failed(DoctorLayer::Rights, "read-only", Text::tr("Everything can be read, but nothing changed."),
               Text::tr("default_transaction_read_only is switched on (set for: %1).").arg(rights.readOnlySource),
               DoctorRemedy::CopyCommand, Text::tr("This statement takes it back."));
    finding.command = readOnlyCommand(to, rights.readOnlySource);
    return finding;
}

DoctorFinding rightsFinding(const Examination &exam, const Rights &rights)
{
    const ConnectionParameters &to = exam.parameters();
    const QString user = quoteIdentifier(to.user);
    if (rights.isStandby || rights.isReadOnly) {
        return readOnlyFinding(exam, rights);
    }
    if (!rights.createsTables || !rights.createsSchemas) {
        DoctorFinding finding =
            warning(DoctorLayer::Rights, "no-create",
                    rights.createsTables ? Text::tr("%1 may not create schemas in %2.").arg(to.user, to.database)
                                         : Text::tr("%1 may not create tables in %2.").arg(to.user, to.database),
                    Text::tr("Another user owns the database, so restoring and migrating into it will fail."),
                    DoctorRemedy::CopyCommand, Text::tr("Its owner can run this."));
        finding.command =
            QStringLiteral("GRANT CREATE ON DATABASE %1 TO %2;").arg(quoteIdentifier(to.database), user) +
            (rights.createsTables ? QString()
                                  : QStringLiteral("\nGRANT USAGE, CREATE ON SCHEMA public TO %1;").arg(user));
        return finding;
    }
    if (!rights.createsDatabases) {
        DoctorFinding finding =
            warning(DoctorLayer::Rights, "no-createdb", Text::tr("%1 may not create databases.").arg(to.user),
                    Text::tr("Roost restores into new databases, so that nothing is lost; here it cannot."),
                    DoctorRemedy::CopyCommand, Text::tr("A superuser can run this."));
        finding.command = QStringLiteral("ALTER ROLE %1 CREATEDB;").arg(user);
        return finding;
    }
    return good(DoctorLayer::Rights,
                rights.owns ? Text::tr("%1 owns the database, and may create tables and databases.").arg(to.user)
                            : Text::tr("%1 may create tables and databases.").arg(to.user));
}

/// When the PostgreSQL project stops mending a major version; null for one that is newer than this list.
QDate endOfLife(int major)
{
    switch (major) {
    case 11:
        return {2023, 11, 9};
    case 12:
        return {2024, 11, 21};
    case 13:
        return {2025, 11, 13};
    case 14:
        return {2026, 11, 12};
    case 15:
        return {2027, 11, 11};
    case 16:
        return {2028, 11, 9};
    case 17:
        return {2029, 11, 8};
    case 18:
        return {2030, 11, 14};
    default:
        return major < 11 ? QDate(2022, 11, 10) : QDate();
    }
}

QString ageNote(int major, const QDate &today)
{
    const QDate end = endOfLife(major);
    if (!end.isValid() || end > today.addMonths(6)) {
        return {};
    }
    const QString day = QLocale().toString(end, QStringLiteral("d MMM yyyy"));
    return u' ' + (end <= today ? Text::tr("Version %1 has had no repairs since %2: move to a newer one.")
                                : Text::tr("Version %1 gets repairs until %2 only: move to a newer one."))
                      .arg(major)
                      .arg(day);
}

DoctorFinding toolsFinding(const Error &error, int major, const QString &versions)
{
    const bool isMissing = error.code == ErrorCode::ToolMissing;
    DoctorFinding finding = failed(
        DoctorLayer::Versions, isMissing ? "tools-missing" : "tools-too-old",
        isMissing ? Text::tr("%1 The tools pg_dump and pg_restore are not on this computer.").arg(versions)
                  : Text::tr("%1 The tools pg_dump and pg_restore on this computer are older.").arg(versions),
        isMissing ? Text::tr("Looking at data works without them; backups and restores do not.")
                  : Text::tr("Older tools cannot back up a newer server."),
        DoctorRemedy::CopyCommand,
        Text::tr(
            "Install the package. If your system does not know it, add the PostgreSQL project's own archive first: "
            "https://www.postgresql.org/download/linux/debian/"));
    finding.command = QStringLiteral("sudo apt install postgresql-client-%1").arg(major);
    finding.detail = error.message;
    return finding;
}

QString libraryText()
{
    const int version = clientLibraryVersion();
    return QStringLiteral("%1.%2").arg(version / 10000).arg(version % 10000);
}

} // namespace

DoctorFinding examineDatabase(Examination &exam)
{
    if (exam.database) {
        return *exam.database;
    }
    auto rows = exam.connection->query(QString::fromLatin1(databaseSql), {}, exam.stop());
    if (!rows || !rows->next()) {
        return unreadable(DoctorLayer::Database, rows ? Error{} : rows.error());
    }
    const int used = rows->value(3).toInt();
    const int allowed = rows->value(4).toInt();
    const QString found =
        Text::tr("%1 is there: %2, owned by %3, %4. %5 of %6 connections are in use.")
            .arg(exam.parameters().database, QLocale().formattedDataSize(rows->value(2).toLongLong(), 1),
                 rows->value(0).toString(), rows->value(1).toString())
            .arg(used)
            .arg(allowed);
    if (used * 10 >= allowed * 9) {
        return warning(DoctorLayer::Database, "nearly-full", found, Text::tr("When all are in use, nobody is let in."),
                       DoctorRemedy::TryAgain, Text::tr("Close what you do not need."));
    }
    return good(DoctorLayer::Database, found);
}

DoctorFinding examineRights(Examination &exam)
{
    auto rows = exam.connection->query(QString::fromLatin1(rightsSql), {}, exam.stop());
    if (!rows || !rows->next()) {
        return unreadable(DoctorLayer::Rights, rows ? Error{} : rows.error());
    }
    Rights rights;
    rights.isStandby = isTrue(rows->value(0));
    rights.isReadOnly = isTrue(rows->value(1));
    rights.readOnlySource = rows->value(2).toString();
    rights.createsSchemas = isTrue(rows->value(3));
    rights.createsTables = isTrue(rows->value(4));
    rights.createsDatabases = isTrue(rows->value(5));
    rights.owns = isTrue(rows->value(6));
    return rightsFinding(exam, rights);
}

DoctorFinding examineVersions(Examination &exam)
{
    const ServerInfo &server = exam.connection->server();
    const int major = server.version / 10000;
    const QString versions =
        Text::tr("PostgreSQL %1 at the server, client library %2.").arg(server.versionText, libraryText());
    const auto tools = toolchainFor(server.version, JobContext(exam.stop()));
    if (!tools) {
        return toolsFinding(tools.error(), major, versions);
    }
    const QDate today = exam.facts.now.date();
    return good(DoctorLayer::Versions,
                Text::tr("%1 Tools of version %2 fit.").arg(versions, tools->version.toString()) +
                    ageNote(major, today));
}

} // namespace Roost::Doctor
