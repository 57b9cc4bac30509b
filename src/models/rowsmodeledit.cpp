#include "models/rowsmodelprivate.h"

#include <algorithm>

namespace Roost {

const RowChange *RowsModel::Private::change(int row) const
{
    if (q->m_changes.isEmpty()) {
        return nullptr;
    }
    if (row != changeRow) { // a row's cells are asked for one after the other
        changeRow = row;
        if (isNewRow(row)) {
            changeOfRow = q->m_changes.findNew(newRowOf(row));
        } else {
            changeOfRow = isLoaded(row) ? q->m_changes.find(window.cache().key(row)) : nullptr;
        }
    }
    return changeOfRow;
}

RowsModel::CellState RowsModel::Private::cellState(int row, int column) const
{
    const RowChange *made = change(row);
    if (!made) {
        return CellState::Plain;
    }
    switch (made->kind) {
    case RowChange::Kind::Insert:
        return CellState::NewRow;
    case RowChange::Kind::Delete:
        return CellState::DeletedRow;
    case RowChange::Kind::Update:
        break;
    }
    return made->values.contains(columns.at(column).name) ? CellState::Changed : CellState::Plain;
}

const CellValue *RowsModel::Private::staged(int row, int column) const
{
    const RowChange *made = change(row);
    if (!made || made->kind == RowChange::Kind::Delete) {
        return nullptr;
    }
    const auto found = made->values.constFind(columns.at(column).name);
    return found == made->values.constEnd() ? nullptr : &found.value();
}

QString RowsModel::Private::refusalAt(int row, int column) const
{
    if (!refusal) {
        return {};
    }
    const RowChange &refused = refusal->change;
    const bool isRow = refused.kind == RowChange::Kind::Insert
                           ? isNewRow(row) && newRowOf(row) == refused.newRow
                           : isLoaded(row) && window.cache().key(row) == refused.key;
    const bool isCell = refusal->column.isEmpty() || refusal->column == columns.at(column).name;
    return isRow && isCell ? refusal->error.message : QString();
}

Qt::ItemFlags RowsModel::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.isValid() && d->mayEdit(index.row(), index.column()) &&
        !index.data(ShortenedRole).toBool()) { // an editor would start from half a value
        flags |= Qt::ItemIsEditable;
    }
    return flags;
}

bool RowsModel::Private::mayEdit(int row, int column) const
{
    if (q->m_isApplying || unknown || !q->readOnlyReason().isEmpty()) {
        return false;
    }
    if (isNewRow(row)) {
        return newCellReason(column).isEmpty();
    }
    const RowChange *made = change(row);
    return isLoaded(row) && q->readOnlyReason(column).isEmpty() && (!made || made->kind != RowChange::Kind::Delete);
}

bool RowsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (role != Qt::EditRole || !checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return false;
    }
    const bool isNull = value.isNull();
    if (!isNull && index.data(ShortenedRole).toBool()) {
        return false;
    }
    return replaceValue(index, isNull ? CellValue() : CellValue(value.toString()));
}

bool RowsModel::replaceValue(const QModelIndex &index, const CellValue &value)
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid)) {
        return false;
    }
    const int row = index.row();
    const int column = index.column();
    if (!d->mayEdit(row, column)) {
        return false;
    }
    const QString &name = d->columns.at(column).name;
    if (d->isNewRow(row)) {
        m_changes.setNewCell(d->newRowOf(row), name, value);
    } else {
        const RowCache &cache = d->window.cache();
        m_changes.setCell(cache.key(row), name, cache.value(row, column), value, cache.isShortened(row, column));
    }
    d->changesMade(row, row);
    return true;
}

int RowsModel::addRow(const CellValues &values)
{
    return addRows({values});
}

int RowsModel::addRows(const QList<CellValues> &rows)
{
    if (rows.isEmpty() || m_isApplying || d->unknown || !readOnlyReason().isEmpty() ||
        (d->description && !d->description->mayInsert)) {
        return -1;
    }
    const int first = rowCount();
    m_changes.beginStep(rows.size() == 1 ? tr("Add row") : tr("Add %1 rows").arg(rows.size()));
    beginInsertRows({}, first, first + int(rows.size()) - 1);
    for (const CellValues &values : rows) {
        d->newRows += m_changes.addRow(values);
    }
    d->forgetRow();
    endInsertRows();
    m_changes.endStep();
    d->changesMade(first, rowCount() - 1);
    return first;
}

void RowsModel::removeRows(const QList<int> &rows)
{
    if (m_isApplying || d->unknown || !readOnlyReason().isEmpty()) {
        return;
    }
    const bool mayDelete = !d->description || d->description->mayDelete;
    m_changes.beginStep(rows.size() == 1 ? tr("Delete row") : tr("Delete %1 rows").arg(rows.size()));
    QList<int> added;
    for (const int row : rows) {
        if (d->isNewRow(row)) {
            added += d->newRowOf(row);
        } else if (d->isLoaded(row) && mayDelete) {
            QSet<QString> shortened;
            const CellValues before = d->storedValues(row, &shortened);
            m_changes.removeRow(d->window.cache().key(row), before, shortened);
        }
    }
    for (const int newRow : std::as_const(added)) {
        m_changes.removeNewRow(newRow);
    }
    m_changes.endStep();
    d->syncNewRows();
    d->changesMade(-1, -1);
}

/// What was read of a row, whatever is staged.
CellValues RowsModel::Private::storedValues(int row, QSet<QString> *shortened) const
{
    CellValues values;
    for (int column = 0; column < columns.size(); ++column) {
        const QString &name = columns.at(column).name;
        values.insert(name, window.cache().value(row, column));
        if (shortened && window.cache().isShortened(row, column)) {
            shortened->insert(name);
        }
    }
    return values;
}

void RowsModel::restoreRows(const QList<int> &rows)
{
    if (m_isApplying || d->unknown) {
        return;
    }
    m_changes.beginStep(tr("Restore rows"));
    for (const int row : rows) {
        if (d->isLoaded(row)) {
            m_changes.restoreRow(key(row));
        }
    }
    m_changes.endStep();
    d->changesMade(-1, -1);
}

void RowsModel::revert(const QModelIndexList &cells)
{
    if (m_isApplying || d->unknown) {
        return;
    }
    m_changes.beginStep(tr("Revert"));
    for (const QModelIndex &cell : cells) {
        const RowChange *made = d->change(cell.row());
        if (!made) {
            continue;
        }
        const QString &name = d->columns.at(cell.column()).name;
        if (made->kind == RowChange::Kind::Insert) {
            m_changes.setDefault(made->newRow, name);
        } else if (made->kind == RowChange::Kind::Delete) {
            m_changes.restoreRow(key(cell.row()));
        } else {
            m_changes.revertCell(key(cell.row()), name);
        }
        d->forgetRow();
    }
    m_changes.endStep();
    d->changesMade(-1, -1);
}

void RowsModel::undo()
{
    if (!m_isApplying && !d->unknown) {
        m_changes.undo();
        d->syncNewRows();
        d->changesMade(-1, -1);
    }
}

void RowsModel::redo()
{
    if (!m_isApplying && !d->unknown) {
        m_changes.redo();
        d->syncNewRows();
        d->changesMade(-1, -1);
    }
}

void RowsModel::beginStep(const QString &title)
{
    m_changes.beginStep(title);
    ++d->steps;
}

void RowsModel::endStep()
{
    m_changes.endStep();
    if (d->steps > 0 && --d->steps == 0) {
        const std::pair<int, int> rows = std::exchange(d->stepRows, {-1, -1});
        d->changesMade(rows.first, rows.second);
    }
}

void RowsModel::discardChanges()
{
    if (m_isApplying) {
        return;
    }
    m_changes.clear();
    d->refusal.reset();
    d->unknown.reset();
    d->syncNewRows();
    d->changesMade(-1, -1);
}

/// Edits of these rows were made; -1: of any. Within a step it is told once, at its end.
void RowsModel::Private::changesMade(int first, int last)
{
    forgetRow();
    if (steps > 0) {
        const bool isFirst = stepRows == std::pair(-1, -1) && !isStepWide;
        isStepWide = isStepWide || first < 0;
        stepRows = isStepWide ? std::pair(-1, -1)
                   : isFirst  ? std::pair(first, last)
                              : std::pair(std::min(stepRows.first, first), std::max(stepRows.second, last));
        return;
    }
    isStepWide = false;
    if (refusal) {
        const RowChange &refused = refusal->change;
        const RowChange *now = refused.kind == RowChange::Kind::Insert ? q->m_changes.findNew(refused.newRow)
                                                                       : q->m_changes.find(refused.key);
        if (!now || now->kind != refused.kind || now->values != refused.values) {
            refusal.reset();
        }
    }
    const RowCache &cache = window.cache();
    if (!columns.isEmpty() && first >= 0) {
        changed(first, last);
    } else if (!columns.isEmpty()) {
        if (!cache.isEmpty() && cache.begin() < window.total()) {
            changed(cache.begin(), std::min(cache.end(), window.total()) - 1);
        }
        if (!newRows.isEmpty()) {
            changed(window.total(), q->rowCount() - 1);
        }
    }
    emit q->changesChanged();
}

/// Brings the rows behind the last one in line with the change set.
void RowsModel::Private::syncNewRows()
{
    const QList<int> now = q->m_changes.newRows();
    const auto isIn = [](const QList<int> &rows, int row) { // their numbers grow
        return std::binary_search(rows.cbegin(), rows.cend(), row);
    };
    forgetRow();
    for (qsizetype last = newRows.size() - 1; last >= 0; --last) {
        if (isIn(now, newRows.at(last))) {
            continue;
        }
        qsizetype first = last;
        while (first > 0 && !isIn(now, newRows.at(first - 1))) {
            --first;
        }
        q->beginRemoveRows({}, window.total() + int(first), window.total() + int(last));
        newRows.remove(first, last - first + 1);
        q->endRemoveRows();
        last = first;
    }
    for (qsizetype at = 0; at < now.size(); ++at) {
        qsizetype last = at;
        while (last < now.size() && !isIn(newRows, now.at(last))) {
            ++last;
        }
        if (last > at) {
            q->beginInsertRows({}, window.total() + int(at), window.total() + int(last) - 1);
            for (qsizetype i = at; i < last; ++i) {
                newRows.insert(i, now.at(i));
            }
            q->endInsertRows();
            at = last - 1;
        }
    }
    forgetRow();
}

} // namespace Roost
