#pragma once

#include "operations/rowcompare.h"

#include <QAbstractListModel>

#include <memory>

namespace Roost {

/// In what two databases differ, as a list with headings: tables first, then what else is data, then structure, then
/// what is only to be known. Lives in the GUI thread.
class DifferencesModel : public QAbstractListModel
{
    Q_OBJECT

public:
    enum Role {
        IsHeadingRole = Qt::UserRole + 1,
        SecondaryRole, ///< what stands at the right: "+3 ~1", "is missing"
        IsNoteRole
    };

    explicit DifferencesModel(QObject *parent = nullptr);

    void show(std::shared_ptr<const ContentComparison> comparison);
    /// Null for a heading.
    const ManifestDifference *differenceAt(int row) const;
    /// The table of this line; null when it is none.
    std::shared_ptr<const ComparedTable> tableAt(int row) const;
    int firstRow() const; ///< the first that is no heading; -1: there is none

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    struct Entry
    {
        QString title;
        QString secondary;
        QString toolTip;
        int difference = -1; ///< -1: a heading
        int table = -1;      ///< of the tables
        bool isNote = false;
    };
    std::shared_ptr<const ContentComparison> m_comparison;
    QList<Entry> m_entries;
};

} // namespace Roost
