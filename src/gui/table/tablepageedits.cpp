#include "gui/table/tablepageedits.h"

#include "gui/dialogs/notice.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

namespace Roost {

namespace {

constexpr int mostRows = 100000;
constexpr int mostLooked = 300;
constexpr qsizetype mostDuplicated = 1000;
constexpr qsizetype batch = 100;

bool hasState(const GridView &grid, const RowsModel &rows, RowsModel::CellState state)
{
    const QList<int> chosen = grid.selectedRows(mostLooked);
    return std::any_of(chosen.begin(), chosen.end(), [&](int row) {
        for (int column = 0; column < rows.columnCount(); ++column) {
            const auto is = RowsModel::CellState(rows.index(row, column).data(RowsModel::CellStateRole).toInt());
            if (is == state) {
                return true;
            }
            if (state != RowsModel::CellState::Changed) {
                return false; // the others are of whole rows
            }
        }
        return false;
    });
}

} // namespace

TableEdits::TableEdits(const TableParts &parts, PacedWork *work)
    : QObject(parts.page)
    , m_parts(parts)
    , m_work(work)
{
}

bool TableEdits::hasDeletedRows() const
{
    return hasState(*m_parts.grid, *m_parts.rows, RowsModel::CellState::DeletedRow);
}

bool TableEdits::hasNewRows() const
{
    return hasState(*m_parts.grid, *m_parts.rows, RowsModel::CellState::NewRow);
}

bool TableEdits::hasChangedRows() const
{
    return hasState(*m_parts.grid, *m_parts.rows, RowsModel::CellState::Changed);
}

/// Says why not, where nothing can be edited.
bool TableEdits::mayEdit()
{
    const QString reason = m_parts.rows->readOnlyReason();
    if (!reason.isEmpty()) {
        m_parts.tell(Tone::Neutral, tr("Nothing can be edited here."), reason);
        return false;
    }
    return !m_work->isRunning() && !m_parts.rows->isApplying() && m_parts.grid->commitEditor();
}

void TableEdits::stage(const QString &title, qsizetype count, PacedWork::Step step, std::function<void()> done)
{
    m_parts.rows->beginStep(title);
    m_work->start(title, count, std::move(step),
                  [self = QPointer(this), rows = m_parts.rows, done = std::move(done)](bool wasStopped) {
                      if (!self) {
                          return;
                      }
                      rows->endStep();
                      if (wasStopped) {
                          rows->undo();
                      } else if (done) {
                          done();
                      }
                  });
}

bool TableEdits::put(int row, int column, const CellValue &value, Refusals *refusals)
{
    RowsModel *rows = m_parts.rows;
    const QModelIndex cell = rows->index(row, column);
    if (!cell.data(RowsModel::LoadedRole).toBool()) {
        ++refusals->unloaded;
        return false;
    }
    const QString problem = rows->valueProblem(column, value);
    if (!problem.isEmpty()) {
        ++refusals->problems;
        refusals->problem = refusals->problem.isEmpty() ? problem : refusals->problem;
        return false;
    }
    if (!rows->replaceValue(cell, value)) {
        ++refusals->readOnly;
        return false;
    }
    return true;
}

void TableEdits::report(const QString &outcome, const Refusals &refusals)
{
    QStringList left;
    if (refusals.problems > 0) {
        left += tr("%1 cells were left as they are: %2").arg(countText(refusals.problems), refusals.problem);
    }
    if (refusals.readOnly > 0) {
        left += tr("%1 cells cannot be changed (computed, numbered by the server, or in a row that is to be deleted).")
                    .arg(countText(refusals.readOnly));
    }
    if (refusals.unloaded > 0) {
        left += tr("%1 cells were left as they are, because their rows are not loaded. Scroll there, and try again.")
                    .arg(countText(refusals.unloaded));
    }
    if (refusals.beyond > 0) {
        left += tr("%1 cells did not fit below or to the right of the chosen cell. Paste them as new rows with "
                   "Ctrl+Shift+V.")
                    .arg(countText(refusals.beyond));
    }
    if (left.isEmpty()) {
        emit said(outcome);
    } else {
        m_parts.tell(Tone::Warning, outcome, left.join(u'\n'));
    }
}

void TableEdits::insertRow()
{
    if (!mayEdit()) {
        return;
    }
    const int row = m_parts.rows->addRow();
    if (row < 0) {
        emit said(tr("Rows cannot be added here: you have no right to."));
        return;
    }
    emit rowsAdded(row);
}

bool TableEdits::takesNewValues(int column) const
{
    const TableDescription *table = m_parts.rows->description();
    if (!table) {
        return true;
    }
    const QString &name = m_parts.rows->columns()[column].name;
    for (const ColumnInfo &info : table->columns) {
        if (info.name == name) {
            return !info.generated && info.identity != QStringLiteral("always");
        }
    }
    return true;
}

void TableEdits::duplicateRows()
{
    if (!mayEdit()) {
        return;
    }
    const QList<int> chosen = m_parts.grid->selectedRows(int(mostDuplicated) + 1);
    if (chosen.size() > mostDuplicated) {
        emit said(tr("At most %1 rows are duplicated at a time.").arg(countText(mostDuplicated)));
        return;
    }
    QList<int> rows;
    QList<QPersistentModelIndex> shortened;
    for (const int row : chosen) {
        if (!m_parts.rows->index(row, 0).data(RowsModel::LoadedRole).toBool()) {
            continue;
        }
        rows += row;
        for (int column = 0; column < m_parts.rows->columnCount(); ++column) {
            const QModelIndex cell = m_parts.rows->index(row, column);
            if (cell.data(RowsModel::ShortenedRole).toBool()) {
                shortened += cell;
            }
        }
    }
    if (shortened.isEmpty()) {
        addCopies(rows);
        return;
    }
    QList<QPersistentModelIndex> places;
    for (const int row : std::as_const(rows)) {
        places += m_parts.rows->index(row, 0);
    }
    fetchShortened(shortened, [this, places] {
        QList<int> now;
        for (const QPersistentModelIndex &place : places) {
            if (place.isValid()) {
                now += place.row();
            }
        }
        addCopies(now);
    });
}

/// A copy needs the whole of its values.
void TableEdits::fetchShortened(QList<QPersistentModelIndex> cells, std::function<void()> done)
{
    if (cells.isEmpty()) {
        done();
        return;
    }
    const QPersistentModelIndex cell = cells.takeLast();
    m_parts.rows->fetchWhole(cell, this, [this, cells, done](const Result<CellValue> &whole) {
        if (!whole) {
            m_parts.notice->sayError(tr("Nothing was copied: a long value could not be read."), whole.error());
            return;
        }
        fetchShortened(cells, done);
    });
}

void TableEdits::addCopies(const QList<int> &rows)
{
    const RowsModel *model = m_parts.rows;
    const QStringList &keys = m_parts.rows->relation().keyColumns;
    QList<CellValues> copies;
    for (const int row : rows) {
        CellValues values;
        for (int column = 0; column < model->columnCount(); ++column) {
            const QString &name = model->columns()[column].name;
            const QModelIndex cell = model->index(row, column);
            const bool isDefault = cell.data(RowsModel::DefaultRole).toBool();
            if (!keys.contains(name) && takesNewValues(column) && !isDefault) {
                values.insert(name, model->value(row, column));
            }
        }
        copies += values;
    }
    const int first = copies.isEmpty() ? -1 : m_parts.rows->addRows(copies);
    if (first < 0) {
        emit said(tr("Nothing was duplicated."));
        return;
    }
    emit rowsAdded(first);
}

void TableEdits::deleteRows()
{
    if (!mayEdit()) {
        return;
    }
    const auto rows = std::make_shared<QList<int>>(m_parts.grid->selectedRows(mostRows));
    const qint64 chosen = m_parts.grid->selectedRowCount();
    if (rows->isEmpty()) {
        return;
    }
    // From the end on: new rows vanish, and those above keep their places.
    const qsizetype batches = (rows->size() + batch - 1) / batch;
    const int before = m_parts.rows->changes().counts().removed;
    const int added = m_parts.rows->changes().counts().added;
    stage(
        rows->size() == 1 ? tr("Delete row") : tr("Delete %1 rows").arg(rows->size()), batches,
        [this, rows, batches](qsizetype at) {
            m_parts.rows->removeRows(rows->mid((batches - 1 - at) * batch, batch));
            return true;
        },
        [this, chosen, before, added] {
            const ChangeSet::Counts now = m_parts.rows->changes().counts();
            const qint64 done = qint64(now.removed - before) + (added - now.added);
            if (done < chosen) {
                m_parts.tell(Tone::Warning,
                             tr("%1 of %2 rows are marked to be deleted.").arg(countText(done), countText(chosen)),
                             tr("The others are not loaded, or were marked already. To delete very many rows, a "
                                "DELETE statement is the better tool."));
            }
        });
}

void TableEdits::restoreRows()
{
    if (mayEdit()) {
        m_parts.rows->restoreRows(m_parts.grid->selectedRows(mostRows));
    }
}

void TableEdits::setNull()
{
    if (!mayEdit()) {
        return;
    }
    const auto block = std::make_shared<GridView::Block>(m_parts.grid->selectedBlock(mostRows));
    const auto refusals = std::make_shared<Refusals>();
    const bool isBlock = m_parts.grid->selectionModel()->selection().size() <= 1;
    stage(
        tr("Set NULL"), block->rows.size(),
        [this, block, refusals, isBlock](qsizetype at) {
            for (const int column : std::as_const(block->columns)) {
                const QModelIndex cell = m_parts.rows->index(block->rows[at], column);
                if (isBlock || m_parts.grid->selectionModel()->isSelected(cell)) {
                    put(cell.row(), column, {}, refusals.get());
                }
            }
            return true;
        },
        [this, refusals] { report({}, *refusals); });
}

void TableEdits::setDefault()
{
    if (!mayEdit()) {
        return;
    }
    const GridView::Block block = m_parts.grid->selectedBlock(mostRows);
    QModelIndexList cells;
    for (const int row : block.rows) {
        for (const int column : block.columns) {
            const QModelIndex cell = m_parts.rows->index(row, column);
            if (RowsModel::CellState(cell.data(RowsModel::CellStateRole).toInt()) == RowsModel::CellState::NewRow) {
                cells += cell;
            }
        }
    }
    m_parts.rows->revert(cells);
}

void TableEdits::eachStaged(const QString &title, bool wholeRows)
{
    if (!mayEdit()) {
        return;
    }
    const auto block = std::make_shared<GridView::Block>(m_parts.grid->selectedBlock(mostRows));
    if (wholeRows) {
        block->columns.clear();
        for (int column = 0; column < m_parts.rows->columnCount(); ++column) {
            block->columns += column;
        }
    }
    stage(title, block->rows.size(), [this, block](qsizetype at) {
        QModelIndexList cells;
        for (const int column : std::as_const(block->columns)) {
            const QModelIndex cell = m_parts.rows->index(block->rows[at], column);
            if (RowsModel::CellState(cell.data(RowsModel::CellStateRole).toInt()) != RowsModel::CellState::Plain) {
                cells += cell;
            }
        }
        if (!cells.isEmpty()) {
            m_parts.rows->revert(cells);
        }
        return true;
    });
}

void TableEdits::revertCells()
{
    eachStaged(tr("Revert cells"), false);
}

void TableEdits::revertRows()
{
    eachStaged(tr("Revert rows"), true);
}

void TableEdits::fillDown()
{
    if (!mayEdit()) {
        return;
    }
    const auto block = std::make_shared<GridView::Block>(m_parts.grid->selectedBlock(mostRows));
    if (block->rows.size() < 2) {
        emit said(tr("Choose the cell to copy from and the cells below it first."));
        return;
    }
    QList<QPersistentModelIndex> shortened;
    for (const int column : std::as_const(block->columns)) {
        const QModelIndex cell = m_parts.rows->index(block->rows.first(), column);
        if (cell.data(RowsModel::ShortenedRole).toBool()) {
            shortened += cell;
        }
    }
    fetchShortened(shortened, [this, block] {
        const auto refusals = std::make_shared<Refusals>();
        const auto values = std::make_shared<QList<CellValue>>();
        for (const int column : std::as_const(block->columns)) {
            *values += m_parts.rows->value(block->rows.first(), column);
        }
        stage(
            tr("Fill down"), block->rows.size() - 1,
            [this, block, refusals, values](qsizetype at) {
                for (qsizetype i = 0; i < block->columns.size(); ++i) {
                    put(block->rows[at + 1], block->columns[i], values->at(i), refusals.get());
                }
                return true;
            },
            [this, refusals] { report({}, *refusals); });
    });
}

} // namespace Roost
