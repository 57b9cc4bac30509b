#pragma once

#include "gui/database/databasefacts.h"
#include "gui/dialogs/dialog.h"
#include "operations/backuplist.h"
#include "render/postgresinstance.h"

#include <QMap>

class QLabel;
class QPushButton;

namespace Roost {

class Notice;
class PlainTable;
class TypedName;
struct Services;

/// Before an instance is deleted: what would be lost, database by database, and how old the last proven backup of each
/// is. Its name has to be typed.
class DeleteInstanceDialog : public Dialog
{
    Q_OBJECT

public:
    DeleteInstanceDialog(Services &services, const PostgresInstance &instance, const QString &instanceId,
                         QWidget *parent = nullptr);

    QString confirmation() const; ///< what was typed

signals:
    void backUpWanted(const QString &instanceId);

private:
    void build();
    void readBackups();
    void readDatabases();
    void databasesChanged(const QString &changedId);
    void readFacts();
    void showFacts();
    void showBackups();

    Services &m_services;
    PostgresInstance m_instance;
    QString m_instanceId; ///< of the saved connection; empty when there is none
    QStringList m_databases;
    QMap<QString, DatabaseFacts> m_facts;
    QMap<QString, qint64> m_sizes; ///< bytes, by database
    QList<ListedBackup> m_backups;
    bool m_backupsAreRead = false;
    QString m_trouble; ///< why it cannot be looked into
    bool m_isLooking = false;
    QLabel *m_what;
    PlainTable *m_table;
    Notice *m_notice;
    TypedName *m_typed;
    QPushButton *m_delete;
};

} // namespace Roost
