#include "gui/table/editors/celleditors.h"

#include "gui/table/editors/choicecelleditor.h"
#include "gui/table/editors/datecelleditor.h"
#include "gui/table/editors/textcelleditor.h"
#include "gui/table/editors/valuekind.h"
#include "gui/table/links/linkchooser.h"
#include "models/rowsmodel.h"

namespace Roost::CellEditors {

namespace {

constexpr qsizetype longestInCell = 64 * 1024; ///< characters; more is for the inspector

QStringList enumLabels(const RowsModel &model, const QString &column)
{
    if (const TableDescription *description = model.description()) {
        for (const ColumnInfo &info : description->columns) {
            if (info.name == column) {
                return info.enumLabels;
            }
        }
    }
    return {};
}

bool hasLines(const CellValue &value)
{
    return value && (value->contains(u'\n') || value->contains(u'\r'));
}

/// Of a text or anything else that may be long.
bool belongsOnOneLine(const RowsModel &model, const QModelIndex &index, const RowColumn &column)
{
    switch (valueKindOf(column)) {
    case ValueKind::Text:
        return LinkChooser::isPossible(model, index);
    case ValueKind::Json:
    case ValueKind::Array:
    case ValueKind::Bytes:
        return false;
    default:
        return !column.mayBeLong || LinkChooser::isPossible(model, index);
    }
}

} // namespace

QWidget *create(QWidget *parent, RowsModel *model, const QModelIndex &index)
{
    if (!model || !index.isValid() || !model->readOnlyReason().isEmpty() ||
        !model->readOnlyReason(index.column()).isEmpty()) {
        return nullptr;
    }
    const CellValue value = model->value(index.row(), index.column());
    if (index.data(RowsModel::ShortenedRole).toBool() || (value && value->size() > longestInCell)) {
        return nullptr;
    }
    const RowColumn &column = model->columns().at(index.column());
    const ValueKind kind = valueKindOf(column);
    if (kind == ValueKind::Boolean) {
        return new ChoiceCellEditor(
            model, index,
            {{QStringLiteral("true"), QStringLiteral("t")}, {QStringLiteral("false"), QStringLiteral("f")}}, parent);
    }
    const QStringList labels = kind == ValueKind::Enum ? enumLabels(*model, column.name) : QStringList();
    if (!labels.isEmpty()) {
        QList<ChoiceCellEditor::Choice> choices;
        for (const QString &label : labels) {
            choices += {label, label};
        }
        return new ChoiceCellEditor(model, index, choices, parent);
    }
    const bool isLine = !hasLines(value);
    if (isLine && (kind == ValueKind::Date || kind == ValueKind::Timestamp || kind == ValueKind::TimestampZone)) {
        return new DateCellEditor(model, index, parent);
    }
    if (isLine && belongsOnOneLine(*model, index, column)) {
        return new LineCellEditor(model, index, parent);
    }
    return new TextCellEditor(model, index, parent);
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
