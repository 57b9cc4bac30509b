#include "stallwatcher.h"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <execinfo.h>
#include <mutex>
#include <pthread.h>
#include <unistd.h>

namespace Roost::Testing {

namespace {

using namespace std::chrono_literals;

constexpr qint64 stuckMs = 100;

qint64 nowMs()
{
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

/// On the thread that is stuck.
void tellStack(int)
{
    constexpr int depth = 60;
    constexpr char lead[] = "The GUI thread does not get back to its events:\n";
    void *frames[depth];
    const int count = ::backtrace(frames, depth);
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, lead, sizeof lead - 1);
    ::backtrace_symbols_fd(frames, count, STDERR_FILENO);
}

} // namespace

StallWatcher::StallWatcher()
    : m_beat(nowMs())
{
    void *frame = nullptr;
    ::backtrace(&frame, 1); // loads what it needs, before a signal handler does
    struct sigaction action = {};
    action.sa_handler = tellStack;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGUSR2, &action, nullptr);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &StallWatcher::beat);
    m_timer.start(10);
    m_thread = std::jthread([this, guiThread = ::pthread_self()](const std::stop_token &stop) {
        std::mutex mutex;
        std::condition_variable_any ended;
        qint64 told = 0;
        while (!stop.stop_requested()) {
            const qint64 last = m_beat;
            if (last != told && nowMs() - last > stuckMs) {
                told = last; // once a stall
                ++m_stacksTold;
                ::pthread_kill(guiThread, SIGUSR2);
            }
            std::unique_lock lock(mutex);
            ended.wait_for(lock, stop, 5ms, [] { return false; });
        }
    });
}

StallWatcher::~StallWatcher()
{
    m_thread.request_stop();
    m_thread.join();
    ::signal(SIGUSR2, SIG_DFL);
}

void StallWatcher::beat()
{
    m_beat = nowMs();
}

void StallWatcher::step(const QString &name)
{
    beat();
    const qint64 worst = m_probe.worst();
    m_probe.restart();
    if (!m_step.isEmpty()) {
        m_report += QStringLiteral("%1 %2 ms").arg(m_step).arg(worst);
    }
    m_worst = qMax(m_worst, worst);
    m_step = name;
}

qint64 StallWatcher::worst()
{
    return qMax(m_worst, m_probe.worst());
}

QString StallWatcher::report()
{
    return (m_report + QStringList{QStringLiteral("%1 %2 ms").arg(m_step).arg(m_probe.worst())})
        .join(QStringLiteral(", "));
}

} // namespace Roost::Testing
