#include "operations/instancedisk.h"

#include <QHash>

#include <cmath>

namespace Roost {

namespace {

constexpr qint64 gigabyte = qint64(1) << 30;

/// The newest point of a metric in bytes; negative when Render has none.
Result<qint64> newest(RenderClient &client, const QString &metric, const QString &id)
{
    const auto series = client.metric(metric, id);
    if (!series) {
        return failure(series.error());
    }
    qint64 bytes = -1;
    QDateTime at;
    for (const MetricSeries &one : *series) {
        for (const MetricSeries::Point &point : one.points) {
            if (!at.isValid() || point.at > at) {
                at = point.at;
                bytes = bytesOfMetric(point.value, one.unit);
            }
        }
    }
    return bytes;
}

/// Render gives totals with empty names beside what they are made of.
qint64 sumOfDatabases(const QList<PostgresSize> &sizes)
{
    qint64 total = -1;
    qint64 tables = 0;
    for (const PostgresSize &size : sizes) {
        const bool isDatabase =
            !size.database.isEmpty() && size.schema.isEmpty() && size.table.isEmpty() && size.index.isEmpty();
        if (isDatabase) {
            total = qMax<qint64>(total, 0) + size.bytes;
        } else if (!size.table.isEmpty() || !size.index.isEmpty()) {
            tables += size.bytes;
        }
    }
    return total >= 0 ? total : tables > 0 ? tables : -1;
}

} // namespace

qint64 bytesOfMetric(double value, const QString &unit)
{
    // Render's "GB" is taken as 1024³, as PostgreSQL counts.
    static const QHash<QString, int> shifts{
        {QStringLiteral("b"), 0},    {QStringLiteral("byte"), 0}, {QStringLiteral("bytes"), 0},
        {QStringLiteral("kb"), 10},  {QStringLiteral("kib"), 10}, {QStringLiteral("mb"), 20},
        {QStringLiteral("mib"), 20}, {QStringLiteral("gb"), 30},  {QStringLiteral("gib"), 30}};
    const auto shift = shifts.constFind(unit.toLower());
    if (shift == shifts.constEnd() || !std::isfinite(value) || value < 0) {
        return -1;
    }
    return std::llround(value * double(qint64(1) << *shift));
}

Result<InstanceDisk> readInstanceDisk(const RenderAccess &access, const PostgresInstance &instance, JobContext &context)
{
    RenderClient client(access, context);
    InstanceDisk disk;
    const auto used = newest(client, QStringLiteral("disk-usage"), instance.id);
    if (!used && used.error().isCancelled()) {
        return failure(used.error());
    }
    if (used && *used >= 0) {
        disk.usedBytes = *used;
        disk.isMeasured = true;
        disk.capacityBytes = newest(client, QStringLiteral("disk-capacity"), instance.id).value_or(-1);
    } else if (const auto sizes = client.sizes(instance.id)) {
        disk.usedBytes = sumOfDatabases(*sizes);
    }
    if (disk.capacityBytes <= 0) {
        disk.capacityBytes = instance.diskSizeGb > 0 ? instance.diskSizeGb * gigabyte
                             : instance.isFree()     ? gigabyte
                                                     : -1;
    }
    return disk;
}

} // namespace Roost
