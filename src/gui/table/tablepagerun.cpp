// The part of RowsPane that carries out verbs, and the menus that offer them.
#include "gui/dialogs/notice.h"
#include "gui/table/copyrows.h"
#include "gui/table/filterrow.h"
#include "gui/table/gridview.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/table/sortwarning.h"
#include "gui/table/tablepageapply.h"
#include "gui/table/tablepageedits.h"
#include "gui/table/tablepagefilter.h"
#include "gui/table/tablepagefind.h"
#include "gui/table/tablepagerows.h"
#include "gui/table/tablepagewhere.h"
#include "gui/table/tablepagework.h"
#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>

namespace Roost {

using V = TableVerb;

void RowsPane::setActions(const TableActions *actions)
{
    m_actions = actions;
}

bool RowsPane::isOn(TableVerb verb) const
{
    return verb == V::FilterRow ? m_parts.grid->isFilterRowVisible()
                                : verb == V::Inspector && m_inspector && !m_inspector->isHidden();
}

bool RowsPane::canEdit(TableVerb verb) const
{
    const ChangeSet &changes = m_parts.rows->changes();
    const bool isFree = !m_parts.rows->isApplying() && !m_work->isRunning();
    switch (verb) {
    case V::Undo:
        return isFree && changes.canUndo();
    case V::Redo:
        return isFree && changes.canRedo();
    case V::Apply:
    case V::ShowSql:
    case V::Discard:
        // What is typed into an open editor counts: applying stages it first.
        return isFree && (!changes.isEmpty() || hasOpenEdit());
    case V::RestoreRows:
        return isFree && changes.counts().removed > 0 && m_edits->hasDeletedRows();
    case V::SetDefault:
        return isFree && changes.counts().added > 0 && m_edits->hasNewRows();
    case V::RevertCells:
    case V::RevertRows:
        return isFree && !changes.isEmpty();
    default:
        return true;
    }
}

bool RowsPane::can(TableVerb verb) const
{
    const QModelIndex current = m_parts.grid->currentIndex();
    const bool hasCell = current.isValid();
    const bool hasRows = m_parts.rows->isFirstPageHere();
    switch (verb) {
    case V::Undo:
    case V::Redo:
    case V::Apply:
    case V::ShowSql:
    case V::Discard:
    case V::RestoreRows:
    case V::SetDefault:
    case V::RevertCells:
    case V::RevertRows:
        return canEdit(verb);
    case V::InsertRow:
    case V::PasteRows:
    case V::GoTo:
    case V::GoToEnd:
        return hasRows;
    case V::FollowLink:
        return hasCell && m_linked.value(current.column());
    case V::ClearFilter:
        return m_filter->isActive();
    case V::ClearSort:
        return !m_parts.rows->sort().isEmpty();
    case V::CountExactly:
        return hasRows && !m_parts.rows->count().isExact;
    case V::Where:
    case V::FilterRow:
    case V::Inspector:
    case V::Find:
    case V::FindNext:
    case V::FindPrevious:
    case V::Export:
    case V::Import:
        return true;
    default:
        return hasCell;
    }
}

void RowsPane::run(TableVerb verb)
{
    if (!runEdit(verb)) {
        runLook(verb);
    }
}

bool RowsPane::runEdit(TableVerb verb)
{
    switch (verb) {
    case V::Undo:
        m_parts.rows->undo();
        return true;
    case V::Redo:
        m_parts.rows->redo();
        return true;
    case V::Apply:
        m_apply->apply();
        return true;
    case V::ShowSql:
        m_apply->showSql();
        return true;
    case V::Discard:
        m_apply->discard();
        return true;
    case V::Paste:
        m_edits->paste();
        return true;
    case V::PasteRows:
        m_edits->pasteRows();
        return true;
    case V::InsertRow:
        m_edits->insertRow();
        return true;
    case V::DuplicateRows:
        m_edits->duplicateRows();
        return true;
    case V::DeleteRows:
        m_edits->deleteRows();
        return true;
    case V::RestoreRows:
        m_edits->restoreRows();
        return true;
    case V::EditCell:
        m_parts.grid->setFocus(Qt::OtherFocusReason);
        m_parts.grid->edit(m_parts.grid->currentIndex());
        return true;
    case V::SetNull:
        m_edits->setNull();
        return true;
    case V::SetDefault:
        m_edits->setDefault();
        return true;
    case V::FillDown:
        m_edits->fillDown();
        return true;
    case V::RevertCells:
        m_edits->revertCells();
        return true;
    case V::RevertRows:
        m_edits->revertRows();
        return true;
    default:
        return false;
    }
}

bool RowsPane::runLook(TableVerb verb)
{
    const QModelIndex current = m_parts.grid->currentIndex();
    switch (verb) {
    case V::Find:
        m_find->open();
        return true;
    case V::FindNext:
    case V::FindPrevious:
        m_find->next(verb == V::FindPrevious);
        return true;
    case V::FollowLink:
        follow(current);
        return true;
    case V::GoTo:
        m_find->goTo();
        return true;
    case V::GoToEnd:
        m_find->goToEnd();
        return true;
    case V::FilterRow:
        m_filter->showFilterRow(!isOn(verb));
        isOn(verb) ? m_parts.grid->filterRow()->focusColumn(qMax(0, current.column()))
                   : m_parts.grid->setFocus(Qt::OtherFocusReason);
        return true;
    case V::FilterByValue:
    case V::ExcludeValue:
        m_filter->filterBy(current, verb == V::ExcludeValue);
        return true;
    case V::ClearFilter:
        m_filter->clear();
        return true;
    case V::SortAscending:
    case V::SortDescending:
        sortByCurrent(verb == V::SortDescending);
        return true;
    case V::ClearSort:
        m_sort->sort({});
        return true;
    case V::CountExactly:
        m_parts.rows->isCounting() ? m_parts.rows->cancelCount() : m_parts.rows->countExactly();
        return true;
    case V::Inspector:
        showInspector(!isOn(verb));
        return true;
    default:
        copy(verb);
        return true;
    }
}

void RowsPane::copy(TableVerb verb)
{
    static const QMap<TableVerb, std::optional<ExportFormat>> formats{{V::Copy, std::nullopt},
                                                                      {V::CopyWithHeaders, std::nullopt},
                                                                      {V::CopyTsv, std::nullopt},
                                                                      {V::CopyCsv, ExportFormat::Csv},
                                                                      {V::CopyJson, ExportFormat::Json},
                                                                      {V::CopyMarkdown, ExportFormat::Markdown},
                                                                      {V::CopyInsert, ExportFormat::SqlInsert}};
    const auto found = formats.constFind(verb);
    if (found == formats.constEnd() || m_parts.rows->rowCount() == 0) {
        return;
    }
    auto *copier = new RowCopier(m_parts, *found, verb != V::Copy); // ends itself
    connect(copier, &RowCopier::said, this, &RowsPane::say);
}

void RowsPane::sortByCurrent(bool isDescending)
{
    const QModelIndex current = m_parts.grid->currentIndex();
    if (current.isValid()) {
        m_sort->sort({{m_parts.rows->columns()[current.column()].name, isDescending}});
    }
}

void RowsPane::refresh()
{
    m_parts.notice->clear();
    m_parts.grid->commitEditor();
    m_parts.rows->refresh();
}

void RowsPane::showLink(const TableLink &link)
{
    m_filter->showLink(link);
    m_parts.grid->setFocus(Qt::OtherFocusReason);
}

bool RowsPane::hasOpenEdit() const
{
    return m_parts.grid->isEditing() || (m_inspector && m_inspector->hasDraft());
}

void RowsPane::mayLeave(std::function<void(bool)> done)
{
    if (m_work->isRunning()) {
        m_work->stop();
    }
    // What is typed and not staged is an edit, too.
    const bool isStaged =
        m_parts.grid->commitEditor() && (!m_inspector || !m_inspector->hasDraft() || m_inspector->stage());
    if (!isStaged) {
        done(false);
        return;
    }
    m_apply->settle(std::move(done));
}

void RowsPane::follow(const QModelIndex &cell)
{
    const QList<TableLink> targets = forwardLinks(*m_parts.rows, cell);
    if (targets.isEmpty()) {
        say(tr("This cell refers to no row."));
    } else if (targets.size() == 1) {
        emit openRequested(targets.first());
    } else {
        auto *menu = new QMenu(this);
        menu->setObjectName(QStringLiteral("linkMenu"));
        menu->setAttribute(Qt::WA_DeleteOnClose);
        addLinks(menu, cell);
        menu->popup(m_parts.grid->viewport()->mapToGlobal(m_parts.grid->visualRect(cell).bottomLeft()));
    }
}

namespace {

QString menuText(QString text)
{
    return text.replace(u'&', QStringLiteral("&&"));
}

} // namespace

void RowsPane::addLinks(QMenu *menu, const QModelIndex &cell)
{
    const auto add = [this](QMenu *to, const TableLink &link, const QString &text) {
        QAction *action = to->addAction(Theme::icon(QStringLiteral("go-next")), menuText(text));
        connect(action, &QAction::triggered, this, [this, link] { emit openRequested(link); });
    };
    const QList<TableLink> forward = forwardLinks(*m_parts.rows, cell);
    for (const TableLink &link : forward) {
        add(menu, link, tr("Open %1").arg(link.title));
    }
    const QList<TableLink> backward = backwardLinks(*m_parts.rows, cell.row());
    if (!backward.isEmpty()) {
        QMenu *incoming = menu->addMenu(tr("Rows that refer to this one"));
        incoming->setObjectName(QStringLiteral("incomingMenu"));
        for (const TableLink &link : backward) {
            add(incoming, link, link.title);
        }
    }
}

void RowsPane::showCellMenu(const QModelIndex &cell, const QPoint &at)
{
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("cellMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->setToolTipsVisible(true);
    const auto add = [&](const QList<TableVerb> &verbs) {
        for (const TableVerb verb : verbs) {
            if (m_actions && (can(verb) || (verb != V::RestoreRows && verb != V::SetDefault))) {
                menu->addAction(m_actions->of(verb));
            }
        }
    };
    add({V::Copy, V::CopyWithHeaders});
    if (m_actions) {
        menu->addMenu(m_actions->copyAsMenu());
    }
    add({V::Paste, V::PasteRows});
    menu->addSeparator();
    add({V::EditCell, V::SetNull, V::SetDefault, V::FillDown, V::RevertCells});
    menu->addSeparator();
    addLinks(menu, cell);
    menu->addSeparator();
    add({V::FilterByValue, V::ExcludeValue, V::ClearFilter});
    menu->addSeparator();
    add({V::InsertRow, V::DuplicateRows, V::RevertRows, V::RestoreRows});
    menu->addSeparator();
    add({V::DeleteRows});
    menu->popup(at);
}

void RowsPane::showHeaderMenu(int column, const QPoint &at)
{
    const QString name = m_parts.rows->columns().value(column).name;
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("headerMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [&](const char *objectName, const char *icon, const QString &text, std::function<void()> run) {
        QAction *action = menu->addAction(text);
        action->setObjectName(QLatin1String(objectName));
        if (icon) {
            action->setIcon(Theme::icon(QLatin1String(icon)));
        }
        connect(action, &QAction::triggered, this, std::move(run));
    };
    const auto sortBy = [this, name](bool isDescending, bool isAdded) {
        QList<SortColumn> sort = isAdded ? m_parts.rows->sort() : QList<SortColumn>();
        sort.removeIf([&name](const SortColumn &one) { return one.column == name; });
        sort += SortColumn{name, isDescending};
        m_sort->sort(sort);
    };
    add("sortAscending", "go-up", tr("Sort &ascending"), [sortBy] { sortBy(false, false); });
    add("sortDescending", "go-down", tr("Sort &descending"), [sortBy] { sortBy(true, false); });
    const QList<SortColumn> &sort = m_parts.rows->sort();
    if (!sort.isEmpty() && (sort.size() > 1 || sort.first().column != name)) {
        add("thenAscending", nullptr, tr("Then by this, as&cending"), [sortBy] { sortBy(false, true); });
        add("thenDescending", nullptr, tr("Then by this, desce&nding"), [sortBy] { sortBy(true, true); });
    }
    if (!sort.isEmpty()) {
        add("doNotSort", nullptr, tr("Do not &sort"), [this] { m_sort->sort({}); });
    }
    menu->addSeparator();
    add("filterColumn", "view-filter", tr("&Filter…"), [this, column] {
        m_filter->showFilterRow(true);
        m_parts.grid->filterRow()->focusColumn(column);
    });
    menu->addSeparator();
    add("fitColumn", nullptr, tr("Fit &width"), [this, column] { m_parts.grid->fitColumn(column); });
    add("copyColumnName", "edit-copy", tr("Copy &name"), [name] { QApplication::clipboard()->setText(name); });
    menu->popup(at);
}

} // namespace Roost
