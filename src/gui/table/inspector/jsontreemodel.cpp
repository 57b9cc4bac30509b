#include "gui/table/inspector/jsontreemodel.h"

#include "gui/theme/theme.h"

#include <QFont>
#include <QSize>

namespace Roost {

namespace {
constexpr qsizetype longestShown = 300;
constexpr int rowHeight = 24;
} // namespace

void JsonTreeModel::setTree(JsonTree tree)
{
    beginResetModel();
    m_tree = std::move(tree);
    endResetModel();
}

QModelIndex JsonTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, quintptr(parent.isValid() ? m_tree.child(nodeOf(parent), row) : 0));
}

QModelIndex JsonTreeModel::parent(const QModelIndex &child) const
{
    const int node = child.isValid() ? m_tree.nodes[size_t(nodeOf(child))].parent : -1;
    return node < 0 ? QModelIndex() : createIndex(m_tree.nodes[size_t(node)].row, 0, quintptr(node));
}

int JsonTreeModel::rowCount(const QModelIndex &parent) const
{
    if (!parent.isValid()) {
        return m_tree.nodes.empty() ? 0 : 1;
    }
    return parent.column() == 0 ? m_tree.nodes[size_t(nodeOf(parent))].childCount : 0;
}

int JsonTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QString JsonTreeModel::path(const QModelIndex &index, const QString &column) const
{
    return index.isValid() ? m_tree.path(nodeOf(index), column) : QString();
}

QString JsonTreeModel::value(const QModelIndex &index) const
{
    return index.isValid() ? m_tree.value(nodeOf(index)).toString() : QString();
}

qsizetype JsonTreeModel::offset(const QModelIndex &index) const
{
    return index.isValid() ? m_tree.nodes[size_t(nodeOf(index))].start : 0;
}

QString JsonTreeModel::valueText(int node) const
{
    const JsonNode &found = m_tree.nodes[size_t(node)];
    switch (found.type) {
    case JsonNode::Type::Object:
        return tr("%n key(s)", nullptr, found.childCount);
    case JsonNode::Type::Array:
        return tr("%n element(s)", nullptr, found.childCount);
    default: {
        const QStringView written = m_tree.value(node);
        return written.size() > longestShown ? written.left(longestShown).toString() + QChar(0x2026)
                                             : written.toString();
    }
    }
}

QString JsonTreeModel::typeText(int node) const
{
    switch (m_tree.nodes[size_t(node)].type) {
    case JsonNode::Type::Object:
        return tr("object");
    case JsonNode::Type::Array:
        return tr("array");
    case JsonNode::Type::String:
        return tr("string");
    case JsonNode::Type::Number:
        return tr("number");
    case JsonNode::Type::Boolean:
        return tr("boolean");
    case JsonNode::Type::Null:
        return tr("null");
    }
    return {};
}

QVariant JsonTreeModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return {};
    }
    const int node = nodeOf(index);
    const JsonNode &found = m_tree.nodes[size_t(node)];
    const bool isBranch = found.type == JsonNode::Type::Object || found.type == JsonNode::Type::Array;
    if (role == Qt::ForegroundRole && (index.column() == TypeColumn || (index.column() == ValueColumn && isBranch))) {
        return Theme::instance().colors().subtle;
    }
    if (role == Qt::FontRole && index.column() == ValueColumn && found.type == JsonNode::Type::Null) {
        QFont font;
        font.setItalic(true);
        return font;
    }
    if (role == Qt::ToolTipRole && index.column() == ValueColumn && found.length > 40 && !isBranch) {
        return m_tree.value(node).left(2000).toString();
    }
    if (role == Qt::SizeHintRole && index.column() == TypeColumn) {
        return QSize(0, rowHeight);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    switch (index.column()) {
    case KeyColumn:
        return found.keyLength > 0 ? m_tree.key(node).left(longestShown)
               : found.parent < 0  ? QStringLiteral("$")
                                   : QStringLiteral("[%1]").arg(found.row);
    case ValueColumn:
        return valueText(node);
    default:
        return typeText(node);
    }
}

QVariant JsonTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == KeyColumn ? tr("Key") : section == ValueColumn ? tr("Value") : tr("Type");
}

} // namespace Roost
