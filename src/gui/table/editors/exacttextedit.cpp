#include "gui/table/editors/exacttextedit.h"

#include <QMimeData>
#include <QScopedValueRollback>
#include <QTextBlock>

#include <algorithm>

namespace Roost {

namespace {

bool hasLongLine(const QString &text)
{
    qsizetype start = 0;
    while (start < text.size()) {
        const qsizetype end = text.indexOf(u'\n', start);
        if ((end < 0 ? text.size() : end) - start > ExactText::longestLine) {
            return true;
        }
        if (end < 0) {
            return false;
        }
        start = end + 1;
    }
    return false;
}

} // namespace

ExactTextEdit::ExactTextEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setTabChangesFocus(true); // the keyboard gets out again
    setCenterOnScroll(false);
    connect(this, &QPlainTextEdit::textChanged, this, &ExactTextEdit::follow);
}

void ExactTextEdit::setExact(const QString &text)
{
    const QScopedValueRollback showing(m_isShowing, true);
    m_text.setText(text);
    QString plain = m_text.shown();
    std::replace(plain.begin(), plain.end(), QChar(QChar::ParagraphSeparator), QChar(u'\n'));
    setPlainText(plain);
}

QString ExactTextEdit::exact() const
{
    return m_text.exact();
}

void ExactTextEdit::follow()
{
    if (m_isShowing) {
        return;
    }
    const QString raw = document()->toRawText();
    if (raw == m_text.shown()) {
        return; // only its looks changed
    }
    m_text.edit(raw);
    emit editedByUser();
}

void ExactTextEdit::goTo(qsizetype exactPosition)
{
    QTextCursor cursor(document());
    cursor.setPosition(int(std::min<qsizetype>(m_text.shownPosition(exactPosition), document()->characterCount() - 1)));
    setTextCursor(cursor);
    ensureCursorVisible();
}

void ExactTextEdit::replaceAll(const QString &text)
{
    if (hasLongLine(text)) {
        setExact(text);
        emit editedByUser();
        return;
    }
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    cursor.insertText(text);
}

void ExactTextEdit::insertFromMimeData(const QMimeData *source)
{
    const QString pasted = source->text();
    if (m_text.shown().size() + pasted.size() > mostEditable) {
        emit pastedTooMuch(pasted.size());
        return;
    }
    if (!hasLongLine(pasted)) {
        QPlainTextEdit::insertFromMimeData(source);
        return;
    }
    // Its layout would take too long: shown in pieces, at the price of the history.
    const QTextCursor cursor = textCursor();
    const qsizetype from = m_text.exactPosition(cursor.selectionStart());
    const qsizetype to = m_text.exactPosition(cursor.selectionEnd());
    const QString whole = m_text.exact();
    setExact(whole.left(from) + pasted + whole.mid(to));
    goTo(from + pasted.size());
    emit editedByUser();
}

} // namespace Roost
