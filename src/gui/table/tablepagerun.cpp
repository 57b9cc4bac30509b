// The part of RowsPane that carries out verbs.
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
#include "models/rowsmodel.h"

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
    case V::Copy:
    case V::CopyWithHeaders:
    case V::CopyTsv:
    case V::CopyCsv:
    case V::CopyJson:
    case V::CopyMarkdown:
    case V::CopyInsert:
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

} // namespace Roost
