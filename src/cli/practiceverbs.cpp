#include "cli/output.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "practice/localcluster.h"
#include "storage/paths.h"

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");

Result<void> start(const Invocation &, const CliServices &services, JobContext &context)
{
    if (Result<void> started = startPractice(context); !started) {
        return started;
    }
    services.terminal.note(
        CliText::tr("The practice server runs on port %1 until it is stopped. Try: roost-cli databases practice")
            .arg(practiceCluster().status().port));
    return {};
}

Result<void> stop(const Invocation &, const CliServices &services, JobContext &context)
{
    LocalCluster cluster = practiceCluster();
    const bool wasRunning = cluster.status().isRunning;
    if (Result<void> stopped = cluster.stop(context); !stopped) {
        return stopped;
    }
    services.terminal.note(wasRunning ? CliText::tr("The practice server is stopped; its data is kept.")
                                      : CliText::tr("The practice server does not run."));
    return {};
}

Result<void> status(const Invocation &call, const CliServices &services, JobContext &)
{
    const LocalCluster::Status now = practiceCluster().status();
    const QString state = now.isRunning       ? QStringLiteral("running")
                          : now.isInitialised ? QStringLiteral("stopped")
                                              : QStringLiteral("not made yet");
    RowOutput output(services.terminal, call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("State"), QStringLiteral("state")},
                      {CliText::tr("Port"), QStringLiteral("port"), true},
                      {CliText::tr("Process"), QStringLiteral("process_id"), true},
                      {CliText::tr("Folder"), QStringLiteral("folder")}});
    output.add({OutputCell::of(state), now.isRunning ? OutputCell::number(now.port) : OutputCell::null(),
                now.isRunning ? OutputCell::number(now.serverPid) : OutputCell::null(),
                OutputCell::of(Paths::practice())});
    output.end();
    return {};
}

} // namespace

QList<Verb> practiceVerbs()
{
    Verb startVerb;
    startVerb.name = QStringLiteral("practice start");
    startVerb.summary = CliText::tr("Start a private PostgreSQL on this computer to practise with.");
    startVerb.description =
        CliText::tr("It has what a Render instance has: the database my_database, empty, and a user who may create\n"
                    "databases; and bird_app_db with some birds. It listens on this computer only and runs on until\n"
                    "`practice stop`.");
    startVerb.run = start;

    Verb stopVerb;
    stopVerb.name = QStringLiteral("practice stop");
    stopVerb.summary = CliText::tr("Stop it; its data is kept.");
    stopVerb.run = stop;

    Verb statusVerb;
    statusVerb.name = QStringLiteral("practice status");
    statusVerb.summary = CliText::tr("Say whether it runs, and where.");
    statusVerb.options = {{jsonOption, {}, CliText::tr("an array of one object")}};
    statusVerb.run = status;
    return {startVerb, stopVerb, statusVerb};
}

} // namespace Roost
