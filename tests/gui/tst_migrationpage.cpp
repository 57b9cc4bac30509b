#include "core/translations.h"
#include "gui/connection/pastefield.h"
#include "gui/dialogs/notice.h"
#include "gui/mainwindowtabs.h"
#include "gui/migration/migrationpage.h"
#include "gui/migration/planpane.h"
#include "gui/migration/rehearsing.h"
#include "gui/theme/theme.h"
#include "migrationfixture.h"
#include "postgres/environment.h"
#include "stallprobe.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Tale = MigrationTale;
constexpr int patienceMs = 20'000;

/// A page whose engine does what the test says, turn by turn.
class OpenPage
{
public:
    using Turn = std::function<Tale::Outcome(MigrationJournal &, const std::optional<MigrationAnswer> &, JobContext &)>;

    struct Script
    {
        std::mutex mutex;
        QList<Turn> turns;
        QList<MigrationPlanRequest> requests;
        PlannedMigration planned;
        std::optional<MigrationAnswer> answer;
        int gaveUp = 0;
    };
    std::shared_ptr<Script> script = std::make_shared<Script>();
    WindowFixture fixture;
    std::unique_ptr<MigrationPage> page;

    explicit OpenPage(MigrationPlan plan = Tale::plan())
    {
        script->planned = Tale::planned(plan);
        page = std::make_unique<MigrationPage>(fixture.services, plan.profileId, plan.source.name, engine());
        constexpr QSize usual(1150, 760);
        page->resize(usual);
        page->show();
    }
    ~OpenPage()
    {
        page.reset();
        fixture.jobs.shutDown();
    }

    MigrationEngine engine()
    {
        MigrationEngine engine;
        engine.plan = [script = script](const MigrationPlanRequest &request, const MigrationEnvironment &,
                                        JobContext &) -> Result<PlannedMigration> {
            const std::scoped_lock lock(script->mutex);
            script->requests += request;
            PlannedMigration planned = script->planned;
            planned.plan.path = request.path.value_or(planned.plan.path);
            planned.plan.draft = request.draft.value_or(planned.plan.draft);
            planned.plan.secondFolder =
                request.secondFolder.isEmpty() ? planned.plan.secondFolder : request.secondFolder;
            return planned;
        };
        engine.goOn = [script = script](MigrationJournal &journal, const MigrationEnvironment &,
                                        const std::optional<MigrationAnswer> &answer, JobContext &context) {
            Turn turn;
            {
                const std::scoped_lock lock(script->mutex);
                script->answer = answer;
                turn = script->turns.isEmpty() ? Turn() : script->turns.takeFirst();
            }
            return turn ? turn(journal, answer, context)
                        : Tale::Outcome(failure(ErrorCode::Internal, QStringLiteral("no more turns")));
        };
        engine.giveUp = [script = script](MigrationJournal &journal, const MigrationEnvironment &,
                                          JobContext &) -> Result<void> {
            ++script->gaveUp;
            return journal.append(QStringLiteral("plan"), QStringLiteral("end"),
                                  {{QStringLiteral("how"), QStringLiteral("given-up")}});
        };
        return engine;
    }
    void then(const Turn &turn) { script->turns += turn; }
    void thenAsk(const MigrationPause &pause)
    {
        then([pause](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            return Tale::ask(journal, pause);
        });
    }
    /// A journal of the plan, with what these events say, opened and gone on with.
    bool goOn(const Tale::Events &events)
    {
        const MigrationPlan plan = script->planned.plan;
        auto journal = MigrationJournal::create(Paths::migrations(), plan.id, toJson(plan));
        if (!journal) {
            qWarning("%s", qPrintable(journal.error().message));
            return false;
        }
        events(**journal);
        journal->reset();
        page->openJournal(plan.id, MigrationPage::Then::GoOn);
        return true;
    }

    QWidget *pane() const { return page->findChild<QStackedWidget *>()->currentWidget(); }
    QString paneName() const { return pane()->objectName(); }
    template <class T = QPushButton>
    T *part(const char *name) const
    {
        return pane()->findChild<T *>(QString::fromLatin1(name));
    }
    QString heading() const { return part<QLabel>("migrationHeading")->text(); }
    MigrationRunner::Stage stage() const { return page->runner()->stage(); }
};

MigrationPause gate(const QStringList &problems = {})
{
    MigrationPause pause;
    pause.text = QStringLiteral("Render allows one free database.");
    pause.problems = problems;
    pause.mayBeAnswered = problems.isEmpty();
    return pause;
}

} // namespace

/// Moving an instance, in a tab: each pane with what the journal and the engine tell, told here.
class TestMigrationPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { installTranslations(*qApp); }
    void init() { QDir(Paths::migrations()).removeRecursively(); }

    void aPlanIsLookedAtAndChosenFrom()
    {
        OpenPage open;
        open.page->plan({});
        QCOMPARE(open.paneName(), QStringLiteral("migrationPlan"));
        auto *begin = open.part("planBegin");
        QTRY_VERIFY(begin->isEnabled());
        QCOMPARE(open.part<QTableView>("planDatabases")->model()->rowCount(), 3);
        QVERIFY(open.part<QRadioButton>("path-one-slot")->isChecked());
        QVERIFY(!open.part<QRadioButton>("path-side-by-side")->isEnabled());
        QVERIFY(open.part<QLabel>("planConnected")->text().contains(QStringLiteral("gunicorn")));
        QVERIFY(open.part<QLabel>("planLead")->text().contains(QStringLiteral("7 min")));
        QCOMPARE(open.part("planRehearse")->isHidden(), !canRehearse());

        open.part<QRadioButton>("path-in-place")->click();
        QTRY_COMPARE(open.script->requests.size(), 2);
        QCOMPARE(open.script->requests.last().path, MigrationPath::UpgradeInPlace);
        QTRY_VERIFY(begin->isEnabled());
        QVERIFY(begin->text().contains(QStringLiteral("upgrade")));
        QVERIFY(!open.part<QLineEdit>("draftName")->isEnabled());
    }

    void whatIsTypedIsLookedAtAgain()
    {
        OpenPage open;
        open.page->plan({});
        QTRY_VERIFY(open.part("planBegin")->isEnabled());
        auto *name = open.part<QLineEdit>("draftName");
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("birds-2027"));
        QVERIFY(!open.part("planBegin")->isEnabled());
        QVERIFY(!open.part<QLabel>("migrationFooter")->text().isEmpty());
        QTRY_COMPARE(open.script->requests.size(), 2);
        QTRY_VERIFY(open.part("planBegin")->isEnabled());
        QCOMPARE(open.page->findChild<PlanPane *>()->planned()->plan.draft.name, QStringLiteral("birds-2027"));
        open.fixture.prompts.path = QStringLiteral("/media/stick");
        open.part("planSecondFolderBrowse")->click();
        QTRY_COMPARE(open.script->requests.size(), 3);
        QCOMPARE(open.script->requests.last().secondFolder, QStringLiteral("/media/stick"));
    }

    void bothFoldersOnOneDiskAreWarnedOf()
    {
        MigrationPlan plan = Tale::plan();
        plan.backupFolder = Paths::home() + QStringLiteral("/backups");
        plan.secondFolder = Paths::home() + QStringLiteral("/copies/not there yet");
        OpenPage open(plan);
        open.page->plan({});
        QTRY_VERIFY(open.part("planBegin")->isEnabled());
        QTRY_VERIFY(open.part<QLabel>("planDisks")->isVisible());
    }

    void blockersAreSaidAndKeepItFromBeginning()
    {
        MigrationPlan plan = Tale::plan();
        plan.blockers = {QStringLiteral("There are 40 MB left on this disk; the backups need 63 MB."),
                         QStringLiteral("pg_dump 15 cannot read a server of version 16.")};
        plan.warnings = {QStringLiteral("blog_db uses an extension that Render's newest version lacks.")};
        OpenPage open(plan);
        open.page->plan({});
        QTRY_VERIFY(open.part<Notice>("planBlockers")->isVisible());
        QVERIFY(open.part<Notice>("planBlockers")->text().contains(QStringLiteral("40 MB")));
        QCOMPARE(open.part<Notice>("planWarnings")->text(), QStringLiteral("• ") + plan.warnings.first());
        QVERIFY(!open.part("planBegin")->isEnabled());
        QVERIFY(open.part<QLabel>("migrationFooter")->text().contains(QStringLiteral("2 things")));
        {
            const std::scoped_lock lock(open.script->mutex);
            open.script->planned.plan.blockers.clear();
        }
        open.part("planLookAgain")->click();
        QTRY_VERIFY(open.part("planBegin")->isEnabled());
        QVERIFY(!open.part<Notice>("planBlockers")->isVisible());
    }

    void aLookThatFailsCanBeTriedAgain()
    {
        OpenPage open;
        MigrationEngine engine = open.engine();
        auto isDown = std::make_shared<std::atomic_bool>(true);
        engine.plan = [plan = engine.plan, isDown](const auto &request, const auto &environment,
                                                   JobContext &context) -> Result<PlannedMigration> {
            if (*isDown) {
                return failure(ErrorCode::ConnectionFailed, QStringLiteral("Render does not answer."));
            }
            return plan(request, environment, context);
        };
        MigrationPage page(open.fixture.services, {}, QStringLiteral("my_database"), engine);
        page.show();
        page.plan({});
        auto *retry = [&] {
            (void)QTest::qWaitFor([&] { return page.findChild<QPushButton *>("planRetry"); }, patienceMs);
            return page.findChild<QPushButton *>("planRetry");
        }();
        QVERIFY(retry && !page.findChild<QPushButton *>("planBegin")->isEnabled());
        *isDown = false;
        retry->click();
        QTRY_VERIFY(page.findChild<QPushButton *>("planBegin")->isEnabled());
    }

    void itBeginsWithWhatWasChosen()
    {
        OpenPage open;
        open.page->plan({});
        QTRY_VERIFY(open.part("planBegin")->isEnabled());
        open.part<QCheckBox>("freeze-srv-birds00000000000000")->setChecked(false);
        open.thenAsk(gate());
        open.part("planBegin")->click();
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Asking);
        const auto events = MigrationJournal::read(Paths::migrations(), Tale::plan().id);
        QVERIFY(events.has_value());
        QCOMPARE(events->first().data[u"services"][0][u"isFrozen"].toBool(), false);
    }

    void whatRunsIsShownAndCanBeStopped()
    {
        OpenPage open;
        open.then([](MigrationJournal &journal, const auto &, JobContext &context) -> Tale::Outcome {
            Tale::tell(journal, MigrationStep::Prove, "begin");
            context.log(QStringLiteral("restored blog_db"));
            context.report({QStringLiteral("Restoring bird_app_db into a scratch database"), 31, 48,
                            QStringLiteral("31 of 48 MB"), 31});
            while (!context.isCancelled()) {
                QThread::msleep(5);
            }
            return failure(Error::cancelled());
        });
        QVERIFY(open.goOn(Tale::upToBackups));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationRunning"));
        QTRY_COMPARE(open.page->findChild<QLabel *>("runningWhat")->text(),
                     QStringLiteral("Restoring bird_app_db into a scratch database"));
        QTRY_COMPARE(open.heading(), nameOf(MigrationStep::Prove));
        QCOMPARE(open.part<QLabel>("runningPosition")->text(), QStringLiteral("Step 4 of 19"));
        QVERIFY(open.part<QLabel>("runningAmount")->text().contains(QStringLiteral("64%")));
        QVERIFY(open.page->hasUnsaved());
        open.part("stopMigration")->click();
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Standing);
        QCOMPARE(open.paneName(), QStringLiteral("migrationStandstill"));
        QVERIFY(open.part("standGoOn")->isVisible() && open.part("standGoBack")->isVisible());
        QVERIFY(open.part<QLabel>("standText")->text().contains(nameOf(MigrationStep::Prove)));
        QCOMPARE(MigrationJournal::holder(Paths::migrations(), Tale::plan().id), 0); // anybody may go on with it
        open.thenAsk(gate());
        open.part("standGoOn")->click();
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Asking);
        QVERIFY(MigrationJournal::holder(Paths::migrations(), Tale::plan().id) != 0);
    }

    void theGateOpensForTheNameOnly()
    {
        OpenPage open;
        open.thenAsk(gate());
        QVERIFY(open.goOn([](MigrationJournal &journal) { Tale::upToGate(journal); }));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationGate"));
        QVERIFY(open.heading().startsWith(QStringLiteral("Everything is proven")));
        const QAbstractItemModel *table = open.part<QTableView>("gateTable")->model();
        QCOMPARE(table->rowCount(), 3);
        QCOMPARE(table->index(0, 1).data().toString(), QStringLiteral("1,204,118"));
        QCOMPARE(table->index(0, 2).data().toString(), QStringLiteral("48 MB, 2 copies"));
        QCOMPARE(table->index(1, 3).data().toString(), QStringLiteral("restored and compared"));
        QCOMPARE(table->index(1, 4).data().toString(), QStringLiteral("no"));
        QVERIFY(open.part<QLabel>("gateGone")->text().contains(QStringLiteral("dpg-c0ffee")));
        QVERIFY(open.part<QLabel>("gateStays")->text().contains(QStringLiteral("go on until")));
        auto *field = open.part<QLineEdit>("typedName");
        QVERIFY(!open.part("gateOpen")->isEnabled());
        QTest::keyClicks(field, QStringLiteral("my_databas"));
        QTest::keyClick(field, Qt::Key_Return);
        QVERIFY(!open.part("gateOpen")->isEnabled());
        QCOMPARE(open.stage(), MigrationRunner::Stage::Asking);
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::done(journal, MigrationStep::Gate, QStringLiteral("opened"));
            return failure(ErrorCode::TimedOut, QStringLiteral("Render does not answer."));
        });
        QTest::keyClicks(field, QStringLiteral("e"));
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Failed);
        QVERIFY(open.script->answer && open.script->answer->question == MigrationQuestion::Gate);
        QCOMPARE(open.script->answer->text, QStringLiteral("my_database"));
    }

    void theGateStaysShutAndSaysWhy()
    {
        OpenPage open;
        const QStringList problems{
            QStringLiteral("The backup of blog_db is another file than the one that was proven."),
            QStringLiteral("bird_app_db was written to since its backup.")};
        open.thenAsk(gate(problems));
        QVERIFY(open.goOn([](MigrationJournal &journal) { Tale::upToGate(journal, false); }));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationGate"));
        QVERIFY(!open.part<QLineEdit>("typedName")->isVisible() && !open.part("gateOpen")->isVisible());
        for (const QString &problem : problems) {
            QVERIFY(open.part<Notice>("gateProblems")->text().contains(problem));
        }
        QCOMPARE(open.part<QTableView>("gateTable")->model()->index(1, 3).data().toString(),
                 QStringLiteral("not proven"));
        open.thenAsk(gate());
        open.part("gateLookAgain")->click();
        QTRY_VERIFY(open.part<QLineEdit>("typedName") && open.part<QLineEdit>("typedName")->isVisible());
        QVERIFY(!open.script->answer);
    }

    void theFreezeCanBeUndoneAtTheGate()
    {
        OpenPage open;
        open.thenAsk(gate());
        QVERIFY(open.goOn([](MigrationJournal &journal) { Tale::upToGate(journal); }));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationGate"));
        open.fixture.prompts.answer = false;
        open.part("gateGoBack")->click();
        QCOMPARE(open.stage(), MigrationRunner::Stage::Asking);
        open.fixture.prompts.answer = true;
        open.part("gateGoBack")->click();
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::GivenUp);
        QCOMPARE(open.script->gaveUp, 1);
        QVERIFY(open.part("standPlan")->isVisible() && !open.part("standGoOn")->isVisible());
    }

    void stoppingAtTheGateLetsTheJournalGo()
    {
        OpenPage open;
        open.thenAsk(gate());
        QVERIFY(open.goOn([](MigrationJournal &journal) { Tale::upToGate(journal); }));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationGate"));
        open.part("gateStop")->click();
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationStandstill"));
        QTRY_COMPARE(MigrationJournal::holder(Paths::migrations(), Tale::plan().id), 0);
    }

    void whatIsDoneByHandIsShownCopiedAndChecked()
    {
        MigrationPlan plan = Tale::plan();
        plan.accountId.clear();
        OpenPage open(plan);
        MigrationPause pause;
        pause.step = MigrationStep::AwaitNew;
        pause.question = MigrationQuestion::NewConnection;
        pause.text = QStringLiteral("Create the new instance, and paste its connection here.");
        pause.doing = {QStringLiteral("Press “New”, then “Postgres”."), QStringLiteral("Fill in the values below.")};
        pause.values = {{QStringLiteral("Name"), QStringLiteral("my_database"), {}, QStringLiteral("New Postgres")},
                        {QStringLiteral("Key"), QStringLiteral("••••••"), Secret(QStringLiteral("c4n4ry-value")), {}}};
        open.thenAsk(pause);
        QVERIFY(open.goOn([](MigrationJournal &journal) { Tale::upToGate(journal); }));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationAsk"));
        const auto press = [&](const QString &label) {
            for (QPushButton *button : open.pane()->findChildren<QPushButton *>()) {
                if (button->property("valueLabel") == label) {
                    button->click();
                }
            }
        };
        press(QStringLiteral("Name"));
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("my_database"));
        press(QStringLiteral("Key"));
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("c4n4ry-value"));
        for (const QLineEdit *field : open.pane()->findChildren<QLineEdit *>()) {
            QVERIFY(!field->text().contains(QStringLiteral("c4n4ry")));
        }
        auto *paste = open.part<PasteField>("askPaste");
        auto *done = open.part("askDone");
        QVERIFY(paste->isVisible() && !done->isEnabled());
        const QString url = QStringLiteral("postgresql://u:s3cret-paste@dpg-new-a.oregon-postgres.render.com/db");
        paste->paste(url);
        QVERIFY(done->isEnabled() && !paste->toPlainText().contains(QStringLiteral("s3cret-paste")));
        pause.problems = {QStringLiteral("The host is the old instance's.")};
        open.thenAsk(pause);
        done->click();
        QTRY_VERIFY(open.stage() == MigrationRunner::Stage::Asking && open.script->answer);
        QCOMPARE(open.script->answer->secret.reveal(), url);
        QTRY_VERIFY(open.page->findChild<Notice *>("askProblems")->isVisible());
        QVERIFY(open.part<Notice>("askProblems")->text().contains(pause.problems.first()));
        QVERIFY(open.part<PasteField>("askPaste")->toPlainText().isEmpty());
    }

    void aFolderIsAskedFor()
    {
        OpenPage open;
        MigrationPause pause;
        pause.step = MigrationStep::SecondCopy;
        pause.question = MigrationQuestion::SecondFolder;
        pause.text = QStringLiteral("The folder for the second copies is not there.");
        open.thenAsk(pause);
        QVERIFY(open.goOn(Tale::upToBackups));
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationAsk"));
        QVERIFY(!open.part<PasteField>("askPaste")->isVisible());
        open.fixture.prompts.path = QStringLiteral("/media/other stick");
        open.part("askBrowse")->click();
        QCOMPARE(open.part<QLineEdit>("askFolder")->text(), QStringLiteral("/media/other stick"));
        open.thenAsk(gate());
        open.part("askDone")->click();
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationGate"));
        QCOMPARE(open.script->answer->text, QStringLiteral("/media/other stick"));
    }

    void aFailureSaysWhatAndOffersWhatIsTrue()
    {
        OpenPage open;
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::tell(journal, MigrationStep::Prove, "begin");
            Tale::tell(journal, MigrationStep::Prove, "failed",
                       {{QStringLiteral("problem"), QStringLiteral("The disk is full.")}});
            return failure(ErrorCode::DiskFull, QStringLiteral("The disk is full."), QStringLiteral("ENOSPC"));
        });
        QVERIFY(open.goOn(Tale::upToBackups));
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Failed);
        QCOMPARE(open.part<Notice>("standNotice")->text(), QStringLiteral("The disk is full."));
        QVERIFY(open.heading().contains(nameOf(MigrationStep::Prove)));
        QVERIFY(open.part("standGoOn")->isVisible() && open.part("standGoBack")->isVisible() &&
                open.part("standStop")->isVisible());
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::tell(journal, MigrationStep::RetireOld, "begin");
            Tale::tell(journal, MigrationStep::RetireOld, "note",
                       {{QStringLiteral("fate"), QStringLiteral("suspending")}});
            return failure(ErrorCode::TimedOut, QStringLiteral("Render does not answer."));
        });
        open.part("standGoOn")->click();
        QTRY_VERIFY(open.page->findChild<Notice *>("standNotice")->text().startsWith(QStringLiteral("Render")));
        QVERIFY(!open.part("standGoBack")->isVisible()); // past the gate there is nothing to go back to
        QVERIFY(open.part("standBackups")->isVisible());
    }

    void theReportIsShownAndSaved()
    {
        OpenPage open;
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::upToEnd(journal);
            return std::optional<MigrationPause>();
        });
        QVERIFY(open.goOn([](MigrationJournal &) {}));
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Finished);
        QCOMPARE(open.paneName(), QStringLiteral("migrationReport"));
        open.fixture.prompts.path = open.fixture.home.filePath(QStringLiteral("report.html"));
        open.part("reportSave")->click();
        QTRY_VERIFY(QFile::exists(open.fixture.prompts.path));
        QTRY_COMPARE(open.part<Notice>("reportNotice")->tone(), Tone::Good);
        QSignalSpy closed(open.page.get(), &MigrationPage::closeWanted);
        open.part("reportDone")->click();
        QCOMPARE(closed.size(), 1);
        QCOMPARE(open.page->statusText(), QStringLiteral("18 of 18 steps done"));
    }

    void whatAnotherProgramHoldsIsOnlyLookedAt()
    {
        OpenPage open;
        const MigrationPlan plan = Tale::plan();
        auto journal = MigrationJournal::create(Paths::migrations(), plan.id, toJson(plan));
        QVERIFY(journal.has_value());
        Tale::upToBackups(**journal);
        open.page->openJournal(plan.id, MigrationPage::Then::GoOn);
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Elsewhere);
        QVERIFY(open.part<Notice>("standNotice")->lead().contains(QString::number(QCoreApplication::applicationPid())));
        QVERIFY(!open.part("standGoOn")->isVisible() && !open.part("standGoBack")->isVisible());
        journal->reset();
        open.part("standLookAgain")->click();
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Standing);
    }

    void aDamagedJournalIsSaid()
    {
        OpenPage open;
        QVERIFY(Paths::ensureFolder(Paths::migrations()));
        QFile file(Paths::migrations() + QStringLiteral("/5eed0001.journal"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nonsense\nmore\n") > 0);
        file.close();
        open.page->openJournal(QStringLiteral("5eed0001"));
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Unreadable);
        QVERIFY(!open.part("standGoOn")->isVisible() && open.part("standBackups")->isVisible());
    }

    void theKeyboardIsEnough()
    {
        OpenPage open;
        open.page->activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(open.page.get()));
        open.page->setFocus();
        open.page->plan({});
        QTRY_COMPARE(QApplication::focusWidget(), open.part("planBegin"));
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::upToGate(journal);
            return Tale::ask(journal, gate());
        });
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QTRY_COMPARE(open.paneName(), QStringLiteral("migrationGate"));
        QTRY_COMPARE(QApplication::focusWidget(), open.part<QLineEdit>("typedName"));
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::tell(journal, MigrationStep::RetireOld, "failed");
            return failure(ErrorCode::TimedOut, QStringLiteral("Render does not answer."));
        });
        QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("my_database"));
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Failed);
        QTRY_COMPARE(QApplication::focusWidget(), open.part("standGoOn"));
        open.then([](MigrationJournal &journal, const auto &, JobContext &) -> Tale::Outcome {
            Tale::upToEnd(journal);
            return std::optional<MigrationPause>();
        });
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Finished);
        QTRY_COMPARE(QApplication::focusWidget(), open.part("reportDone"));
    }

    void everythingIsNamedForScreenReaders()
    {
        OpenPage open;
        open.page->plan({});
        QTRY_VERIFY(open.part("planBegin")->isEnabled());
        for (const QWidget *widget : open.page->findChildren<QWidget *>()) {
            const bool takesKeys = (widget->focusPolicy() & Qt::TabFocus) && widget->isVisible();
            if (takesKeys && !widget->focusProxy() && qobject_cast<const QAbstractItemView *>(widget)) {
                QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
            }
        }
    }

    void theWindowNeverWaits()
    {
        OpenPage open;
        constexpr int bursts = 400;
        open.then([](MigrationJournal &journal, const auto &, JobContext &context) -> Tale::Outcome {
            Tale::tell(journal, MigrationStep::Prove, "begin");
            for (int i = 0; i < bursts; ++i) {
                Tale::tell(
                    journal, MigrationStep::Prove, "note",
                    {{QStringLiteral("databases"), QJsonObject{{QString::number(i), QStringLiteral("proven")}}}});
                context.log(QStringLiteral("proven %1").arg(i));
            }
            return Tale::ask(journal, gate());
        });
        QTest::qWait(100); // for what a window does when it is first shown
        StallProbe probe;
        QVERIFY(open.goOn(Tale::upToBackups));
        QTRY_COMPARE_WITH_TIMEOUT(open.stage(), MigrationRunner::Stage::Asking, patienceMs);
        QVERIFY2(probe.worst() <= 50, qPrintable(QString::number(probe.worst())));
    }

    void stepsAreASoundModel()
    {
        OpenPage open;
        auto *steps = open.page->findChild<QListView *>(QStringLiteral("migrationSteps"));
        const QAbstractItemModelTester tester(steps->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        open.thenAsk(gate());
        QVERIFY(open.goOn([](MigrationJournal &journal) { Tale::upToGate(journal); }));
        QTRY_COMPARE(open.stage(), MigrationRunner::Stage::Asking);
        QCOMPARE(steps->model()->rowCount(), 19);
        QVERIFY(steps->model()->index(5, 0).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("done")));
    }

    void theWindowOffersWhatIsUnfinished()
    {
        const MigrationPlan plan = Tale::plan();
        {
            auto journal = MigrationJournal::create(Paths::migrations(), plan.id, toJson(plan));
            QVERIFY(journal.has_value());
            Tale::upToBackups(**journal);
        }
        WindowFixture fixture;
        ConnectionSpec nowhere;
        nowhere.parameters = {QStringLiteral("127.0.0.1"), 1, QStringLiteral("u"), QStringLiteral("d"),
                              TlsMode::Optional,           {}};
        fixture.save(QStringLiteral("my_database"), nowhere);
        fixture.open();
        const auto notice = [&](QWidget *in) { return in->findChild<Notice *>(QStringLiteral("unfinished-5eed0001")); };
        auto *welcome = fixture.part<QWidget>("welcomePage");
        QTRY_VERIFY(notice(welcome) && notice(welcome)->isVisible());
        QCOMPARE(notice(welcome)->lead(), QStringLiteral("Moving my_database is not finished: 2 of 18 steps."));
        QVERIFY(notice(welcome)->findChild<QPushButton *>("unfinishedGoOn"));
        QVERIFY(notice(welcome)->findChild<QPushButton *>("unfinishedGiveUp"));
        auto *menu = fixture.part<QMenu>("menuUnfinishedMoves");
        QTRY_VERIFY(menu->menuAction()->isVisible());
        QTRY_VERIFY(fixture.instances.find(QStringLiteral("id-my_database")));
        fixture.window->openInstance(QStringLiteral("id-my_database"));
        auto *page = fixture.part<QWidget>("instancePage");
        QVERIFY(notice(page) && notice(page)->isVisibleTo(page));
        // “Move…” leads to it, too: a second one would be refused.
        page->findChild<QPushButton *>("overviewMove")->click();
        auto *move = fixture.part<MigrationPage>("migrationPage");
        QVERIFY(move);
        QTRY_COMPARE(move->runner()->stage(), MigrationRunner::Stage::Standing);
        QCOMPARE(fixture.window->tabs()->titleOf(move), QStringLiteral("Move my_database"));
        fixture.window->moveInstance(QStringLiteral("id-my_database"));
        QCOMPARE(fixture.window->findChildren<MigrationPage *>().size(), 1);
    }

    void theCockpitOffersToMove()
    {
        WindowFixture fixture;
        ConnectionSpec nowhere;
        nowhere.parameters = {QStringLiteral("127.0.0.1"), 1, QStringLiteral("u"), QStringLiteral("d"),
                              TlsMode::Optional,           {}};
        fixture.save(QStringLiteral("my_database"), nowhere, QDate::currentDate().addDays(-29));
        fixture.open();
        QTRY_VERIFY(fixture.instances.isLoaded());
        fixture.part<QAction>("actionExpiry")->trigger();
        auto *cockpit = fixture.part<QWidget>("expiryPage");
        QTRY_VERIFY(cockpit->findChild<QPushButton *>("expiryMove"));
        QVERIFY(cockpit->findChild<QPushButton *>("expiryMove")->isVisible());
        cockpit->findChild<QPushButton *>("expiryMove")->click();
        QVERIFY(fixture.part<MigrationPage>("migrationPage"));
    }
};

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    const QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    Theme::apply(application, Theme::Mode::Light);
    TestMigrationPage test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_migrationpage.moc"
