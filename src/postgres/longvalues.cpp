#include "postgres/longvalues.h"

#include "postgres/whereclause.h"

#include <algorithm>

namespace Roost::LongValues {

namespace {

constexpr int mostBytes = 2000;
constexpr int shownCharacters = 1000;
constexpr int shownBytes = 500;
/// Of a type that has to be read whole to get its beginning: not of values that are larger than this as stored, for a
/// page may be full of them.
constexpr int mostReadWhole = 100'000;

enum class Form { Text, Bytes, Other };

Form formOf(const RowColumn &column)
{
    switch (column.baseOid) {
    case 25:   // text
    case 1042: // bpchar
    case 1043: // varchar
        return Form::Text;
    case 17: // bytea
        return Form::Bytes;
    default:
        return Form::Other;
    }
}

/// Both look only at the value's head: nothing is fetched from beside the table, and nothing unpacked.
QString sizeOf(const RowColumn &column, const QString &reference)
{
    const QString function =
        formOf(column) == Form::Other ? QStringLiteral("pg_column_size") : QStringLiteral("octet_length");
    return QStringLiteral("pg_catalog.%1(%2)").arg(function, reference);
}

/// Of text and bytea the server reads no more than it needs.
QString headOf(const RowColumn &column, const QString &reference)
{
    switch (formOf(column)) {
    case Form::Text:
        return QStringLiteral("pg_catalog.substr(%1, 1, %2)").arg(reference, QString::number(shownCharacters));
    case Form::Bytes:
        return QStringLiteral(R"('\x', pg_catalog.encode(pg_catalog.substr(%1, 1, %2), 'hex'))")
            .arg(reference, QString::number(shownBytes));
    case Form::Other:
        break;
    }
    return QStringLiteral("CASE WHEN %1 <= %2 THEN pg_catalog.substr(%3, 1, %4) END")
        .arg(sizeOf(column, reference), QString::number(mostReadWhole),
             QStringLiteral("pg_catalog.concat(%1)").arg(reference), QString::number(shownCharacters));
}

} // namespace

bool isShortened(const TableQuery &query, const RowColumn &column)
{
    const QList<SortColumn> order = query.order();
    return column.mayBeLong && std::none_of(order.cbegin(), order.cend(),
                                            [&column](const SortColumn &one) { return one.column == column.name; });
}

QString shortValue(const RowColumn &column, const QString &reference)
{
    return QStringLiteral("CASE WHEN %1 <= %2 THEN %3 END")
        .arg(sizeOf(column, reference), QString::number(mostBytes), reference);
}

QString beginning(const RowColumn &column, const QString &reference)
{
    const QString size = sizeOf(column, reference);
    return QStringLiteral("CASE WHEN %1 > %2 THEN pg_catalog.concat(%1, ':', %3) END")
        .arg(size, QString::number(mostBytes), headOf(column, reference));
}

std::optional<Beginning> parse(QByteArrayView cell)
{
    const qsizetype colon = cell.indexOf(':');
    if (colon < 0) {
        return std::nullopt;
    }
    return Beginning{cell.first(colon).toLongLong(), cell.sliced(colon + 1)};
}

} // namespace Roost::LongValues
