#pragma once

#include <QHeaderView>

namespace Roost {

/// The header of a table's rows: the column's name, marked when it is part of the key, and its type below.
class RowsHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit RowsHeader(QWidget *parent = nullptr);

    /// What a column's header needs.
    int widthFor(int section) const;

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;
    QSize sizeHint() const override;

private:
    QFont typeFont() const;
    QString keySign(int section) const;
};

} // namespace Roost
