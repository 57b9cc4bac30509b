#include "app/logfile.h"
#include "app/quitsignals.h"
#include "core/translations.h"
#include "gui/mainwindow.h"
#include "gui/prompts.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "models/activitylog.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "postgres/environment.h"
#include "postgres/tlsroots.h"
#include "storage/accountstore.h"
#include "storage/backupcatalog.h"
#include "storage/expirynoticestore.h"
#include "storage/paths.h"
#include "storage/profilestore.h"
#include "storage/secretstore.h"
#include "storage/settings.h"

#include <QApplication>
#include <QTimer>

#include <csignal>
#include <cstdio>
#include <cstring>
#include <sys/resource.h>

using namespace Roost;

namespace {

/// `--help` and `--version` need no display, so they come before the application object. True when one was answered.
bool answerWithoutWindow(int argc, char **argv, int &exitCode)
{
    constexpr const char *help = "Usage: roost [Qt options]\n"
                                 "Look after PostgreSQL databases on Render. The same from a terminal: roost-cli.\n\n"
                                 "  -h, --help       this text\n"
                                 "  -v, --version    the version\n\n"
                                 "ROOST_HOME in the environment moves everything Roost keeps into one folder.\n";
    for (int i = 1; i < argc; ++i) {
        if (std::strcmp(argv[i], "--help") == 0 || std::strcmp(argv[i], "-h") == 0) {
            std::fputs(help, stdout);
            exitCode = 0;
            return true;
        }
        if (std::strcmp(argv[i], "--version") == 0 || std::strcmp(argv[i], "-v") == 0) {
            std::puts("roost " ROOST_VERSION);
            exitCode = 0;
            return true;
        }
    }
    return false;
}

Theme::Mode themeMode(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::System:
        return Theme::Mode::System;
    case ThemeChoice::Light:
        return Theme::Mode::Light;
    case ThemeChoice::Dark:
        return Theme::Mode::Dark;
    }
    return Theme::Mode::System;
}

int run(QApplication &application, Settings &settings)
{
    ProfileStore profileStore(Paths::database());
    BackupCatalog backups(Paths::database());
    AccountStore accountStore(Paths::database());
    ExpiryNoticeStore expiryNotices(Paths::database());
    SecretStore secrets;
    Prompts prompts;
    ActivityLog activity;
    SessionPool sessions(&secrets);
    JobRunner jobs; // ends first: its work may still use what stands above
    InstanceList instances(&profileStore, &jobs, &sessions, &activity);
    AccountList accounts(&accountStore, &secrets, &jobs);
    Services services;
    services.jobs = &jobs;
    services.secrets = &secrets;
    services.profiles = &profileStore;
    services.prompts = &prompts;
    services.sessions = &sessions;
    services.activity = &activity;
    services.settings = &settings;
    services.instances = &instances;
    services.backups = &backups;
    services.accountStore = &accountStore;
    services.accounts = &accounts;
    services.expiryNotices = &expiryNotices;

    MainWindow window(services);
    QuitSignals quitSignals;
    QObject::connect(&quitSignals, &QuitSignals::received, &window, &MainWindow::quit);
    QObject::connect(&window, &MainWindow::finished, &application, &QApplication::quit, Qt::QueuedConnection);
    window.show();
    QTimer::singleShot(0, &window, [&window] {
        window.begin();
        QApplication::setWindowIcon(QIcon(QStringLiteral(":/icons/roost.svg"))); // drawing it takes as long as a window
    });
    return QApplication::exec();
}

} // namespace

int main(int argc, char **argv)
{
    clearPostgresEnvironment(); // before any thread
    int exitCode = 0;
    if (answerWithoutWindow(argc, argv, exitCode)) {
        return exitCode;
    }
    const rlimit noCoreFile = {0, 0};
    ::setrlimit(RLIMIT_CORE, &noCoreFile); // it would hold passwords
    ::signal(SIGPIPE, SIG_IGN);
    LogFile log;
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("roost"));
    QApplication::setApplicationDisplayName(QStringLiteral("Roost"));
    QApplication::setApplicationVersion(QStringLiteral(ROOST_VERSION));
    QApplication::setDesktopFileName(QStringLiteral("org.roost.Roost"));
    QApplication::setQuitOnLastWindowClosed(false); // jobs and practice are ended first
    log.open(Paths::logs());
    setSystemRootsFolder(Paths::runtime());
    installTranslations(application);

    Settings settings(Paths::settings());
    Theme::apply(application, themeMode(settings.theme()));
    Theme::instance().setZoom(settings.zoom());
    exitCode = run(application, settings);
    constexpr std::chrono::seconds patience(5);
    DatabaseSession::waitForEnded(patience);
    return exitCode;
}
