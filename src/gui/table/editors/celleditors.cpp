#include "gui/table/editors/celleditors.h"

#include "gui/table/editors/linecelleditor.h"
#include "gui/table/editors/valuekind.h"
#include "models/rowsmodel.h"

namespace Roost::CellEditors {

QWidget *create(QWidget *parent, RowsModel *model, const QModelIndex &index)
{
    if (!model || !index.isValid() || !model->readOnlyReason().isEmpty() ||
        !model->readOnlyReason(index.column()).isEmpty()) {
        return nullptr;
    }
    return new LineCellEditor(model, index, parent);
}

void load(QWidget *editor, const QModelIndex &index)
{
    if (auto *cell = qobject_cast<CellEditor *>(editor)) {
        cell->load(index);
    }
}

bool store(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index)
{
    const auto *cell = qobject_cast<CellEditor *>(editor);
    if (!cell || !model || !cell->isChanged() || !cell->problem().isEmpty()) {
        return false;
    }
    const CellValue value = cell->value();
    return model->setData(index, value ? QVariant(*value) : QVariant(), Qt::EditRole);
}

} // namespace Roost::CellEditors
