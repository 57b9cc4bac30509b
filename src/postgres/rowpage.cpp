#include "postgres/tablequery.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr quint32 nullBit = 0x80000000U;

quint32 endOf(quint32 cell)
{
    return cell & ~nullBit;
}

} // namespace

bool RowPage::isNull(qsizetype row, qsizetype column) const
{
    return (m_ends.at(size_t(row * columns.size() + column)) & nullBit) != 0;
}

QByteArrayView RowPage::utf8(qsizetype row, qsizetype column) const
{
    const auto cell = size_t(row * columns.size() + column);
    const quint32 begin = cell == 0 ? 0 : endOf(m_ends.at(cell - 1));
    return QByteArrayView(m_bytes.data(), qsizetype(m_bytes.size())).sliced(begin, endOf(m_ends.at(cell)) - begin);
}

QString RowPage::text(qsizetype row, qsizetype column) const
{
    return QString::fromUtf8(utf8(row, column));
}

bool RowPage::isShortened(qsizetype row, qsizetype column) const
{
    return storedBytes(row, column) >= 0;
}

qint64 RowPage::storedBytes(qsizetype row, qsizetype column) const
{
    const qsizetype cell = row * columns.size() + column;
    const auto found = std::lower_bound(m_shortened.cbegin(), m_shortened.cend(), cell,
                                        [](const Shortened &one, qsizetype wanted) { return one.cell < wanted; });
    return found != m_shortened.cend() && found->cell == cell ? found->storedBytes : -1;
}

QList<CellValue> RowPage::bound(qsizetype row) const
{
    QList<CellValue> values;
    for (const qsizetype column : m_boundColumns) {
        values += isNull(row, column) ? CellValue() : CellValue(text(row, column));
    }
    if (row < m_places.size()) {
        values += QString::fromLatin1(m_places.at(row));
    } else if (m_firstNumber >= 0) {
        values += QString::number(m_firstNumber + row);
    }
    return values;
}

RowKey RowPage::key(qsizetype row) const
{
    RowKey values;
    for (const qsizetype column : m_keyColumns) {
        values += text(row, column);
    }
    return values;
}

void RowPage::setShortened(qsizetype row, qsizetype column, qint64 storedBytes)
{
    m_shortened.push_back({row * columns.size() + column, storedBytes});
}

void RowPage::setBoundColumns(const QList<qsizetype> &boundColumns, const QList<qsizetype> &keyColumns)
{
    m_boundColumns = boundColumns;
    m_keyColumns = keyColumns;
}

void RowPage::reserve(qsizetype cells)
{
    constexpr size_t usualBytes = 16;
    m_ends.reserve(size_t(cells));
    m_bytes.reserve(size_t(cells) * usualBytes);
}

void RowPage::squeeze()
{
    m_bytes.shrink_to_fit();
}

void RowPage::append(std::optional<QByteArrayView> cell)
{
    if (cell) {
        m_bytes.append(cell->data(), size_t(cell->size()));
    }
    m_ends.push_back(quint32(m_bytes.size()) | (cell ? 0U : nullBit));
}

} // namespace Roost
