#pragma once

#include <QTableView>

class QStandardItemModel;

namespace Roost {

/// A calm table in a page: no grid, hairlines between rows, as high as its rows. For little content; give it a model of
/// your own with setModel(), or rows with addRow().
class PlainTable : public QTableView
{
    Q_OBJECT

public:
    explicit PlainTable(QWidget *parent = nullptr);
    explicit PlainTable(const QStringList &headers, QWidget *parent = nullptr);

    void addRow(const QStringList &cells);
    /// Columns as wide as their content, the last takes what is left; height for all rows.
    void fit();
    void fitHeight(); ///< after columns were made narrower

protected:
    void changeEvent(QEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void updateHeight();
    QStandardItemModel *m_own = nullptr;
};

} // namespace Roost
