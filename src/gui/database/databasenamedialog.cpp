#include "gui/database/databasenamedialog.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "operations/maintenance.h"
#include "postgres/databaseadmin.h"
#include "postgres/identifier.h"

#include "ui_databasenamedialog.h"

namespace Roost {

namespace {

Result<void> createDatabase(const ConnectionSpec &spec, const QString &name, JobContext &context)
{
    const auto connection = DatabaseConnection::open(spec, context.stopToken());
    if (!connection) {
        return failure(connection.error());
    }
    return DatabaseAdmin::create(**connection, name, context.stopToken());
}

Result<void> renameDatabase(const ConnectionSpec &spec, const QString &name, JobContext &context)
{
    const auto connection = openBeside(spec, context);
    if (!connection) {
        return failure(connection.error());
    }
    return DatabaseAdmin::rename(**connection, spec.parameters.database, name, context.stopToken());
}

} // namespace

DatabaseNameDialog::DatabaseNameDialog(Services &services, const DatabaseNameRequest &request, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_request(request)
    , m_ui(std::make_unique<Ui::DatabaseNameDialog>())
{
    m_ui->setupUi(this);
    if (request.verb == DatabaseNameRequest::Verb::Create) {
        setWindowTitle(tr("Create a database"));
        m_ui->headingLabel->setText(tr("Create a database"));
        m_ui->introLabel->setText(tr("On %1, empty, owned by %2.")
                                      .arg(request.database.instance.name, request.database.spec.parameters.user));
        m_ui->acceptButton->setText(tr("Create database"));
    } else {
        setWindowTitle(tr("Rename database"));
        m_ui->headingLabel->setText(tr("Rename %1").arg(request.database.database()));
        m_ui->introLabel->setText(
            tr("What connects to it by its name, such as an app's DATABASE_URI, has to be told the "
               "new one."));
        m_ui->acceptButton->setText(tr("Rename database"));
        m_ui->nameField->setText(request.database.database());
        m_ui->nameField->selectAll();
        m_request.existing.removeAll(request.database.database());
    }
    connect(m_ui->nameField, &QLineEdit::textChanged, this, &DatabaseNameDialog::advise);
    connect(m_ui->acceptButton, &QPushButton::clicked, this, &DatabaseNameDialog::start);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &DatabaseNameDialog::reject);
    advise();
    m_ui->nameField->setFocus();
}

DatabaseNameDialog::~DatabaseNameDialog() = default;

QString DatabaseNameDialog::name() const
{
    return m_ui->nameField->text();
}

void DatabaseNameDialog::advise()
{
    const DatabaseAdmin::NameAdvice advice = DatabaseAdmin::adviseName(name(), m_request.existing);
    const bool isSame = m_request.verb == DatabaseNameRequest::Verb::Rename && name() == m_request.database.database();
    const bool isUntouched = name().isEmpty() || isSame;
    m_ui->adviceLabel->setText(isUntouched || advice.text.isEmpty()
                                   ? tr("Best are small letters, digits and underscores: bird_app_db")
                                   : advice.text);
    m_ui->adviceLabel->setProperty("role", isUntouched || advice.text.isEmpty() ? QStringLiteral("small")
                                           : advice.isError                     ? QStringLiteral("danger")
                                                                                : QStringLiteral("warning"));
    Theme::restyle(m_ui->adviceLabel);
    m_ui->acceptButton->setEnabled(!m_job && !isUntouched && !advice.isError);
    m_ui->nameField->setEnabled(!m_job);
}

void DatabaseNameDialog::start()
{
    const ConnectionSpec spec = m_request.database.spec;
    const QString newName = name();
    const bool creates = m_request.verb == DatabaseNameRequest::Verb::Create;
    m_ui->resultNotice->clear();
    m_ui->busyLabel->setText(creates ? tr("Creating…") : tr("Renaming…"));
    const QString title =
        creates ? tr("Create %1").arg(newName) : tr("Rename %1 to %2").arg(spec.parameters.database, newName);
    m_job = m_services.jobs->start(
        title,
        [spec, newName, creates](JobContext &context) {
            return creates ? createDatabase(spec, newName, context) : renameDatabase(spec, newName, context);
        },
        this, [this](const Result<void> &result) { finish(result); });
    if (!creates) {
        m_services.sessions->hold(m_request.database.instance.id, spec.parameters.database, m_job);
    }
    advise();
}

void DatabaseNameDialog::finish(const Result<void> &result)
{
    m_job = nullptr;
    m_ui->busyLabel->clear();
    advise();
    if (!result) {
        if (result.error().isCancelled()) {
            Dialog::reject();
            return;
        }
        m_ui->resultNotice->sayError(m_request.verb == DatabaseNameRequest::Verb::Create ? tr("It was not created")
                                                                                         : tr("It was not renamed"),
                                     result.error());
        m_ui->nameField->setFocus();
        return;
    }
    ConnectionParameters server = m_request.database.spec.parameters;
    if (m_request.verb == DatabaseNameRequest::Verb::Create) {
        m_services.activity->add(tr("Create %1").arg(name()),
                                 TerminalLine::tool(QStringLiteral("createdb"), server, {name()}));
    } else {
        m_services.activity->add(tr("Rename %1 to %2").arg(server.database, name()),
                                 QStringLiteral("ALTER DATABASE %1 RENAME TO %2;")
                                     .arg(quoteIdentifier(server.database), quoteIdentifier(name())));
    }
    accept();
}

void DatabaseNameDialog::reject()
{
    if (m_job) {
        m_job->cancel(); // finish() closes: whether it happened is known only then
        return;
    }
    Dialog::reject();
}

} // namespace Roost
