#include "models/backupsmodel.h"

#include "models/plaintext.h"

#include <QLocale>

namespace Roost {

void BackupsModel::setBackups(const QList<ListedBackup> &backups)
{
    beginResetModel();
    m_backups = backups;
    endResetModel();
}

const ListedBackup *BackupsModel::at(int row) const
{
    return row >= 0 && row < m_backups.size() ? &m_backups[row] : nullptr;
}

int BackupsModel::rowOf(qint64 number) const
{
    for (int row = 0; row < m_backups.size(); ++row) {
        if (m_backups[row].record.number == number) {
            return row;
        }
    }
    return -1;
}

BackupsModel::Worth BackupsModel::worthOf(const ListedBackup &backup)
{
    if (backup.record.isFailure()) {
        return Worth::Failed;
    }
    if (!backup.isThere) {
        return Worth::Missing;
    }
    switch (backup.record.proof) {
    case BackupRecord::Proof::Broken:
        return Worth::Broken;
    case BackupRecord::Proof::Read:
        return Worth::Read;
    case BackupRecord::Proof::Restored:
        return Worth::Restored;
    case BackupRecord::Proof::None:
        break;
    }
    return Worth::Unproven;
}

QString BackupsModel::worthText(Worth worth)
{
    switch (worth) {
    case Worth::Failed:
        return tr("failed");
    case Worth::Missing:
        return tr("missing");
    case Worth::Broken:
        return tr("broken");
    case Worth::Unproven:
        return tr("no proof");
    case Worth::Read:
        return tr("read back");
    case Worth::Restored:
        return tr("restored and compared");
    }
    return {};
}

int BackupsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_backups.size());
}

int BackupsModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString BackupsModel::text(const ListedBackup &backup, int column) const
{
    const BackupRecord &record = backup.record;
    switch (column) {
    case TakenAt:
        return QLocale().toString(record.takenAt.toLocalTime(), QStringLiteral("d MMM yyyy HH:mm"));
    case Database:
        return record.database;
    case Instance:
        return record.instanceName.isEmpty() ? record.host : record.instanceName;
    case Size:
        return record.isFailure() ? QString() : sizeText(record.sizeBytes);
    case Rows:
        return countText(record.rows);
    case Proof:
        return worthText(worthOf(backup));
    case Note:
        return record.isFailure() && record.note.isEmpty() ? record.problem : record.note;
    default:
        return {};
    }
}

QVariant BackupsModel::sortKey(const ListedBackup &backup, int column) const
{
    switch (column) {
    case TakenAt: // in which order they were made, whatever the clock said
        return backup.record.number;
    case Size:
        return backup.record.sizeBytes;
    case Rows:
        return backup.record.rows;
    case Proof:
        return int(worthOf(backup));
    default:
        return text(backup, column).toCaseFolded();
    }
}

QVariant BackupsModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const ListedBackup &backup = m_backups[index.row()];
    switch (role) {
    case Qt::DisplayRole:
        return text(backup, index.column());
    case Qt::ToolTipRole:
        return index.column() == Note ? text(backup, Note) : backup.record.file;
    case Qt::TextAlignmentRole: {
        const bool isNumber = index.column() == Size || index.column() == Rows;
        return QVariant::fromValue(Qt::Alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    case SortRole:
        return sortKey(backup, index.column());
    case WorthRole:
        return int(worthOf(backup));
    case NumberRole:
        return backup.record.number;
    default:
        return {};
    }
}

QVariant BackupsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = section == Size || section == Rows;
        return QVariant::fromValue(Qt::Alignment((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case TakenAt:
        return tr("Taken at");
    case Database:
        return tr("Database");
    case Instance:
        return tr("Instance");
    case Size:
        return tr("Size");
    case Rows:
        return tr("Rows");
    case Proof:
        return tr("Proof");
    case Note:
        return tr("Note");
    default:
        return {};
    }
}

} // namespace Roost
