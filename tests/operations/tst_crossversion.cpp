// A backup and its proof from one major version of the server to another: no false alarm, and nothing overlooked.

#include "operations/backup.h"
#include "operations/restore.h"
#include "operations/verify.h"
#include "process/pgtoolchain.h"
#include "support/otherservers.h"
#include "support/richdatabase.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <map>
#include <memory>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString explain(const Error &error)
{
    return error.message + u'\n' + error.detail;
}

QString told(const QList<ManifestDifference> &differences, bool withNotes = false)
{
    QStringList lines;
    for (const ManifestDifference &one : differences) {
        if (withNotes || one.weight != ManifestDifference::Weight::Note) {
            lines += QStringLiteral("%1 %2\n  [%3]\n  [%4]").arg(one.what, one.text, one.before, one.after);
        }
    }
    return lines.join(u'\n');
}

void writeProgram(const QString &path, const QString &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text.toUtf8()) < 0 ||
        !file.setPermissions(QFile::ReadOwner | QFile::ExeOwner)) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

const QString rich = QStringLiteral("rich");
const QString copied = QStringLiteral("copied");

} // namespace

class TestCrossVersion : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sameDataSameFingerprint_data() { everyOther(); }
    void sameDataSameFingerprint();
    void restoredAndProven_data() { newerOnes(); }
    void restoredAndProven();
    void copiesAgreeAmongThemselves();
    void tamperings_data();
    void tamperings();
    void fromOlderServers_data();
    void fromOlderServers();
    void newerServersNeedNewerTools_data() { newerOnes(); }
    void newerServersNeedNewerTools();
    void newerToolsOnAnOlderServer();
    void virtualIsNotStored();

private:
    static void everyOther();
    static void newerOnes();
    TemporaryCluster &server(int major) const { return *m_servers.at(major); }
    Result<Manifest> live(const ConnectionSpec &spec) const
    {
        JobContext context;
        const auto both = compareDatabases({{}, spec}, {{}, spec}, context);
        return both ? Result<Manifest>(both->first) : failure(both.error());
    }
    Result<DatabaseComparison> compared(const QString &file, const ConnectionSpec &spec) const
    {
        JobContext context;
        return compareDatabases({file, {}}, {{}, spec}, context);
    }
    Result<RestoreReport> restored(const QString &file, const ConnectionSpec &target, RestoreMode mode) const
    {
        JobContext context;
        RestoreRequest request;
        request.file = file;
        request.target = target;
        request.mode = mode;
        return restore(request, context);
    }

    int m_own = 0; ///< the major version whose client tools are here
    std::map<int, std::unique_ptr<TemporaryCluster>> m_servers;
    QTemporaryDir m_folder;
    QString m_file; ///< of the own version's database
    Manifest m_manifest;
};

void TestCrossVersion::initTestCase()
{
    OTHER_SERVERS_OR_SKIP();
    auto own = std::make_unique<TemporaryCluster>();
    QVERIFY2(own->start(), qPrintable(own->problem()));
    m_own = own->psql(QStringLiteral("SHOW server_version_num")).toInt() / 10000;
    m_servers[m_own] = std::move(own);
    for (const int major : otherServers()) {
        auto other = std::make_unique<TemporaryCluster>(QMap<QString, QString>(), major);
        QVERIFY2(other->start(), qPrintable(other->problem()));
        QCOMPARE(other->psql(QStringLiteral("SHOW server_version_num")).toInt() / 10000, major);
        m_servers[major] = std::move(other);
    }
    for (const int major : {16, 17, 18}) {
        QVERIFY2(m_servers.contains(major), qPrintable(QStringLiteral("no server %1").arg(major)));
    }
    for (const auto &[major, cluster] : m_servers) {
        const QString owner = cluster->spec(rich).parameters.user;
        fillRichDatabase(cluster->superuser(rich), owner);
    }
    m_file = m_folder.filePath(QStringLiteral("rich.dump"));
    JobContext context;
    const auto backup = backUp({server(m_own).spec(rich), m_file}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : explain(backup.error())));
    m_manifest = backup->manifest;
    for (const int major : {16, 17, 18}) {
        const auto report = restored(m_file, server(major).spec().withDatabase(copied), RestoreMode::IntoNew);
        QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    }
}

void TestCrossVersion::everyOther()
{
    QTest::addColumn<int>("major");
    for (const int major : otherServers()) {
        QTest::addRow("server %d", major) << major;
    }
}

void TestCrossVersion::newerOnes()
{
    QTest::addColumn<int>("major");
    for (const int major : {16, 17, 18}) {
        QTest::addRow("server %d", major) << major;
    }
}

/// Made there by the same statements, not brought there by a dump.
void TestCrossVersion::sameDataSameFingerprint()
{
    QFETCH(int, major);
    const auto manifest = live(server(major).spec(rich));
    QVERIFY2(manifest, qPrintable(manifest ? QString() : explain(manifest.error())));
    QCOMPARE(manifest->serverVersionNumber / 10000, major);
    QVERIFY(manifest->tables.size() > 20);
    qsizetype together = 0;
    for (auto it = manifest->tables.cbegin(); it != manifest->tables.cend(); ++it) {
        if (m_manifest.tables.contains(it.key())) {
            ++together;
            QVERIFY2(m_manifest.tables.value(it.key()) == it.value(), qPrintable(it.key()));
        }
    }
    QCOMPARE(together, qMin(manifest->tables.size(), m_manifest.tables.size()));
    QCOMPARE(manifest->sequences, m_manifest.sequences);
    QCOMPARE(manifest->largeObjects, m_manifest.largeObjects);
    // And the definitions. Older servers cannot have all of it, and write down some of SQL's own functions otherwise.
    if (major > m_own) {
        QCOMPARE(told(compareManifests(m_manifest, *manifest)), QString());
    }
}

/// Twenty in all, in every mode.
void TestCrossVersion::restoredAndProven()
{
    QFETCH(int, major);
    const QList<RestoreMode> modes = {RestoreMode::IntoNew,  RestoreMode::ReplaceExisting, RestoreMode::IntoEmpty,
                                      RestoreMode::IntoNew,  RestoreMode::ReplaceExisting, RestoreMode::IntoEmpty,
                                      RestoreMode::IntoEmpty};
    const ConnectionSpec target = server(major).spec().withDatabase(QStringLiteral("fresh"));
    for (const RestoreMode mode : major == 18 ? modes.first(6) : modes) {
        if (mode == RestoreMode::IntoNew) {
            server(major).psql(QStringLiteral("DROP DATABASE IF EXISTS fresh"));
        } else if (mode == RestoreMode::IntoEmpty) {
            server(major).psql(QStringLiteral("DROP DATABASE fresh"));
            QVERIFY(server(major).createDatabase(QStringLiteral("fresh")));
        }
        const auto report = restored(m_file, target, mode);
        QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
        QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
        QCOMPARE(report->leftOut, QStringList());
        const auto comparison = compared(m_file, target);
        QVERIFY2(comparison, qPrintable(comparison ? QString() : explain(comparison.error())));
        QCOMPARE(told(comparison->differences), QString());
        if (!report->retiredDatabase.isEmpty()) {
            server(major).psql(QStringLiteral("DROP DATABASE ") + report->retiredDatabase);
        }
    }
}

void TestCrossVersion::copiesAgreeAmongThemselves()
{
    for (const auto &[one, other] : {std::pair(16, 17), {17, 18}, {18, 16}}) {
        JobContext context;
        const auto comparison =
            compareDatabases({{}, server(one).spec(copied)}, {{}, server(other).spec(copied)}, context);
        QVERIFY2(comparison, qPrintable(comparison ? QString() : explain(comparison.error())));
        QCOMPARE(told(comparison->differences), QString());
    }
}

void TestCrossVersion::tamperings_data()
{
    QTest::addColumn<int>("major");
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("what");
    const QList<std::tuple<const char *, const char *, const char *>> kinds = {
        {"row changed", "UPDATE everything SET v = v || ' ' WHERE id = 1", "table aviary.everything"},
        {"row removed", "DELETE FROM everything WHERE id = 77", "table aviary.everything"},
        {"row doubled", "INSERT INTO plain_twins VALUES ('')", "table aviary.plain_twins"},
        {"last bit of a float", "UPDATE everything SET f8 = 0.3 WHERE id = 1", "table aviary.everything"},
        {"last bit in an array", "UPDATE everything SET fa[1] = 0.1::float8 + 1.4e-17 WHERE id = 1",
         "table aviary.everything"},
        {"empty to NULL", "UPDATE everything SET t = NULL WHERE id = 2", "table aviary.everything"},
        {"row in another partition", "UPDATE days SET kind = 'owl', day = '2026-07-07' WHERE n = 3",
         "table aviary.days_2026_owl"},
        {"sequence set back", "SELECT setval('ticket', 5)", "sequence aviary.ticket"},
        {"index dropped", "DROP INDEX everything_lower", "index aviary.everything_lower"},
        {"trigger dropped", "DROP TRIGGER touched ON everything", "trigger touched on aviary.everything"},
        {"trigger on a partitioned table dropped", "DROP TRIGGER on_days ON days", "trigger on_days on aviary.days"},
        {"constraint dropped", "ALTER TABLE everything DROP CONSTRAINT sane", "constraint sane on aviary.everything"},
        {"NOT NULL dropped", "ALTER TABLE old ALTER added DROP NOT NULL", "column aviary.old.added"},
        {"identity dropped", "ALTER TABLE cages ALTER id DROP IDENTITY", "column aviary.cages.id"},
        {"enum label renamed", "ALTER TYPE mood RENAME VALUE 'calm' TO 'quiet'", "type aviary.mood"},
        {"comment lost", "COMMENT ON TABLE everything IS NULL", "comment on table aviary.everything"},
        {"large object changed", "SELECT lo_put(700001, 1, '\\x07')", "large objects"},
        {"view changed",
         "CREATE OR REPLACE VIEW aliased AS SELECT x.id, (SELECT count(*) FROM cages k WHERE k.id <> x.cage) AS cages "
         "FROM everything x",
         "view aviary.aliased"},
        {"view of one table changed",
         "CREATE OR REPLACE VIEW one_table AS SELECT id, t AS text, lower(v) AS loud, everything.ctid FROM everything "
         "WHERE i > 3 AND (t LIKE 'a%' OR bo) ORDER BY i DESC",
         "view aviary.one_table"},
        {"column of another table in a view",
         "CREATE OR REPLACE VIEW joined WITH (security_barrier = true) AS SELECT c.id::bigint AS id, c.name, "
         "e.f8::text "
         "AS f, extract(year FROM e.d) AS y FROM everything e JOIN cages c ON c.id = e.cage LEFT JOIN LATERAL (SELECT "
         "1 "
         "AS one WHERE e.i > 0) l ON true",
         "view aviary.joined"},
        {"materialized view changed",
         "DROP MATERIALIZED VIEW totals; CREATE MATERIALIZED VIEW totals AS SELECT count(i) AS n FROM everything; "
         "CREATE "
         "UNIQUE INDEX totals_n ON totals (n)",
         "materialized view aviary.totals"},
        {"rule changed",
         "CREATE OR REPLACE RULE quiet AS ON DELETE TO plain_twins WHERE old.v = 'kept' DO INSTEAD NOTHING",
         "rule quiet on aviary.plain_twins"},
        {"function changed",
         "CREATE OR REPLACE FUNCTION pair_eq(pair, pair) RETURNS bool LANGUAGE sql IMMUTABLE AS $$SELECT true$$",
         "function aviary.pair_eq(aviary.pair, aviary.pair)"},
        {"policy dropped", "DROP POLICY mine ON guarded", "policy mine on aviary.guarded"},
    };
    for (const int major : {16, 17, 18}) {
        for (const auto &[name, sql, what] : kinds) {
            QTest::addRow("%s on %d", name, major) << major << QString::fromUtf8(sql) << QString::fromUtf8(what);
        }
    }
}

void TestCrossVersion::tamperings()
{
    QFETCH(int, major);
    QFETCH(QString, sql);
    QFETCH(QString, what);
    const QString victim = QStringLiteral("victim");
    server(major).psql(QStringLiteral("CREATE DATABASE victim TEMPLATE %1 OWNER my_database_user").arg(copied));
    server(major).psql(QStringLiteral("SET ROLE my_database_user; SET search_path = aviary, public; ") + sql, victim);
    const auto comparison = compared(m_file, server(major).spec(victim));
    server(major).psql(QStringLiteral("DROP DATABASE victim"));
    QVERIFY2(comparison, qPrintable(comparison ? QString() : explain(comparison.error())));
    QVERIFY(!isProven(comparison->differences));
    QVERIFY2(told(comparison->differences).contains(what + u' '), qPrintable(told(comparison->differences)));
}

void TestCrossVersion::fromOlderServers_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("to");
    for (const int from : otherServers()) {
        for (const int to : {15, 18}) {
            if (from < 15) {
                QTest::addRow("%d to %d", from, to) << from << to;
            }
        }
    }
}

void TestCrossVersion::fromOlderServers()
{
    QFETCH(int, from);
    QFETCH(int, to);
    const QString file = m_folder.filePath(QStringLiteral("from-%1-to-%2.dump").arg(from).arg(to));
    JobContext context;
    const auto backup = backUp({server(from).spec(rich), file}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : explain(backup.error())));
    const ConnectionSpec target = server(to).spec().withDatabase(QStringLiteral("from_older"));
    const auto report = restored(file, target, RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    const auto comparison = compared(file, target);
    server(to).psql(QStringLiteral("DROP DATABASE from_older"));
    QVERIFY(comparison);
    QCOMPARE(told(comparison->differences), QString());
    QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
}

/// Refused before anything is made, with what to install.
void TestCrossVersion::newerServersNeedNewerTools()
{
    QFETCH(int, major);
    const QTemporaryDir folder;
    JobContext context;
    const auto refused = backUp({server(major).spec(rich), folder.filePath(QStringLiteral("b.dump"))}, context);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ToolTooOld);
    QVERIFY2(refused.error().message.contains(QStringLiteral("postgresql-client-%1").arg(major)),
             qPrintable(refused.error().message));
    QVERIFY(QDir(folder.path()).isEmpty());
}

/// Tools from 17 on begin with a setting that older servers refuse. There are none here, so the own ones say what those
/// do.
void TestCrossVersion::newerToolsOnAnOlderServer()
{
    const PgToolchain real = findToolchains(JobContext()).first();
    const QTemporaryDir folder;
    for (const QString &name : {QStringLiteral("pg_dump"), QStringLiteral("pg_restore")}) {
        writeProgram(folder.filePath(name),
                     QStringLiteral("#!/bin/sh\n[ \"$1\" != --version ] || { echo '%1 (PostgreSQL) 17.12'; exit; }\n"
                                    "'%2' \"$@\" || exit\ncase \"$*\" in *--dbname=*) ;; *) exit;; esac\n"
                                    "echo 'pg_restore: while INITIALIZING:\n"
                                    "pg_restore: error: could not execute query: ERROR:  unrecognized configuration "
                                    "parameter \"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;\n\n"
                                    "pg_restore: warning: errors ignored on restore: 1' >&2\nexit 1\n")
                         .arg(name, real.tool(name)));
    }
    // An archive that only such tools may restore; its checksum is another one, so it goes without its proof.
    QFile original(m_file);
    QVERIFY(original.open(QIODevice::ReadOnly));
    const QByteArray version = real.version.toString().toUtf8();
    QByteArray archive = original.readAll();
    const qsizetype place = archive.lastIndexOf(version + " (", archive.indexOf("ENCODING"));
    QVERIFY(place > 0 && version.size() == 5);
    archive.replace(place, version.size(), "17.12");
    const QString file = folder.filePath(QStringLiteral("newer.dump"));
    QFile newer(file);
    QVERIFY(newer.open(QIODevice::WriteOnly) && newer.write(archive) == archive.size() && newer.flush());

    const QByteArray oldPath = qgetenv("PATH");
    qputenv("PATH", folder.path().toUtf8() + ':' + oldPath);
    const ConnectionSpec target = server(m_own).spec().withDatabase(QStringLiteral("tolerant"));
    const auto report = restored(file, target, RestoreMode::IntoNew);
    qputenv("PATH", oldPath);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    const auto comparison = compared(m_file, target);
    QVERIFY(comparison);
    QCOMPARE(told(comparison->differences), QString());
    // The own ones are too old for it, and say so.
    const auto refused = restored(file, target.withDatabase(QStringLiteral("refused")), RestoreMode::IntoNew);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ToolTooOld);
    QCOMPARE(server(m_own).psql(QStringLiteral("SELECT count(*) FROM pg_database WHERE datname = 'refused'")),
             QStringLiteral("0"));
}

/// Computed columns that are not kept came with server 18; their rows look the same.
void TestCrossVersion::virtualIsNotStored()
{
    const QString sql = QStringLiteral("CREATE TABLE t (n int, twice int GENERATED ALWAYS AS (n * 2) %1); "
                                       "GRANT SELECT ON t TO PUBLIC; INSERT INTO t VALUES (21)");
    const ConnectionSpec stored = server(18).spec(QStringLiteral("is_stored"));
    const ConnectionSpec computed = server(18).spec(QStringLiteral("is_virtual"));
    server(18).psql(sql.arg(QStringLiteral("STORED")), stored.parameters.database);
    server(18).psql(sql.arg(QStringLiteral("VIRTUAL")), computed.parameters.database);
    JobContext context;
    const auto comparison = compareDatabases({{}, stored}, {{}, computed}, context);
    QVERIFY2(comparison, qPrintable(comparison ? QString() : explain(comparison.error())));
    QCOMPARE(comparison->differences.size(), 1);
    QCOMPARE(comparison->differences.first().what, QStringLiteral("column public.t.twice"));
}

QTEST_GUILESS_MAIN(TestCrossVersion)
#include "tst_crossversion.moc"
