#pragma once

#include "postgres/catalog.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>
#include <QTableView>

namespace Roost {

/// Which field of a file goes to which column of a table. A row a field; the second column is edited: its EditRole is
/// the column's name, empty when the field is left out. A column that is given to a field is taken from the one that
/// had it.
class ImportMappingModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Field, Target };

    using QAbstractTableModel::QAbstractTableModel;

    /// Generated columns and those that are always identity are not offered.
    void setTable(const TableDescription &table);
    /// The mapping stays when these are the fields that are there already, and is suggested anew otherwise.
    void setFields(const QStringList &fields);
    const QStringList &fields() const { return m_fields; }
    const QStringList &mapping() const { return m_mapping; }
    const QList<ColumnInfo> &columns() const { return m_columns; } ///< those that are offered
    /// Those that must be filled, and are not.
    QStringList missingColumns() const;
    QStringList fieldsLeftOut() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

signals:
    void mappingChanged();

private:
    QStringList suggested() const;

    TableDescription m_table;
    QList<ColumnInfo> m_columns;
    QStringList m_fields;
    QStringList m_mapping;
};

/// The list of fields with their columns, each chosen from a list: by a click, by Enter or Space, or by typing a name.
class ImportMappingView : public QTableView
{
    Q_OBJECT

public:
    explicit ImportMappingView(QWidget *parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent *event) override;
};

} // namespace Roost
