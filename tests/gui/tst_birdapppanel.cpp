#include "gui/birdapp/birdapppanel.h"

#include "gui/actions.h"
#include "gui/birdapp/birdapplog.h"
#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "gui/widgets/pill.h"
#include "postgres/environment.h"
#include "support/temporarycluster.h"
#include "widgetleaks.h"
#include "windowfixture.h"

#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 90'000; // gunicorn, flask and a busy machine

bool isListening(int port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress(QHostAddress::LocalHost), quint16(port));
    return socket.waitForConnected(2000);
}

} // namespace

/// The page of a bird app with the real parts: Flask, gunicorn, a PostgreSQL server.
class TestBirdAppPanel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void newAppComesAlive();
    void missingTableOffersUpgrade();
    void takenPortOffersAnother();
    void endsWithThePage();
    void folderWithoutAnApp();
    void logIsPlainAndCapped();

private:
    struct Page;
    TemporaryCluster m_cluster;
};

/// A page on a new app, shown.
struct TestBirdAppPanel::Page
{
    WindowFixture fixture;
    std::unique_ptr<BirdAppPanel> panel;

    Page(TemporaryCluster &cluster, const QString &database)
    {
        DatabaseRef ref;
        ref.spec = cluster.spec(database);
        ref.instance.id = QStringLiteral("here");
        ref.instance.name = QStringLiteral("my_instance");
        fixture.prompts.path = fixture.home.filePath(QStringLiteral("bird-app"));
        QWidget window;
        QString folder;
        Actions::newBirdApp(fixture.services, &window, [&folder](const QString &made) { folder = made; });
        [[maybe_unused]] const bool isMade = QTest::qWaitFor([&folder] { return !folder.isEmpty(); }, patienceMs);
        panel.reset(qobject_cast<BirdAppPanel *>(Actions::createBirdAppPage(fixture.services, folder, ref, nullptr)));
        panel->resize(1100, 700);
        part<QSpinBox>("portSpin")->setValue(freePortFrom(18000));
        panel->show();
    }
    template <class T>
    T *part(const char *name) const
    {
        return panel->findChild<T *>(QString::fromLatin1(name));
    }
    QPushButton *button(const char *name) const { return part<QPushButton>(name); }
    QString state() const { return part<Pill>("statePill")->text(); }
    QString birds() const { return part<QPlainTextEdit>("jsonView")->toPlainText(); }
    Notice *notice() const { return part<Notice>("notice"); }
    int port() const { return part<QSpinBox>("portSpin")->value(); }
};

void TestBirdAppPanel::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
}

void TestBirdAppPanel::newAppComesAlive()
{
    Page page(m_cluster, QStringLiteral("birds_one"));
    QCOMPARE(page.state(), QStringLiteral("stopped"));
    QCOMPARE(page.part<QComboBox>("databaseCombo")->currentText(), QStringLiteral("birds_one  ·  my_instance"));
    QTRY_VERIFY_WITH_TIMEOUT(page.part<QLabel>("pythonLabel")->text().startsWith(QStringLiteral("Runs with")),
                             patienceMs);
    page.button("upgradeButton")->click();
    QVERIFY(!page.button("seedButton")->isEnabled()); // one after the other
    QTRY_VERIFY_WITH_TIMEOUT(page.notice()->isVisible(), patienceMs);
    QVERIFY2(page.notice()->tone() == Tone::Good, qPrintable(page.notice()->text()));
    page.button("seedButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(page.notice()->lead(), QStringLiteral("The seed is in"), patienceMs);
    page.button("launchButton")->click();
    QCOMPARE(page.state(), QStringLiteral("starting"));
    QVERIFY(!page.part<QComboBox>("databaseCombo")->isEnabled());
    QTRY_COMPARE_WITH_TIMEOUT(page.state(), QStringLiteral("live"), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page.birds().contains(QStringLiteral("Chickadee")), patienceMs);
    QVERIFY(page.birds().startsWith(QStringLiteral("[\n    {\n"))); // laid out to be read
    QVERIFY(page.part<QLabel>("answerLabel")->text().startsWith(u'4'));
    QCOMPARE(page.button("linkButton")->text(), QStringLiteral("http://127.0.0.1:%1/birds").arg(page.port()));
    QVERIFY(page.button("linkButton")->isVisible());
    QTRY_VERIFY(!page.part<BirdAppLog>("logView")->toPlainText().isEmpty());
    const std::unique_ptr<QWidget> dock(Actions::createBirdAppLog(page.fixture.services, nullptr));
    QVERIFY(qobject_cast<BirdAppLog *>(dock.get())->toPlainText().contains(QStringLiteral("bird-app")));
    const LeakSearch search(m_cluster.spec().password.reveal());
    QVERIFY2(leaksInWidgets(search).isEmpty(), qPrintable(leaksInWidgets(search).join(u'\n')));
    if (const QString folder = qEnvironmentVariable("ROOST_TEST_PICTURES"); !folder.isEmpty()) {
        page.panel->grab().save(folder + QStringLiteral("/birdapp-live.png"));
    }

    page.part<QPlainTextEdit>("jsonView")->clear();
    page.button("refreshButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(page.birds().contains(QStringLiteral("Chickadee")), patienceMs);
    page.button("stopButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(page.state(), QStringLiteral("stopped"), patienceMs);
    QVERIFY(!isListening(page.port()));
    QVERIFY(!page.notice()->isVisible()); // an end that was asked for is no failure
    for (const ActivityLog::Entry &entry : page.fixture.activity.entries()) {
        QVERIFY(!search.isIn(entry.command));
    }
}

void TestBirdAppPanel::missingTableOffersUpgrade()
{
    Page page(m_cluster, QStringLiteral("birds_two"));
    QTRY_VERIFY_WITH_TIMEOUT(page.button("launchButton")->isEnabled(), patienceMs);
    page.button("launchButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(page.state(), QStringLiteral("live"), patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page.button("noticeUpgradeButton"), patienceMs);
    QVERIFY(page.notice()->text().contains(QStringLiteral("Upgrade")));
    page.button("noticeUpgradeButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(page.notice()->isVisible() && page.notice()->tone() == Tone::Good, patienceMs);
    QTRY_VERIFY_WITH_TIMEOUT(page.birds().startsWith(QStringLiteral("[")), patienceMs); // empty, but there
}

void TestBirdAppPanel::takenPortOffersAnother()
{
    Page page(m_cluster, QStringLiteral("birds_one"));
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    page.part<QSpinBox>("portSpin")->setValue(other.serverPort());
    QTRY_VERIFY_WITH_TIMEOUT(page.button("launchButton")->isEnabled(), patienceMs);
    page.button("launchButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(page.button("otherPortButton"), patienceMs);
    QCOMPARE(page.state(), QStringLiteral("stopped"));
    QVERIFY(page.notice()->text().contains(QString::number(other.serverPort())));
    page.button("otherPortButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(page.state(), QStringLiteral("live"), patienceMs);
    QVERIFY(page.port() != other.serverPort());
    QVERIFY(page.button("linkButton")->text().contains(QString::number(page.port())));
}

void TestBirdAppPanel::endsWithThePage()
{
    Page page(m_cluster, QStringLiteral("birds_one"));
    QTRY_VERIFY_WITH_TIMEOUT(page.button("launchButton")->isEnabled(), patienceMs);
    page.button("launchButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(page.state(), QStringLiteral("live"), patienceMs);
    const int port = page.port();
    QVERIFY(isListening(port));
    page.panel.reset();
    QTRY_VERIFY_WITH_TIMEOUT(page.fixture.jobs.isIdle(), patienceMs);
    QVERIFY(!isListening(port));
}

void TestBirdAppPanel::folderWithoutAnApp()
{
    WindowFixture fixture;
    const std::unique_ptr<QWidget> panel(
        Actions::createBirdAppPage(fixture.services, fixture.home.path(), std::nullopt, nullptr));
    panel->show();
    const auto *text = panel->findChild<QLabel *>(QStringLiteral("pythonLabel"));
    QTRY_VERIFY_WITH_TIMEOUT(text->text().contains(QStringLiteral("app.py")), patienceMs);
    QVERIFY(!panel->findChild<QPushButton *>(QStringLiteral("launchButton"))->isEnabled());
    // The way out is on the page.
    fixture.prompts.path = fixture.home.filePath(QStringLiteral("made"));
    panel->findChild<QPushButton *>(QStringLiteral("newAppButton"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(panel->windowTitle(), QStringLiteral("made"), patienceMs);
    auto *launch = panel->findChild<QPushButton *>(QStringLiteral("launchButton"));
    QTRY_VERIFY_WITH_TIMEOUT(launch->isEnabled(), patienceMs);
    launch->click(); // without a database
    auto *notice = panel->findChild<Notice *>(QStringLiteral("notice"));
    QVERIFY(notice->isVisible());
    QCOMPARE(notice->lead(), QStringLiteral("Which database is it to work on?"));
}

void TestBirdAppPanel::logIsPlainAndCapped()
{
    BirdAppLog log;
    QStringList lines;
    for (int i = 0; i < 20'000; ++i) {
        lines += QStringLiteral("<b>line</b> %1").arg(i);
    }
    log.append(lines);
    QVERIFY(log.blockCount() <= 5001);
    QVERIFY(log.toPlainText().endsWith(QStringLiteral("<b>line</b> 19999")));
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestBirdAppPanel test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_birdapppanel.moc"
