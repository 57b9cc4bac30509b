#include "core/jobcontext.h"

#include "core/redact.h"

namespace Roost {

JobContext::JobContext(std::stop_token stop, ProgressSink progress, LogSink log)
    : m_stop(std::move(stop))
    , m_progress(std::move(progress))
    , m_log(std::move(log))
{
}

void JobContext::report(const Progress &progress) const
{
    if (m_progress) {
        m_progress(progress);
    }
}

void JobContext::log(const QString &line) const
{
    if (m_log) {
        m_log(redact(line));
    }
}

} // namespace Roost
