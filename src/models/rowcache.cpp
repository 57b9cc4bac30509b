#include "models/rowcache.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype perCell = sizeof(quint32);
constexpr qsizetype perPage = 512; // what a page takes besides its rows, roughly

/// The start of a UTF-8 text, not cut inside a character.
QByteArrayView headOf(QByteArrayView text, qsizetype longest)
{
    if (text.size() <= longest) {
        return text;
    }
    qsizetype end = longest;
    while (end > 0 && (uchar(text[end]) & 0xC0) == 0x80) {
        --end;
    }
    return text.first(end);
}

} // namespace

void RowCache::clear()
{
    m_slices.clear();
    m_begin = m_end = m_origin = 0;
    m_bytes = 0;
}

RowCache::Slice RowCache::made(RowPage page, int begin)
{
    auto held = std::make_shared<Held>();
    const int count = int(page.rowCount());
    held->bytes = page.byteCount() + count * page.columns.size() * perCell + perPage;
    if (!m_slices.empty() && m_slices.front().held->rows.columns.size() == page.columns.size()) {
        page.columns = m_slices.front().held->rows.columns; // the same names, once
    }
    held->rows = std::move(page);
    held->uses = 1;
    m_bytes += held->bytes;
    return {std::move(held), 0, begin - m_origin, count};
}

void RowCache::drop(const Slice &slice)
{
    if (--slice.held->uses == 0) {
        m_bytes -= slice.held->bytes;
    }
}

void RowCache::start(int begin, RowPage page, const QStringList &keyColumns)
{
    clear();
    m_keyColumns.clear();
    for (const QString &name : keyColumns) {
        for (int column = 0; column < page.columns.size(); ++column) {
            if (page.columns.at(column).name == name) {
                m_keyColumns += column;
                break;
            }
        }
    }
    m_begin = begin;
    m_end = begin + int(page.rowCount());
    if (m_end > m_begin) {
        m_slices.push_back(made(std::move(page), begin));
    }
}

void RowCache::append(RowPage page)
{
    const int count = int(page.rowCount());
    if (count > 0) {
        m_slices.push_back(made(std::move(page), m_end));
        m_end += count;
    }
}

void RowCache::prepend(RowPage page)
{
    const int count = int(page.rowCount());
    if (count > 0) {
        m_slices.insert(m_slices.begin(), made(std::move(page), m_begin - count));
        m_begin -= count;
    }
}

void RowCache::shift(int by)
{
    m_origin += by;
    m_begin += by;
    m_end += by;
}

void RowCache::removeRow(int row)
{
    const Place at = place(row);
    const auto index = at.slice - m_slices.data();
    Slice &slice = m_slices[size_t(index)];
    const int before = row - m_origin - slice.begin;
    const int after = slice.count - before - 1;
    for (auto later = m_slices.begin() + index + 1; later != m_slices.end(); ++later) {
        --later->begin;
    }
    --m_end;
    if (before > 0 && after > 0) {
        const Slice second{slice.held, slice.first + before + 1, slice.begin + before, after};
        slice.count = before;
        ++second.held->uses;
        m_slices.insert(m_slices.begin() + index + 1, second);
    } else if (before > 0) {
        slice.count = before;
    } else if (after > 0) {
        ++slice.first;
        slice.count = after;
    } else {
        drop(slice);
        m_slices.erase(m_slices.begin() + index);
    }
}

void RowCache::trim(int first, int last, int mostRows, qsizetype mostBytes)
{
    while (m_slices.size() > 1 && (m_end - m_begin > mostRows || m_bytes > mostBytes)) {
        const Slice &top = m_slices.front();
        const Slice &bottom = m_slices.back();
        const int above = first - (top.begin + m_origin + top.count);
        const int below = bottom.begin + m_origin - 1 - last;
        if (std::max(above, below) < 0) {
            return; // all of it is looked at
        }
        if (above >= below) {
            m_begin += top.count;
            drop(top);
            m_slices.erase(m_slices.begin());
        } else {
            m_end -= bottom.count;
            drop(bottom);
            m_slices.pop_back();
        }
    }
}

RowCache::Place RowCache::place(int row) const
{
    const int number = row - m_origin;
    const auto after = std::upper_bound(m_slices.begin(), m_slices.end(), number,
                                        [](int wanted, const Slice &slice) { return wanted < slice.begin; });
    const Slice &slice = *(after - 1);
    return {&slice, slice.first + (number - slice.begin)};
}

const CellValue *RowCache::put(const Place &at, int column) const
{
    const Held &held = *at.slice->held;
    if (held.put.isEmpty()) {
        return nullptr;
    }
    const auto known = held.put.constFind(at.row * held.rows.columns.size() + column);
    return known == held.put.constEnd() ? nullptr : &known.value();
}

bool RowCache::isNull(int row, int column) const
{
    const Place at = place(row);
    const CellValue *over = put(at, column);
    return over ? !over->has_value() : at.slice->held->rows.isNull(at.row, column);
}

CellValue RowCache::value(int row, int column) const
{
    const Place at = place(row);
    if (const CellValue *over = put(at, column)) {
        return *over;
    }
    const RowPage &page = at.slice->held->rows;
    return page.isNull(at.row, column) ? CellValue() : CellValue(page.text(at.row, column));
}

QString RowCache::head(int row, int column, qsizetype bytes, bool *isCut) const
{
    const Place at = place(row);
    if (const CellValue *over = put(at, column)) {
        const QString whole = over->value_or(QString());
        *isCut = whole.size() > bytes;
        return *isCut ? whole.left(whole.at(bytes - 1).isHighSurrogate() ? bytes - 1 : bytes) : whole;
    }
    const QByteArrayView whole = at.slice->held->rows.utf8(at.row, column);
    const QByteArrayView shown = headOf(whole, bytes);
    *isCut = shown.size() < whole.size();
    return QString::fromUtf8(shown);
}

bool RowCache::isShortened(int row, int column) const
{
    const Place at = place(row);
    return !put(at, column) && at.slice->held->rows.isShortened(at.row, column);
}

qint64 RowCache::storedBytes(int row, int column) const
{
    const Place at = place(row);
    return put(at, column) ? -1 : at.slice->held->rows.storedBytes(at.row, column);
}

void RowCache::put(int row, int column, const CellValue &value)
{
    const Place at = place(row);
    Held &held = *at.slice->held;
    const auto bytesOf = [](const CellValue &one) { return one ? one->size() * qsizetype(sizeof(QChar)) : 0; };
    CellValue &over = held.put[at.row * held.rows.columns.size() + column];
    const qsizetype more = bytesOf(value) - bytesOf(over);
    over = value;
    held.bytes += more;
    m_bytes += more;
}

RowKey RowCache::key(int row) const
{
    const Place at = place(row);
    RowKey key = at.slice->held->rows.key(at.row);
    if (!at.slice->held->put.isEmpty() && key.size() == m_keyColumns.size()) {
        for (int i = 0; i < key.size(); ++i) {
            const CellValue *over = put(at, m_keyColumns.at(i));
            if (over && *over) {
                key[i] = **over;
            }
        }
    }
    return key;
}

QList<CellValue> RowCache::bound(int row) const
{
    const Place at = place(row);
    return at.slice->held->rows.bound(at.row);
}

bool RowCache::holds(int row, int column, const FoldedText &text) const
{
    const Place at = place(row);
    if (const CellValue *over = put(at, column)) {
        return *over && text.isIn(**over);
    }
    return text.isIn(at.slice->held->rows.utf8(at.row, column)); // of NULL it is empty
}

} // namespace Roost
