// The part of MainWindow that opens tables, sequences and functions, follows links between them, and sees to it that no
// edit of theirs is lost.
#include "gui/dialogs/toast.h"
#include "gui/mainwindow.h"
#include "gui/mainwindowactions.h"
#include "gui/mainwindowstatus.h"
#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/prompts.h"
#include "gui/table/functionpage.h"
#include "gui/table/sequencepage.h"
#include "gui/table/tablepage.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"

#include <QMenu>
#include <QPointer>

namespace Roost {

void MainWindow::openTable(const QString &instanceId, const QString &database, const RelationInfo &relation)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    if (relation.kind == RelationKind::Sequence) {
        openSequence(entry->instance, database, relation);
        return;
    }
    const bool isView = relation.kind == RelationKind::View || relation.kind == RelationKind::MaterializedView;
    const QString key = QStringLiteral("table:%1/%2/%3").arg(instanceId, database, relation.id.quoted());
    m_tabs->open(
        key, isView ? QStringLiteral("view-visible") : QStringLiteral("table"), relation.id.name,
        [this, instance = entry->instance, database, relation] { return makeTablePage(instance, database, relation); });
}

void MainWindow::openSequence(const Instance &instance, const QString &database, const RelationInfo &relation)
{
    const QString key = QStringLiteral("sequence:%1/%2/%3").arg(instance.id, database, relation.id.quoted());
    m_tabs->open(key, QStringLiteral("format-list-ordered"), relation.id.name, [this, instance, database, relation] {
        auto *page = new SequencePage(m_services, instance, database, relation);
        connect(page, &SequencePage::tableRequested, this, [this, page](const TableId &table) {
            openLink(page, {table, {}, table.name});
        });
        return page;
    });
}

void MainWindow::openFunction(const QString &instanceId, const QString &database, const FunctionInfo &function)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    const QString key = QStringLiteral("function:%1/%2/%3").arg(instanceId, database).arg(function.oid);
    m_tabs->open(key, QStringLiteral("code-function"), function.id.name,
                 [this, instance = entry->instance, database, function] {
                     return new FunctionPage(m_services, instance, database, function);
                 });
}

TablePage *MainWindow::makeTablePage(const Instance &instance, const QString &database, const RelationInfo &relation)
{
    auto *page = new TablePage(m_services, instance, database, relation);
    page->setActions(m_actions->table);
    connect(page, &Page::statusChanged, this, [this, page] {
        if (m_tabs->currentPage() == page) {
            m_status->showPage(page);
        }
    });
    connect(page, &TablePage::verbsChanged, this, [this, page] {
        if (m_tabs->currentPage() == page) {
            updateTableActions();
        }
    });
    connect(page, &TablePage::openRequested, this, [this, page](const TableLink &link) { openLink(page, link); });
    return page;
}

void MainWindow::updateTableActions()
{
    const auto *page = qobject_cast<const TablePage *>(m_tabs->currentPage());
    for (const auto verb : {TableVerb::FilterRow, TableVerb::Inspector}) {
        m_actions->table->of(verb)->setChecked(page && page->isOn(verb));
    }
    for (int verb = 0; verb <= int(TableVerb::Apply); ++verb) {
        m_actions->table->of(TableVerb(verb))->setEnabled(page && page->can(TableVerb(verb)));
    }
    m_actions->table->copyAsMenu()->setEnabled(page && page->can(TableVerb::CopyTsv));
}

void MainWindow::openLink(const Page *from, const TableLink &link)
{
    const QString instanceId = from->instanceId();
    const QString database = from->database();
    const auto open = [this, instanceId, database, link](const RelationInfo &relation) {
        openTable(instanceId, database, relation);
        auto *page = qobject_cast<TablePage *>(m_tabs->currentPage());
        if (page && page->relation().id == relation.id && !link.filter.isEmpty()) {
            page->showLink(link);
        }
    };
    const NavigatorModel *tree = m_navigator->model();
    if (const QModelIndex known = tree->indexOfRelation(instanceId, database, link.table); known.isValid()) {
        open(tree->node(known)->relation);
        return;
    }
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    m_services.sessions->read<QList<RelationInfo>>(
        entry->instance, database, this,
        [](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::relations(connection, stop);
        },
        [this, link, open](const Result<QList<RelationInfo>> &relations) {
            if (!relations) {
                m_services.prompts->showError(this, tr("“%1” was not opened.").arg(link.table.name), relations.error());
                return;
            }
            const auto found = std::find_if(relations->cbegin(), relations->cend(),
                                            [&link](const RelationInfo &one) { return one.id == link.table; });
            if (found == relations->cend()) {
                Toast::say(this, tr("“%1” is not there any more").arg(link.table.name));
            } else {
                open(*found);
            }
        });
}

void MainWindow::settle(const Target &where, const std::function<void(bool)> &done)
{
    for (QWidget *widget : m_tabs->all()) {
        auto *page = qobject_cast<Page *>(widget);
        const bool isMeant = page && page->hasUnsaved() &&
                             (where.instanceId.isEmpty() || page->instanceId() == where.instanceId) &&
                             (where.database.isEmpty() || page->database() == where.database);
        if (!isMeant) {
            continue;
        }
        m_tabs->show(page);
        page->mayLeave([self = QPointer(this), where, done](bool mayLeave) {
            if (!self) {
                return;
            }
            if (mayLeave) {
                self->settle(where, done); // the next one
            } else {
                done(false);
            }
        });
        return;
    }
    done(true);
}

void MainWindow::whenSettled(const Target &where, const std::function<void()> &then)
{
    settle(where, [then](bool isSettled) {
        if (isSettled) {
            then();
        }
    });
}

} // namespace Roost
