#include "jobs/job.h"

namespace Roost {

Job::Job(QString title, QObject *parent)
    : QObject(parent)
    , m_title(std::move(title))
    , m_startedAt(QDateTime::currentDateTimeUtc())
{
}

qint64 Job::elapsedMs() const
{
    return m_startedAt.msecsTo(m_endedAt.isValid() ? m_endedAt : QDateTime::currentDateTimeUtc());
}

void Job::cancel()
{
    if (m_state != State::Running) {
        return;
    }
    m_state = State::Cancelling;
    m_stop.request_stop();
    emit changed();
}

} // namespace Roost
