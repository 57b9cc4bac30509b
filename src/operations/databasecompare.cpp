#include "operations/databasecompare.h"

#include "operations/phasedprogress.h"
#include "operations/rowsource.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

} // namespace

Result<DatabaseComparison> compareSides(RowSource &first, RowSource &second, PhasedProgress &progress, double to)
{
    // A backup is hashed as it was; a live database as the other side wants it.
    const bool isSecondFixed = second.isBackup() && !first.isBackup();
    RowSource &leading = isSecondFixed ? second : first;
    RowSource &following = isSecondFixed ? first : second;
    std::optional<Manifest::RowHash> hash;
    const auto read = [&](RowSource &side) {
        const QString step = Text::tr("Computing the fingerprints of %1").arg(side.name());
        progress.report(step);
        return side.manifest(hash, [&](double fraction) { progress.report(step, fraction); });
    };
    progress.enter(0, to / 2);
    auto one = read(leading);
    if (!one) {
        return failure(one.error());
    }
    hash = one->rowHash;
    progress.enter(to / 2, to);
    auto other = read(following);
    if (!other) {
        return failure(other.error());
    }
    DatabaseComparison comparison;
    comparison.first = std::move(isSecondFixed ? *other : *one);
    comparison.second = std::move(isSecondFixed ? *one : *other);
    if (comparison.first.rowHash != comparison.second.rowHash) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("These two backups come from databases in different encodings (%1 and %2), and their "
                                "fingerprints cannot be held against each other. Restore one of them, and compare the "
                                "database with the other.")
                           .arg(comparison.first.encoding, comparison.second.encoding));
    }
    comparison.differences = compareManifests(comparison.first, comparison.second);
    return comparison;
}

Result<DatabaseComparison> compareDatabases(const ComparedSide &first, const ComparedSide &second, JobContext &context)
{
    const auto one = RowSource::open(first, context);
    if (!one) {
        return failure(one.error());
    }
    const auto other = RowSource::open(second, context);
    if (!other) {
        return failure(other.error());
    }
    PhasedProgress progress(context);
    return compareSides(**one, **other, progress, 1);
}

} // namespace Roost
