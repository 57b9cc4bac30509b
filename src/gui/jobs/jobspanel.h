#pragma once

#include <QHash>
#include <QWidget>

class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace Roost {

class Job;
class JobRow;
class JobRunner;

/// The Jobs dock: what runs and what ended, newest first. It shows what JobRunner knows and keeps nothing itself.
class JobsPanel : public QWidget
{
    Q_OBJECT

public:
    explicit JobsPanel(JobRunner *jobs, QWidget *parent = nullptr);

signals:
    void jobOpened(Roost::Job *job);

private:
    void add(Job *job);
    void remove(Job *job);
    void update();

    JobRunner *m_jobs;
    QStackedWidget *m_stack;
    QVBoxLayout *m_rows;
    QPushButton *m_clear;
    QHash<Job *, JobRow *> m_byJob;
};

} // namespace Roost
