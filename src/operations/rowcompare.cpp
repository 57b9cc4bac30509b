#include "operations/rowcompare.h"

#include "operations/phasedprogress.h"
#include "operations/rowkeys.h"
#include "operations/tablecompare.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RowCompare)
};

/// What concerns one table only: the others can still be compared.
bool isOfOneTable(const Error &error)
{
    return error.code == ErrorCode::InvalidInput || error.code == ErrorCode::NotFound ||
           error.code == ErrorCode::NotAllowed || error.code == ErrorCode::ServerRefused;
}

/// The tables whose rows differ, by the fingerprints; what is known of them before a row is read.
QList<ComparedTable> differingTables(const DatabaseComparison &databases)
{
    static const QString mark = QStringLiteral("table ");
    QList<ComparedTable> tables;
    for (const ManifestDifference &one : databases.differences) {
        const QString name = one.what.mid(mark.size());
        const auto first = databases.first.tables.constFind(name);
        const auto second = databases.second.tables.constFind(name);
        const bool isInFirst = first != databases.first.tables.cend();
        const bool isInSecond = second != databases.second.tables.cend();
        if (one.weight != ManifestDifference::Weight::Data || !one.what.startsWith(mark) ||
            (!isInFirst && !isInSecond)) {
            continue;
        }
        ComparedTable table;
        table.name = name;
        if (!isInSecond) {
            table.presence = ComparedTable::Presence::FirstOnly;
            table.removed = first->rows;
        } else if (!isInFirst) {
            table.presence = ComparedTable::Presence::SecondOnly;
            table.added = second->rows;
        }
        tables += table;
    }
    return tables;
}

/// One comparison. On the operation's thread.
class ContentRun
{
public:
    ContentRun(const RowLimits &limits, JobContext &context)
        : m_limits(limits)
        , m_context(context)
        , m_progress(context)
    {
    }

    Result<ContentComparison> run(const ComparedSide &first, const ComparedSide &second);

private:
    Result<void> compareTables(RowSource &first, RowSource &second);
    void report(const ComparedTable &table, qint64 rows);

    const RowLimits &m_limits;
    JobContext &m_context;
    PhasedProgress m_progress;
    ContentComparison m_comparison;
    qint64 m_all = 0; ///< rows to be read, of both sides
    qint64 m_done = 0;
};

Result<ContentComparison> ContentRun::run(const ComparedSide &first, const ComparedSide &second)
{
    constexpr double manifestsEnd = 0.5;
    const auto one = RowSource::open(first, m_context);
    if (!one) {
        return failure(one.error());
    }
    const auto other = RowSource::open(second, m_context);
    if (!other) {
        return failure(other.error());
    }
    auto databases = compareSides(**one, **other, m_progress, manifestsEnd);
    if (!databases) {
        return failure(databases.error());
    }
    m_comparison.databases = std::move(*databases);
    m_progress.enter(manifestsEnd, 1);
    if (const auto compared = compareTables(**one, **other); !compared) {
        return failure(compared.error());
    }
    m_progress.report(Text::tr("Done"), 1);
    return std::move(m_comparison);
}

Result<void> ContentRun::compareTables(RowSource &first, RowSource &second)
{
    const DatabaseComparison &databases = m_comparison.databases;
    m_comparison.tables = differingTables(databases);
    for (const ComparedTable &table : std::as_const(m_comparison.tables)) {
        const bool isRead = table.presence == ComparedTable::Presence::Both;
        m_all +=
            isRead ? databases.first.tables.value(table.name).rows + databases.second.tables.value(table.name).rows : 0;
    }
    const RowKeys firstKeys(databases.first);
    const RowKeys secondKeys(databases.second);
    for (ComparedTable &table : m_comparison.tables) {
        report(table, 0);
        TableCompare compare(first, second, m_limits, [&](qint64 rows) { report(table, rows); });
        const Result<void> compared = compare.run(table, firstKeys, secondKeys);
        if (m_context.isCancelled()) {
            return failure(Error::cancelled());
        }
        if (!compared && !isOfOneTable(compared.error())) {
            return compared;
        }
        table.problem = compared ? QString() : compared.error().message;
    }
    return {};
}

void ContentRun::report(const ComparedTable &table, qint64 rows)
{
    m_done += rows;
    const QLocale locale;
    m_progress.report(Text::tr("Comparing the rows of %1").arg(table.name),
                      m_all > 0 ? double(m_done) / double(m_all) : 1,
                      Text::tr("%1 of %2 rows").arg(locale.toString(m_done), locale.toString(m_all)));
}

} // namespace

const ComparedTable *ContentComparison::find(const QString &table) const
{
    const auto found =
        std::find_if(tables.begin(), tables.end(), [&table](const ComparedTable &each) { return each.name == table; });
    return found != tables.end() ? &*found : nullptr;
}

Result<ContentComparison> compareContents(const ComparedSide &first, const ComparedSide &second,
                                          const RowLimits &limits, JobContext &context)
{
    auto comparison = ContentRun(limits, context).run(first, second);
    if (!comparison && comparison.error().code == ErrorCode::ConnectionLost) {
        Error error = comparison.error();
        error.message = Text::tr("The connection ended in the middle of the comparison: the server closed it, or the "
                                 "network broke. A comparison only reads, so nothing was changed. Compare again.");
        return failure(error);
    }
    return comparison;
}

} // namespace Roost
