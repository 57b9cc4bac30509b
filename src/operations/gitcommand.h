#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace Roost {

struct GitAnswer
{
    int exitCode = 0;
    QByteArray output;
    QString trouble; ///< what it said on standard error, redacted
    bool isFine() const { return exitCode == 0; }
    QString line() const { return QString::fromUtf8(output).trimmed(); }
    QStringList lines(char separator = '\n') const;
};

/// Runs git in a folder and waits for it. Nothing that the repository's own settings name is started (file monitors,
/// hooks), nothing is locked and nothing asked. ToolMissing, and runProcess()'s errors.
[[nodiscard]] Result<GitAnswer> askGit(const QString &folder, const QStringList &arguments, const JobContext &context,
                                       int timeoutMs = 10'000);

} // namespace Roost
