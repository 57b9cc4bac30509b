#include "gui/connection/pastefield.h"

#include <QFontDatabase>
#include <QKeyEvent>
#include <QMimeData>

namespace Roost {

namespace {

constexpr qsizetype longestPaste = qsizetype(16) * 1024;

} // namespace

PasteField::PasteField(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setUndoRedoEnabled(false);
    setTabChangesFocus(true);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setWordWrapMode(QTextOption::WrapAnywhere);
    setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    setFixedHeight(fontMetrics().lineSpacing() * 3 + 20);
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_isMasked) {
            emit edited(toPlainText());
        }
    });
}

void PasteField::showMasked(const QString &text)
{
    m_isMasked = true;
    setPlainText(text);
    moveCursor(QTextCursor::End);
}

void PasteField::paste(const QString &text)
{
    startAnew();
    setPlainText(text.left(longestPaste));
    emit settled();
}

void PasteField::showRaw(const QString &text)
{
    startAnew();
    setPlainText(text);
    moveCursor(QTextCursor::End);
    setFocus();
}

void PasteField::startAnew()
{
    if (m_isMasked) {
        m_isMasked = false;
        clear();
    }
}

void PasteField::insertFromMimeData(const QMimeData *source)
{
    startAnew();
    textCursor().insertText(source->text().left(longestPaste));
    emit settled();
}

bool PasteField::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasText();
}

void PasteField::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        emit settled();
        event->ignore(); // the dialog's default button
        return;
    }
    const bool erases =
        event->key() == Qt::Key_Backspace || event->key() == Qt::Key_Delete || event->matches(QKeySequence::Cut);
    const bool types = !event->text().isEmpty() && event->text().front().isPrint();
    if (m_isMasked && (erases || types)) {
        startAnew();
        if (erases) {
            emit edited({});
            return;
        }
    }
    QPlainTextEdit::keyPressEvent(event);
}

void PasteField::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    if (!m_isMasked && event->reason() != Qt::PopupFocusReason && event->reason() != Qt::ActiveWindowFocusReason) {
        emit settled();
    }
}

QMimeData *PasteField::createMimeDataFromSelection() const
{
    // What is pasted here holds a password: it goes in, never out by the selection or a drag.
    return m_isMasked ? QPlainTextEdit::createMimeDataFromSelection() : new QMimeData;
}

} // namespace Roost
