#pragma once

#include "operations/backuplist.h"
#include "storage/backupcatalog.h"

#include <QList>
#include <QObject>

#include <optional>

class QAction;
class QMenu;
class QWidget;

namespace Roost {

struct Services;

/// What can be done with the chosen backup, as actions of the Backups page: its buttons, menus and keys. Lives with the
/// page.
class BackupVerbs : public QObject
{
    Q_OBJECT

public:
    BackupVerbs(Services &services, QWidget *page);

    void setBackup(const ListedBackup *backup); ///< null: nothing is chosen
    QList<QAction *> all() const;               ///< in the order of a menu, with separators
    QMenu *restoreMenu() const { return m_restoreMenu; }

    QAction *inside;
    QAction *verify;
    QAction *compare;
    QAction *reveal;
    QAction *copyTo;
    QAction *rename;
    QAction *remove;

    void importFile();
    void setName(const BackupRecord &record, const QString &name);
    void setNote(const BackupRecord &record, const QString &note);

signals:
    void restoreWanted(const QString &instanceId, const QString &database, const QString &file);
    void insideWanted(const QString &file);
    void verifyWanted(const QString &file);
    void compareWanted(const Roost::BackupRecord &record);
    void renameWanted(); ///< the field for the name should get the focus
    void changed(qint64 number);

private:
    QAction *make(const char *name, const QString &text, const QString &hint, const char *icon);
    void fillRestoreMenu();
    void askToRemove();
    void copyToFolder();
    void change(const QString &failed, std::function<Result<BackupRecord>(JobContext &)> work);

    Services &m_services;
    QWidget *m_page;
    QMenu *m_restoreMenu;
    std::optional<ListedBackup> m_backup;
};

} // namespace Roost
