// Whatever goes wrong while a backup is restored: nothing half restored is offered, and what was there before stays.

#include "operations/backup.h"
#include "operations/restore.h"
#include "postgres/databaseconnection.h"
#include "support/childbrake.h"
#include "support/failuremessage.h"
#include "support/sampledatabase.h"
#include "support/tcpproxy.h"

#include <QDir>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <thread>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString shop = QStringLiteral("shop");
const QString victim = QStringLiteral("victim");
const QList<std::pair<const char *, RestoreMode>> allModes = {{"into new", RestoreMode::IntoNew},
                                                              {"into empty", RestoreMode::IntoEmpty},
                                                              {"replace", RestoreMode::ReplaceExisting}};

} // namespace

class TestRestoreFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void cleanupTestCase();
    void linkCut_data();
    void linkCut();
    void mostCutsWereFelt();
    void lostAtTheBegin_data();
    void lostAtTheBegin();
    void sessionEnded_data();
    void sessionEnded();
    void serverCrashes_data();
    void serverCrashes();
    void toolKilled_data();
    void toolKilled();
    void cancelled_data();
    void cancelled();
    void cancelledWhileItIsMade_data();
    void cancelledWhileItIsMade();
    void serverDiskFull();
    void twoIntoTheSame_data();
    void twoIntoTheSame();
    void lockedByAReader();

private:
    static void addModes();
    void prepare(RestoreMode mode);
    Result<RestoreReport> run(const ConnectionSpec &server, RestoreMode mode);
    /// All of it is there, or all is as it was, and it was said why.
    void judge(const Result<RestoreReport> &outcome, RestoreMode mode, bool mayBeCancelled = false);
    QStringList databases() const
    {
        return m_cluster.psql(QStringLiteral("SELECT datname FROM pg_database ORDER BY 1")).split(u'\n');
    }
    void reach(const QString &moment)
    {
        if (m_onMoment) {
            m_onMoment(moment);
        }
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<TcpProxy> m_proxy;
    QTemporaryDir m_folder;
    QString m_file;
    QString m_source; ///< what the source holds
    QString m_before; ///< what the target held
    QStringList m_databasesBefore;
    qint64 m_toServer = 0; ///< bytes of a restore
    qint64 m_toClient = 0;
    std::stop_source m_stop;
    std::function<void(const QString &)> m_onMoment; ///< each step of the progress and each line of the log
    std::function<void(const Progress &)> m_onProgress;
    int m_failures = 0;
};

void TestRestoreFaults::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec();
    fillSampleDatabase(m_cluster, shop, 2000);
    m_source = databaseFingerprint(m_cluster, shop);
    m_file = m_folder.filePath(QStringLiteral("shop.dump"));
    JobContext context;
    const auto backup = backUp({m_cluster.spec(shop), m_file}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message));
    m_proxy = std::make_unique<TcpProxy>(m_cluster.port());
    ConnectionSpec server = m_cluster.spec();
    server.parameters.port = m_proxy->port();
    prepare(RestoreMode::IntoNew);
    const auto report = run(server, RestoreMode::IntoNew);
    QVERIFY2(report, qPrintable(report ? QString() : report.error().message));
    QVERIFY(report->isProven);
    m_toServer = m_proxy->bytesToServer();
    m_toClient = m_proxy->bytesToClient();
    QVERIFY(m_toServer > 1'000'000);
}

void TestRestoreFaults::init()
{
    m_stop = std::stop_source();
    m_onMoment = {};
    m_onProgress = {};
}

void TestRestoreFaults::cleanup()
{
    QTRY_COMPARE_WITH_TIMEOUT(
        m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roost-%'")),
        QStringLiteral("0"), 20'000);
}

void TestRestoreFaults::cleanupTestCase()
{
    QCOMPARE(databaseFingerprint(m_cluster, shop), m_source);
}

void TestRestoreFaults::addModes()
{
    QTest::addColumn<RestoreMode>("mode");
    for (const auto &[name, mode] : allModes) {
        QTest::newRow(name) << mode;
    }
}

void TestRestoreFaults::prepare(RestoreMode mode)
{
    const QStringList names = databases();
    for (const QString &name : names) {
        if (name.startsWith(victim)) {
            m_cluster.psql(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(name));
        }
    }
    m_before.clear();
    if (mode != RestoreMode::IntoNew) {
        QVERIFY(m_cluster.createDatabase(victim));
    }
    if (mode == RestoreMode::ReplaceExisting) {
        m_cluster.psql(QStringLiteral("CREATE TABLE old_life AS SELECT generate_series(1, 9)"), victim);
        m_before = databaseFingerprint(m_cluster, victim);
    }
    m_databasesBefore = databases();
}

Result<RestoreReport> TestRestoreFaults::run(const ConnectionSpec &server, RestoreMode mode)
{
    JobContext context(
        m_stop.get_token(),
        [this](const Progress &progress) {
            reach(progress.step);
            if (m_onProgress) {
                m_onProgress(progress);
            }
        },
        [this](const QString &line) { reach(line); });
    RestoreRequest request;
    request.file = m_file;
    request.target = server.withDatabase(victim);
    request.mode = mode;
    return restore(request, context);
}

void TestRestoreFaults::judge(const Result<RestoreReport> &outcome, RestoreMode mode, bool mayBeCancelled)
{
    if (outcome) {
        QVERIFY(outcome->isProven);
        QCOMPARE(databaseFingerprint(m_cluster, victim), m_source);
        return;
    }
    const Error &error = outcome.error();
    if (error.isCancelled()) {
        QVERIFY(mayBeCancelled);
    } else {
        ++m_failures;
        QCOMPARE(lackOf(error), QString());
        QVERIFY(error.code != ErrorCode::Internal);
    }
    QVERIFY2(databases() == m_databasesBefore, qPrintable(error.message + u'\n' + databases().join(u'\n')));
    if (mode != RestoreMode::IntoNew) {
        const QString now = databaseFingerprint(m_cluster, victim);
        // Into an empty one it may have come to its end, and only the look at it failed: then that is said.
        const bool isFilledAndSaid =
            mode == RestoreMode::IntoEmpty && now == m_source && error.message.contains(u"do not rely on it: reset it");
        QVERIFY2(now == m_before || isFilledAndSaid, qPrintable(error.message + u'\n' + now));
    }
}

void TestRestoreFaults::linkCut_data()
{
    QTest::addColumn<RestoreMode>("mode");
    QTest::addColumn<int>("way"); // 0: one connection, by bytes to the server; 1: all, reset; 2: all, ended
    QTest::addColumn<double>("share");
    QRandomGenerator random(20261128);
    for (int i = 0; i < 18; ++i) {
        const double share = random.generateDouble();
        const auto &[name, mode] = allModes.at(i % 3);
        QTest::addRow("%s, way %d, at %.4f", name, (i / 3) % 3, share) << mode << (i / 3) % 3 << share;
    }
}

void TestRestoreFaults::linkCut()
{
    QFETCH(RestoreMode, mode);
    QFETCH(int, way);
    QFETCH(double, share);
    prepare(mode);
    if (way == 0) {
        m_proxy->cutAfterBytesToServer(qint64(double(m_toServer) * share));
    } else if (way == 1) {
        m_proxy->cutAfterBytes(qint64(double(m_toClient) * share));
    } else {
        m_proxy->endAfterBytes(qint64(double(m_toClient) * share));
    }
    ConnectionSpec server = m_cluster.spec();
    server.parameters.port = m_proxy->port();
    const auto outcome = run(server, mode);
    m_proxy->cutAfterBytes(-1);
    m_proxy->cutAfterBytesToServer(-1);
    judge(outcome, mode);
}

/// Where a cut falls differs from run to run: the progress is asked for as often as time allows.
void TestRestoreFaults::mostCutsWereFelt()
{
    QVERIFY2(m_failures >= 9, qPrintable(QString::number(m_failures)));
}

void TestRestoreFaults::lostAtTheBegin_data()
{
    addModes();
}

/// The server gets so many bytes, and its answer is lost: among others the one that the database was made.
void TestRestoreFaults::lostAtTheBegin()
{
    QFETCH(RestoreMode, mode);
    ConnectionSpec server = m_cluster.spec();
    server.parameters.port = m_proxy->port();
    prepare(mode);
    for (int bytes = 50; bytes <= 2400; bytes += 150) {
        m_proxy->cutAfterBytesToServer(bytes);
        const auto outcome = run(server, mode);
        m_proxy->cutAfterBytesToServer(-1);
        judge(outcome, mode);
        if (outcome) {
            prepare(mode);
        }
    }
}

void TestRestoreFaults::sessionEnded_data()
{
    QTest::addColumn<RestoreMode>("mode");
    QTest::addColumn<QString>("moment");
    for (const char *moment :
         {"pg_restore: connecting to database", "pg_restore: creating TABLE", "pg_restore: processing data for table",
          "pg_restore: creating INDEX", "Comparing with what the source held"}) {
        for (const auto &[name, mode] : allModes) {
            QTest::addRow("%s, %s", name, moment) << mode << QString::fromUtf8(moment);
        }
    }
}

void TestRestoreFaults::sessionEnded()
{
    QFETCH(RestoreMode, mode);
    QFETCH(QString, moment);
    prepare(mode);
    bool done = false;
    ChildBrake brake("pg_restore"); // so that it is still there when its line has come
    brake.engage();
    m_onMoment = [&](const QString &now) {
        if (!done && now.startsWith(moment)) {
            done = true;
            m_cluster.psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname ~ "
                                          "'^victim' AND backend_type = 'client backend'"));
        }
    };
    const auto outcome = run(m_cluster.spec(), mode);
    QVERIFY(done);
    judge(outcome, mode);
}

void TestRestoreFaults::serverCrashes_data()
{
    addModes();
}

/// One of its processes is killed: the server ends all sessions, recovers and goes on by itself.
void TestRestoreFaults::serverCrashes()
{
    QFETCH(RestoreMode, mode);
    prepare(mode);
    bool done = false;
    ChildBrake brake("pg_restore");
    brake.engage();
    m_onMoment = [&](const QString &now) {
        if (!done && now.startsWith(u"pg_restore: processing data for table")) {
            const int backend =
                m_cluster
                    .psql(
                        QStringLiteral("SELECT pid FROM pg_stat_activity WHERE application_name ~ '^roost-[0-9a-f]+$'"))
                    .toInt();
            done = backend > 0 && ::kill(backend, SIGKILL) == 0;
        }
    };
    const auto outcome = run(m_cluster.spec(), mode);
    QTRY_VERIFY_WITH_TIMEOUT(DatabaseConnection::open(m_cluster.superuser()), 30'000); // for the judgement
    QVERIFY(done);
    QVERIFY(!outcome);
    judge(outcome, mode);
}

void TestRestoreFaults::toolKilled_data()
{
    addModes();
}

void TestRestoreFaults::toolKilled()
{
    QFETCH(RestoreMode, mode);
    prepare(mode);
    bool done = false;
    ChildBrake brake("pg_restore");
    brake.engage();
    m_onMoment = [&](const QString &now) {
        if (const int child = childNamed("pg_restore");
            !done && child > 0 && now.startsWith(u"pg_restore: creating INDEX")) {
            done = ::kill(child, SIGKILL) == 0;
        }
    };
    const auto outcome = run(m_cluster.spec(), mode);
    QVERIFY(done);
    QVERIFY(!outcome);
    judge(outcome, mode);
}

void TestRestoreFaults::cancelled_data()
{
    QTest::addColumn<RestoreMode>("mode");
    QTest::addColumn<double>("share");
    int i = 0;
    for (const double share : {0.01, 0.15, 0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.99}) {
        const auto &[name, mode] = allModes.at(i++ % 3);
        QTest::addRow("%s at %g", name, share) << mode << share;
    }
}

void TestRestoreFaults::cancelled()
{
    QFETCH(RestoreMode, mode);
    QFETCH(double, share);
    prepare(mode);
    m_onProgress = [&](const Progress &progress) {
        if (progress.fraction() >= share) {
            m_stop.request_stop();
        }
    };
    judge(run(m_cluster.spec(), mode), mode, true);
    QVERIFY(m_stop.stop_requested());
}

void TestRestoreFaults::cancelledWhileItIsMade_data()
{
    QTest::addColumn<RestoreMode>("mode");
    QTest::newRow("into new") << RestoreMode::IntoNew;
    QTest::newRow("replace") << RestoreMode::ReplaceExisting;
}

/// The server may have made the database by the time that it hears of the cancel.
void TestRestoreFaults::cancelledWhileItIsMade()
{
    QFETCH(RestoreMode, mode);
    for (int i = 0; i < 4; ++i) {
        prepare(mode);
        m_stop = std::stop_source();
        std::jthread watcher([&](const std::stop_token &stop) {
            const QString making =
                QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE query ~ '^CREATE DATABASE' "
                               "AND state = 'active' AND usename = 'my_database_user'");
            while (!stop.stop_requested() && m_cluster.psql(making) == u"0") {
            }
            QTest::qSleep(i * 20);
            m_stop.request_stop();
        });
        const auto outcome = run(m_cluster.spec(), mode);
        watcher.request_stop();
        watcher.join();
        judge(outcome, mode, true);
    }
}

/// A tablespace on a disk that is too small.
void TestRestoreFaults::serverDiskFull()
{
    const QString disk = m_cluster.folder() + QStringLiteral("/cluster/small");
    const QByteArray mountPoint = QFile::encodeName(disk);
    QVERIFY(QDir().mkdir(disk));
    struct stat owner = {};
    const QString data = m_cluster.psql(QStringLiteral("SHOW data_directory"));
    QCOMPARE(::stat(QFile::encodeName(data).constData(), &owner), 0);
    if (::mount("tmpfs", mountPoint.constData(), "tmpfs", 0, "size=64m,mode=0700") != 0) {
        QSKIP("Mounting a small disk needs rights");
    }
    QCOMPARE(::chown(mountPoint.constData(), owner.st_uid, owner.st_gid), 0);
    prepare(RestoreMode::IntoNew);
    m_cluster.psql(QStringLiteral("CREATE TABLESPACE small LOCATION '%1'").arg(disk));
    m_cluster.psql(QStringLiteral("CREATE DATABASE victim OWNER my_database_user TABLESPACE small"));
    struct statvfs room = {};
    QCOMPARE(::statvfs(mountPoint.constData(), &room), 0);
    const auto used = (room.f_blocks - room.f_bfree) * room.f_frsize;
    const QByteArray size = "mode=0700,size=" + QByteArray::number(quint64(used + 400'000));
    QCOMPARE(::mount("tmpfs", mountPoint.constData(), "tmpfs", MS_REMOUNT, size.constData()), 0);
    m_databasesBefore = databases();
    const auto outcome = run(m_cluster.spec(), RestoreMode::IntoEmpty);
    const bool failed = !outcome;
    if (failed) {
        judge(outcome, RestoreMode::IntoEmpty);
    }
    prepare(RestoreMode::IntoNew);
    m_cluster.psql(QStringLiteral("DROP TABLESPACE small"));
    QCOMPARE(::umount2(mountPoint.constData(), MNT_DETACH), 0);
    QVERIFY(failed);
    QCOMPARE(outcome.error().code, ErrorCode::DiskFull);
}

void TestRestoreFaults::twoIntoTheSame_data()
{
    QTest::addColumn<RestoreMode>("mode");
    QTest::newRow("into new") << RestoreMode::IntoNew;
    QTest::newRow("into empty") << RestoreMode::IntoEmpty;
}

void TestRestoreFaults::twoIntoTheSame()
{
    QFETCH(RestoreMode, mode);
    prepare(mode);
    std::optional<Result<RestoreReport>> other;
    const ConnectionSpec server = m_cluster.spec();
    std::thread second([&] { other = run(server, mode); });
    const auto first = run(server, mode);
    second.join();
    QVERIFY(int(first.has_value()) + int(other->has_value()) <= 1);
    for (const Result<RestoreReport> *outcome : {&first, &std::as_const(*other)}) {
        if (!*outcome) {
            QCOMPARE(lackOf(outcome->error()), QString());
        }
    }
    if (first || *other) {
        QCOMPARE(databaseFingerprint(m_cluster, victim), m_source);
    } else {
        QVERIFY(mode == RestoreMode::IntoEmpty);
        QCOMPARE(databaseFingerprint(m_cluster, victim), QString());
    }
}

/// Somebody sits in the database that is to be replaced: refused at once, and nothing waits for him.
void TestRestoreFaults::lockedByAReader()
{
    prepare(RestoreMode::ReplaceExisting);
    auto reader = DatabaseConnection::open(m_cluster.spec(victim));
    QVERIFY(reader && (*reader)->execute(QStringLiteral("BEGIN")));
    const auto outcome = run(m_cluster.spec(), RestoreMode::ReplaceExisting);
    reader->reset();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Conflict);
    judge(outcome, RestoreMode::ReplaceExisting);
}

QTEST_GUILESS_MAIN(TestRestoreFaults)
#include "tst_restorefaults.moc"
