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
    QSize wantedSize(const QSize &cell, const QSize &room) override;

private:
    void showNull(bool isNull);

    ExactTextEdit *m_text;
    bool m_isNull = false;
};

} // namespace Roost
