#include "gui/backup/restoredialog.h"

#include "gui/backup/targetfacts.h"
#include "gui/database/databasefacts.h"
#include "gui/dialogs/notice.h"
#include "postgres/databaseadmin.h"
#include "storage/paths.h"

#include "ui_restoredialog.h"

#include <QLineEdit>

namespace Roost {

void RestoreDialog::targetChanged()
{
    m_ui->newField->setEnabled(mode() == RestoreMode::IntoNew);
    m_ui->emptyCombo->setEnabled(m_ui->emptyRadio->isChecked());
    m_ui->replaceCombo->setEnabled(mode() == RestoreMode::ReplaceExisting);
    const bool replaces = mode() == RestoreMode::ReplaceExisting;
    m_ui->typedName->setVisible(replaces);
    m_ui->safetyCheck->setVisible(replaces);
    m_ui->safetyHint->setVisible(replaces);
    m_jobsCheck->setEnabled(!m_ui->emptyRadio->isChecked());
    m_ui->sessionList->setVisible(replaces);
    if (replaces) {
        m_ui->typedName->setExpected(targetName(), tr("to replace it"));
    }
    m_targetIsEmpty.reset();
    m_factsOf.clear();
    if (mode() != RestoreMode::IntoNew) {
        lookAtTarget();
    }
    if (replaces) {
        suggestSafetyFile();
    }
    showTarget();
}

void RestoreDialog::lookAtTarget()
{
    const QString name = targetName();
    m_factsOf = name;
    m_ui->sessionList->setWaiting();
    if (!m_hasAsked) {
        return; // not shown yet
    }
    readDatabaseFacts(m_services, m_request.target.spec.withDatabase(name), this,
                      [this, name](const Result<DatabaseFacts> &facts) {
                          if (m_factsOf == name) {
                              setFacts(facts);
                          }
                      });
}

void RestoreDialog::setFacts(const Result<DatabaseFacts> &facts)
{
    if (facts) {
        m_targetIsEmpty = facts->tables == 0;
        m_targetContent = facts->contentText();
        m_ui->sessionList->setSessions(facts->sessions);
    } else {
        m_targetContent = facts.error().message;
        m_ui->sessionList->setError(facts.error());
    }
    showTarget();
}

void RestoreDialog::showTarget()
{
    const QString name = targetName();
    m_ui->targetNotice->clear();
    if (mode() == RestoreMode::IntoNew) {
        const DatabaseAdmin::NameAdvice advice = DatabaseAdmin::adviseName(name, m_request.existing);
        if (!advice.text.isEmpty() && !name.isEmpty()) {
            m_ui->targetNotice->say(advice.isError ? Tone::Danger : Tone::Warning,
                                    advice.isError ? tr("This name cannot be used") : tr("About this name"),
                                    advice.text);
        }
    } else if (mode() == RestoreMode::ReplaceExisting) {
        sayReplaced();
    } else if (m_targetIsEmpty == false) {
        sayNotEmpty();
    }
    const QString file = m_safetyOf == name && !m_safetyFile.isEmpty() ? m_safetyFile : Paths::backups();
    m_ui->safetyHint->setText(m_ui->safetyCheck->isChecked() ? tr("With its proof, into %1").arg(file)
                                                             : tr("The old content then is on this instance only."));
    updateButtons();
}

void RestoreDialog::sayReplaced()
{
    const QString name = targetName();
    const QString now = m_targetContent.isEmpty() ? tr("what is in it now") : m_targetContent;
    QString text = tr("The backup goes into a new database beside it. Once all of it is in, the two change places. The "
                      "old content (%1) stays on the instance as %2_old_…, and one click puts it back.")
                       .arg(now, name);
    if (isPart()) {
        text += u' ' + tr("%1 will then hold nothing but the objects chosen above.").arg(name);
    }
    m_ui->targetNotice->say(Tone::Warning, tr("What happens to %1").arg(name), text);
}

void RestoreDialog::sayNotEmpty()
{
    const QString name = targetName();
    if (isPart()) {
        m_ui->targetNotice->say(
            Tone::Neutral, tr("They are added to what is in %1").arg(name),
            tr("It holds %1, which stays as it is. If one of the chosen objects is there already, nothing at all is "
               "changed.")
                .arg(m_targetContent));
        return;
    }
    m_ui->targetNotice->say(Tone::Danger, tr("%1 is not empty").arg(name),
                            tr("It holds %1. A backup restored over it would mix with that. Choose an empty database, "
                               "a new one, or let the backup take its place.")
                                .arg(m_targetContent));
}

void RestoreDialog::suggestSafetyFile()
{
    const QString name = targetName();
    m_safetyOf = name;
    m_safetyFile.clear();
    suggestTarget(m_services, {}, name, this, [this, name](const QString &file) {
        if (m_safetyOf == name) {
            m_safetyFile = file;
            showTarget();
        }
    });
}

} // namespace Roost
