#pragma once

#include "postgres/tablequery.h"

#include <QHeaderView>

namespace Roost {

/// The header of a table's rows: the column's name, marked when it is part of the key, its type below, and how the rows
/// are sorted by it. A click says what sorting it asks for; what is shown is what setSort() was told.
class RowsHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit RowsHeader(QWidget *parent = nullptr);

    /// What a column's header needs.
    int widthFor(int section) const;
    void setSort(const QList<SortColumn> &sort);
    const QList<SortColumn> &sort() const { return m_sort; }
    /// The list after a click: ascending, descending, none; alone, or (`isAdded`) with the others kept.
    QList<SortColumn> sortAfterClick(int section, bool isAdded) const;
    QString columnName(int section) const;
    QSize sizeHint() const override;

signals:
    void sortRequested(const QList<Roost::SortColumn> &sort);
    void menuRequested(int section, const QPoint &globalPos);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    bool viewportEvent(QEvent *event) override;

private:
    QFont typeFont() const;
    QString keySign(int section) const;
    qsizetype sortPlace(int section) const; ///< -1: not sorted by it
    int sortWidth(int section) const;
    void paintSort(QPainter *painter, const QRect &rect, int section) const;
    void paintKey(QPainter *painter, const QRect &rect, const QString &sign) const;
    bool showHint(QHelpEvent *event);

    QList<SortColumn> m_sort;
    Qt::KeyboardModifiers m_modifiers;
    int m_pressed = -1;
};

} // namespace Roost
