#include "core/translations.h"
#include "gui/theme/theme.h"
#include "mainwindowdriver.h"
#include "postgres/environment.h"
#include "practice/practiceclient.h"
#include "windowfixture.h"

#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTableView>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString instanceName = QStringLiteral("nest");
const QString databaseName = QStringLiteral("bird_app_db");

} // namespace

/// All that the two lessons do by hand, through the real window and against the stand-in for Render, which has real
/// servers and a real web service: from an empty home and a key to birds that the service answers with. The slots build
/// on each other, as a user's clicks do.
class TestRenderJourney : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        m_stage.options.hasSample = true;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        qputenv("ROOST_RENDER_API", m_stage.access().api.toEncoded());
        m_fixture.secrets.setPatience(std::chrono::seconds(5));
        m_fixture.open();
        m_fixture.window->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(m_fixture.window.get()));
        m_driver = std::make_unique<MainWindowDriver>(m_fixture.window.get());
    }
    void cleanupTestCase()
    {
        QVERIFY(m_fixture.prompts.errors.isEmpty());
        m_driver.reset();
        m_fixture.window.reset();
        m_stage.stop();
    }

    void aKeyIsAdded()
    {
        QVERIFY(m_fixture.profiles.all()->isEmpty());
        QVERIFY(m_driver->choose("menuRender", "actionAddAccount"));
        QPointer<QWidget> dialog(m_driver->dialog("addAccountDialog"));
        QVERIFY(dialog && m_driver->type("apiKeyField", m_stage.access().key.reveal(), dialog));
        QVERIFY(m_driver->press("saveAccount", dialog));
        QTRY_VERIFY_WITH_TIMEOUT(!m_fixture.accounts.entries().isEmpty(), patienceMs);
        if (dialog && dialog->isVisible()) { // without a keychain it says so, and waits for another click
            QVERIFY(m_driver->press("saveAccount", dialog));
        }
        QTRY_VERIFY_WITH_TIMEOUT(!dialog || !dialog->isVisible(), patienceMs);
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->row({QStringLiteral("school-db")}).isValid(), patienceMs);
    }

    /// The free plan has one place.
    void theOldInstanceGoes()
    {
        QVERIFY(m_driver->unfold({QStringLiteral("school-db")}));
        QVERIFY(m_driver->press("deleteInstance"));
        QWidget *dialog = m_driver->dialog("deleteInstanceDialog");
        QVERIFY(dialog && m_driver->type("typedName", QStringLiteral("school-db"), dialog));
        QVERIFY(m_driver->press("deleteInstanceButton", dialog));
        QVERIFY(jobSucceeds());
        QCOMPARE(m_stage.get(QStringLiteral("/postgres")).array().size(), 0);
    }

    void anInstanceIsCreated()
    {
        QVERIFY(m_driver->choose("menuRender", "actionCreateInstance"));
        QWidget *dialog = m_driver->dialog("createInstanceDialog");
        QVERIFY(dialog && m_driver->type("instanceName", instanceName, dialog));
        QVERIFY(m_driver->press("createInstanceButton", dialog));
        QVERIFY(jobSucceeds());
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->row({instanceName}).isValid(), patienceMs);
        QVERIFY(m_driver->unfold({instanceName}));
    }

    void aDatabaseIsMadeUpgradedAndSeeded()
    {
        QVERIFY(m_driver->chooseFor({instanceName}, "actionCreateDatabase"));
        QWidget *dialog = m_driver->dialog("DatabaseNameDialog");
        QVERIFY(dialog && m_driver->type("nameField", databaseName, dialog));
        QVERIFY(m_driver->press("acceptButton", dialog));
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->under({instanceName}).contains(databaseName), patienceMs);
        QVERIFY(m_driver->click({instanceName, databaseName}));

        m_fixture.prompts.path = m_stage.folder() + QStringLiteral("/app");
        QVERIFY(m_driver->choose("menuFile", "actionNewApp"));
        QWidget *page = m_driver->part("BirdAppPanel");
        QVERIFY(page);
        QVERIFY(m_driver->part<QComboBox>("databaseCombo", page)->currentText().startsWith(databaseName));
        QVERIFY(m_driver->press("upgradeButton", page));
        QTRY_COMPARE_WITH_TIMEOUT(MainWindowDriver::notice("notice", page).value(0),
                                  QStringLiteral("The tables are as the app needs them"), patienceMs);
        QVERIFY(m_driver->press("seedButton", page));
        QTRY_COMPARE_WITH_TIMEOUT(MainWindowDriver::notice("notice", page).value(0), QStringLiteral("The seed is in"),
                                  patienceMs);
    }

    void theServiceIsPointedToItAndDeployed()
    {
        QVERIFY(m_driver->choose("menuRender", "actionServices"));
        QVERIFY(m_driver->part("servicesPage"));
        auto *table = m_driver->part<QTableView>("servicesTable");
        QVERIFY(table);
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() == 1, patienceMs);
        QVERIFY(m_driver->press("pointButton"));
        QWidget *dialog = m_driver->dialog("pointDialog");
        QVERIFY(dialog);
        auto *instance = m_driver->part<QComboBox>("pointInstance", dialog);
        auto *database = m_driver->part<QComboBox>("pointDatabase", dialog);
        QCOMPARE(instance->currentText().section(u' ', 0, 0), instanceName);
        QTRY_VERIFY_WITH_TIMEOUT(database->findText(databaseName) >= 0, patienceMs);
        database->setCurrentIndex(database->findText(databaseName));
        QTRY_VERIFY_WITH_TIMEOUT(m_driver->part<QLabel>("pointWhy", dialog)->text().contains(QStringLiteral("nternal")),
                                 patienceMs);
        QVERIFY(m_driver->press("acceptButton", dialog));
        QVERIFY(jobSucceeds());
    }

    void itAnswersWithTheBirds()
    {
        QVERIFY(m_driver->press("callButton"));
        QWidget *answer = m_driver->part("serviceAnswer");
        QVERIFY(answer);
        const auto birds = [answer] {
            return QJsonDocument::fromJson(answer->findChild<QPlainTextEdit *>()->toPlainText().toUtf8()).array();
        };
        QTRY_COMPARE_WITH_TIMEOUT(birds().size(), 4, patienceMs);
        QVERIFY(!birds().first()[u"name"].toString().isEmpty());
    }

private:
    /// Waits for the end of the job whose dialog is open, and closes it.
    bool jobSucceeds()
    {
        QWidget *progress = m_driver->dialog("JobProgressDialog");
        if (!progress) {
            return false;
        }
        const QStringList said = m_driver->outcome(progress);
        const bool succeeded = m_fixture.jobs.jobs().last()->state() == Job::State::Succeeded;
        if (!succeeded) {
            qWarning("%s", qPrintable(said.join(u'\n')));
        }
        progress->close();
        return succeeded && QTest::qWaitFor([this] { return !m_driver->isOpen("JobProgressDialog"); });
    }

    PracticeStage m_stage;
    WindowFixture m_fixture;
    std::unique_ptr<MainWindowDriver> m_driver;
};

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    const QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    installTranslations(application);
    Theme::apply(application, Theme::Mode::Light);
    TestRenderJourney test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_renderjourney.moc"
