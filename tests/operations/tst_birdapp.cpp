#include "support/temporarycluster.h"

#include "operations/birdapp.h"
#include "operations/birdapppython.h"
#include "operations/birdapptemplate.h"
#include "postgres/databaseconnection.h"
#include "process/pgtoolchain.h"
#include "process/processrunner.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <mutex>
#include <thread>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString problemOf(const Error &error)
{
    return error.message + u'\n' + error.detail;
}

template <class T>
QString problemOf(const Result<T> &result)
{
    return result ? QString() : problemOf(result.error());
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void append(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::Append) || file.write(text) != text.size()) {
        qFatal("%s cannot be written", qPrintable(path));
    }
}

/// The numbers of the processes that work in this folder.
QStringList processesIn(const QString &folder)
{
    QStringList numbers;
    const QString canonical = QFileInfo(folder).canonicalFilePath();
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
        if (entry.at(0).isDigit() && QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(entry)) == canonical) {
            numbers << entry;
        }
    }
    return numbers;
}

bool isListening(int port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(port));
    return socket.waitForConnected(2000);
}

/// runBirdApp() on a thread of its own, as the application does it.
class RunningApp
{
public:
    RunningApp(BirdApp app, ConnectionSpec database, int port)
        : m_request{std::move(app), std::move(database), port}
    {
        m_thread = std::jthread([this](const std::stop_token &stop) {
            LaunchEvents events;
            events.ready = [this](const QString &url) {
                const std::scoped_lock lock(m_mutex);
                m_url = url;
            };
            events.output = [this](const QString &line) {
                const std::scoped_lock lock(m_mutex);
                m_log << line;
            };
            events.trouble = [this](const Error &error) {
                const std::scoped_lock lock(m_mutex);
                m_troubles << error;
            };
            JobContext context(stop);
            auto result = runBirdApp(m_request, events, context);
            const std::scoped_lock lock(m_mutex);
            m_result = result;
        });
    }
    QString url()
    {
        const std::scoped_lock lock(m_mutex);
        return m_url;
    }
    QStringList log()
    {
        const std::scoped_lock lock(m_mutex);
        return m_log;
    }
    QList<Error> troubles()
    {
        const std::scoped_lock lock(m_mutex);
        return m_troubles;
    }
    bool hasEnded()
    {
        const std::scoped_lock lock(m_mutex);
        return m_result.has_value();
    }
    Result<void> stop()
    {
        m_thread.request_stop();
        return end();
    }
    Result<void> end()
    {
        m_thread.join();
        return *m_result;
    }

private:
    LaunchRequest m_request;
    std::mutex m_mutex;
    QString m_url;
    QStringList m_log;
    QList<Error> m_troubles;
    std::optional<Result<void>> m_result;
    std::jthread m_thread;
};

} // namespace

class TestBirdApp : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void newAppIsComplete();
    void newAppOverwritesNothing();
    void inspectsFolders();
    void upgradeAndSeedGiveFourBirds();
    void practiceBirdsAreTheSame();
    void oddPasswordsReachTheApp();
    void answersOnLoopbackOnly();
    void passwordIsInNoArgument();
    void stopLeavesNothing();
    void endsWithTheApplication();
    void ownGunicornSettingsDoNotCount();
    void foreignHostNamesAreRefused();
    void portTakenNamesAFreeOne();
    void choosesThePython();
    void missingModuleIsNamed_data();
    void missingModuleIsNamed();
    void missingTableIsExplained();
    void crashIsExplained_data();
    void crashIsExplained();
    void missingDatabaseIsExplained();
    void asksOnlyThisComputer();

private:
    BirdApp newApp();
    ConnectionSpec seededDatabase();

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    int m_apps = 0;
    int m_port = 0;
};

void TestBirdApp::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    constexpr int firstPort = 18000;
    m_port = freePortFrom(firstPort);
    QVERIFY(m_port != 0);
}

BirdApp TestBirdApp::newApp()
{
    const auto app = createBirdApp(m_folder.filePath(QStringLiteral("my birds %1").arg(++m_apps)));
    if (!app) {
        qFatal("%s", qPrintable(problemOf(app)));
    }
    return *app;
}

/// What practice mode has: made without Python.
ConnectionSpec TestBirdApp::seededDatabase()
{
    const QString name = QStringLiteral("seeded");
    const ConnectionSpec spec = m_cluster.spec(name);
    auto connection = DatabaseConnection::open(spec);
    if (!connection) {
        qFatal("%s", qPrintable(problemOf(connection.error())));
    }
    auto there = (*connection)->query(QStringLiteral("SELECT to_regclass('birds')"));
    if (there && there->next() && there->value(0).isNull()) {
        for (const QString &statement : birdDatabaseStatements()) {
            if (auto done = (*connection)->execute(statement); !done) {
                qFatal("%s", qPrintable(problemOf(done)));
            }
        }
    }
    return spec;
}

void TestBirdApp::newAppIsComplete()
{
    const BirdApp app = newApp();
    QVERIFY(app.hasApp && app.hasMigrations && app.hasSeed);
    QCOMPARE(app.module, QStringLiteral("app:app"));
    const QDir folder(app.folder);
    for (const char *name :
         {"app.py", "models.py", "seed.py", "birds.csv", "requirements.txt", "README.md", ".gitignore",
          "migrations/env.py", "migrations/alembic.ini", "migrations/script.py.mako"}) {
        const QFileInfo file(folder.filePath(QLatin1String(name)));
        QVERIFY2(file.size() > 0 && file.isWritable(), name);
    }
    QVERIFY(contentOf(folder.filePath(QStringLiteral(".gitignore"))).split('\n').contains(".env"));
    // Nothing is left beside it.
    QCOMPARE(QDir(m_folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot).size(), m_apps);
}

void TestBirdApp::newAppOverwritesNothing()
{
    QTemporaryDir parent;
    QVERIFY(QDir(parent.path()).mkdir(QStringLiteral("empty")));
    QVERIFY(createBirdApp(parent.filePath(QStringLiteral("empty"))));
    const auto again = createBirdApp(parent.filePath(QStringLiteral("empty")));
    QVERIFY(!again);
    QCOMPARE(again.error().code, ErrorCode::AlreadyExists);

    QVERIFY(QDir(parent.path()).mkdir(QStringLiteral("hidden")));
    append(parent.filePath(QStringLiteral("hidden/.git")), "x");
    QCOMPARE(createBirdApp(parent.filePath(QStringLiteral("hidden"))).error().code, ErrorCode::AlreadyExists);
    append(parent.filePath(QStringLiteral("file")), "x");
    QCOMPARE(createBirdApp(parent.filePath(QStringLiteral("file"))).error().code, ErrorCode::AlreadyExists);
    QVERIFY(createBirdApp(parent.filePath(QStringLiteral("not/yet/there"))));
}

void TestBirdApp::inspectsFolders()
{
    QTemporaryDir folder;
    const auto nothing = inspectBirdApp(folder.path());
    QVERIFY(nothing);
    QVERIFY(!nothing->hasApp && !nothing->hasMigrations && !nothing->hasSeed);
    append(folder.filePath(QStringLiteral("wsgi.py")), "app = None\n");
    QCOMPARE(inspectBirdApp(folder.path())->module, QStringLiteral("wsgi:app"));
    append(folder.filePath(QStringLiteral("app.py")), "app = None\n");
    QCOMPARE(inspectBirdApp(folder.path())->module, QStringLiteral("app:app"));
    QCOMPARE(inspectBirdApp(folder.filePath(QStringLiteral("gone"))).error().code, ErrorCode::NotFound);

    JobContext context;
    const ConnectionSpec database;
    QCOMPARE(upgradeBirdApp(*nothing, database, context).error().code, ErrorCode::NotFound);
    QCOMPARE(seedBirdApp(*nothing, database, context).error().code, ErrorCode::NotFound);
    QCOMPARE(runBirdApp({*nothing, database, m_port}, {}, context).error().code, ErrorCode::NotFound);
}

void TestBirdApp::upgradeAndSeedGiveFourBirds()
{
    const BirdApp app = newApp();
    const ConnectionSpec database = m_cluster.spec(QStringLiteral("bird_app_db"));
    QStringList log;
    JobContext context({}, {}, [&](const QString &line) { log << line; });
    const auto upgraded = upgradeBirdApp(app, database, context);
    QVERIFY2(upgraded, qPrintable(problemOf(upgraded)));
    QVERIFY(upgradeBirdApp(app, database, context)); // nothing more to do
    for (int round = 0; round < 2; ++round) {
        const auto seeded = seedBirdApp(app, database, context);
        QVERIFY2(seeded, qPrintable(problemOf(seeded)));
    }
    QVERIFY(log.contains(QStringLiteral("4 birds seeded.")));
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT string_agg(id || ' ' || name, ', ' ORDER BY id) FROM birds"),
                            database.parameters.database),
             QStringLiteral("1 Black-Capped Chickadee, 2 Grackle, 3 Common Starling, 4 Mourning Dove"));
    QVERIFY(!log.join(u'\n').contains(database.password.reveal()));
}

void TestBirdApp::practiceBirdsAreTheSame()
{
    const auto tools = serverToolchain(JobContext());
    QVERIFY(tools);
    const auto dump = [&](const ConnectionSpec &spec) {
        ProcessCommand command;
        command.program = tools->tool(QStringLiteral("pg_dump"));
        command.arguments = {QStringLiteral("--inserts")};
        command.connection = spec;
        const auto outcome = runProcess(command, JobContext());
        return outcome && outcome->succeeded() ? outcome->standardOutput : QByteArray();
    };
    // Psql's \restrict lines hold a random word.
    const auto comparable = [](const QByteArray &text) {
        QStringList lines = QString::fromUtf8(text).split(u'\n');
        lines.removeIf([](const QString &line) { return line.startsWith(u'\\'); });
        return lines;
    };
    const QStringList app = comparable(dump(m_cluster.spec(QStringLiteral("bird_app_db"))));
    QVERIFY(!app.filter(QStringLiteral("Mourning Dove")).isEmpty());
    QCOMPARE(comparable(dump(seededDatabase())), app);
}

void TestBirdApp::oddPasswordsReachTheApp()
{
    const QString password = QStringLiteral("p@ss:w/rd %41?#&='\"\\é");
    m_cluster.psql(QStringLiteral("CREATE ROLE \"odd user@x\" LOGIN PASSWORD '%1'; CREATE DATABASE \"odd-name 100%\" "
                                  "OWNER \"odd user@x\"")
                       .arg(QString(password).replace(u'\'', QStringLiteral("''"))));
    ConnectionSpec database = m_cluster.spec();
    database.parameters.user = QStringLiteral("odd user@x");
    database.parameters.database = QStringLiteral("odd-name 100%");
    database.password = Secret(password);
    JobContext context;
    const BirdApp app = newApp();
    const auto upgraded = upgradeBirdApp(app, database, context);
    QVERIFY2(upgraded, qPrintable(problemOf(upgraded)));
    QVERIFY(seedBirdApp(app, database, context));
}

void TestBirdApp::answersOnLoopbackOnly()
{
    RunningApp running(newApp(), seededDatabase(), m_port);
    QTRY_VERIFY_WITH_TIMEOUT(!running.url().isEmpty() || running.hasEnded(), 60'000);
    QCOMPARE(running.url(), QStringLiteral("http://127.0.0.1:%1").arg(m_port));

    const auto birds = askBirdApp(running.url() + QStringLiteral("/birds"), JobContext());
    QVERIFY2(birds, qPrintable(problemOf(birds)));
    QCOMPARE(birds->status, 200);
    const QJsonArray list = QJsonDocument::fromJson(birds->body).array();
    QCOMPARE(list.size(), 4);
    QCOMPARE(list.at(3).toObject().value(QStringLiteral("species")).toString(), QStringLiteral("Zenaida Macroura"));

    const auto one = askBirdApp(running.url() + QStringLiteral("/birds/1"), JobContext());
    QVERIFY(one);
    QCOMPARE(one->status, 200);
    QCOMPARE(QJsonDocument::fromJson(one->body).object().value(QStringLiteral("name")).toString(),
             QStringLiteral("Black-Capped Chickadee"));

    const auto none = askBirdApp(running.url() + QStringLiteral("/birds/999"), JobContext());
    QVERIFY(none);
    QCOMPARE(none->status, 404);
    QCOMPARE(none->body.trimmed(), QByteArray("{\"error\": \"Bird not found\"}"));

    constexpr int hexadecimal = 16;
    const QByteArray suffix = ':' + QByteArray::number(m_port, hexadecimal).toUpper().rightJustified(4, '0');
    for (const char *table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
        for (const QByteArray &line : contentOf(QLatin1String(table)).split('\n')) {
            const QByteArray local = line.simplified().split(' ').value(1);
            QVERIFY2(!local.endsWith(suffix) || local.startsWith("0100007F:"), local.constData());
        }
    }
    QTRY_VERIFY(running.log().contains(QStringLiteral("GET /birds/999 404")));
    QVERIFY(running.stop());
}

void TestBirdApp::passwordIsInNoArgument()
{
    const BirdApp app = newApp();
    const ConnectionSpec database = seededDatabase();
    RunningApp running(app, database, m_port);
    int samples = 0;
    bool isSeen = false;
    while (running.url().isEmpty() && !running.hasEnded()) {
        for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
            if (entry.at(0).isDigit()) {
                const QByteArray line = contentOf(QStringLiteral("/proc/%1/cmdline").arg(entry));
                QVERIFY2(!line.contains(database.password.revealUtf8()), line.constData());
                QVERIFY2(!line.contains("postgresql://"), line.constData());
                isSeen = isSeen || line.contains("gunicorn");
            }
        }
        ++samples;
    }
    QVERIFY(isSeen && samples > 1);
    const QStringList processes = processesIn(app.folder);
    QVERIFY(processes.size() >= 2); // master and worker
    for (const QString &number : processes) {
        const QByteArray limits = contentOf(QStringLiteral("/proc/%1/limits").arg(number));
        const QByteArray core = limits.mid(limits.indexOf("Max core file size")).split('\n').first().simplified();
        QCOMPARE(core, QByteArray("Max core file size 0 0 bytes"));
    }
    QVERIFY(running.stop());
    QVERIFY(!running.log().join(u'\n').contains(database.password.reveal()));
}

void TestBirdApp::stopLeavesNothing()
{
    const BirdApp app = newApp();
    RunningApp running(app, seededDatabase(), m_port);
    QTRY_VERIFY_WITH_TIMEOUT(!running.url().isEmpty(), 60'000);
    QVERIFY(isListening(m_port));
    QVERIFY(!processesIn(app.folder).isEmpty());
    QVERIFY(running.stop());
    QCOMPARE(processesIn(app.folder), QStringList());
    QVERIFY(!isListening(m_port));
    QCOMPARE(freePortFrom(m_port), m_port);

    RunningApp stoppedAtOnce(app, seededDatabase(), m_port);
    QVERIFY(stoppedAtOnce.stop());
    QCOMPARE(processesIn(app.folder), QStringList());
}

void TestBirdApp::endsWithTheApplication()
{
    const BirdApp app = newApp();
    const ConnectionSpec database = seededDatabase();
    // In another process, which is killed once the app answers.
    QProcess roost;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TEST_PASSWORD"), database.password.reveal());
    environment.insert(QStringLiteral("TMPDIR"), m_folder.path()); // it cannot clean up
    roost.setProcessEnvironment(environment);
    roost.start(QCoreApplication::applicationFilePath(),
                {QStringLiteral("--run-and-crash"), app.folder, QString::number(database.parameters.port),
                 database.parameters.user, database.parameters.database, QString::number(m_port)});
    QVERIFY(roost.waitForFinished(60'000));
    QCOMPARE(roost.exitStatus(), QProcess::CrashExit);
    QCOMPARE(roost.readAllStandardOutput(), QByteArray("ready\n"));
    QTRY_VERIFY(!isListening(m_port));
    QTRY_COMPARE(processesIn(app.folder), QStringList());
}

void TestBirdApp::ownGunicornSettingsDoNotCount()
{
    const BirdApp app = newApp();
    append(app.folder + QStringLiteral("/gunicorn.conf.py"),
           "bind = '0.0.0.0:1'\ndaemon = True\nraw_env = ['DATABASE_URI=postgresql://nobody@127.0.0.1:1/x']\n");
    RunningApp running(app, seededDatabase(), m_port);
    QTRY_VERIFY_WITH_TIMEOUT(!running.url().isEmpty() || running.hasEnded(), 60'000);
    QCOMPARE(askBirdApp(running.url() + QStringLiteral("/birds"), JobContext())->status, 200);
    QVERIFY(running.log().first().contains(QStringLiteral("gunicorn.conf.py")));
    QVERIFY(running.stop());
    QCOMPARE(processesIn(app.folder), QStringList());
}

void TestBirdApp::foreignHostNamesAreRefused()
{
    RunningApp running(newApp(), seededDatabase(), m_port);
    QTRY_VERIFY_WITH_TIMEOUT(!running.url().isEmpty(), 60'000);
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(m_port));
    QVERIFY(socket.waitForConnected());
    socket.write("GET /birds HTTP/1.0\r\nHost: birds.example.org:8000\r\n\r\n");
    while (socket.waitForReadyRead()) {
    }
    const QByteArray answer = socket.readAll();
    QVERIFY2(answer.startsWith("HTTP/1.1 403") || answer.startsWith("HTTP/1.0 403"), answer.constData());
    QVERIFY(!answer.contains("Grackle"));
    QVERIFY(running.stop());
}

void TestBirdApp::portTakenNamesAFreeOne()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    JobContext context;
    const auto result = runBirdApp({newApp(), seededDatabase(), other.serverPort()}, {}, context);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Conflict);
    const int free = freePortFrom(other.serverPort() + 1);
    QVERIFY2(result.error().message.contains(QString::number(other.serverPort())), qPrintable(result.error().message));
    QVERIFY2(result.error().message.contains(QString::number(free)), qPrintable(result.error().message));
    for (const int port : {0, -1, 70'000}) {
        QCOMPARE(runBirdApp({newApp(), seededDatabase(), port}, {}, context).error().code, ErrorCode::InvalidInput);
    }
}

void TestBirdApp::choosesThePython()
{
    const BirdApp app = newApp();
    const QStringList modules{QStringLiteral("flask"), QStringLiteral("gunicorn")};
    const auto system = findPython(app, modules, JobContext());
    QVERIFY2(system, qPrintable(problemOf(system)));
    QCOMPARE(system->origin, QStringLiteral("system"));
    QVERIFY(QDir::isAbsolutePath(system->program));
    QVERIFY(system->version.startsWith(QStringLiteral("3.")));

    // An environment without Flask is passed over, one with it is taken.
    const auto makeVenv = [&](const QStringList &options) {
        return QProcess::execute(system->program, QStringList{QStringLiteral("-m"), QStringLiteral("venv"),
                                                              QStringLiteral("--without-pip")} +
                                                      options + QStringList{app.folder + QStringLiteral("/.venv")});
    };
    QCOMPARE(makeVenv({}), 0);
    QCOMPARE(findPython(app, modules, JobContext())->origin, QStringLiteral("system"));
    QCOMPARE(findPython(app, {QStringLiteral("json")}, JobContext())->origin, QStringLiteral(".venv"));
    QCOMPARE(makeVenv({QStringLiteral("--clear"), QStringLiteral("--system-site-packages")}), 0);
    const auto own = findPython(app, modules, JobContext());
    QCOMPARE(own->origin, QStringLiteral(".venv"));
    QCOMPARE(own->program, app.folder + QStringLiteral("/.venv/bin/python3"));

    QCOMPARE(importedModules(app.folder, QStringLiteral("app.py")).filter(QStringLiteral("flask")),
             QStringList({QStringLiteral("flask"), QStringLiteral("flask_migrate"), QStringLiteral("flask_restful"),
                          QStringLiteral("flask_sqlalchemy")}));
    QVERIFY(importedModules(app.folder, QStringLiteral("seed.py")).contains(QStringLiteral("psycopg2")));
}

void TestBirdApp::missingModuleIsNamed_data()
{
    QTest::addColumn<QByteArray>("code");
    // Seen before anything is started; and seen only when the app runs.
    QTest::newRow("import") << QByteArray("\nimport nowhere_module\n");
    QTest::newRow("from") << QByteArray("\nfrom nowhere_module.part import thing\n");
    QTest::newRow("in models") << QByteArray("models.py");
    QTest::newRow("hidden") << QByteArray("\n__import__('nowhere_module')\n");
}

void TestBirdApp::missingModuleIsNamed()
{
    QFETCH(QByteArray, code);
    const BirdApp app = newApp();
    const bool inModels = code == "models.py";
    append(app.folder + (inModels ? QStringLiteral("/models.py") : QStringLiteral("/app.py")),
           inModels ? QByteArray("\nimport nowhere_module, json\n") : code);
    JobContext context;
    const auto result = runBirdApp({app, seededDatabase(), m_port}, {}, context);
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::ToolMissing);
    QVERIFY2(result.error().message.contains(QStringLiteral("nowhere_module")), qPrintable(result.error().message));
    QVERIFY2(result.error().message.contains(QStringLiteral("pip install")), qPrintable(result.error().message));
    QCOMPARE(processesIn(app.folder), QStringList());
}

void TestBirdApp::missingTableIsExplained()
{
    const BirdApp app = newApp();
    const ConnectionSpec empty = m_cluster.spec(QStringLiteral("my_database"));
    RunningApp running(app, empty, m_port);
    QTRY_VERIFY_WITH_TIMEOUT(!running.url().isEmpty(), 60'000);
    for (int i = 0; i < 2; ++i) {
        QCOMPARE(askBirdApp(running.url() + QStringLiteral("/birds"), JobContext())->status, 500);
    }
    QTRY_COMPARE(running.log().filter(QStringLiteral("GET /birds 500")).size(), 2);
    QCOMPARE(running.troubles().size(), 1); // once, not for each request
    const Error trouble = running.troubles().first();
    QCOMPARE(trouble.sqlState, QByteArray("42P01"));
    QVERIFY2(trouble.message.contains(QStringLiteral("birds")), qPrintable(trouble.message));
    QVERIFY2(trouble.message.contains(QStringLiteral("Upgrade")), qPrintable(trouble.message));
    QVERIFY(running.stop());

    JobContext context;
    const auto seeded = seedBirdApp(app, empty, context);
    QVERIFY(!seeded);
    QCOMPARE(seeded.error().sqlState, QByteArray("42P01"));
    QVERIFY2(seeded.error().message.contains(QStringLiteral("Upgrade")), qPrintable(seeded.error().message));
}

void TestBirdApp::crashIsExplained_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("expected");
    QTest::newRow("syntax") << QByteArray("\ndef broken(\n") << QStringLiteral("app.py, line");
    QTest::newRow("exception") << QByteArray("\nraise ValueError('no such bird')\n")
                               << QStringLiteral("ValueError: no such bird");
    QTest::newRow("exit") << QByteArray("\nimport os\nos._exit(7)\n") << QStringLiteral("ended by itself");
    QTest::newRow("no app") << QByteArray("\ndel app\n") << QStringLiteral("app = Flask(__name__)");
    QTest::newRow("table at start") << QByteArray("\nwith app.app_context():\n    db.session.execute(db.text('SELECT 1 "
                                                  "FROM \"flock\"'))\n")
                                    << QStringLiteral("The table flock is not in the database seeded");
}

void TestBirdApp::crashIsExplained()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, expected);
    const BirdApp app = newApp();
    append(app.folder + QStringLiteral("/app.py"), code);
    RunningApp running(app, seededDatabase(), m_port);
    const auto result = running.end();
    QVERIFY(!result);
    QVERIFY2(result.error().message.contains(expected), qPrintable(problemOf(result)));
    QVERIFY(!result.error().detail.isEmpty());
    QVERIFY(running.url().isEmpty());
    QCOMPARE(processesIn(app.folder), QStringList());
}

void TestBirdApp::missingDatabaseIsExplained()
{
    JobContext context;
    const ConnectionSpec gone = m_cluster.spec().withDatabase(QStringLiteral("gone"));
    const auto upgraded = upgradeBirdApp(newApp(), gone, context);
    QVERIFY(!upgraded);
    QCOMPARE(upgraded.error().code, ErrorCode::ConnectionFailed);
    QVERIFY2(upgraded.error().message.contains(QStringLiteral("gone")), qPrintable(upgraded.error().message));
    QVERIFY(!problemOf(upgraded).contains(gone.password.reveal()));
}

void TestBirdApp::asksOnlyThisComputer()
{
    for (const char *url : {"http://example.org/birds", "https://127.0.0.1/birds", "file:///etc/passwd", "birds", ""}) {
        QCOMPARE(askBirdApp(QLatin1String(url), JobContext()).error().code, ErrorCode::InvalidInput);
    }
    const auto nobody = askBirdApp(QStringLiteral("http://127.0.0.1:%1/").arg(m_port), JobContext());
    QVERIFY(!nobody);
    QCOMPARE(nobody.error().code, ErrorCode::ConnectionFailed);

    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    std::stop_source stop;
    stop.request_stop();
    const auto cancelled =
        askBirdApp(QStringLiteral("http://127.0.0.1:%1/").arg(silent.serverPort()), JobContext(stop.get_token()));
    QVERIFY(!cancelled);
    QVERIFY(cancelled.error().isCancelled());
}

/// What endsWithTheApplication() runs: PROGRAM --run-and-crash FOLDER SERVERPORT USER DATABASE PORT.
static int runAndCrash(const QStringList &arguments)
{
    ConnectionSpec database;
    database.parameters = {
        QStringLiteral("127.0.0.1"), arguments.at(3).toInt(), arguments.at(4), arguments.at(5), TlsMode::Optional, {}};
    database.password = Secret(qEnvironmentVariable("TEST_PASSWORD"));
    const auto app = inspectBirdApp(arguments.at(2));
    JobContext context;
    LaunchEvents events;
    events.ready = [](const QString &) {
        printf("ready\n");
        fflush(stdout);
        ::kill(::getpid(), SIGKILL);
    };
    const auto result = runBirdApp({*app, database, arguments.at(6).toInt()}, events, context);
    qWarning("%s", qPrintable(problemOf(result)));
    return 1;
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc > 6 && QByteArrayView(argv[1]) == "--run-and-crash") {
        return runAndCrash(QCoreApplication::arguments());
    }
    TestBirdApp test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_birdapp.moc"
