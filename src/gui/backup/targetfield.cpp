#include "gui/backup/targetfield.h"

#include "gui/dialogs/notice.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "operations/backup.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>

namespace Roost {

namespace {

constexpr int typingPauseMs = 150;

} // namespace

TargetField::TargetField(Services &services, const QString &database, QLineEdit *field, QPushButton *choose,
                         Notice *notice, QWidget *dialog)
    : QObject(dialog)
    , m_services(services)
    , m_database(database)
    , m_field(field)
    , m_notice(notice)
    , m_dialog(dialog)
{
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &TargetField::lookAgain);
    connect(field, &QLineEdit::textChanged, this, [this] {
        m_facts = {};
        m_pause.start();
        emit changed();
    });
    connect(choose, &QPushButton::clicked, this, &TargetField::chooseFile);
}

void TargetField::suggest()
{
    if (!m_field->text().isEmpty()) {
        return;
    }
    suggestTarget(m_services, {}, m_database, this, [this](const QString &file) {
        if (m_field->text().isEmpty()) {
            m_field->setText(file);
        }
    });
}

QString TargetField::file() const
{
    return m_field->text().trimmed();
}

bool TargetField::isUsable() const
{
    return m_facts.file == file() && m_facts.isUsable();
}

void TargetField::setActive(bool active)
{
    m_isActive = active;
    m_notice->clear();
    if (active) {
        lookAgain();
    }
}

void TargetField::lookAgain()
{
    if (m_isActive) {
        readTargetFacts(m_services, file(), this, [this](const TargetFacts &facts) { take(facts); });
    }
}

void TargetField::take(const TargetFacts &facts)
{
    if (!m_isActive || facts.file != file()) {
        return; // typed on meanwhile
    }
    m_facts = facts;
    showTargetNotice(m_notice, facts,
                     {[this] {
                          suggestTarget(m_services, QFileInfo(file()).absolutePath(), m_database, this,
                                        [this](const QString &free) { m_field->setText(free); });
                      },
                      [this](const QString &workTree) { ignoreDumps(workTree); }});
    emit changed();
}

void TargetField::chooseFile()
{
    m_services.prompts->saveFile(m_dialog, tr("Backup file"), file(), tr("Backups (*.dump);;All files (*)"),
                                 [field = QPointer<QLineEdit>(m_field)](const QString &path) {
                                     if (field) {
                                         field->setText(path);
                                     }
                                 });
}

void TargetField::ignoreDumps(const QString &workTree)
{
    m_services.jobs->runQuietly<void>([workTree](JobContext &) { return ignoreDumpsInGit(workTree); }, this,
                                      [this](const Result<void> &result) {
                                          if (!result) {
                                              m_notice->sayError(tr(".gitignore was not changed"), result.error());
                                              return;
                                          }
                                          m_facts.gitWorkTree.clear();
                                          m_notice->say(Tone::Good, tr("git leaves *.dump files out now"));
                                      });
}

} // namespace Roost
