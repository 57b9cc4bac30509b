#pragma once

#include <QByteArray>
#include <QString>

#include <array>
#include <vector>

namespace Roost {

/// A text to look for, upper and lower case alike, in UTF-8 as it lies in memory: a search through all rows in memory
/// makes no text of a cell.
class FoldedText
{
public:
    explicit FoldedText(const QString &text);
    bool isEmpty() const { return m_characters.empty(); }
    bool isIn(QByteArrayView utf8) const;
    /// Of a very long text, the first million characters: the window must not wait for the rest.
    bool isIn(const QString &text) const
    {
        return QStringView(text).left(1'000'000).contains(m_text, Qt::CaseInsensitive);
    }

private:
    struct Character
    {
        QByteArray lower;
        QByteArray upper;
    };
    bool isAt(const char *at, const char *end) const;

    QString m_text;
    std::vector<Character> m_characters;
    std::array<bool, 256> m_begins{}; ///< bytes that a match can begin with
};

} // namespace Roost
