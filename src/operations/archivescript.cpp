#include "operations/archivescript.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveScript)
};

} // namespace

Result<ScriptEnd> writeScript(const ArchiveFile &archive, const PgToolchain &toolchain, const QList<int> &entries,
                              const QStringList &options, const std::function<void(QByteArrayView)> &onOutput,
                              const JobContext &context, const std::function<void()> &onTick)
{
    // By their numbers: names would have to be told from patterns, and are not unique.
    QByteArray numbers;
    for (const int entry : entries) {
        numbers += QByteArray::number(entry) + ";\n";
    }
    const QTemporaryDir folder;
    QFile list(folder.filePath(QStringLiteral("contents")));
    if (!list.open(QIODevice::WriteOnly) || list.write(numbers) != numbers.size() || !list.flush()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The list of what to read could not be written. Check that there is room on this "
                                "computer's disk."),
                       list.errorString());
    }
    ScriptEnd end;
    ProcessCommand command;
    command.program = toolchain.tool(QStringLiteral("pg_restore"));
    command.arguments =
        options + QStringList{QStringLiteral("--use-list=") + list.fileName(), QStringLiteral("--file=-")};
    command.onOutput = onOutput;
    command.onErrorLine = [&end](const QString &line) { end.messages.add(line); };
    command.onTick = onTick;
    archive.handTo(command);
    auto outcome = runProcess(command, context);
    if (!outcome) {
        return failure(outcome.error());
    }
    end.process = std::move(*outcome);
    return end;
}

} // namespace Roost
