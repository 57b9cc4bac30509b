#include "gui/table/editors/exacttextedit.h"

#include <QMimeData>
#include <QScopedValueRollback>
#include <QTextBlock>

#include <algorithm>
#include <limits>
#include <utility>

namespace Roost {

ExactTextEdit::ExactTextEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setTabChangesFocus(true); // the keyboard gets out again
    setCenterOnScroll(false);
    m_changedFrom = std::numeric_limits<int>::max();
    connect(document(), &QTextDocument::contentsChange, this,
            [this](int from) { m_changedFrom = std::min(m_changedFrom, from); });
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
    const int from = std::exchange(m_changedFrom, std::numeric_limits<int>::max());
    if (m_isShowing) {
        return;
    }
    const QString raw = document()->toRawText();
    if (raw == m_text.shown()) {
        return; // only its looks changed
    }
    m_text.edit(raw, from);
    emit editedByUser();
}

void ExactTextEdit::goTo(qsizetype exactPosition)
{
    QTextCursor cursor(document());
    cursor.setPosition(int(std::min<qsizetype>(m_text.shownPosition(exactPosition), document()->characterCount() - 1)));
    setTextCursor(cursor);
    ensureCursorVisible();
}

void ExactTextEdit::insert(QTextCursor cursor, const QString &text)
{
    const int from = cursor.selectionStart();
    QString plain = m_text.replace(from, cursor.selectionEnd(), text);
    std::replace(plain.begin(), plain.end(), QChar(QChar::ParagraphSeparator), QChar(u'\n'));
    {
        const QScopedValueRollback showing(m_isShowing, true);
        cursor.insertText(plain);
    }
    if (document()->toRawText() != m_text.shown()) {
        follow(); // cannot be; what is seen counts
        return;
    }
    emit editedByUser();
}

void ExactTextEdit::replaceAll(const QString &text)
{
    QTextCursor cursor(document());
    cursor.select(QTextCursor::Document);
    insert(cursor, text);
}

void ExactTextEdit::insertFromMimeData(const QMimeData *source)
{
    const QString pasted = source->text();
    if (m_text.shown().size() + pasted.size() > mostEditable) {
        emit pastedTooMuch(pasted.size());
    } else if (source->hasText()) {
        insert(textCursor(), pasted);
        ensureCursorVisible();
    }
}

} // namespace Roost
