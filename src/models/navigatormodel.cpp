#include "models/navigatormodel.h"

#include "models/accountlist.h"
#include "models/accountnodes.h"

namespace Roost {

NavigatorModel::NavigatorModel(InstanceList *instances, SessionPool *sessions, ActivityLog *activity, QObject *parent)
    : QAbstractItemModel(parent)
    , m_instances(instances)
    , m_sessions(sessions)
    , m_activity(activity)
    , m_root(std::make_unique<NavigatorNode>())
{
    connect(instances, &InstanceList::listed, this, &NavigatorModel::updateGroups);
    connect(instances, &InstanceList::changed, this, &NavigatorModel::updateInstance);
    updateGroups();
}

NavigatorModel::~NavigatorModel() = default;

NavigatorNode *NavigatorModel::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? static_cast<NavigatorNode *>(index.internalPointer()) : m_root.get();
}

const NavigatorNode *NavigatorModel::node(const QModelIndex &index) const
{
    return nodeAt(index);
}

QModelIndex NavigatorModel::indexFor(const NavigatorNode *node) const
{
    if (!node || node == m_root.get()) {
        return {};
    }
    return createIndex(node->row(), 0, const_cast<NavigatorNode *>(node));
}

QModelIndex NavigatorModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, nodeAt(parent)->children[size_t(row)].get());
}

QModelIndex NavigatorModel::parent(const QModelIndex &index) const
{
    return index.isValid() ? indexFor(nodeAt(index)->parent) : QModelIndex();
}

int NavigatorModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : int(nodeAt(parent)->children.size());
}

int NavigatorModel::columnCount(const QModelIndex &) const
{
    return 1;
}

QVariant NavigatorModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const NavigatorNode *node = nodeAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return node->name;
    case Qt::ToolTipRole:
        return node->toolTip.isEmpty() ? QVariant() : node->toolTip;
    case Qt::AccessibleTextRole: {
        QStringList parts{node->name};
        for (const NodeBadge &badge : node->badges) {
            parts += badge.text;
        }
        if (!node->secondary.isEmpty()) {
            parts += node->secondary;
        }
        return parts.join(QStringLiteral(", "));
    }
    case KindRole:
        return int(node->kind);
    case SecondaryRole:
        return node->secondary;
    case BadgeTextsRole: {
        QStringList texts;
        for (const NodeBadge &badge : node->badges) {
            texts += badge.text;
        }
        return texts;
    }
    case BadgeTonesRole: {
        QList<int> tones;
        for (const NodeBadge &badge : node->badges) {
            tones += int(badge.tone);
        }
        return QVariant::fromValue(tones);
    }
    case IconNameRole:
        return node->iconName;
    case MessageRole:
        return int(node->message);
    case SystemRole:
        return node->isSystem;
    default:
        return {};
    }
}

Qt::ItemFlags NavigatorModel::flags(const QModelIndex &index) const
{
    if (!index.isValid()) {
        return Qt::NoItemFlags;
    }
    const NavigatorNode *node = nodeAt(index);
    Qt::ItemFlags flags = Qt::ItemIsEnabled;
    if (node->kind != NodeKind::Group) {
        flags |= Qt::ItemIsSelectable;
    }
    if (node->kind == NodeKind::Relation || node->kind == NodeKind::Function || node->kind == NodeKind::App ||
        node->kind == NodeKind::Message || node->kind == NodeKind::Account) {
        flags |= Qt::ItemNeverHasChildren;
    }
    return flags;
}

bool NavigatorModel::hasChildren(const QModelIndex &parent) const
{
    const NavigatorNode *node = nodeAt(parent);
    return !node->children.empty() || node->load == NavigatorNode::Load::Pending ||
           node->load == NavigatorNode::Load::Loading;
}

bool NavigatorModel::canFetchMore(const QModelIndex &parent) const
{
    return nodeAt(parent)->load == NavigatorNode::Load::Pending;
}

void NavigatorModel::fetchMore(const QModelIndex &parent)
{
    NavigatorNode *node = nodeAt(parent);
    if (node->load != NavigatorNode::Load::Pending) {
        return;
    }
    // Views call this in the middle of a change of rows: what it leads to must wait for the end of that.
    node->load = NavigatorNode::Load::Loading;
    QMetaObject::invokeMethod(
        this,
        [this, instanceId = node->instanceId, database = node->database, kind = node->kind] {
            NavigatorNode *wanted = nodeAt(indexOf(instanceId, database));
            if (wanted->kind == NodeKind::Instance) {
                m_instances->open(instanceId);
            } else if (wanted->kind == NodeKind::Database && kind == NodeKind::Functions) {
                loadFunctions(wanted);
            } else if (wanted->kind == NodeKind::Database) {
                loadRelations(wanted);
            }
        },
        Qt::QueuedConnection);
}

QModelIndex NavigatorModel::groupIndex(const QString &key) const
{
    return indexFor(m_root->child(key));
}

NavigatorNode *NavigatorModel::nodeOf(const QString &instanceId) const
{
    for (const auto &group : m_root->children) {
        if (NavigatorNode *found = group->child(QStringLiteral("i:") + instanceId)) {
            return found;
        }
    }
    return nullptr;
}

QModelIndex NavigatorModel::indexOf(const QString &instanceId, const QString &database) const
{
    const NavigatorNode *found = nodeOf(instanceId);
    if (found && !database.isEmpty()) {
        found = found->child(QStringLiteral("d:") + database);
    }
    return indexFor(found);
}

QModelIndex NavigatorModel::indexOfRelation(const QString &instanceId, const QString &database,
                                            const TableId &table) const
{
    const NavigatorNode *parent = nodeAt(indexOf(instanceId, database));
    if (parent->kind != NodeKind::Database) {
        return {};
    }
    const QString key = QStringLiteral("r:") + table.schema + QLatin1Char('.') + table.name;
    if (const NavigatorNode *found = parent->child(key)) {
        return indexFor(found);
    }
    const NavigatorNode *schema = parent->child(QStringLiteral("s:") + table.schema);
    return schema ? indexFor(schema->child(key)) : QModelIndex();
}

void NavigatorModel::refresh(const QModelIndex &index)
{
    NavigatorNode *node = nodeAt(index);
    if (m_accounts && !node->accountId.isEmpty()) {
        m_accounts->refresh(node->accountId);
        return;
    }
    while (node->parent && node->kind != NodeKind::Database && node->kind != NodeKind::Instance &&
           node->kind != NodeKind::Group) {
        node = node->parent;
    }
    if (node->kind == NodeKind::Instance) {
        const InstanceList::Entry *entry = m_instances->find(node->instanceId);
        if (m_accounts && entry) {
            m_accounts->refresh(entry->instance.profile.accountId);
        }
        m_instances->open(node->instanceId);
    } else if (node->kind == NodeKind::Database) {
        loadRelations(node);
    } else {
        m_instances->reload();
    }
}

void NavigatorModel::refreshDatabase(const QString &instanceId, const QString &database)
{
    NavigatorNode *node = nodeAt(indexOf(instanceId, database));
    if (node->kind == NodeKind::Database && node->load != NavigatorNode::Load::Pending) {
        loadRelations(node);
    }
}

void NavigatorModel::setApps(const QList<AppFolder> &apps)
{
    m_apps = apps;
    updateGroups();
}

void NavigatorModel::updateInstance(const QString &instanceId)
{
    NavigatorNode *node = nodeOf(instanceId);
    const InstanceList::Entry *entry = m_instances->find(instanceId);
    if (!node || !entry) {
        return;
    }
    const bool isReachable = entry->instance.isPractice ? m_instances->practice() == InstanceList::Practice::Running
                                                        : mayConnect(m_accounts, entry->instance.profile);
    NavigatorNodes children;
    // An attempt that was under way when it was suspended failed; that it is suspended says more.
    switch (isReachable ? entry->state : InstanceList::State::Closed) {
    case InstanceList::State::Closed:
        node->load = isReachable ? NavigatorNode::Load::Pending : NavigatorNode::Load::None;
        break;
    case InstanceList::State::Opening:
        node->load = NavigatorNode::Load::Loading;
        if (entry->databases.isEmpty()) {
            children.push_back(messageNode(NodeMessage::Loading, tr("Connecting…")));
        }
        break;
    case InstanceList::State::Open:
        node->load = NavigatorNode::Load::Done;
        break;
    case InstanceList::State::Failed:
        node->load = NavigatorNode::Load::Done;
        children.push_back(messageNode(NodeMessage::Failed, tr("Could not connect"), entry->error.message));
        break;
    }
    if (children.empty() && isReachable) {
        for (const DatabaseInfo &database : entry->databases) {
            children.push_back(databaseNode(instanceId, database));
        }
    }
    merge(node, std::move(children));
    node->takeLook(*accountInstanceNode(*entry, *m_instances, m_accounts));
    const QModelIndex changed = indexFor(node);
    emit dataChanged(changed, changed);
}

void NavigatorModel::insertAt(NavigatorNode *parent, int row, NavigatorNodes nodes)
{
    if (nodes.empty()) {
        return;
    }
    beginInsertRows(indexFor(parent), row, row + int(nodes.size()) - 1);
    for (auto &node : nodes) {
        node->parent = parent;
    }
    parent->children.insert(parent->children.begin() + row, std::make_move_iterator(nodes.begin()),
                            std::make_move_iterator(nodes.end()));
    endInsertRows();
}

void NavigatorModel::removeRange(NavigatorNode *parent, int first, int last)
{
    if (first > last) {
        return;
    }
    beginRemoveRows(indexFor(parent), first, last);
    parent->children.erase(parent->children.begin() + first, parent->children.begin() + last + 1);
    endRemoveRows();
}

void NavigatorModel::merge(NavigatorNode *parent, NavigatorNodes wanted)
{
    if (parent->children.empty()) {
        insertAt(parent, 0, std::move(wanted));
        return;
    }
    int row = 0;
    for (auto &next : wanted) {
        NavigatorNode *known = parent->child(next->key);
        const int at = known ? known->row() : -1;
        if (at < row) { // new, or out of order and then as good as new
            if (known) {
                removeRange(parent, at, at);
                --row;
            }
            NavigatorNodes one;
            one.push_back(std::move(next));
            insertAt(parent, row, std::move(one));
        } else {
            removeRange(parent, row, at - 1);
            if (known->takeLook(*next)) {
                const QModelIndex changed = indexFor(known);
                emit dataChanged(changed, changed);
            }
            if (known->kind == NodeKind::Schema) {
                merge(known, std::move(next->children));
            }
        }
        ++row;
    }
    removeRange(parent, row, int(parent->children.size()) - 1);
}

} // namespace Roost
