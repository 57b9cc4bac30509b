#include "gui/table/gridaccessible.h"

#include "gui/table/filterrow.h"
#include "gui/table/gridaccessiblecells.h"
#include "gui/table/gridview.h"
#include "gui/table/rowsheader.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QAccessible>
#include <QAccessibleWidget>
#include <QHash>

#include <limits>

namespace Roost {

namespace {

int clamped(qint64 count)
{
    return int(qMin<qint64>(count, std::numeric_limits<int>::max()));
}

/// Children: a header a column, the filter row, then the cells row by row; made when asked for, and only so many kept.
class GridAccessible : public QAccessibleWidget, public QAccessibleTableInterface
{
public:
    explicit GridAccessible(GridView *view)
        : QAccessibleWidget(view, QAccessible::Table)
        , m_view(view)
    {
    }
    ~GridAccessible() override { forget(); }

    void *interface_cast(QAccessible::InterfaceType type) override
    {
        return type == QAccessible::TableInterface ? static_cast<QAccessibleTableInterface *>(this)
                                                   : QAccessibleWidget::interface_cast(type);
    }
    QAccessible::Role role() const override { return QAccessible::Table; }
    int childCount() const override { return clamped(cellsFrom() + qint64(rowCount()) * columnCount()); }
    QAccessibleInterface *child(int at) const override
    {
        const int columns = columnCount();
        if (at < 0 || at >= childCount()) {
            return nullptr;
        }
        if (at < columns) {
            return part(at);
        }
        return at == columns ? QAccessible::queryAccessibleInterface(m_view->filterRow()) : part(at);
    }
    int indexOfChild(const QAccessibleInterface *child) const override
    {
        auto *cell = const_cast<QAccessibleInterface *>(child)->tableCellInterface();
        if (cell) {
            return clamped(place(cell->rowIndex(), cell->columnIndex()));
        }
        for (int column = 0; column < columnCount(); ++column) {
            if (part(column) == child) {
                return column;
            }
        }
        return child && child->object() == m_view->filterRow() ? columnCount() : -1;
    }
    QAccessibleInterface *childAt(int x, int y) const override
    {
        const QPoint at(x, y);
        const QModelIndex index = m_view->indexAt(m_view->viewport()->mapFromGlobal(at));
        if (m_view->viewport()->rect().contains(m_view->viewport()->mapFromGlobal(at))) {
            return index.isValid() ? cellAt(index.row(), index.column()) : nullptr;
        }
        const QPoint inHeader = m_view->header()->mapFromGlobal(at);
        const int column = m_view->header()->logicalIndexAt(inHeader);
        return m_view->header()->rect().contains(inHeader) && column >= 0 ? part(column)
                                                                          : QAccessibleWidget::childAt(x, y);
    }
    QAccessibleInterface *focusChild() const override
    {
        const QModelIndex current = m_view->currentIndex();
        return m_view->hasFocus() && current.isValid() ? cellAt(current.row(), current.column())
                                                       : QAccessibleWidget::focusChild();
    }

    QAccessibleInterface *caption() const override { return nullptr; }
    QAccessibleInterface *summary() const override { return nullptr; }
    int columnCount() const override { return m_view->model() ? m_view->model()->columnCount() : 0; }
    int rowCount() const override { return m_view->model() ? m_view->model()->rowCount() : 0; }
    QAccessibleInterface *cellAt(int row, int column) const override
    {
        const bool isThere = row >= 0 && row < rowCount() && column >= 0 && column < columnCount();
        return isThere ? part(place(row, column)) : nullptr;
    }
    QString columnDescription(int column) const override { return m_view->header()->columnName(column); }
    QString rowDescription(int row) const override { return countText(m_view->rowNumber(row).number); }

    int selectedRowCount() const override { return clamped(wholeRows(std::numeric_limits<int>::max()).second); }
    int selectedColumnCount() const override { return int(selectedColumns().size()); }
    int selectedCellCount() const override
    {
        qint64 cells = 0;
        const QItemSelection chosen = m_view->selectionModel()->selection();
        for (const QItemSelectionRange &range : chosen) {
            cells += qint64(range.height()) * range.width();
        }
        return clamped(cells);
    }
    QList<QAccessibleInterface *> selectedCells() const override
    {
        QList<QAccessibleInterface *> cells;
        const QItemSelection chosen = m_view->selectionModel()->selection();
        for (const QItemSelectionRange &range : chosen) {
            for (int row = range.top(); row <= range.bottom(); ++row) {
                for (int column = range.left(); column <= range.right(); ++column) {
                    if (cells.size() >= most) {
                        return cells;
                    }
                    cells += cellAt(row, column);
                }
            }
        }
        return cells;
    }
    QList<int> selectedColumns() const override
    {
        QList<int> columns;
        for (int column = 0; column < columnCount(); ++column) {
            if (isColumnSelected(column)) {
                columns += column;
            }
        }
        return columns;
    }
    QList<int> selectedRows() const override { return wholeRows(most).first; }
    bool isColumnSelected(int column) const override
    {
        const QItemSelection chosen = m_view->selectionModel()->selection();
        return std::any_of(chosen.begin(), chosen.end(), [&](const QItemSelectionRange &range) {
            return range.height() == rowCount() && range.left() <= column && column <= range.right();
        });
    }
    bool isRowSelected(int row) const override
    {
        const QItemSelection chosen = m_view->selectionModel()->selection();
        return std::any_of(chosen.begin(), chosen.end(), [&](const QItemSelectionRange &range) {
            return range.width() == columnCount() && range.top() <= row && row <= range.bottom();
        });
    }
    bool selectRow(int row) override
    {
        m_view->selectRow(row);
        return isRowSelected(row);
    }
    bool selectColumn(int column) override
    {
        m_view->selectColumn(column);
        return isColumnSelected(column);
    }
    bool unselectRow(int row) override
    {
        const QModelIndex first = m_view->model()->index(row, 0);
        m_view->selectionModel()->select(first, QItemSelectionModel::Deselect | QItemSelectionModel::Rows);
        return !isRowSelected(row);
    }
    bool unselectColumn(int column) override
    {
        const QModelIndex first = m_view->model()->index(0, column);
        const QModelIndex last = m_view->model()->index(rowCount() - 1, column);
        m_view->selectionModel()->select(QItemSelection(first, last), QItemSelectionModel::Deselect);
        return !isColumnSelected(column);
    }
    void modelChange(QAccessibleTableModelChangeEvent *) override { forget(); }

private:
    static constexpr int most = 1000;

    qint64 cellsFrom() const { return columnCount() + 1; }
    qint64 place(int row, int column) const { return cellsFrom() + qint64(row) * columnCount() + column; }
    QPair<QList<int>, qint64> wholeRows(qint64 atMost) const
    {
        QList<int> rows;
        qint64 count = 0;
        const QItemSelection chosen = m_view->selectionModel()->selection();
        for (const QItemSelectionRange &range : chosen) {
            if (range.width() != columnCount()) {
                continue;
            }
            count += range.height();
            for (int row = range.top(); atMost == most && row <= range.bottom() && rows.size() < atMost; ++row) {
                rows += row;
            }
        }
        return {rows, count};
    }
    QAccessibleInterface *part(qint64 at) const
    {
        if (const auto found = m_parts.constFind(at); found != m_parts.constEnd()) {
            return QAccessible::accessibleInterface(*found);
        }
        constexpr int kept = 4000;
        if (m_parts.size() >= kept) {
            forget();
        }
        const qint64 cell = at - cellsFrom();
        const int columns = qMax(1, columnCount());
        QAccessibleInterface *made = at < columnCount()
                                         ? accessibleHeader(m_view, int(at))
                                         : accessibleCell(m_view, int(cell / columns), int(cell % columns));
        m_parts.insert(at, QAccessible::registerAccessibleInterface(made));
        return made;
    }
    void forget() const
    {
        for (const QAccessible::Id id : std::as_const(m_parts)) {
            QAccessible::deleteAccessibleInterface(id);
        }
        m_parts.clear();
    }

    GridView *m_view;
    mutable QHash<qint64, QAccessible::Id> m_parts;
};

QAccessibleInterface *make(const QString &className, QObject *object)
{
    if (className != QLatin1String("Roost::GridView")) {
        return nullptr;
    }
    auto *view = qobject_cast<GridView *>(object);
    return view ? new GridAccessible(view) : nullptr;
}

} // namespace

void installGridAccessibility()
{
    static const bool isInstalled = [] {
        QAccessible::installFactory(make);
        return true;
    }();
    Q_UNUSED(isInstalled)
}

void GridView::tellAccessible(const QModelIndex &current)
{
    if (!QAccessible::isActive() || !current.isValid() || !hasFocus()) {
        return;
    }
    QAccessibleInterface *grid = QAccessible::queryAccessibleInterface(this);
    QAccessibleInterface *cell =
        grid && grid->tableInterface() ? grid->tableInterface()->cellAt(current.row(), current.column()) : nullptr;
    if (cell) {
        QAccessibleEvent event(cell, QAccessible::Focus);
        QAccessible::updateAccessibility(&event);
    }
}

} // namespace Roost
