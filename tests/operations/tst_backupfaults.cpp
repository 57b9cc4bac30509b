// Whatever goes wrong while a backup is made: nothing that looks finished is not, and what was there before stays.

#include "operations/backup.h"
#include "operations/verify.h"
#include "support/childbrake.h"
#include "support/failuremessage.h"
#include "support/sampledatabase.h"
#include "support/syscallfault.h"
#include "support/tcpproxy.h"

#include <QDir>
#include <QProcess>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString copying = QStringLiteral("pg_dump: dumping contents of table");
const QString newName = QStringLiteral("new.dump");

QByteArray contentsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<unreadable>");
}

QStringList everythingIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

/// This program once more, as an application to which something happens in the middle: `--back-up HOST PORT USER
/// DATABASE FILE SHARE FAULT`. Once the progress has come to SHARE (per cent) it waits to be killed (FAULT 0), or the
/// system call FAULT fails with ERROR from then on.
int runAsApplication(char *argv[])
{
    BackupRequest request;
    request.source.parameters.host = QString::fromUtf8(argv[2]);
    request.source.parameters.port = atoi(argv[3]);
    request.source.parameters.user = QString::fromUtf8(argv[4]);
    request.source.parameters.database = QString::fromUtf8(argv[5]);
    request.source.parameters.tls = TlsMode::Optional;
    request.source.password = Secret(qEnvironmentVariable("TEST_PASSWORD"));
    request.file = QString::fromUtf8(argv[6]);
    const double share = atoi(argv[7]) / 100.0;
    const int call = atoi(argv[8]);
    const int error = atoi(argv[9]);
    bool happened = false;
    JobContext context({}, [&](const Progress &progress) {
        if (progress.fraction() < share || happened) {
            return;
        }
        happened = true;
        if (call == 0) {
            ::write(STDOUT_FILENO, "MIDDLE\n", 7);
            ::pause();
        } else if (!failSystemCall(call, error)) {
            ::_exit(9);
        }
    });
    const auto backup = backUp(request, context);
    const QByteArray said = backup ? QByteArray("DONE") : backup.error().message.toUtf8();
    ::write(STDOUT_FILENO, said.constData(), size_t(said.size()));
    return backup ? 0 : 1;
}

} // namespace

class TestBackupFaults : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void linkCut_data();
    void linkCut();
    void mostCutsWereFelt();
    void silentLinkCanBeCancelled_data();
    void silentLinkCanBeCancelled();
    void sessionEnded_data();
    void sessionEnded();
    void serverStopped_data();
    void serverStopped();
    void toolKilled_data();
    void toolKilled();
    void toolStoppedForAWhile();
    void applicationKilled_data();
    void applicationKilled();
    void systemCallFails_data();
    void systemCallFails();
    void diskFull_data();
    void diskFull();
    void twoOnTheSameFile();
    void twoInTheSameFolder();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    ConnectionSpec throughProxy()
    {
        ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
        spec.parameters.port = m_proxy->port();
        return spec;
    }
    /// `m_onMoment` is called for each step of the progress and each line of the log.
    void reach(const QString &moment)
    {
        if (m_onMoment) {
            m_onMoment(moment);
        }
    }
    Result<Backup> run(const ConnectionSpec &source)
    {
        JobContext context(
            m_stop.get_token(), [this](const Progress &progress) { reach(progress.step); },
            [this](const QString &line) { reach(line); });
        return backUp({source, path(newName)}, context);
    }
    void startApplication(QProcess &application, int sharePercent, int call = 0, int error = 0);
    /// Either there is a whole backup, or none, and it was said why.
    void judge(const Result<Backup> &outcome, bool mayBeCancelled = false);

    TemporaryCluster m_cluster;
    std::unique_ptr<TcpProxy> m_proxy;
    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_previous; ///< a backup from before, and its proof
    QByteArray m_previousProof;
    qint64 m_allBytes = 0; ///< of a backup, from the server
    std::stop_source m_stop;
    std::function<void(const QString &)> m_onMoment;
    int m_failures = 0;
};

void TestBackupFaults::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    fillSampleDatabase(m_cluster, QStringLiteral("shop"), 500);
    m_proxy = std::make_unique<TcpProxy>(m_cluster.port());
    m_folder = std::make_unique<QTemporaryDir>();
    const auto backup = run(throughProxy());
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message));
    m_allBytes = m_proxy->bytesToClient();
    QVERIFY(m_allBytes > 200'000);
    m_previous = contentsOf(path(newName));
    m_previousProof = contentsOf(manifestFileOf(path(newName)));
    QVERIFY(m_previous.size() > 64 * 1024);
}

void TestBackupFaults::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_stop = std::stop_source();
    m_onMoment = {};
    for (const auto &[name, bytes] : {std::pair(QStringLiteral("old.dump"), m_previous),
                                      std::pair(QStringLiteral("old.dump.json"), m_previousProof)}) {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
}

void TestBackupFaults::cleanup()
{
    QCOMPARE(contentsOf(path(QStringLiteral("old.dump"))), m_previous);
    QCOMPARE(contentsOf(path(QStringLiteral("old.dump.json"))), m_previousProof);
    QTRY_COMPARE_WITH_TIMEOUT(
        m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roost-%'")),
        QStringLiteral("0"), 20'000);
}

void TestBackupFaults::judge(const Result<Backup> &outcome, bool mayBeCancelled)
{
    QStringList expected{QStringLiteral("old.dump"), QStringLiteral("old.dump.json")};
    if (outcome) {
        JobContext context;
        QVERIFY(verifyBackup({outcome->file, {}}, context));
        expected = QStringList{newName, newName + QStringLiteral(".json")} + expected;
    } else if (outcome.error().isCancelled()) {
        QVERIFY(mayBeCancelled);
    } else {
        ++m_failures;
        QCOMPARE(lackOf(outcome.error()), QString());
        QVERIFY(outcome.error().code != ErrorCode::Internal);
    }
    QCOMPARE(everythingIn(m_folder->path()), expected);
}

void TestBackupFaults::linkCut_data()
{
    QTest::addColumn<bool>("orderly");
    QTest::addColumn<double>("share");
    QRandomGenerator random(20261128);
    for (int i = 0; i < 20; ++i) {
        const double share = i < 2 ? i * 0.001 : random.generateDouble();
        QTest::addRow("%s at %.4f", i % 2 == 0 ? "reset" : "end", share) << (i % 2 == 1) << share;
    }
}

/// All connections at once; new ones work.
void TestBackupFaults::linkCut()
{
    QFETCH(bool, orderly);
    QFETCH(double, share);
    const auto at = qint64(double(m_allBytes) * share);
    if (orderly) {
        m_proxy->endAfterBytes(at);
    } else {
        m_proxy->cutAfterBytes(at);
    }
    const auto outcome = run(throughProxy());
    m_proxy->cutAfterBytes(-1);
    judge(outcome);
}

/// Where a cut falls differs from run to run: the progress is asked for as often as time allows.
void TestBackupFaults::mostCutsWereFelt()
{
    QVERIFY2(m_failures >= 13, qPrintable(QString::number(m_failures)));
}

void TestBackupFaults::silentLinkCanBeCancelled_data()
{
    QTest::addColumn<double>("share");
    for (const double share : {0.02, 0.1, 0.3, 0.6}) {
        QTest::addRow("at %g", share) << share;
    }
}

/// The connection is alive, and nothing moves: the user ends it, at once.
void TestBackupFaults::silentLinkCanBeCancelled()
{
    QFETCH(double, share);
    const qint64 start = m_proxy->bytesToClient();
    std::jthread watcher([&](const std::stop_token &stop) {
        while (!stop.stop_requested() && m_proxy->bytesToClient() - start < qint64(double(m_allBytes) * share)) {
            QTest::qSleep(1);
        }
        m_proxy->stall(true);
        QTest::qSleep(300); // long enough for all of it to be waiting
        m_stop.request_stop();
    });
    QElapsedTimer clock;
    clock.start();
    const auto outcome = run(throughProxy());
    QVERIFY2(clock.elapsed() < 20'000, qPrintable(QString::number(clock.elapsed())));
    watcher.join();
    m_proxy->stall(false);
    m_proxy->cut();
    QVERIFY(!outcome);
    judge(outcome, true);
}

void TestBackupFaults::sessionEnded_data()
{
    QTest::addColumn<QString>("which");
    QTest::addColumn<QString>("step");
    for (const char *step : {"pg_dump: reading", "pg_dump: dumping contents", "Reading the backup back"}) {
        QTest::addRow("all, %s", step) << QStringLiteral("true") << QString::fromUtf8(step);
        QTest::addRow("pg_dump's, %s", step)
            << QStringLiteral("application_name ~ '^roost-[0-9a-f]+$'") << QString::fromUtf8(step);
        QTest::addRow("the snapshot's, %s", step)
            << QStringLiteral("backend_xmin IS NOT NULL AND application_name !~ '^roost-[0-9a-f]+$'")
            << QString::fromUtf8(step);
    }
}

void TestBackupFaults::sessionEnded()
{
    QFETCH(QString, which);
    QFETCH(QString, step);
    bool done = false;
    m_onMoment = [&](const QString &moment) {
        if (!done && moment.startsWith(step)) {
            done = true;
            m_cluster.psql(
                QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop' "
                               "AND backend_type = 'client backend' AND ") +
                which);
        }
    };
    judge(run(m_cluster.spec(QStringLiteral("shop"))));
    QVERIFY(done);
}

void TestBackupFaults::serverStopped_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"pg_dump: reading", "pg_dump: dumping contents"}) {
        QTest::newRow(step) << QString::fromUtf8(step);
    }
}

/// As `pg_ctl stop -m immediate` does.
void TestBackupFaults::serverStopped()
{
    QFETCH(QString, step);
    bool done = false;
    m_onMoment = [&](const QString &moment) {
        if (!done && moment.startsWith(step)) {
            done = true;
            ::kill(pid_t(m_cluster.cluster().status().serverPid), SIGQUIT);
        }
    };
    const auto outcome = run(m_cluster.spec(QStringLiteral("shop")));
    QTRY_VERIFY(!m_cluster.cluster().status().isRunning);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_proxy = std::make_unique<TcpProxy>(m_cluster.port());
    QVERIFY(done);
    QVERIFY(!outcome);
    judge(outcome);
}

void TestBackupFaults::toolKilled_data()
{
    QTest::addColumn<QString>("step");
    QTest::addColumn<QByteArray>("tool");
    QTest::addColumn<int>("signal");
    QTest::newRow("pg_dump killed at its begin")
        << QStringLiteral("pg_dump: reading") << QByteArray("pg_dump") << SIGKILL;
    QTest::newRow("pg_dump ended") << copying << QByteArray("pg_dump") << SIGTERM;
    QTest::newRow("pg_dump killed") << copying << QByteArray("pg_dump") << SIGKILL;
    QTest::newRow("pg_dump crashed") << copying << QByteArray("pg_dump") << SIGSEGV;
}

void TestBackupFaults::toolKilled()
{
    QFETCH(QString, step);
    QFETCH(QByteArray, tool);
    QFETCH(int, signal);
    bool done = false;
    ChildBrake brake(tool); // so that it is still there when its line has come
    brake.engage();
    m_onMoment = [&](const QString &moment) {
        if (const int child = childNamed(tool); !done && child > 0 && moment.startsWith(step)) {
            done = ::kill(child, signal) == 0;
        }
    };
    const auto outcome = run(m_cluster.spec(QStringLiteral("shop")));
    QVERIFY(done);
    QVERIFY(!outcome);
    judge(outcome);
}

/// A laptop that sleeps: afterwards it goes on.
void TestBackupFaults::toolStoppedForAWhile()
{
    bool done = false;
    std::thread waker;
    m_onMoment = [&](const QString &moment) {
        if (const int child = childNamed("pg_dump"); !done && child > 0 && moment.startsWith(copying)) {
            done = ::kill(child, SIGSTOP) == 0;
            waker = std::thread([child] {
                QTest::qSleep(3000);
                ::kill(child, SIGCONT);
            });
        }
    };
    const auto outcome = run(m_cluster.spec(QStringLiteral("shop")));
    QVERIFY(done);
    waker.join();
    QVERIFY2(outcome, qPrintable(outcome ? QString() : outcome.error().message));
    judge(outcome);
}

void TestBackupFaults::startApplication(QProcess &application, int sharePercent, int call, int error)
{
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TEST_PASSWORD"), spec.password.reveal());
    application.setProcessEnvironment(environment);
    application.start(QCoreApplication::applicationFilePath(),
                      {QStringLiteral("--back-up"), spec.parameters.host, QString::number(spec.parameters.port),
                       spec.parameters.user, spec.parameters.database, path(newName), QString::number(sharePercent),
                       QString::number(call), QString::number(error)});
}

void TestBackupFaults::applicationKilled_data()
{
    QTest::addColumn<int>("share");
    for (const int share : {4, 30, 60, 71, 90, 95}) {
        QTest::addRow("at %d %%", share) << share;
    }
}

void TestBackupFaults::applicationKilled()
{
    QFETCH(int, share);
    QProcess application;
    startApplication(application, share);
    QByteArray output;
    QTRY_VERIFY_WITH_TIMEOUT((output += application.readAllStandardOutput()).contains("MIDDLE"), 20'000);
    application.kill();
    QVERIFY(application.waitForFinished());
    QStringList left = everythingIn(m_folder->path());
    QCOMPARE(left.size(), 3); // the two from before, and a folder
    QVERIFY2(left.first().startsWith(QStringLiteral("new.dump.partial-")), qPrintable(left.first()));
    // The next one takes that away.
    judge(run(m_cluster.spec(QStringLiteral("shop"))));
    QVERIFY(QFile::exists(path(newName)));
}

void TestBackupFaults::systemCallFails_data()
{
    QTest::addColumn<int>("share");
    QTest::addColumn<int>("call");
    QTest::addColumn<int>("error");
    QTest::addColumn<bool>("succeeds");
    QTest::newRow("no folder may be made") << 0 << int(SYS_mkdir) << EACCES << false;
    QTest::newRow("no folder can be made") << 0 << int(SYS_mkdir) << ENOSPC << false;
    QTest::newRow("pg_dump cannot flush") << 0 << int(SYS_fsync) << EIO << false;
    QTest::newRow("nothing is flushed") << 80 << int(SYS_fsync) << EIO << false;
    QTest::newRow("no room when flushed") << 80 << int(SYS_fsync) << ENOSPC << false;
    QTest::newRow("renaming fails") << 80 << int(SYS_renameat2) << EIO << false;
    QTest::newRow("renaming is not allowed") << 80 << int(SYS_renameat2) << EPERM << false;
    QTest::newRow("a file system without exclusive renaming") << 80 << int(SYS_renameat2) << EINVAL << true;
    QTest::newRow("no tool can be started") << 80 << int(SYS_execve) << ENOMEM << false;
}

void TestBackupFaults::systemCallFails()
{
    QFETCH(int, share);
    QFETCH(int, call);
    QFETCH(int, error);
    QFETCH(bool, succeeds);
    QProcess application;
    startApplication(application, share, call, error);
    QVERIFY(application.waitForFinished());
    const QString said = QString::fromUtf8(application.readAllStandardOutput());
    if (application.exitCode() == 9) {
        QSKIP("System calls cannot be made to fail here");
    }
    QCOMPARE(application.exitCode(), succeeds ? 0 : 1);
    if (succeeds) {
        JobContext context;
        QVERIFY(verifyBackup({path(newName), {}}, context));
    } else {
        QCOMPARE(lackOf({ErrorCode::FileFailed, said, {}, {}}), QString());
        QCOMPARE(everythingIn(m_folder->path()).size(), 2);
    }
}

void TestBackupFaults::diskFull_data()
{
    QTest::addColumn<int>("pagesMissing");
    for (int pages = 0; pages <= 17; ++pages) {
        QTest::addRow("%d pages too small", pages) << pages;
    }
    QRandomGenerator random(7);
    const int all = int(m_previous.size() / 4096);
    for (int i = 0; i < 13; ++i) {
        const int pages = random.bounded(18, all);
        QTest::addRow("%d pages too small", pages) << pages;
    }
}

/// A disk of its own, which turns out to be too small by so many pages.
void TestBackupFaults::diskFull()
{
    QFETCH(int, pagesMissing);
    const QString disk = path(QStringLiteral("disk"));
    QVERIFY(QDir().mkdir(disk));
    const QByteArray mountPoint = QFile::encodeName(disk);
    const bool isMounted = ::mount("tmpfs", mountPoint.constData(), "tmpfs", 0, "size=512m") == 0;
    // Without the right to mount, a limit on the size of files stands in for it.
    constexpr qint64 page = 4096;
    const auto pagesOf = [](qint64 bytes) { return (bytes + page - 1) / page; };
    // Archive, manifest, lock.
    const qint64 needed = pagesOf(m_previous.size()) + pagesOf(m_previousProof.size()) + 1;
    rlimit before = {};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    const auto oldHandler = std::signal(SIGXFSZ, SIG_IGN);
    bool done = false;
    m_onMoment = [&](const QString &moment) {
        if (done || !moment.startsWith(u"pg_dump: last built-in OID")) {
            return;
        }
        done = true;
        if (isMounted) {
            const QByteArray size = "size=" + QByteArray::number((needed - pagesMissing) * page);
            done = ::mount("tmpfs", mountPoint.constData(), "tmpfs", MS_REMOUNT, size.constData()) == 0;
        } else {
            rlimit small = before;
            small.rlim_cur = rlim_t((pagesOf(m_previous.size()) - pagesMissing) * page);
            done = setrlimit(RLIMIT_FSIZE, &small) == 0;
        }
    };
    JobContext context({}, {}, m_onMoment);
    const auto outcome = backUp({m_cluster.spec(QStringLiteral("shop")), disk + u'/' + newName}, context);
    setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, oldHandler);
    const QStringList left = everythingIn(disk);
    bool isWhole = false;
    if (outcome) {
        JobContext looking;
        isWhole = verifyBackup({outcome->file, {}}, looking).has_value();
    }
    if (isMounted) {
        QCOMPARE(::umount(mountPoint.constData()), 0);
    }
    QVERIFY(QDir(disk).removeRecursively());
    QVERIFY(done);
    QCOMPARE(outcome.has_value(), pagesMissing == 0);
    if (outcome) {
        QVERIFY(isWhole);
        return;
    }
    QVERIFY2(left.isEmpty(), qPrintable(left.join(u' ')));
    QCOMPARE(lackOf(outcome.error()), QString());
    QVERIFY2(outcome.error().code == ErrorCode::DiskFull || outcome.error().message.contains(u"disk was full"),
             qPrintable(outcome.error().message));
}

/// A second copy of the program wants the same file: one of them gets it.
void TestBackupFaults::twoOnTheSameFile()
{
    for (int i = 0; i < 3; ++i) {
        QFile::remove(path(newName));
        QFile::remove(manifestFileOf(path(newName)));
        const ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
        std::optional<Result<Backup>> other;
        std::thread second([&] {
            JobContext context;
            other = backUp({spec, path(newName)}, context);
        });
        const auto first = run(spec);
        second.join();
        QCOMPARE(int(first.has_value()) + int(other->has_value()), 1);
        const Error error = first ? other->error() : first.error();
        QCOMPARE(error.code, ErrorCode::AlreadyExists);
        QCOMPARE(lackOf(error), QString());
        judge(first ? first : *other);
    }
}

void TestBackupFaults::twoInTheSameFolder()
{
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    std::optional<Result<Backup>> other;
    std::thread second([&] {
        JobContext context;
        other = backUp({spec, path(QStringLiteral("other.dump"))}, context);
    });
    const auto first = run(spec);
    second.join();
    QVERIFY(first && *other);
    JobContext context;
    QVERIFY(verifyBackup({first->file, {}}, context) && verifyBackup({(*other)->file, {}}, context));
    QCOMPARE(everythingIn(m_folder->path()).size(), 6);
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (argc == 10 && qstrcmp(argv[1], "--back-up") == 0) {
        return runAsApplication(argv);
    }
    TestBackupFaults test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_backupfaults.moc"
