#include "operations/backup.h"
#include "operations/restore.h"
#include "operations/undorestore.h"
#include "postgres/databaseconnection.h"
#include "postgres/identifier.h"
#include "support/childbrake.h"
#include "support/sampledatabase.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString explain(const Error &error)
{
    return error.message + u'\n' + error.detail;
}

/// Changes bytes of a file; its size stays.
void replaceIn(const QString &path, const QByteArray &before, const QByteArray &after)
{
    QVERIFY(before.size() == after.size());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    QVERIFY(bytes.contains(before));
    bytes.replace(before, after);
    QVERIFY(file.seek(0) && file.write(bytes) == bytes.size());
}

} // namespace

/// Restores over something that are undone, in two jobs, and what is foreseen to go wrong.
class TestRestoreTroubles : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void safetyBackupAndUndo();
    void undoNamesWhoIsInTheWay();
    void undoRefusesWhatIsNotThere();
    void failedSafetyBackupStopsIt();
    void twoJobs();
    void twoJobsCutOffLeaveNothing();
    void twoJobsOnlyWhereAllCanBeDropped();
    void archiveOfNewerTools();
    void missingExtension();
    void missingExtensionThatNothingNeeds();
    void publicSchemaOfSomebodyElse();
    void tablesOfOtherOwners();
    void charactersThatTheTargetLacks();
    void anotherCollationIsTold();
    void messagesOfAFailure();

private:
    QString backUpOf(const QString &database, bool asAdministrator = false);
    Result<RestoreReport> run(const QString &file, const QString &database, RestoreMode mode);
    QString psql(const QString &sql, const QString &database = QStringLiteral("postgres")) const
    {
        return m_cluster->psql(sql, database);
    }

    std::unique_ptr<TemporaryCluster> m_cluster;
    QTemporaryDir m_folder;
    QString m_sampleFile;
    RestoreRequest m_request;
    std::function<void(const Progress &)> m_onProgress;
};

void TestRestoreTroubles::initTestCase()
{
    m_cluster = std::make_unique<TemporaryCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->problem()));
    fillSampleDatabase(*m_cluster, QStringLiteral("sample"));
    m_sampleFile = backUpOf(QStringLiteral("sample"));
}

void TestRestoreTroubles::init()
{
    m_request = {};
    m_onProgress = {};
    psql(QStringLiteral("DROP DATABASE IF EXISTS target WITH (FORCE)"));
}

QString TestRestoreTroubles::backUpOf(const QString &database, bool asAdministrator)
{
    JobContext context;
    const auto backup = backUp({asAdministrator ? m_cluster->superuser(database) : m_cluster->spec(database),
                                suggestedBackupFile(m_folder.path(), database)},
                               context);
    if (!backup) {
        qFatal("%s", qPrintable(explain(backup.error())));
    }
    return backup->file;
}

Result<RestoreReport> TestRestoreTroubles::run(const QString &file, const QString &database, RestoreMode mode)
{
    m_request.file = file;
    m_request.target = m_cluster->spec().withDatabase(database);
    m_request.mode = mode;
    JobContext context({}, [this](const Progress &progress) {
        if (m_onProgress) {
            m_onProgress(progress);
        }
    });
    return restore(m_request, context);
}

void TestRestoreTroubles::safetyBackupAndUndo()
{
    QVERIFY(m_cluster->createDatabase(QStringLiteral("target")));
    psql(QStringLiteral("SET ROLE %1; CREATE TABLE old_life AS SELECT g FROM generate_series(1, 99) g")
             .arg(quoteIdentifier(m_cluster->spec().parameters.user)),
         QStringLiteral("target"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("target"));
    m_request.safetyBackupFile = m_folder.filePath(QStringLiteral("safety.dump"));
    const auto report = run(m_sampleFile, QStringLiteral("target"), RestoreMode::ReplaceExisting);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    const QString restored = databaseFingerprint(*m_cluster, QStringLiteral("target"));
    QVERIFY(restored != before);
    QCOMPARE(report->safetyBackupFile, m_request.safetyBackupFile);
    QCOMPARE(QFile(report->safetyBackupFile).size(), report->safetyBackupBytes);
    QVERIFY(manifestOf(report->safetyBackupFile).has_value());

    JobContext context;
    const auto undone =
        undoRestore({m_cluster->spec().withDatabase(QStringLiteral("target")), report->retiredDatabase}, context);
    QVERIFY2(undone, qPrintable(undone ? QString() : explain(undone.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), before);
    QCOMPARE(databaseFingerprint(*m_cluster, undone->undone), restored); // nothing is lost either way
    QVERIFY(!psql(QStringLiteral("SELECT datname FROM pg_database")).contains(report->retiredDatabase));
    psql(QStringLiteral("DROP DATABASE ") + quoteIdentifier(undone->undone));

    // The safety backup brings the same.
    m_request.safetyBackupFile.clear();
    const auto again = run(report->safetyBackupFile, QStringLiteral("again"), RestoreMode::IntoNew);
    QVERIFY2(again, qPrintable(again ? QString() : explain(again.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("again")), before);
    psql(QStringLiteral("DROP DATABASE again"));
}

void TestRestoreTroubles::undoNamesWhoIsInTheWay()
{
    QVERIFY(m_cluster->createDatabase(QStringLiteral("target")));
    const auto report = run(m_sampleFile, QStringLiteral("target"), RestoreMode::ReplaceExisting);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    const ConnectionSpec target = m_cluster->spec().withDatabase(QStringLiteral("target"));
    UndoRestoreRequest request{target, report->retiredDatabase};
    JobContext context;
    {
        const auto session = DatabaseConnection::open(target);
        QVERIFY(session.has_value());
        const auto refused = undoRestore(request, context);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::Conflict);
        QVERIFY2(refused.error().message.contains(u"“target”"), qPrintable(refused.error().message));
        QVERIFY(psql(QStringLiteral("SELECT datname FROM pg_database")).contains(report->retiredDatabase));
        request.endSessions = true;
        const auto undone = undoRestore(request, context);
        QVERIFY2(undone, qPrintable(undone ? QString() : explain(undone.error())));
        psql(QStringLiteral("DROP DATABASE ") + quoteIdentifier(undone->undone));
    }
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), QString());
}

void TestRestoreTroubles::undoRefusesWhatIsNotThere()
{
    QVERIFY(m_cluster->createDatabase(QStringLiteral("target")));
    const ConnectionSpec target = m_cluster->spec().withDatabase(QStringLiteral("target"));
    JobContext context;
    QCOMPARE(undoRestore({target, QStringLiteral("sample")}, context).error().code, ErrorCode::InvalidInput);
    const auto gone = undoRestore({target, QStringLiteral("target_old_20260101000000")}, context);
    QCOMPARE(gone.error().code, ErrorCode::NotFound);
    QVERIFY2(gone.error().message.contains(u"target_old_20260101000000"), qPrintable(gone.error().message));
}

void TestRestoreTroubles::failedSafetyBackupStopsIt()
{
    QVERIFY(m_cluster->createDatabase(QStringLiteral("target")));
    const QString before = psql(QStringLiteral("SELECT count(*), max(oid) FROM pg_database"));
    m_request.safetyBackupFile = m_folder.filePath(QStringLiteral("no/such/folder.dump"));
    const auto refused = run(m_sampleFile, QStringLiteral("target"), RestoreMode::ReplaceExisting);
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.contains(u"safety backup failed") &&
                 refused.error().message.contains(u"“target” is as it was"),
             qPrintable(refused.error().message));
    QCOMPARE(psql(QStringLiteral("SELECT count(*), max(oid) FROM pg_database")), before);
}

void TestRestoreTroubles::twoJobs()
{
    fillSampleDatabase(*m_cluster, QStringLiteral("wide"), 20'000);
    psql(QStringLiteral("SET ROLE %1; CREATE TABLE nest.diary AS SELECT * FROM nest.logbook")
             .arg(quoteIdentifier(m_cluster->spec().parameters.user)),
         QStringLiteral("wide"));
    const QString file = backUpOf(QStringLiteral("wide"));
    m_request.jobs = 2;
    double last = -1;
    int between = 0;
    int most = 0;
    ChildBrake brake("pg_restore");
    m_onProgress = [&](const Progress &progress) {
        QVERIFY(progress.fraction() >= last);
        between += progress.fraction() > last && progress.fraction() > 0.21 && progress.fraction() < 0.9 ? 1 : 0;
        last = progress.fraction();
        if (progress.step.startsWith(u"Copying")) {
            brake.engage();
            most = std::max(most, psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'target' "
                                                      "AND application_name ~ '^roost-[0-9a-f]+$'"))
                                      .toInt());
        }
    };
    const auto report = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")),
             databaseFingerprint(*m_cluster, QStringLiteral("wide")));
    QVERIFY2(between >= 2, qPrintable(QString::number(between)));
    QVERIFY2(most >= 2, qPrintable(QString::number(most)));
    QCOMPARE(last, 1.0);
}

void TestRestoreTroubles::twoJobsCutOffLeaveNothing()
{
    const QString file = backUpOf(QStringLiteral("wide"));
    m_request.jobs = 2;
    bool killed = false;
    m_onProgress = [&](const Progress &progress) {
        if (progress.step.startsWith(u"Copying") && !killed) {
            killed = true;
            psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                "WHERE application_name ~ '^roost-[0-9a-f]+$'"));
        }
    };
    const auto failed = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY(killed);
    QVERIFY(!failed);
    QVERIFY2(failed.error().message.contains(u"no database “target”"), qPrintable(explain(failed.error())));
    QVERIFY(!psql(QStringLiteral("SELECT datname FROM pg_database")).contains(u"target"));
}

void TestRestoreTroubles::twoJobsOnlyWhereAllCanBeDropped()
{
    QVERIFY(m_cluster->createDatabase(QStringLiteral("target")));
    m_request.jobs = 2;
    QCOMPARE(run(m_sampleFile, QStringLiteral("target"), RestoreMode::IntoEmpty).error().code, ErrorCode::InvalidInput);
    m_request.jobs = 3;
    QCOMPARE(run(m_sampleFile, QStringLiteral("new_one"), RestoreMode::IntoNew).error().code, ErrorCode::InvalidInput);
}

void TestRestoreTroubles::archiveOfNewerTools()
{
    const QString file = m_folder.filePath(QStringLiteral("newer.dump"));
    QVERIFY(QFile::copy(m_sampleFile, file));
    replaceIn(file, QByteArray("PGDMP\x01\x0e", 7), QByteArray("PGDMP\x01\x63", 7));
    const auto refused = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ToolTooOld);
    QVERIFY2(refused.error().message.contains(u"newer PostgreSQL client tools") &&
                 refused.error().message.contains(u"Nothing was changed"),
             qPrintable(refused.error().message));
    QVERIFY(!psql(QStringLiteral("SELECT datname FROM pg_database")).contains(u"target"));
}

/// The server has citext, so the archive is made to ask for one that no server has.
void TestRestoreTroubles::missingExtension()
{
    (void)m_cluster->spec(QStringLiteral("folded"));
    psql(QStringLiteral("CREATE EXTENSION citext; SET ROLE %1; CREATE TABLE mails (id int PRIMARY KEY, mail citext); "
                        "CREATE TABLE others AS SELECT 7 AS i; CREATE VIEW m AS SELECT mail FROM mails")
             .arg(quoteIdentifier(m_cluster->spec().parameters.user)),
         QStringLiteral("folded"));
    const QString file = backUpOf(QStringLiteral("folded"));
    QVERIFY(QFile::remove(manifestFileOf(file)));
    replaceIn(file, "citext", "citexx");
    const auto refused = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotAllowed);
    for (const char *named : {"citexx", "table public.mails", "view public.m", "no database “target”"}) {
        QVERIFY2(refused.error().message.contains(QString::fromUtf8(named)), qPrintable(refused.error().message));
    }
    QVERIFY(!refused.error().message.contains(u"others"));

    m_request.leavesOutMissingExtensions = true;
    const auto report = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(report->rows, 1);
    QVERIFY(report->isPart);
    QVERIFY(report->leftOut.join(u'\n').contains(u"table public.mails"));
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(relname, ',') FROM pg_class WHERE relnamespace = "
                                 "'public'::regnamespace"),
                  QStringLiteral("target")),
             QStringLiteral("others"));
}

void TestRestoreTroubles::missingExtensionThatNothingNeeds()
{
    (void)m_cluster->spec(QStringLiteral("lonely"));
    psql(QStringLiteral("CREATE EXTENSION pg_trgm; SET ROLE %1; CREATE TABLE others AS SELECT 7 AS i")
             .arg(quoteIdentifier(m_cluster->spec().parameters.user)),
         QStringLiteral("lonely"));
    const QString file = backUpOf(QStringLiteral("lonely"));
    QVERIFY(QFile::remove(manifestFileOf(file)));
    replaceIn(file, "pg_trgm", "pg_trgx");
    const auto report = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY(!report->isPart);
    QVERIFY(report->leftOut.join(u'\n').contains(u"pg_trgx"));
}

void TestRestoreTroubles::publicSchemaOfSomebodyElse()
{
    psql(QStringLiteral("CREATE DATABASE target"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("target"));
    psql(QStringLiteral("REVOKE CREATE ON SCHEMA public FROM PUBLIC"), QStringLiteral("target"));
    const auto refused = run(m_sampleFile, QStringLiteral("target"), RestoreMode::IntoEmpty);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotAllowed);
    QVERIFY2(refused.error().message.contains(u"GRANT CREATE ON SCHEMA public") &&
                 refused.error().message.contains(u"as empty as it was"),
             qPrintable(refused.error().message));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), before);
}

void TestRestoreTroubles::tablesOfOtherOwners()
{
    psql(QStringLiteral("CREATE ROLE ada; CREATE DATABASE mixed"));
    psql(QStringLiteral("CREATE TABLE a AS SELECT 1; ALTER TABLE a OWNER TO ada; CREATE TABLE b AS SELECT 2; "
                        "GRANT SELECT ON b TO ada"),
         QStringLiteral("mixed"));
    const QString file = backUpOf(QStringLiteral("mixed"), true);
    psql(QStringLiteral("DROP DATABASE mixed"));
    psql(QStringLiteral("DROP ROLE ada")); // as on another server
    const auto report = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
    QCOMPARE(report->messages.size(), 1);
    QCOMPARE(report->messages.first().weight, RestoreMessage::Weight::Harmless);
    QVERIFY2(report->messages.first().text.contains(u"ada"), qPrintable(report->messages.first().text));
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(DISTINCT tableowner, ',') FROM pg_tables "
                                 "WHERE schemaname = 'public'"),
                  QStringLiteral("target")),
             m_cluster->spec().parameters.user);
}

void TestRestoreTroubles::charactersThatTheTargetLacks()
{
    const QString user = quoteIdentifier(m_cluster->spec().parameters.user);
    (void)m_cluster->spec(QStringLiteral("world"));
    psql(QStringLiteral("SET ROLE %1; CREATE TABLE t AS SELECT '12 €' AS price").arg(user), QStringLiteral("world"));
    const QString file = backUpOf(QStringLiteral("world"));
    psql(QStringLiteral("CREATE DATABASE target TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C' OWNER %1").arg(user));
    const auto failed = run(file, QStringLiteral("target"), RestoreMode::IntoEmpty);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::Conflict);
    QVERIFY2(failed.error().message.contains(u"encoding") && failed.error().message.contains(u"new database") &&
                 failed.error().message.contains(u"as empty as it was"),
             qPrintable(failed.error().message));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), QString());
    m_request = {};
    const auto report = run(file, QStringLiteral("elsewhere"), RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY(report->isProven);
    psql(QStringLiteral("DROP DATABASE elsewhere"));
}

void TestRestoreTroubles::anotherCollationIsTold()
{
    const QString own = psql(QStringLiteral("SELECT datcollate FROM pg_database WHERE datname = 'sample'"));
    const QString other = own == u"C" ? QStringLiteral("C.UTF-8") : QStringLiteral("C");
    psql(QStringLiteral("CREATE DATABASE target TEMPLATE template0 ENCODING 'UTF8' LOCALE '%1' OWNER %2")
             .arg(other, quoteIdentifier(m_cluster->spec().parameters.user)));
    const auto report = run(m_sampleFile, QStringLiteral("target"), RestoreMode::IntoEmpty);
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY(report->isProven);
    QVERIFY2(report->warnings.join(u'\n').contains(u"sort in another order"), qPrintable(report->warnings.join(u'\n')));
}

void TestRestoreTroubles::messagesOfAFailure()
{
    (void)m_cluster->spec(QStringLiteral("twisted"));
    psql(QStringLiteral("SET ROLE %1; CREATE TABLE t AS SELECT 1 AS i; CREATE FUNCTION small(int) RETURNS bool "
                        "IMMUTABLE LANGUAGE sql AS 'SELECT true'; ALTER TABLE t ADD CHECK (small(i)); CREATE OR "
                        "REPLACE FUNCTION small(int) RETURNS bool IMMUTABLE LANGUAGE sql AS 'SELECT $1 < 1'")
             .arg(quoteIdentifier(m_cluster->spec().parameters.user)),
         QStringLiteral("twisted"));
    const QString file = backUpOf(QStringLiteral("twisted"));
    QList<RestoreMessage> told;
    m_request.onMessages = [&told](const QList<RestoreMessage> &messages) { told = messages; };
    const auto failed = run(file, QStringLiteral("target"), RestoreMode::IntoNew);
    QVERIFY(!failed);
    QVERIFY(!told.isEmpty());
    QCOMPARE(told.first().weight, RestoreMessage::Weight::DataLost);
    QVERIFY(told.first().raw.contains(u"t_i_check"));
    QVERIFY2(failed.error().detail.startsWith(weightText(RestoreMessage::Weight::DataLost)) &&
                 failed.error().detail.contains(told.first().text) && failed.error().detail.contains(u"t_i_check"),
             qPrintable(failed.error().detail));
}

QTEST_GUILESS_MAIN(TestRestoreTroubles)
#include "tst_restoretroubles.moc"
