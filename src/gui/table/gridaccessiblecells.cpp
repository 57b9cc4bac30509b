#include "gui/table/gridaccessiblecells.h"

#include "gui/table/gridview.h"
#include "gui/table/rowsheader.h"
#include "models/rowsmodel.h"

#include <QAccessible>
#include <QPointer>

namespace Roost {

namespace {

/// What cells and headers have in common: a place in a grid, no window of their own.
class GridPart : public QAccessibleInterface
{
public:
    explicit GridPart(GridView *view)
        : m_view(view)
    {
    }

    QObject *object() const override { return nullptr; }
    QWindow *window() const override { return m_view ? m_view->window()->windowHandle() : nullptr; }
    QAccessibleInterface *parent() const override { return QAccessible::queryAccessibleInterface(m_view); }
    QAccessibleInterface *child(int) const override { return nullptr; }
    QAccessibleInterface *childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface *) const override { return -1; }
    void setText(QAccessible::Text, const QString &) override {}

protected:
    QPointer<GridView> m_view;
};

class GridHeaderCell : public GridPart
{
public:
    GridHeaderCell(GridView *view, int column)
        : GridPart(view)
        , m_column(column)
    {
    }

    bool isValid() const override { return m_view && m_view->model() && m_column < m_view->header()->count(); }
    QAccessible::Role role() const override { return QAccessible::ColumnHeader; }
    QAccessible::State state() const override { return {}; }
    QRect rect() const override
    {
        const RowsHeader *header = m_view->header();
        return {header->mapToGlobal(QPoint(header->sectionViewportPosition(m_column), 0)),
                QSize(header->sectionSize(m_column), header->height())};
    }
    QString text(QAccessible::Text kind) const override
    {
        const QAbstractItemModel *model = m_view->model();
        if (kind == QAccessible::Name) {
            const QString said = model->headerData(m_column, Qt::Horizontal, Qt::AccessibleTextRole).toString();
            return said.isEmpty() ? m_view->header()->columnName(m_column) : said;
        }
        if (kind == QAccessible::Description) {
            const QString name = m_view->header()->columnName(m_column);
            for (const SortColumn &sort : m_view->header()->sort()) {
                if (sort.column == name) {
                    return sort.descending ? GridView::tr("sorted, the greatest first")
                                           : GridView::tr("sorted, the least first");
                }
            }
        }
        return {};
    }

private:
    int m_column;
};

class GridCell : public GridPart, public QAccessibleTableCellInterface, public QAccessibleActionInterface
{
public:
    GridCell(GridView *view, int row, int column)
        : GridPart(view)
        , m_row(row)
        , m_column(column)
    {
    }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        if (type == QAccessible::TableCellInterface) {
            return static_cast<QAccessibleTableCellInterface *>(this);
        }
        return type == QAccessible::ActionInterface ? static_cast<QAccessibleActionInterface *>(this) : nullptr;
    }
    bool isValid() const override { return m_view && index().isValid(); }
    QAccessible::Role role() const override { return QAccessible::Cell; }
    QAccessible::State state() const override
    {
        QAccessible::State state;
        const QRect shown = m_view->visualRect(index());
        const bool isEditable = index().flags().testFlag(Qt::ItemIsEditable);
        state.selectable = true;
        state.focusable = true;
        state.selected = isSelected();
        state.focused = m_view->currentIndex() == index() && m_view->hasFocus();
        state.editable = isEditable;
        state.readOnly = !isEditable;
        state.offscreen = !m_view->viewport()->rect().intersects(shown);
        state.busy = !isLoaded();
        return state;
    }
    QRect rect() const override
    {
        const QRect shown = m_view->visualRect(index());
        return {m_view->viewport()->mapToGlobal(shown.topLeft()), shown.size()};
    }
    QString text(QAccessible::Text kind) const override
    {
        switch (kind) {
        case QAccessible::Name:
        case QAccessible::Value:
            return spoken();
        case QAccessible::Description:
            return remark();
        default:
            return {};
        }
    }

    bool isSelected() const override { return m_view->selectionModel()->isSelected(index()); }
    QList<QAccessibleInterface *> columnHeaderCells() const override
    {
        return {parent()->tableInterface() ? parent()->child(m_column) : nullptr};
    }
    QList<QAccessibleInterface *> rowHeaderCells() const override { return {}; }
    int columnIndex() const override { return m_column; }
    int rowIndex() const override { return m_row; }
    int columnExtent() const override { return 1; }
    int rowExtent() const override { return 1; }
    QAccessibleInterface *table() const override { return parent(); }

    QStringList actionNames() const override { return {pressAction(), setFocusAction()}; }
    void doAction(const QString &name) override
    {
        m_view->goTo(m_row, m_column);
        if (name == pressAction() && index().flags().testFlag(Qt::ItemIsEditable)) {
            m_view->edit(index());
        }
    }
    QStringList keyBindingsForAction(const QString &) const override { return {}; }

private:
    QModelIndex index() const { return m_view->model() ? m_view->model()->index(m_row, m_column) : QModelIndex(); }
    bool isLoaded() const
    {
        const QVariant loaded = index().data(RowsModel::LoadedRole);
        return !loaded.isValid() || loaded.toBool();
    }
    QString spoken() const
    {
        if (!isLoaded()) {
            return GridView::tr("loading");
        }
        if (index().data(RowsModel::NullRole).toBool()) {
            return GridView::tr("null");
        }
        const QVariant said = index().data(Qt::AccessibleTextRole);
        return said.isValid() ? said.toString() : index().data(Qt::DisplayRole).toString();
    }
    QString remark() const
    {
        QString refusal = index().data(RowsModel::RefusalRole).toString();
        if (!refusal.isEmpty()) {
            return refusal;
        }
        switch (RowsModel::CellState(index().data(RowsModel::CellStateRole).toInt())) {
        case RowsModel::CellState::Changed:
            return GridView::tr("changed, not yet in the database");
        case RowsModel::CellState::NewRow:
            return GridView::tr("new row, not yet in the database");
        case RowsModel::CellState::DeletedRow:
            return GridView::tr("to be deleted");
        case RowsModel::CellState::Plain:
            break;
        }
        return {};
    }

    int m_row;
    int m_column;
};

} // namespace

QAccessibleInterface *accessibleHeader(GridView *view, int column)
{
    return new GridHeaderCell(view, column);
}

QAccessibleInterface *accessibleCell(GridView *view, int row, int column)
{
    return new GridCell(view, row, column);
}

} // namespace Roost
