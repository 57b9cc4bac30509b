#include "gui/migration/planpane.h"

#include "gui/dialogs/notice.h"
#include "gui/migration/planchoices.h"
#include "gui/migration/plandraft.h"
#include "gui/migration/planfolders.h"
#include "gui/migration/rehearsing.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/plaintable.h"
#include "jobs/jobrunner.h"

#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

PlanPane::PlanPane(Services &services, MigrationEngine engine, std::shared_ptr<MigrationGround> ground, QWidget *parent)
    : MigrationPane({}, parent)
    , m_services(services)
    , m_engine(std::move(engine))
    , m_ground(std::move(ground))
    , m_looking(new Card)
    , m_lookingStep(paragraph({}))
    , m_content(new QWidget)
    , m_notice(new Notice)
    , m_blockers(new Notice)
    , m_warnings(new Notice)
    , m_lead(paragraph({}))
    , m_paths(new PlanPaths)
    , m_databases(new PlainTable({tr("Database"), tr("Size"), QString()}))
    , m_databasesHead(roleLabel({}, "strong"))
    , m_servicesCard(new PlanServices)
    , m_connectedCard(new Card)
    , m_connected(paragraph({}))
    , m_draft(new PlanDraft)
    , m_folders(new PlanFolders(services))
    , m_save(addButton("planSave", tr("&Save plan…")))
    , m_print(addButton("planPrint", tr("&Print…")))
    , m_rehearse(addButton("planRehearse", tr("&Rehearse…")))
    , m_begin(addButton("planBegin", {}, true, "primary"))
{
    setObjectName(QStringLiteral("migrationPlan"));
    build();
    constexpr int typingMs = 600;
    m_typing.setSingleShot(true);
    m_typing.setInterval(typingMs);
    connect(&m_typing, &QTimer::timeout, this, &PlanPane::look);
    connect(m_paths, &PlanPaths::chosen, this, [this](MigrationPath path) {
        m_request.path = path;
        m_request.draft.reset(); // a plan that fits the one way need not fit the other
        look();
    });
    connect(m_draft, &PlanDraft::changed, this, &PlanPane::change);
    connect(m_folders, &PlanFolders::changed, this, &PlanPane::change);
    connect(m_servicesCard, &PlanServices::changed, this, &PlanPane::updateBegin);
    connect(m_begin, &QPushButton::clicked, this, [this] { emit beginWanted(plan()); });
    connect(m_rehearse, &QPushButton::clicked, this, &PlanPane::rehearseWanted);
    connectDocuments();
}

PlanPane::~PlanPane()
{
    if (m_job) {
        m_job->cancel();
    }
}

void PlanPane::build()
{
    m_notice->setObjectName(QStringLiteral("planNotice"));
    m_blockers->setObjectName(QStringLiteral("planBlockers"));
    m_warnings->setObjectName(QStringLiteral("planWarnings"));
    m_lead->setObjectName(QStringLiteral("planLead"));
    m_looking->setObjectName(QStringLiteral("planLooking"));
    m_connected->setObjectName(QStringLiteral("planConnected"));
    auto *bar = new QProgressBar;
    bar->setRange(0, 0);
    bar->setTextVisible(false);
    bar->setAccessibleName(tr("Looking"));
    m_looking->body()->setSpacing(Spacing::unit);
    m_looking->body()->addWidget(m_lookingStep);
    m_looking->body()->addWidget(bar);
    m_connectedCard->body()->addWidget(roleLabel(tr("Connected now"), "strong"));
    m_connectedCard->body()->addWidget(m_connected);
    m_databases->setObjectName(QStringLiteral("planDatabases"));
    m_databases->setAccessibleName(tr("Databases that move"));
    auto *tableCard = new Card;
    tableCard->body()->setContentsMargins(2, Spacing::card - 4, 2, 2);
    m_databasesHead->setContentsMargins(Spacing::card - 2, 0, 0, 0);
    tableCard->body()->addWidget(m_databasesHead);
    tableCard->body()->addWidget(m_databases);
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Spacing::card - 4);
    for (QWidget *part : std::initializer_list<QWidget *>{m_blockers, m_warnings, m_lead, m_paths, tableCard,
                                                          m_servicesCard, m_connectedCard, m_draft, m_folders}) {
        column->addWidget(part);
    }
    body()->addWidget(m_notice);
    body()->addWidget(m_looking);
    body()->addWidget(m_content);
    m_content->hide();
    m_rehearse->setToolTip(tr("The same move on a stand-in of this computer, from your data: nothing of yours is "
                              "touched"));
    m_rehearse->setVisible(canRehearse());
}

void PlanPane::begin(const MigrationPlanRequest &request, const QString &name)
{
    m_request = request;
    m_name = name;
    setHeading(tr("Looking at %1…").arg(name));
    look();
}

void PlanPane::change()
{
    m_request.draft = m_draft->draft();
    m_request.path = m_planned ? std::optional(m_planned->plan.path) : m_request.path;
    m_request.backupFolder = m_folders->backupFolder();
    m_request.secondFolder = m_folders->secondFolder();
    m_request.provesOnInstance = m_folders->provesOnInstance();
    m_isLooking = true; // soon
    m_typing.start();
    updateBegin();
}

void PlanPane::look()
{
    m_typing.stop();
    if (m_job) {
        m_job->cancel();
    }
    const int generation = ++m_generation;
    m_isLooking = true;
    m_notice->clear();
    m_lookingStep->setText(tr("Which databases there are, how big, who is connected, and which services use them. "
                              "Nothing is changed."));
    m_looking->setVisible(!m_planned);
    updateBegin();
    m_job = m_services.jobs->runQuietly<PlannedMigration>(
        [plan = m_engine.plan, request = m_request, ground = m_ground](JobContext &context) {
            auto planned = plan(request, ground->environment(), context);
            return planned;
        },
        this,
        [this, generation](const Result<PlannedMigration> &planned) {
            if (generation == m_generation) {
                take(planned);
            }
        });
    connect(m_job, &Job::changed, this, [this, job = m_job.data()] {
        if (job == m_job && !job->progress().step.isEmpty()) {
            m_lookingStep->setText(job->progress().step);
        }
    });
}

void PlanPane::take(const Result<PlannedMigration> &planned)
{
    m_job = nullptr;
    m_isLooking = false;
    m_looking->hide();
    if (!planned) {
        sayProblem(planned.error());
        setHeading(tr("%1 could not be looked at").arg(m_name));
        connect(m_notice->addButton(QStringLiteral("planRetry"), tr("Try again")), &QPushButton::clicked, this,
                &PlanPane::look);
        updateBegin();
        return;
    }
    const bool isFirst = !m_planned;
    m_planned = *planned;
    setHeading(tr("What will be done, and what can be chosen"));
    m_content->show();
    m_paths->show(m_planned->paths, m_planned->plan.path);
    m_servicesCard->show(m_planned->plan.services);
    m_draft->show(m_planned->plan);
    m_folders->show(m_planned->plan);
    showNotices();
    showDatabases();
    showConnected();
    updateBegin();
    if (isFirst) {
        scrollToTop();
        m_begin->setFocus();
    }
    emit plannedChanged();
}

void PlanPane::sayProblem(const Error &error)
{
    m_notice->sayError(tr("It cannot begin"), error);
}

void PlanPane::showNotices()
{
    const QString bullet = QStringLiteral("• ");
    const QString between = QStringLiteral("\n• ");
    const MigrationPlan &plan = m_planned->plan;
    if (plan.blockers.isEmpty()) {
        m_blockers->clear();
    } else {
        m_blockers->say(Tone::Danger, tr("%n thing(s) in the way", nullptr, int(plan.blockers.size())),
                        bullet + plan.blockers.join(between));
        connect(m_blockers->addButton(QStringLiteral("planLookAgain"), tr("Look again")), &QPushButton::clicked, this,
                &PlanPane::look);
    }
    if (plan.warnings.isEmpty()) {
        m_warnings->clear();
    } else {
        m_warnings->say(Tone::Warning, tr("Good to know before"), bullet + plan.warnings.join(between));
    }
    m_lead->setText(leadText());
}

} // namespace Roost
