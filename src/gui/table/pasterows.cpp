#include "gui/table/pasterows.h"

#include "gui/table/editors/valuekind.h"

#include <QElapsedTimer>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

const QString nullMark = QStringLiteral("\\N");

bool endsCell(QChar character)
{
    return character == u'\t' || character == u'\n' || character == u'\r';
}

} // namespace

PastedCells::PastedCells(QString text)
    : m_text(std::move(text))
{
}

/// True when quotes enclose the whole cell; else nothing was read.
bool PastedCells::readQuoted(Cell *cell)
{
    QString text;
    qsizetype at = m_at + 1;
    for (;;) {
        const qsizetype quote = m_text.indexOf(u'"', at);
        if (quote < 0) {
            return false;
        }
        text += QStringView(m_text).mid(at, quote - at);
        at = quote + 1;
        if (at < m_text.size() && m_text[at] == u'"') {
            text += u'"';
            ++at;
            continue;
        }
        if (at < m_text.size() && !endsCell(m_text[at])) {
            return false;
        }
        break;
    }
    cell->text = text;
    cell->isQuoted = true;
    m_at = at;
    return true;
}

PastedCells::Cell PastedCells::readCell()
{
    Cell cell;
    if (m_at < m_text.size() && m_text[m_at] == u'"' && readQuoted(&cell)) {
        return cell;
    }
    const qsizetype begin = m_at;
    while (m_at < m_text.size() && !endsCell(m_text[m_at])) {
        ++m_at;
    }
    cell.text = m_text.mid(begin, m_at - begin);
    cell.isNull = cell.text == nullMark;
    return cell;
}

bool PastedCells::read(qint64 milliseconds)
{
    QElapsedTimer clock;
    clock.start();
    while (m_at < m_text.size()) {
        m_row += readCell();
        const bool isLineEnd = m_at >= m_text.size() || m_text[m_at] != u'\t';
        if (m_at < m_text.size()) {
            m_at += m_text[m_at] == u'\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == u'\n' ? 2 : 1;
            if (!isLineEnd && m_at >= m_text.size()) {
                m_row += Cell(); // a tab at the very end: one more, empty
                m_at = m_text.size();
            }
        }
        if (!isLineEnd && m_at < m_text.size()) {
            continue;
        }
        m_widest = std::max(m_widest, m_row.size());
        m_rows += std::exchange(m_row, {});
        if (clock.elapsed() >= milliseconds) {
            return m_at >= m_text.size();
        }
    }
    return true;
}

bool PastedCells::hasHeader(const QList<RowColumn> &columns) const
{
    if (m_rows.isEmpty()) {
        return false;
    }
    QSet<QString> known;
    for (const RowColumn &column : columns) {
        known.insert(column.name);
    }
    QSet<QString> seen;
    return std::all_of(m_rows.first().cbegin(), m_rows.first().cend(), [&](const Cell &cell) {
        const bool isNew = !seen.contains(cell.text);
        seen.insert(cell.text);
        return isNew && known.contains(cell.text);
    });
}

QStringList PastedCells::takeHeader()
{
    QStringList names;
    const Row first = m_rows.takeFirst();
    for (const Cell &cell : first) {
        names += cell.text;
    }
    return names;
}

CellValue pastedValue(const PastedCells::Cell &cell, const RowColumn &column)
{
    const bool isText = column.category == 'S' || valueKindOf(column) == ValueKind::Bytes;
    if (cell.isNull || (cell.text.isEmpty() && !isText)) {
        return {};
    }
    return cell.text;
}

QString copiedCell(const CellValue &value, bool marksNull)
{
    if (!value) {
        return marksNull ? nullMark : QString();
    }
    QString text = *value;
    const bool needsQuotes =
        text.contains(u'\t') || text.contains(u'\n') || text.contains(u'\r') || text.contains(u'"') || text == nullMark;
    if (needsQuotes) {
        text.replace(QStringLiteral("\""), QStringLiteral("\"\""));
        text = u'"' + text + u'"';
    }
    return text;
}

} // namespace Roost
