#pragma once

#include "gui/table/editors/celleditor.h"

namespace Roost {

class ExactTextEdit;

/// Text that may have lines: it stands in its cell and grows downwards with what is in it. Enter ends editing as long
/// as the value has one line, Ctrl+Enter always; Alt+Enter begins a line.
class TextCellEditor : public CellEditor
{
    Q_OBJECT

public:
    TextCellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent);

    CellValue value() const override;

protected:
    void showValue(const CellValue &value) override;
    void setNull() override;
    bool takeEnter(const QKeyEvent *event) override;
    void moveEvent(QMoveEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showNull(bool isNull);
    void followCell();
    void grow();

    ExactTextEdit *m_text;
    bool m_isNull = false;
    QRect m_cell;  ///< where the view put it
    QRect m_grown; ///< what became of it
};

} // namespace Roost
