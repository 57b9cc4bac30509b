#include "gui/widgets/plaintable.h"

#include "gui/theme/theme.h"

#include <QHeaderView>
#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QWheelEvent>

namespace Roost {

namespace {

constexpr int lineHeight = 32;

/// A hairline below each row.
class LineDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        if (index.row() + 1 < index.model()->rowCount()) {
            painter->fillRect(option.rect.left(), option.rect.bottom(), option.rect.width(), 1,
                              Theme::instance().colors().line);
        }
    }
};

} // namespace

PlainTable::PlainTable(QWidget *parent)
    : QTableView(parent)
{
    setProperty("plain", true);
    setItemDelegate(new LineDelegate(this));
    setShowGrid(false);
    setEditTriggers(NoEditTriggers);
    setSelectionBehavior(SelectRows);
    setSelectionMode(SingleSelection);
    setWordWrap(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setTabKeyNavigation(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(lineHeight);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setSectionsClickable(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
}

PlainTable::PlainTable(const QStringList &headers, QWidget *parent)
    : PlainTable(parent)
{
    m_own = new QStandardItemModel(0, int(headers.size()), this);
    m_own->setHorizontalHeaderLabels(headers);
    setModel(m_own);
}

void PlainTable::addRow(const QStringList &cells)
{
    QList<QStandardItem *> items;
    for (const QString &cell : cells) {
        items += new QStandardItem(cell);
        items.last()->setToolTip(cell.size() > 40 ? cell : QString());
    }
    m_own->appendRow(items);
}

void PlainTable::fit()
{
    constexpr int widest = 320;
    constexpr int air = 24;
    const int columns = model()->columnCount();
    horizontalHeader()->setStretchLastSection(false);
    for (int column = 0; column < columns; ++column) {
        const int width = qMax(sizeHintForColumn(column), horizontalHeader()->sectionSizeHint(column)) + air;
        setColumnWidth(column, qMin(width, widest));
    }
    horizontalHeader()->setStretchLastSection(true);
    updateHeight();
}

void PlainTable::fitHeight()
{
    updateGeometries();
    updateHeight();
}

void PlainTable::updateHeight()
{
    const int bar = horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height() : 0;
    const int height = horizontalHeader()->sizeHint().height() +
                       (model() ? model()->rowCount() : 0) * verticalHeader()->defaultSectionSize() + 2 * frameWidth() +
                       bar;
    if (height != minimumHeight() || height != maximumHeight()) {
        setFixedHeight(height);
    }
}

void PlainTable::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        constexpr int margin = 14;
        verticalHeader()->setDefaultSectionSize(qMax(lineHeight, fontMetrics().height() + margin));
        updateHeight();
    }
}

void PlainTable::resizeEvent(QResizeEvent *event)
{
    QTableView::resizeEvent(event);
    updateHeight();
}

void PlainTable::wheelEvent(QWheelEvent *event)
{
    // All rows are shown: the wheel belongs to the page.
    event->ignore();
}

} // namespace Roost
