#include "gui/table/celldelegate.h"

#include "gui/table/editors/celleditor.h"
#include "gui/table/editors/celleditors.h"

#include <QKeyEvent>
#include <QLineEdit>

namespace Roost {

QModelIndex CellDelegate::cellOf(QWidget *editor) const
{
    return m_editors.value(editor).index;
}

QWidget *CellDelegate::createEditor(QWidget *parent, const QStyleOptionViewItem &, const QModelIndex &index) const
{
    // Models are not const for their editors: what is typed is staged in them.
    auto *rows = const_cast<RowsModel *>(qobject_cast<const RowsModel *>(index.model()));
    QWidget *editor = nullptr;
    if (rows) {
        editor = CellEditors::create(parent, rows, index);
    } else {
        auto *line = new QLineEdit(parent); // of any other table model
        line->setObjectName(QStringLiteral("cellEditor"));
        line->setFrame(false);
        editor = line;
    }
    if (editor) {
        m_editors.insert(editor, Editor{index});
    }
    return editor;
}

void CellDelegate::destroyEditor(QWidget *editor, const QModelIndex &index) const
{
    m_editors.remove(editor);
    QStyledItemDelegate::destroyEditor(editor, index);
}

void CellDelegate::setEditorData(QWidget *editor, const QModelIndex &index) const
{
    Editor &open = m_editors[editor];
    if (open.isLoaded) {
        return;
    }
    open.isLoaded = true;
    if (auto *line = qobject_cast<QLineEdit *>(editor)) {
        line->setText(index.data(Qt::EditRole).toString());
    } else {
        CellEditors::load(editor, index);
    }
}

void CellDelegate::setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &) const
{
    const QModelIndex index = cellOf(editor);
    // Untouched: NULL must not become an empty text by being looked at.
    const auto *cell = qobject_cast<CellEditor *>(editor);
    const auto *line = qobject_cast<QLineEdit *>(editor);
    const bool isChanged = cell ? cell->isChanged() : line && line->isModified();
    bool isStored = true;
    if (isChanged) {
        isStored = index.isValid() && (cell ? CellEditors::store(editor, model, index)
                                            : model->setData(index, line->text(), Qt::EditRole));
    }
    m_editors[editor].isRefused = !isStored;
}

void CellDelegate::updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option, const QModelIndex &) const
{
    editor->setGeometry(option.rect);
}

bool CellDelegate::eventFilter(QObject *object, QEvent *event)
{
    auto *editor = qobject_cast<QWidget *>(object);
    if (editor && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && key->modifiers().testFlag(Qt::ShiftModifier)) {
            const QModelIndex cell = cellOf(editor);
            emit commitData(editor);
            if (!wasRefused(editor)) {
                emit closeEditor(editor, NoHint);
                emit largeEditWanted(cell);
            }
            return true;
        }
        if (isEnter && key->modifiers().testFlag(Qt::ControlModifier)) {
            emit commitData(editor);
            emit closeEditor(editor, SubmitModelCache);
            return true;
        }
    }
    return QStyledItemDelegate::eventFilter(object, event);
}

} // namespace Roost
