#include "operations/migrationdocument.h"

#include <QRegularExpression>

namespace Roost {

namespace {

const QString newLine = QStringLiteral("\n");

/// On one line, with nothing in it that Markdown takes for markup.
QString escaped(const QString &text)
{
    static const QRegularExpression special(
        QStringLiteral(R"(([\\`*\[\]<>|~&]|^#|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])))"));
    return text.simplified().replace(special, QStringLiteral(R"(\\1)"));
}

QString lineOf(const QStringList &cells)
{
    QStringList texts;
    for (const QString &cell : cells) {
        texts += escaped(cell);
    }
    return QStringLiteral("| ") + texts.join(QStringLiteral(" | ")) + QStringLiteral(" |\n");
}

QString rowOf(const QStringList &cells, const QString &tag)
{
    QString row = QStringLiteral("<tr>");
    for (const QString &cell : cells) {
        row +=
            u'<' + tag + QStringLiteral(" align=\"left\">") + cell.toHtmlEscaped() + QStringLiteral("</") + tag + u'>';
    }
    return row + QStringLiteral("</tr>\n");
}

const QString head = QStringLiteral(
    "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"><title>%1</title>\n<style>\n"
    "body { font-family: sans-serif; line-height: 1.45; max-width: 46em; margin: 2em auto; padding: 0 1em; }\n"
    "h1 { font-size: 1.6em; } h2 { font-size: 1.25em; margin-top: 1.4em; } h3 { font-size: 1.05em; margin-bottom: "
    "0.2em; "
    "}\n"
    "p { margin: 0.4em 0; }\n"
    "table { border-collapse: collapse; margin: 0.5em 0; } th, td { padding: 3px 12px 3px 0; }\n"
    ".notice { border-left: 3px solid #b3541e; padding-left: 10px; }\n"
    "@media print { body { margin: 0; max-width: none; } h2, h3 { page-break-after: avoid; } "
    "tr, li { page-break-inside: avoid; } }\n"
    "</style></head><body>\n<h1>%1</h1>\n");

} // namespace

void MigrationDocument::addHeading(const QString &text, int level)
{
    m_blocks += Block{Block::Kind::Heading, level, text, {}, {}};
}

void MigrationDocument::addParagraph(const QString &text)
{
    m_blocks += Block{Block::Kind::Paragraph, 0, text, {}, {}};
}

void MigrationDocument::addNotice(const QString &text)
{
    m_blocks += Block{Block::Kind::Notice, 0, text, {}, {}};
}

void MigrationDocument::addList(const QStringList &items, bool isNumbered)
{
    if (!items.isEmpty()) {
        m_blocks += Block{isNumbered ? Block::Kind::Numbered : Block::Kind::List, 0, {}, items, {}};
    }
}

void MigrationDocument::addTable(const QStringList &head, const QList<QStringList> &rows)
{
    if (!rows.isEmpty()) {
        m_blocks += Block{Block::Kind::Table, 0, {}, head, rows};
    }
}

QString MigrationDocument::markdownOf(const Block &block)
{
    QString text;
    switch (block.kind) {
    case Block::Kind::Heading:
        return QString(block.level, u'#') + u' ' + escaped(block.text) + newLine;
    case Block::Kind::Paragraph:
        return escaped(block.text) + newLine;
    case Block::Kind::Notice:
        return QStringLiteral("> ") + escaped(block.text) + newLine;
    case Block::Kind::List:
        for (const QString &item : block.items) {
            text += QStringLiteral("- ") + escaped(item) + newLine;
        }
        return text;
    case Block::Kind::Numbered:
        for (int i = 0; i < block.items.size(); ++i) {
            text += QString::number(i + 1) + QStringLiteral(". ") + escaped(block.items.at(i)) + newLine;
        }
        return text;
    case Block::Kind::Table:
        text = lineOf(block.items) + u'|' + QStringLiteral(" --- |").repeated(block.items.size()) + newLine;
        for (const QStringList &row : block.rows) {
            text += lineOf(row);
        }
        return text;
    }
    return text;
}

QString MigrationDocument::htmlOf(const Block &block)
{
    const QString level = QString::number(block.level);
    const QString text = block.text.toHtmlEscaped();
    switch (block.kind) {
    case Block::Kind::Heading:
        return QStringLiteral("<h%1>").arg(level) + text + QStringLiteral("</h%1>\n").arg(level);
    case Block::Kind::Paragraph:
        return QStringLiteral("<p>") + text + QStringLiteral("</p>\n");
    case Block::Kind::Notice:
        return QStringLiteral("<p class=\"notice\"><b>") + text + QStringLiteral("</b></p>\n");
    case Block::Kind::List:
    case Block::Kind::Numbered: {
        const QString tag = block.kind == Block::Kind::List ? QStringLiteral("ul") : QStringLiteral("ol");
        QString items;
        for (const QString &item : block.items) {
            items += QStringLiteral("<li>") + item.toHtmlEscaped() + QStringLiteral("</li>\n");
        }
        return u'<' + tag + QStringLiteral(">\n") + items + QStringLiteral("</") + tag + QStringLiteral(">\n");
    }
    case Block::Kind::Table: {
        QString rows = rowOf(block.items, QStringLiteral("th"));
        for (const QStringList &row : block.rows) {
            rows += rowOf(row, QStringLiteral("td"));
        }
        return QStringLiteral("<table cellpadding=\"4\">\n") + rows + QStringLiteral("</table>\n");
    }
    }
    return {};
}

QString MigrationDocument::markdown() const
{
    QString text = QStringLiteral("# ") + escaped(m_title) + newLine;
    for (const Block &block : m_blocks) {
        text += newLine + markdownOf(block);
    }
    return text;
}

QString MigrationDocument::html() const
{
    QString text = head;
    text.replace(QStringLiteral("%1"), m_title.toHtmlEscaped());
    for (const Block &block : m_blocks) {
        text += htmlOf(block);
    }
    return text + QStringLiteral("</body></html>\n");
}

} // namespace Roost
