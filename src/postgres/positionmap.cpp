#include "postgres/tablequery.h"

namespace Roost {

Result<PositionMap> PositionMap::read(DatabaseConnection & /*connection*/, const TableQuery & /*query*/,
                                      const std::stop_token & /*stop*/)
{
    return PositionMap();
}

QList<CellValue> PositionMap::boundAt(double fraction) const
{
    if (m_bounds.isEmpty()) {
        return {};
    }
    return {m_bounds.at(qRound(fraction * double(m_bounds.size() - 1)))};
}

double PositionMap::fractionOf(const QList<CellValue> & /*bound*/) const
{
    return -1;
}

} // namespace Roost
