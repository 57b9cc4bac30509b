#pragma once

#include "gui/table/links/tablelinks.h"

#include <QPersistentModelIndex>
#include <QWidget>

#include <memory>

namespace Roost {

class RowsModel;
struct Services;

/// The panel at the right of a table: all about the current cell, and its value in the form that suits its type, to
/// look at and to edit. What is edited is staged with the button, with Ctrl+Enter, and when another cell becomes the
/// current one.
class InspectorPanel : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorPanel(Services &services, QWidget *parent = nullptr);
    ~InspectorPanel() override;

    /// The rows to look at; from then on editors of their cells can open the list of rows to refer to.
    void setModel(RowsModel *model);
    /// The cell to look at; an invalid index shows an empty panel.
    void setCurrent(const QModelIndex &cell);
    QModelIndex current() const;
    /// True while there is something that is edited and not staged.
    bool hasDraft() const;

public slots:
    /// Stages what is edited. False when it cannot be staged as it is; the panel then says why.
    bool stage();

signals:
    /// The rows that a cell refers to, or that refer to its row.
    void linkActivated(const Roost::TableLink &link);
    void closed();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace Roost
