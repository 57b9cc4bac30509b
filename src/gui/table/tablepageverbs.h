#pragma once

#include <QAction>
#include <QList>
#include <QMap>
#include <QObject>

class QMenu;

namespace Roost {

/// What can be done with a table's rows.
enum class TableVerb {
    // Edit
    Undo,
    Redo,
    Copy,
    CopyWithHeaders,
    CopyTsv,
    CopyCsv,
    CopyJson,
    CopyMarkdown,
    CopyInsert,
    Paste,
    PasteRows,
    Find,
    FindNext,
    FindPrevious,
    // Data
    InsertRow,
    DuplicateRows,
    DeleteRows,
    RestoreRows,
    EditCell,
    SetNull,
    SetDefault,
    FillDown,
    RevertCells,
    RevertRows,
    FollowLink,
    GoTo,
    GoToEnd,
    Where,
    FilterRow,
    FilterByValue,
    ExcludeValue,
    ClearFilter,
    SortAscending,
    SortDescending,
    ClearSort,
    CountExactly,
    Inspector,
    Export,
    Import,
    ShowSql,
    Discard,
    Apply
};

/// The actions of the verbs above, one set for the window: its menus and the rows' context menus show them, and they
/// work on the page in front. Keys that mean something else while a text is edited work only while the grid has the
/// focus.
class TableActions : public QObject
{
    Q_OBJECT

public:
    explicit TableActions(QWidget *window);

    QAction *of(TableVerb verb) const { return m_actions.value(verb); }
    QList<QAction *> all() const { return m_order; }
    QMenu *copyAsMenu() const { return m_copyAs; }
    void fillEditMenu(QMenu *menu) const;
    void fillDataMenu(QMenu *menu) const;
    /// Makes the keys work in a page and its grid.
    void attach(QWidget *page, QWidget *grid) const;

signals:
    void triggered(Roost::TableVerb verb);

private:
    enum class Scope { Grid, Page, Window, None };
    void make(TableVerb verb, const char *name, const QString &text, const QString &hint,
              const QList<QKeySequence> &keys = {}, const char *icon = nullptr, Scope scope = Scope::Grid);
    void makeEdit();
    void makeRows();
    void makeLooking();
    void makeRest();

    QMap<TableVerb, QAction *> m_actions;
    QMap<TableVerb, Scope> m_scopes;
    QList<QAction *> m_order;
    QMenu *m_copyAs;
};

} // namespace Roost
