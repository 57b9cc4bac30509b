#include "core/translations.h"
#include "gui/account/accountpage.h"
#include "gui/account/renderlinks.h"
#include "gui/mainwindowtabs.h"
#include "gui/theme/theme.h"
#include "mainwindowdriver.h"
#include "models/navigatormodel.h"
#include "postgres/environment.h"
#include "practice/practiceclient.h"
#include "windowfixture.h"

#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace Roost;
using namespace Roost::Testing;

/// An account at Render through the real window, against the stand-in: added, looked at, its instances created,
/// suspended and deleted. The slots build on each other, as a user's clicks do.
class TestAccount : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_stage.options.settings[QStringLiteral("creating_ms")] = 300;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        m_first = m_stage.createAvailable(m_stage.draft());
        QVERIFY(!m_first.isEmpty());
        qputenv("ROOST_RENDER_API", m_stage.access().api.toEncoded());
        m_fixture.secrets.setPatience(std::chrono::seconds(5));
        m_fixture.open();
        m_fixture.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
        m_driver = std::make_unique<MainWindowDriver>(m_fixture.window.get());
    }
    void cleanupTestCase()
    {
        m_driver.reset();
        m_fixture.window.reset();
        m_stage.stop();
    }

    void aWrongKeyIsRefusedAtOnce()
    {
        QVERIFY(m_driver->choose("menuRender", "actionAddAccount"));
        QWidget *dialog = m_driver->dialog("addAccountDialog");
        QVERIFY(dialog);
        QVERIFY(!m_driver->part<QPushButton>("saveAccount", dialog)->isEnabled());
        QVERIFY(m_driver->type("apiKeyField", "rnd_wrong", dialog));
        QTRY_COMPARE_WITH_TIMEOUT(MainWindowDriver::notice("accountNotice", dialog).value(0),
                                  QString("Render does not take this key"), patienceMs);
        QVERIFY(!m_driver->part<QPushButton>("saveAccount", dialog)->isEnabled());
        QVERIFY(m_fixture.accounts.entries().isEmpty());
    }

    void aGoodKeySaysWhoseItIs()
    {
        QWidget *dialog = m_driver->dialog("addAccountDialog");
        const QString key = m_stage.access().key.reveal();
        QVERIFY(m_driver->type("apiKeyField", key, dialog));
        QTRY_VERIFY_WITH_TIMEOUT(
            MainWindowDriver::notice("accountNotice", dialog).value(0).contains("practice@localhost"), patienceMs);
        QVERIFY(MainWindowDriver::notice("accountNotice", dialog).value(1).contains("1 instance, "));
        QCOMPARE(m_driver->part<QLineEdit>("apiKeyField", dialog)->echoMode(), QLineEdit::Password);
        QVERIFY(m_driver->press("saveAccount", dialog));
        // Without a keychain it says so and waits for another click.
        QPointer<QWidget> guard(dialog);
        QTRY_VERIFY_WITH_TIMEOUT(!m_fixture.accounts.entries().isEmpty(), patienceMs);
        QTest::qWait(0);
        if (guard && guard->isVisible()) {
            m_driver->press("saveAccount", dialog);
        }
        QTRY_VERIFY_WITH_TIMEOUT(!guard || !guard->isVisible(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_fixture.accounts.entries().first().overview, patienceMs);
        QVERIFY(qobject_cast<AccountPage *>(m_fixture.window->tabs()->currentPage()));
        QFile file(m_fixture.home.filePath("roost.db"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(!file.readAll().contains(key.toUtf8()));
    }

    void theTreeShowsTheInstanceAndConnectsWithoutPasting()
    {
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->row({"class-db"}).isValid(), patienceMs);
        QCOMPARE(m_driver->row({"class-db"}).parent().data().toString(), QString("PRACTICE WORKSPACE"));
        QVERIFY(m_driver->unfold({"class-db"}));
        QTRY_VERIFY_WITH_TIMEOUT(!m_driver->under({"class-db"}).filter("class_db_").isEmpty(), patienceMs);
        auto *facts = m_driver->part<QLabel>("renderFacts");
        QVERIFY(facts);
        QCOMPARE(facts->text(), QString("Free plan · Oregon · PostgreSQL 15"));
        QCOMPARE(m_driver->part<QLabel>("renderStatus")->text(), QString("available"));
        QTRY_VERIFY_WITH_TIMEOUT(m_fixture.profiles.byName("class-db")->parameters.isLoopback(), patienceMs);
        QVERIFY(m_fixture.profiles.byName("class-db")->parameters.tls == TlsMode::Optional);
        // An address that an API answers is opened only when it is Render's own.
        QVERIFY(isRenderPage(QUrl("https://dashboard.render.com/d/dpg-x-a")));
        for (const char *other : {"http://dashboard.render.com/", "https://render.com.evil.org/", "file:///etc/passwd",
                                  "https://a@dashboard.render.com/", "https://evilrender.com/"}) {
            QVERIFY2(!isRenderPage(QUrl(other)), other);
        }
    }

    void anAddressThatIsMissingOnTheAllowListIsAdded()
    {
        const QJsonArray school{QJsonObject{{"cidrBlock", "203.0.113.7/32"}, {"description", "school"}}};
        QCOMPARE(m_stage.ask("PATCH", "/postgres/" + m_first, QJsonObject{{"ipAllowList", school}}).status, 200);
        QVERIFY(m_driver->choose("menuView", "actionRefresh"));
        QVERIFY(m_driver->part<QPushButton>("allowOwnAddress"));
        QVERIFY(m_driver->press("allowOwnAddress"));
        QVERIFY(closeJob());
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.get("/postgres/" + m_first).object()["ipAllowList"].toArray().size(), 2,
                                  patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_fixture.accounts.instance(m_first).second->allowedAddresses.size(), 2, patienceMs);
        QVERIFY(m_driver->press("allowListButton"));
        QWidget *dialog = m_driver->dialog("allowListDialog");
        QVERIFY(m_driver->type("allowCidr", "300.1.1.1/32", dialog));
        QVERIFY(m_driver->press("addAddress", dialog));
        QVERIFY(m_driver->part<QLabel>("allowListProblem", dialog)->text().contains("300.1.1.1/32"));
        QVERIFY(m_driver->press("addEverywhere", dialog));
        QCOMPARE(m_driver->part<QListWidget>("allowList", dialog)->count(), 3);
        QVERIFY(m_driver->press("saveAllowList", dialog));
        QVERIFY(closeJob());
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.get("/postgres/" + m_first).object()["ipAllowList"].toArray().size(), 3,
                                  patienceMs);
    }

    void suspendedAndResumed()
    {
        m_fixture.prompts.asked.clear();
        QVERIFY(m_driver->press("suspendInstance"));
        QVERIFY(closeJob());
        QCOMPARE(m_fixture.prompts.asked.size(), 1);
        QVERIFY(m_fixture.prompts.asked.first().isDestructive);
        QCOMPARE(m_stage.get("/postgres/" + m_first).object()["suspended"].toString(), QString("suspended"));
        QTRY_COMPARE_WITH_TIMEOUT(m_driver->part<QLabel>("renderStatus")->text(), QString("suspended"), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->under({"class-db"}).isEmpty(), patienceMs); // nothing is tried in vain
        QVERIFY(m_driver->press("resumeInstance"));
        QVERIFY(closeJob());
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(m_first), QString("available"), patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_driver->part<QLabel>("renderStatus")->text(), QString("available"), patienceMs);
    }

    /// Render suspends what has expired, and resuming does not help: neither is what it says.
    void anExpiredOneSaysSo()
    {
        QVERIFY(m_stage.post("/practice/clock", QJsonObject{{"days", 31}}).status == 200);
        QVERIFY(m_driver->choose("menuView", "actionRefresh"));
        auto *card = m_driver->part("instanceAccountCard");
        QTRY_COMPARE_WITH_TIMEOUT(MainWindowDriver::notice("renderNotice", card).value(0),
                                  QString("It has expired: nothing can connect"), patienceMs);
        QVERIFY(MainWindowDriver::notice("renderNotice", card).value(1).contains("Upgrade it"));
        QVERIFY(!card->findChild<QWidget *>("resumeInstance")->isVisible());
        QCOMPARE(m_driver->row({"class-db"}).data(NavigatorModel::BadgeTextsRole).toStringList(),
                 QStringList("erased in 13 days"));
        QVERIFY(m_stage.post("/practice/clock", QJsonObject{{"reset", true}}).status == 200);
        QTRY_VERIFY_WITH_TIMEOUT(m_stage.statusOf(m_first) == "available", patienceMs);
        QVERIFY(m_driver->choose("menuView", "actionRefresh"));
        QTRY_COMPARE_WITH_TIMEOUT(m_driver->part<QLabel>("renderStatus")->text(), QString("available"), patienceMs);
    }

    void aSecondFreeOneIsNotOffered()
    {
        QVERIFY(m_driver->choose("menuRender", "actionCreateInstance"));
        QWidget *dialog = m_driver->dialog("createInstanceDialog");
        QVERIFY(m_driver->type("instanceName", "second", dialog));
        QVERIFY(MainWindowDriver::notice("createNotice", dialog).value(0).contains(m_first));
        QVERIFY(!m_driver->part<QPushButton>("createInstanceButton", dialog)->isEnabled());
        QVERIFY(m_driver->press("cancelButton", dialog));
    }

    void deletedAfterItsNameIsTyped()
    {
        QVERIFY(m_driver->press("deleteInstance"));
        QWidget *dialog = m_driver->dialog("deleteInstanceDialog");
        QVERIFY(dialog);
        auto *remove = m_driver->part<QPushButton>("deleteInstanceButton", dialog);
        auto *table = m_driver->part<QTableView>("deleteDatabases", dialog);
        QVERIFY(table);
        QTRY_COMPARE_WITH_TIMEOUT(table->model()->index(0, 4).data().toString(), QString("none"), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->index(0, 2).data().toString() != "…", patienceMs);
        QVERIFY(MainWindowDriver::notice("deleteNotice", dialog).value(0).contains("No proven backup"));
        QVERIFY(!remove->isEnabled() && !remove->isDefault());
        QVERIFY(m_driver->type("typedName", "class", dialog));
        QVERIFY(!remove->isEnabled());
        QVERIFY(m_driver->type("typedName", "class-db", dialog));
        QVERIFY(m_driver->press("deleteInstanceButton", dialog));
        QVERIFY(closeJob());
        QCOMPARE(m_stage.get("/postgres/" + m_first).status, 404);
        // The connection stays, and says what became of its instance.
        QTRY_VERIFY_WITH_TIMEOUT(!m_fixture.accounts.instance(m_first).second, patienceMs);
        QVERIFY(m_driver->row({"class-db"}).isValid());
    }

    void createdWithAGoodName()
    {
        QVERIFY(m_driver->choose("menuRender", "actionCreateInstance"));
        QWidget *dialog = m_driver->dialog("createInstanceDialog");
        QVERIFY(m_driver->part<QLabel>("planText", dialog)->text().contains("30 days"));
        QVERIFY(m_driver->type("instanceName", "new/db", dialog));
        QVERIFY(!m_driver->part<QLabel>("createProblem", dialog)->text().isEmpty());
        QVERIFY(!m_driver->part<QPushButton>("createInstanceButton", dialog)->isEnabled());
        QVERIFY(m_driver->type("instanceName", "new-db", dialog));
        QVERIFY(m_driver->type("instanceDatabase", "Birds-DB", dialog));
        QVERIFY(!m_driver->part<QPushButton>("createInstanceButton", dialog)->isEnabled());
        QVERIFY(m_driver->type("instanceDatabase", "birds", dialog));
        QVERIFY(m_driver->press("createInstanceButton", dialog));
        QVERIFY(closeJob());
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->row({"new-db"}).isValid(), patienceMs);
        QVERIFY(m_driver->unfold({"new-db"}));
        QTRY_VERIFY_WITH_TIMEOUT(!m_driver->under({"new-db"}).filter("birds_").isEmpty(), patienceMs);
    }

    void removedFromRoost()
    {
        const QString id = m_fixture.accounts.entries().first().account.id;
        QVERIFY(m_driver->choose("menuRender", "actionRemoveAccount"));
        QTRY_VERIFY_WITH_TIMEOUT(m_fixture.accounts.entries().isEmpty(), patienceMs);
        QCOMPARE(m_fixture.accountStore.all()->size(), 0);
        QTRY_VERIFY_WITH_TIMEOUT(m_fixture.profiles.byName("new-db")->accountId.isEmpty(), patienceMs);
        QTRY_COMPARE_WITH_TIMEOUT(m_driver->row({"new-db"}).parent().data().toString(), QString("CONNECTIONS"),
                                  patienceMs);
        bool isGone = false;
        m_fixture.secrets.load(id, this, [&isGone](const Result<Secret> &key) { isGone = !key.has_value(); });
        QTRY_VERIFY_WITH_TIMEOUT(isGone, patienceMs);
    }

private:
    /// Waits for the end of the job whose dialog is open, and closes it; false when it failed.
    bool closeJob()
    {
        QWidget *progress = m_driver->dialog("JobProgressDialog");
        if (!progress) {
            return false;
        }
        m_driver->outcome(progress);
        const Job *job = m_fixture.jobs.jobs().last();
        const bool succeeded = job->state() == Job::State::Succeeded;
        if (!succeeded) {
            qWarning("%s: %s %s", qPrintable(job->title()), qPrintable(job->error().message),
                     qPrintable(job->error().detail));
        }
        progress->close();
        return succeeded && QTest::qWaitFor([this] { return !m_driver->isOpen("JobProgressDialog"); });
    }

    PracticeStage m_stage;
    WindowFixture m_fixture;
    std::unique_ptr<MainWindowDriver> m_driver;
    QString m_first;
};

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    installTranslations(application);
    Theme::apply(application, Theme::Mode::Light);
    TestAccount test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_account.moc"
