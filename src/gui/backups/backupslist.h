#pragma once

#include <QTableView>

class QSortFilterProxyModel;

namespace Roost {

class BackupsModel;
struct ListedBackup;

/// The table of the backups: sorted by what is clicked, filtered by letters, the proof as a badge with a word.
class BackupsList : public QTableView
{
    Q_OBJECT

public:
    explicit BackupsList(BackupsModel *model, QWidget *parent = nullptr);

    const ListedBackup *current() const; ///< null when nothing is chosen
    void choose(qint64 number);
    void setFilter(const QString &letters);
    int shownCount() const;
    /// Columns as wide as their content.
    void fit();

signals:
    void currentBackupChanged();

protected:
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;

private:
    BackupsModel *m_backups;
    QSortFilterProxyModel *m_sorted;
};

} // namespace Roost
