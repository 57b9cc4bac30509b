#pragma once

#include "operations/backuplist.h"

#include <QAbstractTableModel>
#include <QList>

namespace Roost {

/// The list of backups as a table. Lives in the GUI thread; gets what was read elsewhere.
class BackupsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { TakenAt, Database, Proof, Size, Rows, Instance, Note, ColumnCount };
    /// What a backup is worth now, the least first.
    enum class Worth { Failed, Missing, Broken, Unproven, Read, Restored };
    enum Role { SortRole = Qt::UserRole, WorthRole, NumberRole };

    using QAbstractTableModel::QAbstractTableModel;

    void setBackups(const QList<ListedBackup> &backups);
    const QList<ListedBackup> &backups() const { return m_backups; }
    const ListedBackup *at(int row) const; ///< null outside
    int rowOf(qint64 number) const;        ///< -1 when it is not there

    static Worth worthOf(const ListedBackup &backup);
    /// "restored and compared", translated.
    static QString worthText(Worth worth);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QString text(const ListedBackup &backup, int column) const;
    QVariant sortKey(const ListedBackup &backup, int column) const;

    QList<ListedBackup> m_backups;
};

} // namespace Roost
