#include "postgres/tablequery.h"

#include "postgres/databaseconnection.h"
#include "postgres/pagestatement.h"
#include "postgres/placevalue.h"
#include "postgres/whereclause.h"

#include <algorithm>
#include <cmath>

namespace Roost {

namespace {

/// The values that cut a column's rows into parts: the ends of the histogram's bins, the values that are frequent by
/// themselves, and the lowest and the highest by an index that begins with the column (nothing else is fast enough). In
/// their order; the union with the column itself gives them its collation.
QString valuesSql(const TableQuery &query, const RowColumn &column, int part, StatementValues &values)
{
    // The statistics of an array's elements cannot be told from those of arrays.
    const bool hasStatistics = column.category != 'A' && !column.castType.isEmpty();
    QString sql = QStringLiteral(R"((WITH stats AS (
  SELECT s.histogram_bounds::pg_catalog.text AS bounds, s.most_common_vals::pg_catalog.text AS common,
         s.most_common_freqs AS shares, s.null_frac
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_stats s ON s.schemaname = n.nspname AND s.tablename = c.relname AND s.attname = %3
   WHERE c.oid = %2
   ORDER BY s.inherited DESC
   LIMIT 1
), indexed AS (
  SELECT FROM pg_catalog.pg_index i
    JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
    JOIN pg_catalog.pg_am m ON m.oid = x.relam AND m.amname = 'btree'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
   WHERE i.indrelid = %2 AND i.indisvalid AND i.indpred IS NULL AND a.attname = %3
   LIMIT 1
)
SELECT %6 AS part, pg_catalog.row_number() OVER (ORDER BY v.value, v.kind = 'top', v.kind <> 'low') AS place, v.kind,
       pg_catalog.concat(v.value) AS value, v.share, (SELECT null_frac FROM stats) AS nulls
  FROM (SELECT 'low' AS kind, (SELECT %4 FROM %1 WHERE %4 IS NOT NULL ORDER BY %4 LIMIT 1) AS value,
               NULL::pg_catalog.float4 AS share
          FROM indexed
         UNION ALL
        SELECT 'top', (SELECT %4 FROM %1 WHERE %4 IS NOT NULL ORDER BY %4 DESC LIMIT 1), NULL
          FROM indexed)") +
                  (hasStatistics ? QStringLiteral(R"(
         UNION ALL
        SELECT 'bin', pg_catalog.unnest(bounds::%5[]), NULL
          FROM stats
         UNION ALL
        SELECT 'one', u.value, u.share
          FROM stats, ROWS FROM (pg_catalog.unnest(common::%5[]), pg_catalog.unnest(shares)) AS u(value, share))")
                                 : QString()) +
                  QStringLiteral(R"() v
 WHERE v.value IS NOT NULL))");
    const QString table = query.table.quoted();
    return sql.arg(table, quoteLiteral(table) + QStringLiteral("::pg_catalog.regclass"),
                   values.add(column.name, QStringLiteral("pg_catalog.name")), referenceTo(query, column.name),
                   column.castType, QString::number(part));
}

} // namespace

/// Puts the values of one column into places from 0 to 1, in rising order.
class PositionMap::Builder
{
public:
    explicit Builder(Scale &scale)
        : m_scale(scale)
    {
    }
    void add(const QString &kind, const QString &value, double share, double nulls);
    void finish();

private:
    struct Value
    {
        QString kind;
        QString text;
        double share;
    };
    double growth(qsizetype inner, qsizetype beyond) const;
    void put(double fraction, const CellValue &text);

    Scale &m_scale;
    QList<Value> m_values;
    double m_nulls = 0;
    double m_bin = 0; ///< the share of rows in one bin of the histogram
};

void PositionMap::Builder::add(const QString &kind, const QString &value, double share, double nulls)
{
    m_values += Value{kind, value, share};
    m_nulls = nulls;
}

/// The share of rows beyond the histogram's end: they came after the statistics were made, as dense as those before.
double PositionMap::Builder::growth(qsizetype inner, qsizetype beyond) const
{
    const qsizetype step = beyond > inner ? 1 : -1;
    const qsizetype second = inner - step;
    if (second < 0 || second >= m_values.size() || m_values.at(inner).kind != u"bin" ||
        m_values.at(second).kind != u"bin") {
        return 0;
    }
    const auto last = PlaceValue::numberOf(m_scale.column, m_values.at(inner).text);
    const auto before = PlaceValue::numberOf(m_scale.column, m_values.at(second).text);
    const auto end = PlaceValue::numberOf(m_scale.column, m_values.at(beyond).text);
    return last && before && end && *last != *before ? m_bin * std::abs((*end - *last) / (*last - *before)) : 0;
}

void PositionMap::Builder::put(double fraction, const CellValue &text)
{
    std::vector<Point> &points = m_scale.points;
    if (points.empty() || points.back().text != text || points.back().fraction < fraction) {
        points.push_back({fraction, text});
    }
}

void PositionMap::Builder::finish()
{
    qsizetype bins = 0;
    double common = 0;
    for (const Value &value : std::as_const(m_values)) {
        bins += value.kind == u"bin" ? 1 : 0;
        common += value.share;
    }
    m_bin = bins > 1 ? std::max(0.0, 1 - m_nulls - common) / double(bins - 1) : 0;
    const qsizetype last = m_values.size() - 1;
    double place = 0;
    bool hasBin = false;
    for (qsizetype i = 0; i <= last; ++i) {
        const Value &value = m_values.at(i);
        if (value.kind == u"bin") {
            place += hasBin ? m_bin : 0;
            hasBin = true;
        } else if (value.kind == u"top" && i > 0) {
            place += growth(i - 1, i);
        }
        put(place, value.text);
        if (value.kind == u"one") {
            place += value.share;
            put(place, value.text);
        } else if (value.kind == u"low" && i < last) {
            place += growth(i + 1, i);
        }
    }
    const bool isLine = place <= 0 && m_scale.points.size() > 1 &&
                        PlaceValue::numberOf(m_scale.column, m_values.constFirst().text) &&
                        PlaceValue::numberOf(m_scale.column, m_values.constLast().text);
    if (isLine) { // nothing but the ends
        m_scale.points = {m_scale.points.front(), m_scale.points.back()};
        m_scale.points.back().fraction = place = 1;
    } else if (place <= 0) {
        m_scale.points.clear();
        if (m_nulls <= 0) {
            return;
        }
    }
    for (Point &point : m_scale.points) {
        point.fraction = point.fraction < place ? point.fraction / place * (1 - m_nulls) : 1 - m_nulls;
    }
    if (m_nulls > 0) {
        put(1 - m_nulls, std::nullopt);
        put(1, std::nullopt);
    }
}

double PositionMap::Scale::flipped(double fraction) const
{
    return isDescending ? 1 - fraction : fraction;
}

Result<PositionMap> PositionMap::read(DatabaseConnection &connection, const TableQuery &query,
                                      const std::stop_token &stop)
{
    PositionMap map;
    const QList<SortColumn> order = query.order();
    if (query.paging() == Paging::ByOffset || !query.filter.isEmpty() || order.isEmpty()) {
        return map;
    }
    StatementValues values;
    QStringList parts;
    if (query.paging() == Paging::ByPlace && query.sort.isEmpty()) {
        RowColumn place;
        place.name = QStringLiteral("ctid");
        place.baseOid = 27;
        map.m_scales.push_back({place, false, {}});
        parts += QStringLiteral("SELECT 0 AS part, 0 AS place, 'low' AS kind, '(0,0)' AS value, NULL AS share, NULL AS "
                                "nulls UNION ALL SELECT 0, 1, 'top', pg_catalog.format('(%s,0)', ") +
                 blockCount(query.table) + QStringLiteral("), NULL, NULL");
    } else {
        for (qsizetype i = 0; i < qMin<qsizetype>(order.size(), 2); ++i) {
            const SortColumn &one = order.at(i);
            if (query.paging() == Paging::ByPlace && i + 1 == order.size()) {
                break; // the ctid behind the sort
            }
            const RowColumn column = columnNamed(query, one.column);
            map.m_scales.push_back({column, one.descending, {}});
            parts += valuesSql(query, column, int(i), values);
        }
    }
    Result<QSqlQuery> rows = connection.query(
        parts.join(QStringLiteral("\nUNION ALL\n")) + QStringLiteral("\nORDER BY part, place"), values.values(), stop);
    if (!rows) {
        return failure(rows.error());
    }
    std::vector<Builder> builders;
    for (Scale &scale : map.m_scales) {
        builders.emplace_back(scale);
    }
    while (rows->next()) {
        builders.at(size_t(rows->value(0).toInt()))
            .add(rows->value(2).toString(), rows->value(3).toString(), rows->value(4).toDouble(),
                 rows->value(5).toDouble());
    }
    for (Builder &builder : builders) {
        builder.finish();
    }
    return map;
}

QList<CellValue> PositionMap::boundAt(double fraction) const
{
    QList<CellValue> bound;
    for (const Scale &scale : m_scales) {
        if (scale.points.empty()) {
            break;
        }
        const double wanted = scale.flipped(std::clamp(fraction, 0.0, 1.0));
        size_t next = std::min<size_t>(1, scale.points.size() - 1);
        while (next + 1 < scale.points.size() && scale.points.at(next).fraction < wanted) {
            ++next;
        }
        const Point &high = scale.points.at(next);
        const Point &low = scale.points.at(next > 0 ? next - 1 : 0);
        const double width = high.fraction - low.fraction;
        const double share = width > 0 ? std::clamp((wanted - low.fraction) / width, 0.0, 1.0) : 0;
        if (low.text == high.text) {
            bound += low.text; // many rows have it: the next column says which of them
            if (width <= 0) {
                break;
            }
            // Not behind the last of them: that column's values may end before.
            constexpr double nearTheEnd = 0.99;
            fraction = std::min(scale.flipped(share), nearTheEnd);
            continue;
        }
        bound += scale.between(low, high, share);
        break;
    }
    return bound;
}

CellValue PositionMap::Scale::between(const Point &low, const Point &high, double share) const
{
    const auto from = PlaceValue::numberOf(column, low.text.value_or(QString()));
    const auto to = PlaceValue::numberOf(column, high.text.value_or(QString()));
    constexpr double nearly = 1e-9;
    if (share <= nearly || share >= 1 - nearly || !from || !to) {
        return share < 0.5 ? low.text : high.text;
    }
    return PlaceValue::textOf(column, *from + (*to - *from) * share);
}

double PositionMap::fractionOf(const QList<CellValue> &bound) const
{
    double base = 0;
    double width = 1;
    for (size_t i = 0; i < m_scales.size() && qsizetype(i) < bound.size(); ++i) {
        const Scale &scale = m_scales.at(i);
        const CellValue &value = bound.at(qsizetype(i));
        const auto [low, high] = scale.around(value);
        if (high < 0) {
            break;
        }
        const double begin = scale.isDescending ? 1 - high : low;
        base += begin * width;
        width *= high - low;
        if (width <= 0) {
            return base;
        }
    }
    return width < 1 ? base + width / 2 : -1;
}

/// From where to where the rows with this value are; the second is negative when that cannot be told.
std::pair<double, double> PositionMap::Scale::around(const CellValue &value) const
{
    const std::pair<double, double> unknown{0, -1};
    const auto first =
        std::find_if(points.cbegin(), points.cend(), [&value](const Point &point) { return point.text == value; });
    if (first != points.cend()) {
        auto last = first;
        while (std::next(last) != points.cend() && std::next(last)->text == value) {
            ++last;
        }
        return {first->fraction, last->fraction};
    }
    const auto number = value ? PlaceValue::numberOf(column, *value) : std::nullopt;
    if (!number) {
        return unknown;
    }
    std::optional<double> below;
    double belowNumber = 0;
    for (const Point &point : points) {
        const auto there = point.text ? PlaceValue::numberOf(column, *point.text) : std::nullopt;
        if (!there) {
            continue;
        }
        if (*there >= *number) {
            const double gap = *there - belowNumber;
            const double place = !below || gap <= 0
                                     ? point.fraction
                                     : *below + (point.fraction - *below) * (*number - belowNumber) / gap;
            return {place, place};
        }
        below = point.fraction;
        belowNumber = *there;
    }
    return below ? std::pair{*below, *below} : unknown;
}

} // namespace Roost
