#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <QString>

namespace Roost {

/// How full an instance's disk is, as far as Render tells.
struct InstanceDisk
{
    qint64 usedBytes = -1;     ///< negative: not known
    qint64 capacityBytes = -1; ///< negative: not known
    bool isMeasured = false;   ///< of the disk, system files included; else the sum of what the databases hold
};

/// From the metrics of the last hour; where there are none, the sizes of the databases, and the size that the plan
/// gives. What cannot be read is left out. Blocking.
[[nodiscard]] Result<InstanceDisk> readInstanceDisk(const RenderAccess &access, const PostgresInstance &instance,
                                                    JobContext &context);

/// The bytes of a value in a metric's unit ("GB", "bytes", "MiB"); negative for a unit that is not known.
[[nodiscard]] qint64 bytesOfMetric(double value, const QString &unit);

} // namespace Roost
