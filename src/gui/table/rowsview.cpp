#include "gui/table/rowsview.h"

#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "models/rowsmodel.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QStyledItemDelegate>

namespace Roost {

namespace {

/// NULL in italics and in the secondary colour.
class CellDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem *option, const QModelIndex &index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->textElideMode = Qt::ElideRight;
        if (index.data(RowsModel::NullRole).toBool()) {
            const Colors &colors = Theme::instance().colors();
            option->font.setItalic(true);
            option->palette.setColor(QPalette::Text, colors.subtle);
            option->palette.setColor(QPalette::HighlightedText, colors.selectionSubtle);
        }
    }
};

QString copied(const QModelIndex &index)
{
    QString text = index.data(RowsModel::FullTextRole).toString();
    if (text.contains(u'\t') || text.contains(u'\n') || text.contains(u'"')) {
        text.replace(QStringLiteral("\""), QStringLiteral("\"\""));
        text = u'"' + text + u'"';
    }
    return text;
}

} // namespace

RowsView::RowsView(QWidget *parent)
    : QTableView(parent)
    , m_header(new RowsHeader(this))
{
    setObjectName(QStringLiteral("rowsView"));
    setAccessibleName(tr("Rows"));
    setHorizontalHeader(m_header);
    setItemDelegate(new CellDelegate(this));
    setEditTriggers(NoEditTriggers);
    setWordWrap(false);
    setHorizontalScrollMode(ScrollPerPixel);
    setSelectionMode(ExtendedSelection);
    setFrameShape(NoFrame);
    setCornerButtonEnabled(true);
    setTabKeyNavigation(false);
    verticalHeader()->setObjectName(QStringLiteral("rowNumbers"));
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    verticalHeader()->setHighlightSections(false);
    updateRowHeight();
    connect(&Theme::instance(), &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

void RowsView::updateRowHeight()
{
    constexpr int margin = 10;
    verticalHeader()->setDefaultSectionSize(qMax(Spacing::row, fontMetrics().height() + margin));
}

void RowsView::changeEvent(QEvent *event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange) {
        updateRowHeight();
    }
}

void RowsView::fitColumns()
{
    constexpr int looked = 60;
    constexpr int padding = 30; // of cells, both sides, and some air
    constexpr int widest = 380;
    const QAbstractItemModel *rows = model();
    QFont italic = font();
    italic.setItalic(true);
    const QFontMetrics metrics(italic); // the wider of the two
    for (int column = 0; column < rows->columnCount(); ++column) {
        int width = m_header->widthFor(column);
        for (int row = 0; row < qMin(looked, rows->rowCount()); ++row) {
            const QString text = rows->index(row, column).data(Qt::DisplayRole).toString();
            width = qMax(width, metrics.horizontalAdvance(text) + padding);
        }
        setColumnWidth(column, qMin(width, qMax(widest, m_header->widthFor(column))));
    }
}

void RowsView::copySelection(bool withHeaders)
{
    QModelIndexList indexes = selectionModel()->selectedIndexes();
    std::sort(indexes.begin(), indexes.end());
    QList<int> columns;
    for (const QModelIndex &index : std::as_const(indexes)) {
        if (!columns.contains(index.column())) {
            columns += index.column();
        }
    }
    std::sort(columns.begin(), columns.end());
    QStringList lines;
    if (withHeaders) {
        QStringList names;
        for (const int column : std::as_const(columns)) {
            names += model()->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        }
        lines += names.join(u'\t');
    }
    int row = -1;
    QStringList cells;
    const auto finishLine = [&] {
        if (row >= 0) {
            lines += cells.join(u'\t');
        }
    };
    for (const QModelIndex &index : std::as_const(indexes)) {
        if (index.row() != row) {
            finishLine();
            row = index.row();
            cells = QStringList(columns.size());
        }
        cells[columns.indexOf(index.column())] = copied(index);
    }
    finishLine();
    if (!lines.isEmpty()) {
        QApplication::clipboard()->setText(lines.join(u'\n'));
    }
}

void RowsView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection(false);
        return;
    }
    if (event->keyCombination() == QKeyCombination(Qt::ControlModifier | Qt::ShiftModifier, Qt::Key_C)) {
        copySelection(true);
        return;
    }
    QTableView::keyPressEvent(event);
}

} // namespace Roost
