#pragma once

#include "gui/table/links/tablelinks.h"

#include <QWidget>

class QPushButton;
class QVBoxLayout;

namespace Roost {

/// Where a cell leads: the row that it refers to, the button to choose another one, the rows that refer to its row.
class InspectorLinks : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorLinks(QWidget *parent = nullptr);

    void setLinks(const QList<TableLink> &forward, const QList<TableLink> &backward, bool canChoose);

signals:
    void activated(const Roost::TableLink &link);
    void chooseRequested();

private:
    void showBackward();

    QList<TableLink> m_forward;
    QList<TableLink> m_backward;
    QWidget *m_forwardRow;
    QVBoxLayout *m_forwardLinks;
    QPushButton *m_choose;
    QPushButton *m_referring;
};

} // namespace Roost
