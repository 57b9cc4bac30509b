#pragma once

#include <QElapsedTimer>
#include <QFile>
#include <QObject>
#include <QTimer>

namespace Roost::Testing {

/// Notices how long the GUI thread did not get back to its event loop. What it waited for a processor is not counted:
/// only what it did, or waited for, itself.
class StallProbe : public QObject
{
public:
    StallProbe()
    {
        m_timer.setTimerType(Qt::PreciseTimer);
        connect(&m_timer, &QTimer::timeout, this, [this] { tick(); });
        m_clock.start();
        m_delay = runDelay();
        m_timer.start(interval);
    }

    /// The longest so far, in milliseconds.
    qint64 worst()
    {
        tick();
        return m_worst;
    }

    /// Begins anew.
    void restart()
    {
        tick();
        m_worst = 0;
    }

private:
    static constexpr int interval = 10;

    void tick()
    {
        const qint64 delay = runDelay();
        const qint64 gap = m_clock.restart() - interval - (delay - m_delay) / 1'000'000;
        m_delay = delay;
        m_worst = qMax(m_worst, gap);
    }
    /// Nanoseconds that this thread was ready to run and had no processor.
    static qint64 runDelay()
    {
        QFile file(QStringLiteral("/proc/thread-self/schedstat"));
        return file.open(QIODevice::ReadOnly) ? file.readAll().split(' ').value(1).toLongLong() : 0;
    }

    QTimer m_timer;
    QElapsedTimer m_clock;
    qint64 m_delay = 0;
    qint64 m_worst = 0;
};

} // namespace Roost::Testing
