#pragma once

#include <QTableView>

namespace Roost {

class RowsHeader;

/// The grid of a table's rows: fixed row height, numbers at the right, NULL unlike an empty text.
class RowsView : public QTableView
{
    Q_OBJECT

public:
    explicit RowsView(QWidget *parent = nullptr);

    /// Makes columns as wide as what the first screen holds, within reason.
    void fitColumns();
    /// The chosen cells as lines of tab-separated values; NULL becomes nothing.
    void copySelection(bool withHeaders);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void updateRowHeight();
    RowsHeader *m_header;
};

} // namespace Roost
