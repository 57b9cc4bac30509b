#include "gui/table/tablepageverbs.h"

#include "gui/theme/theme.h"

#include <QMenu>

namespace Roost {

namespace {

QKeySequence keys(QKeyCombination combination)
{
    return {combination};
}

} // namespace

TableActions::TableActions(QWidget *window)
    : QObject(window)
    , m_copyAs(new QMenu(tr("Copy &as"), window))
{
    makeEdit();
    makeRows();
    makeLooking();
    makeRest();
    m_copyAs->setObjectName(QStringLiteral("menuCopyRowsAs"));
    m_copyAs->setToolTipsVisible(true);
    for (const TableVerb verb : {TableVerb::CopyTsv, TableVerb::CopyCsv, TableVerb::CopyJson, TableVerb::CopyMarkdown,
                                 TableVerb::CopyInsert}) {
        m_copyAs->addAction(of(verb));
    }
    for (auto it = m_scopes.cbegin(); it != m_scopes.cend(); ++it) {
        if (it.value() == Scope::Window) {
            window->addAction(of(it.key()));
        }
    }
}

void TableActions::make(TableVerb verb, const char *name, const QString &text, const QString &hint,
                        const QList<QKeySequence> &shortcuts, const char *icon, Scope scope)
{
    auto *action = new QAction(text, this);
    action->setObjectName(QString::fromLatin1(name));
    action->setShortcuts(shortcuts);
    action->setShortcutContext(scope == Scope::Grid   ? Qt::WidgetShortcut
                               : scope == Scope::Page ? Qt::WidgetWithChildrenShortcut
                                                      : Qt::WindowShortcut);
    action->setToolTip(shortcuts.isEmpty()
                           ? hint
                           : QStringLiteral("%1 (%2)").arg(hint, shortcuts.first().toString(QKeySequence::NativeText)));
    if (icon) {
        action->setIcon(Theme::icon(QString::fromLatin1(icon)));
    }
    connect(action, &QAction::triggered, this, [this, verb] { emit triggered(verb); });
    m_actions.insert(verb, action);
    m_scopes.insert(verb, shortcuts.isEmpty() ? Scope::None : scope);
    m_order += action;
}

void TableActions::makeEdit()
{
    constexpr auto ctrl = Qt::ControlModifier;
    constexpr auto both = Qt::ControlModifier | Qt::ShiftModifier;
    make(TableVerb::Undo, "actionUndo", tr("&Undo"), tr("Take the last edit back"), {keys(ctrl | Qt::Key_Z)},
         "edit-undo", Scope::Page);
    make(TableVerb::Redo, "actionRedo", tr("&Redo"), tr("Make the edit again that was taken back"),
         {keys(both | Qt::Key_Z), keys(ctrl | Qt::Key_Y)}, "edit-redo", Scope::Page);
    make(TableVerb::Copy, "actionCopy", tr("&Copy"), tr("Copy the chosen cells"), {keys(ctrl | Qt::Key_C)},
         "edit-copy");
    make(TableVerb::CopyWithHeaders, "actionCopyWithHeaders", tr("Copy with &headers"),
         tr("Copy the chosen cells and their columns' names"), {keys(both | Qt::Key_C)});
    make(TableVerb::CopyTsv, "actionCopyTsv", tr("&TSV"), tr("Tab-separated, with the columns' names"));
    make(TableVerb::CopyCsv, "actionCopyCsv", tr("&CSV"), tr("Comma-separated, with the columns' names"));
    make(TableVerb::CopyJson, "actionCopyJson", tr("&JSON"), tr("An array of objects"));
    make(TableVerb::CopyMarkdown, "actionCopyMarkdown", tr("&Markdown"), tr("A table for a text"));
    make(TableVerb::CopyInsert, "actionCopyInsert", tr("&INSERT"), tr("Statements that make the rows again"));
    make(TableVerb::Paste, "actionPaste", tr("&Paste"), tr("Paste into the cells from the chosen one on"),
         {keys(ctrl | Qt::Key_V)}, "edit-paste");
    make(TableVerb::PasteRows, "actionPasteRows", tr("Paste as &new rows"), tr("Add the copied lines as new rows"),
         {keys(both | Qt::Key_V)});
    make(TableVerb::Find, "actionFindInTable", tr("Find in the &rows…"), tr("Find a text in this table"),
         {keys(ctrl | Qt::Key_F)}, "edit-find", Scope::Page);
    make(TableVerb::FindNext, "actionFindNext", tr("Find ne&xt"), tr("The next place with this text"),
         {QKeySequence(Qt::Key_F3)}, nullptr, Scope::Page);
    make(TableVerb::FindPrevious, "actionFindPrevious", tr("Find pre&vious"), tr("The place before"),
         {keys(Qt::ShiftModifier | Qt::Key_F3)}, nullptr, Scope::Page);
}

void TableActions::makeRows()
{
    constexpr auto ctrl = Qt::ControlModifier;
    constexpr auto both = Qt::ControlModifier | Qt::ShiftModifier;
    make(TableVerb::InsertRow, "actionInsertRow", tr("&Insert row"),
         tr("Add an empty row; the server's defaults apply"),
         {QKeySequence(Qt::Key_Insert), keys(Qt::AltModifier | Qt::Key_Insert)}, "list-add");
    make(TableVerb::DuplicateRows, "actionDuplicateRows", tr("D&uplicate row"),
         tr("Add a row with the same values, but its own key"), {keys(ctrl | Qt::Key_D)});
    make(TableVerb::DeleteRows, "actionDeleteRows", tr("&Delete rows"), tr("Mark the chosen rows to be deleted"),
         {keys(ctrl | Qt::Key_Delete)}, "edit-delete");
    make(TableVerb::RestoreRows, "actionRestoreRows", tr("Ke&ep deleted rows"),
         tr("The chosen rows are not to be deleted after all"));
    make(TableVerb::EditCell, "actionEditCell", tr("Edit &cell"), tr("Edit the current cell (F2)"), {});
    make(TableVerb::SetNull, "actionSetNull", tr("Set &NULL"), tr("No value; not the same as an empty text"),
         {keys(ctrl | Qt::Key_0)});
    make(TableVerb::SetDefault, "actionSetDefault", tr("Set de&fault"),
         tr("Leave the cells of new rows to the server"));
    make(TableVerb::FillDown, "actionFillDown", tr("Fi&ll down"),
         tr("The values of the first chosen row into the rows below"), {keys(both | Qt::Key_D)});
    make(TableVerb::RevertCells, "actionRevertCells", tr("Re&vert cells"),
         tr("The chosen cells as the database holds them"));
    make(TableVerb::RevertRows, "actionRevertRows", tr("Revert ro&ws"),
         tr("The chosen rows as the database holds them"));
}

void TableActions::makeLooking()
{
    constexpr auto ctrl = Qt::ControlModifier;
    constexpr auto both = Qt::ControlModifier | Qt::ShiftModifier;
    make(TableVerb::FollowLink, "actionFollowLink", tr("F&ollow link"), tr("Open the row that this cell refers to"),
         {keys(ctrl | Qt::Key_Return), keys(ctrl | Qt::Key_Enter)}, "go-next");
    make(TableVerb::GoTo, "actionGoTo", tr("&Go to row or key…"), tr("Go to a row by its number or its key"),
         {keys(ctrl | Qt::Key_G)}, nullptr, Scope::Page);
    make(TableVerb::GoToEnd, "actionGoToEnd", tr("Go to the last ro&w"), tr("The table's last row, wherever that is"));
    make(TableVerb::Where, "actionWhere", tr("W&HERE…"), tr("Filter by an SQL expression"), {keys(ctrl | Qt::Key_L)},
         nullptr, Scope::Page);
    make(TableVerb::FilterRow, "actionFilterRow", tr("Filter &row"), tr("A filter below each column's name"),
         {keys(both | Qt::Key_F)}, "view-filter", Scope::Page);
    of(TableVerb::FilterRow)->setCheckable(true);
    make(TableVerb::FilterByValue, "actionFilterByValue", tr("Filter by this &value"),
         tr("Only rows with the value of the current cell"));
    make(TableVerb::ExcludeValue, "actionExcludeValue", tr("E&xclude this value"),
         tr("Only rows with another value than the current cell's"));
    make(TableVerb::ClearFilter, "actionClearFilter", tr("Show all row&s"), tr("Take every filter away"), {},
         "edit-clear-all");
    make(TableVerb::SortAscending, "actionSortAscending", tr("Sort &ascending"), tr("By the current column"), {},
         "go-up");
    make(TableVerb::SortDescending, "actionSortDescending", tr("Sort descendin&g"),
         tr("By the current column, the largest first"), {}, "go-down");
    make(TableVerb::ClearSort, "actionClearSort", tr("Do not sor&t"), tr("The order of the key"));
    make(TableVerb::CountExactly, "actionCountExactly", tr("Count e&xactly"), tr("Let the server count every row"));
    make(TableVerb::Inspector, "actionInspector", tr("Ins&pector"), tr("All about the current cell, beside the rows"),
         {keys(ctrl | Qt::Key_I)}, "documentinfo", Scope::Page);
    of(TableVerb::Inspector)->setCheckable(true);
}

void TableActions::makeRest()
{
    constexpr auto ctrl = Qt::ControlModifier;
    constexpr auto both = Qt::ControlModifier | Qt::ShiftModifier;
    make(TableVerb::Export, "actionExport", tr("E&xport…"), tr("Write these rows to a file"), {}, "document-export");
    make(TableVerb::Import, "actionImport", tr("I&mport…"), tr("Read a CSV, TSV or NDJSON file into this table"), {},
         "document-import");
    make(TableVerb::ShowSql, "actionShowSql", tr("Show S&QL"), tr("What will run when the changes are applied"),
         {keys(both | Qt::Key_S)}, "code-context", Scope::Page);
    make(TableVerb::Discard, "actionDiscard", tr("Disca&rd changes"), tr("Forget all changes that are not applied"));
    make(TableVerb::Apply, "actionApply", tr("A&pply changes"), tr("Write the changes to the database"),
         {keys(ctrl | Qt::Key_S)}, "dialog-ok-apply", Scope::Window);
}

void TableActions::fillEditMenu(QMenu *menu) const
{
    menu->addActions({of(TableVerb::Undo), of(TableVerb::Redo)});
    menu->addSeparator();
    menu->addActions({of(TableVerb::Copy), of(TableVerb::CopyWithHeaders)});
    menu->addMenu(m_copyAs);
    menu->addActions({of(TableVerb::Paste), of(TableVerb::PasteRows)});
    menu->addSeparator();
    menu->addActions({of(TableVerb::Find), of(TableVerb::FindNext), of(TableVerb::FindPrevious)});
}

void TableActions::fillDataMenu(QMenu *menu) const
{
    const auto add = [&](const QList<TableVerb> &verbs) {
        for (const TableVerb verb : verbs) {
            menu->addAction(of(verb));
        }
    };
    using V = TableVerb;
    add({V::Apply, V::ShowSql, V::Discard});
    menu->addSeparator();
    add({V::InsertRow, V::DuplicateRows, V::DeleteRows, V::RestoreRows});
    menu->addSeparator();
    add({V::EditCell, V::SetNull, V::SetDefault, V::FillDown, V::RevertCells, V::RevertRows});
    menu->addSeparator();
    add({V::FollowLink, V::GoTo, V::GoToEnd, V::CountExactly});
    menu->addSeparator();
    QMenu *filter = menu->addMenu(Theme::icon(QStringLiteral("view-filter")), tr("Fil&ter"));
    filter->setObjectName(QStringLiteral("menuFilter"));
    filter->setToolTipsVisible(true);
    for (const V verb : {V::Where, V::FilterRow, V::FilterByValue, V::ExcludeValue, V::ClearFilter}) {
        filter->addAction(of(verb));
    }
    QMenu *sort = menu->addMenu(tr("&Sort"));
    sort->setObjectName(QStringLiteral("menuSort"));
    sort->setToolTipsVisible(true);
    for (const V verb : {V::SortAscending, V::SortDescending, V::ClearSort}) {
        sort->addAction(of(verb));
    }
    add({V::Inspector});
    menu->addSeparator();
    add({V::Export, V::Import});
}

void TableActions::attach(QWidget *page, QWidget *grid) const
{
    for (auto it = m_scopes.cbegin(); it != m_scopes.cend(); ++it) {
        if (it.value() == Scope::Grid) {
            grid->addAction(of(it.key()));
        } else if (it.value() == Scope::Page) {
            page->addAction(of(it.key()));
        }
    }
}

} // namespace Roost
