#include "cli/output.h"
#include "cli/practiceaccount.h"
#include "cli/services.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "cli/verb.h"
#include "practice/localcluster.h"
#include "practice/practicerenderprocess.h"
#include "storage/paths.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace Roost {

namespace {

const QString jsonOption = QStringLiteral("json");
const QString renderOption = QStringLiteral("render");

Result<void> startRender(const Invocation &call, const CliServices &services, JobContext &context)
{
    const Result<RenderAccess> access = startPracticeRender(context);
    if (!access) {
        return failure(access.error());
    }
    const Result<Account> account = savePracticeAccount(*access);
    if (!account) {
        return failure(account.error());
    }
    if (Result<void> stored = storePracticeKey(*account, *access, services, context); !stored) {
        return stored;
    }
    const QString url = access->api.toString();
    if (call.has(jsonOption)) {
        const QJsonObject told{{QStringLiteral("render_url"), url},
                               {QStringLiteral("api_key"), access->key.reveal()},
                               {QStringLiteral("account"), account->name}};
        services.terminal.write(QJsonDocument(told).toJson(QJsonDocument::Compact) + '\n');
    } else {
        services.terminal.writeLine(QStringLiteral("render_url  ") + url);
        services.terminal.writeLine(QStringLiteral("api_key     ") + access->key.reveal());
    }
    services.terminal.note(
        CliText::tr("The practice account is saved as \"%1\" and runs until `practice stop`.").arg(account->name));
    return {};
}

Result<void> start(const Invocation &call, const CliServices &services, JobContext &context)
{
    if (call.has(renderOption)) {
        return startRender(call, services, context);
    }
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
    if (practiceRenderProcess() != 0) {
        if (Result<void> stopped = stopPracticeRender(context); !stopped) {
            return stopped;
        }
        services.terminal.note(CliText::tr("The practice account is stopped; its instances are kept."));
    }
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
    const QString running = QStringLiteral("running");
    const QString state = now.isRunning       ? running
                          : now.isInitialised ? QStringLiteral("stopped")
                                              : QStringLiteral("not made yet");
    RowOutput output(services.terminal, call.has(jsonOption) ? OutputFormat::Json : OutputFormat::Table,
                     {{CliText::tr("Name"), QStringLiteral("name")},
                      {CliText::tr("State"), QStringLiteral("state")},
                      {CliText::tr("Port"), QStringLiteral("port"), true},
                      {CliText::tr("Process"), QStringLiteral("process_id"), true},
                      {CliText::tr("Folder"), QStringLiteral("folder")}});
    output.add({OutputCell::of(QStringLiteral("practice")), OutputCell::of(state),
                now.isRunning ? OutputCell::number(now.port) : OutputCell::null(),
                now.isRunning ? OutputCell::number(now.serverPid) : OutputCell::null(),
                OutputCell::of(Paths::practice())});
    if (const auto access = runningPracticeRender()) {
        output.add({OutputCell::of(QStringLiteral("practice account")), OutputCell::of(running),
                    OutputCell::number(access->api.port()), OutputCell::number(practiceRenderProcess()),
                    OutputCell::of(Paths::practice() + QStringLiteral("/render"))});
    }
    output.end();
    return {};
}

Result<void> clock(const Invocation &call, const CliServices &services, JobContext &context)
{
    const auto access = runningPracticeRender();
    if (!access) {
        return failure(ErrorCode::NotFound, CliText::tr("The practice account does not run. Start it with "
                                                        "`roost-cli practice start --render`."));
    }
    const int days = call.arguments.value(0).toInt();
    const Result<QDateTime> now =
        days == 0 ? practiceTime(*access, context) : movePracticeClock(*access, days, context);
    if (!now) {
        return failure(now.error());
    }
    services.terminal.writeLine(now->toString(Qt::ISODate));
    return {};
}

QString checkDays(const Invocation &call)
{
    bool isNumber = true;
    const int days = call.arguments.isEmpty() ? 0 : call.arguments.first().toInt(&isNumber);
    constexpr int tenYears = 3660;
    return isNumber && days >= 0 && days <= tenYears
               ? QString()
               : CliText::tr("\"%1\" is no number of days.").arg(call.arguments.first());
}

Verb serveVerb()
{
    Verb serve;
    serve.name = QStringLiteral("practice serve");
    serve.summary = CliText::tr("Run the practice account in the foreground, until Ctrl-C.");
    serve.description = CliText::tr("What `practice start --render` starts in the background.");
    serve.isHidden = true;
    serve.run = [](const Invocation &, const CliServices &, JobContext &context) {
        return servePracticeRender(context);
    };
    return serve;
}

} // namespace

QList<Verb> practiceVerbs()
{
    Verb startVerb;
    startVerb.name = QStringLiteral("practice start");
    startVerb.summary = CliText::tr("Start a private PostgreSQL on this computer to practise with.");
    startVerb.options = {{renderOption, {}, CliText::tr("a whole account at Render instead, played on this computer")},
                         {jsonOption, {}, CliText::tr("with --render: an object with render_url and api_key")}};
    startVerb.description = CliText::tr(
        "It has what a Render instance has: the database my_database, empty, and a user who may create\n"
        "databases; and bird_app_db with some birds. It listens on this computer only and runs on until\n"
        "`practice stop`.\n\n"
        "With --render it is an account that answers as Render's API does: a free instance (a server of its\n"
        "own) that expires after thirty days of `practice clock`, and the service \"bird-app\", run by\n"
        "gunicorn. The account is saved as \"practice-account\".");
    startVerb.run = start;
    startVerb.check = [](const Invocation &call) {
        return call.has(jsonOption) && !call.has(renderOption) ? CliText::tr("--json goes with --render.") : QString();
    };

    Verb stopVerb;
    stopVerb.name = QStringLiteral("practice stop");
    stopVerb.summary = CliText::tr("Stop both; their data is kept.");
    stopVerb.run = stop;

    Verb statusVerb;
    statusVerb.name = QStringLiteral("practice status");
    statusVerb.summary = CliText::tr("Say whether it runs, and where.");
    statusVerb.options = {{jsonOption, {}, CliText::tr("an array, the server first")}};
    statusVerb.run = status;

    Verb clockVerb;
    clockVerb.name = QStringLiteral("practice clock");
    clockVerb.summary = CliText::tr("Say what time it is in the practice account, or let days pass there.");
    clockVerb.arguments = {{QStringLiteral("+DAYS"), CliText::tr("+1 is tomorrow"), true}};
    clockVerb.run = clock;
    clockVerb.check = checkDays;
    return {startVerb, stopVerb, statusVerb, clockVerb, serveVerb()};
}

} // namespace Roost
