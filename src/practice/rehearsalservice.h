#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/renderpatience.h"
#include "render/renderaccess.h"

#include <QString>

namespace Roost {

/// Points the sample service of the stand-in at bird_app_db of this instance, deploys it and follows until it is live;
/// its id, or nothing when there is no such service. Whatever its variables led to before is forgotten. Blocking.
[[nodiscard]] Result<QString> pointSampleService(const RenderAccess &access, const QString &instanceId,
                                                 const RenderPatience &patience, const JobContext &context);

} // namespace Roost
