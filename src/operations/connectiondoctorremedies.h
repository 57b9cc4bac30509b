#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <QString>

namespace Roost {

// What mends a finding of the connection doctor through Render's API. Blocking; errors as of instancechanges.h.

/// Adds an address (or a range) to those that may connect, the others stay; a success when it is there already.
[[nodiscard]] Result<void> allowAddress(const RenderAccess &access, const QString &renderId, const QString &address,
                                        JobContext &context);
/// Resumes a suspended instance, and waits until it is available.
[[nodiscard]] Result<void> resumeById(const RenderAccess &access, const QString &renderId, JobContext &context);

} // namespace Roost
