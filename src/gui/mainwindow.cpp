#include "gui/mainwindow.h"

#include "gui/account/practiceaccount.h"
#include "gui/actions.h"
#include "gui/birdapp/birdappcontrol.h"
#include "gui/jobs/jobspanel.h"
#include "gui/lens/lenspanel.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowbottom.h"
#include "gui/mainwindowpractice.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/mainwindowverbs.h"
#include "gui/migration/migrationpage.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/overview/instancepage.h"
#include "gui/overview/welcomepage.h"
#include "gui/prompts.h"
#include "gui/table/tablepage.h"
#include "jobs/jobrunner.h"
#include "models/rowsmodel.h"
#include "models/sessionpool.h"
#include "storage/settings.h"

#include <QCloseEvent>
#include <QFileInfo>
#include <QMenuBar>
#include <QSplitter>

namespace Roost {

namespace {

constexpr int sidebarWidth = 280;
constexpr int bottomHeight = 200;

QString instanceKey(const QString &instanceId)
{
    return QStringLiteral("instance:") + instanceId;
}

} // namespace

MainWindow::MainWindow(const Services &services, QWidget *parent)
    : QMainWindow(parent)
    , m_services(services)
{
    setObjectName(QStringLiteral("mainWindow"));
    setWindowTitle(QStringLiteral("Roost"));
    constexpr QSize usual(1240, 780);
    const QByteArray geometry = services.settings ? services.settings->geometry(objectName()) : QByteArray();
    if (geometry.isEmpty() || !restoreGeometry(geometry)) {
        resize(usual);
    }
}

void MainWindow::begin()
{
    build();
    connectNavigator();
    connectFile();
    connectView();
    connectDatabase();
    connectBackups();
    connectVerbs();
    connectTabs();
    connectAccounts();
    connectServices();
    connectExpiry();
    connectMigrations();
    loadLook();
    m_services.sessions->setPasswordPrompt(
        [this](const Instance &instance, const Error &why, const SessionPool::PasswordGiven &given) {
            Actions::askPassword(m_services, this, instance, why, given);
        });
    connect(m_services.jobs, &JobRunner::added, this, &MainWindow::jobAdded);
    connect(m_services.instances, &InstanceList::changed, this, &MainWindow::updateActions);
    connect(m_services.instances, &InstanceList::practiceChanged, this, &MainWindow::updateActions);
    updateActions();
    m_services.instances->reload();
    m_practice->lookForRunning();
}

MainWindow::~MainWindow()
{
    m_services.sessions->setPasswordPrompt({});
    m_services.sessions->setSpecSource({});
}

void MainWindow::build()
{
    m_actions = new MainWindowActions(this);
    m_verbs = new MainWindowVerbs(m_services, this);
    m_practice = new MainWindowPractice(m_services, this);
    m_actions->fillMenuBar(menuBar());
    m_navigator = new NavigatorPanel(m_services);
    auto *welcome = new WelcomePage(m_services);
    connect(welcome, &WelcomePage::addWanted, m_verbs, &MainWindowVerbs::addConnection);
    connect(welcome, &WelcomePage::accountWanted, m_actions->addAccount, &QAction::trigger);
    connect(welcome, &WelcomePage::practiceWanted, m_practice, &MainWindowPractice::start);
    connect(welcome, &WelcomePage::practiceAccountWanted, m_actions->practiceAccount, &QAction::trigger);
    connect(welcome, &WelcomePage::newAppWanted, m_actions->newApp, &QAction::trigger);
    connect(welcome, &WelcomePage::openAppWanted, m_actions->openApp, &QAction::trigger);
    m_tabs = new MainWindowTabs(welcome);
    m_bottom = new MainWindowBottom;
    m_bottom->hide();
    m_bottom->add(MainWindowBottom::Jobs, tr("Jobs"), tr("What runs and what ended"), [this](QWidget *place) {
        auto *panel = new JobsPanel(m_services.jobs, place);
        connect(panel, &JobsPanel::jobOpened, this, [this](Job *job) { Actions::showJob(m_services, this, job); });
        return panel;
    });
    m_bottom->add(MainWindowBottom::Lens, tr("Terminal lens"), tr("What each click is in a terminal"),
                  [this](QWidget *place) { return new LensPanel(m_services.activity, place); });
    m_bottom->add(MainWindowBottom::AppLog, tr("Bird app log"), tr("What the bird apps print"),
                  [this](QWidget *place) { return Actions::createBirdAppLog(m_services, place); });

    m_down = new QSplitter(Qt::Vertical);
    m_down->setObjectName(QStringLiteral("downSplitter"));
    m_down->setHandleWidth(1);
    m_down->addWidget(m_tabs);
    m_down->addWidget(m_bottom);
    m_down->setStretchFactor(0, 1);
    m_down->setCollapsible(0, false);
    m_across = new QSplitter(Qt::Horizontal);
    m_across->setObjectName(QStringLiteral("acrossSplitter"));
    m_across->setHandleWidth(1);
    m_across->addWidget(m_navigator);
    m_across->addWidget(m_down);
    m_across->setStretchFactor(1, 1);
    m_across->setCollapsible(1, false);
    setCentralWidget(m_across);
    m_status = new MainWindowStatus(m_services);
    setStatusBar(m_status);
}

void MainWindow::connectNavigator()
{
    connect(m_navigator, &NavigatorPanel::addWanted, m_verbs, &MainWindowVerbs::addConnection);
    connect(m_navigator, &NavigatorPanel::accountWanted, m_actions->addAccount, &QAction::trigger);
    connect(m_navigator, &NavigatorPanel::practiceWanted, m_practice, &MainWindowPractice::start);
    connect(m_navigator, &NavigatorPanel::opened, this, &MainWindow::openNode);
    connect(m_navigator, &NavigatorPanel::menuWanted, this, &MainWindow::showNodeMenu);
    connect(m_navigator, &NavigatorPanel::currentChanged, this, &MainWindow::updateActions);
    connect(m_practice, &MainWindowPractice::started, this, [this] {
        m_navigator->reveal(Instance::practiceId());
        openInstance(Instance::practiceId());
    });
}

void MainWindow::connectTabs()
{
    connect(m_tabs, &MainWindowTabs::currentChanged, this, [this] {
        const Page *page = m_tabs->currentPage();
        m_status->showPage(page);
        if (const auto *table = qobject_cast<const TablePage *>(page)) {
            m_navigator->selectRelation(table->instanceId(), table->database(), table->relation().id);
        } else if (qobject_cast<const InstancePage *>(page)) {
            m_navigator->select(page->instanceId());
        }
        updateTitle();
        updateActions();
    });
    connect(m_tabs, &MainWindowTabs::closing, this,
            [this] { QMetaObject::invokeMethod(this, &MainWindow::updateApps, Qt::QueuedConnection); });
}

void MainWindow::connectVerbs()
{
    connect(m_verbs, &MainWindowVerbs::connectionSaved, this, [this](const QString &instanceId) {
        // The list comes back from the disk later; only then is there something to show.
        connect(
            m_services.instances, &InstanceList::listed, this,
            [this, instanceId] {
                m_navigator->reveal(instanceId);
                openInstance(instanceId);
            },
            Qt::SingleShotConnection);
        m_services.instances->reload();
    });
    connect(m_verbs, &MainWindowVerbs::instanceGone, this, [this](const QString &instanceId) {
        m_tabs->closeIf([&instanceId](const QWidget *widget) {
            const auto *page = qobject_cast<const Page *>(widget);
            return page && page->instanceId() == instanceId;
        });
        m_services.instances->reload();
    });
    connect(m_verbs, &MainWindowVerbs::databaseGone, this, [this](const QString &instanceId, const QString &database) {
        m_tabs->closeIf([&](const QWidget *widget) {
            const auto *page = qobject_cast<const TablePage *>(widget);
            return page && page->instanceId() == instanceId && page->database() == database;
        });
        m_services.instances->open(instanceId);
    });
    connect(m_verbs, &MainWindowVerbs::databaseMade, this, [this](const QString &instanceId, const QString &database) {
        m_navigator->revealWhenListed(instanceId, database);
        m_services.instances->open(instanceId);
    });
    connect(m_verbs, &MainWindowVerbs::databaseChanged, this, &MainWindow::refreshDatabase);
}

void MainWindow::openInstance(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    m_tabs->open(instanceKey(instanceId), QStringLiteral("network-server"), entry->instance.name, [this, instanceId] {
        auto *page = new InstancePage(m_services, instanceId);
        page->setShowsSystem(m_actions->showSystem->isChecked());
        connect(page, &InstancePage::createDatabaseWanted, m_verbs, &MainWindowVerbs::createDatabase);
        connect(page, &InstancePage::backupsWanted, this, &MainWindow::openBackups);
        connect(page, &InstancePage::backUpWanted, m_verbs, &MainWindowVerbs::backUp);
        connect(page, &InstancePage::creationDateWanted, m_verbs, &MainWindowVerbs::askCreationDate);
        connect(page, &InstancePage::databaseOpened, m_navigator, &NavigatorPanel::reveal);
        connect(page, &InstancePage::practiceStartWanted, m_practice, &MainWindowPractice::start);
        connect(page, &InstancePage::doctorWanted, m_verbs, &MainWindowVerbs::examine);
        connect(page, &InstancePage::practiceStopWanted, m_practice, &MainWindowPractice::stop);
        connect(page, &InstancePage::closeWanted, this, [this, page] { m_tabs->close(page); });
        connectAccountCard(page);
        connectMigration(page);
        connect(page, &Page::statusChanged, this, [this, page] {
            if (m_tabs->currentPage() == page) {
                m_status->showPage(page);
            }
        });
        return page;
    });
    if (entry->state == InstanceList::State::Closed && mayConnect(instanceId)) {
        m_services.instances->open(instanceId);
    }
}

void MainWindow::openBirdApp(const QString &folder)
{
    const Target where = target();
    const InstanceList::Entry *entry = m_services.instances->find(where.instanceId);
    if (!entry || where.database.isEmpty() || entry->state != InstanceList::State::Open) {
        makeBirdPage(folder, std::nullopt);
        return;
    }
    const Instance instance = entry->instance;
    m_services.sessions->withSpec(instance, this, [this, folder, instance, where](const Result<ConnectionSpec> &spec) {
        makeBirdPage(folder,
                     spec ? std::optional(DatabaseRef{instance, spec->withDatabase(where.database)}) : std::nullopt);
    });
}

void MainWindow::makeBirdPage(const QString &folder, const std::optional<DatabaseRef> &database)
{
    m_tabs->open(QStringLiteral("app:") + folder, QStringLiteral("folder-development"), QFileInfo(folder).fileName(),
                 [this, folder, database] {
                     QWidget *page = Actions::createBirdAppPage(m_services, folder, database, this);
                     if (const auto *control = page->findChild<BirdAppControl *>()) {
                         connect(control, &BirdAppControl::changed, this, &MainWindow::updateApps);
                     }
                     return page;
                 });
    updateApps();
}

void MainWindow::updateApps()
{
    QList<NavigatorModel::AppFolder> apps;
    for (const QWidget *page : m_tabs->all()) {
        if (const auto *control = page->findChild<BirdAppControl *>()) {
            const bool isLive = control->state() == BirdAppControl::State::Live;
            const QString address = isLive ? QStringLiteral("localhost:%1").arg(control->port()) : QString();
            apps += {control->folder(), address, isLive};
        }
    }
    m_navigator->model()->setApps(apps);
}

void MainWindow::refreshDatabase(const QString &instanceId, const QString &database)
{
    m_services.instances->open(instanceId);
    m_navigator->model()->refreshDatabase(instanceId, database);
    for (QWidget *widget : m_tabs->all()) {
        auto *page = qobject_cast<TablePage *>(widget);
        if (page && page->instanceId() == instanceId && page->database() == database) {
            page->refresh();
        }
    }
}

void MainWindow::loadLook()
{
    resetLayout();
    if (const Settings *settings = m_services.settings) {
        m_across->restoreState(settings->state(m_across->objectName()));
        m_actions->showSystem->setChecked(settings->showsSystemDatabases());
    }
    m_actions->showSidebar->setChecked(true);
}

void MainWindow::resetLayout()
{
    m_navigator->show();
    m_across->setSizes({sidebarWidth, qMax(sidebarWidth, width() - sidebarWidth)});
    m_down->setSizes({qMax(bottomHeight, height() - bottomHeight), bottomHeight});
}

void MainWindow::saveLook()
{
    if (Settings *settings = m_services.settings) {
        settings->setGeometry(objectName(), saveGeometry());
        settings->setState(m_across->objectName(), m_across->saveState());
        settings->flush();
    }
}

void MainWindow::jobAdded(Job *job)
{
    const bool showsItself = qobject_cast<const MigrationPage *>(m_tabs->currentPage());
    if (m_bottom->shown() < 0 && !showsItself) {
        m_bottom->showPanel(MainWindowBottom::Jobs);
    }
    connect(job, &Job::ended, this, &MainWindow::jobsEnded);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    if (m_ending == Ending::Done) {
        event->accept();
        return;
    }
    event->ignore();
    if (!m_practice) {
        m_ending = Ending::Done; // closed before it began
        hide();
        emit finished();
    } else if (m_ending == Ending::No && !hidesInTray()) {
        askToEnd();
    }
}

void MainWindow::askToEnd()
{
    m_ending = Ending::Asking;
    settle({}, [this](bool isSettled) {
        m_ending = Ending::No;
        if (isSettled) {
            askAboutJobs();
        }
    });
}

void MainWindow::askAboutJobs()
{
    const int running = m_services.jobs->runningCount();
    if (running == 0) {
        end();
        return;
    }
    m_ending = Ending::Asking;
    Prompts::Question question;
    question.title = tr("Quit Roost?");
    question.text = running == 1
                        ? tr("A job is still running. Quitting cancels it; what it has not finished is discarded.")
                        : tr("%1 jobs are still running. Quitting cancels them; what they have not finished is "
                             "discarded.")
                              .arg(running);
    question.accept = running == 1 ? tr("Cancel the job and quit") : tr("Cancel the jobs and quit");
    question.isDestructive = true;
    m_services.prompts->ask(this, question, [this](bool accepted) {
        m_ending = Ending::No;
        if (accepted) {
            end();
        }
    });
}

void MainWindow::end()
{
    m_ending = Ending::Waiting;
    saveLook();
    hide();
    m_tabs->closeIf([](const QWidget *) { return true; });
    m_services.jobs->shutDown();
    jobsEnded();
}

void MainWindow::jobsEnded()
{
    if (m_ending != Ending::Waiting || m_services.jobs->runningCount() > 0) {
        return;
    }
    m_ending = Ending::Done;
    m_practice->stopAtExit([this] { stopPracticeAccountAtExit(m_services, this, [this] { emit finished(); }); });
}

} // namespace Roost
