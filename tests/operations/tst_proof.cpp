// A backup and its proof: they hold while the source is written to, and tell when they do not.

#include "operations/backup.h"
#include "operations/restore.h"
#include "operations/verify.h"
#include "postgres/databaseconnection.h"
#include "process/pgtoolchain.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <memory>
#include <thread>

using namespace Roost;
using namespace Roost::Testing;

class TestProof : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void provenByARestore();
    void anInterruptedCheckLeavesNothing();
    void restoreIsHeldAgainstIt();
    void heldWhileWrittenTo();
    void sequencesAreThoseOfTheDump();
    void changedFile_data();
    void changedFile();
    void proofIsMissingOrDamaged();
    void liveAgainstBackup();
    void scratchIsGoneWhateverHappens();
    void cancelled();
    void sourceVanishesMeanwhile();

private:
    Result<Backup> take(const QString &database, const QString &name = QStringLiteral("b.dump"))
    {
        JobContext context;
        return backUp({m_cluster.spec(database), m_folder->filePath(name)}, context);
    }
    Result<Verification> verify(const QString &file, bool restores = true)
    {
        JobContext context;
        VerifyRequest request{file, {}};
        if (restores) {
            request.scratchServer = m_cluster.spec(QStringLiteral("my_database"));
        }
        return verifyBackup(request, context);
    }
    static QString told(const QList<ManifestDifference> &differences)
    {
        QStringList lines;
        for (const ManifestDifference &one : differences) {
            lines += one.what + u' ' + one.text;
        }
        return lines.join(u'\n');
    }
    QString scratches() const
    {
        return m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_database WHERE datname LIKE 'roost_proof_%'"));
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestProof::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("my_database"));
    m_cluster.spec(QStringLiteral("sample"));
    fillSampleDatabase(m_cluster, QStringLiteral("sample"));
}

void TestProof::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestProof::provenByARestore()
{
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message + backup.error().detail));
    const auto verification = verify(backup->file);
    QVERIFY2(verification,
             qPrintable(verification ? QString() : verification.error().message + verification.error().detail));
    QVERIFY2(verification->isProven(), qPrintable(told(verification->differences)));
    QVERIFY(verification->wasRestored);
    QVERIFY(verification->manifest.tables.size() >= 5);
    QVERIFY(verification->manifest.objects.size() > 20);
    QCOMPARE(scratches(), QStringLiteral("0"));
}

/// The next check of the same backup takes away what one that was killed left behind.
void TestProof::anInterruptedCheckLeavesNothing()
{
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY(backup);
    const auto manifest = manifestOf(backup->file);
    QVERIFY(manifest);
    const QString left = QStringLiteral("roost_proof_") + QString::fromLatin1(manifest->dumpSha256.first(8));
    m_cluster.psql(QStringLiteral("CREATE DATABASE %1 OWNER my_database_user").arg(left));
    QCOMPARE(scratches(), QStringLiteral("1"));
    const auto verification = verify(backup->file);
    QVERIFY2(verification && verification->isProven(),
             qPrintable(verification ? QString() : verification.error().message));
    QCOMPARE(scratches(), QStringLiteral("0"));
}

/// What is restored and differs is no success, and is gone again.
void TestProof::restoreIsHeldAgainstIt()
{
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY(backup);
    JobContext context;
    RestoreRequest request{backup->file, m_cluster.spec(QStringLiteral("my_database")), RestoreMode::IntoNew};
    request.target.parameters.database = QStringLiteral("fresh");
    auto report = restore(request, context);
    QVERIFY2(report, qPrintable(report ? QString() : report.error().message));
    QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
    // The manifest of another database, under this one's name and with this one's checksum.
    Manifest wrong = backup->manifest;
    wrong.tables[QStringLiteral("public.birds")].sum += '1';
    QFile proof(manifestFileOf(backup->file));
    QVERIFY(proof.open(QIODevice::WriteOnly | QIODevice::Truncate) && proof.write(wrong.toJson()) > 0);
    proof.close();
    request.target.parameters.database = QStringLiteral("spoiled");
    report = restore(request, context);
    QVERIFY(!report);
    QVERIFY2(report.error().message.contains(QStringLiteral("public.birds")), qPrintable(report.error().message));
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_database WHERE datname = 'spoiled'")),
             QStringLiteral("0"));
    // And a file that is not the one it speaks of is not restored at all.
    wrong = backup->manifest;
    wrong.dumpSha256 = QByteArray(64, '0');
    QVERIFY(proof.open(QIODevice::WriteOnly | QIODevice::Truncate) && proof.write(wrong.toJson()) > 0);
    proof.close();
    report = restore(request, context);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidInput);
}

/// pgbench writes as fast as it can; twenty backups in a row, and each restores to what its own manifest says.
void TestProof::heldWhileWrittenTo()
{
    constexpr int backups = 20;
    const auto tools = serverToolchain(JobContext());
    QVERIFY(tools);
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("busy"));
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGPASSWORD"), spec.password.reveal());
    const QStringList at{QStringLiteral("-h"), spec.parameters.host,
                         QStringLiteral("-p"), QString::number(spec.parameters.port),
                         QStringLiteral("-U"), spec.parameters.user};
    QProcess filling;
    filling.setProcessEnvironment(environment);
    filling.start(tools->tool(QStringLiteral("pgbench")),
                  at + QStringList{QStringLiteral("-iq"), QStringLiteral("busy")});
    QVERIFY(filling.waitForFinished() && filling.exitCode() == 0);
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user; CREATE SEQUENCE used; ALTER TABLE pgbench_history ADD n bigint "
                       "DEFAULT nextval('used')"),
        QStringLiteral("busy"));
    QProcess writing;
    writing.setProcessEnvironment(environment);
    writing.start(
        tools->tool(QStringLiteral("pgbench")),
        at + QStringList{QStringLiteral("-n"), QStringLiteral("-c2"), QStringLiteral("-T600"), QStringLiteral("busy")});
    QVERIFY(writing.waitForStarted());
    QSet<QByteArray> sums;
    for (int i = 0; i < backups; ++i) {
        const auto backup = take(QStringLiteral("busy"), QStringLiteral("busy-%1.dump").arg(i));
        QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message + backup.error().detail));
        sums += backup->manifest.tables.value(QStringLiteral("public.pgbench_accounts")).sum;
    }
    QCOMPARE(writing.state(), QProcess::Running);
    writing.kill();
    writing.waitForFinished();
    QCOMPARE(sums.size(), backups); // it was really written to
    for (int i = 0; i < backups; ++i) {
        const auto verification = verify(m_folder->filePath(QStringLiteral("busy-%1.dump").arg(i)));
        QVERIFY2(verification,
                 qPrintable(verification ? QString() : verification.error().message + verification.error().detail));
        QVERIFY2(verification->isProven(), qPrintable(told(verification->differences)));
        QCOMPARE(told(verification->differences), QString());
    }
    QCOMPARE(scratches(), QStringLiteral("0"));
}

void TestProof::sequencesAreThoseOfTheDump()
{
    m_cluster.spec(QStringLiteral("counting"));
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user; CREATE SEQUENCE \"Odd 'one\" START 5; CREATE SEQUENCE used; SELECT "
                       "nextval('used'), nextval('used'); CREATE TABLE t (id serial); INSERT INTO t DEFAULT VALUES"),
        QStringLiteral("counting"));
    const auto backup = take(QStringLiteral("counting"));
    QVERIFY(backup);
    const QMap<QString, SequenceState> expected{{QStringLiteral("public.\"Odd 'one\""), {5, false}},
                                                {QStringLiteral("public.used"), {2, true}},
                                                {QStringLiteral("public.t_id_seq"), {1, true}}};
    QCOMPARE(backup->manifest.sequences, expected);
    const auto verification = verify(backup->file);
    QVERIFY(verification);
    QCOMPARE(told(verification->differences), QString());
}

void TestProof::changedFile_data()
{
    QTest::addColumn<double>("place"); // of the flipped bit; negative: cut off here
    for (const double place : {0.0, 0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 1.0}) {
        QTest::addRow("flipped at %g", place) << place;
    }
    QTest::newRow("cut in half") << -0.5;
    QTest::newRow("one byte less") << -1.0;
}

void TestProof::changedFile()
{
    QFETCH(double, place);
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY(backup);
    QFile file(backup->file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QByteArray bytes = file.readAll();
    if (place < 0) {
        bytes.truncate(place == -1.0 ? bytes.size() - 1 : bytes.size() / 2);
    } else {
        const auto at = qsizetype(double(bytes.size() - 1) * place);
        bytes[at] = char(bytes.at(at) ^ 1);
    }
    QVERIFY(file.resize(0) && file.seek(0) && file.write(bytes) == bytes.size());
    file.close();
    const auto verification = verify(backup->file, false);
    QVERIFY(!verification);
    QCOMPARE(verification.error().code, ErrorCode::InvalidInput);
    QVERIFY(!verify(backup->file));
    QCOMPARE(scratches(), QStringLiteral("0"));
}

void TestProof::proofIsMissingOrDamaged()
{
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY(backup && verify(backup->file, false));
    QFile proof(manifestFileOf(backup->file));
    QVERIFY(proof.open(QIODevice::ReadWrite));
    const QByteArray json = proof.readAll();
    QVERIFY(proof.seek(0) && proof.write(QByteArray(json).replace("\"rows\": 3", "\"rows\": 4")) == json.size());
    proof.close();
    QCOMPARE(verify(backup->file, false).error().code, ErrorCode::InvalidInput);
    QVERIFY(QFile::remove(proof.fileName()));
    QCOMPARE(verify(backup->file, false).error().code, ErrorCode::NotFound);
}

void TestProof::liveAgainstBackup()
{
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY(backup);
    JobContext context;
    const ComparedSide file{backup->file, {}};
    const ComparedSide live{{}, m_cluster.spec(QStringLiteral("sample"))};
    auto comparison = compareDatabases(file, live, context);
    QVERIFY(comparison);
    QCOMPARE(told(comparison->differences), QString());
    m_cluster.psql(QStringLiteral("UPDATE birds SET name = name || ' ' WHERE id = 1"), QStringLiteral("sample"));
    comparison = compareDatabases(file, live, context);
    QVERIFY(comparison && !isProven(comparison->differences));
    QVERIFY2(told(comparison->differences).startsWith(QStringLiteral("table public.birds")),
             qPrintable(told(comparison->differences)));
    const auto turned = compareDatabases(live, file, context);
    QVERIFY(turned);
    QCOMPARE(turned->differences.size(), comparison->differences.size());
    m_cluster.psql(QStringLiteral("UPDATE birds SET name = rtrim(name) WHERE id = 1"), QStringLiteral("sample"));
    QVERIFY(isProven(compareDatabases(live, file, context)->differences));
}

void TestProof::scratchIsGoneWhateverHappens()
{
    const auto backup = take(QStringLiteral("sample"));
    QVERIFY(backup);
    for (const double share : {0.15, 0.5, 0.85}) {
        std::stop_source stop;
        JobContext context(stop.get_token(), [&stop, share](const Progress &progress) {
            if (progress.fraction() >= share) {
                stop.request_stop();
            }
        });
        const auto verification = verifyBackup({backup->file, m_cluster.spec(QStringLiteral("my_database"))}, context);
        QVERIFY(!verification);
        QVERIFY2(verification.error().isCancelled(), qPrintable(verification.error().message));
        QTRY_COMPARE(scratches(), QStringLiteral("0"));
    }
}

void TestProof::cancelled()
{
    for (const double share : {0.0, 0.05, 0.5, 0.78, 0.9}) {
        std::stop_source stop;
        JobContext context(stop.get_token(), [&stop, share](const Progress &progress) {
            if (progress.fraction() >= share) {
                stop.request_stop();
            }
        });
        const auto backup =
            backUp({m_cluster.spec(QStringLiteral("sample")), m_folder->filePath(QStringLiteral("b.dump"))}, context);
        QVERIFY2(!backup, qPrintable(QString::number(share)));
        QVERIFY2(backup.error().isCancelled(), qPrintable(backup.error().message));
        QVERIFY(QDir(m_folder->path()).isEmpty());
        QTRY_COMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'sample'")),
                     QStringLiteral("0"));
    }
}

/// The session that holds the snapshot is ended while pg_dump waits for a lock.
void TestProof::sourceVanishesMeanwhile()
{
    m_cluster.psql(QStringLiteral("SELECT 1"));
    auto holder = DatabaseConnection::open(m_cluster.spec(QStringLiteral("sample")));
    QVERIFY(holder && (*holder)->execute(QStringLiteral("BEGIN")) &&
            (*holder)->execute(QStringLiteral("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE")));
    std::thread killer([this] {
        const QString waiting = QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'sample' AND "
                                               "wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'");
        QElapsedTimer clock;
        for (clock.start(); m_cluster.psql(waiting) == u"0" && clock.elapsed() < 20'000;) {
            QTest::qSleep(50);
        }
        m_cluster.psql(
            QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'sample' AND pid <> "
                           "pg_backend_pid()"));
    });
    const auto backup = take(QStringLiteral("sample"));
    killer.join();
    QVERIFY(!backup);
    QVERIFY2(backup.error().message.contains(QStringLiteral("No backup was made")), qPrintable(backup.error().message));
    QVERIFY(QDir(m_folder->path()).isEmpty());
}

QTEST_GUILESS_MAIN(TestProof)
#include "tst_proof.moc"
