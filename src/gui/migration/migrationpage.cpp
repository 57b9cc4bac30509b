#include "gui/migration/migrationpage.h"

#include "gui/migration/askpane.h"
#include "gui/migration/gatepane.h"
#include "gui/migration/migrationsteplist.h"
#include "gui/migration/planpane.h"
#include "gui/migration/reportpane.h"
#include "gui/migration/runningpane.h"
#include "gui/migration/standstillpane.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/job.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "models/migrationstepsmodel.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QStackedWidget>

namespace Roost {

using Stage = MigrationRunner::Stage;

MigrationPage::MigrationPage(Services &services, const QString &profileId, const QString &name, MigrationEngine engine,
                             QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_profileId(profileId)
    , m_name(name)
    , m_runner(new MigrationRunner(services, engine, this))
    , m_model(new MigrationStepsModel(this))
    , m_title(titleLabel(tr("Move %1").arg(name)))
    , m_subtitle(subtleLabel({}))
    , m_stack(new QStackedWidget)
    , m_plan(new PlanPane(services, engine, m_runner->ground()))
    , m_running(new RunningPane)
    , m_gate(new GatePane)
    , m_ask(new AskPane(services))
    , m_standstill(new StandstillPane)
    , m_report(new ReportPane(services))
{
    setObjectName(QStringLiteral("migrationPage"));
    for (QWidget *pane : std::initializer_list<QWidget *>{m_plan, m_running, m_gate, m_ask, m_standstill, m_report}) {
        m_stack->addWidget(pane);
    }
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Spacing::page, Spacing::page - 4, Spacing::page - 14, Spacing::card + 4);
    layout->setSpacing(Spacing::page - 4);
    layout->addWidget(buildLeft());
    layout->addWidget(m_stack, 1);
    connect(m_runner, &MigrationRunner::stageChanged, this, &MigrationPage::updateStage);
    connect(m_runner, &MigrationRunner::stateChanged, this, &MigrationPage::updateSteps);
    connectPanes();
}

QWidget *MigrationPage::buildLeft()
{
    constexpr int leftWidth = 280;
    auto *left = new QWidget;
    left->setFixedWidth(leftWidth);
    m_title->setObjectName(QStringLiteral("migrationTitle"));
    m_title->setWordWrap(true);
    m_subtitle->setObjectName(QStringLiteral("migrationPath"));
    m_subtitle->setWordWrap(true);
    auto *column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Spacing::unit / 2);
    column->addWidget(m_title);
    column->addWidget(m_subtitle);
    column->addSpacing(Spacing::unit);
    column->addWidget(new MigrationStepList(m_model), 1);
    return left;
}

void MigrationPage::connectPanes()
{
    const auto goOn = [this] { m_runner->goOn(); };
    connect(m_plan, &PlanPane::beginWanted, m_runner, &MigrationRunner::begin);
    connect(m_plan, &PlanPane::rehearseWanted, this, &MigrationPage::rehearsalWanted);
    connect(m_plan, &PlanPane::plannedChanged, this, [this] {
        const PlannedMigration &planned = *m_plan->planned();
        m_subtitle->setText(nameOf(planned.plan.path));
        m_model->setPlanning(planned.plan.path, tr("nothing is done yet"));
    });
    connect(m_running, &RunningPane::stopWanted, m_runner, &MigrationRunner::stop);
    connect(m_gate, &GatePane::opened, this, [this](const QString &name) {
        m_runner->goOn(MigrationAnswer{MigrationQuestion::Gate, name, {}});
    });
    connect(m_gate, &GatePane::stopWanted, m_runner, &MigrationRunner::stop);
    connect(m_gate, &GatePane::goBackWanted, this, &MigrationPage::askToGoBack);
    connect(m_gate, &GatePane::lookAgainWanted, m_runner, goOn);
    connect(m_ask, &AskPane::answered, m_runner, [this](const MigrationAnswer &answer) { m_runner->goOn(answer); });
    connect(m_ask, &AskPane::stopWanted, m_runner, &MigrationRunner::stop);
    connect(m_ask, &AskPane::goBackWanted, this, &MigrationPage::askToGoBack);
    connect(m_standstill, &StandstillPane::goOnWanted, m_runner, goOn);
    connect(m_standstill, &StandstillPane::stopWanted, m_runner, &MigrationRunner::stop);
    connect(m_standstill, &StandstillPane::goBackWanted, this, &MigrationPage::askToGoBack);
    connect(m_standstill, &StandstillPane::lookAgainWanted, this, [this] { openJournal(m_runner->id()); });
    connect(m_standstill, &StandstillPane::planWanted, this, [this] { emit planWanted(m_profileId); });
    connect(m_standstill, &StandstillPane::backupsWanted, this, &MigrationPage::backupsWanted);
    connect(m_report, &ReportPane::backupsWanted, this, &MigrationPage::backupsWanted);
    connect(m_report, &ReportPane::instanceWanted, this, [this] { emit instanceWanted(m_profileId); });
    connect(m_report, &ReportPane::doneWanted, this, &MigrationPage::closeWanted);
}

void MigrationPage::plan(const MigrationPlanRequest &request)
{
    m_model->setPlanning(request.path.value_or(MigrationPath::OneSlot), tr("looking"));
    m_plan->begin(request, m_name);
    showPane(m_plan);
}

MigrationPlan MigrationPage::plannedMove() const
{
    return m_plan->planned() ? m_plan->planned()->plan : MigrationPlan();
}

void MigrationPage::openJournal(const QString &id, Then then)
{
    m_then = then;
    m_runner->read(id);
}

void MigrationPage::refresh()
{
    if (m_runner->stage() == Stage::Nothing) {
        m_plan->look();
    } else if (!m_runner->job() && m_runner->stage() != Stage::Asking) {
        openJournal(m_runner->id());
    }
}

QString MigrationPage::statusText() const
{
    return m_runner->state() ? tr("%1 of %2 steps done").arg(m_model->doneCount()).arg(m_model->rowCount() - 1)
                             : QString();
}

void MigrationPage::showPane(MigrationPane *pane)
{
    const bool hadFocus = isAncestorOf(QApplication::focusWidget()) || !QApplication::focusWidget();
    m_stack->setCurrentWidget(pane);
    setFocusProxy(pane);
    if (hadFocus && isVisible()) {
        pane->setFocus(); // the keyboard stays where the next step is
    }
}

void MigrationPage::updateSteps()
{
    const MigrationState &state = *m_runner->state();
    m_model->setState(state, m_runner->stage() == Stage::Running);
    m_subtitle->setText(nameOf(state.plan.path));
    if (const auto step = state.next(); step && m_runner->stage() == Stage::Running) {
        m_running->setStep(nameOf(*step), tr("Step %1 of %2").arg(m_model->currentRow() + 1).arg(m_model->rowCount()));
    }
    emit statusChanged();
}

void MigrationPage::updateStage()
{
    const Stage stage = m_runner->stage();
    if (m_runner->state()) {
        updateSteps();
    }
    m_running->follow(stage == Stage::Running ? m_runner->job() : nullptr);
    switch (stage) {
    case Stage::Nothing:
        m_plan->sayProblem(m_runner->error());
        showPane(m_plan);
        break;
    case Stage::Reading:
        break;
    case Stage::Running:
        showPane(m_running);
        break;
    case Stage::Asking:
        showPause();
        break;
    case Stage::Failed:
        m_standstill->showFailure(*m_runner->state(), m_runner->error());
        showPane(m_standstill);
        break;
    case Stage::Standing:
        m_standstill->showStanding(*m_runner->state());
        showPane(m_standstill);
        break;
    case Stage::Elsewhere:
        m_standstill->showElsewhere(*m_runner->state(), m_runner->holder());
        showPane(m_standstill);
        break;
    case Stage::Unreadable:
        m_standstill->showUnreadable(m_runner->error());
        showPane(m_standstill);
        break;
    case Stage::GivenUp:
        m_standstill->showGivenUp(*m_runner->state());
        showPane(m_standstill);
        takeEnd();
        break;
    case Stage::Finished:
        m_report->show(*m_runner->state());
        showPane(m_report);
        takeEnd();
        break;
    }
    if (stage == Stage::Failed || stage == Stage::Standing) {
        const Then then = std::exchange(m_then, Then::Look);
        if (then == Then::GoOn) {
            m_runner->goOn();
        } else if (then == Then::GiveUp) {
            askToGoBack();
        }
    }
    emit statusChanged();
    emit moved();
}

void MigrationPage::showPause()
{
    const MigrationPause &pause = *m_runner->pause();
    if (pause.question == MigrationQuestion::Gate) {
        m_gate->show(*m_runner->state(), pause);
        showPane(m_gate);
    } else {
        m_ask->show(*m_runner->state(), pause);
        showPane(m_ask);
    }
}

void MigrationPage::takeEnd()
{
    // The saved connection leads elsewhere now, and services run again.
    if (m_services.instances->find(m_profileId)) {
        m_services.instances->close(m_profileId);
    }
    m_services.instances->reload();
    const QString accountId = m_runner->state()->plan.accountId;
    if (m_services.accounts && m_services.accounts->find(accountId)) {
        m_services.accounts->refresh(accountId);
    }
}

void MigrationPage::askToGoBack()
{
    const MigrationState &state = *m_runner->state();
    Prompts::Question question;
    question.title = tr("Give up moving %1?").arg(state.plan.source.name);
    question.text = tr("Services that were suspended for the move run again, and the old instance goes on as before. "
                       "Backups that were made stay.");
    if (!state.newInstanceId().isEmpty() || state.newConnection()) {
        question.text += u' ' + tr("The new instance stays, too: delete it at Render when nobody needs it.");
    }
    question.accept = tr("Give up the move");
    m_services.prompts->ask(this, question, [this](bool accepted) {
        if (accepted) {
            m_runner->giveUp();
        }
    });
}

void MigrationPage::mayLeave(std::function<void(bool)> done)
{
    Prompts::Question question;
    question.title = tr("Stop moving %1 here?").arg(m_name);
    question.text = tr("What is under way ends where it can. All is written down: Roost offers to go on at its next "
                       "start, and on the instance's page.");
    question.accept = tr("Stop and close");
    m_services.prompts->ask(this, question, [this, done = std::move(done)](bool accepted) {
        if (accepted) {
            m_runner->stop();
        }
        done(accepted);
    });
}

} // namespace Roost
