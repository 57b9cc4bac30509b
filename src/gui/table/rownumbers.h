#pragma once

#include <QWidget>

namespace Roost {

class GridView;

/// The gutter at a grid's left: the rows' numbers, and where whole rows are chosen. Paints what is in sight; keeps
/// nothing per row.
class RowNumbers : public QWidget
{
    Q_OBJECT

public:
    explicit RowNumbers(GridView *view);

    /// For the greatest number that there is.
    int neededWidth() const;
    /// As it is painted: "1,204", "~ 5,000,000", "+" for a new row, "−" for one that goes.
    QString text(int row) const;

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;

private:
    void paintRow(QPainter &painter, int row, const QRect &rect) const;
    GridView *m_view;
};

} // namespace Roost
