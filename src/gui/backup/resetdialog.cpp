#include "gui/backup/resetdialog.h"

#include "gui/backup/targetfield.h"
#include "gui/database/databasefacts.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"

#include "ui_resetdialog.h"

#include <QLineEdit>

namespace Roost {

ResetDialog::ResetDialog(Services &services, const DatabaseRef &database, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_database(database)
    , m_ui(std::make_unique<Ui::ResetDialog>())
{
    m_ui->setupUi(this);
    const QString name = database.database();
    setWindowTitle(tr("Reset %1").arg(name));
    m_ui->headingLabel->setText(tr("Reset %1 on %2?").arg(name, database.instance.name));
    m_ui->whatLabel->setText(tr("The database is dropped and created again, empty. Looking what is in it…"));
    m_ui->typedName->setExpected(name, tr("to reset it"));
    m_ui->resetButton->setText(tr("Reset %1").arg(name));
    m_target = new TargetField(services, name, m_ui->fileField, m_ui->chooseButton, m_ui->fileNotice, this);
    connect(m_target, &TargetField::changed, this, &ResetDialog::updateButtons);
    connect(m_ui->safetyCheck, &QCheckBox::toggled, this, &ResetDialog::updateSafety);
    connect(m_ui->typedName, &TypedName::changed, this, &ResetDialog::updateButtons);
    connect(m_ui->sessionList, &SessionList::changed, this, &ResetDialog::updateButtons);
    connect(m_ui->resetButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &QDialog::reject);
    m_ui->safetyHint->setText(tr("With it, the reset can be undone."));
    updateButtons();
    m_ui->typedName->setFocus();
}

ResetDialog::~ResetDialog() = default;

void ResetDialog::showEvent(QShowEvent *event)
{
    Dialog::showEvent(event);
    m_target->suggest();
    if (!m_hasAsked) {
        m_hasAsked = true;
        readDatabaseFacts(m_services, m_database.spec, this,
                          [this](const Result<DatabaseFacts> &facts) { setFacts(facts); });
    }
}

void ResetDialog::setFacts(const Result<DatabaseFacts> &facts)
{
    m_hasAsked = true;
    if (!facts) {
        m_ui->whatLabel->setText(tr("The database is dropped and created again, empty: everything in it is lost."));
        m_ui->sessionList->setError(facts.error());
        return;
    }
    m_ui->whatLabel->setText(tr("The database is dropped and created again, empty. What is in it now is lost: %1. Its "
                                "owner, encoding and settings stay as they are.")
                                 .arg(facts->contentText()));
    m_ui->sessionList->setSessions(facts->sessions);
}

void ResetDialog::updateSafety()
{
    const bool isOn = m_ui->safetyCheck->isChecked();
    m_ui->fileField->setEnabled(isOn);
    m_ui->chooseButton->setEnabled(isOn);
    m_target->setActive(isOn);
    m_ui->safetyHint->setText(isOn ? tr("With it, the reset can be undone.")
                                   : tr("Without it, nothing of the content can be brought back."));
    m_ui->safetyHint->setProperty("role", isOn ? QStringLiteral("small") : QStringLiteral("danger"));
    Theme::restyle(m_ui->safetyHint);
    updateButtons();
}

void ResetDialog::updateButtons()
{
    const bool isSafe = !m_ui->safetyCheck->isChecked() || m_target->isUsable();
    m_ui->resetButton->setEnabled(isSafe && m_ui->typedName->matches() && m_ui->sessionList->isClear());
}

ResetRequest ResetDialog::request() const
{
    ResetRequest request;
    request.target = m_database.spec;
    request.confirmation = m_ui->typedName->field()->text();
    request.endSessions = m_ui->sessionList->endSessions();
    request.safetyBackupFile = m_ui->safetyCheck->isChecked() ? m_target->file() : QString();
    return request;
}

} // namespace Roost
