#pragma once

#include <QString>

#include <vector>

namespace Roost {

/// A text as a QTextDocument can show it, with the way back. A document turns every line end into its own sign and lays
/// out a long line as a whole, which takes seconds; here each character that is shown stands for exactly what was in
/// the text, and long lines are cut where they are shown and nowhere else. What the user does not touch comes back as
/// it was, byte for byte.
class ExactText
{
public:
    static constexpr qsizetype longestLine = 4000; ///< longer ones are shown in pieces of half of it

    void setText(const QString &exact);
    /// As QTextDocument::toRawText(): lines end with U+2029.
    const QString &shown() const { return m_shown; }
    /// What the user made of shown(); nothing changed before `from`. (Without it, two like line ends side by side could
    /// be taken for each other.)
    void edit(const QString &shown, qsizetype from);
    /// Puts an exact text in place of a part of shown(); returns what is then shown there.
    QString replace(qsizetype from, qsizetype to, const QString &exact);
    QString exact() const;
    /// The place in shown() where this place of the exact text is.
    qsizetype shownPosition(qsizetype exactPosition) const;

private:
    /// A character of m_shown that stands for something else than itself or a line end.
    struct Special
    {
        qsizetype at = 0;
        QString exact; ///< empty: a line cut for showing
    };
    void take(const QString &exact);
    void append(QStringView line);
    void addSpecial(QChar shown, const QString &exact);

    QString m_shown;
    QString m_lineEnd = QStringLiteral("\n"); ///< of the lines that are no specials, and of new ones
    std::vector<Special> m_specials;          ///< by their place
};

} // namespace Roost
