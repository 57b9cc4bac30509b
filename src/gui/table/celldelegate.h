#pragma once

#include "gui/theme/colors.h"
#include "models/rowsmodel.h"

#include <QFont>
#include <QFontMetrics>
#include <QHash>
#include <QStyledItemDelegate>

namespace Roost {

/// Paints a grid's cells and opens their editors. Asks the model once a cell (multiData()), and for what belongs to a
/// column or a row not at all: the view says it.
class CellDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit CellDelegate(QObject *parent = nullptr);

    /// What the view knows of a cell before the model is asked.
    struct Frame
    {
        QRect rect;
        bool isLoaded = true;
        bool isSelected = false;
        bool isNumeric = false;
        bool isBoolean = false;
        bool isUnderPointer = false;
        bool hasLink = false;
        bool isFollowing = false; ///< Ctrl is down: a click follows the link
    };
    void paintCell(QPainter *painter, const Frame &frame, const QModelIndex &index) const;
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    /// Width that a cell needs, without its frame's least width.
    int textWidth(const QModelIndex &index) const;
    void setFont(const QFont &font);
    void setFindText(const QString &text) { m_findText = text; }
    /// Where a link's sign stands in its cell: a click on it follows the link.
    static QRect linkRect(const QRect &cell, bool isNumeric);
    static constexpr int padding = 9; ///< at the left and right of a cell's text

    QWidget *createEditor(QWidget *parent, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    void destroyEditor(QWidget *editor, const QModelIndex &index) const override;
    /// Once an editor: what is typed stays when pages arrive.
    void setEditorData(QWidget *editor, const QModelIndex &index) const override;
    void setModelData(QWidget *editor, QAbstractItemModel *model, const QModelIndex &index) const override;
    void updateEditorGeometry(QWidget *editor, const QStyleOptionViewItem &option,
                              const QModelIndex &index) const override;
    bool helpEvent(QHelpEvent *event, QAbstractItemView *view, const QStyleOptionViewItem &option,
                   const QModelIndex &index) override;

    /// What is open, with what was stored last.
    QList<QWidget *> editors() const { return m_editors.keys(); }
    bool wasRefused(QWidget *editor) const { return m_editors.value(editor).isRefused; }
    /// The cell that an editor is of.
    QModelIndex cellOf(QWidget *editor) const;

signals:
    void largeEditWanted(const QModelIndex &cell) const; ///< Shift+Enter in an editor, which is closed by then

protected:
    bool eventFilter(QObject *object, QEvent *event) override;

private:
    struct Editor
    {
        QPersistentModelIndex index;
        bool isLoaded = false;
        bool isRefused = false;
    };
    struct Cell
    {
        QString text;
        bool isNull = false;
        bool isShortened = false;
        bool isDefault = false;
        bool isRefused = false;
        RowsModel::CellState state = RowsModel::CellState::Plain;
    };
    Cell read(const QModelIndex &index) const;
    void paintText(QPainter *painter, const Frame &frame, const Cell &cell) const;
    void paintMatches(QPainter *painter, const QRectF &text, const QString &shown) const;

    QFont m_font;
    QFont m_italic;
    QFontMetrics m_metrics;
    QFontMetrics m_italicMetrics;
    QString m_findText;
    mutable QHash<QWidget *, Editor> m_editors;
};

} // namespace Roost
