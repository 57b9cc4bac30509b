#pragma once

#include "gui/table/inspector/jsontext.h"

#include <QAbstractItemModel>

namespace Roost {

/// A JSON text as a tree: key, value as written, type.
class JsonTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { KeyColumn, ValueColumn, TypeColumn, ColumnCount };

    using QAbstractItemModel::QAbstractItemModel;

    void setTree(JsonTree tree);
    const JsonTree &tree() const { return m_tree; }
    /// As SQL, from the column on.
    QString path(const QModelIndex &index, const QString &column) const;
    /// The whole value, as written.
    QString value(const QModelIndex &index) const;
    /// Where the value begins in the text.
    qsizetype offset(const QModelIndex &index) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    static int nodeOf(const QModelIndex &index) { return int(index.internalId()); }
    QString valueText(int node) const;
    QString typeText(int node) const;

    JsonTree m_tree;
};

} // namespace Roost
