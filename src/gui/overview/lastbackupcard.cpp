#include "gui/overview/lastbackupcard.h"

#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"
#include "storage/paths.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

LastBackupCard::LastBackupCard(Services &services, const QString &instanceId, QWidget *parent)
    : Card(parent)
    , m_services(services)
    , m_instanceId(instanceId)
    , m_figure(roleLabel(tr("…"), "figure"))
    , m_text(roleLabel({}, "small"))
{
    setObjectName(QStringLiteral("lastBackupCard"));
    auto *open = new QPushButton(tr("All backups"));
    open->setObjectName(QStringLiteral("overviewBackups"));
    open->setProperty("kind", QStringLiteral("link"));
    m_figure->setObjectName(QStringLiteral("lastBackupAge"));
    m_text->setObjectName(QStringLiteral("lastBackupText"));
    m_text->setWordWrap(true);
    body()->addWidget(roleLabel(tr("Last proven backup"), "small"));
    body()->addWidget(m_figure);
    body()->addWidget(m_text);
    body()->addWidget(open, 0, Qt::AlignLeft);
    body()->addStretch();
    connect(open, &QPushButton::clicked, this, &LastBackupCard::backupsWanted);
    connect(services.jobs, &JobRunner::added, this,
            [this](Job *job) { connect(job, &Job::ended, this, &LastBackupCard::read); });
    read();
}

void LastBackupCard::setDatabases(const QStringList &names)
{
    m_databases = names;
    show();
}

void LastBackupCard::read()
{
    if (!m_services.backups) {
        return;
    }
    m_services.jobs->runQuietly<QList<ListedBackup>>(
        [catalog = *m_services.backups](JobContext &) { return listBackups(catalog, Paths::backups()); }, this,
        [this](const Result<QList<ListedBackup>> &backups) {
            m_isRead = backups.has_value();
            m_backups = backups.value_or(QList<ListedBackup>());
            show();
        });
}

void LastBackupCard::show()
{
    setVisible(m_isRead && !m_databases.isEmpty());
    QStringList without;
    BackupRecord oldest;
    for (const QString &database : std::as_const(m_databases)) {
        const BackupRecord last = lastProven(m_backups, m_instanceId, database);
        if (last.number == 0) {
            without += database;
        } else if (oldest.number == 0 || last.takenAt < oldest.takenAt) {
            oldest = last;
        }
    }
    if (without.isEmpty()) {
        m_figure->setText(ageText(oldest.takenAt, QDateTime::currentDateTimeUtc()));
        m_text->setText(m_databases.size() > 1 ? tr("of %1; those of the others are not older").arg(oldest.database)
                                               : tr("of %1").arg(oldest.database));
        return;
    }
    m_figure->setText(tr("none"));
    m_text->setText(without.size() == m_databases.size() ? tr("If the instance is lost, so is all that is in it.")
                    : without.size() == 1                ? tr("of %1; of the others there is one").arg(without.first())
                                          : tr("of %1 and %2 more").arg(without.first()).arg(without.size() - 1));
}

} // namespace Roost
