#include "operations/backup.h"
#include "operations/partialfolder.h"
#include "operations/postgrestool.h"
#include "operations/watchedtool.h"
#include "process/pgtoolchain.h"
#include "support/childbrake.h"
#include "support/sampledatabase.h"
#include "support/tcpproxy.h"

#include <QCryptographicHash>
#include <QDir>
#include <QLockFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <atomic>
#include <csignal>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int heavyRows = 40'000; ///< about 20 MB

QByteArray contentsOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("<unreadable>");
}

void writeFile(const QString &path, const QByteArray &contents)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(contents) != contents.size()) {
        qFatal("cannot write %s", qPrintable(path));
    }
}

QStringList everythingIn(const QString &folder)
{
    return QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
}

/// Looks at the arguments and environments of all processes as often as it can.
class ProcessSpy
{
public:
    explicit ProcessSpy(QByteArray wanted)
        : m_thread([this, wanted = std::move(wanted)](const std::stop_token &stop) {
            while (!stop.stop_requested()) {
                look(wanted);
            }
        })
    {
    }
    QByteArray found() const { return m_found; }
    int toolsSeen() const { return m_tools; }
    void finish()
    {
        m_thread.request_stop();
        m_thread.join();
    }

private:
    void look(const QByteArray &wanted)
    {
        for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
            if (!entry.at(0).isDigit()) {
                continue;
            }
            for (const char *what : {"/cmdline", "/environ"}) {
                QFile file(QStringLiteral("/proc/") + entry + QLatin1String(what));
                const QByteArray text = file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
                if (text.contains(wanted)) {
                    m_found = what;
                }
                m_tools += text.contains("pg_dump") || text.contains("pg_restore") ? 1 : 0;
            }
        }
    }

    QByteArray m_found;
    std::atomic<int> m_tools = 0;
    std::jthread m_thread;
};

/// This program once more, as an application that is killed in the middle of a backup.
int runAsApplication(char *argv[])
{
    ConnectionSpec spec;
    spec.parameters.host = QString::fromUtf8(argv[2]);
    spec.parameters.port = atoi(argv[3]);
    spec.parameters.user = QString::fromUtf8(argv[4]);
    spec.parameters.database = QString::fromUtf8(argv[5]);
    spec.parameters.tls = TlsMode::Optional;
    spec.password = Secret(qEnvironmentVariable("TEST_PASSWORD"));
    JobContext context({}, [](const Progress &progress) {
        if (progress.step.contains(u"logbook")) {
            ::write(STDOUT_FILENO, "MIDDLE\n", 7);
            ::pause();
        }
    });
    BackupRequest request;
    request.source = spec;
    request.file = QString::fromUtf8(argv[6]);
    return backUp(request, context) ? 0 : 1;
}

} // namespace

class TestBackup : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void madeReadBackAndHashed();
    void packsForTheLink();
    void neverOverwrites();
    void neverOverwritesWhatAppearsMeanwhile();
    void followsNoLink();
    void refusesFoldersThatAreNotThere();
    void wrongPassword();
    void cancelLeavesNothing();
    void killedBackendIsExplained();
    void lockedTableIsExplained();
    void hiddenRowsAreRefused();
    void unreadableTablesAreRefused();
    void fullDisk_data();
    void fullDisk();
    void truncatedArchiveIsNoticed();
    void hostileNames_data();
    void hostileNames();
    void killedApplicationLeavesNoFinalFile();
    void sweepsOnlyTheDead();
    void passwordIsNowhere();
    void silentToolIsGivenUp();
    void suggestedNames();

private:
    Result<Backup> run(const QString &name = QStringLiteral("b.dump"));
    QString path(const QString &name) const { return m_folder->filePath(name); }

    std::unique_ptr<TemporaryCluster> m_cluster;
    std::unique_ptr<QTemporaryDir> m_folder;
    BackupRequest m_request;
    std::stop_source m_stop;
    std::function<void(const Progress &)> m_onProgress;
    std::unique_ptr<ChildBrake> m_brake; ///< for tests that must be in the middle of something
    QStringList m_log;
};

void TestBackup::initTestCase()
{
    m_cluster = std::make_unique<TemporaryCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->problem()));
    fillSampleDatabase(*m_cluster, QStringLiteral("shop"));
    fillSampleDatabase(*m_cluster, QStringLiteral("heavy"), heavyRows);
    m_cluster->psql(QStringLiteral("ANALYZE"), QStringLiteral("heavy"));
}

void TestBackup::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_request = {};
    m_request.source = m_cluster->spec(QStringLiteral("shop"));
    m_stop = std::stop_source();
    m_onProgress = {};
    m_brake.reset();
    m_log.clear();
}

void TestBackup::cleanup()
{
    // Whatever happened: nothing of ours is connected any more.
    QTRY_COMPARE(
        m_cluster->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roost-%'")),
        QStringLiteral("0"));
}

Result<Backup> TestBackup::run(const QString &name)
{
    m_request.file = path(name);
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
    return backUp(m_request, context);
}

void TestBackup::madeReadBackAndHashed()
{
    m_brake = std::make_unique<ChildBrake>("pg_dump");
    m_request.source = m_cluster->spec(QStringLiteral("heavy"));
    QList<Progress> seen;
    m_onProgress = [&](const Progress &progress) { seen += progress; };
    const auto backup = run();
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message + backup.error().detail));
    QCOMPARE(everythingIn(m_folder->path()), QStringList({QStringLiteral("b.dump"), QStringLiteral("b.dump.json")}));
    QCOMPARE(QFile::permissions(backup->file) & 0x0077, QFile::Permissions());

    const QByteArray bytes = contentsOf(backup->file);
    QCOMPARE(backup->sizeBytes, bytes.size());
    QCOMPARE(backup->sha256, QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
    QCOMPARE(backup->database, QStringLiteral("heavy"));
    QCOMPARE(backup->tables, 5);
    QCOMPARE(backup->rows, 3 + 3 + 3 + 0 + heavyRows);
    const auto manifest = manifestOf(backup->file);
    QVERIFY(manifest);
    QCOMPARE(manifest->rowCount(), backup->rows);
    QCOMPARE(manifest->dumpSha256, backup->sha256);
    QCOMPARE(manifest->dumpFile, QStringLiteral("b.dump"));
    QCOMPARE(QFile::permissions(manifestFileOf(backup->file)) & 0x0077, QFile::Permissions());
    QVERIFY(backup->takenAt.secsTo(QDateTime::currentDateTimeUtc()) < 60);
    QVERIFY(backup->warnings.isEmpty());

    // Monotonic, and really on its way while the big table is copied.
    double before = -1;
    QSet<int> steps;
    for (const Progress &progress : std::as_const(seen)) {
        QVERIFY(progress.fraction() >= before);
        before = progress.fraction();
        if (progress.step == u"Copying nest.logbook" && progress.fraction() > 0.05 && progress.fraction() < 0.79) {
            steps += int(progress.fraction() * 1000);
        }
    }
    QCOMPARE(before, 1.0);
    QVERIFY2(steps.size() >= 2, qPrintable(QString::number(steps.size())));
    QVERIFY(m_log.join(u'\n').contains(QStringLiteral("--format=custom --compress=1 --snapshot=")));
    QVERIFY(m_log.join(u'\n').contains(QStringLiteral(" --no-acl --no-owner --verbose")));

    JobContext context;
    const auto dump = inspectDump(backup->file, context);
    QVERIFY(dump);
    QCOMPARE(dump->database, QStringLiteral("heavy"));
    QVERIFY(dump->tables.contains(QStringLiteral("public.birds")));
    QCOMPARE(dump->tables.size(), 5);
    QVERIFY(qAbs(dump->takenAt.secsTo(backup->takenAt)) < 60);
    QVERIFY(dump->entries > 20);
}

void TestBackup::packsForTheLink()
{
    TcpProxy link(m_cluster->port());
    link.setDelayMs(15);
    m_request.source.parameters.port = link.port();
    QVERIFY(run());
    QVERIFY(m_log.join(u'\n').contains(QStringLiteral("--format=custom --compress=6 --snapshot=")));
}

void TestBackup::neverOverwrites()
{
    writeFile(path(QStringLiteral("b.dump")), "somebody needs this");
    const auto refused = run();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
    QCOMPARE(contentsOf(path(QStringLiteral("b.dump"))), QByteArray("somebody needs this"));
    QCOMPARE(everythingIn(m_folder->path()).size(), 1);
}

void TestBackup::neverOverwritesWhatAppearsMeanwhile()
{
    m_onProgress = [&](const Progress &progress) {
        if (progress.step == u"Reading the backup back") {
            writeFile(path(QStringLiteral("b.dump")), "came second");
        }
    };
    const auto refused = run();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
    QCOMPARE(contentsOf(path(QStringLiteral("b.dump"))), QByteArray("came second"));
    QCOMPARE(everythingIn(m_folder->path()).size(), 1);
}

void TestBackup::followsNoLink()
{
    writeFile(path(QStringLiteral("victim")), "untouched");
    QVERIFY(QFile::link(path(QStringLiteral("victim")), path(QStringLiteral("b.dump"))));
    QVERIFY(QFile::link(path(QStringLiteral("nowhere")), path(QStringLiteral("c.dump"))));
    QCOMPARE(run().error().code, ErrorCode::AlreadyExists);
    QCOMPARE(run(QStringLiteral("c.dump")).error().code, ErrorCode::AlreadyExists);
    QCOMPARE(contentsOf(path(QStringLiteral("victim"))), QByteArray("untouched"));
    QVERIFY(!QFile::exists(path(QStringLiteral("nowhere"))));
}

void TestBackup::refusesFoldersThatAreNotThere()
{
    QCOMPARE(run(QStringLiteral("no/such/b.dump")).error().code, ErrorCode::NotFound);
    m_request.file = QStringLiteral("relative.dump");
    JobContext context;
    QCOMPARE(backUp(m_request, context).error().code, ErrorCode::InvalidInput);
}

void TestBackup::wrongPassword()
{
    m_request.source.password = Secret(QStringLiteral("not-the-password"));
    const auto refused = run();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ConnectionFailed);
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

void TestBackup::cancelLeavesNothing()
{
    m_brake = std::make_unique<ChildBrake>("pg_dump");
    m_request.source = m_cluster->spec(QStringLiteral("heavy"));
    QElapsedTimer sinceCancel;
    m_onProgress = [&](const Progress &progress) {
        if (progress.step.contains(u"logbook") && !m_stop.stop_requested()) {
            m_stop.request_stop();
            sinceCancel.start();
        }
    };
    const auto cancelled = run();
    QVERIFY(!cancelled);
    QVERIFY(cancelled.error().isCancelled());
    QVERIFY2(sinceCancel.isValid() && sinceCancel.elapsed() < 3000, qPrintable(QString::number(sinceCancel.elapsed())));
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

void TestBackup::killedBackendIsExplained()
{
    m_brake = std::make_unique<ChildBrake>("pg_dump");
    m_request.source = m_cluster->spec(QStringLiteral("heavy"));
    bool killed = false;
    m_onProgress = [&](const Progress &progress) {
        if (progress.step.contains(u"logbook") && !killed) {
            killed = true;
            m_cluster->psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                           "WHERE application_name ~ '^roost-' AND application_name !~ 'watch'"));
        }
    };
    const auto failed = run();
    QVERIFY(killed);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::ConnectionLost);
    QVERIFY(failed.error().message.contains(u"No backup was made"));
    QVERIFY(failed.error().detail.contains(u"pg_dump: error"));
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

void TestBackup::lockedTableIsExplained()
{
    const ConnectionSpec admin = m_cluster->superuser(QStringLiteral("shop"));
    QProcess holder;
    holder.start(findToolchains(JobContext()).first().tool(QStringLiteral("psql")),
                 {QStringLiteral("-XAtq"), QStringLiteral("-h"), admin.parameters.host, QStringLiteral("-p"),
                  QString::number(admin.parameters.port), QStringLiteral("-U"), admin.parameters.user,
                  QStringLiteral("shop")});
    holder.write("BEGIN; LOCK TABLE birds;\n");
    QVERIFY(holder.waitForStarted());
    QTRY_COMPARE(m_cluster->psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND "
                                                "relation = 'birds'::regclass"),
                                 QStringLiteral("shop")),
                 QStringLiteral("1"));

    m_request.lockWaitMs = 1500;
    bool told = false;
    m_onProgress = [&](const Progress &progress) { told = told || progress.step.contains(u"psql"); };
    const auto failed = run();
    holder.closeWriteChannel();
    QVERIFY(holder.waitForFinished());
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::TimedOut);
    QVERIFY(failed.error().message.contains(u"locked by another session"));
    QVERIFY(told); // who holds it was shown while waiting
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

void TestBackup::hiddenRowsAreRefused()
{
    m_request.source = m_cluster->spec(QStringLiteral("hidden"));
    fillSampleDatabase(*m_cluster, QStringLiteral("hidden"));
    m_cluster->psql(QStringLiteral("ALTER TABLE birds ENABLE ROW LEVEL SECURITY; "
                                   "ALTER TABLE birds FORCE ROW LEVEL SECURITY"),
                    QStringLiteral("hidden"));
    const auto refused = run();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotAllowed);
    QVERIFY(refused.error().message.contains(u"public.birds"));
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
    m_cluster->psql(QStringLiteral("DROP DATABASE hidden"));
}

void TestBackup::unreadableTablesAreRefused()
{
    m_request.source = m_cluster->spec(QStringLiteral("closed"));
    m_cluster->psql(QStringLiteral("CREATE TABLE mine_alone (i int)"), QStringLiteral("closed"));
    const auto refused = run();
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotAllowed);
    QVERIFY(refused.error().message.contains(u"public.mine_alone"));
    m_cluster->psql(QStringLiteral("DROP DATABASE closed"));
}

void TestBackup::fullDisk_data()
{
    QTest::addColumn<bool>("ignoreSignal");
    QTest::newRow("write fails") << true;
    QTest::newRow("tool is killed") << false;
}

/// A limit on the size of files stands in for a full disk: it needs no rights.
void TestBackup::fullDisk()
{
    QFETCH(bool, ignoreSignal);
    m_request.source = m_cluster->spec(QStringLiteral("heavy"));
    rlimit before = {};
    QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 200'000;
    const auto oldHandler = std::signal(SIGXFSZ, ignoreSignal ? SIG_IGN : SIG_DFL);
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto failed = run();
    QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
    std::signal(SIGXFSZ, oldHandler);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::DiskFull);
    QVERIFY(failed.error().message.contains(u"No backup was made"));
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

/// What pg_dump 15 does when the disk is full at its very last write: exit code 0, nothing said, archive cut.
void TestBackup::truncatedArchiveIsNoticed()
{
    const PgToolchain real = findToolchains(JobContext()).first();
    const QTemporaryDir tools;
    const QString version = QStringLiteral("%1.999").arg(real.version.majorVersion());
    for (const QString &name : {QStringLiteral("pg_dump"), QStringLiteral("pg_restore")}) {
        QString body = QStringLiteral("#!/bin/sh\nif [ \"$1\" = --version ]; then echo '%1 (PostgreSQL) %2'; exit; fi\n"
                                      "'%3' \"$@\" || exit\n")
                           .arg(name, version, real.tool(name));
        if (name == u"pg_dump") {
            body += QStringLiteral("for a in \"$@\"; do case $a in --file=*) truncate -s -300 \"${a#--file=}\";; esac; "
                                   "done\nexit 0\n");
        }
        writeFile(tools.filePath(name), body.toUtf8());
        QFile::setPermissions(tools.filePath(name), QFile::ReadOwner | QFile::ExeOwner);
    }
    const QByteArray oldPath = qgetenv("PATH");
    qputenv("PATH", tools.path().toUtf8() + ':' + oldPath);
    const auto failed = run();
    qputenv("PATH", oldPath);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::FileFailed);
    QVERIFY(m_log.first().contains(tools.path())); // the fake one was used
    QVERIFY(everythingIn(m_folder->path()).isEmpty());
}

void TestBackup::hostileNames_data()
{
    QTest::addColumn<QString>("database");
    for (const char *name : {"-Fp", "host=127.0.0.1 port=1", "postgresql://127.0.0.1:1/x", "a'b\\c\"d",
                             " led and trailed ", "Käfer ünd Vögel", "semi;colon", "%s", "$(id)"}) {
        QTest::newRow(name) << QString::fromUtf8(name);
    }
}

void TestBackup::hostileNames()
{
    QFETCH(QString, database);
    m_request.source = m_cluster->spec(database);
    m_cluster->psql(QStringLiteral("CREATE TABLE IF NOT EXISTS right_one (i int); GRANT SELECT ON right_one TO PUBLIC; "
                                   "TRUNCATE right_one; INSERT INTO right_one SELECT generate_series(1, 7)"),
                    database);
    const QString file = suggestedBackupFile(m_folder->path(), database);
    const auto backup = run(QFileInfo(file).fileName());
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message + backup.error().detail));
    QCOMPARE(QFileInfo(backup->file).path(), m_folder->path());
    QCOMPARE(backup->rows, 7);
    JobContext context;
    const auto dump = inspectDump(backup->file, context);
    QVERIFY(dump);
    QCOMPARE(dump->tables, QStringList{QStringLiteral("public.right_one")});
    QCOMPARE(dump->database, database.trimmed());
}

void TestBackup::killedApplicationLeavesNoFinalFile()
{
    const ConnectionSpec spec = m_cluster->spec(QStringLiteral("heavy"));
    QProcess application;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TEST_PASSWORD"), spec.password.reveal());
    application.setProcessEnvironment(environment);
    application.start(QCoreApplication::applicationFilePath(),
                      {QStringLiteral("--back-up"), spec.parameters.host, QString::number(spec.parameters.port),
                       spec.parameters.user, spec.parameters.database, path(QStringLiteral("b.dump"))});
    QVERIFY(application.waitForStarted());
    QByteArray output;
    QTRY_VERIFY_WITH_TIMEOUT((output += application.readAllStandardOutput()).contains("MIDDLE"), 20000);
    application.kill();
    QVERIFY(application.waitForFinished());

    QVERIFY(!QFile::exists(path(QStringLiteral("b.dump"))));
    const QStringList left = everythingIn(m_folder->path());
    QCOMPARE(left.size(), 1);
    QVERIFY(left.first().startsWith(QStringLiteral("b.dump.partial-")));
    // pg_dump and its session went with the application; cleanup() looks again.
    QTRY_COMPARE_WITH_TIMEOUT(
        m_cluster->psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'roost-%'")),
        QStringLiteral("0"), 5000);

    // The next backup takes the remains away.
    QVERIFY(run());
    QCOMPARE(everythingIn(m_folder->path()), QStringList({QStringLiteral("b.dump"), QStringLiteral("b.dump.json")}));
}

void TestBackup::sweepsOnlyTheDead()
{
    auto living = PartialFolder::createBeside(path(QStringLiteral("living.dump")));
    QVERIFY(living);
    // Somebody's folder that only looks alike, and one with something in it that is not ours.
    QVERIFY(QDir(m_folder->path()).mkdir(QStringLiteral("a.partial-notes")));
    const QString foreign = QStringLiteral("x.partial-01234567-89ab-cdef-0123-456789abcdef");
    QVERIFY(QDir(m_folder->path()).mkdir(foreign));
    writeFile(path(foreign + QStringLiteral("/lock")),
              "1999999\ntst_backup\n" + QSysInfo::machineHostName().toUtf8() + '\n');
    writeFile(path(foreign + QStringLiteral("/diary.txt")), "keep");
    PartialFolder::sweepAbandoned(m_folder->path());
    QVERIFY(QFile::exists((*living)->archivePath()));
    QVERIFY(QFile::exists(path(QStringLiteral("a.partial-notes"))));
    QCOMPARE(contentsOf(path(foreign + QStringLiteral("/diary.txt"))), QByteArray("keep"));
}

void TestBackup::passwordIsNowhere()
{
    m_request.source = m_cluster->spec(QStringLiteral("heavy"));
    const QByteArray canary = m_request.source.password.revealUtf8();
    ProcessSpy spy(canary);
    const auto backup = run();
    spy.finish();
    QVERIFY(backup);
    QVERIFY(spy.toolsSeen() > 0);
    QCOMPARE(spy.found(), QByteArray());
    QVERIFY(!contentsOf(backup->file).contains(canary));
    QVERIFY(!m_log.join(u'\n').contains(QString::fromUtf8(canary)));
}

void TestBackup::silentToolIsGivenUp()
{
    writeFile(path(QStringLiteral("pg_dump")), "#!/bin/sh\nexec sleep 100\n");
    QFile::setPermissions(path(QStringLiteral("pg_dump")), QFile::ReadOwner | QFile::ExeOwner);
    WatchedTool tool;
    tool.messagePrefix = QStringLiteral("pg_dump");
    tool.command =
        postgresTool({m_folder->path(), QVersionNumber(15, 20)}, QStringLiteral("pg_dump"), m_request.source, 150000);
    tool.noteAfterMs = 400;
    tool.giveUpAfterMs = 1200;
    QStringList notes;
    tool.onStall = [&](const QString &note) { notes += note; };
    const auto ended = runWatched(tool, JobContext());
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::TimedOut);
    QCOMPARE(notes.size(), 1);
}

void TestBackup::suggestedNames()
{
    const QString first = suggestedBackupFile(m_folder->path(), QStringLiteral("bird_app_db"));
    QVERIFY(QRegularExpression(QStringLiteral(R"(/bird_app_db-\d{8}-\d{6}\.dump\z)")).match(first).hasMatch());
    writeFile(first, "taken");
    QVERIFY(suggestedBackupFile(m_folder->path(), QStringLiteral("bird_app_db")) != first);
    const QString odd = suggestedBackupFile(m_folder->path(), QStringLiteral("../../etc/\n\"x"));
    QCOMPARE(QFileInfo(odd).path(), m_folder->path());
    QVERIFY(!QFileInfo(odd).fileName().startsWith(u'.'));
}

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    if (argc == 7 && qstrcmp(argv[1], "--back-up") == 0) {
        return runAsApplication(argv);
    }
    TestBackup test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_backup.moc"
