#include "operations/backup.h"
#include "operations/maintenance.h"
#include "operations/restore.h"
#include "postgres/identifier.h"
#include "process/pgtoolchain.h"
#include "support/sampledatabase.h"

#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString explain(const Error &error)
{
    return error.message + u'\n' + error.detail;
}

} // namespace

class TestReset : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void nameMustBeTyped();
    void emptyAndUndoneByTheSafetyBackup();
    void propertiesStay();
    void sessionsAreNamedFirst();
    void sessionsAreEndedOnRequest();
    void refusedBeforeAnythingIsDropped_data();
    void refusedBeforeAnythingIsDropped();
    void failedBackupStopsIt();
    void cancelInTheBackupStopsIt();
    void connectsBeside();
    void testsAConnection();

private:
    Result<ResetReport> run(const QString &database);
    QString facts(const QString &database) const;

    std::unique_ptr<TemporaryCluster> m_cluster;
    std::unique_ptr<QTemporaryDir> m_folder;
    ResetRequest m_request;
    std::stop_source m_stop;
    std::function<void(const Progress &)> m_onProgress;
};

void TestReset::initTestCase()
{
    m_cluster = std::make_unique<TemporaryCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->problem()));
}

void TestReset::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_request = {};
    m_stop = std::stop_source();
    m_onProgress = {};
    m_cluster->psql(QStringLiteral("DROP DATABASE IF EXISTS shop WITH (FORCE)"));
    fillSampleDatabase(*m_cluster, QStringLiteral("shop"));
}

Result<ResetReport> TestReset::run(const QString &database)
{
    m_request.target = m_cluster->spec().withDatabase(database);
    m_request.confirmation = database;
    JobContext context(m_stop.get_token(), [this](const Progress &progress) {
        if (m_onProgress) {
            m_onProgress(progress);
        }
    });
    return reset(m_request, context);
}

/// All that the catalogue knows of a database but what must change.
QString TestReset::facts(const QString &database) const
{
    return m_cluster->psql(
        QStringLiteral("SELECT datdba::regrole, encoding, datcollate, datctype, datconnlimit, "
                       "(SELECT string_agg(a::text, ',' ORDER BY a::text) FROM unnest(datacl) a), "
                       "shobj_description(oid, 'pg_database'), (SELECT string_agg(setrole::regrole || ' ' || "
                       "setconfig::text, ';' ORDER BY setrole) FROM pg_db_role_setting WHERE setdatabase = oid) "
                       "FROM pg_database WHERE datname = ") +
        quoteLiteral(database));
}

void TestReset::nameMustBeTyped()
{
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("shop"));
    m_request.target = m_cluster->spec(QStringLiteral("shop"));
    JobContext context;
    for (const QString &typed :
         {QString(), QStringLiteral("SHOP"), QStringLiteral("shop "), QStringLiteral("postgres")}) {
        m_request.confirmation = typed;
        QCOMPARE(reset(m_request, context).error().code, ErrorCode::InvalidInput);
    }
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), before);
}

void TestReset::emptyAndUndoneByTheSafetyBackup()
{
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("shop"));
    m_request.safetyBackupFile = m_folder->filePath(QStringLiteral("safety.dump"));
    double last = -1;
    m_onProgress = [&](const Progress &progress) {
        QVERIFY(progress.fraction() >= last);
        last = progress.fraction();
    };
    const auto report = run(QStringLiteral("shop"));
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(last, 1.0);
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), QString());
    QCOMPARE(report->database, QStringLiteral("shop"));
    QCOMPARE(report->safetyBackupBytes, QFileInfo(report->safetyBackupFile).size());

    RestoreRequest undo;
    undo.file = report->safetyBackupFile;
    undo.target = m_cluster->spec(QStringLiteral("shop"));
    undo.mode = RestoreMode::IntoEmpty;
    JobContext context;
    const auto undone = restore(undo, context);
    QVERIFY2(undone, qPrintable(undone ? QString() : explain(undone.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), before);
}

void TestReset::propertiesStay()
{
    const QString role = quoteIdentifier(m_cluster->spec().parameters.user);
    m_cluster->psql(QStringLiteral("DROP DATABASE IF EXISTS \"Odd 'one\"; "));
    m_cluster->psql(QStringLiteral("CREATE DATABASE \"Odd 'one\" OWNER %1 TEMPLATE template0 ENCODING 'UTF8' "
                                   "LC_COLLATE 'C' LC_CTYPE 'C' CONNECTION LIMIT 17")
                        .arg(role));
    m_cluster->psql(QStringLiteral("COMMENT ON DATABASE \"Odd 'one\" IS E'it''s \\\\ here\\nand there'; "
                                   "ALTER DATABASE \"Odd 'one\" SET search_path = \"$user\", public, \"Odd, schema\"; "
                                   "ALTER DATABASE \"Odd 'one\" SET timezone = 'Europe/Berlin'; "
                                   "ALTER ROLE %1 IN DATABASE \"Odd 'one\" SET work_mem = '7MB'; "
                                   "SET ROLE %1; REVOKE ALL ON DATABASE \"Odd 'one\" FROM PUBLIC; "
                                   "GRANT CONNECT ON DATABASE \"Odd 'one\" TO PUBLIC")
                        .arg(role));
    const QString before = facts(QStringLiteral("Odd 'one"));
    QVERIFY(before.contains(u"Berlin") && before.contains(u"7MB"));
    const auto report = run(QStringLiteral("Odd 'one"));
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(facts(QStringLiteral("Odd 'one")), before);
    QCOMPARE(report->warnings, QStringList());

    // What only an administrator may set is named.
    m_cluster->psql(QStringLiteral("ALTER DATABASE \"Odd 'one\" SET log_statement = 'all'; "
                                   "ALTER DATABASE \"Odd 'one\" SET roost.own = 'a=b, c'"));
    const auto again = run(QStringLiteral("Odd 'one"));
    QVERIFY(again);
    QCOMPARE(again->warnings.size(), 2);
    QVERIFY(again->warnings.first().contains(u"log_statement"));
    QVERIFY(again->warnings.last().contains(u"roost.own"));
    QCOMPARE(facts(QStringLiteral("Odd 'one")), before);
}

void TestReset::sessionsAreNamedFirst()
{
    const ConnectionSpec admin = m_cluster->superuser(QStringLiteral("shop"));
    QProcess session;
    session.start(findToolchains(JobContext()).first().tool(QStringLiteral("psql")),
                  {QStringLiteral("-XAtq"), QStringLiteral("-h"), admin.parameters.host, QStringLiteral("-p"),
                   QString::number(admin.parameters.port), QStringLiteral("-U"), admin.parameters.user,
                   QStringLiteral("shop")});
    QVERIFY(session.waitForStarted());
    QTRY_COMPARE(m_cluster->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop'")),
                 QStringLiteral("1"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("shop"));
    m_request.safetyBackupFile = m_folder->filePath(QStringLiteral("safety.dump"));
    const auto refused = run(QStringLiteral("shop"));
    session.closeWriteChannel();
    QVERIFY(session.waitForFinished());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Conflict);
    QVERIFY2(refused.error().message.contains(admin.parameters.user), qPrintable(refused.error().message));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), before);
    QVERIFY(!QFile::exists(m_request.safetyBackupFile)); // said before the long work
}

void TestReset::sessionsAreEndedOnRequest()
{
    JobContext context;
    const auto session = DatabaseConnection::open(m_cluster->spec(QStringLiteral("shop")));
    QVERIFY(session);
    QCOMPARE(run(QStringLiteral("shop")).error().code, ErrorCode::Conflict);
    m_request.endSessions = true;
    const auto report = run(QStringLiteral("shop"));
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), QString());
}

void TestReset::refusedBeforeAnythingIsDropped_data()
{
    QTest::addColumn<QString>("preparation");
    QTest::addColumn<QString>("undo");
    QTest::addColumn<QString>("database");
    QTest::addColumn<ErrorCode>("code");
    QTest::newRow("not there") << QString() << QString() << QStringLiteral("no_such") << ErrorCode::NotFound;
    QTest::newRow("system") << QString() << QString() << QStringLiteral("postgres") << ErrorCode::NotAllowed;
    QTest::newRow("not the owner") << QStringLiteral("ALTER DATABASE shop OWNER TO CURRENT_USER")
                                   << QStringLiteral("ALTER DATABASE shop OWNER TO %1") << QStringLiteral("shop")
                                   << ErrorCode::NotAllowed;
    // The drop would work, and the database be gone for good.
    QTest::newRow("may not create") << QStringLiteral("ALTER ROLE %1 NOCREATEDB")
                                    << QStringLiteral("ALTER ROLE %1 CREATEDB") << QStringLiteral("shop")
                                    << ErrorCode::NotAllowed;
}

void TestReset::refusedBeforeAnythingIsDropped()
{
    QFETCH(QString, preparation);
    QFETCH(QString, undo);
    QFETCH(QString, database);
    QFETCH(ErrorCode, code);
    const QString role = quoteIdentifier(m_cluster->spec().parameters.user);
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("shop"));
    if (!preparation.isEmpty()) {
        m_cluster->psql(QString(preparation).replace(QStringLiteral("%1"), role));
    }
    const auto refused = run(database);
    if (!undo.isEmpty()) {
        m_cluster->psql(QString(undo).replace(QStringLiteral("%1"), role));
    }
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, code);
    QVERIFY(refused.error().message.contains(u"Nothing was changed"));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), before);
}

void TestReset::failedBackupStopsIt()
{
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("shop"));
    m_request.safetyBackupFile = m_folder->filePath(QStringLiteral("no/such/folder/safety.dump"));
    const auto refused = run(QStringLiteral("shop"));
    QVERIFY(!refused);
    QVERIFY(refused.error().message.contains(u"was not reset"));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), before);
}

void TestReset::cancelInTheBackupStopsIt()
{
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("shop"));
    m_request.safetyBackupFile = m_folder->filePath(QStringLiteral("safety.dump"));
    m_onProgress = [&](const Progress &progress) {
        if (progress.step.startsWith(u"Safety backup")) {
            m_stop.request_stop();
        }
    };
    QVERIFY(run(QStringLiteral("shop")).error().isCancelled());
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("shop")), before);
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

void TestReset::connectsBeside()
{
    const JobContext context;
    const auto usual = openBeside(m_cluster->spec(QStringLiteral("shop")), context);
    QVERIFY(usual);
    QCOMPARE((*usual)->parameters().database, QStringLiteral("postgres"));

    // Where `postgres` is closed to the user, another one will do; also for a database that is not there.
    m_cluster->psql(QStringLiteral("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC"));
    const auto other = openBeside(m_cluster->spec(QStringLiteral("shop")), context);
    const auto forNew = openBeside(m_cluster->spec().withDatabase(QStringLiteral("not_yet")), context);
    m_cluster->psql(QStringLiteral("GRANT CONNECT ON DATABASE postgres TO PUBLIC"));
    QVERIFY2(other, qPrintable(other ? QString() : explain(other.error())));
    QVERIFY((*other)->parameters().database != u"shop");
    QVERIFY2(forNew, qPrintable(forNew ? QString() : explain(forNew.error())));

    ConnectionSpec wrong = m_cluster->spec(QStringLiteral("shop"));
    wrong.password = Secret(QStringLiteral("wrong-password"));
    const auto refused = openBeside(wrong, context);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ConnectionFailed);
}

void TestReset::testsAConnection()
{
    JobContext context;
    const auto info = testConnection(m_cluster->spec(QStringLiteral("shop")), context);
    QVERIFY(info);
    QVERIFY(info->version >= 130000);
    QVERIFY(!info->versionText.isEmpty());
}

QTEST_GUILESS_MAIN(TestReset)
#include "tst_reset.moc"
