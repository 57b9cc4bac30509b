#include "cli/output.h"

#include "cli/terminal.h"

#include <algorithm>
#include <array>

namespace Roost {

namespace {

/// Rows that settle the widths of an aligned table.
constexpr qsizetype settlingRows = 500;
/// No column is padded to more; longer values simply stick out.
constexpr int widest = 200;

/// How many places a text takes: characters that stand on top of others take none.
int places(const QString &text)
{
    int count = 0;
    for (const QChar c : text) {
        const bool takesNone =
            c.isLowSurrogate() || c.category() == QChar::Mark_NonSpacing || c.category() == QChar::Mark_Enclosing;
        count += takesNone ? 0 : 1;
    }
    return count;
}

QByteArray jsonValue(const OutputCell &cell)
{
    switch (cell.kind) {
    case OutputCell::Kind::Null:
        return QByteArrayLiteral("null");
    case OutputCell::Kind::Number:
    case OutputCell::Kind::Boolean:
    case OutputCell::Kind::Json:
        return cell.text.toUtf8();
    case OutputCell::Kind::Text:
        break;
    }
    return jsonString(cell.text);
}

} // namespace

QByteArray jsonString(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    QByteArray json;
    json.reserve(utf8.size() + 2);
    json += '"';
    for (const char c : utf8) {
        if (c == '"' || c == '\\') {
            json += '\\';
            json += c;
        } else if (c == '\n') {
            json += "\\n";
        } else if (c == '\t') {
            json += "\\t";
        } else if (c == '\r') {
            json += "\\r";
        } else if (uchar(c) < 0x20 || c == 0x7f) {
            json += "\\u00" + QByteArray::number(uchar(c), 16).rightJustified(2, '0');
        } else {
            json += c;
        }
    }
    json += '"';
    return json;
}

QString sizeInWords(qint64 bytes)
{
    constexpr qint64 limit = 10'240;
    static const std::array<QString, 5> units{QStringLiteral("bytes"), QStringLiteral("kB"), QStringLiteral("MB"),
                                              QStringLiteral("GB"), QStringLiteral("TB")};
    size_t unit = 0;
    double amount = double(bytes);
    while (amount >= double(limit) && unit + 1 < units.size()) {
        amount /= 1024;
        ++unit;
    }
    return QStringLiteral("%1 %2").arg(qRound64(amount)).arg(units.at(unit));
}

RowOutput::RowOutput(Terminal &terminal, OutputFormat format, QList<OutputColumn> columns)
    : m_terminal(terminal)
    , m_format(format)
    , m_columns(std::move(columns))
{
}

bool RowOutput::add(const QList<OutputCell> &row)
{
    if (m_format == OutputFormat::Json) {
        return addJson(row);
    }
    QStringList texts;
    for (qsizetype i = 0; i < row.size(); ++i) {
        texts += shown(row.at(i), m_columns.at(i));
    }
    ++m_rows;
    if (!m_widths.isEmpty()) {
        return writeAligned(texts);
    }
    m_held += texts;
    return m_held.size() < settlingRows || writeHeld();
}

void RowOutput::end()
{
    if (m_format == OutputFormat::Json) {
        m_terminal.write(m_rows == 0 ? QByteArrayView("[]\n") : QByteArrayView("\n]\n"));
    } else if (m_widths.isEmpty()) {
        writeHeld();
    }
}

bool RowOutput::addJson(const QList<OutputCell> &row)
{
    QByteArray json = m_rows++ == 0 ? QByteArrayLiteral("[\n  {") : QByteArrayLiteral(",\n  {");
    for (qsizetype i = 0; i < row.size(); ++i) {
        json += i == 0 ? "" : ", ";
        json += jsonString(m_columns.at(i).key) + ": " + jsonValue(row.at(i));
    }
    json += '}';
    return m_terminal.write(json);
}

QString RowOutput::shown(const OutputCell &cell, const OutputColumn &column) const
{
    if (cell.kind == OutputCell::Kind::Null) {
        return m_nullText;
    }
    return column.isSize ? sizeInWords(cell.text.toLongLong()) : shownInTerminal(cell.text);
}

bool RowOutput::writeHeld()
{
    QStringList titles;
    for (const OutputColumn &column : std::as_const(m_columns)) {
        titles += shownInTerminal(column.title);
        m_widths += places(titles.last());
    }
    for (const QStringList &row : std::as_const(m_held)) {
        for (qsizetype i = 0; i < row.size(); ++i) {
            m_widths[i] = std::min(widest, std::max(m_widths.at(i), places(row.at(i))));
        }
    }
    QString rule;
    for (const int width : std::as_const(m_widths)) {
        rule += (rule.isEmpty() ? QString() : QStringLiteral("+")) + QString(width + 2, u'-');
    }
    bool goesOn = writeAligned(titles) && m_terminal.write(rule.toUtf8() + '\n');
    for (const QStringList &row : std::as_const(m_held)) {
        goesOn = goesOn && writeAligned(row);
    }
    m_held.clear();
    return goesOn;
}

bool RowOutput::writeAligned(const QStringList &row)
{
    QString line;
    for (qsizetype i = 0; i < row.size(); ++i) {
        const QString padding(std::max(0, m_widths.at(i) - places(row.at(i))), u' ');
        line += i == 0 ? QStringLiteral(" ") : QStringLiteral(" | ");
        line += m_columns.at(i).alignsRight ? padding + row.at(i) : row.at(i) + padding;
    }
    while (line.endsWith(u' ')) {
        line.chop(1);
    }
    return m_terminal.write(line.toUtf8() + '\n');
}

} // namespace Roost
