#pragma once

#include "operations/tableimport.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace Roost {

/// The first rows of a file as an import would read them, with the file's lines as their numbers.
class ImportPreviewModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    static constexpr int ProblemRole = Qt::UserRole; ///< true: the file cannot be read from this row on

    using QAbstractTableModel::QAbstractTableModel;

    void setPreview(const ImportPreview &preview);
    void clear() { setPreview({}); }
    /// The column of each field; what is left out is shown faintly.
    void setMapping(const QStringList &mapping);
    int problemRow() const { return m_problemRow; } ///< -1: none among the rows shown

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    ImportPreview m_preview;
    QStringList m_mapping;
    int m_problemRow = -1;
};

/// Marks the row with the problem: the style sheet takes a cell's own background away.
class ImportPreviewDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace Roost
