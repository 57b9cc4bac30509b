#include "support/temporarycluster.h"

#include "postgres/databaseconnection.h"
#include "practice/clusterfolder.h"
#include "practice/localcluster.h"
#include "practice/serverprocess.h"

#include <QCoreApplication>
#include <QDirIterator>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QSqlQuery>
#include <QTcpServer>
#include <QTest>

#include <csignal>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString roleName = QStringLiteral("my_database_user");

LocalClusterOptions lastingOptions(const QString &folder, const QString &home)
{
    LocalClusterOptions options;
    options.folder = folder;
    options.home = home;
    options.databases = {QStringLiteral("shop")};
    options.settings = {{QStringLiteral("fsync"), QStringLiteral("off")}};
    return options;
}

/// A cluster that outlives its starter, removed at the end of the test whatever happens.
struct LastingCluster
{
    explicit LastingCluster(const QString &name = QStringLiteral("cluster"))
        : cluster(lastingOptions(root.filePath(name), root.path()))
        , folder(root.filePath(name))
    {
    }
    ~LastingCluster()
    {
        if (auto gone = cluster.destroy(context); !gone) {
            qWarning("%s", qPrintable(gone.error().message));
        }
    }
    /// Starts it in another process, which then ends.
    int startElsewhere(const QString &how)
    {
        return QProcess::execute(QCoreApplication::applicationFilePath(), {how, folder, root.path()});
    }

    QTemporaryDir root;
    LocalCluster cluster;
    QString folder;
    JobContext context;
};

QString problemOf(const Result<void> &result)
{
    return result ? QString() : result.error().message + u'\n' + result.error().detail;
}

Result<QString> ask(const ConnectionSpec &spec, const QString &sql)
{
    auto connection = DatabaseConnection::open(spec);
    if (!connection) {
        return failure(connection.error());
    }
    auto query = (*connection)->query(sql);
    if (!query) {
        return failure(query.error());
    }
    QStringList rows;
    while (query->next()) {
        rows << query->value(0).toString();
    }
    return rows.join(u'\n');
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

mode_t modeOf(const QString &path)
{
    struct stat info = {};
    return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
}

/// The addresses at which somebody listens on the port, as the kernel writes them.
QStringList listeners(int port)
{
    constexpr int hexadecimal = 16;
    QStringList addresses;
    for (const char *table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        for (const QByteArray &line : contentOf(QLatin1String(table)).split('\n')) {
            const QList<QByteArray> fields = line.simplified().split(' ');
            const QList<QByteArray> local = fields.value(1).split(':');
            if (fields.value(3) == "0A" && local.value(1).toInt(nullptr, hexadecimal) == port) {
                addresses << QString::fromLatin1(local.value(0));
            }
        }
    }
    return addresses;
}

/// A process of the server's user that is not a server.
std::unique_ptr<QProcess> strangerOf(const ServerUser &user)
{
    auto process = std::make_unique<QProcess>();
    process->setChildProcessModifier([user] {
        if (user.isAnother && (::setgroups(1, &user.gid) != 0 || ::setgid(user.gid) != 0 || ::setuid(user.uid) != 0)) {
            ::_exit(1);
        }
    });
    process->setWorkingDirectory(QStringLiteral("/"));
    process->start(QStringLiteral("/bin/sleep"), {QStringLiteral("300")});
    return process->waitForStarted() ? std::move(process) : nullptr;
}

} // namespace

class TestLocalCluster : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void startingAgainDoesNothing();
    void roleHasWhatARenderUserHas();
    void roleMayNotDoMore_data();
    void roleMayNotDoMore();
    void onlyThePasswordLetsIn();
    void listensOnLoopbackOnly();
    void filesAreClosedToOthers();
    void passwordStandsNowhere();

    void isFoundAgainAfterACrash();
    void twoStartersMakeOneServer();
    void diesWithItsParentWhenAsked();
    void comesBackAfterTheServerWasKilled();
    void staleProcessFileIsNoObstacle_data();
    void staleProcessFileIsNoObstacle();
    void portIsKeptUnlessTaken();
    void worksInAwkwardFolders_data();
    void worksInAwkwardFolders();
    void worksBelowAClosedFolder();
    void abandonedClusterIsRemoved();
    void cancelledStartLeavesNoServer();
    void practiceHasItsDatabases();

private:
    TemporaryCluster m_temporary;
};

void TestLocalCluster::initTestCase()
{
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(m_temporary.start(), qPrintable(m_temporary.problem()));
    qInfo("A temporary cluster takes %lld ms.", timer.elapsed());
}

void TestLocalCluster::startingAgainDoesNothing()
{
    const auto before = m_temporary.cluster().status();
    QElapsedTimer timer;
    timer.start();
    QVERIFY(m_temporary.start());
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
    const auto after = m_temporary.cluster().status();
    QVERIFY(before.isInitialised && before.isRunning);
    QCOMPARE(after.serverPid, before.serverPid);
    QCOMPARE(after.port, before.port);
}

void TestLocalCluster::roleHasWhatARenderUserHas()
{
    const ConnectionSpec spec = m_temporary.spec(QStringLiteral("shop"));
    QVERIFY(ask(spec, QStringLiteral("CREATE DATABASE made_by_role")));
    QVERIFY(ask(spec, QStringLiteral("CREATE TABLE t (a int)")));
    QCOMPARE(ask(spec, QStringLiteral("SELECT rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls OR NOT "
                                      "rolcreatedb FROM pg_roles WHERE rolname = current_user")),
             QStringLiteral("f"));
    QCOMPARE(ask(spec, QStringLiteral("SHOW server_encoding")), QStringLiteral("UTF8"));
    QCOMPARE(ask(spec, QStringLiteral("SHOW max_connections")), QStringLiteral("100"));
}

void TestLocalCluster::roleMayNotDoMore_data()
{
    QTest::addColumn<QString>("statement");
    QTest::newRow("role") << QStringLiteral("CREATE ROLE other");
    QTest::newRow("promotion") << QStringLiteral("ALTER ROLE my_database_user SUPERUSER");
    QTest::newRow("file") << QStringLiteral("SELECT pg_read_file('postgresql.conf')");
    QTest::newRow("program") << QStringLiteral("COPY (SELECT 1) TO PROGRAM 'true'");
    QTest::newRow("settings") << QStringLiteral("ALTER SYSTEM SET work_mem = '1MB'");
    QTest::newRow("passwords") << QStringLiteral("SELECT rolpassword FROM pg_authid");
}

void TestLocalCluster::roleMayNotDoMore()
{
    QFETCH(QString, statement);
    const auto answer = ask(m_temporary.spec(QStringLiteral("shop")), statement);
    QVERIFY(!answer);
    QCOMPARE(answer.error().sqlState, QByteArray("42501"));
}

void TestLocalCluster::onlyThePasswordLetsIn()
{
    const ConnectionSpec right = m_temporary.spec(QStringLiteral("shop"));
    QVERIFY(ask(right, QStringLiteral("SELECT 1")));

    ConnectionSpec wrong = right;
    wrong.password = Secret(QStringLiteral("not-the-password"));
    QVERIFY(!ask(wrong, QStringLiteral("SELECT 1")));

    ConnectionSpec none = right;
    none.password = Secret();
    QVERIFY(!ask(none, QStringLiteral("SELECT 1")));

    ConnectionSpec superuserByTcp = right;
    superuserByTcp.parameters.user = QStringLiteral("postgres");
    QVERIFY(!ask(superuserByTcp, QStringLiteral("SELECT 1")));

    ConnectionSpec roleBySocket = m_temporary.superuser(QStringLiteral("shop"));
    roleBySocket.parameters.user = roleName;
    QVERIFY(!ask(roleBySocket, QStringLiteral("SELECT 1")));
    QCOMPARE(ask(m_temporary.superuser(), QStringLiteral("SELECT current_user")), QStringLiteral("postgres"));
}

void TestLocalCluster::listensOnLoopbackOnly()
{
    QCOMPARE(listeners(m_temporary.port()), QStringList{QStringLiteral("0100007F")});
}

void TestLocalCluster::filesAreClosedToOthers()
{
    const QString cluster = m_temporary.folder() + QStringLiteral("/cluster");
    QCOMPARE(contentOf(cluster + QStringLiteral("/key")).size(), 32);
    QCOMPARE(modeOf(cluster + QStringLiteral("/key")), mode_t(0600));
    QCOMPARE(modeOf(cluster + QStringLiteral("/data")), mode_t(0700));
    QCOMPARE(modeOf(cluster + QStringLiteral("/s")), mode_t(0700));
    // As root, the group of the server's user may pass through, and see nothing.
    QCOMPARE(modeOf(cluster), mode_t(::geteuid() == 0 ? 0710 : 0700));
    for (const char *name : {"/postgresql.conf", "/pg_hba.conf", "/server.log"}) {
        QCOMPARE(modeOf(cluster + QLatin1String(name)) & 0027, mode_t(0));
    }
}

void TestLocalCluster::passwordStandsNowhere()
{
    const ConnectionSpec spec = m_temporary.spec(QStringLiteral("shop"));
    const QByteArray password = spec.password.revealUtf8();
    QVERIFY(password.size() >= 40);
    // A statement with it fails, too, and must not be logged.
    QVERIFY(!ask(spec, QStringLiteral("ALTER ROLE postgres PASSWORD '%1'").arg(spec.password.reveal())));
    m_temporary.psql(QStringLiteral("CHECKPOINT"));
    int files = 0;
    for (QDirIterator it(m_temporary.folder(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
         it.hasNext();) {
        const QString path = it.next();
        QVERIFY2(!contentOf(path).contains(password), qPrintable(path));
        ++files;
    }
    QVERIFY(files > 500);
    const qint64 server = m_temporary.cluster().status().serverPid;
    for (const char *part : {"cmdline", "environ"}) {
        const QByteArray content = contentOf(QStringLiteral("/proc/%1/%2").arg(server).arg(QLatin1String(part)));
        QVERIFY(!content.isEmpty());
        QVERIFY(!content.contains(password));
    }
}

void TestLocalCluster::isFoundAgainAfterACrash()
{
    LastingCluster lasting;
    QCOMPARE(lasting.startElsewhere(QStringLiteral("--start-and-crash")), -1); // as QProcess tells a crash
    const auto before = lasting.cluster.status();
    QVERIFY(before.isRunning);

    QElapsedTimer timer;
    timer.start();
    const auto started = lasting.cluster.start(lasting.context);
    QVERIFY2(started, qPrintable(problemOf(started)));
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));
    QCOMPARE(lasting.cluster.status().serverPid, before.serverPid);
    const auto spec = lasting.cluster.connection(QStringLiteral("shop"));
    QVERIFY(spec);
    QCOMPARE(ask(*spec, QStringLiteral("SELECT current_user")), roleName);

    QVERIFY(lasting.cluster.stop(lasting.context));
    QVERIFY(!lasting.cluster.status().isRunning);
    QVERIFY(listeners(before.port).isEmpty());
    QVERIFY(!lasting.cluster.connection(QStringLiteral("shop")));
    QVERIFY(lasting.cluster.stop(lasting.context)); // once more: nothing to do
}

void TestLocalCluster::twoStartersMakeOneServer()
{
    LastingCluster lasting;
    QProcess first;
    QProcess second;
    for (QProcess *process : {&first, &second}) {
        process->start(QCoreApplication::applicationFilePath(),
                       {QStringLiteral("--start"), lasting.folder, lasting.root.path()});
    }
    for (QProcess *process : {&first, &second}) {
        QVERIFY(process->waitForFinished());
        QCOMPARE(process->exitCode(), 0);
    }
    // Both name the server that they found or started.
    const QByteArray server = QByteArray::number(lasting.cluster.status().serverPid);
    QCOMPARE(first.readAllStandardOutput().trimmed(), server);
    QCOMPARE(second.readAllStandardOutput().trimmed(), server);
}

void TestLocalCluster::diesWithItsParentWhenAsked()
{
    LastingCluster lasting;
    QCOMPARE(lasting.startElsewhere(QStringLiteral("--start-mortal-and-crash")), -1);
    QVERIFY(lasting.cluster.status().isInitialised);
    QTRY_VERIFY(!lasting.cluster.status().isRunning);
}

void TestLocalCluster::comesBackAfterTheServerWasKilled()
{
    LastingCluster lasting;
    QVERIFY(lasting.cluster.start(lasting.context));
    const auto spec = lasting.cluster.connection(QStringLiteral("shop"));
    QVERIFY(spec);
    QVERIFY(ask(*spec, QStringLiteral("CREATE TABLE kept AS SELECT 42 AS answer")));
    const auto before = lasting.cluster.status();
    QCOMPARE(::kill(pid_t(before.serverPid), SIGKILL), 0);
    QTRY_VERIFY(!lasting.cluster.status().isRunning);

    const auto started = lasting.cluster.start(lasting.context);
    QVERIFY2(started, qPrintable(problemOf(started)));
    QVERIFY(lasting.cluster.status().serverPid != before.serverPid);
    QCOMPARE(ask(*lasting.cluster.connection(QStringLiteral("shop")), QStringLiteral("SELECT answer FROM kept")),
             QStringLiteral("42"));
}

void TestLocalCluster::staleProcessFileIsNoObstacle_data()
{
    QTest::addColumn<QString>("whose");
    QTest::newRow("nobody's") << QStringLiteral("nobody");
    QTest::newRow("ours") << QStringLiteral("test");
    QTest::newRow("a stranger's of the same user") << QStringLiteral("stranger");
}

void TestLocalCluster::staleProcessFileIsNoObstacle()
{
    QFETCH(QString, whose);
    LastingCluster lasting;
    QVERIFY(lasting.cluster.start(lasting.context));
    QVERIFY(lasting.cluster.stop(lasting.context));
    const auto user = ServerUser::choose();
    QVERIFY(user);
    const auto stranger = strangerOf(*user);
    QVERIFY(stranger);
    constexpr qint64 neverUsed = (1 << 22) + 1; // above the kernel's largest number
    const qint64 number = whose == u"nobody" ? neverUsed
                          : whose == u"test" ? QCoreApplication::applicationPid()
                                             : stranger->processId();
    const QString data = lasting.folder + QStringLiteral("/data");
    QFile file(data + QStringLiteral("/postmaster.pid"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(QByteArray::number(number) + '\n' + data.toUtf8() + "\n1\n5432\n/tmp\n127.0.0.1\n1 1\nready\n");
    file.close();
    QCOMPARE(::chown(QFile::encodeName(file.fileName()).constData(), user->uid, user->gid), 0);
    QVERIFY(!lasting.cluster.status().isRunning);

    const auto started = lasting.cluster.start(lasting.context);
    QVERIFY2(started, qPrintable(problemOf(started)));
    QVERIFY(lasting.cluster.status().serverPid != number);
    QCOMPARE(stranger->state(), QProcess::Running);
    stranger->kill();
    stranger->waitForFinished();
}

void TestLocalCluster::portIsKeptUnlessTaken()
{
    LastingCluster lasting;
    QVERIFY(lasting.cluster.start(lasting.context));
    const int port = lasting.cluster.status().port;
    QVERIFY(lasting.cluster.stop(lasting.context));
    QVERIFY(lasting.cluster.start(lasting.context));
    QCOMPARE(lasting.cluster.status().port, port);
    QVERIFY(lasting.cluster.stop(lasting.context));

    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost, quint16(port)));
    QVERIFY(lasting.cluster.start(lasting.context));
    QVERIFY(lasting.cluster.status().port != port);
    QVERIFY(ask(*lasting.cluster.connection(QStringLiteral("shop")), QStringLiteral("SELECT 1")));
}

void TestLocalCluster::worksInAwkwardFolders_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("blanks and quotes") << QStringLiteral("Jane's \"own\" birds $HOME/a=b #1");
    QTest::newRow("comma") << QStringLiteral("birds, mostly");
    QTest::newRow("letters") << QStringLiteral("Vögel/鳥");
    QTest::newRow("deep") << QStringLiteral("a folder with quite a long name/below another one with a long name/"
                                            "and below that a third one, for good measure, with a longer name yet");
}

void TestLocalCluster::worksInAwkwardFolders()
{
    QFETCH(QString, folder);
    LastingCluster lasting(folder);
    const auto started = lasting.cluster.start(lasting.context);
    QVERIFY2(started, qPrintable(problemOf(started)));
    QVERIFY(ask(*lasting.cluster.connection(QStringLiteral("shop")), QStringLiteral("SELECT 1")));
    const auto admin = lasting.cluster.superuserConnection(QStringLiteral("shop"));
    QVERIFY(admin);
    QCOMPARE(ask(*admin, QStringLiteral("SELECT current_user")), QStringLiteral("postgres"));
    QVERIFY(lasting.cluster.destroy(lasting.context));
    QVERIFY(!QFileInfo::exists(lasting.folder));
    QVERIFY(!QFileInfo::exists(admin->parameters.host));
}

void TestLocalCluster::worksBelowAClosedFolder()
{
    QTemporaryDir closed; // 0700, and not named as ours
    LocalCluster cluster(lastingOptions(closed.filePath(QStringLiteral("cluster")), {}));
    JobContext context;
    const auto started = cluster.start(context);
    QVERIFY2(started, qPrintable(problemOf(started)));
    QVERIFY(ask(*cluster.connection(QStringLiteral("shop")), QStringLiteral("SELECT 1")));
    QCOMPARE(modeOf(closed.path()), mode_t(0700));
    const QString elsewhere =
        QString::fromLocal8Bit(contentOf(closed.filePath(QStringLiteral("cluster/location")))).trimmed();
    QCOMPARE(!elsewhere.isEmpty(), ::geteuid() == 0);
    QVERIFY(cluster.destroy(context));
    QVERIFY(!QFileInfo::exists(closed.filePath(QStringLiteral("cluster"))));
    QVERIFY(elsewhere.isEmpty() || !QFileInfo::exists(elsewhere));
}

void TestLocalCluster::abandonedClusterIsRemoved()
{
    JobContext context;
    auto closed = std::make_unique<QTemporaryDir>();
    const QString folder = closed->filePath(QStringLiteral("cluster"));
    LocalCluster cluster(lastingOptions(folder, {}));
    QVERIFY(cluster.start(context));
    const qint64 server = cluster.status().serverPid;
    const QString elsewhere = QString::fromLocal8Bit(contentOf(folder + QStringLiteral("/location"))).trimmed();
    if (elsewhere.isEmpty()) { // An ordinary user's server notices by itself that its folder is gone.
        QVERIFY(cluster.stop(context));
    }
    closed.reset();

    QTemporaryDir another;
    LocalCluster next(lastingOptions(another.filePath(QStringLiteral("cluster")), {}));
    QVERIFY(next.start(context));
    QVERIFY(!isAlive(server));
    QVERIFY(elsewhere.isEmpty() || !QFileInfo::exists(elsewhere));
    QVERIFY(next.status().isRunning);
    QVERIFY(next.destroy(context));
}

void TestLocalCluster::cancelledStartLeavesNoServer()
{
    LastingCluster lasting;
    std::stop_source stop;
    QStringList steps;
    JobContext context(stop.get_token(), [&](const Progress &progress) {
        steps << progress.step;
        if (steps.size() == 2) {
            stop.request_stop();
        }
    });
    const auto started = lasting.cluster.start(context);
    QVERIFY(!started);
    QVERIFY(started.error().isCancelled());
    QCOMPARE(steps.size(), 2); // made, then starting
    QVERIFY(lasting.cluster.status().isInitialised);
    QVERIFY(!lasting.cluster.status().isRunning);
    QVERIFY(lasting.cluster.start(lasting.context));
}

void TestLocalCluster::practiceHasItsDatabases()
{
    QTemporaryDir home;
    qputenv("ROOST_HOME", QFile::encodeName(home.path()));
    LocalCluster cluster = practiceCluster();
    JobContext context;
    const auto started = startPractice(context);
    QVERIFY2(started, qPrintable(problemOf(started)));

    const auto birds = cluster.connection(QStringLiteral("bird_app_db"));
    QVERIFY(birds);
    QCOMPARE(ask(*birds, QStringLiteral("SELECT id || ' ' || name || ' / ' || species FROM birds ORDER BY id")),
             QStringLiteral("1 Black-Capped Chickadee / Poecile Atricapillus\n2 Grackle / Quiscalus Quiscula\n"
                            "3 Common Starling / Sturnus Vulgaris\n4 Mourning Dove / Zenaida Macroura"));
    QCOMPARE(ask(*birds, QStringLiteral("SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'")),
             roleName);
    const auto empty = cluster.connection(QStringLiteral("my_database"));
    QCOMPARE(ask(*empty, QStringLiteral("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")),
             QStringLiteral("0"));
    QCOMPARE(ask(*empty, QStringLiteral("SELECT string_agg(datname || '=' || pg_get_userbyid(datdba), ' ' ORDER BY "
                                        "datname) FROM pg_database WHERE NOT datistemplate")),
             QStringLiteral("bird_app_db=my_database_user my_database=my_database_user postgres=postgres"));

    QElapsedTimer timer;
    timer.start();
    QVERIFY(startPractice(context));
    QVERIFY2(timer.elapsed() < 100, qPrintable(QString::number(timer.elapsed())));

    // An emptied database stays empty, also after a restart.
    QVERIFY(ask(*birds, QStringLiteral("DROP TABLE birds")));
    QVERIFY(cluster.stop(context));
    QVERIFY(startPractice(context));
    QCOMPARE(
        ask(*cluster.connection(QStringLiteral("bird_app_db")), QStringLiteral("SELECT to_regclass('birds') IS NULL")),
        QStringLiteral("t"));
    QVERIFY(cluster.destroy(context));
    qunsetenv("ROOST_HOME");
}

/// What the tests run in another process: PROGRAM --start… FOLDER HOME.
static int startAndEnd(const QStringList &arguments)
{
    LocalClusterOptions options = lastingOptions(arguments.at(2), arguments.at(3));
    options.diesWithParent = arguments.at(1) == u"--start-mortal-and-crash";
    LocalCluster cluster(options);
    JobContext context;
    if (const auto started = cluster.start(context); !started) {
        qWarning("%s", qPrintable(problemOf(started)));
        return 1;
    }
    printf("%lld\n", cluster.status().serverPid);
    fflush(stdout);
    if (arguments.at(1) != u"--start") {
        ::kill(::getpid(), SIGKILL);
    }
    return 0;
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc > 3 && QByteArrayView(argv[1]).startsWith("--start")) {
        return startAndEnd(QCoreApplication::arguments());
    }
    TestLocalCluster test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_localcluster.moc"
