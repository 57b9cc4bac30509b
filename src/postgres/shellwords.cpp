#include "postgres/shellwords.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace Roost {

namespace {

struct ShellText
{
    Q_DECLARE_TR_FUNCTIONS(ShellText)
};

class ShellWordReader
{
public:
    explicit ShellWordReader(const QString &line)
        : m_line(line)
    {
    }

    Result<QStringList> read()
    {
        while (m_at < m_line.size() && m_problem.isEmpty()) {
            step(m_line.at(m_at));
        }
        if (m_problem.isEmpty() && !m_quote.isNull()) {
            m_problem = ShellText::tr("A quote in the command is not closed. Copy the whole command and try again.");
        }
        if (!m_problem.isEmpty()) {
            return failure(ErrorCode::InvalidInput, m_problem);
        }
        endWord();
        return m_words;
    }

private:
    void step(QChar c)
    {
        if (m_quote == u'\'') {
            c == u'\'' ? endQuote() : take(c);
        } else if (c == u'\\') {
            escape();
        } else if (changesInShell(c)) {
            m_problem = ShellText::tr("The command refers to a variable or another command of your shell, which Roost "
                                      "cannot know. Write its value in its place and try again.");
        } else if (m_quote == u'"') {
            c == u'"' ? endQuote() : take(c);
        } else if (c == u'\'' || c == u'"') {
            m_quote = c;
            m_hasWord = true;
            ++m_at;
        } else if (c.isSpace()) {
            endWord();
            ++m_at;
        } else if (QStringView(u";|<>").contains(c)) {
            m_problem = ShellText::tr("There is more than one command in the text. Paste only the psql command.");
        } else {
            take(c);
        }
    }

    bool changesInShell(QChar c) const
    {
        if (c == u'`') {
            return true;
        }
        const QChar next = m_at + 1 < m_line.size() ? m_line.at(m_at + 1) : QChar();
        return c == u'$' && (next.isLetterOrNumber() || QStringView(u"_({").contains(next));
    }

    void escape()
    {
        if (m_at + 1 >= m_line.size()) {
            m_problem = ShellText::tr("The command ends in the middle. Copy the whole command and try again.");
            return;
        }
        const QChar next = m_line.at(m_at + 1);
        if (m_quote == u'"' && !QStringView(u"\"\\$`").contains(next)) {
            take(u'\\');
            return;
        }
        ++m_at;
        take(next);
    }

    void take(QChar c)
    {
        m_word += c;
        m_hasWord = true;
        ++m_at;
    }

    void endQuote()
    {
        m_quote = QChar();
        ++m_at;
    }

    void endWord()
    {
        if (m_hasWord) {
            m_words += m_word;
        }
        m_word.clear();
        m_hasWord = false;
    }

    const QString &m_line;
    qsizetype m_at = 0;
    QChar m_quote;
    QString m_word;
    bool m_hasWord = false;
    QStringList m_words;
    QString m_problem;
};

} // namespace

Result<QStringList> splitShellWords(const QString &line)
{
    return ShellWordReader(line).read();
}

QString quoteShellWord(const QString &text)
{
    static const QRegularExpression plain(QStringLiteral(R"(\A[A-Za-z0-9_@%+:,./-]+\z)"));
    if (plain.match(text).hasMatch()) {
        return text;
    }
    QString quoted = text;
    quoted.replace(u'\'', QStringLiteral("'\\''"));
    return u'\'' + quoted + u'\'';
}

} // namespace Roost
