#include "gui/birdapp/birdapppanel.h"

#include "gui/actions.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/elidedlabel.h"
#include "gui/widgets/pill.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "postgres/connectionstring.h"

#include "ui_birdapppanel.h"

#include <QDesktopServices>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

namespace Roost {

namespace {

constexpr qsizetype longestBody = 200'000;
constexpr int instanceRole = Qt::UserRole;
constexpr int databaseRole = Qt::UserRole + 1;

bool wantsUpgrade(const Error &error)
{
    return error.sqlState == "42P01" || error.sqlState == "42703"; // table, column missing
}

} // namespace

BirdAppPanel::BirdAppPanel(Services &services, const QString &folder, const std::optional<DatabaseRef> &database,
                           QWidget *parent)
    : Page(parent)
    , m_services(services)
    , m_database(database)
    , m_ui(std::make_unique<Ui::BirdAppPanel>())
{
    m_ui->setupUi(this);
    m_statePill = new Pill({}, Tone::Neutral, this);
    m_statePill->setObjectName(QStringLiteral("statePill"));
    m_statePill->setLarge();
    m_ui->headerLayout->insertWidget(1, m_statePill);
    m_folderLabel = new ElidedLabel({}, this);
    m_folderLabel->setObjectName(QStringLiteral("folderLabel"));
    m_folderLabel->setProperty("role", QStringLiteral("subtle"));
    m_ui->folderLayout->insertWidget(0, m_folderLabel, 1);
    m_ui->databaseCombo->setMinimumContentsLength(24);
    setFolder(folder);
    connect(m_ui->launchButton, &QPushButton::clicked, this, &BirdAppPanel::launch);
    connect(m_ui->stopButton, &QPushButton::clicked, this, [this] { m_control->stop(); });
    connect(m_ui->upgradeButton, &QPushButton::clicked, this, [this] {
        withDatabase([this](const ConnectionSpec &spec) {
            addActivity(tr("Upgrade"), QStringLiteral("DATABASE_URI=\"$DATABASE_URI\" flask db upgrade"));
            m_control->upgrade(spec);
        });
    });
    connect(m_ui->seedButton, &QPushButton::clicked, this, [this] {
        withDatabase([this](const ConnectionSpec &spec) {
            addActivity(tr("Seed"), QStringLiteral("DATABASE_URI=\"$DATABASE_URI\" python seed.py"));
            m_control->seed(spec);
        });
    });
    connect(m_ui->refreshButton, &QPushButton::clicked, this, [this] { m_control->ask(QStringLiteral("/birds")); });
    connect(m_ui->linkButton, &QPushButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl(m_control->url(QStringLiteral("/birds")))); });
    connect(m_ui->clearLogButton, &QPushButton::clicked, m_ui->logView, &QPlainTextEdit::clear);
    connect(m_ui->newAppButton, &QPushButton::clicked, this,
            [this] { Actions::newBirdApp(m_services, this, [this](const QString &made) { setFolder(made); }); });
    connect(m_ui->openFolderButton, &QPushButton::clicked, this,
            [this] { Actions::chooseBirdApp(m_services, this, [this](const QString &chosen) { setFolder(chosen); }); });
    if (m_services.instances) {
        connect(m_services.instances, &InstanceList::changed, this, &BirdAppPanel::fillDatabases);
        connect(m_services.instances, &InstanceList::listed, this, &BirdAppPanel::fillDatabases);
    }
    fillDatabases();
}

BirdAppPanel::~BirdAppPanel() = default;

void BirdAppPanel::setFolder(const QString &folder)
{
    delete m_control;
    m_control = new BirdAppControl(m_services, folder, this);
    connectControl();
    setWindowTitle(m_control->name());
    m_ui->titleLabel->setText(m_control->name());
    m_folderLabel->setText(QDir::toNativeSeparators(folder));
    m_ui->notice->clear();
    m_ui->jsonView->clear();
    m_ui->logView->clear();
    showState();
    if (m_hasLooked) {
        m_control->look();
    }
}

QString BirdAppPanel::instanceId() const
{
    return m_ui->databaseCombo->currentData(instanceRole).toString();
}

QString BirdAppPanel::database() const
{
    return m_ui->databaseCombo->currentData(databaseRole).toString();
}

QString BirdAppPanel::statusText() const
{
    return m_control->state() == BirdAppControl::State::Live ? tr("live at %1").arg(m_control->url({})) : QString();
}

void BirdAppPanel::refresh()
{
    if (m_control->state() == BirdAppControl::State::Live) {
        m_control->ask(QStringLiteral("/birds"));
    } else if (m_control->state() == BirdAppControl::State::Stopped) {
        m_control->look();
    }
}

void BirdAppPanel::connectControl()
{
    connect(m_control, &BirdAppControl::changed, this, &BirdAppPanel::showState);
    connect(m_control, &BirdAppControl::printed, m_ui->logView, &BirdAppLog::append);
    connect(m_control, &BirdAppControl::failed, this, &BirdAppPanel::showFailure);
    connect(m_control, &BirdAppControl::answered, this, &BirdAppPanel::showAnswer);
    connect(m_control, &BirdAppControl::unanswered, this,
            [this](const Error &error) { showFailure(tr("/birds could not be read"), error); });
    connect(m_control, &BirdAppControl::done, this,
            [this](const QString &what) { m_ui->notice->say(Tone::Good, what); });
    connect(m_control, &BirdAppControl::portTaken, this, [this](const Error &error, int freePort) {
        showFailure(tr("The port is taken"), error);
        if (freePort > 0) {
            auto *button = m_ui->notice->addButton(QStringLiteral("otherPortButton"), tr("Use port %1").arg(freePort));
            connect(button, &QPushButton::clicked, this, [this, freePort] {
                m_ui->portSpin->setValue(freePort);
                launch();
            });
        }
    });
}

void BirdAppPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (!m_hasLooked && m_services.jobs) {
        m_hasLooked = true;
        m_control->look();
    }
}

void BirdAppPanel::fillDatabases()
{
    QComboBox *combo = m_ui->databaseCombo;
    QString instanceId = combo->currentData(instanceRole).toString();
    QString database = combo->currentData(databaseRole).toString();
    if (combo->currentIndex() < 0 && m_database) {
        instanceId = m_database->instance.id;
        database = m_database->database();
    }
    const QSignalBlocker quiet(combo);
    combo->clear();
    const auto add = [combo](const QString &instanceName, const QString &id, const QString &name) {
        combo->addItem(Theme::icon(QStringLiteral("server-database")), name + QStringLiteral("  ·  ") + instanceName);
        combo->setItemData(combo->count() - 1, id, instanceRole);
        combo->setItemData(combo->count() - 1, name, databaseRole);
        return combo->count() - 1;
    };
    int chosen = -1;
    if (m_services.instances) {
        for (const InstanceList::Entry &entry : m_services.instances->entries()) {
            for (const QString &name : m_services.instances->databaseNames(entry.instance.id)) {
                const int index = add(entry.instance.name, entry.instance.id, name);
                if (entry.instance.id == instanceId && name == database) {
                    chosen = index;
                }
            }
        }
    }
    if (chosen < 0 && m_database) {
        chosen = add(m_database->instance.name, m_database->instance.id, m_database->database());
    }
    combo->setCurrentIndex(chosen);
    combo->setPlaceholderText(combo->count() == 0 ? tr("Open a connection first") : tr("Choose a database"));
}

void BirdAppPanel::showState()
{
    using State = BirdAppControl::State;
    const State state = m_control->state();
    switch (state) {
    case State::Stopped:
        m_statePill->setText(tr("stopped"));
        m_statePill->setTone(Tone::Neutral);
        break;
    case State::Starting:
        m_statePill->setText(tr("starting"));
        m_statePill->setTone(Tone::Warning);
        break;
    case State::Live:
        m_statePill->setText(tr("live"));
        m_statePill->setTone(Tone::Good);
        break;
    case State::Stopping:
        m_statePill->setText(tr("stopping"));
        m_statePill->setTone(Tone::Warning);
        break;
    }
    const bool isStopped = state == State::Stopped;
    m_ui->newAppButton->setEnabled(isStopped && !m_control->isBusy());
    m_ui->openFolderButton->setEnabled(isStopped && !m_control->isBusy());
    const bool isApp = m_control->app() && *m_control->app() && (*m_control->app())->hasApp;
    const bool canTask = isApp && !m_control->isBusy();
    m_ui->launchButton->setEnabled(isStopped && isApp);
    m_ui->launchButton->setVisible(isStopped);
    m_ui->stopButton->setVisible(!isStopped);
    m_ui->stopButton->setEnabled(state == State::Starting || state == State::Live);
    m_ui->upgradeButton->setEnabled(canTask && (*m_control->app())->hasMigrations);
    m_ui->seedButton->setEnabled(canTask && (*m_control->app())->hasSeed);
    m_ui->databaseCombo->setEnabled(isStopped);
    m_ui->portSpin->setEnabled(isStopped);
    m_ui->refreshButton->setEnabled(state == State::Live);
    m_ui->linkButton->setVisible(state == State::Live);
    m_ui->linkButton->setText(m_control->url(QStringLiteral("/birds")));
    if (isStopped) {
        m_ui->answerLabel->clear();
    }
    showPython();
    emit statusChanged();
}

void BirdAppPanel::showPython()
{
    const auto &app = m_control->app();
    const auto &python = m_control->python();
    QString text;
    QString role = QStringLiteral("small");
    if (!app) {
        text = tr("Looking into the folder…");
    } else if (!*app) {
        text = app->error().message;
        role = QStringLiteral("danger");
    } else if (!(*app)->hasApp) {
        text = tr(
            "There is no app.py and no wsgi.py in this folder. Open the folder in which your Flask app lies, or make "
            "a new bird app.");
        role = QStringLiteral("warning");
    } else if (!python) {
        text = tr("Looking for a Python that can run it…");
    } else if (!*python) {
        text = python->error().message;
        role = QStringLiteral("warning");
    } else {
        text = tr("Runs with Python %1 (%2): %3").arg((*python)->version, (*python)->origin, (*python)->program);
    }
    m_ui->pythonLabel->setText(text);
    m_ui->pythonLabel->setProperty("role", role);
    Theme::restyle(m_ui->pythonLabel);
}

void BirdAppPanel::showFailure(const QString &lead, const Error &error)
{
    m_ui->notice->sayError(lead, error);
    if (wantsUpgrade(error) && m_ui->upgradeButton->isEnabled()) {
        connect(m_ui->notice->addButton(QStringLiteral("noticeUpgradeButton"), tr("Upgrade")), &QPushButton::clicked,
                m_ui->upgradeButton, &QPushButton::click);
    } else if (error.code == ErrorCode::ToolMissing) {
        connect(m_ui->notice->addButton(QStringLiteral("lookAgainButton"), tr("Look again")), &QPushButton::clicked,
                this, [this] {
                    m_ui->notice->clear();
                    m_control->look();
                });
    }
}

void BirdAppPanel::withDatabase(const SpecGiven &then)
{
    const QString instanceId = m_ui->databaseCombo->currentData(instanceRole).toString();
    const QString database = m_ui->databaseCombo->currentData(databaseRole).toString();
    m_ui->notice->clear();
    if (instanceId.isEmpty()) {
        m_ui->notice->say(Tone::Warning, tr("Which database is it to work on?"),
                          tr("Open a connection in the sidebar, then choose one of its databases here."));
        m_ui->databaseCombo->setFocus();
        return;
    }
    if (m_database && m_database->instance.id == instanceId) {
        then(m_database->spec.withDatabase(database));
        return;
    }
    const InstanceList::Entry *entry = m_services.instances ? m_services.instances->find(instanceId) : nullptr;
    if (!entry) {
        return;
    }
    m_services.sessions->withSpec(entry->instance, this, [this, database, then](const Result<ConnectionSpec> &spec) {
        if (spec) {
            then(spec->withDatabase(database));
        } else {
            m_ui->notice->sayError(tr("The database cannot be reached"), spec.error());
        }
    });
}

void BirdAppPanel::launch()
{
    withDatabase([this](const ConnectionSpec &spec) {
        const int port = m_ui->portSpin->value();
        m_ui->jsonView->clear();
        addActivity(tr("Launch"), QStringLiteral("DATABASE_URI=\"$DATABASE_URI\" gunicorn -b 127.0.0.1:%1 %2")
                                      .arg(port)
                                      .arg((*m_control->app())->module));
        m_control->launch(spec, port);
    });
}

void BirdAppPanel::showAnswer(const HttpAnswer &answer)
{
    const QJsonDocument json = QJsonDocument::fromJson(answer.body);
    QString facts = tr("%1 · %2 ms").arg(answer.status).arg(answer.elapsedMs);
    if (json.isArray() && answer.status == 200) {
        facts = tr("%n bird(s)", nullptr, int(json.array().size())) + QStringLiteral(" · ") + facts;
    }
    m_ui->answerLabel->setText(facts);
    const QByteArray body = json.isNull() ? answer.body : json.toJson(QJsonDocument::Indented);
    m_ui->jsonView->setPlainText(QString::fromUtf8(body.left(longestBody)));
}

void BirdAppPanel::addActivity(const QString &title, const QString &command)
{
    m_services.activity->add(tr("%1: %2").arg(m_control->name(), title),
                             QStringLiteral("cd %1\n%2").arg(TerminalLine::quoted(m_control->folder()), command));
}

} // namespace Roost
