#include "gui/navigator/navigatorpanel.h"

#include "gui/navigator/navigatorview.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/emptystate.h"
#include "models/accountlist.h"
#include "models/navigatorfilter.h"

#include <QAction>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

NavigatorPanel::NavigatorPanel(Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_model(new NavigatorModel(services.instances, services.sessions, services.activity, this))
    , m_filter(new NavigatorFilter(this))
    , m_field(new QLineEdit)
    , m_stack(new QStackedWidget)
    , m_tree(new NavigatorView)
    , m_add(new QPushButton(tr("Add a connection…")))
{
    setObjectName(QStringLiteral("sidebar"));
    setAttribute(Qt::WA_StyledBackground);
    if (services.accounts) {
        m_model->setAccounts(services.accounts);
        connect(services.accounts, &AccountList::listed, this, &NavigatorPanel::updateStack);
    }
    m_field->setObjectName(QStringLiteral("navigatorFilter"));
    m_field->setPlaceholderText(tr("Find a database or table   Ctrl+P"));
    m_field->setAccessibleName(tr("Find a database or table"));
    m_field->setToolTip(tr("Shows only what holds these letters (Ctrl+P)"));
    m_field->setClearButtonEnabled(true);
    m_field->addAction(Theme::icon(QStringLiteral("edit-find")), QLineEdit::LeadingPosition);
    m_add->setObjectName(QStringLiteral("addConnectionButton"));

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::unit, Spacing::unit + 2, Spacing::unit, Spacing::unit);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_field);
    layout->addWidget(m_stack, 1);
    layout->addWidget(m_add);
    buildTree();
    buildEmptyState();

    connect(m_field, &QLineEdit::textChanged, this, &NavigatorPanel::filterChanged);
    connect(m_field, &QLineEdit::returnPressed, this, [this] {
        m_tree->setFocus();
        if (m_tree->currentIndex().isValid()) {
            activate(m_tree->currentIndex());
        }
    });
    connect(m_add, &QPushButton::clicked, this, &NavigatorPanel::addWanted);
    connect(services.instances, &InstanceList::listed, this, &NavigatorPanel::updateStack);
    connect(services.instances, &InstanceList::practiceChanged, this, &NavigatorPanel::updateStack);
    updateStack();
}

void NavigatorPanel::buildTree()
{
    m_filter->setSourceModel(m_model);
    m_tree->setModel(m_filter);
    m_stack->addWidget(m_tree);
    connect(m_tree->selectionModel(), &QItemSelectionModel::currentChanged, this, &NavigatorPanel::currentChanged);
    connect(m_tree, &QTreeView::activated, this, &NavigatorPanel::activate);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, [this](const QPoint &position) {
        const QModelIndex index = m_tree->indexAt(position);
        if (index.isValid()) {
            m_tree->setCurrentIndex(index);
        }
        emit menuWanted(m_tree->viewport()->mapToGlobal(position));
    });
    connect(m_filter, &QAbstractItemModel::rowsInserted, this, &NavigatorPanel::expandGroups);
    connect(m_filter, &QAbstractItemModel::modelReset, this, &NavigatorPanel::expandGroups);
    connect(&Theme::instance(), &Theme::changed, m_tree->viewport(), qOverload<>(&QWidget::update));
    expandGroups();
}

void NavigatorPanel::buildEmptyState()
{
    auto *empty = new EmptyState(QStringLiteral("network-connect"), tr("No connections yet"),
                                 tr("Add your Render account, paste the External URL of a database, or try "
                                    "everything on a private PostgreSQL on this computer."));
    connect(empty->addButton(QStringLiteral("emptyAddAccount"), tr("Add an account…"), false), &QPushButton::clicked,
            this, &NavigatorPanel::accountWanted);
    connect(empty->addButton(QStringLiteral("emptyAddConnection"), tr("Add a connection…"), false),
            &QPushButton::clicked, this, &NavigatorPanel::addWanted);
    connect(empty->addButton(QStringLiteral("emptyStartPractice"), tr("Start practice"), false), &QPushButton::clicked,
            this, &NavigatorPanel::practiceWanted);
    m_stack->addWidget(empty);
}

void NavigatorPanel::updateStack()
{
    const InstanceList &instances = *m_services.instances;
    const bool hasNothing = instances.isLoaded() && !instances.loadError() && !instances.hasSaved() &&
                            instances.practice() == InstanceList::Practice::Stopped &&
                            (!m_services.accounts || m_services.accounts->entries().isEmpty()) &&
                            !m_model->groupIndex(QStringLiteral("computer")).isValid();
    m_stack->setCurrentIndex(hasNothing ? 1 : 0);
    m_add->setVisible(!hasNothing);
}

void NavigatorPanel::expandGroups()
{
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const QModelIndex group = m_filter->index(row, 0);
        if (!m_tree->isExpanded(group)) {
            m_tree->expand(group);
        }
    }
    updateStack();
}

void NavigatorPanel::filterChanged(const QString &text)
{
    const QPersistentModelIndex before = m_tree->currentIndex();
    m_filter->setText(text);
    expandGroups();
    if (!text.trimmed().isEmpty()) {
        m_tree->expandAll(); // what is not loaded stays shut: only loaded rows can match
        m_tree->setCurrentIndex(bestMatch(text.trimmed()));
    } else if (before.isValid()) {
        m_tree->scrollTo(before);
    }
}

QModelIndex NavigatorPanel::bestMatch(const QString &text) const
{
    for (const Qt::MatchFlags how : {Qt::MatchFixedString, Qt::MatchStartsWith, Qt::MatchContains}) {
        const QModelIndexList found =
            m_filter->match(m_filter->index(0, 0), Qt::DisplayRole, text, 1, how | Qt::MatchRecursive);
        if (!found.isEmpty()) {
            return found.first();
        }
    }
    return m_filter->index(0, 0, m_filter->index(0, 0));
}

void NavigatorPanel::activate(const QModelIndex &index)
{
    const NavigatorNode *node = m_model->node(m_filter->mapToSource(index));
    if (node->kind == NodeKind::Message && node->message == NodeMessage::Failed) {
        m_model->refresh(m_filter->mapToSource(index));
        return;
    }
    if (node->kind == NodeKind::Database || node->kind == NodeKind::Schema || node->kind == NodeKind::Functions) {
        m_tree->setExpanded(index, !m_tree->isExpanded(index));
    } else if (node->kind == NodeKind::Instance) {
        m_tree->expand(index);
    }
    emit opened(*node);
}

const NavigatorNode *NavigatorPanel::current() const
{
    return m_model->node(m_filter->mapToSource(m_tree->currentIndex()));
}

void NavigatorPanel::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void NavigatorPanel::setShowsSystem(bool shows)
{
    m_filter->setShowsSystem(shows);
}

void NavigatorPanel::refreshCurrent()
{
    m_model->refresh(m_filter->mapToSource(m_tree->currentIndex()));
}

void NavigatorPanel::reveal(const QString &instanceId, const QString &database)
{
    const QModelIndex instance = m_filter->mapFromSource(m_model->indexOf(instanceId));
    if (!instance.isValid()) {
        return;
    }
    m_tree->expand(instance);
    const QModelIndex wanted =
        database.isEmpty() ? instance : m_filter->mapFromSource(m_model->indexOf(instanceId, database));
    if (wanted.isValid()) {
        m_tree->setCurrentIndex(wanted);
        m_tree->expand(wanted);
        m_tree->scrollTo(wanted);
    }
}

void NavigatorPanel::revealAccount(const QString &accountId)
{
    const QModelIndex account = m_filter->mapFromSource(m_model->indexOfAccount(accountId));
    if (account.isValid()) {
        m_tree->setCurrentIndex(account);
        m_tree->scrollTo(account);
    }
}

void NavigatorPanel::revealWhenListed(const QString &instanceId, const QString &database)
{
    auto *waiting = new QObject(this);
    connect(m_services.instances, &InstanceList::changed, waiting,
            [this, waiting, instanceId, database](const QString &changed) {
                const InstanceList::Entry *entry = m_services.instances->find(instanceId);
                if (changed == instanceId && (!entry || entry->state != InstanceList::State::Opening)) {
                    waiting->deleteLater();
                    reveal(instanceId, database);
                }
            });
}

void NavigatorPanel::select(const QString &instanceId)
{
    const NavigatorNode *node = current();
    const QModelIndex index = m_filter->mapFromSource(m_model->indexOf(instanceId));
    if (index.isValid() && node->instanceId != instanceId) {
        m_tree->setCurrentIndex(index);
    }
}

void NavigatorPanel::selectRelation(const QString &instanceId, const QString &database, const TableId &table)
{
    const QModelIndex index = m_filter->mapFromSource(m_model->indexOfRelation(instanceId, database, table));
    if (index.isValid() && index != m_tree->currentIndex()) {
        m_tree->setCurrentIndex(index);
    }
}

} // namespace Roost
