#include "gui/table/gridview.h"

#include "gui/table/celldelegate.h"
#include "gui/table/filterrow.h"
#include "gui/table/gridaccessible.h"
#include "gui/table/rownumbers.h"
#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "models/plaintext.h"
#include "models/rowsmodel.h"

#include <QAbstractButton>
#include <QLabel>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>

namespace Roost {

namespace {

/// The corner above the row numbers: chooses everything.
class Corner : public QAbstractButton
{
public:
    using QAbstractButton::QAbstractButton;

protected:
    void paintEvent(QPaintEvent *) override
    {
        const Colors &colors = Theme::instance().colors();
        QPainter painter(this);
        painter.fillRect(rect(), isDown() ? colors.selection : underMouse() ? colors.hover : colors.panel);
        painter.fillRect(0, height() - 1, width(), 1, colors.line);
        painter.fillRect(width() - 1, 0, 1, height(), colors.line);
    }
};

} // namespace

GridView::GridView(QWidget *parent)
    : QAbstractItemView(parent)
    , m_header(new RowsHeader(this))
    , m_filterRow(new FilterRow(m_header, this))
    , m_numbers(new RowNumbers(this))
    , m_corner(new Corner(this))
    , m_scrollHint(new QLabel(this))
    , m_delegate(new CellDelegate(this))
{
    installGridAccessibility();
    setObjectName(QStringLiteral("gridView"));
    setAccessibleName(tr("Rows"));
    setItemDelegate(m_delegate);
    setFrameShape(NoFrame);
    setSelectionMode(ExtendedSelection);
    setEditTriggers(DoubleClicked | EditKeyPressed | AnyKeyPressed);
    setTabKeyNavigation(true);
    setHorizontalScrollMode(ScrollPerPixel);
    setVerticalScrollMode(ScrollPerItem);
    setAutoScroll(true);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    m_corner->setObjectName(QStringLiteral("selectAllRows"));
    m_corner->setAccessibleName(tr("Select all"));
    m_corner->setToolTip(tr("Select all (Ctrl+A)"));
    m_corner->setFocusPolicy(Qt::NoFocus);
    connect(m_corner, &QAbstractButton::clicked, this, &GridView::selectAll);
    m_filterRow->hide();
    connect(m_filterRow, &FilterRow::left, this, [this] { setFocus(Qt::OtherFocusReason); });
    connect(m_filterRow, &FilterRow::fieldEntered, this, &GridView::scrollToColumn);
    buildHeader();
    buildScrollHint();
    connect(m_delegate, &CellDelegate::largeEditWanted, this, &GridView::largeEditRequested);
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
    // Rows that come and go are told when the model is done with it.
    m_tell.setSingleShot(true);
    m_tell.setInterval(0);
    connect(&m_tell, &QTimer::timeout, this, [this] {
        m_placeBefore = -1;
        tellVisibleRows(true);
        if (hasFocus() && !currentIndex().isValid()) {
            selectionModel()->setCurrentIndex(moveCursor(MoveNext, Qt::NoModifier), QItemSelectionModel::NoUpdate);
        }
    });
    updateRowHeight();
}

GridView::~GridView()
{
    // Children of ours ask the view while they go.
    for (const QMetaObject::Connection &connection : std::as_const(m_modelConnections)) {
        disconnect(connection);
    }
}

void GridView::buildHeader()
{
    const auto follow = [this] {
        updateBars();
        updateEditorGeometries();
        viewport()->update();
        m_filterRow->align();
    };
    connect(m_header, &QHeaderView::sectionResized, this, follow);
    connect(m_header, &QHeaderView::sectionCountChanged, this, follow);
    connect(m_header, &QHeaderView::sectionHandleDoubleClicked, this, &GridView::fitColumn);
    connect(m_header, &RowsHeader::sortRequested, this, &GridView::sortRequested);
    connect(m_header, &RowsHeader::menuRequested, this, &GridView::headerMenuRequested);
}

void GridView::buildScrollHint()
{
    m_scrollHint->setObjectName(QStringLiteral("scrollHint"));
    m_scrollHint->setAttribute(Qt::WA_TransparentForMouseEvents);
    m_scrollHint->setAutoFillBackground(true);
    m_scrollHint->setFrameShape(QFrame::Box);
    m_scrollHint->setMargin(Spacing::unit / 2);
    m_scrollHint->setTextFormat(Qt::PlainText);
    m_scrollHint->hide();
    connect(verticalScrollBar(), &QScrollBar::sliderMoved, this, &GridView::showScrollHint);
    connect(verticalScrollBar(), &QScrollBar::sliderReleased, m_scrollHint, &QWidget::hide);
}

void GridView::setModel(QAbstractItemModel *model)
{
    for (const QMetaObject::Connection &connection : std::as_const(m_modelConnections)) {
        disconnect(connection);
    }
    m_modelConnections.clear();
    QAbstractItemView::setModel(model);
    m_header->setModel(model);
    if (model) {
        connectModel();
    }
    updateLooks();
    m_filterRow->rebuild();
    updateGeometries();
    tellVisibleRows(true);
}

void GridView::connectModel()
{
    const auto changed = [this] {
        updateLooks();
        updateGeometries();
        viewport()->update();
        m_numbers->update();
        m_tell.start();
    };
    const auto remember = [this] { m_placeBefore = verticalScrollBar()->value(); };
    m_modelConnections += connect(model(), &QAbstractItemModel::rowsAboutToBeRemoved, this, remember);
    m_modelConnections += connect(model(), &QAbstractItemModel::rowsRemoved, this, changed);
    m_modelConnections += connect(model(), &QAbstractItemModel::layoutChanged, this, changed);
    m_modelConnections += connect(model(), &QAbstractItemModel::columnsInserted, this, changed);
    m_modelConnections += connect(model(), &QAbstractItemModel::columnsRemoved, this, changed);
    m_modelConnections += connect(model(), &QAbstractItemModel::headerDataChanged, this, [this] {
        updateLooks();
        m_filterRow->rebuild();
    });
    // What is typed is staged before its row goes.
    m_modelConnections += connect(model(), &QAbstractItemModel::modelAboutToBeReset, this, &GridView::commitEditor);
    if (auto *rows = qobject_cast<RowsModel *>(model())) {
        m_modelConnections += connect(this, &GridView::visibleRowsChanged, rows, &RowsModel::setVisibleRows);
        m_modelConnections += connect(rows, &RowsModel::rowsMoved, this, &GridView::moveRows);
        m_modelConnections +=
            connect(rows, &RowsModel::sortChanged, this, [this, rows] { m_header->setSort(rows->sort()); });
        m_header->setSort(rows->sort());
    }
}

void GridView::reset()
{
    m_copier = nullptr;
    m_hover = QPersistentModelIndex();
    const int column = m_lastColumn;
    QAbstractItemView::reset();
    verticalScrollBar()->setValue(0); // another order or filter: its first rows
    m_lastColumn = column;
    m_anchorRow = 0;
    m_anchorColumn = 0;
    updateLooks();
    m_filterRow->rebuild();
    updateGeometries();
    m_numbers->update();
    m_tell.start();
}

int GridView::rowTotal() const
{
    return model() ? model()->rowCount() : 0;
}

int GridView::columnTotal() const
{
    return model() ? model()->columnCount() : 0;
}

int GridView::fullRows() const
{
    return qMax(1, viewport()->height() / m_rowHeight);
}

int GridView::firstVisibleRow() const
{
    const int rows = rowTotal();
    return rows == 0 ? -1 : qBound(0, verticalScrollBar()->value(), rows - 1);
}

int GridView::lastVisibleRow() const
{
    const int first = firstVisibleRow();
    if (first < 0) {
        return -1;
    }
    const int shown = (viewport()->height() + m_rowHeight - 1) / m_rowHeight;
    return int(qMin<qint64>(qint64(first) + qMax(1, shown) - 1, rowTotal() - 1));
}

int GridView::rowAt(int y) const
{
    const int first = firstVisibleRow();
    if (first < 0 || y < 0) {
        return -1;
    }
    const qint64 row = qint64(first) + y / m_rowHeight;
    return row < rowTotal() ? int(row) : -1;
}

QRect GridView::visualRect(const QModelIndex &index) const
{
    if (!index.isValid()) {
        return {};
    }
    // Of rows far away only the direction matters: pixels of ten million rows would not fit an int in the end.
    constexpr qint64 far = 1 << 24;
    const qint64 y = (qint64(index.row()) - verticalScrollBar()->value()) * m_rowHeight;
    return {m_header->sectionViewportPosition(index.column()), int(qBound(-far, y, far)),
            m_header->sectionSize(index.column()), m_rowHeight};
}

QModelIndex GridView::indexAt(const QPoint &point) const
{
    const int row = rowAt(point.y());
    const int column = m_header->logicalIndexAt(point.x());
    return row < 0 || column < 0 ? QModelIndex() : model()->index(row, column);
}

int GridView::horizontalOffset() const
{
    return m_header->offset();
}

int GridView::verticalOffset() const
{
    return 0; // the base class adds it to positions only to take it off again
}

bool GridView::isIndexHidden(const QModelIndex &index) const
{
    return m_header->isSectionHidden(index.column());
}

QSize GridView::sizeHint() const
{
    constexpr int columns = 80;
    constexpr int rows = 20;
    return {columns * fontMetrics().averageCharWidth(), rows * m_rowHeight};
}

void GridView::updateRowHeight()
{
    constexpr int margin = 10;
    m_rowHeight = qMax(Spacing::row, fontMetrics().height() + margin);
    m_delegate->setFont(font());
    viewport()->update();
}

void GridView::setFilterRowVisible(bool isVisible)
{
    m_filterRow->setVisible(isVisible);
    updateGeometries();
}

bool GridView::isFilterRowVisible() const
{
    return !m_filterRow->isHidden();
}

void GridView::placeChildren()
{
    const int header = m_header->sizeHint().height();
    const int filter = m_filterRow->isHidden() ? 0 : m_filterRow->sizeHint().height();
    const int gutter = m_numbers->neededWidth();
    setViewportMargins(gutter, header + filter, 0, 0);
    const QRect shown = viewport()->geometry();
    const int top = shown.top() - header - filter;
    m_header->setGeometry(shown.left(), top, shown.width(), header);
    m_filterRow->setGeometry(shown.left(), top + header, shown.width(), filter);
    m_numbers->setGeometry(shown.left() - gutter, shown.top(), gutter, shown.height());
    m_corner->setGeometry(shown.left() - gutter, top, gutter, header + filter);
}

void GridView::updateBars()
{
    const int rows = rowTotal();
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setPageStep(fullRows());
    verticalScrollBar()->setRange(0, qMax(0, rows - viewport()->height() / m_rowHeight));
    constexpr int step = 20;
    horizontalScrollBar()->setSingleStep(step);
    horizontalScrollBar()->setPageStep(viewport()->width());
    horizontalScrollBar()->setRange(0, qMax(0, m_header->length() - viewport()->width()));
    m_header->setOffset(horizontalScrollBar()->value());
}

void GridView::updateGeometries()
{
    if (m_isPlacing || !m_numbers) {
        return;
    }
    m_isPlacing = true;
    placeChildren();
    updateBars();
    m_filterRow->align();
    QAbstractItemView::updateGeometries();
    m_isPlacing = false;
}

void GridView::resizeEvent(QResizeEvent *event)
{
    QAbstractItemView::resizeEvent(event);
    updateGeometries();
    tellVisibleRows(false);
}

void GridView::changeEvent(QEvent *event)
{
    QAbstractItemView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateRowHeight();
        updateGeometries();
    }
}

} // namespace Roost
