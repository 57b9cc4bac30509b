#pragma once

#include "gui/dialogs/dialog.h"
#include "postgres/catalog.h"
#include "postgres/cellvalue.h"

#include <QModelIndex>
#include <QPersistentModelIndex>
#include <QPointer>
#include <QTimer>

#include <memory>

namespace Roost {

class LinkRowsModel;
class RowsModel;
struct Services;
namespace Ui {
class LinkChooser;
}

/// Chooses the row that a cell refers to, from a list that the server searches while the user types. It stages all
/// columns of the foreign key in one step.
class LinkChooser : public Dialog
{
    Q_OBJECT

public:
    /// Lets open() work for cells of this model. InspectorPanel::setModel() does it.
    static void provide(RowsModel *model, Services &services);
    /// Whether the cell is part of a foreign key that can be changed.
    [[nodiscard]] static bool isPossible(const RowsModel &model, const QModelIndex &cell);
    /// Opens the list; `search`: what to look for at first. Null where it is not possible.
    static LinkChooser *open(QWidget *parent, RowsModel *model, const QModelIndex &cell, const QString &search = {});

    ~LinkChooser() override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    LinkChooser(Services &services, RowsModel *model, const QModelIndex &cell, const ForeignKey &key, QWidget *parent);
    void search();
    void updateState();
    void choose(const QModelIndex &row);
    void chooseNull();
    bool allowsNull() const;
    void stage(const CellValues &values);

    std::unique_ptr<Ui::LinkChooser> m_ui;
    QPointer<RowsModel> m_rows; ///< gone when its table is closed
    QPersistentModelIndex m_cell;
    RowKey m_key; ///< of the cell's row, to know it again
    ForeignKey m_link;
    LinkRowsModel *m_found;
    QTimer m_pause; ///< between a key and its search
};

} // namespace Roost
