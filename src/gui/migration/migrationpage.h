#pragma once

#include "gui/migration/migrationrunner.h"
#include "gui/widgets/page.h"

class QLabel;
class QStackedWidget;

namespace Roost {

class AskPane;
class GatePane;
class MigrationPane;
class MigrationStepsModel;
class PlanPane;
class ReportPane;
class RunningPane;
class StandstillPane;
struct Services;

/// Moving an instance, in a tab: the steps at the left, and at the right what there is to decide, to do or to look at
/// now.
class MigrationPage : public Page
{
    Q_OBJECT

public:
    MigrationPage(Services &services, const QString &profileId, const QString &name, MigrationEngine engine = {},
                  QWidget *parent = nullptr);

    /// Looks at the instance and shows a plan. `accountId` empty: by hand.
    void plan(const MigrationPlanRequest &request);
    /// Shows a migration that was begun.
    enum class Then { Look, GoOn, GiveUp };
    void openJournal(const QString &id, Then then = Then::Look);

    QString journalId() const { return m_runner->id(); }
    MigrationPlan plannedMove() const; ///< as it is shown now
    MigrationRunner *runner() const { return m_runner; }
    QString instanceId() const override { return m_profileId; }
    QString statusText() const override;
    void refresh() override;
    bool hasUnsaved() const override { return m_runner->stage() == MigrationRunner::Stage::Running; }
    void mayLeave(std::function<void(bool)> done) override;

signals:
    void backupsWanted();
    void closeWanted();
    void instanceWanted(const QString &profileId);
    void planWanted(const QString &profileId);
    void rehearsalWanted();
    /// Its journal says something else than before.
    void moved();

private:
    QWidget *buildLeft();
    void connectPanes();
    void showPane(MigrationPane *pane);
    void updateStage();
    void updateSteps();
    void showPause();
    void takeEnd();
    void askToGoBack();

    Services &m_services;
    QString m_profileId;
    QString m_name;
    MigrationRunner *m_runner;
    MigrationStepsModel *m_model;
    Then m_then = Then::Look;
    QLabel *m_title;
    QLabel *m_subtitle;
    QStackedWidget *m_stack;
    PlanPane *m_plan;
    RunningPane *m_running;
    GatePane *m_gate;
    AskPane *m_ask;
    StandstillPane *m_standstill;
    ReportPane *m_report;
};

} // namespace Roost
