#include "operations/tablecompare.h"

#include "operations/rowcollector.h"
#include "operations/rowdigester.h"
#include "operations/rowkeys.h"

#include <algorithm>
#include <optional>

namespace Roost {

namespace {

using Cells = std::vector<CopyTextLine::Cell>;
using Presence = ComparedTable::Presence;

const DefinedColumn *find(const QList<DefinedColumn> &columns, const QString &name)
{
    const auto found =
        std::find_if(columns.begin(), columns.end(), [&name](const DefinedColumn &each) { return each.name == name; });
    return found != columns.end() ? &*found : nullptr;
}

QList<unsigned> typesOf(const QStringList &names, const QList<DefinedColumn> &columns)
{
    QList<unsigned> types;
    for (const QString &name : names) {
        const DefinedColumn *column = find(columns, name);
        types += column ? column->typeOid : 0;
    }
    return types;
}

} // namespace

TableCompare::TableCompare(RowSource &first, RowSource &second, const RowLimits &limits,
                           std::function<void(qint64 rows)> onRows)
    : m_first{first, {}}
    , m_second{second, {}}
    , m_limits(limits)
    , m_onRows(std::move(onRows))
{
}

Result<void> TableCompare::run(ComparedTable &table, const RowKeys &firstKeys, const RowKeys &secondKeys)
{
    if (const Result<void> settled = settleColumns(table, firstKeys, secondKeys); !settled) {
        return settled;
    }
    return table.presence == Presence::Both ? compare(table) : readAlone(table);
}

Result<void> TableCompare::settleColumns(ComparedTable &table, const RowKeys &firstKeys, const RowKeys &secondKeys)
{
    const TableId id = Manifest::tableOf(table.name);
    QList<DefinedColumn> first;
    QList<DefinedColumn> second;
    for (const bool isFirst : {true, false}) {
        if (table.presence == (isFirst ? Presence::SecondOnly : Presence::FirstOnly)) {
            continue;
        }
        auto columns = (isFirst ? m_first : m_second).rows.columnsOf(id);
        if (!columns) {
            return failure(columns.error());
        }
        (isFirst ? first : second) = std::move(*columns);
    }
    const bool isAlone = table.presence != Presence::Both;
    QStringList common;
    for (const DefinedColumn &each : isAlone ? first + second : first) {
        const DefinedColumn *other = isAlone ? &each : find(second, each.name);
        if (!other) {
            table.onlyInFirst += each.name;
        } else if (each.isGenerated || other->isGenerated) {
            table.computed += each.name;
        } else {
            common += each.name;
        }
    }
    for (const DefinedColumn &each : isAlone ? QList<DefinedColumn>() : second) {
        if (!find(first, each.name)) {
            table.onlyInSecond += each.name;
        }
    }
    const QStringList key = RowKeys::choose(firstKeys, secondKeys, table.name, common);
    table.keyColumns = key.size();
    table.columns = key;
    std::copy_if(common.begin(), common.end(), std::back_inserter(table.columns),
                 [&key](const QString &each) { return !key.contains(each); });
    m_first.types = typesOf(table.columns, first);
    m_second.types = typesOf(table.columns, second);
    return {};
}

Result<void> TableCompare::compare(ComparedTable &table)
{
    constexpr qint64 reportEvery = 4096;
    const TableId id = Manifest::tableOf(table.name);
    RowDigests digests(m_limits.digests);
    RowDigester ofFirst(m_first.types, table.keyColumns);
    RowDigester ofSecond(m_second.types, table.keyColumns);
    for (const auto side : {RowDigests::Side::First, RowDigests::Side::Second}) {
        const bool isFirst = side == RowDigests::Side::First;
        RowDigester &digester = isFirst ? ofFirst : ofSecond;
        qint64 rows = 0;
        std::optional<Error> problem;
        const auto take = [&](qint64 place, const Cells &cells) {
            if (Result<void> added = digests.add(side, digester.digest(cells, place)); !added) {
                problem = added.error();
                return false;
            }
            if (++rows % reportEvery == 0) {
                m_onRows(reportEvery);
            }
            return true;
        };
        const auto read = (isFirst ? m_first : m_second).rows.read(id, table.columns, take);
        if (problem || !read) {
            return failure(problem ? *problem : read.error());
        }
        m_onRows(rows % reportEvery);
    }
    RowCollector collector(m_limits);
    const auto compared = digests.compare(table.keyColumns > 0, [&](const DigestDifference &one) {
        ++(one.before < 0 ? table.added : one.after < 0 ? table.removed : table.changed);
        collector.add(one);
    });
    if (!compared) {
        return compared;
    }
    collector.choose();
    const auto fetched =
        collector.fetch(RowDigests::Side::First, m_first.rows, id, table.columns, ofFirst).and_then([&] {
            return collector.fetch(RowDigests::Side::Second, m_second.rows, id, table.columns, ofSecond);
        });
    table.rows = collector.take(table.keyColumns);
    return fetched;
}

Result<void> TableCompare::readAlone(ComparedTable &table)
{
    const bool isFirst = table.presence == Presence::FirstOnly;
    Side &side = isFirst ? m_first : m_second;
    RowCollector collector(m_limits);
    qint64 left = m_limits.rowsOfEachKind;
    const auto read = side.rows.read(Manifest::tableOf(table.name), table.columns, [&](qint64 place, const Cells &) {
        collector.add(isFirst ? DigestDifference{place, -1} : DigestDifference{-1, place});
        return --left > 0;
    });
    if (!read) {
        return read;
    }
    collector.choose();
    RowDigester digester(side.types, table.keyColumns);
    const auto fetched = collector.fetch(isFirst ? RowDigests::Side::First : RowDigests::Side::Second, side.rows,
                                         Manifest::tableOf(table.name), table.columns, digester);
    table.rows = collector.take(table.keyColumns);
    return fetched;
}

} // namespace Roost
