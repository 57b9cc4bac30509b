#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// A page of headings, paragraphs, lists and tables, written once and given as Markdown or HTML. What is put in is
/// plain text: whatever looks like markup in it stays text in both.
class MigrationDocument
{
public:
    explicit MigrationDocument(QString title)
        : m_title(std::move(title))
    {
    }

    void addHeading(const QString &text, int level = 2);
    void addParagraph(const QString &text);
    void addNotice(const QString &text); ///< stands out
    void addList(const QStringList &items, bool isNumbered = false);
    void addTable(const QStringList &head, const QList<QStringList> &rows);

    [[nodiscard]] QString markdown() const;
    /// With everything in it: no style sheet, picture or script from elsewhere. For QTextBrowser, browsers and paper.
    [[nodiscard]] QString html() const;

private:
    struct Block
    {
        enum class Kind { Heading, Paragraph, Notice, List, Numbered, Table };
        Kind kind = Kind::Paragraph;
        int level = 0;
        QString text;
        QStringList items; ///< or the head of a table
        QList<QStringList> rows;
    };
    static QString markdownOf(const Block &block);
    static QString htmlOf(const Block &block);

    QString m_title;
    QList<Block> m_blocks;
};

} // namespace Roost
