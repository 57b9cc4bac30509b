#include "gui/services/deployappdialog.h"
#include "gui/services/pointdialog.h"
#include "gui/services/servicespage.h"
#include "gui/theme/theme.h"
#include "operations/birdapp.h"
#include "servicesstage.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>

using namespace Roost;
using namespace Roost::Testing;

/// The Services page and its dialogs in the real window, against the stand-in for Render.
class TestServices : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void listsWhatVariablesLeadTo();
    void pointsDeploysAndCalls();
    void undoes();
    void suspendsAndResumes();
    void deploysAnApp();

private:
    ServicesPage *page() const { return m_stage->fixture.window->findChild<ServicesPage *>(); }
    template <class T>
    T *part(const char *name) const
    {
        return page()->findChild<T *>(QString::fromLatin1(name));
    }
    QString cell(const char *table, int row, int column) const
    {
        return part<QTableView>(table)->model()->index(row, column).data().toString();
    }
    template <class T>
    T *dialog() const
    {
        T *found = nullptr;
        (void)QTest::qWaitFor(
            [&] { return (found = m_stage->fixture.window->findChild<T *>()) && found->isVisible(); });
        return found;
    }
    Job *lastJob() const { return m_stage->fixture.jobs.jobs().last(); }
    bool hasEnded(const QString &title) const
    {
        const QList<Job *> &jobs = m_stage->fixture.jobs.jobs();
        return !jobs.isEmpty() && jobs.last()->title().startsWith(title) && jobs.last()->isEnded();
    }
    void closeDialogs() const
    {
        for (QWidget *widget : QApplication::topLevelWidgets()) {
            if (qobject_cast<QDialog *>(widget)) {
                widget->close();
            }
        }
    }
    void makeRepository(const QString &folder) const;

    std::unique_ptr<ServicesStage> m_stage;
};

void TestServices::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    m_stage = std::make_unique<ServicesStage>();
    const QString problem = m_stage->start();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    m_stage->setValue("DATABASE_URI", "postgres://old:geheim123@dpg-aaaaaaaaaaaaaaaaaaaa-a/bird_app_db");
    m_stage->setValue("DATABASE_URL", "postgres://old:geheim123@dpg-aaaaaaaaaaaaaaaaaaaa-a/bird_app_db");
    auto *action = m_stage->fixture.part<QAction>("actionServices");
    QVERIFY(action);
    QTRY_VERIFY(action->isEnabled());
    action->trigger();
    QVERIFY(page());
}

void TestServices::cleanupTestCase()
{
    m_stage->fixture.window.reset();
    m_stage->render.stop();
    m_stage.reset();
}

void TestServices::listsWhatVariablesLeadTo()
{
    QTRY_COMPARE(part<QTableView>("servicesTable")->model()->rowCount(), 1);
    QCOMPARE(cell("servicesTable", 0, 0), "bird-app");
    QVERIFY2(cell("servicesTable", 0, 4).contains("unknown instance"), qPrintable(cell("servicesTable", 0, 4)));
    QCOMPARE(part<QTableView>("serviceVariables")->model()->rowCount(), 2);
    QCOMPARE(cell("serviceVariables", 0, 0), "DATABASE_URI");
    QVERIFY(!cell("serviceVariables", 0, 3).contains("geheim123"));
    QVERIFY(cell("serviceVariables", 0, 3).contains("********"));
}

void TestServices::pointsDeploysAndCalls()
{
    part<QPushButton>("pointButton")->click();
    auto *point = dialog<PointDialog>();
    QVERIFY(point);
    auto *accept = point->findChild<QPushButton *>("acceptButton");
    QTRY_VERIFY_WITH_TIMEOUT(accept->isEnabled(), 20'000);
    QVERIFY(point->findChild<QCheckBox *>("change-DATABASE_URI")->isChecked());
    QVERIFY(point->findChild<QCheckBox *>("change-DATABASE_URL")->isChecked());
    QVERIFY(point->findChild<QCheckBox *>("deployAfterwards")->isChecked());
    const QString then = point->findChild<QLabel *>("new-DATABASE_URI")->toolTip() +
                         point->findChild<QLabel *>("new-DATABASE_URI")->text();
    QVERIFY2(then.contains("postgresql://") && then.contains("********"), qPrintable(then));
    const QString why = point->findChild<QLabel *>("pointWhy")->text();
    QVERIFY2(why.startsWith("Internal address"), qPrintable(why));
    accept->click();
    QTRY_VERIFY_WITH_TIMEOUT(hasEnded("Point bird-app"), 60'000);
    QVERIFY2(lastJob()->state() == Job::State::Succeeded, qPrintable(lastJob()->error().message));
    closeDialogs();
    QVERIFY(m_stage->valueOf("DATABASE_URI").contains(m_stage->instance + "/bird_app_db"));
    QVERIFY(m_stage->valueOf("DATABASE_URI").startsWith("postgresql://"));
    QTRY_VERIFY_WITH_TIMEOUT(!cell("servicesTable", 0, 4).contains("unknown instance"), 20'000);
    QTRY_COMPARE(cell("servicesTable", 0, 5), "live");

    part<QPushButton>("callButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(part<QWidget>("serviceAnswerNotice")->isVisible(), 60'000);
    QTRY_VERIFY(part<QWidget>("serviceAnswer")->isVisible());
}

void TestServices::undoes()
{
    part<QPushButton>("undoPointButton")->click();
    auto *undo = dialog<PointDialog>();
    QVERIFY2(undo, m_stage->fixture.prompts.errors.isEmpty()
                       ? ""
                       : qPrintable(m_stage->fixture.prompts.errors.last().message));
    undo->findChild<QCheckBox *>("deployAfterwards")->setChecked(false);
    auto *accept = undo->findChild<QPushButton *>("acceptButton");
    QTRY_VERIFY(accept->isEnabled());
    accept->click();
    QTRY_VERIFY_WITH_TIMEOUT(hasEnded("Put the variables"), 30'000);
    closeDialogs();
    QCOMPARE(m_stage->valueOf("DATABASE_URI"), "postgres://old:geheim123@dpg-aaaaaaaaaaaaaaaaaaaa-a/bird_app_db");
    QTRY_VERIFY_WITH_TIMEOUT(cell("servicesTable", 0, 4).contains("unknown instance"), 20'000);
}

void TestServices::suspendsAndResumes()
{
    QTRY_VERIFY(part<QPushButton>("suspendServiceButton")->isEnabled());
    part<QPushButton>("suspendServiceButton")->click();
    QVERIFY(m_stage->fixture.prompts.asked.last().isDestructive);
    QTRY_COMPARE_WITH_TIMEOUT(cell("servicesTable", 0, 2), "suspended", 30'000);
    QTRY_VERIFY(part<QPushButton>("resumeServiceButton")->isEnabled());
    QVERIFY(!part<QPushButton>("deployButton")->isEnabled());
    part<QPushButton>("resumeServiceButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(cell("servicesTable", 0, 2), "running", 30'000);
}

void TestServices::makeRepository(const QString &folder) const
{
    QVERIFY(createBirdApp(folder));
    const auto git = [&folder](const QStringList &arguments) {
        QProcess process;
        process.setWorkingDirectory(folder);
        process.start("git", QStringList{"-c", "user.name=Ada", "-c", "user.email=ada@example.com"} + arguments);
        QVERIFY(process.waitForFinished());
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    };
    git({"init", "-q", "-b", "main"});
    git({"add", "."});
    git({"commit", "-q", "-m", "Bird app"});
    git({"init", "-q", "--bare", folder + ".git"});
    git({"remote", "add", "origin", folder + ".git"});
    git({"push", "-q", "-u", "origin", "main"});
    git({"remote", "set-url", "origin", "git@github.com:ada/bird-app.git"});
}

void TestServices::deploysAnApp()
{
    QTemporaryDir place;
    const QString folder = place.filePath("my-birds");
    makeRepository(folder);
    part<QPushButton>("deployAppButton")->click();
    auto *deploy = dialog<DeployAppDialog>();
    QVERIFY(deploy);
    auto *create = deploy->findChild<QPushButton *>("createServiceButton");
    QVERIFY(!create->isEnabled());
    m_stage->fixture.prompts.path = folder;
    deploy->findChild<QPushButton *>("chooseFolder")->click();
    QTRY_VERIFY_WITH_TIMEOUT(deploy->findChild<QWidget *>("check8"), 20'000);
    QCOMPARE(deploy->findChild<QLineEdit *>("serviceName")->text(), "my-birds");
    QCOMPARE(deploy->findChild<QLineEdit *>("startCommand")->text(), "gunicorn app:app");
    auto *databases = deploy->findChild<QComboBox *>("serviceDatabase");
    QTRY_VERIFY_WITH_TIMEOUT(databases->findText("bird_app_db") >= 0, 20'000);
    databases->setCurrentText("bird_app_db");
    if (auto *ignore = deploy->findChild<QPushButton *>("addIgnoreLines")) {
        ignore->click();
        QTRY_VERIFY(!deploy->findChild<QPushButton *>("addIgnoreLines") ||
                    !deploy->findChild<QPushButton *>("addIgnoreLines")->isVisible());
    }
    QTRY_VERIFY_WITH_TIMEOUT(create->isEnabled(), 20'000);
    create->click();
    QTRY_VERIFY_WITH_TIMEOUT(hasEnded("Deploy the bird app"), 90'000);
    QVERIFY2(lastJob()->state() == Job::State::Succeeded, qPrintable(lastJob()->error().message));
    closeDialogs();
    QTRY_COMPARE_WITH_TIMEOUT(part<QTableView>("servicesTable")->model()->rowCount(), 2, 30'000);
}

QTEST_MAIN(TestServices)
#include "tst_services.moc"
