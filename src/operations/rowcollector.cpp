#include "operations/rowcollector.h"

#include "operations/rowdigester.h"

#include <algorithm>
#include <optional>

namespace Roost {

namespace {

bool isWholeNumber(const QString &text)
{
    const QStringView digits = text.startsWith(u'-') ? QStringView(text).mid(1) : QStringView(text);
    return !digits.isEmpty() && digits.size() <= 18 &&
           std::all_of(digits.begin(), digits.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

/// As people count: 9 before 10. Negative when `a` comes first.
int compareValues(const CellValue &a, const CellValue &b)
{
    if (!a || !b) {
        return int(!a) - int(!b); // NULL last
    }
    if (isWholeNumber(*a) && isWholeNumber(*b)) {
        const qint64 left = a->toLongLong();
        const qint64 right = b->toLongLong();
        return left < right ? -1 : left > right ? 1 : 0;
    }
    return QString::compare(*a, *b);
}

const QList<CellValue> &anyOf(const RowDifference &row)
{
    return row.after.isEmpty() ? row.before : row.after;
}

int rank(RowDifference::Kind kind)
{
    switch (kind) {
    case RowDifference::Kind::Changed:
        return 0;
    case RowDifference::Kind::Added:
        return 1;
    case RowDifference::Kind::Removed:
        break;
    }
    return 2;
}

} // namespace

void RowCollector::add(const DigestDifference &difference)
{
    const Kind kind = difference.before < 0 ? Kind::Added : difference.after < 0 ? Kind::Removed : Kind::Changed;
    Queue &queue = m_queues.at(size_t(kind));
    queue.push(difference);
    if (queue.size() > size_t(m_limits.rowsOfEachKind)) {
        queue.pop();
    }
}

void RowCollector::choose()
{
    for (size_t kind = 0; kind < m_queues.size(); ++kind) {
        for (Queue &queue = m_queues.at(kind); !queue.empty(); queue.pop()) {
            Chosen chosen;
            chosen.place = queue.top();
            chosen.row.kind = Kind(kind);
            m_chosen.push_back(std::move(chosen));
        }
    }
}

QList<CellValue> RowCollector::valuesOf(const std::vector<CopyTextLine::Cell> &cells)
{
    QList<CellValue> values;
    values.reserve(qsizetype(cells.size()));
    for (const CopyTextLine::Cell &cell : cells) {
        if (cell.isNull) {
            values += std::nullopt;
            continue;
        }
        qsizetype size = qMin(cell.text.size(), m_limits.valueBytes);
        while (size > 0 && size < cell.text.size() && (cell.text.at(size) & 0xC0) == 0x80) {
            --size; // not within a character
        }
        m_bytes += size;
        const QString text = QString::fromUtf8(cell.text.first(size));
        values += size < cell.text.size() ? text + u'…' : text;
    }
    return values;
}

Result<void> RowCollector::fetch(RowDigests::Side side, RowSource &source, const TableId &table,
                                 const QStringList &columns, RowDigester &digester)
{
    const bool isFirst = side == RowDigests::Side::First;
    QHash<qint64, Chosen *> wanted;
    for (Chosen &chosen : m_chosen) {
        const qint64 place = isFirst ? chosen.place.before : chosen.place.after;
        if (place >= 0) {
            wanted.insert(place, &chosen);
        }
    }
    if (wanted.isEmpty()) {
        return {};
    }
    QList<qint64> places = wanted.keys();
    std::sort(places.begin(), places.end());
    m_bytes = 0;
    return source.fetch(table, columns, places, [&](qint64 place, const std::vector<CopyTextLine::Cell> &cells) {
        if (Chosen *chosen = wanted.value(place)) {
            (isFirst ? chosen->row.before : chosen->row.after) = valuesOf(cells);
            if (chosen->row.kind == Kind::Changed) {
                for (qsizetype i = 0; i < columns.size(); ++i) {
                    chosen->digests.at(size_t(side)) += digester.digest(cells[size_t(i)], i);
                }
            }
        }
        return m_bytes < m_limits.bytes / 2;
    });
}

QList<RowDifference> RowCollector::take(qsizetype keyColumns)
{
    QList<RowDifference> rows;
    for (Chosen &chosen : m_chosen) {
        const bool isWhole = (chosen.place.before < 0 || !chosen.row.before.isEmpty()) &&
                             (chosen.place.after < 0 || !chosen.row.after.isEmpty());
        if (!isWhole) {
            continue; // more than there is room for
        }
        for (qsizetype i = 0; i < chosen.digests[0].size(); ++i) {
            chosen.row.differs += chosen.digests[0].at(i) != chosen.digests[1].at(i);
        }
        rows += std::move(chosen.row);
    }
    m_chosen.clear();
    std::stable_sort(rows.begin(), rows.end(), [keyColumns](const RowDifference &a, const RowDifference &b) {
        if (a.kind != b.kind) {
            return rank(a.kind) < rank(b.kind);
        }
        const qsizetype columns = keyColumns > 0 ? keyColumns : anyOf(a).size();
        for (qsizetype i = 0; i < columns; ++i) {
            if (const int order = compareValues(anyOf(a).at(i), anyOf(b).at(i)); order != 0) {
                return order < 0;
            }
        }
        return false;
    });
    return rows;
}

} // namespace Roost
