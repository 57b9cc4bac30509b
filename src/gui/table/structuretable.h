#pragma once

#include "gui/widgets/plaintable.h"
#include "postgres/identifier.h"

#include <QHash>

namespace Roost {

/// Rows of one kind in the structure: columns without content are left out, rows are copied as tab-separated text, and
/// a row can lead to a table.
class StructureTable : public PlainTable
{
    Q_OBJECT

public:
    struct Row
    {
        QStringList cells;
        TableId table; ///< where it leads; no name: nowhere
        QStringList toolTips;
    };

    /// `linkColumn`: the column that looks like a link, if any row leads somewhere. The first column always stays.
    StructureTable(const QString &objectName, const QString &title, const QStringList &headers, const QList<Row> &rows,
                   int linkColumn = -1, QWidget *parent = nullptr);

    /// What is selected, or all of it: a line a row, headers first.
    QString selectedText() const;
    void copySelected();

signals:
    void tableRequested(const Roost::TableId &table);

protected:
    bool event(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    bool leads(const QModelIndex &index) const;
    void follow(const QModelIndex &index);
    void colour();

    QHash<int, TableId> m_tables; ///< by row
    int m_linkColumn = -1;        ///< among the columns that are shown
};

} // namespace Roost
