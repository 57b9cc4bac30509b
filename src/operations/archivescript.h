#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/archivefile.h"
#include "operations/toolmessages.h"
#include "process/pgtoolchain.h"
#include "process/processrunner.h"

#include <QList>
#include <QStringList>

#include <functional>

namespace Roost {

/// How a pg_restore that wrote a script ended.
struct ScriptEnd
{
    ProcessOutcome process;
    ToolMessages messages{QStringLiteral("pg_restore")};

    [[nodiscard]] bool succeeded() const { return toolSucceeded(process, messages); }
    /// As explainToolFailure().
    [[nodiscard]] Error explain(const QString &state) const
    {
        return explainToolFailure(ToolTask::Read, process, messages, state);
    }
};

/// Lets pg_restore write these entries of an archive's table of contents, and no others, as a script, which goes to
/// `onOutput` as it comes. Connects to nothing. The caller judges how it ended. Blocking; FileFailed, ToolMissing,
/// ProcessFailed, Cancelled.
[[nodiscard]] Result<ScriptEnd> writeScript(const ArchiveFile &archive, const PgToolchain &toolchain,
                                            const QList<int> &entries, const QStringList &options,
                                            const std::function<void(QByteArrayView)> &onOutput,
                                            const JobContext &context, const std::function<void()> &onTick = {});

} // namespace Roost
