#include "gui/backup/backupdialog.h"

#include "gui/backup/targetfield.h"
#include "gui/database/databasefacts.h"
#include "gui/dialogs/detailview.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "models/plaintext.h"

#include "ui_backupdialog.h"

namespace Roost {

BackupDialog::BackupDialog(Services &services, const DatabaseRef &database, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_database(database)
    , m_ui(std::make_unique<Ui::BackupDialog>())
    , m_command(new DetailView(this))
{
    m_ui->setupUi(this);
    setWindowTitle(tr("Back up %1").arg(database.database()));
    m_ui->headingLabel->setText(tr("Back up %1").arg(database.database()));
    m_ui->introLabel->setText(
        tr("One file with all of the database as it is at one instant. It is read back whole before "
           "it counts as a backup."));
    m_ui->databaseValue->setText(tr("%1 on %2").arg(database.database(), database.instance.name));
    m_ui->sizeValue->setText(tr("looking…"));
    m_ui->freeValue->setText(tr("looking…"));
    m_command->setVisibleLines(5);
    m_ui->commandFold->setTitle(tr("What does the same in a &terminal"));
    m_ui->commandFold->setContent(m_command);
    m_target =
        new TargetField(services, database.database(), m_ui->fileField, m_ui->chooseButton, m_ui->fileNotice, this);
    connect(m_target, &TargetField::changed, this, &BackupDialog::updateButtons);
    connect(m_ui->backUpButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &QDialog::reject);
    updateButtons();
    m_ui->fileField->setFocus();
}

BackupDialog::~BackupDialog() = default;

QString BackupDialog::file() const
{
    return m_target->file();
}

void BackupDialog::showEvent(QShowEvent *event)
{
    Dialog::showEvent(event);
    m_target->suggest();
    if (!m_hasAsked) {
        m_hasAsked = true;
        readDatabaseFacts(m_services, m_database.spec, this,
                          [this](const Result<DatabaseFacts> &facts) { setFacts(facts); });
    }
}

void BackupDialog::setFacts(const Result<DatabaseFacts> &facts)
{
    m_hasAsked = true;
    m_size = facts ? facts->sizeBytes : 0;
    m_ui->sizeValue->setText(facts ? facts->contentText() : tr("not known: %1").arg(facts.error().message));
    updateButtons();
}

void BackupDialog::updateButtons()
{
    m_command->setText(TerminalLine::backUp(m_database.spec.parameters, file()));
    m_ui->backUpButton->setEnabled(m_target->isUsable());
    const qint64 free = m_target->facts().freeBytes;
    if (free < 0) {
        return;
    }
    QString text = sizeText(free);
    const bool isTight = m_size > free;
    if (isTight) {
        text += QStringLiteral(" · ") + tr("less than the database takes; the file is smaller, but it may not fit");
    }
    m_ui->freeValue->setText(text);
    m_ui->freeValue->setProperty("role", isTight ? QStringLiteral("warning") : QString());
    Theme::restyle(m_ui->freeValue);
}

} // namespace Roost
