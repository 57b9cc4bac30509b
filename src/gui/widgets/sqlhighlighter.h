#pragma once

#include <QSyntaxHighlighter>
#include <QTextCharFormat>

namespace Roost {

/// Keywords, strings, numbers and comments of SQL in the theme's colours. What stands between dollar quotes is a
/// function's source, and is shown as such. Follows the theme.
class SqlHighlighter : public QSyntaxHighlighter
{
    Q_OBJECT

public:
    explicit SqlHighlighter(QTextDocument *document);

protected:
    void highlightBlock(const QString &text) override;

private:
    void takeColors();
    /// The end of a string or comment that began at or before `from`; the block's end when it goes on.
    qsizetype stringEnd(const QString &text, qsizetype from, QChar quote) const;
    qsizetype commentEnd(const QString &text, qsizetype from, int &depth) const;

    QTextCharFormat m_keyword;
    QTextCharFormat m_string;
    QTextCharFormat m_number;
    QTextCharFormat m_quote; ///< the dollars around a function's source
    QTextCharFormat m_comment;
};

} // namespace Roost
