#include "gui/database/dropdatabasedialog.h"

#include "gui/database/databasefacts.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "operations/maintenance.h"
#include "postgres/databaseadmin.h"

#include "ui_dropdatabasedialog.h"

namespace Roost {

namespace {

Result<void> drop(const ConnectionSpec &spec, bool endSessions, JobContext &context)
{
    const auto connection = openBeside(spec, context);
    if (!connection) {
        return failure(connection.error());
    }
    return DatabaseAdmin::drop(**connection, spec.parameters.database, endSessions, context.stopToken());
}

} // namespace

DropDatabaseDialog::DropDatabaseDialog(Services &services, const DatabaseRef &database, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_database(database)
    , m_ui(std::make_unique<Ui::DropDatabaseDialog>())
{
    m_ui->setupUi(this);
    const QString name = database.database();
    setWindowTitle(tr("Drop %1").arg(name));
    m_ui->headingLabel->setText(tr("Drop %1 on %2?").arg(name, database.instance.name));
    m_ui->whatLabel->setText(tr("The database and everything in it goes for good. Looking what is in it…"));
    m_ui->typedName->setExpected(name, tr("to drop it"));
    m_ui->dropButton->setText(tr("Drop %1").arg(name));
    connect(m_ui->typedName, &TypedName::changed, this, &DropDatabaseDialog::updateButtons);
    connect(m_ui->sessionList, &SessionList::changed, this, &DropDatabaseDialog::updateButtons);
    connect(m_ui->dropButton, &QPushButton::clicked, this, &DropDatabaseDialog::start);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &DropDatabaseDialog::reject);
    updateButtons();
    m_ui->typedName->setFocus();
}

DropDatabaseDialog::~DropDatabaseDialog() = default;

void DropDatabaseDialog::showEvent(QShowEvent *event)
{
    Dialog::showEvent(event);
    if (!m_hasAsked && m_services.jobs) {
        m_hasAsked = true;
        readDatabaseFacts(m_services, m_database.spec, this,
                          [this](const Result<DatabaseFacts> &facts) { setFacts(facts); });
    }
}

void DropDatabaseDialog::setFacts(const Result<DatabaseFacts> &facts)
{
    m_hasAsked = true;
    if (!facts) {
        m_ui->whatLabel->setText(tr("The database and everything in it goes for good."));
        m_ui->sessionList->setError(facts.error());
        return;
    }
    m_ui->whatLabel->setText(
        tr("The database goes for good, and what is in it: %1. Without a backup nothing of it can be "
           "brought back.")
            .arg(facts->contentText()));
    m_ui->sessionList->setSessions(facts->sessions);
}

void DropDatabaseDialog::updateButtons()
{
    m_ui->dropButton->setEnabled(!m_job && m_ui->typedName->matches() && m_ui->sessionList->isClear());
    m_ui->typedName->setEnabled(!m_job);
}

void DropDatabaseDialog::start()
{
    const ConnectionSpec spec = m_database.spec;
    const bool endSessions = m_ui->sessionList->endSessions();
    m_ui->resultNotice->clear();
    m_ui->busyLabel->setText(tr("Dropping…"));
    m_job = m_services.jobs->start(
        tr("Drop %1").arg(spec.parameters.database),
        [spec, endSessions](JobContext &context) { return drop(spec, endSessions, context); }, this,
        [this](const Result<void> &result) { finish(result); });
    m_services.sessions->hold(m_database.instance.id, spec.parameters.database, m_job);
    updateButtons();
}

void DropDatabaseDialog::finish(const Result<void> &result)
{
    m_job = nullptr;
    m_ui->busyLabel->clear();
    updateButtons();
    if (!result) {
        if (result.error().isCancelled()) {
            Dialog::reject();
            return;
        }
        m_ui->resultNotice->sayError(tr("It was not dropped"), result.error());
        return;
    }
    const ConnectionParameters &parameters = m_database.spec.parameters;
    QStringList arguments{parameters.database};
    if (m_ui->sessionList->endSessions()) {
        arguments.prepend(QStringLiteral("--force"));
    }
    m_services.activity->add(tr("Drop %1").arg(parameters.database),
                             TerminalLine::tool(QStringLiteral("dropdb"), parameters, arguments));
    accept();
}

void DropDatabaseDialog::reject()
{
    if (m_job) {
        m_job->cancel(); // finish() closes: whether it happened is known only then
        return;
    }
    Dialog::reject();
}

} // namespace Roost
