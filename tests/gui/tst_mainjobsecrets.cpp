#include "gui/mainwindowtabs.h"
#include "models/rowsmodel.h"
#include "postgres/connectionstring.h"
#include "postgres/environment.h"
#include "practice/scramverifier.h"
#include "runningroost.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"
#include "widgetleaks.h"

#include <QAbstractItemView>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QProcess>
#include <QStatusBar>
#include <QTableView>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QUuid>

#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString instanceName = QStringLiteral("home");
const QStringList nest{instanceName, QStringLiteral("nest")};

int freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

bool isListening(int port)
{
    return MainWindowDriver::besides([port] {
        QTcpSocket socket;
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(port));
        return socket.waitForConnected(2000);
    });
}

/// The numbers of the processes that work in this folder.
QStringList processesIn(const QString &folder)
{
    QStringList numbers;
    const QString canonical = QFileInfo(folder).canonicalFilePath();
    const QStringList entries = QDir(QStringLiteral("/proc")).entryList(QDir::Dirs);
    for (const QString &entry : entries) {
        if (entry.at(0).isDigit() && QFile::symLinkTarget(QStringLiteral("/proc/%1/cwd").arg(entry)) == canonical) {
            numbers += entry;
        }
    }
    return numbers;
}

} // namespace

/// A marked password through every path of the main job in the windows, and found nowhere; with a real keychain.
class TestMainJobSecrets : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void theSearchesSee();
    void aPasswordThroughEverything();

private:
    void addConnection(RunningRoost &roost);
    void browse(RunningRoost &roost);
    void backUp(RunningRoost &roost);
    void copy(RunningRoost &roost, const char *action);
    void makeDatabase(RunningRoost &roost);
    void runBirdApp(RunningRoost &roost);
    void quit(RunningRoost &roost);

    TemporaryCluster m_cluster;
    const QString m_canary = QStringLiteral("CANARY/pass word:") + QUuid::createUuid().toString(QUuid::Id128);
    const LeakSearch m_search{m_canary};
    ConnectionSpec m_spec;
};

void TestMainJobSecrets::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec(QStringLiteral("nest"));
    m_spec.parameters.user = QStringLiteral("keeper");
    m_spec.password = Secret(m_canary);
    m_cluster.psql(
        QStringLiteral("CREATE ROLE keeper LOGIN CREATEDB PASSWORD '%1'; ALTER DATABASE nest OWNER TO keeper")
            .arg(QString::fromLatin1(scramVerifier(m_spec.password))));
    m_cluster.psql(QStringLiteral("ALTER SCHEMA public OWNER TO keeper"), QStringLiteral("nest"));
    fillSampleDatabase(m_cluster.superuser(QStringLiteral("nest")), m_spec.parameters.user);
}

/// What the other test relies on.
void TestMainJobSecrets::theSearchesSee()
{
    QTemporaryDir folder;
    const QString encoded = QString::fromLatin1(QUrl::toPercentEncoding(m_canary));
    QFile file(folder.filePath(QStringLiteral("leak")));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(encoded.toLatin1()) > 0);
    file.close();
    QCOMPARE(m_search.filesIn(folder.path()), QStringList(file.fileName()));
    for (const QByteArray &form : {m_canary.toUtf8().toHex(), m_canary.toUtf8().toBase64(), m_canary.toUtf8()}) {
        QVERIFY(m_search.isIn("before " + form + " after"));
    }
    QVERIFY(!m_search.isIn(QByteArray("CANARY/pass word:")));

    QVERIFY(leaksInWidgets(m_search).isEmpty());
    const std::initializer_list<std::function<void(QMainWindow &)>> leaks{
        [&](QMainWindow &window) { window.setWindowTitle(m_canary); },
        [&](QMainWindow &window) { window.setToolTip(encoded); },
        [&](QMainWindow &window) { window.setAccessibleName(m_canary); },
        [&](QMainWindow &window) { window.setAccessibleDescription(m_canary); },
        [&](QMainWindow &window) { window.statusBar()->showMessage(m_canary); },
        [&](QMainWindow &window) { new QLabel(QStringLiteral("for ") + m_canary, &window); },
        [&](QMainWindow &window) { (new QPlainTextEdit(&window))->setPlainText(encoded); },
        [&](QMainWindow &window) { (new QComboBox(&window))->addItem(m_canary); },
        [&](QMainWindow &window) { window.addAction(new QAction(m_canary, &window)); },
        [&](QMainWindow &window) { new QLineEdit(m_canary, &window); }};
    for (const auto &leak : leaks) {
        QMainWindow window;
        leak(window);
        QVERIFY(!leaksInWidgets(m_search).isEmpty());
    }
    QMainWindow window;
    (new QLineEdit(m_canary, &window))->setEchoMode(QLineEdit::Password);
    QCOMPARE(leaksInWidgets(m_search), QStringList());

    const ArgumentSampler arguments(m_search);
    QProcess leak;
    leak.start(QStringLiteral("/bin/sh"),
               {QStringLiteral("-c"), QStringLiteral("read line"), QStringLiteral("sh"), m_canary});
    QTRY_VERIFY(arguments.hits() > 0);
    leak.closeWriteChannel();
    QVERIFY(leak.waitForFinished());
}

void TestMainJobSecrets::addConnection(RunningRoost &roost)
{
    const MainWindowDriver &window = *roost.window;
    QVERIFY(roost.window->choose("menuFile", "actionAddConnection"));
    QWidget *dialog = window.dialog("ConnectionDialog");
    auto *paste = dialog ? window.part<QPlainTextEdit>("pasteField", dialog) : nullptr;
    QVERIFY(paste);
    QGuiApplication::clipboard()->setText(externalUrl(m_spec) + u'\n');
    QTest::mouseClick(paste->viewport(), Qt::LeftButton);
    QTest::keyClick(paste, Qt::Key_V, Qt::ControlModifier);
    QGuiApplication::clipboard()->clear();
    QTRY_COMPARE(window.part<QLabel>("hostValue", dialog)->text(), m_spec.parameters.host);
    QCOMPARE(window.part<QLabel>("userValue", dialog)->text(), QStringLiteral("keeper"));
    QVERIFY2(paste->toPlainText().startsWith(QStringLiteral("postgresql://keeper:•")), "not masked");
    QVERIFY(window.press("testButton", dialog));
    QTRY_VERIFY_WITH_TIMEOUT(!window.notice("resultNotice", dialog).isEmpty(), patienceMs);
    QCOMPARE(window.notice("resultNotice", dialog)[0], QStringLiteral("It works"));
    QVERIFY(window.type("nameField", instanceName, dialog) && window.press("saveButton", dialog));
    QTRY_VERIFY_WITH_TIMEOUT(!window.isOpen("ConnectionDialog"), patienceMs);
    QVERIFY(roost.fixture.profiles.byName(instanceName).value_or(Profile()).secretIsStored);
}

void TestMainJobSecrets::browse(RunningRoost &roost)
{
    QVERIFY(roost.window->unfold({instanceName}));
    QVERIFY(roost.window->unfold(nest));
    const QStringList tables = nest + QStringList{QStringLiteral("public")};
    QVERIFY(roost.window->unfold(tables));
    QVERIFY(roost.window->doubleClick(tables + QStringList{QStringLiteral("birds")}));
    const auto *rows = roost.window->part<QAbstractItemView>("gridView");
    QVERIFY(rows);
    QTRY_COMPARE_WITH_TIMEOUT(rows->model()->rowCount(), 3, patienceMs);
    QVERIFY(roost.window->press("structureSegment"));
    QVERIFY(roost.window->part<QTableView>("structureColumns"));
    QVERIFY(roost.window->choose("menuView", "actionShowLens")); // it tells each of these as a line for a terminal
    QVERIFY(roost.window->part("lensPanel"));
}

void TestMainJobSecrets::backUp(RunningRoost &roost)
{
    const QStringList said = roost.backUp(nest, roost.folder(QStringLiteral("kept")) + QStringLiteral("/nest.dump"));
    QCOMPARE(said.value(0), QStringLiteral("Done"));
    // Its log, too: pg_dump is verbose.
    QVERIFY(roost.fixture.jobs.jobs().last()->log().size() > 3);
}

void TestMainJobSecrets::copy(RunningRoost &roost, const char *action)
{
    QVERIFY(roost.window->chooseFor(nest, action, "menuCopyAs"));
    const QClipboard *clipboard = QGuiApplication::clipboard();
    QTRY_VERIFY(!clipboard->text().isEmpty());
    QCOMPARE(clipboard->mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")), QByteArray("secret"));
    const auto parsed = parseConnectionString(clipboard->text());
    QVERIFY(parsed && parsed->password.isSameAs(m_spec.password) && parsed->parameters.database == nest.last());
    QVERIFY(roost.window->part<QLabel>("toast"));
}

void TestMainJobSecrets::makeDatabase(RunningRoost &roost)
{
    QVERIFY(roost.window->chooseFor({instanceName}, "actionCreateDatabase"));
    QWidget *dialog = roost.window->dialog("DatabaseNameDialog");
    QVERIFY(dialog && roost.window->type("nameField", QStringLiteral("flock"), dialog) &&
            roost.window->press("acceptButton", dialog));
    QVERIFY(roost.window->click({instanceName, QStringLiteral("flock")}));
}

void TestMainJobSecrets::runBirdApp(RunningRoost &roost)
{
    const MainWindowDriver &window = *roost.window;
    const QString folder = roost.home() + QStringLiteral("/bird-app");
    roost.fixture.prompts.path = folder;
    QVERIFY(roost.window->choose("menuFile", "actionNewApp"));
    QWidget *page = window.part("BirdAppPanel");
    QVERIFY(page);
    QVERIFY(window.part<QComboBox>("databaseCombo", page)->currentText().startsWith(QStringLiteral("flock")));
    QVERIFY(window.press("upgradeButton", page));
    QTRY_COMPARE_WITH_TIMEOUT(window.notice("notice", page).value(0),
                              QStringLiteral("The tables are as the app needs them"), patienceMs);
    QVERIFY(window.press("seedButton", page));
    QTRY_COMPARE_WITH_TIMEOUT(window.notice("notice", page).value(0), QStringLiteral("The seed is in"), patienceMs);

    const int port = freePort();
    QVERIFY(window.type("qt_spinbox_lineedit", QString::number(port), page));
    QVERIFY(window.press("launchButton", page));
    const auto *state = window.part<QLabel>("statePill", page);
    QTRY_COMPARE_WITH_TIMEOUT(state->text(), QStringLiteral("live"), patienceMs);
    const auto *answer = window.part<QLabel>("answerLabel", page);
    QTRY_VERIFY_WITH_TIMEOUT(answer->text().startsWith(QStringLiteral("4 birds")), patienceMs);
    const QByteArray json = window.part<QPlainTextEdit>("jsonView", page)->toPlainText().toUtf8();
    const QJsonArray birds = QJsonDocument::fromJson(json).array();
    QCOMPARE(birds.size(), 4);
    QVERIFY(!birds.first().toObject().value(QStringLiteral("name")).toString().isEmpty());
    QVERIFY(isListening(port));
    QVERIFY(!processesIn(folder).isEmpty());

    QVERIFY(window.press("stopButton", page));
    QTRY_COMPARE_WITH_TIMEOUT(state->text(), QStringLiteral("stopped"), patienceMs);
    QVERIFY(!isListening(port));
    QCOMPARE(processesIn(folder), QStringList());
}

/// As main() does it: the window closes, says that all has ended, and the application quits.
void TestMainJobSecrets::quit(RunningRoost &roost)
{
    QVERIFY(m_search.isIn(QGuiApplication::clipboard()->text()));
    MainWindow *window = roost.fixture.window.get();
    QObject::connect(window, &MainWindow::finished, qApp, &QApplication::quit, Qt::QueuedConnection);
    QMetaObject::invokeMethod(window, &QWidget::close, Qt::QueuedConnection);
    QCOMPARE(QApplication::exec(), 0);
    QCOMPARE(QGuiApplication::clipboard()->text(), QString());
}

void TestMainJobSecrets::aPasswordThroughEverything()
{
    const ArgumentSampler arguments(m_search);
    RunningRoost roost;
    const WidgetSampler widgets(m_search);
    const std::initializer_list<std::function<void()>> steps{[&] { addConnection(roost); },
                                                             [&] { browse(roost); },
                                                             [&] { backUp(roost); },
                                                             [&] { copy(roost, "actionCopyUrl"); },
                                                             [&] { copy(roost, "actionCopyPsql"); },
                                                             [&] { copy(roost, "actionCopyUri"); },
                                                             [&] { copy(roost, "actionCopyEnv"); },
                                                             [&] { makeDatabase(roost); },
                                                             [&] { runBirdApp(roost); }};
    for (const auto &step : steps) {
        step();
        QVERIFY(!QTest::currentTestFailed());
        QCOMPARE(leaksInWidgets(m_search), QStringList());
    }
    qWarning("What a careless line might say: %s", qPrintable(externalUrl(m_spec)));
    quit(roost);
    QVERIFY(!QTest::currentTestFailed());
    QVERIFY(roost.fixture.prompts.errors.isEmpty());
    roost.log.reset(); // written to the end
    QFile log(roost.home() + QStringLiteral("/logs/roost.log"));
    QVERIFY(log.open(QIODevice::ReadOnly) && log.readAll().contains("careless"));

    QCOMPARE(widgets.leaks(), QStringList());
    QCOMPARE(arguments.hits(), 0);
    QVERIFY(QFile::exists(roost.home() + QStringLiteral("/bird-app/app.py")));
    QCOMPARE(m_search.filesIn(roost.home()), QStringList());
    QCOMPARE(m_search.filesIn(qEnvironmentVariable("SESSION_FOLDER")), QStringList());
    std::fprintf(stderr, "Looked at all arguments %d times, at all widgets %d times\n", arguments.rounds(),
                 widgets.rounds());
    QVERIFY(arguments.rounds() > 100 && widgets.rounds() > 20);
}

int main(int argc, char **argv)
{
    if (!qEnvironmentVariableIsSet("SESSION_FOLDER")) {
        // Again, in a session with a keychain of its own; the display stays.
        const QByteArray display = "DISPLAY=" + qgetenv("DISPLAY");
        const QByteArray authority = "XAUTHORITY=" + qgetenv("XAUTHORITY");
        std::vector<const char *> words{WITH_KEYRING, "unlocked", "env", display.constData(), authority.constData()};
        words.insert(words.end(), argv, argv + argc);
        words.push_back(nullptr);
        ::execv(WITH_KEYRING, const_cast<char **>(words.data()));
        std::perror(WITH_KEYRING);
        return 1;
    }
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    prepareAsMain(application);
    TestMainJobSecrets test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_mainjobsecrets.moc"
