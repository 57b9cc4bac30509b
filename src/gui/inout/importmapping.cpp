#include "gui/inout/importmapping.h"

#include "gui/theme/theme.h"
#include "operations/tableimport.h"

#include <QComboBox>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QTimer>

#include <algorithm>

namespace Roost {

namespace {

constexpr int arrowSize = 12;
constexpr int arrowRoom = 22;

/// A list of the columns that opens by itself, and an arrow where there is one.
class ColumnDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem text = option;
        QStyledItemDelegate::paint(painter, text, index);
        const QRect arrow(option.rect.right() - arrowRoom + 4, option.rect.center().y() - arrowSize / 2, arrowSize,
                          arrowSize);
        Theme::icon(QStringLiteral("go-down")).paint(painter, arrow);
    }
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        // Elided before the arrow, which the style knows nothing of.
        option->text = option->fontMetrics.elidedText(option->text, Qt::ElideRight,
                                                      option->rect.width() - arrowRoom - 2 * Spacing::unit);
    }
    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const override
    {
        const auto *model = static_cast<const ImportMappingModel *>(index.model());
        auto *combo = new QComboBox(parent);
        combo->setObjectName(QStringLiteral("importTargetCombo"));
        combo->setAccessibleName(ImportMappingModel::tr("Column for %1").arg(model->fields().value(index.row())));
        combo->addItem(ImportMappingModel::tr("leave out"), QString());
        for (const ColumnInfo &column : model->columns()) {
            combo->addItem(QStringLiteral("%1  ·  %2").arg(column.name, column.type), column.name);
        }
        auto *self = const_cast<ColumnDelegate *>(this);
        connect(combo, &QComboBox::activated, self, [self, combo] {
            emit self->commitData(combo);
            emit self->closeEditor(combo);
        });
        // Once it stands in its place.
        QTimer::singleShot(0, combo, &QComboBox::showPopup);
        return combo;
    }
    void setEditorData(QWidget *editor, const QModelIndex &index) const override
    {
        auto *combo = static_cast<QComboBox *>(editor);
        combo->setCurrentIndex(qMax(0, combo->findData(index.data(Qt::EditRole))));
    }
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override
    {
        model->setData(index, static_cast<QComboBox *>(editor)->currentData());
    }
};

} // namespace

void ImportMappingModel::setTable(const TableDescription &table)
{
    beginResetModel();
    m_table = table;
    m_columns.clear();
    for (const ColumnInfo &column : table.columns) {
        if (!column.generated) { // an identity takes the file's values too
            m_columns += column;
        }
    }
    m_mapping = suggested();
    endResetModel();
    emit mappingChanged();
}

void ImportMappingModel::setFields(const QStringList &fields)
{
    if (fields == m_fields) {
        return;
    }
    beginResetModel();
    m_fields = fields;
    m_mapping = suggested();
    endResetModel();
    emit mappingChanged();
}

QStringList ImportMappingModel::suggested() const
{
    const auto isNone = [](const QStringList &mapping) {
        return std::all_of(mapping.begin(), mapping.end(), [](const QString &name) { return name.isEmpty(); });
    };
    TableDescription offered = m_table;
    offered.columns = m_columns;
    QStringList mapping = suggestMapping(m_fields, offered);
    if (isNone(mapping)) {
        // Without names, a file may still have all columns in their order, those that cannot be filled too.
        mapping = suggestMapping(m_fields, m_table);
    }
    for (QString &name : mapping) {
        const bool isOffered = std::any_of(m_columns.begin(), m_columns.end(),
                                           [&name](const ColumnInfo &column) { return column.name == name; });
        name = isOffered ? name : QString();
    }
    return mapping;
}

QStringList ImportMappingModel::missingColumns() const
{
    QStringList missing;
    for (const ColumnInfo &column : m_columns) {
        // A domain may have a default that the column does not show.
        const bool isFilled = !column.defaultExpression.isEmpty() || !column.identity.isEmpty() ||
                              !column.domain.isEmpty() || m_table.isLocked || m_mapping.contains(column.name);
        if (column.notNull && !isFilled) {
            missing += column.name;
        }
    }
    return missing;
}

QStringList ImportMappingModel::fieldsLeftOut() const
{
    QStringList names;
    for (qsizetype i = 0; i < m_fields.size(); ++i) {
        if (m_mapping.value(i).isEmpty()) {
            names += m_fields.at(i);
        }
    }
    return names;
}

int ImportMappingModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_fields.size());
}

int ImportMappingModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 2;
}

QVariant ImportMappingModel::data(const QModelIndex &index, int role) const
{
    const QString column = m_mapping.value(index.row());
    if (index.column() == Field) {
        const QString field = m_fields.value(index.row());
        return role == Qt::DisplayRole ? field : role == Qt::ToolTipRole ? field.toHtmlEscaped() : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return column.isEmpty() ? tr("leave out") : column;
    case Qt::EditRole:
        return column;
    case Qt::ForegroundRole:
        return column.isEmpty() ? QVariant(Theme::instance().colors().subtle) : QVariant();
    case Qt::ToolTipRole: {
        const auto found = std::find_if(m_columns.begin(), m_columns.end(),
                                        [&column](const ColumnInfo &each) { return each.name == column; });
        return found == m_columns.end() ? QString()
                                        : (found->name + QStringLiteral("  ·  ") + found->type).toHtmlEscaped();
    }
    default:
        return {};
    }
}

bool ImportMappingModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const QString name = value.toString();
    const bool isOffered = name.isEmpty() || std::any_of(m_columns.begin(), m_columns.end(),
                                                         [&name](const ColumnInfo &each) { return each.name == name; });
    if (role != Qt::EditRole || index.column() != Target || !isOffered) {
        return false;
    }
    if (m_mapping.value(index.row()) == name) {
        return true;
    }
    if (!name.isEmpty()) {
        m_mapping.replaceInStrings(
            QRegularExpression(QRegularExpression::anchoredPattern(QRegularExpression::escape(name))), QString());
    }
    m_mapping[index.row()] = name;
    emit dataChanged(this->index(0, Target), this->index(rowCount() - 1, Target));
    emit mappingChanged();
    return true;
}

Qt::ItemFlags ImportMappingModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == Target ? flags | Qt::ItemIsEditable : flags;
}

QVariant ImportMappingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    return section == Field ? tr("In the file") : tr("Goes to column");
}

ImportMappingView::ImportMappingView(QWidget *parent)
    : QTableView(parent)
{
    setItemDelegateForColumn(ImportMappingModel::Target, new ColumnDelegate(this));
    setEditTriggers(EditKeyPressed | AnyKeyPressed);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setShowGrid(false);
    setWordWrap(false);
    setTabKeyNavigation(false);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(Spacing::row);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    connect(this, &QTableView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() == ImportMappingModel::Target) {
            edit(index);
        }
    });
}

void ImportMappingView::keyPressEvent(QKeyEvent *event)
{
    const bool opens = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter ||
                       event->key() == Qt::Key_Space || event->key() == Qt::Key_F2;
    if (opens && currentIndex().isValid()) {
        edit(currentIndex().siblingAtColumn(ImportMappingModel::Target));
        return;
    }
    if (event->key() == Qt::Key_Delete && currentIndex().isValid()) {
        model()->setData(currentIndex().siblingAtColumn(ImportMappingModel::Target), QString());
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace Roost
