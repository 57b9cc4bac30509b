#include "gui/table/tablepagerows.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/toast.h"
#include "gui/services.h"
#include "gui/table/filterrow.h"
#include "gui/table/findbar.h"
#include "gui/table/gridview.h"
#include "gui/table/inspector/inspectorpanel.h"
#include "gui/table/links/linkchooser.h"
#include "gui/table/selectionfacts.h"
#include "gui/table/sortwarning.h"
#include "gui/table/stagedbar.h"
#include "gui/table/tablepageapply.h"
#include "gui/table/tablepageedits.h"
#include "gui/table/tablepagefilter.h"
#include "gui/table/tablepagefind.h"
#include "gui/table/tablepageloading.h"
#include "gui/table/tablepagewhere.h"
#include "gui/table/tablepagework.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/emptystate.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QTimer>

namespace Roost {

GridView *RowsPane::makeGrid(RowsModel *rows)
{
    auto *grid = new GridView;
    grid->setModel(rows);
    return grid;
}

RowsPane::RowsPane(const TableParts &parts, const Above &above, QWidget *parent)
    : QWidget(parent)
    , m_parts(parts)
    , m_work(new PacedWork(this))
    , m_edits(new TableEdits(parts, m_work))
    , m_apply(new TableApply(parts))
    , m_filter(new TableFilter(parts, above.where, above.problem, above.chips))
    , m_sort(new SortWarning(parts, above.sortNotice))
    , m_facts(new SelectionFacts(parts.grid, parts.rows))
    , m_findBar(new FindBar)
    , m_inspector(nullptr)
    , m_splitter(new QSplitter(Qt::Horizontal))
    , m_pill(new LoadingPill(parts.grid->viewport()))
    , m_empty(new EmptyState({}, {}, {}, parts.grid->viewport()))
    , m_emptyButton(m_empty->addButton(QStringLiteral("emptyTableButton"), {}, false))
    , m_staged(new StagedBar)
    , m_foot(new QWidget)
    , m_note(subtleLabel({}))
    , m_why(new QPushButton(tr("Why, and what to do")))
    , m_count(subtleLabel(tr("Loading…")))
    , m_countExactly(new QPushButton(tr("Count exactly")))
{
    m_find = new TableFind(parts, m_findBar);
    LinkChooser::provide(parts.rows, parts.services);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_findBar);
    buildGrid(column);
    buildFoot(column);
    column->addWidget(m_staged);
    connectRows();
    connectGrid();
    connectWork();
    rowsChanged();
}

RowsPane::~RowsPane()
{
    m_work->stop();
    for (QObject *teller : QList<QObject *>{m_parts.rows, m_parts.grid, m_parts.grid->selectionModel(), m_work, m_find,
                                            m_filter, m_facts, m_sort}) {
        teller->disconnect(this);
    }
}

void RowsPane::buildGrid(QBoxLayout *column)
{
    m_splitter->setObjectName(QStringLiteral("rowsSplitter"));
    m_splitter->setHandleWidth(1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->addWidget(m_parts.grid);
    m_splitter->setStretchFactor(0, 1);
    column->addWidget(m_splitter, 1);
    m_empty->setObjectName(QStringLiteral("emptyTable"));
    m_empty->hide();
    m_parts.grid->viewport()->installEventFilter(this);
    connect(m_emptyButton, &QPushButton::clicked, this, [this] {
        m_filter->isActive()                                ? m_filter->clear()
        : m_parts.rows->state() == RowsModel::State::Failed ? refresh()
                                                            : run(TableVerb::InsertRow);
    });
}

void RowsPane::connectRows()
{
    RowsModel *rows = m_parts.rows;
    connect(rows, &RowsModel::stateChanged, this, &RowsPane::rowsChanged);
    connect(rows, &RowsModel::loadingChanged, this, &RowsPane::updateWait);
    connect(rows, &RowsModel::countChanged, this, &RowsPane::updateFoot);
    connect(rows, &RowsModel::countFailed, this,
            [this](const Error &error) { m_parts.notice->sayError(tr("The rows could not be counted."), error); });
    connect(rows, &RowsModel::changesChanged, this, &RowsPane::changesChanged);
    connect(rows, &RowsModel::describedChanged, this, [this] {
        updateLinks();
        updateFoot();
        emit verbsChanged();
    });
    connect(rows, &RowsModel::sortChanged, this, &RowsPane::verbsChanged);
    connect(rows, &QAbstractItemModel::modelReset, this, &RowsPane::updateEmpty);
    connect(rows, &QAbstractItemModel::rowsInserted, this, &RowsPane::updateEmpty);
    connect(rows, &QAbstractItemModel::rowsRemoved, this, &RowsPane::updateEmpty);
}

void RowsPane::connectGrid()
{
    GridView *grid = m_parts.grid;
    connect(grid, &GridView::sortRequested, m_sort, &SortWarning::sort);
    connect(grid, &GridView::linkActivated, this, &RowsPane::follow);
    connect(grid, &GridView::largeEditRequested, this, [this] { showInspector(true, true); });
    connect(grid, &GridView::menuRequested, this, &RowsPane::showCellMenu);
    connect(grid, &GridView::headerMenuRequested, this, &RowsPane::showHeaderMenu);
    connect(grid, &GridView::selectionChosen, this, &RowsPane::verbsChanged);
    connect(grid->selectionModel(), &QItemSelectionModel::currentChanged, this, [this](const QModelIndex &current) {
        if (m_inspector && m_inspector->isVisible()) {
            m_inspector->setCurrent(current);
        }
        emit verbsChanged();
    });
    // Keys that the window's menus have, too, and that mean something in the rows.
    grid->installEventFilter(this);
    grid->setLinkPredicate([this](const QModelIndex &cell) {
        return m_linked.value(cell.column()) && !cell.data(RowsModel::NullRole).toBool() &&
               cell.data(RowsModel::LoadedRole).toBool();
    });
}

void RowsPane::connectWork()
{
    connect(m_work, &PacedWork::changed, this, &RowsPane::updateWait);
    connect(m_find, &TableFind::waitChanged, this, &RowsPane::updateWait);
    connect(m_sort, &SortWarning::askingChanged, this, &RowsPane::updateWait);
    connect(m_pill, &LoadingPill::stopWanted, this, &RowsPane::stopWaiting);
    connect(m_find, &TableFind::said, this, &RowsPane::say);
    connect(m_edits, &TableEdits::said, this, &RowsPane::say);
    connect(m_edits, &TableEdits::rowsAdded, this, &RowsPane::rowsAdded);
    connect(m_filter, &TableFilter::changed, this, &RowsPane::verbsChanged);
    connect(m_filter, &TableFilter::changed, this, &RowsPane::updateEmpty);
    connect(m_facts, &SelectionFacts::changed, this, &RowsPane::statusChanged);
    connect(m_staged, &StagedBar::discardWanted, m_apply, &TableApply::discard);
    connect(m_staged, &StagedBar::sqlWanted, m_apply, &TableApply::showSql);
    connect(m_staged, &StagedBar::applyWanted, m_apply, &TableApply::apply);
    connect(m_apply, &TableApply::refused, m_parts.grid, [this](int row, int column) {
        m_parts.grid->goTo(row, column);
        m_parts.grid->setFocus(Qt::OtherFocusReason);
    });
    m_apply->setStager([this] { return !m_inspector || !m_inspector->hasDraft() || m_inspector->stage(); });
}

bool RowsPane::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_parts.grid->viewport() && event->type() == QEvent::Resize) {
        m_empty->setGeometry(m_parts.grid->viewport()->rect());
    } else if (watched == m_parts.grid && event->type() == QEvent::ShortcutOverride &&
               static_cast<QKeyEvent *>(event)->key() == Qt::Key_F2) {
        event->accept();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void RowsPane::rowsChanged()
{
    const RowsModel *rows = m_parts.rows;
    if (rows->state() == RowsModel::State::Ready && !m_columnsFitted && rows->isFirstPageHere()) {
        m_columnsFitted = rows->rowCount() > 0;
        m_parts.grid->fitColumns();
    }
    if (rows->state() == RowsModel::State::Failed && !rows->error().isCancelled() && !m_filter->blames(rows->error())) {
        const int staged = rows->changes().counts().total();
        const bool isLost = rows->error().code == ErrorCode::ConnectionLost;
        m_parts.notice->sayError(isLost && staged > 0
                                     ? tr("Connection lost. Your %1 are still here.").arg(changesText(staged))
                                     : tr("The rows could not be read."),
                                 rows->error());
        QPushButton *again = m_parts.notice->addButton(QStringLiteral("retryRows"), tr("Try again"));
        connect(again, &QPushButton::clicked, this, &RowsPane::refresh);
    }
    updateWait();
    updateEmpty();
    updateFoot();
    emit verbsChanged();
}

void RowsPane::changesChanged()
{
    m_staged->show(m_parts.rows->changes().counts(), m_parts.rows->isApplying());
    updateWait();
    emit verbsChanged();
    emit statusChanged();
}

/// Where there are no rows the place says why, and what to do.
void RowsPane::updateEmpty()
{
    const RowsModel *rows = m_parts.rows;
    const bool isStopped = rows->state() == RowsModel::State::Failed && !rows->isFirstPageHere();
    const bool isEmpty = rows->rowCount() == 0 && (rows->isFirstPageHere() || isStopped);
    if (isEmpty && isStopped) {
        m_empty->setText(tr("No rows were read."), rows->error().isCancelled() ? tr("You stopped it.") : QString());
        m_emptyButton->setText(tr("Read the rows"));
    } else if (isEmpty && !rows->filter().isEmpty()) {
        m_empty->setText(tr("No row matches."), tr("There is no row that meets the filter."));
        m_emptyButton->setText(tr("Show all rows"));
    } else if (isEmpty) {
        const bool isTable = m_parts.relation.kind == RelationKind::Table;
        m_empty->setText(isTable ? tr("This table is empty.") : tr("There are no rows."),
                         tr("Rows that an app or a seed script adds show up after a refresh (F5)."));
        m_emptyButton->setText(tr("Insert a row"));
    }
    m_emptyButton->setVisible(isEmpty && (isStopped || !rows->filter().isEmpty() || rows->readOnlyReason().isEmpty()));
    m_empty->setGeometry(m_parts.grid->viewport()->rect());
    m_empty->setVisible(isEmpty);
    m_pill->raise();
}

void RowsPane::updateLinks()
{
    m_linked.clear();
    for (int column = 0; column < m_parts.rows->columnCount(); ++column) {
        m_linked += !links(*m_parts.rows, column).isEmpty();
    }
}

void RowsPane::updateWait()
{
    const RowsModel *rows = m_parts.rows;
    if (m_work->isRunning()) {
        m_pill->begin(QStringLiteral("%1  ·  %2 %")
                          .arg(m_work->title())
                          .arg(m_work->at() * 100 / qMax<qsizetype>(1, m_work->count())),
                      tr("Stop"));
    } else if (rows->isApplying()) {
        m_pill->begin(tr("Applying your changes…"), {});
    } else if (!m_find->wait().isEmpty()) {
        m_pill->begin(m_find->wait(), tr("Stop"));
    } else if (m_sort->isAsking()) {
        m_pill->begin(tr("Asking the server what this sort costs…"), tr("Cancel"));
    } else if (rows->isLoading()) {
        const bool isSorting = rows->state() == RowsModel::State::Loading && !rows->sort().isEmpty();
        m_pill->begin(isSorting ? tr("Sorting…") : tr("Reading rows…"), tr("Cancel"));
    } else {
        m_pill->end();
    }
}

void RowsPane::stopWaiting()
{
    if (m_work->isRunning()) {
        m_work->stop();
    } else if (!m_find->wait().isEmpty()) {
        m_find->stop();
    } else if (m_sort->isAsking()) {
        m_sort->drop();
    } else {
        m_parts.rows->cancel();
    }
    m_parts.grid->setFocus(Qt::OtherFocusReason);
}

void RowsPane::say(const QString &outcome)
{
    if (!outcome.isEmpty()) {
        Toast::say(m_parts.page, outcome);
    }
}

/// New rows stand at the end: shows them, with the first cell that is to be filled.
void RowsPane::rowsAdded(int first)
{
    int column = 0;
    while (column < m_parts.rows->columnCount() - 1 &&
           (!m_parts.rows->readOnlyReason(column).isEmpty() ||
            m_parts.relation.keyColumns.contains(m_parts.rows->columns()[column].name))) {
        ++column;
    }
    m_parts.grid->goTo(first, column);
    m_parts.grid->setFocus(Qt::OtherFocusReason);
}

void RowsPane::showInspector(bool isShown, bool isFocused)
{
    if (isShown && !m_inspector) {
        m_inspector = new InspectorPanel(m_parts.services);
        m_inspector->setModel(m_parts.rows);
        m_splitter->addWidget(m_inspector);
        connect(m_inspector, &InspectorPanel::linkActivated, this, &RowsPane::openRequested);
        connect(m_inspector, &InspectorPanel::closed, this, [this] { showInspector(false); });
        constexpr int inspectorWidth = 340;
        m_splitter->setSizes({qMax(inspectorWidth, width() - inspectorWidth), inspectorWidth});
    }
    if (!m_inspector) {
        return;
    }
    if (!isShown && m_inspector->hasDraft()) {
        m_inspector->stage();
    }
    m_inspector->setVisible(isShown);
    if (isShown) {
        m_inspector->setCurrent(m_parts.grid->currentIndex());
        QTimer::singleShot(0, m_parts.grid, [grid = m_parts.grid] { grid->scrollTo(grid->currentIndex()); });
    }
    if (isShown && isFocused) {
        m_inspector->setFocus(Qt::ShortcutFocusReason);
    } else if (!isShown) {
        m_parts.grid->setFocus(Qt::OtherFocusReason);
    }
    emit verbsChanged();
}

} // namespace Roost
