#include "migrationshots.h"

#include "gui/mainwindowtabs.h"
#include "migrationfixture.h"

#include <QCursor>
#include <QDir>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTest>

namespace Roost {

using namespace Testing;
using Tale = MigrationTale;

namespace {

/// One run: the window, and a page for each state, told by a journal.
class MigrationPhotographer
{
public:
    MigrationPhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
    }
    bool run();

private:
    using Turn = std::function<Tale::Outcome(MigrationJournal &, JobContext &)>;
    using Stage = MigrationRunner::Stage;

    bool shoot(const char *name);
    MigrationPage *open(const Turn &turn, const PlannedMigration &planned = Tale::planned(Tale::plan()));
    bool tell(const char *name, const Turn &turn, Stage stage, MigrationPlan plan = Tale::plan());
    bool plans();
    bool gates();
    bool byHand();
    bool stops();
    bool offers();

    QString m_folder;
    QString m_prefix;
    WindowFixture m_fixture;
};

bool MigrationPhotographer::shoot(const char *name)
{
    constexpr QPoint aside(1430, 890);
    QCursor::setPos(aside);
    QTest::qWait(400); // for what is painted late: pictures, not tests
    return m_fixture.window->grab().save(
        QStringLiteral("%1/%2-migration-%3.png").arg(m_folder, m_prefix, QLatin1String(name)));
}

MigrationPage *MigrationPhotographer::open(const Turn &turn, const PlannedMigration &planned)
{
    MigrationEngine engine;
    engine.plan = [planned](const auto &, const auto &, JobContext &) { return planned; };
    engine.goOn = [turn](MigrationJournal &journal, const auto &, const auto &, JobContext &context) {
        return turn(journal, context);
    };
    m_fixture.window->tabs()->closeIf([](const QWidget *) { return true; });
    QTest::qWait(100); // so that its journal is let go
    QDir(Paths::migrations()).removeRecursively();
    return qobject_cast<MigrationPage *>(m_fixture.window->tabs()->open(
        QStringLiteral("shot"), QStringLiteral("go-next"), QStringLiteral("Move my_database"), [&] {
            return new MigrationPage(m_fixture.services, QStringLiteral("id-my_database"),
                                     QStringLiteral("my_database"), engine);
        }));
}

bool MigrationPhotographer::tell(const char *name, const Turn &turn, Stage stage, MigrationPlan plan)
{
    MigrationPage *page = open(turn);
    {
        const auto journal = MigrationJournal::create(Paths::migrations(), plan.id, toJson(plan));
        if (!journal) {
            return false;
        }
    }
    page->openJournal(plan.id, MigrationPage::Then::GoOn);
    const bool isThere = QTest::qWaitFor([&] { return page->runner()->stage() == stage; });
    page->setFocus();
    return isThere && shoot(name);
}

bool MigrationPhotographer::plans()
{
    MigrationPage *page = open({});
    page->plan({});
    QTest::qWait(300);
    page->setFocus();
    bool all = shoot("1-plan");
    auto *bar =
        page->findChild<QWidget *>(QStringLiteral("migrationPlan"))->findChild<QScrollArea *>()->verticalScrollBar();
    bar->setValue(bar->maximum());
    all = shoot("1-plan-below") && all;
    MigrationPlan blocked = Tale::plan();
    blocked.blockers = {QStringLiteral("There are 40 MB left on the disk of the backup folder, and the backups need "
                                       "about 63 MB. Make room, or choose another folder."),
                        QStringLiteral("pg_dump 15 cannot back up a server of version 16. Install the package "
                                       "postgresql-client-16.")};
    blocked.warnings = {QStringLiteral("The extension postgis of blog_db is not offered in version 18."),
                        QStringLiteral("my_database is 93 % of what a free instance may hold.")};
    page = open({}, Tale::planned(blocked));
    page->plan({});
    QTest::qWait(300);
    return shoot("2-plan-blocked") && all;
}

bool MigrationPhotographer::gates()
{
    MigrationPause pause;
    pause.text = QStringLiteral("Render allows one free database, so the new one can only be created once this one is "
                                "suspended or gone. Roost first tries to suspend it, which can be taken back; it "
                                "deletes only if Render refuses.");
    const Turn open = [pause](MigrationJournal &journal, JobContext &) -> Tale::Outcome {
        Tale::upToGate(journal);
        return Tale::ask(journal, pause);
    };
    bool all = tell("4-gate", open, Stage::Asking);
    m_fixture.part<QLineEdit>("typedName")->setText(QStringLiteral("my_database"));
    all = shoot("5-gate-typed") && all;
    pause.mayBeAnswered = false;
    pause.problems = {QStringLiteral("blog_db: the backup is another file than the one that was proven. It was changed "
                                     "on the disk after 14:02. Roost makes and proves a new one."),
                      QStringLiteral("bird_app_db: 3 rows were written to sightings after the backup.")};
    return tell(
               "6-gate-shut",
               [pause](MigrationJournal &journal, JobContext &) -> Tale::Outcome {
                   Tale::upToGate(journal, false);
                   return Tale::ask(journal, pause);
               },
               Stage::Asking) &&
           all;
}

bool MigrationPhotographer::byHand()
{
    MigrationPlan plan = Tale::plan();
    plan.accountId.clear();
    MigrationPause pause;
    pause.step = MigrationStep::AwaitNew;
    pause.question = MigrationQuestion::NewConnection;
    pause.text =
        QStringLiteral("The old instance is gone. Create the new one now; the values below make it like the old "
                       "one, so that as little as possible has to change.");
    const QString form = QStringLiteral("New Postgres");
    pause.doing = {QStringLiteral("At dashboard.render.com press “New”, then “Postgres”."),
                   QStringLiteral("Fill in the values below, choose the plan “Free” and press “Create Database”."),
                   QStringLiteral("Wait until it says “Available”. Then press “Connect”, “External”, and copy the PSQL "
                                  "Command or the External Database URL.")};
    pause.values = {{QStringLiteral("Name"), QStringLiteral("my_database"), {}, form},
                    {QStringLiteral("Database"), QStringLiteral("my_database"), {}, form},
                    {QStringLiteral("User"), QStringLiteral("my_database_user"), {}, form},
                    {QStringLiteral("Region"), QStringLiteral("Oregon (US West)"), {}, form}};
    const auto asking = [](const MigrationPause &asked) {
        return [asked](MigrationJournal &journal, JobContext &) -> Tale::Outcome {
            Tale::upToGate(journal);
            Tale::tell(journal, MigrationStep::Gate, "done");
            Tale::done(journal, MigrationStep::RetireOld, QStringLiteral("deleted by you"));
            Tale::done(journal, MigrationStep::CreateNew, QStringLiteral("by you"));
            return Tale::ask(journal, asked);
        };
    };
    bool all = tell("7-by-hand", asking(pause), Stage::Asking, plan);
    pause.problems = {QStringLiteral("The server at dpg-c0ffee… is the old instance: the address pasted is the one it "
                                     "had. Copy the new instance's.")};
    return tell("8-by-hand-not-yet", asking(pause), Stage::Asking, plan) && all;
}

bool MigrationPhotographer::stops()
{
    const Turn running = [](MigrationJournal &journal, JobContext &context) -> Tale::Outcome {
        Tale::upToBackups(journal);
        Tale::tell(journal, MigrationStep::Prove, "begin");
        for (int done = 10; !context.isCancelled(); done = qMin(done + 1, 31)) {
            context.report({QStringLiteral("Restoring bird_app_db into a scratch database on this computer"), done, 48,
                            QStringLiteral("%1 of 48 MB").arg(done), qint64(done) << 20});
            QThread::msleep(30);
        }
        return failure(Error::cancelled());
    };
    const auto failing = [](bool isPastGate) {
        return [isPastGate](MigrationJournal &journal, JobContext &) -> Tale::Outcome {
            Tale::upToGate(journal);
            MigrationStep step = MigrationStep::Gate;
            if (isPastGate) {
                Tale::tell(journal, MigrationStep::Gate, "done");
                Tale::done(journal, MigrationStep::RetireOld, QStringLiteral("suspended"));
                step = MigrationStep::CreateNew;
                Tale::tell(journal, step, "begin");
            }
            const QString problem = QStringLiteral(
                "Render did not answer for 75 seconds. Perhaps the network is down, or Render is. Whether the new "
                "instance was created is not known yet; the next try looks first.");
            Tale::tell(journal, step, "failed", {{QStringLiteral("problem"), problem}});
            return failure(ErrorCode::TimedOut, problem, QStringLiteral("POST /v1/postgres: no answer"));
        };
    };
    return tell("3-running", running, Stage::Running) & tell("9-failure", failing(false), Stage::Failed) &
           tell("10-failure-past-gate", failing(true), Stage::Failed) &
           tell(
               "11-report",
               [](MigrationJournal &journal, JobContext &) -> Tale::Outcome {
                   Tale::upToEnd(journal);
                   return std::optional<MigrationPause>();
               },
               Stage::Finished);
}

bool MigrationPhotographer::offers()
{
    m_fixture.window->tabs()->closeIf([](const QWidget *) { return true; });
    QTest::qWait(100); // so that its journal is let go
    QDir(Paths::migrations()).removeRecursively();
    {
        const MigrationPlan plan = Tale::plan();
        const auto journal = MigrationJournal::create(Paths::migrations(), plan.id, toJson(plan));
        if (!journal) {
            return false;
        }
        Tale::upToBackups(**journal);
    }
    emit m_fixture.window->tabs()->currentChanged();
    QTest::qWait(300);
    const bool isSaved = shoot("12-welcome");
    m_fixture.window->openInstance(QStringLiteral("id-my_database"));
    QTest::qWait(500);
    return shoot("13-instance") && isSaved;
}

bool MigrationPhotographer::run()
{
    ConnectionSpec spec;
    spec.parameters = {
        QStringLiteral("127.0.0.1"), 1, QStringLiteral("my_database_user"), QStringLiteral("my_database"),
        TlsMode::Optional,           {}};
    spec.password = Secret(QStringLiteral("x"));
    m_fixture.save(QStringLiteral("my_database"), spec, QDate::currentDate().addDays(-18));
    m_fixture.open();
    const bool isLoaded = QTest::qWaitFor([this] { return m_fixture.instances.isLoaded(); });
    return isLoaded & plans() & stops() & gates() & byHand() & offers();
}

} // namespace

bool takeMigrationShots(const QString &folder, const QString &prefix)
{
    return MigrationPhotographer(folder, prefix).run();
}

} // namespace Roost
