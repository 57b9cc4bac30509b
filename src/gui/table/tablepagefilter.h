#pragma once

#include "gui/table/links/tablelinks.h"
#include "gui/table/tablepageparts.h"

#include <QObject>

class QHBoxLayout;
class QLabel;
class QModelIndex;
class QWidget;

namespace Roost {

class WhereBox;

/// Which rows a page shows: the link it was opened by, the filter row and the WHERE box together. What the rows go back
/// to when a filter is given up is shown again.
class TableFilter : public QObject
{
    Q_OBJECT

public:
    /// `problem`: the line below the WHERE box; `chips`: where the link's condition stands.
    TableFilter(const TableParts &parts, WhereBox *where, QLabel *problem, QWidget *chips);

    /// Shows only what a link leads to; other filters are taken away.
    void showLink(const TableLink &link);
    void filterBy(const QModelIndex &cell, bool isExcluded);
    void clear();
    bool isActive() const;
    void showFilterRow(bool isShown);
    /// Reading failed: true when it was the WHERE box's fault, which then says so.
    bool blames(const Error &error);

signals:
    void changed(); ///< filters, or whether the filter row is shown

private:
    RowFilter composed() const;
    void apply();
    void follow();
    void updateChips();

    TableParts m_parts;
    WhereBox *m_where;
    QLabel *m_problem;
    QWidget *m_chips;
    QHBoxLayout *m_chipRow;
    TableLink m_link;
    bool m_isApplying = false;
};

} // namespace Roost
