#pragma once

#include "operations/rowcompare.h"

#include <QAbstractTableModel>

#include <memory>
#include <optional>

namespace Roost {

/// The rows in which two tables differ, side by side: a line for each value, with the value of the first and that of
/// the second. The first line of a row says how it differs, and its key. Lives in the GUI thread.
class RowDifferencesModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role {
        KindRole = Qt::UserRole + 1, ///< int of RowDifference::Kind
        IsChangedRole,               ///< the value differs, or the row is on one side only
        IsNullRole,
        IsFirstLineRole, ///< of a row
        WholeTextRole    ///< what is copied; null for NULL
    };

    explicit RowDifferencesModel(QObject *parent = nullptr);

    /// `table` lives as long as it is shown; null: nothing.
    void show(std::shared_ptr<const ComparedTable> table);
    /// Names of the two sides, for the heads of their columns.
    void setSides(const QString &first, const QString &second);
    void setFilter(std::optional<RowDifference::Kind> kind);
    /// Of changed rows also the values that are equal.
    void setShowsEqual(bool shows);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    /// The columns, from the left: how it differs, the key's, the name, and these two.
    int firstValueColumn() const { return columnCount() - 2; }

private:
    struct Line
    {
        int row = 0;     ///< of the table's rows
        int column = -1; ///< -1: the row is nothing but its key
        bool isFirst = false;
    };
    void rebuild();
    int keyColumns() const { return m_table ? int(m_table->keyColumns) : 0; }
    CellValue valueAt(const Line &line, bool ofFirst) const;
    QString textAt(const Line &line, int column) const;

    std::shared_ptr<const ComparedTable> m_table;
    QStringList m_sides{QString(), QString()};
    std::optional<RowDifference::Kind> m_filter;
    bool m_showsEqual = false;
    QList<Line> m_lines;
};

} // namespace Roost
