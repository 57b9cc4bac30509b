#pragma once

#include "gui/widgets/card.h"
#include "operations/backuplist.h"

class QPushButton;

namespace Roost {

struct Services;

/// How old the last proven backup of an instance's databases is: that of the one that is worst off. Reads the list of
/// backups again after every job.
class LastBackupCard : public Card
{
    Q_OBJECT

public:
    LastBackupCard(Services &services, const QString &instanceId, QWidget *parent = nullptr);

    void setDatabases(const QStringList &names);

signals:
    void backupsWanted();

private:
    void read();
    void show();

    Services &m_services;
    QString m_instanceId;
    QStringList m_databases;
    QList<ListedBackup> m_backups;
    bool m_isRead = false;
    QLabel *m_figure;
    QLabel *m_text;
};

} // namespace Roost
