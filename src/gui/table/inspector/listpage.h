#pragma once

#include "gui/table/inspector/arraytext.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace Roost {

/// An array's elements, one below the other.
class ListPage : public QWidget
{
    Q_OBJECT

public:
    explicit ListPage(QWidget *parent = nullptr);
    void setValue(const CellValue &value, QChar delimiter);

private:
    class Elements;
    Elements *m_model;
    QTableView *m_table;
    QLabel *m_state;
};

} // namespace Roost
