#include "jobs/jobrunner.h"

#include <QMutex>
#include <QPointer>
#include <QThread>
#include <QTimer>

namespace Roost {

namespace {

constexpr int refreshMs = 50;
constexpr qsizetype longestLog = 10'000;

/// What the operation's thread leaves for the GUI thread to fetch: so that ten thousand reports cost twenty repaints a
/// second.
struct Mailbox
{
    QMutex mutex;
    Progress progress;
    QStringList lines;
    bool isNew = false;
};

} // namespace

JobRunner::JobRunner(QObject *parent)
    : QObject(parent)
{
}

JobRunner::~JobRunner()
{
    shutDown();
    const auto threads = findChildren<QThread *>();
    for (QThread *thread : threads) {
        thread->wait();
    }
}

int JobRunner::runningCount() const
{
    return int(std::count_if(m_jobs.begin(), m_jobs.end(), [](const Job *job) { return !job->isEnded(); }));
}

void JobRunner::removeEnded()
{
    const QList<Job *> jobs = m_jobs;
    for (Job *job : jobs) {
        if (job->isEnded()) {
            m_jobs.removeOne(job);
            emit removed(job);
            job->deleteLater();
        }
    }
}

void JobRunner::shutDown()
{
    for (Job *job : std::as_const(m_all)) {
        job->cancel();
    }
}

Job *JobRunner::launchErased(const QString &title, bool visible, std::function<Ending(JobContext &)> work,
                             QObject *receiver, std::function<void()> done)
{
    auto *job = new Job(title, this);
    auto mailbox = std::make_shared<Mailbox>();
    auto ending = std::make_shared<Ending>();
    const bool hasReceiver = receiver != nullptr;
    const QPointer<QObject> guard(receiver);

    auto *timer = new QTimer(job);
    const auto collect = [job, mailbox] {
        QStringList lines;
        {
            const QMutexLocker lock(&mailbox->mutex);
            if (!mailbox->isNew) {
                return;
            }
            mailbox->isNew = false;
            job->m_progress = mailbox->progress;
            job->m_pace.add(job->m_progress, job->elapsedMs());
            lines.swap(mailbox->lines);
        }
        if (!lines.isEmpty()) {
            job->m_log += lines;
            if (job->m_log.size() > longestLog) {
                job->m_log.erase(job->m_log.begin(), job->m_log.end() - longestLog);
            }
            emit job->logged(lines);
        }
        emit job->changed();
    };
    connect(timer, &QTimer::timeout, job, collect);
    timer->start(refreshMs);

    QThread *thread = QThread::create([work = std::move(work), mailbox, ending, stop = job->m_stop.get_token()] {
        JobContext context(
            stop,
            [mailbox](const Progress &progress) {
                const QMutexLocker lock(&mailbox->mutex);
                mailbox->progress = progress;
                mailbox->isNew = true;
            },
            [mailbox](const QString &line) {
                const QMutexLocker lock(&mailbox->mutex);
                mailbox->lines += line;
                mailbox->isNew = true;
            });
        *ending = work(context);
    });
    thread->setParent(this);
    connect(thread, &QThread::finished, job,
            [this, job, thread, timer, collect, ending, visible, hasReceiver, guard, done = std::move(done)] {
                timer->stop();
                collect();
                thread->deleteLater();
                finish(job, *ending, visible);
                if (!hasReceiver || guard) {
                    done();
                }
                if (m_running == 0) {
                    emit idle();
                }
            });

    m_all += job;
    ++m_running;
    if (visible) {
        m_jobs += job;
        emit added(job);
    }
    thread->start();
    return job;
}

void JobRunner::finish(Job *job, const Ending &ending, bool visible)
{
    --m_running;
    m_all.removeOne(job);
    job->m_endedAt = QDateTime::currentDateTimeUtc();
    if (!ending.error) {
        job->m_state = Job::State::Succeeded;
        job->m_summary = ending.summary;
    } else if (ending.error->isCancelled()) {
        job->m_state = Job::State::Cancelled;
    } else {
        job->m_state = Job::State::Failed;
        job->m_error = *ending.error;
    }
    emit job->changed();
    emit job->ended();
    if (!visible) {
        job->deleteLater();
    }
}

} // namespace Roost
