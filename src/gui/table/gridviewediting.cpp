#include "gui/table/celldelegate.h"
#include "gui/table/gridview.h"
#include "gui/table/rowsheader.h"
#include "models/rowsmodel.h"

#include <QApplication>
#include <QClipboard>
#include <QElapsedTimer>
#include <QTimer>

namespace Roost {

bool GridView::isEditing() const
{
    return !m_delegate->editors().isEmpty();
}

bool GridView::commitEditor()
{
    const QList<QWidget *> open = m_delegate->editors();
    for (QWidget *editor : open) {
        commitData(editor);
        closeEditor(editor, QAbstractItemDelegate::NoHint);
    }
    return !isEditing();
}

void GridView::closeEditor(QWidget *editor, QAbstractItemDelegate::EndEditHint hint)
{
    const QModelIndex cell = m_delegate->cellOf(editor);
    const bool isGivenUp = hint == QAbstractItemDelegate::RevertModelCache;
    if (!isGivenUp && cell.isValid() && m_delegate->wasRefused(editor)) {
        return; // what is typed would be lost: it stays until it is right, or taken back
    }
    QAbstractItemView::closeEditor(editor, QAbstractItemDelegate::NoHint);
    if (m_isLeavingCell || cell != currentIndex()) {
        return;
    }
    switch (hint) {
    case QAbstractItemDelegate::EditNextItem:
        moveByTab(1);
        break;
    case QAbstractItemDelegate::EditPreviousItem:
        moveByTab(-1);
        break;
    case QAbstractItemDelegate::SubmitModelCache:
        moveTo(cell.row() + 1, cell.column(), false);
        break;
    default:
        break;
    }
}

/// An editor whose row is no longer in sight stages what is typed: its row may be dropped from memory soon.
void GridView::scrolledAway()
{
    const QList<QWidget *> open = m_delegate->editors();
    for (QWidget *editor : open) {
        const int row = m_delegate->cellOf(editor).row();
        if (row < firstVisibleRow() || row > lastVisibleRow()) {
            commitData(editor);
            closeEditor(editor, QAbstractItemDelegate::NoHint);
        }
    }
}

/// Copies piece by piece, so that many rows do not hold up the window.
class GridView::Copier : public QObject
{
public:
    Copier(GridView *view, bool withHeaders)
        : QObject(view)
        , m_view(view)
        , m_block(view->selectedBlock(mostRows))
        , m_isBlock(view->selectionModel()->selection().size() <= 1)
    {
        connect(view->model(), &QAbstractItemModel::modelAboutToBeReset, this, &QObject::deleteLater);
        if (withHeaders) {
            QStringList names;
            for (const int column : std::as_const(m_block.columns)) {
                names += quoted(view->header()->columnName(column));
            }
            m_lines += names.join(u'\t');
        }
        view->m_copier = this;
        step();
    }

private:
    static constexpr int mostRows = 1000000;
    static constexpr qint64 slice = 8; // ms

    static QString quoted(QString text)
    {
        if (text.contains(u'\t') || text.contains(u'\n') || text.contains(u'\r') || text.contains(u'"')) {
            text.replace(QStringLiteral("\""), QStringLiteral("\"\""));
            text = u'"' + text + u'"';
        }
        return text;
    }

    void step()
    {
        if (m_view->m_copier != this) {
            deleteLater(); // another copy was asked for, or the rows are gone
            return;
        }
        QElapsedTimer clock;
        clock.start();
        while (m_next < m_block.rows.size() && clock.elapsed() < slice) {
            addRow(m_block.rows[m_next++]);
        }
        if (m_next < m_block.rows.size()) {
            QTimer::singleShot(0, this, [this] { step(); });
            return;
        }
        finish();
    }

    void addRow(int row)
    {
        const QAbstractItemModel *model = m_view->model();
        const QVariant loaded = model->index(row, 0).data(RowsModel::LoadedRole);
        if (loaded.isValid() && !loaded.toBool()) {
            ++m_missing;
            return;
        }
        QStringList cells;
        for (const int column : std::as_const(m_block.columns)) {
            const QModelIndex index = model->index(row, column);
            if (!m_isBlock && !m_view->selectionModel()->isSelected(index)) {
                cells += QString();
                continue;
            }
            m_shortened += index.data(RowsModel::ShortenedRole).toBool() ? 1 : 0;
            cells += quoted(index.data(RowsModel::FullTextRole).toString());
        }
        m_lines += cells.join(u'\t');
        ++m_rows;
    }

    void finish()
    {
        if (m_rows > 0) {
            QApplication::clipboard()->setText(m_lines.join(u'\n'));
        }
        m_view->m_copier = nullptr;
        emit m_view->copied(m_rows, m_missing, m_shortened);
        deleteLater();
    }

    GridView *m_view;
    Block m_block;
    bool m_isBlock;
    qsizetype m_next = 0;
    QStringList m_lines;
    qint64 m_rows = 0;
    qint64 m_missing = 0;
    qint64 m_shortened = 0;
};

void GridView::copySelection(bool withHeaders)
{
    if (rowTotal() == 0 || columnTotal() == 0) {
        return;
    }
    new Copier(this, withHeaders); // a child of ours that ends itself
}

} // namespace Roost
