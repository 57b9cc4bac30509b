#include "operations/watchedtool.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>

#include <tuple>

namespace Roost {

namespace {

constexpr int endBackendWaitMs = 1500;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(WatchedTool)
};

/// Notices when nothing moves: no line, no row, no byte, and the server not busy either (building an index of a big
/// table says nothing for long). Keepalives end a dead link; this ends one that is alive and silent.
class StallWatch
{
public:
    StallWatch() { m_sinceMove.start(); }
    void touch() { m_sinceMove.restart(); }
    void look(const CopyMonitor::State &state, qint64 grown)
    {
        const auto now = std::make_tuple(state.relation, state.bytes, state.rows, grown);
        const bool serverWorks = state.isWorking && state.polls != m_polls;
        if (now != m_last || serverWorks) {
            touch();
        }
        m_last = now;
        m_polls = state.polls;
    }
    qint64 stillMs() const { return m_sinceMove.elapsed(); }

private:
    QElapsedTimer m_sinceMove;
    std::tuple<quint32, qint64, qint64, qint64> m_last;
    quint64 m_polls = 0;
};

QString stallNote(const CopyMonitor::State &state, qint64 stillMs)
{
    if (!state.waitsFor.isEmpty()) {
        return Text::tr("Waiting for a lock that another session holds: %1").arg(state.waitsFor);
    }
    return Text::tr("Nothing has moved for %n minute(s).", nullptr, int(stillMs / 60'000));
}

} // namespace

Result<WatchedOutcome> runWatched(const WatchedTool &tool, const JobContext &context)
{
    WatchedOutcome outcome{{}, ToolMessages(tool.messagePrefix)};
    // A stop of our own, so that a stalled run is ended the way a cancel ends it.
    std::stop_source stop;
    const std::stop_callback passOn(context.stopToken(), [&stop] { stop.request_stop(); });
    const JobContext inner(stop.get_token());
    CopyMonitor monitor(*tool.command.connection, tool.command.applicationName);
    StallWatch watch;
    bool gaveUp = false;
    bool noted = false;

    ProcessCommand command = tool.command;
    command.onErrorLine = [&](const QString &line) {
        watch.touch();
        outcome.messages.add(line);
        if (tool.onLine) {
            tool.onLine(line);
        }
    };
    command.onTick = [&] {
        const CopyMonitor::State state = monitor.state();
        watch.look(state, tool.growing ? tool.growing() : 0);
        const qint64 still = watch.stillMs();
        const bool noteNow = still >= tool.noteAfterMs || !state.waitsFor.isEmpty();
        if (tool.onStall && noteNow != noted) {
            noted = noteNow;
            tool.onStall(noteNow ? stallNote(state, still) : QString());
        }
        if (still >= tool.giveUpAfterMs) {
            gaveUp = true;
            stop.request_stop();
        } else if (tool.onProgress) {
            tool.onProgress(state);
        }
    };
    command.onCancel = [&] { monitor.endBackend(endBackendWaitMs); };

    auto ended = runProcess(command, inner);
    if (!ended && ended.error().isCancelled() && gaveUp && !context.isCancelled()) {
        return failure(
            ErrorCode::TimedOut,
            Text::tr("%1 was ended, because nothing had moved for %n minute(s): the connection is alive, but "
                     "the server sends and takes nothing.",
                     nullptr, tool.giveUpAfterMs / 60'000)
                .arg(tool.messagePrefix));
    }
    if (!ended) {
        return tl::unexpected(ended.error());
    }
    outcome.process = std::move(*ended);
    return outcome;
}

} // namespace Roost
