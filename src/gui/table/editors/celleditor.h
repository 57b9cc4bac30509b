#pragma once

#include "postgres/catalog.h"
#include "postgres/cellvalue.h"

#include <QPersistentModelIndex>
#include <QPointer>
#include <QWidget>

namespace Roost {

class CellProblem;
class RowsModel;

/// The editor of one cell in the grid. It holds the value as text and knows whether the user changed it: opening and
/// closing an editor changes nothing. Keys that end editing go to the delegate, whatever part of the editor has the
/// focus. Ctrl+0 sets NULL.
class CellEditor : public QWidget
{
    Q_OBJECT

public:
    CellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent);
    ~CellEditor() override;

    /// What the cell holds. Once the user has changed it, it stays as they left it.
    void load(const QModelIndex &index);
    /// As the user left it.
    virtual CellValue value() const = 0;
    /// False until value() differs from what was loaded, or NULL was chosen where the default stood.
    bool isChanged() const;
    /// Why it cannot be staged as it is; empty: nothing is known against it.
    QString problem() const;

    const RowColumn &column() const { return m_column; }
    RowsModel *model() const;
    QModelIndex index() const { return m_index; }

protected:
    virtual void showValue(const CellValue &value) = 0;
    virtual void setNull() = 0;
    /// A part that takes the keyboard; the first one is the editor's focus.
    void addPart(QWidget *part);
    /// The user changed something: judges it.
    void edited();
    /// As Enter does.
    void commit();
    /// Enter: true when it was a part of the text.
    virtual bool takeEnter(const QKeyEvent *) { return false; }
    /// F4: what helps with the value; false where there is nothing.
    virtual bool openAid() { return false; }
    /// Whether the value is a row of another table, which can be chosen.
    bool isLink() const;
    /// Leaves the cell to the list of rows that it may refer to.
    void chooseLink();
    /// How large the editor wants to be in a cell of this size; the view's room is `room`.
    virtual QSize wantedSize(const QSize &cell, const QSize &room);
    /// Takes the size it wants, from its cell's upper left corner on.
    void grow();
    bool isNullable() const { return !m_column.notNull; }

    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void moveEvent(QMoveEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    bool partKey(QKeyEvent *event);
    void followCell();
    void judge();

    QPointer<RowsModel> m_model;
    QPersistentModelIndex m_index;
    RowColumn m_column;
    CellValue m_loaded;
    bool m_isLoaded = false;
    bool m_isTouched = false;
    bool m_wasDefault = false; ///< the cell is left to the server
    QString m_problem;
    QPointer<CellProblem> m_bubble;
    QRect m_cell;  ///< where the view put it
    QRect m_grown; ///< what became of it
};

} // namespace Roost
