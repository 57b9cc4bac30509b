#include "gui/table/structuretable.h"

#include "gui/theme/theme.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QMenu>

#include <algorithm>

namespace Roost {

namespace {

/// Widths are taken from so many rows: a table of a thousand columns must open as fast as any.
constexpr int measuredRows = 60;

QList<int> usedColumns(qsizetype columns, const QList<StructureTable::Row> &rows)
{
    QList<int> used;
    for (int column = 0; column < columns; ++column) {
        const bool hasContent = std::any_of(rows.begin(), rows.end(), [column](const StructureTable::Row &row) {
            return !row.cells.value(column).isEmpty();
        });
        if (column == 0 || hasContent) {
            used += column;
        }
    }
    return used;
}

QStringList chosen(const QStringList &texts, const QList<int> &columns)
{
    QStringList result;
    for (const int column : columns) {
        result += texts.value(column);
    }
    return result;
}

} // namespace

StructureTable::StructureTable(const QString &objectName, const QString &title, const QStringList &headers,
                               const QList<Row> &rows, int linkColumn, QWidget *parent)
    : PlainTable(chosen(headers, usedColumns(headers.size(), rows)), parent)
{
    setObjectName(objectName);
    setAccessibleName(title);
    setSelectionMode(ExtendedSelection);
    setMouseTracking(true);
    const QList<int> used = usedColumns(headers.size(), rows);
    m_linkColumn = int(used.indexOf(linkColumn));
    for (int row = 0; row < rows.size(); ++row) {
        QStringList cells = chosen(rows.at(row).cells, used);
        for (QString &cell : cells) {
            cell = cell.simplified(); // a line each
        }
        addRow(cells);
        for (int at = 0; at < used.size(); ++at) {
            const QString whole = rows.at(row).cells.value(used.at(at));
            const QString hint = rows.at(row).toolTips.value(used.at(at));
            model()->setData(model()->index(row, at), whole, Qt::UserRole);
            if (!hint.isEmpty() || whole.contains(u'\n')) {
                model()->setData(model()->index(row, at), hint.isEmpty() ? whole : hint, Qt::ToolTipRole);
            }
        }
        if (!rows.at(row).table.name.isEmpty()) {
            m_tables.insert(row, rows.at(row).table);
        }
    }
    colour();
    horizontalHeader()->setResizeContentsPrecision(measuredRows);
    fit();
    connect(this, &QTableView::activated, this, &StructureTable::follow);
    connect(this, &QTableView::clicked, this, [this](const QModelIndex &index) {
        if (index.column() == m_linkColumn && QApplication::keyboardModifiers() == Qt::NoModifier) {
            follow(index);
        }
    });
    connect(&Theme::instance(), &Theme::changed, this, &StructureTable::colour);
}

void StructureTable::colour()
{
    for (auto it = m_tables.begin(); it != m_tables.end() && m_linkColumn >= 0; ++it) {
        model()->setData(model()->index(it.key(), m_linkColumn), Theme::instance().colors().accent, Qt::ForegroundRole);
    }
}

bool StructureTable::leads(const QModelIndex &index) const
{
    return index.isValid() && m_tables.contains(index.row());
}

void StructureTable::follow(const QModelIndex &index)
{
    if (leads(index)) {
        emit tableRequested(m_tables.value(index.row()));
    }
}

QString StructureTable::selectedText() const
{
    QList<int> rows;
    for (const QModelIndex &index : selectionModel()->selectedRows()) {
        rows += index.row();
    }
    std::sort(rows.begin(), rows.end());
    if (rows.isEmpty()) {
        rows.resize(model()->rowCount());
        std::iota(rows.begin(), rows.end(), 0);
    }
    QStringList lines;
    QStringList headers;
    for (int column = 0; column < model()->columnCount(); ++column) {
        headers += model()->headerData(column, Qt::Horizontal).toString();
    }
    lines += headers.join(u'\t');
    for (const int row : std::as_const(rows)) {
        QStringList cells;
        for (int column = 0; column < model()->columnCount(); ++column) {
            cells += model()->index(row, column).data().toString();
        }
        lines += cells.join(u'\t');
    }
    return lines.join(u'\n');
}

void StructureTable::copySelected()
{
    QApplication::clipboard()->setText(selectedText());
}

bool StructureTable::event(QEvent *event)
{
    // Before the window's own Copy, which is for rows.
    if (event->type() == QEvent::ShortcutOverride && static_cast<QKeyEvent *>(event)->matches(QKeySequence::Copy)) {
        event->accept();
        return true;
    }
    return PlainTable::event(event);
}

void StructureTable::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelected();
        return;
    }
    PlainTable::keyPressEvent(event);
}

void StructureTable::mouseMoveEvent(QMouseEvent *event)
{
    PlainTable::mouseMoveEvent(event);
    const QModelIndex index = indexAt(event->pos());
    viewport()->setCursor(index.column() == m_linkColumn && leads(index) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void StructureTable::contextMenuEvent(QContextMenuEvent *event)
{
    const QModelIndex index = currentIndex();
    auto *menu = new QMenu(this);
    menu->setObjectName(QStringLiteral("structureMenu"));
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (leads(index)) {
        connect(menu->addAction(tr("Open %1").arg(m_tables.value(index.row()).name)), &QAction::triggered, this,
                [this, row = index.row()] { emit tableRequested(m_tables.value(row)); });
        menu->addSeparator();
    }
    if (index.isValid()) {
        connect(menu->addAction(tr("Copy this text")), &QAction::triggered, this,
                [text = index.data(Qt::UserRole)] { QApplication::clipboard()->setText(text.toString()); });
    }
    QAction *copy = menu->addAction(Theme::icon(QStringLiteral("edit-copy")),
                                    selectionModel()->hasSelection() ? tr("Copy rows") : tr("Copy all rows"));
    connect(copy, &QAction::triggered, this, &StructureTable::copySelected);
    menu->popup(event->globalPos());
}

} // namespace Roost
