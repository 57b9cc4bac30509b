#pragma once

#include "gui/table/editors/celleditor.h"

class QHBoxLayout;
class QLineEdit;
class QToolButton;

namespace Roost {

/// One line of text, kept exactly as typed.
class LineCellEditor : public CellEditor
{
    Q_OBJECT

public:
    LineCellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent);

    CellValue value() const override;

protected:
    void showValue(const CellValue &value) override;
    void setNull() override;
    QSize wantedSize(const QSize &cell, const QSize &room) override;
    /// Puts a text in place of the value, as if it had been typed.
    void replaceText(const QString &text);
    QString text() const;
    /// At the right end of the line; not in the tab order, which is the grid's.
    QToolButton *addButton(const QString &objectName, const QString &icon, const QString &text);

private:
    void showNull(bool isNull);

    QLineEdit *m_line;
    QHBoxLayout *m_layout;
    bool m_isNull = false;
};

} // namespace Roost
