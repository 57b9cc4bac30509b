#pragma once

#include <QString>
#include <QTimer>

#include <map>

namespace Roost {

class GridView;
class RowsModel;

/// Adds decimal numbers as they are written, to the last digit.
class ExactSum
{
public:
    /// False when the text is no plain decimal number (NaN, Infinity, with an exponent): nothing is added then.
    bool add(QStringView number);
    QString text() const; ///< with as many decimals as the longest number had

private:
    std::map<int, qint64> m_blocks; ///< nine digits each; block 0 begins at the decimal point
    int m_decimals = 0;
};

/// What is said of the chosen cells: how many, and of numbers their sum. Counted a moment after the last change.
class SelectionFacts : public QObject
{
    Q_OBJECT

public:
    SelectionFacts(GridView *grid, RowsModel *rows);
    const QString &text() const { return m_text; } ///< "6 cells, sum 123.45"; empty for a single cell

signals:
    void changed();

private:
    void count();
    QString sum() const;

    GridView *m_grid;
    RowsModel *m_rows;
    QTimer m_pause;
    QString m_text;
};

} // namespace Roost
