#include "gui/table/editors/textcelleditor.h"

#include "gui/table/editors/exacttextedit.h"
#include "gui/table/editors/valuekind.h"
#include "gui/theme/theme.h"

#include <QKeyEvent>
#include <QTextBlock>
#include <QVBoxLayout>

namespace Roost {

namespace {
constexpr int mostLines = 10;
constexpr int textMargin = 2;
constexpr qsizetype measured = 1000; ///< characters of a line
constexpr int roomy = 320;           ///< the width of a text that does not fit its cell
} // namespace

TextCellEditor::TextCellEditor(RowsModel *model, const QModelIndex &index, QWidget *parent)
    : CellEditor(model, index, parent)
    , m_text(new ExactTextEdit(this))
{
    m_text->setObjectName(QStringLiteral("cellText"));
    m_text->setAccessibleName(column().name);
    m_text->setFrameShape(QFrame::NoFrame);
    m_text->setStyleSheet(QStringLiteral("border: none; border-radius: 0; background: transparent; padding: 0;"));
    m_text->document()->setDocumentMargin(textMargin);
    m_text->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_text->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::unit / 2, 1, 1, 1);
    layout->addWidget(m_text);
    addPart(m_text);
    connect(m_text, &ExactTextEdit::editedByUser, this, [this] {
        showNull(false);
        edited();
        grow();
    });
}

CellValue TextCellEditor::value() const
{
    return m_isNull ? CellValue() : CellValue(m_text->exact());
}

void TextCellEditor::showValue(const CellValue &value)
{
    m_text->setExact(value.value_or(QString()));
    m_text->selectAll();
    showNull(!value);
    grow();
}

void TextCellEditor::setNull()
{
    m_text->setExact(QString());
    showNull(true);
    grow();
}

void TextCellEditor::showNull(bool isNull)
{
    m_isNull = isNull;
    QFont font = m_text->font();
    if (font.italic() != isNull) {
        font.setItalic(isNull);
        m_text->setFont(font);
    }
    m_text->viewport()->setFont(font); // in which the place holder is drawn
    m_text->setPlaceholderText(isNull ? QStringLiteral("NULL") : mayBeEmptyText(column()) ? tr("empty") : QString());
}

bool TextCellEditor::takeEnter(const QKeyEvent *event)
{
    const Qt::KeyboardModifiers modifiers = event->modifiers() & ~Qt::KeypadModifier;
    const bool isLine = modifiers == Qt::AltModifier || (modifiers == Qt::NoModifier && m_text->hasLines());
    if (isLine) {
        m_text->insertPlainText(QStringLiteral("\n"));
        m_text->ensureCursorVisible();
    }
    return isLine;
}

QSize TextCellEditor::wantedSize(const QSize &cell, const QSize &room)
{
    const QFontMetrics metrics(m_text->font());
    const int lineHeight = metrics.lineSpacing();
    const QMargins margins = layout()->contentsMargins();
    const QString beginning = m_text->document()->firstBlock().text().left(measured);
    const bool fits =
        !m_text->hasLines() && metrics.horizontalAdvance(beginning) < cell.width() - 4 * textMargin - margins.left();
    const int width = fits ? cell.width() : qMax(cell.width(), qMin(roomy, room.width()));
    // Lines as they are wrapped at this width; not all of them need be laid out for that.
    int lines = 0;
    const int inner = qMax(1, width - margins.left() - margins.right() - 2 * textMargin);
    for (QTextBlock block = m_text->document()->firstBlock(); block.isValid() && lines < mostLines;
         block = block.next()) {
        lines += 1 + metrics.horizontalAdvance(block.text().left(measured)) / inner;
    }
    lines = qBound(1, lines, mostLines);
    const int wanted = lines * lineHeight + 2 * textMargin + margins.top() + margins.bottom() + 2;
    const int space = fits ? qMax(0, (cell.height() - lineHeight - 2 * textMargin - 2) / 2) : 1;
    layout()->setContentsMargins(margins.left(), space, margins.right(), 1);
    m_text->setVerticalScrollBarPolicy(lines == mostLines ? Qt::ScrollBarAsNeeded : Qt::ScrollBarAlwaysOff);
    return {width, qMax(cell.height(), qMin(wanted, room.height()))};
}

} // namespace Roost
