// The part of RowsPane that follows links and opens menus.
#include "gui/table/filterrow.h"
#include "gui/table/gridview.h"
#include "gui/table/sortwarning.h"
#include "gui/table/tablepagefilter.h"
#include "gui/table/tablepagerows.h"
#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QApplication>
#include <QClipboard>
#include <QMenu>

namespace Roost {

using V = TableVerb;

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
