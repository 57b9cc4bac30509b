#pragma once

#include "models/rowsmodel.h"

#include <QAbstractTableModel>
#include <QHash>

namespace Roost::Testing {

/// A table of any size of which nothing is held: values are made when asked for, edits kept. Counts what it is asked.
class HugeModel : public QAbstractTableModel
{
public:
    explicit HugeModel(int rows = 10'000'000, int columns = 20)
        : m_rows(rows)
        , m_columns(columns)
    {
    }

    mutable int calls = 0; ///< of data()
    int loadedFrom = 0;    ///< rows in memory
    int loadedTo = 1'000'000'000;
    bool refuses = false; ///< setData() says no
    int shift = 0;        ///< rows that were put in above
    QHash<QPair<int, int>, QVariant> edits;
    QHash<int, RowsModel::CellState> rowStates;
    QHash<QPair<int, int>, QString> refusals;

    int rowCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_rows; }
    int columnCount(const QModelIndex &parent = {}) const override { return parent.isValid() ? 0 : m_columns; }
    Qt::ItemFlags flags(const QModelIndex &index) const override
    {
        const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
        return index.column() == 0 ? flags : flags | Qt::ItemIsEditable;
    }
    QVariant data(const QModelIndex &index, int role) const override
    {
        ++calls;
        const int row = index.row();
        const int column = index.column();
        const bool isLoaded = row >= loadedFrom && row <= loadedTo;
        const QVariant edit = edits.value({row, column});
        switch (role) {
        case RowsModel::LoadedRole:
            return isLoaded;
        case RowsModel::NullRole:
            return isLoaded && !edit.isValid() && column == 3 && row % 3 == 1;
        case Qt::DisplayRole:
        case Qt::EditRole:
        case RowsModel::FullTextRole:
            return !isLoaded ? QVariant() : edit.isValid() ? edit : text(row - shift, column);
        case RowsModel::CellStateRole:
            if (const auto state = rowStates.constFind(row); state != rowStates.constEnd()) {
                return int(*state);
            }
            return int(edit.isValid() ? RowsModel::CellState::Changed : RowsModel::CellState::Plain);
        case RowsModel::BeforeRole:
            return text(row - shift, column).toString();
        case RowsModel::RefusalRole:
            return refusals.value({row, column});
        case RowsModel::DefaultRole:
            return rowStates.value(row) == RowsModel::CellState::NewRow && column == 4;
        default:
            return {};
        }
    }
    bool setData(const QModelIndex &index, const QVariant &value, int role) override
    {
        if (refuses || role != Qt::EditRole) {
            return false;
        }
        edits.insert({index.row(), index.column()}, value);
        emit dataChanged(index, index);
        return true;
    }
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override
    {
        if (orientation == Qt::Vertical) {
            return {};
        }
        static const QStringList names{QStringLiteral("id"), QStringLiteral("name"), QStringLiteral("species"),
                                       QStringLiteral("seen_at"), QStringLiteral("is_rare")};
        static const QStringList types{QStringLiteral("int8"), QStringLiteral("text"), QStringLiteral("varchar"),
                                       QStringLiteral("timestamptz"), QStringLiteral("bool")};
        static const QString categories = QStringLiteral("NSSDB");
        RowColumn column;
        column.name = names.value(section, QStringLiteral("column_%1").arg(section));
        column.shortType = column.type = types.value(section, QStringLiteral("int4"));
        column.category = section < categories.size() ? categories[section].toLatin1() : 'N';
        column.isNumeric = column.category == 'N';
        switch (role) {
        case Qt::DisplayRole:
            return column.name;
        case RowsModel::TypeRole:
            return column.shortType;
        case RowsModel::KeyRole:
            return section == 0;
        case RowsModel::NumericRole:
            return column.isNumeric;
        case RowsModel::ColumnRole:
            return QVariant::fromValue(column);
        default:
            return {};
        }
    }

    /// As RowsModel does when rows turn out to stand further down, or up.
    void shiftRows(int by)
    {
        if (by > 0) {
            beginInsertRows({}, 0, by - 1);
            m_rows += by;
            shift += by;
            endInsertRows();
        } else {
            beginRemoveRows({}, 0, -by - 1);
            m_rows += by;
            shift += by;
            endRemoveRows();
        }
    }
    void reset(int rows)
    {
        beginResetModel();
        m_rows = rows;
        endResetModel();
    }
    void tellChanged(int from, int to) { emit dataChanged(index(from, 0), index(to, m_columns - 1)); }

    static QVariant text(int row, int column)
    {
        switch (column) {
        case 0:
            return QString::number(row + 1);
        case 1:
            return QStringLiteral("bird %1").arg(row + 1);
        case 2:
            return row % 5 == 0 ? QStringLiteral("Poecile atricapillus") : QStringLiteral("Quiscalus quiscula");
        case 3:
            return row % 3 == 1 ? QStringLiteral("NULL") : QStringLiteral("2026-11-20 07:31:04.120381+00");
        case 4:
            return row % 2 ? QStringLiteral("t") : QStringLiteral("f");
        default:
            return QString::number((row * 31 + column) % 100000);
        }
    }

private:
    int m_rows;
    int m_columns;
};

} // namespace Roost::Testing
