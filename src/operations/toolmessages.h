#pragma once

#include "core/error.h"
#include "process/processrunner.h"

#include <QString>
#include <QStringList>

namespace Roost {

/// What pg_dump or pg_restore say on standard error, sorted as it comes: a long run's output is not kept whole. The
/// tools run with LC_ALL=C, so their own words are always English. Owned by one run, used on its thread.
class ToolMessages
{
public:
    /// "pg_dump" or "pg_restore".
    explicit ToolMessages(QString tool)
        : m_tool(std::move(tool))
    {
    }

    void add(const QString &line);

    const QString &tool() const { return m_tool; }
    const QStringList &errors() const { return m_errors; } ///< each with the lines that belong to it
    QStringList toolWarnings() const;                      ///< the tool's own, but those known to be harmless
    const QStringList &allToolWarnings() const { return m_toolWarnings; }
    /// The server's WARNING, which never mean that something failed.
    const QStringList &serverWarnings() const { return m_serverWarnings; }

private:
    /// Where a line that goes on belongs.
    enum class Last { Verbose, Error, ToolWarning, ServerWarning };
    QStringList &listOf(Last kind);

    QString m_tool;
    QStringList m_errors;
    QStringList m_toolWarnings;
    QStringList m_serverWarnings;
    QStringList m_verbose;     ///< only the last one, for a name that goes on in the next line
    Last m_last = Last::Error; ///< words before any line of the tool's are a loader's or a shell's
};

/// Which side of a transfer the tool's own files are on: it decides whose disk a full disk is.
enum class ToolTask { Dump, Read, Restore };

/// Why a tool failed, in plain words: what happened and what to do next. `state` says in what condition everything is
/// now, and stands between the two. The raw lines go into the detail.
[[nodiscard]] Error explainToolFailure(ToolTask task, const ProcessOutcome &outcome, const ToolMessages &messages,
                                       const QString &state);

/// True when the outcome is free of anything but verbose lines and harmless warnings. Exit codes alone prove nothing:
/// pg_dump was seen to exit with 0 and a truncated archive.
[[nodiscard]] bool toolSucceeded(const ProcessOutcome &outcome, const ToolMessages &messages);

/// True when the only errors of a pg_restore that was told to go on are the settings that an older server does not
/// know (tools from 17 on set transaction_timeout).
[[nodiscard]] bool onlyUnknownSettingErrors(const ProcessOutcome &outcome, const ToolMessages &messages);

} // namespace Roost
