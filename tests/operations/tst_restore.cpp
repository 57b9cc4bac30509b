#include "operations/backup.h"
#include "operations/restore.h"
#include "postgres/identifier.h"
#include "process/pgtoolchain.h"
#include "support/childbrake.h"
#include "support/sampledatabase.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <stop_token>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int heavyRows = 40'000; ///< about 20 MB

QString explain(const Error &error)
{
    return error.message + u'\n' + error.detail;
}

} // namespace

class TestRestore : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void intoNewIsEqual();
    void intoEmptyIsEqual();
    void progressIsReal();
    void refusesWhatIsNotEmpty_data();
    void refusesWhatIsNotEmpty();
    void refusesAnExistingDatabaseAsNew();
    void replaceKeepsTheOldOne();
    void replaceAsksBeforeEndingSessions();
    void killedBackend_data();
    void killedBackend();
    void cancel_data();
    void cancel();
    void damagedArchives_data();
    void damagedArchives();
    void whatIsNoArchive_data();
    void whatIsNoArchive();
    void leavesOutWhatOnlyAdministratorsMay();
    void rulesOfTheDataThatDoNotHold();
    void hostileNames_data();
    void hostileNames();
    void tooBigForOneTransactionIsEmptiedAgain();
    void noCodeOfTheArchiveRunsHere();

private:
    QString backUpOf(const QString &database, bool asAdministrator = false);
    Result<RestoreReport> run(const QString &file, const QString &database, RestoreMode mode);
    void recreate(const QString &database);
    bool exists(const QString &database) const;
    QStringList databases() const;
    void killRestoringBackend();

    std::unique_ptr<TemporaryCluster> m_cluster;
    QTemporaryDir m_folder;
    QString m_heavyFile;
    QString m_sampleFile;
    std::stop_source m_stop;
    std::function<void(const Progress &)> m_onProgress;
    std::unique_ptr<ChildBrake> m_brake; ///< for tests that must be in the middle of something
    bool m_endSessions = false;
    QStringList m_log;
};

void TestRestore::initTestCase()
{
    m_cluster = std::make_unique<TemporaryCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->problem()));
    fillSampleDatabase(*m_cluster, QStringLiteral("heavy"), heavyRows);
    fillSampleDatabase(*m_cluster, QStringLiteral("sample"));
    m_heavyFile = backUpOf(QStringLiteral("heavy"));
    m_sampleFile = backUpOf(QStringLiteral("sample"));
}

void TestRestore::init()
{
    m_stop = std::stop_source();
    m_onProgress = {};
    m_brake.reset();
    m_endSessions = false;
    m_log.clear();
}

void TestRestore::cleanup()
{
    QTRY_COMPARE(m_cluster->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity "
                                                "WHERE application_name LIKE 'roost-%'")),
                 QStringLiteral("0"));
    // No half-filled database stays under any name.
    for (const QString &database : databases()) {
        QVERIFY2(!database.contains(u"_new_"), qPrintable(database));
    }
}

QString TestRestore::backUpOf(const QString &database, bool asAdministrator)
{
    BackupRequest request;
    request.source = asAdministrator ? m_cluster->superuser(database) : m_cluster->spec(database);
    request.file = suggestedBackupFile(m_folder.path(), database);
    JobContext context;
    const auto backup = backUp(request, context);
    if (!backup) {
        qFatal("%s", qPrintable(explain(backup.error())));
    }
    return backup->file;
}

Result<RestoreReport> TestRestore::run(const QString &file, const QString &database, RestoreMode mode)
{
    RestoreRequest request;
    request.file = file;
    request.target = m_cluster->spec().withDatabase(database);
    request.mode = mode;
    request.endSessions = m_endSessions;
    JobContext context(
        m_stop.get_token(),
        [this](const Progress &progress) {
            // The heavy table is where things happen in the middle.
            if (m_brake && progress.step == u"Copying nest.logbook") {
                m_brake->engage();
            }
            if (m_onProgress) {
                m_onProgress(progress);
            }
        },
        [this](const QString &line) { m_log += line; });
    return restore(request, context);
}

void TestRestore::recreate(const QString &database)
{
    m_cluster->psql(QStringLiteral("DROP DATABASE IF EXISTS ") + quoteIdentifier(database));
    QVERIFY(m_cluster->createDatabase(database));
}

QStringList TestRestore::databases() const
{
    return m_cluster->psql(QStringLiteral("SELECT datname FROM pg_database")).split(u'\n');
}

bool TestRestore::exists(const QString &database) const
{
    return databases().contains(database);
}

/// As an administrator does it, in the middle of the big table.
void TestRestore::killRestoringBackend()
{
    m_cluster->psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                   "WHERE application_name ~ '^roost-' AND application_name !~ 'watch'"));
}

void TestRestore::intoNewIsEqual()
{
    const auto report = run(m_heavyFile, QStringLiteral("copy"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("copy")),
             databaseFingerprint(*m_cluster, QStringLiteral("heavy")));
    QCOMPARE(report->database, QStringLiteral("copy"));
    QCOMPARE(report->tables, 5);
    QCOMPARE(report->rows, heavyRows + 9);
    QCOMPARE(report->leftOut, QStringList());
    QCOMPARE(report->warnings, QStringList());
    // The statistics are there.
    QCOMPARE(m_cluster->psql(QStringLiteral("SELECT reltuples FROM pg_class WHERE relname = 'logbook'"),
                             QStringLiteral("copy")),
             QString::number(heavyRows));
    m_cluster->psql(QStringLiteral("DROP DATABASE copy"));
}

void TestRestore::intoEmptyIsEqual()
{
    recreate(QStringLiteral("empty"));
    const auto report = run(m_sampleFile, QStringLiteral("empty"), RestoreMode::IntoEmpty);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("empty")),
             databaseFingerprint(*m_cluster, QStringLiteral("sample")));
    QVERIFY(m_log.join(u'\n').contains(u"--single-transaction"));

    // A second time it is not empty any more.
    const auto again = run(m_sampleFile, QStringLiteral("empty"), RestoreMode::IntoEmpty);
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::Conflict);
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("empty")),
             databaseFingerprint(*m_cluster, QStringLiteral("sample")));
}

void TestRestore::progressIsReal()
{
    m_brake = std::make_unique<ChildBrake>("pg_restore");
    QList<Progress> seen;
    m_onProgress = [&](const Progress &progress) { seen += progress; };
    QVERIFY(run(m_heavyFile, QStringLiteral("watched"), RestoreMode::IntoNew));
    double before = -1;
    int between = 0;
    for (const Progress &progress : std::as_const(seen)) {
        QVERIFY(progress.fraction() >= before);
        if (progress.fraction() > before && progress.step == u"Copying nest.logbook" && progress.fraction() > 0.21 &&
            progress.fraction() < 0.79) {
            ++between;
        }
        before = progress.fraction();
    }
    QCOMPARE(before, 1.0);
    QVERIFY2(between >= 2, qPrintable(QString::number(between)));
    m_cluster->psql(QStringLiteral("DROP DATABASE watched"));
}

void TestRestore::refusesWhatIsNotEmpty_data()
{
    QTest::addColumn<QString>("content");
    QTest::addColumn<QString>("named");
    QTest::newRow("table") << QStringLiteral("CREATE TABLE t (i int)") << QStringLiteral("public.t");
    QTest::newRow("view") << QStringLiteral("CREATE VIEW v AS SELECT 1") << QStringLiteral("public.v");
    QTest::newRow("sequence") << QStringLiteral("CREATE SEQUENCE s") << QStringLiteral("public.s");
    QTest::newRow("function") << QStringLiteral("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'")
                              << QStringLiteral("public.f()");
    QTest::newRow("type") << QStringLiteral("CREATE TYPE e AS ENUM ('a')") << QStringLiteral("public.e");
    QTest::newRow("schema") << QStringLiteral("CREATE SCHEMA nest") << QStringLiteral("nest");
    QTest::newRow("large object") << QStringLiteral("SELECT lo_create(77)") << QStringLiteral("large object 77");
}

void TestRestore::refusesWhatIsNotEmpty()
{
    QFETCH(QString, content);
    QFETCH(QString, named);
    recreate(QStringLiteral("inuse"));
    m_cluster->psql(content, QStringLiteral("inuse"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("inuse"));
    const auto refused = run(m_sampleFile, QStringLiteral("inuse"), RestoreMode::IntoEmpty);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(refused.error().message.contains(named), qPrintable(refused.error().message));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("inuse")), before);
}

void TestRestore::refusesAnExistingDatabaseAsNew()
{
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("sample"));
    const auto refused = run(m_heavyFile, QStringLiteral("sample"), RestoreMode::IntoNew);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("sample")), before);
    QCOMPARE(run(m_sampleFile, QStringLiteral("nobody_has_it"), RestoreMode::IntoEmpty).error().code,
             ErrorCode::NotFound);
    QCOMPARE(run(m_sampleFile, QStringLiteral("nobody_has_it"), RestoreMode::ReplaceExisting).error().code,
             ErrorCode::NotFound);
}

void TestRestore::replaceKeepsTheOldOne()
{
    // As long as a name may be, so that the new names have to be shortened.
    const QString name = QStringLiteral("replaced_") + QString(54, u'x');
    recreate(name);
    m_cluster->psql(QStringLiteral("CREATE TABLE old_life (i int); COMMENT ON DATABASE %1 IS 'it''s mine'; "
                                   "ALTER DATABASE %1 SET search_path = \"$user\", public, nest; "
                                   "ALTER DATABASE %1 SET statement_timeout = '77s'; "
                                   "REVOKE CONNECT ON DATABASE %1 FROM PUBLIC")
                        .arg(quoteIdentifier(name)),
                    name);
    const auto report = run(m_sampleFile, name, RestoreMode::ReplaceExisting);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, name), databaseFingerprint(*m_cluster, QStringLiteral("sample")));
    QVERIFY(exists(report->retiredDatabase));
    QVERIFY(report->retiredDatabase.startsWith(QStringLiteral("replaced_x")));
    QCOMPARE(m_cluster->psql(QStringLiteral("SELECT count(*) FROM old_life"), report->retiredDatabase),
             QStringLiteral("0"));
    QCOMPARE(report->warnings, QStringList());
    const QString facts = QStringLiteral("SELECT shobj_description(d.oid, 'pg_database'), setconfig, "
                                         "(SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a) "
                                         "FROM pg_database d JOIN pg_db_role_setting s ON s.setdatabase = d.oid "
                                         "WHERE datname = ");
    QCOMPARE(m_cluster->psql(facts + quoteLiteral(name)),
             m_cluster->psql(facts + quoteLiteral(report->retiredDatabase)));
    m_cluster->psql(QStringLiteral("DROP DATABASE ") + quoteIdentifier(name));
    m_cluster->psql(QStringLiteral("DROP DATABASE ") + quoteIdentifier(report->retiredDatabase));
}

void TestRestore::replaceAsksBeforeEndingSessions()
{
    recreate(QStringLiteral("busy"));
    m_cluster->psql(QStringLiteral("CREATE TABLE old_life (i int)"), QStringLiteral("busy"));
    const ConnectionSpec spec = m_cluster->spec(QStringLiteral("busy"));
    QProcess session;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGPASSWORD"), spec.password.reveal());
    session.setProcessEnvironment(environment);
    session.start(findToolchains(JobContext()).first().tool(QStringLiteral("psql")),
                  {QStringLiteral("-XAtq"), QStringLiteral("-h"), spec.parameters.host, QStringLiteral("-p"),
                   QString::number(spec.parameters.port), QStringLiteral("-U"), spec.parameters.user,
                   QStringLiteral("busy")});
    QVERIFY(session.waitForStarted());
    const QString count = QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'busy'");
    QTRY_COMPARE(m_cluster->psql(count), QStringLiteral("1"));

    const auto refused = run(m_sampleFile, QStringLiteral("busy"), RestoreMode::ReplaceExisting);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(refused.error().message.contains(u"psql"), qPrintable(refused.error().message));
    QCOMPARE(m_cluster->psql(count), QStringLiteral("1"));

    m_endSessions = true;
    const auto report = run(m_sampleFile, QStringLiteral("busy"), RestoreMode::ReplaceExisting);
    session.kill();
    QVERIFY(session.waitForFinished());
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("busy")),
             databaseFingerprint(*m_cluster, QStringLiteral("sample")));
    m_cluster->psql(QStringLiteral("DROP DATABASE ") + quoteIdentifier(report->retiredDatabase));
}

void TestRestore::killedBackend_data()
{
    QTest::addColumn<RestoreMode>("mode");
    QTest::newRow("into empty") << RestoreMode::IntoEmpty;
    QTest::newRow("into new") << RestoreMode::IntoNew;
    QTest::newRow("replace") << RestoreMode::ReplaceExisting;
}

void TestRestore::killedBackend()
{
    m_brake = std::make_unique<ChildBrake>("pg_restore");
    QFETCH(RestoreMode, mode);
    const QString name = QStringLiteral("victim");
    recreate(name);
    if (mode == RestoreMode::IntoNew) {
        m_cluster->psql(QStringLiteral("DROP DATABASE victim"));
    } else if (mode == RestoreMode::ReplaceExisting) {
        m_cluster->psql(QStringLiteral("CREATE TABLE old_life AS SELECT generate_series(1, 9)"), name);
    }
    const QString before = exists(name) ? databaseFingerprint(*m_cluster, name) : QString();
    const QStringList databasesBefore = databases();
    bool killed = false;
    m_onProgress = [&](const Progress &progress) {
        if (progress.step == u"Copying nest.logbook" && !killed) {
            killed = true;
            killRestoringBackend();
        }
    };
    const auto failed = run(m_heavyFile, name, mode);
    QVERIFY(killed);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::ConnectionLost);
    QVERIFY2(failed.error().message.contains(u"ended the session") || failed.error().message.contains(u"was lost"),
             qPrintable(failed.error().message));
    QVERIFY(failed.error().message.contains(name)); // in what state it is
    QVERIFY(failed.error().detail.contains(u"pg_restore: error"));
    QCOMPARE(databases(), databasesBefore);
    if (exists(name)) {
        QCOMPARE(databaseFingerprint(*m_cluster, name), before);
    }
}

void TestRestore::cancel_data()
{
    killedBackend_data();
}

void TestRestore::cancel()
{
    m_brake = std::make_unique<ChildBrake>("pg_restore");
    QFETCH(RestoreMode, mode);
    const QString name = QStringLiteral("victim");
    recreate(name);
    if (mode == RestoreMode::IntoNew) {
        m_cluster->psql(QStringLiteral("DROP DATABASE victim"));
    }
    const QString before = exists(name) ? databaseFingerprint(*m_cluster, name) : QString();
    const QStringList databasesBefore = databases();
    QElapsedTimer sinceCancel;
    m_onProgress = [&](const Progress &progress) {
        if (progress.step == u"Copying nest.logbook" && !m_stop.stop_requested()) {
            m_stop.request_stop();
            sinceCancel.start();
        }
    };
    const auto cancelled = run(m_heavyFile, name, mode);
    QVERIFY(!cancelled);
    QVERIFY(cancelled.error().isCancelled());
    QVERIFY2(sinceCancel.isValid() && sinceCancel.elapsed() < 5000, qPrintable(QString::number(sinceCancel.elapsed())));
    QCOMPARE(databases(), databasesBefore);
    if (exists(name)) {
        QCOMPARE(databaseFingerprint(*m_cluster, name), before);
    }
}

void TestRestore::damagedArchives_data()
{
    QTest::addColumn<int>("keepPercent");
    QTest::addColumn<int>("flipAtPercent");
    QTest::newRow("cut in half") << 50 << -1;
    QTest::newRow("cut at nine tenths") << 90 << -1;
    QTest::newRow("only the begin") << 0 << -1;
    QTest::newRow("flipped in the middle") << 100 << 50;
    QTest::newRow("flipped late") << 100 << 80;
}

void TestRestore::damagedArchives()
{
    QFETCH(int, keepPercent);
    QFETCH(int, flipAtPercent);
    QFile original(m_heavyFile);
    QVERIFY(original.open(QIODevice::ReadOnly));
    QByteArray bytes = original.readAll();
    bytes.truncate(qMax<qsizetype>(bytes.size() * keepPercent / 100, 600));
    if (flipAtPercent >= 0) {
        const qsizetype at = bytes.size() * flipAtPercent / 100;
        for (qsizetype i = at; i < at + 64; ++i) {
            bytes[i] = char(bytes.at(i) ^ 0x5a);
        }
    }
    QFile damaged(m_folder.filePath(QStringLiteral("damaged.dump")));
    QVERIFY(damaged.open(QIODevice::WriteOnly));
    damaged.write(bytes);
    damaged.close();
    const auto refused = run(damaged.fileName(), QStringLiteral("never_made"), RestoreMode::IntoNew);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY2(refused.error().message.contains(u"damaged") && refused.error().message.contains(u"Nothing was changed"),
             qPrintable(explain(refused.error())));
    QVERIFY(!exists(QStringLiteral("never_made")));
}

void TestRestore::whatIsNoArchive_data()
{
    QTest::addColumn<QByteArray>("contents");
    QTest::addColumn<QString>("said");
    QTest::newRow("plain SQL") << QByteArray("--\n-- PostgreSQL database dump\n--\nSET x = 1;\n\\! touch /tmp/owned\n")
                               << QStringLiteral("plain SQL");
    QTest::newRow("text") << QByteArray("dear diary\n") << QStringLiteral("text file");
    QTest::newRow("empty") << QByteArray() << QStringLiteral("empty");
    QTest::newRow("gzip") << QByteArray("\x1f\x8b\x08\x00", 4) << QStringLiteral("gzip");
    QTest::newRow("random") << QByteArray("\x01\x00\x7f\xff\x03garbage", 12) << QStringLiteral("no file of PostgreSQL");
    QTest::newRow("sqlite") << QByteArray("SQLite format 3\0", 16) << QStringLiteral("SQLite");
    QTest::newRow("directory format") << QByteArray("PGDMP\x01\x0e\x00\x04\x08\x05", 11)
                                      << QStringLiteral("another format");
}

void TestRestore::whatIsNoArchive()
{
    QFETCH(QByteArray, contents);
    QFETCH(QString, said);
    QFile file(m_folder.filePath(QStringLiteral("looks-like-a.dump")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(contents);
    file.close();
    const auto refused = run(file.fileName(), QStringLiteral("never_made"), RestoreMode::IntoNew);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY2(refused.error().message.contains(said), qPrintable(refused.error().message));
    QVERIFY(!exists(QStringLiteral("never_made")));
    JobContext context;
    QCOMPARE(inspectDump(file.fileName(), context).error().code, ErrorCode::InvalidInput);
    QCOMPARE(inspectDump(m_folder.path(), context).error().code, ErrorCode::InvalidInput);
    QCOMPARE(inspectDump(m_folder.filePath(QStringLiteral("none")), context).error().code, ErrorCode::NotFound);
}

void TestRestore::leavesOutWhatOnlyAdministratorsMay()
{
    const QString name = QStringLiteral("grown");
    fillSampleDatabase(*m_cluster, name);
    m_cluster->psql(QStringLiteral("CREATE EXTENSION pg_trgm; "
                                   "CREATE INDEX ON birds USING gin (name gin_trgm_ops); "
                                   "CREATE PUBLICATION everything FOR ALL TABLES; "
                                   "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'; "
                                   "CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION watch(); "
                                   "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC; "
                                   "COMMENT ON SCHEMA public IS 'ours'"),
                    name);
    const QString file = backUpOf(name, true);
    const auto report = run(file, QStringLiteral("grown_copy"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("grown_copy")), databaseFingerprint(*m_cluster, name));
    const QString leftOut = report->leftOut.join(u'\n');
    QVERIFY2(leftOut.contains(u"everything") && leftOut.contains(u"watching") && leftOut.contains(u"schema public"),
             qPrintable(leftOut));
    m_cluster->psql(QStringLiteral("DROP DATABASE grown_copy"));
}

/// A constraint that was added without a look at the old rows: the data are in the archive, but break it.
void TestRestore::rulesOfTheDataThatDoNotHold()
{
    recreate(QStringLiteral("twisted"));
    m_cluster->psql(QStringLiteral("CREATE TABLE t AS SELECT 1 AS i; GRANT ALL ON t TO PUBLIC; "
                                   "CREATE FUNCTION small(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT true'; "
                                   "ALTER TABLE t ADD CHECK (small(i)); "
                                   "CREATE OR REPLACE FUNCTION small(int) RETURNS bool IMMUTABLE LANGUAGE sql "
                                   "AS 'SELECT $1 < 1'"),
                    QStringLiteral("twisted"));
    const QString file = backUpOf(QStringLiteral("twisted"));
    recreate(QStringLiteral("straight"));
    const auto failed = run(file, QStringLiteral("straight"), RestoreMode::IntoEmpty);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::Conflict);
    QVERIFY(failed.error().detail.contains(u"t_i_check"));
    QVERIFY2(failed.error().message.contains(u"as empty as it was"), qPrintable(failed.error().message));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("straight")), QString());
}

void TestRestore::hostileNames_data()
{
    QTest::addColumn<QString>("database");
    for (const char *name :
         {"-Fp", "host=127.0.0.1 port=1", "postgresql://127.0.0.1:1/x", "a'b\\c\"d", " led and trailed "}) {
        QTest::newRow(name) << QString::fromUtf8(name);
    }
}

void TestRestore::hostileNames()
{
    QFETCH(QString, database);
    const auto made = run(m_sampleFile, database, RestoreMode::IntoNew);
    QVERIFY2(made, qPrintable(made ? QString() : explain(made.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, database), databaseFingerprint(*m_cluster, QStringLiteral("sample")));
    const auto replaced = run(m_sampleFile, database, RestoreMode::ReplaceExisting);
    QVERIFY2(replaced, qPrintable(replaced ? QString() : explain(replaced.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, database), databaseFingerprint(*m_cluster, QStringLiteral("sample")));
    for (const QString &name : {database, replaced->retiredDatabase}) {
        m_cluster->psql(QStringLiteral("DROP DATABASE ") + quoteIdentifier(name));
    }
}

void TestRestore::tooBigForOneTransactionIsEmptiedAgain()
{
    const QString name = QStringLiteral("many");
    const ConnectionSpec spec = m_cluster->spec(name);
    m_cluster->psql(
        QStringLiteral("SET ROLE %1; DO $$ BEGIN FOR i IN 1..1001 LOOP EXECUTE format("
                       "'CREATE TABLE t%s (i int, CONSTRAINT c%s PRIMARY KEY (i))', i, i); END LOOP; END $$; "
                       "CREATE TABLE bulk AS SELECT g, repeat('x', 200) FROM generate_series(1, 60000) g")
            .arg(quoteIdentifier(spec.parameters.user)),
        name);
    const QString file = backUpOf(name);
    recreate(QStringLiteral("filled"));
    m_cluster->psql(QStringLiteral("COMMENT ON DATABASE filled IS 'kept'"));
    bool killed = false;
    m_onProgress = [&](const Progress &progress) {
        if (progress.step.startsWith(u"Copying") && !killed) {
            killed = true;
            m_cluster->psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                           "WHERE application_name ~ '^roost-[0-9a-f]+$'"));
        }
    };
    const auto failed = run(file, QStringLiteral("filled"), RestoreMode::IntoEmpty);
    QVERIFY(killed);
    QVERIFY(!failed);
    QVERIFY(!m_log.join(u'\n').contains(u"--single-transaction"));
    QVERIFY2(failed.error().message.contains(u"was emptied again"), qPrintable(explain(failed.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("filled")), QString());
    QCOMPARE(m_cluster->psql(QStringLiteral("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                                            "WHERE datname = 'filled'")),
             QStringLiteral("kept"));
    m_onProgress = {};
    const auto report = run(file, QStringLiteral("filled"), RestoreMode::IntoEmpty);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(report->tables, 1002);
    m_cluster->psql(QStringLiteral("DROP DATABASE many"));
    m_cluster->psql(QStringLiteral("DROP DATABASE filled"));
}

void TestRestore::noCodeOfTheArchiveRunsHere()
{
    const QString trap = m_folder.filePath(QStringLiteral("s"));
    const QString name = QStringLiteral("x\n\\! touch %1\ny").arg(trap);
    QVERIFY(name.toUtf8().size() < 64);
    recreate(QStringLiteral("trap"));
    m_cluster->psql(QStringLiteral("CREATE TABLE %1 (i int); GRANT ALL ON %1 TO PUBLIC").arg(quoteIdentifier(name)),
                    QStringLiteral("trap"));
    const QString file = backUpOf(QStringLiteral("trap"));
    const auto report = run(file, QStringLiteral("trap_copy"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(report->tables, 1);
    QVERIFY(!QFile::exists(trap));
    m_cluster->psql(QStringLiteral("DROP DATABASE trap_copy"));
}

QTEST_GUILESS_MAIN(TestRestore)
#include "tst_restore.moc"
