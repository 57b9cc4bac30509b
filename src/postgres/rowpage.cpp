#include "postgres/tablequery.h"

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
    return QByteArrayView(m_bytes).sliced(begin, endOf(m_ends.at(cell)) - begin);
}

QString RowPage::text(qsizetype row, qsizetype column) const
{
    return QString::fromUtf8(utf8(row, column));
}

QStringList RowPage::texts(qsizetype row, const QStringList &columnNames) const
{
    QStringList values;
    for (const QString &name : columnNames) {
        for (qsizetype column = 0; column < columns.size(); ++column) {
            if (columns.at(column).name == name) {
                values += text(row, column);
                break;
            }
        }
    }
    return values;
}

void RowPage::append(std::optional<QByteArrayView> cell)
{
    if (cell) {
        m_bytes.append(*cell);
    }
    m_ends.push_back(quint32(m_bytes.size()) | (cell ? 0U : nullBit));
}

} // namespace Roost
