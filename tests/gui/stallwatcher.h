#pragma once

#include "stallprobe.h"

#include <atomic>
#include <thread>

namespace Roost::Testing {

/// A StallProbe that also knows where: a thread of its own watches the beat of the GUI thread, and when that stays away
/// it writes the GUI thread's call stack to standard error while it is still stuck there, also when it stays so for
/// good. One at a time, made in the GUI thread.
class StallWatcher : public QObject
{
public:
    StallWatcher();
    ~StallWatcher() override;

    /// What the test is doing now, for the report.
    void step(const QString &name);
    /// The longest stall so far, in milliseconds.
    qint64 worst();
    /// The longest of each step: "browse 12 ms, back up 31 ms".
    QString report();
    int stacksTold() const { return m_stacksTold; }

private:
    void beat();

    StallProbe m_probe;
    QTimer m_timer;
    QString m_step;
    QStringList m_report;
    qint64 m_worst = 0;
    std::atomic<qint64> m_beat = 0;
    std::atomic<int> m_stacksTold = 0;
    std::jthread m_thread; ///< last: it ends before what it uses
};

} // namespace Roost::Testing
