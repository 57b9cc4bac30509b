#include "gui/mainwindowtabs.h"
#include "gui/table/tablepage.h"
#include "models/rowsmodel.h"
#include "postgres/environment.h"
#include "practice/localcluster.h"
#include "runningroost.h"
#include "stallwatcher.h"
#include "support/childbrake.h"
#include "support/psql.h"
#include "support/sampledatabase.h"
#include "support/tcpproxy.h"

#include <QAbstractItemView>
#include <QDir>
#include <QLabel>
#include <QTest>

#include <semaphore>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QStringList emptied{QStringLiteral("No tables yet")};
const QStringList sampleSchemas{QStringLiteral("nest"), QStringLiteral("public")};

} // namespace

/// The whole main job, through the real main window, as a user does it; psql is the witness.
class TestMainJob : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void theWatcherSees();
    void theWholeJob_data();
    void theWholeJob();
    void undoingAReset();
    void makingDatabases();
    void cancellingABackup();

private:
    void startPractice(RunningRoost &roost);
    void connectFarAway(RunningRoost &roost);
    void browse(RunningRoost &roost, const QStringList &database);
    void showsBirds(const RunningRoost &roost);
    static QString fingerprint(const ConnectionSpec &superuser)
    {
        return MainWindowDriver::besides([superuser] { return databaseFingerprint(superuser); });
    }

    TemporaryCluster m_cluster;
};

void TestMainJob::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
}

/// What the stall probe of the whole job relies on.
void TestMainJob::theWatcherSees()
{
    StallWatcher stalls;
    stalls.step(QStringLiteral("stand still"));
    std::binary_semaphore never(0);
    QTimer::singleShot(0, this, [&never] { QVERIFY(!never.try_acquire_for(std::chrono::milliseconds(150))); });
    QTRY_VERIFY(stalls.worst() >= 100);
    QVERIFY(stalls.stacksTold() > 0);
    stalls.step(QStringLiteral("go on"));
    QVERIFY(stalls.worst() >= 100);
    QVERIFY2(stalls.report().startsWith(QStringLiteral("stand still 1")), qPrintable(stalls.report()));
}

void TestMainJob::startPractice(RunningRoost &roost)
{
    QVERIFY(roost.window->press("emptyStartPractice"));
    QVERIFY(roost.window->unfold({QStringLiteral("practice")}));
    QCOMPARE(roost.window->under({QStringLiteral("practice")}),
             QStringList({QStringLiteral("bird_app_db"), QStringLiteral("my_database")}));
    QVERIFY(roost.window->unfold({QStringLiteral("practice"), QStringLiteral("bird_app_db")}));
    QVERIFY(roost.window->row({QStringLiteral("practice"), QStringLiteral("bird_app_db"), QStringLiteral("birds")})
                .isValid());
}

/// As if it was added on another day: a connection over a link with 140 ms for each round trip.
void TestMainJob::connectFarAway(RunningRoost &roost)
{
    QTRY_VERIFY(roost.fixture.instances.isLoaded());
    QVERIFY(roost.window->unfold({QStringLiteral("far")}));
}

void TestMainJob::showsBirds(const RunningRoost &roost)
{
    auto *page = qobject_cast<TablePage *>(roost.fixture.window->tabs()->current());
    QVERIFY(page);
    QTRY_COMPARE_WITH_TIMEOUT(page->rows()->state(), RowsModel::State::Ready, patienceMs);
    const auto *view = page->findChild<QAbstractItemView *>(QStringLiteral("gridView"));
    QTRY_VERIFY(view->isVisible());
    QTRY_COMPARE(view->model()->rowCount(), 3);
    constexpr int name = 2;
    constexpr int note = 3;
    QCOMPARE(view->model()->index(1, name).data().toString(), QStringLiteral("Archimedes"));
    QVERIFY(view->model()->index(1, note).data(RowsModel::NullRole).toBool());
    QCOMPARE(roost.window->part<QLabel>("statusRows")->text(), QStringLiteral("3 rows"));
}

void TestMainJob::browse(RunningRoost &roost, const QStringList &database)
{
    MainWindowDriver &window = *roost.window;
    QVERIFY(window.chooseFor(database, "actionRefresh"));
    QTRY_COMPARE_WITH_TIMEOUT(window.under(database), sampleSchemas, patienceMs);
    const QStringList tables = database + QStringList{QStringLiteral("public")};
    QVERIFY(window.unfold(tables));
    QCOMPARE(window.under(tables).first(3),
             QStringList({QStringLiteral("birds"), QStringLiteral("counts"), QStringLiteral("species")}));
    QVERIFY(window.doubleClick(tables + QStringList{QStringLiteral("birds")}));
    showsBirds(roost);
}

void TestMainJob::theWholeJob_data()
{
    QTest::addColumn<bool>("isFar");
    QTest::newRow("practice") << false;
    QTest::newRow("140 ms away") << true;
}

void TestMainJob::theWholeJob()
{
    QFETCH(bool, isFar);
    TcpProxy proxy(m_cluster.port());
    proxy.setDelayMs(70);
    ConnectionSpec far = m_cluster.spec(QStringLiteral("my_database"));
    far.parameters.port = proxy.port();

    RunningRoost roost;
    if (isFar) {
        roost.fixture.save(QStringLiteral("far"), far);
        roost.fixture.instances.reload();
    }
    MainWindowDriver &window = *roost.window;
    const QStringList database{isFar ? QStringLiteral("far") : QStringLiteral("practice"),
                               QStringLiteral("my_database")};
    StallWatcher stalls;
    stalls.step(QStringLiteral("start"));
    isFar ? connectFarAway(roost) : startPractice(roost);
    QVERIFY(!QTest::currentTestFailed());
    QVERIFY(window.unfold(database));
    QCOMPARE(window.under(database), emptied);

    const ConnectionSpec witness =
        isFar ? m_cluster.superuser(database.last()) : *practiceCluster().superuserConnection(database.last());
    MainWindowDriver::besides([witness, owner = far.parameters.user] { fillSampleDatabase(witness, owner); });
    const QString before = fingerprint(witness);
    QVERIFY(before.contains(QStringLiteral("rows public.birds 3:")));

    stalls.step(QStringLiteral("browse"));
    browse(roost, database);
    QVERIFY(!QTest::currentTestFailed());

    stalls.step(QStringLiteral("back up"));
    const QString file = roost.folder(QStringLiteral("kept")) + QStringLiteral("/birds of today.dump");
    QStringList said = roost.backUp(database, file);
    QCOMPARE(said.value(0), QStringLiteral("Done"));
    QVERIFY2(said[1].contains(QStringLiteral("read back whole")) && said[1].contains(file), qPrintable(said[1]));
    QCOMPARE(QDir(roost.folder(QStringLiteral("kept"))).entryList(QDir::AllEntries | QDir::NoDotAndDotDot),
             QStringList({QStringLiteral("birds of today.dump"), QStringLiteral("birds of today.dump.json")}));

    stalls.step(QStringLiteral("reset"));
    said = roost.reset(database);
    QCOMPARE(said.value(0), QStringLiteral("Done"));
    QTRY_COMPARE_WITH_TIMEOUT(window.under(database), emptied, patienceMs);
    QVERIFY(!fingerprint(witness).contains(QStringLiteral("rows ")));

    stalls.step(QStringLiteral("restore"));
    said = roost.restoreIntoEmpty(database, file);
    QCOMPARE(said.value(0), QStringLiteral("Done"));
    QVERIFY2(said[1].contains(QStringLiteral("Proven: all of it is what the source held")), qPrintable(said[1]));
    QTRY_COMPARE_WITH_TIMEOUT(window.under(database), sampleSchemas, patienceMs);
    QCOMPARE(fingerprint(witness), before);
    showsBirds(roost); // the tab that was open all the time

    stalls.step(QStringLiteral("close"));
    QVERIFY(roost.close());
    QVERIFY(isFar || !practiceCluster().status().isRunning);
    QVERIFY(roost.fixture.prompts.errors.isEmpty());
    std::fprintf(stderr, "Longest stalls of the GUI thread: %s\n", qPrintable(stalls.report()));
    QVERIFY2(stalls.worst() < 100, qPrintable(stalls.report()));
}

void TestMainJob::undoingAReset()
{
    fillSampleDatabase(m_cluster, QStringLiteral("undone"));
    const QString before = databaseFingerprint(m_cluster, QStringLiteral("undone"));
    RunningRoost roost;
    roost.fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("undone")));
    roost.fixture.instances.reload();
    const QStringList database{QStringLiteral("home"), QStringLiteral("undone")};
    QVERIFY(roost.window->unfold(database.first(1)));
    QVERIFY(roost.window->unfold(database));

    const QStringList said = roost.reset(database, "undoResetButton");
    QCOMPARE(said.value(0), QStringLiteral("Done"));
    QVERIFY2(said[1].contains(QStringLiteral("undone is empty again")), qPrintable(said[1]));
    const QStringList undone = roost.ending();
    QCOMPARE(undone.value(0), QStringLiteral("Done"));
    QVERIFY2(undone[1].contains(QStringLiteral("undone is filled")), qPrintable(undone[1]));
    QTRY_COMPARE_WITH_TIMEOUT(roost.window->under(database), sampleSchemas, patienceMs);
    QCOMPARE(databaseFingerprint(m_cluster, QStringLiteral("undone")), before);
}

void TestMainJob::makingDatabases()
{
    const auto exists = [this](const char *name) {
        return m_cluster.psql(
                   QStringLiteral("SELECT count(*) FROM pg_database WHERE datname = '%1'").arg(QLatin1String(name))) ==
               u"1";
    };
    RunningRoost roost;
    MainWindowDriver &window = *roost.window;
    roost.fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("my_database")));
    roost.fixture.instances.reload();
    const QString home = QStringLiteral("home");
    QVERIFY(window.unfold({home}));

    QVERIFY(window.chooseFor({home}, "actionCreateDatabase"));
    QWidget *dialog = window.dialog("DatabaseNameDialog");
    QVERIFY(dialog && window.type("nameField", QStringLiteral("bird-app"), dialog));
    QVERIFY(window.part<QLabel>("adviceLabel", dialog)->text().contains(QStringLiteral("quotes")));
    QVERIFY(window.type("nameField", QStringLiteral("flock"), dialog) && window.press("acceptButton", dialog));
    QTRY_VERIFY_WITH_TIMEOUT(window.under({home}).contains(QStringLiteral("flock")), patienceMs);
    QVERIFY(exists("flock"));

    QVERIFY(window.chooseFor({home, QStringLiteral("flock")}, "actionRenameDatabase"));
    dialog = window.dialog("DatabaseNameDialog");
    QVERIFY(dialog && window.type("nameField", QStringLiteral("swarm"), dialog) &&
            window.press("acceptButton", dialog));
    QTRY_VERIFY_WITH_TIMEOUT(window.under({home}).contains(QStringLiteral("swarm")), patienceMs);
    QTRY_VERIFY(!window.under({home}).contains(QStringLiteral("flock")));
    QVERIFY(exists("swarm") && !exists("flock"));

    QVERIFY(window.chooseFor({home, QStringLiteral("swarm")}, "actionDropDatabase"));
    dialog = window.dialog("DropDatabaseDialog");
    QVERIFY(dialog && window.type("typedName", QStringLiteral("swarm"), dialog) && window.press("dropButton", dialog));
    QTRY_VERIFY_WITH_TIMEOUT(!window.under({home}).contains(QStringLiteral("swarm")), patienceMs);
    QVERIFY(!exists("swarm"));
    QVERIFY(roost.fixture.prompts.errors.isEmpty());
}

void TestMainJob::cancellingABackup()
{
    constexpr int heavyRows = 40'000; // about 20 MB
    fillSampleDatabase(m_cluster, QStringLiteral("heavy"), heavyRows);
    m_cluster.psql(QStringLiteral("ANALYZE"), QStringLiteral("heavy"));
    RunningRoost roost;
    roost.fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("heavy")));
    roost.fixture.instances.reload();
    const QStringList database{QStringLiteral("home"), QStringLiteral("heavy")};
    QVERIFY(roost.window->unfold(database.first(1)));

    ChildBrake brake("pg_dump");
    const QDir folder(roost.folder(QStringLiteral("kept")));
    QVERIFY(roost.startBackup(database, folder.filePath(QStringLiteral("never.dump"))));
    QWidget *progress = roost.window->dialog("JobProgressDialog");
    QVERIFY(progress && roost.window->press("backgroundButton", progress)); // the job goes on without its dialog
    QTRY_VERIFY(!roost.window->isOpen("JobProgressDialog"));
    QCOMPARE(roost.fixture.jobs.jobs().size(), 1);
    const Job *job = roost.fixture.jobs.jobs().first();
    QTRY_VERIFY_WITH_TIMEOUT(job->progress().step.contains(QStringLiteral("logbook")), patienceMs);
    brake.engage();
    QWidget *row = roost.window->part("jobRow");
    QVERIFY(row && roost.window->press("jobCancel", row));
    QTRY_COMPARE_WITH_TIMEOUT(job->state(), Job::State::Cancelled, patienceMs);

    QStringList shown;
    for (const QLabel *label : row->findChildren<QLabel *>()) {
        shown += label->text();
    }
    QVERIFY2(shown.contains(QStringLiteral("Cancelled")), qPrintable(shown.join(u'|')));
    QCOMPARE(folder.entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList());
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    prepareAsMain(application);
    TestMainJob test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_mainjob.moc"
