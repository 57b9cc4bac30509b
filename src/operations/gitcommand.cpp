#include "operations/gitcommand.h"

#include "core/redact.h"
#include "process/processrunner.h"

#include <QCoreApplication>
#include <QStandardPaths>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(GitCommand)
};

} // namespace

QStringList GitAnswer::lines(char separator) const
{
    QStringList lines;
    for (const QByteArray &each : output.split(separator)) {
        if (!each.isEmpty()) {
            lines += QString::fromUtf8(each);
        }
    }
    return lines;
}

Result<GitAnswer> askGit(const QString &folder, const QStringList &arguments, const JobContext &context, int timeoutMs)
{
    ProcessCommand command;
    command.program = QStandardPaths::findExecutable(QStringLiteral("git"));
    if (command.program.isEmpty()) {
        return failure(ErrorCode::ToolMissing,
                       Text::tr("The program git was not found. Install it: sudo apt install git"));
    }
    command.arguments = QStringList{QStringLiteral("-c"), QStringLiteral("core.fsmonitor=false"),
                                    QStringLiteral("-c"), QStringLiteral("core.hooksPath=/dev/null"),
                                    QStringLiteral("-c"), QStringLiteral("core.quotePath=false"),
                                    QStringLiteral("-C"), folder} +
                        arguments;
    command.environment = {{QStringLiteral("GIT_OPTIONAL_LOCKS"), QStringLiteral("0")},
                           {QStringLiteral("GIT_TERMINAL_PROMPT"), QStringLiteral("0")},
                           {QStringLiteral("GIT_ASKPASS"), QStringLiteral("/bin/false")},
                           {QStringLiteral("GIT_SSH_COMMAND"), QStringLiteral("ssh -oBatchMode=yes")}};
    if (const QString agent = qEnvironmentVariable("SSH_AUTH_SOCK"); !agent.isEmpty()) {
        command.environment.insert(QStringLiteral("SSH_AUTH_SOCK"), agent);
    }
    GitAnswer answer;
    command.onOutput = [&answer](QByteArrayView bytes) {
        constexpr qsizetype longest = qsizetype(16) << 20;
        answer.output += bytes.first(std::min(bytes.size(), longest - answer.output.size()));
    };
    command.timeoutMs = timeoutMs;
    const Result<ProcessOutcome> outcome = runProcess(command, context);
    if (!outcome) {
        return failure(outcome.error());
    }
    answer.exitCode = outcome->crashed ? -1 : outcome->exitCode;
    answer.trouble = redact(QString::fromUtf8(outcome->standardError)).trimmed();
    return answer;
}

} // namespace Roost
