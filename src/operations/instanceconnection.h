#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <QString>

namespace Roost {

/// How an instance is reached from outside of Render, password included, as Render says it. Render records who asks:
/// only when a connection or its password is not known, was refused, or the user wants it. Conflict when nothing tells
/// the region. Blocking.
[[nodiscard]] Result<ConnectionSpec> connectionOf(const RenderAccess &access, const QString &renderId,
                                                  JobContext &context, const RenderTimes &times = {});

} // namespace Roost
