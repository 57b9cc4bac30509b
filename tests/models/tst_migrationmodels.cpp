#include "models/migrationstepsmodel.h"
#include "models/unfinishedmigrations.h"

#include "core/translations.h"
#include "jobs/jobrunner.h"
#include "operations/migration.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;
using Status = MigrationStepsModel::Status;

namespace {

MigrationPlan planOf(const QString &id)
{
    MigrationPlan plan;
    plan.id = id;
    plan.profileId = QStringLiteral("id-school");
    plan.path = MigrationPath::OneSlot;
    plan.source.id = QStringLiteral("dpg-c0ffee00000000000000-a");
    plan.source.name = QStringLiteral("school-db");
    MigrationDatabase database;
    database.properties.name = QStringLiteral("bird_app_db");
    database.sizeBytes = 1024;
    plan.databases = {database};
    return plan;
}

Status statusAt(const MigrationStepsModel &model, int row)
{
    return model.index(row).data(MigrationStepsModel::StatusRole).value<Status>();
}

QString summaryAt(const MigrationStepsModel &model, int row)
{
    return model.index(row).data(MigrationStepsModel::SummaryRole).toString();
}

} // namespace

class TestMigrationModels : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { installTranslations(*qApp); }

    void stepsFollowTheState()
    {
        MigrationStepsModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.setPlanning(MigrationPath::UpgradeInPlace, QStringLiteral("nothing is done yet"));
        QCOMPARE(model.rowCount(), stepsOf(MigrationPath::UpgradeInPlace).size() + 1);
        QCOMPARE(statusAt(model, 0), Status::Asked);
        QCOMPARE(model.currentRow(), 0);

        MigrationState state;
        state.plan = planOf(QStringLiteral("00000001"));
        model.setState(state, true);
        QCOMPARE(model.rowCount(), 19);
        QCOMPARE(statusAt(model, 0), Status::Done);
        QCOMPARE(model.currentRow(), 1);
        QCOMPARE(model.doneCount(), 0);

        const auto tell = [&state](MigrationStep step, MigrationStepState::Status status) -> MigrationStepState & {
            state.steps[step].status = status;
            return state.steps[step];
        };
        tell(MigrationStep::Freeze, MigrationStepState::Status::Done).summary = QStringLiteral("1 service suspended");
        tell(MigrationStep::BackUp, MigrationStepState::Status::Begun);
        QSignalSpy changes(&model, &QAbstractItemModel::dataChanged);
        model.setState(state, true);
        QVERIFY(changes.size() >= 2);
        QCOMPARE(model.doneCount(), 1);
        QCOMPARE(summaryAt(model, 1), QStringLiteral("1 service suspended"));
        QCOMPARE(statusAt(model, 2), Status::Running);
        model.setState(state, false);
        QCOMPARE(statusAt(model, 2), Status::Interrupted);
        QVERIFY(!summaryAt(model, 2).isEmpty());
        QVERIFY(model.index(2).data(Qt::AccessibleTextRole).toString().contains(QStringLiteral("interrupted")));

        tell(MigrationStep::BackUp, MigrationStepState::Status::Failed).problem = QStringLiteral("The disk is full.");
        model.setState(state, false);
        QCOMPARE(statusAt(model, 2), Status::Failed);
        QCOMPARE(summaryAt(model, 2), QStringLiteral("The disk is full."));
        changes.clear();
        model.setState(state, false); // the same again is no change
        QCOMPARE(changes.size(), 0);
        for (const MigrationStep step : stepsOf(state.plan.path)) {
            tell(step, MigrationStepState::Status::Done);
        }
        model.setState(state, false);
        QCOMPARE(model.currentRow(), -1);
        QCOMPARE(model.doneCount(), 18);
    }

    void unfinishedOnesAreFound()
    {
        const QTemporaryDir folder;
        JobRunner jobs;
        UnfinishedMigrations list(&jobs, folder.path());
        QSignalSpy changed(&list, &UnfinishedMigrations::changed);
        {
            const auto ended = MigrationJournal::create(folder.path(), QStringLiteral("00000001"),
                                                        toJson(planOf(QStringLiteral("00000001"))));
            QVERIFY(ended.has_value());
            QVERIFY((*ended)
                        ->append(QStringLiteral("plan"), QStringLiteral("end"),
                                 {{QStringLiteral("how"), QStringLiteral("given-up")}})
                        .has_value());
        }
        auto open = MigrationJournal::create(folder.path(), QStringLiteral("00000002"),
                                             toJson(planOf(QStringLiteral("00000002"))));
        QVERIFY(open.has_value());
        QVERIFY((*open)->append(QStringLiteral("freeze"), QStringLiteral("begin")).has_value());
        QVERIFY((*open)->append(QStringLiteral("freeze"), QStringLiteral("done")).has_value());
        list.reload();
        list.reload();
        QTRY_COMPARE(list.all().size(), 1);
        const UnfinishedMigration one = list.all().first();
        QCOMPARE(one.name, QStringLiteral("school-db"));
        QCOMPARE(one.done, 1);
        QCOMPARE(one.total, 18);
        QVERIFY(one.isOurs() && one.mayGoBack);
        QVERIFY(list.ofProfile(QStringLiteral("id-school")));
        QVERIFY(!list.ofProfile({}));
        open->reset();
        list.reload();
        QTRY_COMPARE(list.all().first().holder, 0);
        QVERIFY(QFile::resize(folder.filePath(QStringLiteral("00000002.journal")), 0));
        list.reload();
        QTRY_VERIFY(!list.all().isEmpty() && !list.all().first().problem.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestMigrationModels)
#include "tst_migrationmodels.moc"
