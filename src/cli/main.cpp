#include "cli/accounts.h"
#include "cli/arguments.h"
#include "cli/exitcode.h"
#include "cli/expiryexplained.h"
#include "cli/help.h"
#include "cli/services.h"
#include "cli/signalcanceller.h"
#include "cli/targets.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "core/redact.h"
#include "core/translations.h"
#include "jobs/jobrunner.h"
#include "postgres/environment.h"
#include "postgres/tlsroots.h"
#include "storage/accountstore.h"
#include "storage/keychain.h"
#include "storage/paths.h"
#include "storage/profilestore.h"

#include <QCoreApplication>
#include <QProcessEnvironment>

#include <csignal>
#include <cstdio>
#include <sys/resource.h>

using namespace Roost;

namespace {

/// Libraries chat on standard error; only what they warn of is passed on, without secrets.
void passOnWarnings(QtMsgType type, const QMessageLogContext &, const QString &text)
{
    if (type != QtDebugMsg && type != QtInfoMsg) {
        std::fprintf(stderr, "roost-cli: %s\n", qPrintable(redact(text)));
    }
}

/// Runs the verb on a thread of its own while the main thread's event loop serves the keychain, progress and signals.
int run(const CommandLine &line, Terminal &terminal, const QProcessEnvironment &environment)
{
    const ProfileStore profiles(Paths::database());
    SecretStore secrets;
    Keychain keychain(secrets);
    const AccountStore accountStore(Paths::database());
    Accounts accounts(accountStore, profiles, keychain, terminal);
    Targets targets(profiles, accounts, keychain, terminal, environment);
    bool waitsForUser = false;
    const CliServices services{terminal, keychain, profiles, targets, accounts, waitsForUser};
    const Invocation invocation = line.invocation;
    int exitCode = ExitCode::done;

    JobRunner jobs;
    SignalCanceller interrupts;
    Job *job = jobs.start(
        invocation.verb->name,
        [&services, &invocation](JobContext &context) -> Result<void> {
            const Result<void> done = invocation.verb->run(invocation, services, context);
            const Result<void> written = services.terminal.flush();
            if (!done) {
                return failure(explainedByExpiry(done.error(), invocation, services, context));
            }
            return written;
        },
        &keychain,
        [&exitCode, &terminal, &waitsForUser](const Result<void> &result) {
            terminal.endProgress();
            if (!result) {
                terminal.show(result.error());
                exitCode = waitsForUser ? ExitCode::waits : exitCodeOf(result.error());
            }
        });
    QObject::connect(&interrupts, &SignalCanceller::cancelRequested, job, &Job::cancel);
    QObject::connect(job, &Job::changed, job, [job, &terminal] {
        if (job->state() == Job::State::Running) {
            terminal.showProgress(job->progress());
        }
    });
    if (line.isVerbose) {
        QObject::connect(job, &Job::logged, job, [&terminal](const QStringList &lines) {
            for (const QString &each : lines) {
                terminal.log(each);
            }
        });
    }
    QObject::connect(&jobs, &JobRunner::idle, qApp, &QCoreApplication::quit, Qt::QueuedConnection);
    QCoreApplication::exec();
    return exitCode;
}

} // namespace

int main(int argc, char **argv)
{
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    clearPostgresEnvironment();
    ::signal(SIGPIPE, SIG_IGN); // a reader that went away is an answer of write()
    const rlimit noCoreFile = {0, 0};
    ::setrlimit(RLIMIT_CORE, &noCoreFile); // it would hold passwords
    qInstallMessageHandler(passOnWarnings);
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("roost-cli"));
    QCoreApplication::setApplicationVersion(QStringLiteral(ROOST_VERSION));
    setSystemRootsFolder(Paths::runtime());
    installTranslations(application);

    Terminal terminal;
    const CommandLine line = readCommandLine(QCoreApplication::arguments().mid(1));
    switch (line.wish) {
    case CommandLine::Wish::Run:
        return run(line, terminal, environment);
    case CommandLine::Wish::Help:
        terminal.write(line.text.toUtf8());
        break;
    case CommandLine::Wish::Version:
        terminal.writeLine(QStringLiteral("roost-cli ") + QCoreApplication::applicationVersion());
        break;
    case CommandLine::Wish::Wrong:
        terminal.note(line.text);
        terminal.note(line.verb == nullptr
                          ? CliText::tr("\"roost-cli --help\" lists the verbs.")
                          : CliText::tr("\"roost-cli %1 --help\" says what it takes.").arg(line.verb->name));
        return ExitCode::wrongUsage;
    }
    return terminal.flush() ? ExitCode::done : ExitCode::failed;
}
