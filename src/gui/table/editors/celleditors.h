#pragma once

#include <QModelIndex>

class QAbstractItemModel;
class QWidget;

namespace Roost {

class RowsModel;
struct Services;

/// The editors of the grid's cells, by type: what a delegate's createEditor(), setEditorData() and setModelData() call.
/// An editor that grows below its cell does so by itself when it is put at the cell's place.
namespace CellEditors {

/// Null where the cell cannot be edited (RowsModel::readOnlyReason()), or its value is too long to be edited in a cell.
[[nodiscard]] QWidget *create(QWidget *parent, RowsModel *model, const QModelIndex &index);
void load(QWidget *editor, const QModelIndex &index);
/// Stages what the user changed. False when nothing was changed, or it cannot be staged as it is.
bool store(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index);

} // namespace CellEditors

} // namespace Roost
