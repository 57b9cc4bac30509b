#pragma once

#include "gui/table/editors/celleditor.h"

class QComboBox;

namespace Roost {

/// One of a few values: true and false, the labels of an enum; NULL among them where it is allowed.
class ChoiceCellEditor : public CellEditor
{
    Q_OBJECT

public:
    struct Choice
    {
        QString text; ///< as it is shown
        CellValue value;
    };
    ChoiceCellEditor(RowsModel *model, const QModelIndex &index, const QList<Choice> &choices, QWidget *parent);

    CellValue value() const override;

protected:
    void showValue(const CellValue &value) override;
    void setNull() override;

private:
    void add(const Choice &choice);
    int find(const CellValue &value) const;

    QComboBox *m_box;
    QList<Choice> m_choices; ///< as in m_box
    bool m_isShowing = false;
};

} // namespace Roost
