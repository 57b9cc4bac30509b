#include "gui/jobs/jobspanel.h"

#include "gui/jobs/jobrow.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"

#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

JobsPanel::JobsPanel(JobRunner *jobs, QWidget *parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_stack(new QStackedWidget)
    , m_rows(new QVBoxLayout)
    , m_clear(new QPushButton(tr("Clear finished")))
{
    setObjectName(QStringLiteral("jobsPanel"));
    auto *empty =
        new QLabel(tr("No jobs yet. Backups, restores and resets show up here, and go on when their dialog is "
                      "closed."));
    empty->setProperty("role", QStringLiteral("subtle"));
    empty->setWordWrap(true);
    empty->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    empty->setContentsMargins(Spacing::unit, Spacing::unit, 0, 0);
    m_stack->addWidget(empty);

    auto *list = new QWidget;
    list->setProperty("page", true);
    m_rows->setContentsMargins(Spacing::unit, 0, Spacing::unit, 0);
    m_rows->setSpacing(0);
    auto *foot = new QHBoxLayout;
    m_clear->setObjectName(QStringLiteral("clearFinishedJobs"));
    m_clear->setProperty("kind", QStringLiteral("link"));
    foot->addStretch();
    foot->addWidget(m_clear);
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(m_rows);
    column->addLayout(foot);
    column->addStretch();
    auto *scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(list);
    m_stack->addWidget(scroll);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::unit, 0, Spacing::unit, Spacing::unit);
    layout->addWidget(m_stack);

    connect(m_clear, &QPushButton::clicked, jobs, &JobRunner::removeEnded);
    connect(jobs, &JobRunner::added, this, &JobsPanel::add);
    connect(jobs, &JobRunner::removed, this, &JobsPanel::remove);
    for (Job *job : jobs->jobs()) {
        add(job);
    }
    update();
}

void JobsPanel::add(Job *job)
{
    auto *row = new JobRow(job);
    connect(row, &JobRow::opened, this, [this, job] { emit jobOpened(job); });
    connect(job, &Job::ended, this, &JobsPanel::update);
    m_byJob.insert(job, row);
    m_rows->insertWidget(0, row);
    update();
}

void JobsPanel::remove(Job *job)
{
    if (JobRow *row = m_byJob.take(job)) {
        row->deleteLater();
    }
    update();
}

void JobsPanel::update()
{
    m_stack->setCurrentIndex(m_byJob.isEmpty() ? 0 : 1);
    m_clear->setVisible(m_jobs->runningCount() < m_byJob.size());
}

} // namespace Roost
