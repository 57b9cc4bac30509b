#pragma once

#include "gui/table/tablepageparts.h"
#include "postgres/tablequery.h"

#include <QObject>

namespace Roost {

/// Sorts; of a large table that has no index for it, says first what that costs, by the planner's figures. The question
/// stands in the page, not in its way.
class SortWarning : public QObject
{
    Q_OBJECT

public:
    /// `notice`: where the question stands.
    SortWarning(const TableParts &parts, Notice *notice);

    void sort(const QList<SortColumn> &sort);
    /// Forgets a sort that was asked for and not begun.
    void drop();
    bool isAsking() const { return m_isAsking; }

signals:
    void askingChanged(); ///< the planner is being asked

private:
    void estimated(const QList<SortColumn> &sort, const Result<SortEstimate> &estimate);
    void setAsking(bool isAsking);

    TableParts m_parts;
    Notice *m_notice;
    int m_generation = 0;
    bool m_isAsking = false;
};

} // namespace Roost
