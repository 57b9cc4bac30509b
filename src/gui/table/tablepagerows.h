#pragma once

#include "gui/table/links/tablelinks.h"
#include "gui/table/tablepageparts.h"
#include "gui/table/tablepageverbs.h"

#include <QModelIndex>
#include <QWidget>

#include <functional>

class QBoxLayout;
class QLabel;
class QPushButton;
class QSplitter;

namespace Roost {

class EmptyState;
class FindBar;
class InspectorPanel;
class LoadingPill;
class PacedWork;
class SelectionFacts;
class SortWarning;
class StagedBar;
class TableApply;
class TableEdits;
class TableFilter;
class TableFind;
class WhereBox;

/// The rows of a table with all that belongs to them: find bar, inspector, what is staged, how many there are. Carries
/// out the verbs that work on rows.
class RowsPane : public QWidget
{
    Q_OBJECT

public:
    /// What stands above the pane, in the page.
    struct Above
    {
        WhereBox *where;
        QLabel *problem;
        QWidget *chips;
        Notice *sortNotice;
    };

    /// `parts.grid` is made by makeGrid() and becomes the pane's.
    RowsPane(const TableParts &parts, const Above &above, QWidget *parent = nullptr);
    ~RowsPane() override;
    [[nodiscard]] static GridView *makeGrid(RowsModel *rows);

    GridView *grid() const { return m_parts.grid; }
    QString statusText() const;
    void setActions(const TableActions *actions);
    bool can(TableVerb verb) const;
    bool isOn(TableVerb verb) const;
    void run(TableVerb verb);
    void refresh();
    void showLink(const TableLink &link);
    void mayLeave(std::function<void(bool)> done);
    /// Something is typed into an editor and not staged.
    bool hasOpenEdit() const;

signals:
    void openRequested(const Roost::TableLink &link);
    void verbsChanged();
    void statusChanged();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildGrid(QBoxLayout *column);
    void buildFoot(QBoxLayout *column);
    void connectRows();
    void connectGrid();
    void connectWork();
    void rowsChanged();
    void changesChanged();
    void updateEmpty();
    void updateFoot();
    void updateWait();
    void stopWaiting();
    void updateLinks();
    void say(const QString &outcome);
    void rowsAdded(int first);
    void showInspector(bool isShown, bool isFocused = false);
    bool runEdit(TableVerb verb);
    bool runLook(TableVerb verb);
    bool canEdit(TableVerb verb) const;
    void copy(TableVerb verb);
    void sortByCurrent(bool isDescending);
    void follow(const QModelIndex &cell);
    void showCellMenu(const QModelIndex &cell, const QPoint &at);
    void showHeaderMenu(int column, const QPoint &at);
    void addLinks(QMenu *menu, const QModelIndex &cell);
    QString countsText() const;

    TableParts m_parts;
    const TableActions *m_actions = nullptr;
    PacedWork *m_work;
    TableEdits *m_edits;
    TableApply *m_apply;
    TableFind *m_find = nullptr;
    TableFilter *m_filter;
    SortWarning *m_sort;
    SelectionFacts *m_facts;
    FindBar *m_findBar;
    InspectorPanel *m_inspector;
    QSplitter *m_splitter;
    LoadingPill *m_pill;
    EmptyState *m_empty;
    QPushButton *m_emptyButton;
    StagedBar *m_staged;
    QWidget *m_foot;
    QLabel *m_note;
    QPushButton *m_why;
    QLabel *m_count;
    QPushButton *m_countExactly;
    QList<bool> m_linked; ///< by column: it refers to another table
    bool m_columnsFitted = false;
};

} // namespace Roost
