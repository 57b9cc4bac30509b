#pragma once

#include <QMetaType>
#include <QString>

#include <functional>
#include <stop_token>

namespace Roost {

/// How far an operation is. A total of 0 means that nobody knows yet.
struct Progress
{
    QString step;      ///< what is being done now, translated: "Copying birds"
    qint64 done = 0;   ///< in any one unit
    qint64 total = 0;  ///< in the same unit; 0 when unknown
    QString amount;    ///< done and total in words, translated: "12 of 48 MB"; may be empty
    qint64 bytes = -1; ///< of data that this step has moved so far, for its rate; negative when it moves none

    /// 0 … 1, or a negative number when unknown.
    double fraction() const { return total > 0 ? qBound(0.0, double(done) / double(total), 1.0) : -1.0; }
};

/// What an operation is given besides its request: a way to learn that it was cancelled, to say how far it is and to
/// write to its log. Used on the operation's thread; the sinks must be safe to call from there.
class JobContext
{
public:
    using ProgressSink = std::function<void(const Progress &)>;
    using LogSink = std::function<void(const QString &line)>;

    JobContext() = default;
    explicit JobContext(std::stop_token stop, ProgressSink progress = {}, LogSink log = {});

    bool isCancelled() const { return m_stop.stop_requested(); }
    const std::stop_token &stopToken() const { return m_stop; }
    void report(const Progress &progress) const;
    /// Adds a line to the operation's log; it passes redact() here.
    void log(const QString &line) const;

private:
    std::stop_token m_stop;
    ProgressSink m_progress;
    LogSink m_log;
};

} // namespace Roost

Q_DECLARE_METATYPE(Roost::Progress)
