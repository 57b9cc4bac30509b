#include "models/databasesmodel.h"

#include "models/plaintext.h"

namespace Roost {

DatabasesModel::DatabasesModel(InstanceList *instances, const QString &instanceId, QObject *parent)
    : QAbstractTableModel(parent)
    , m_instances(instances)
    , m_instanceId(instanceId)
{
    connect(instances, &InstanceList::changed, this, [this](const QString &changed) {
        if (changed == m_instanceId) {
            update();
        }
    });
    update();
}

void DatabasesModel::update()
{
    const InstanceList::Entry *entry = m_instances->find(m_instanceId);
    beginResetModel();
    m_all = entry ? entry->databases : QList<DatabaseInfo>();
    m_shown = m_all;
    if (!m_showsSystem) {
        m_shown.removeIf([](const DatabaseInfo &database) { return database.isSystem; });
    }
    endResetModel();
}

void DatabasesModel::setShowsSystem(bool shows)
{
    if (m_showsSystem != shows) {
        m_showsSystem = shows;
        update();
    }
}

QString DatabasesModel::databaseAt(int row) const
{
    return row >= 0 && row < m_shown.size() ? m_shown[row].name : QString();
}

qint64 DatabasesModel::totalBytes() const
{
    qint64 total = 0;
    for (const DatabaseInfo &database : m_all) {
        total += std::max<qint64>(0, database.sizeBytes);
    }
    return total;
}

int DatabasesModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_shown.size());
}

int DatabasesModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(ColumnCount);
}

QVariant DatabasesModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const DatabaseInfo &database = m_shown[index.row()];
    if (role == Qt::TextAlignmentRole) {
        const auto side = index.column() == Size ? Qt::AlignRight : Qt::AlignLeft;
        return QVariant::fromValue(Qt::Alignment(side | Qt::AlignVCenter));
    }
    if (role == Qt::ToolTipRole) {
        return database.comment.isEmpty() ? QVariant() : database.comment;
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case Name:
        return database.name;
    case Owner:
        return database.owner;
    case Encoding:
        return database.encoding;
    case Collation:
        return database.collation;
    case Size:
        return sizeText(database.sizeBytes);
    default:
        return {};
    }
}

QVariant DatabasesModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        const auto side = section == Size ? Qt::AlignRight : Qt::AlignLeft;
        return QVariant::fromValue(Qt::Alignment(side | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (section) {
    case Name:
        return tr("Name");
    case Owner:
        return tr("Owner");
    case Encoding:
        return tr("Encoding");
    case Collation:
        return tr("Collation");
    case Size:
        return tr("Size");
    default:
        return {};
    }
}

} // namespace Roost
