#pragma once

#include "core/error.h"
#include "render/renderlink.h"

namespace Roost {

/// What Render's refusal means, in words: an answer of 300 and above.
[[nodiscard]] Error refusedByRender(const RenderCall &call, const HttpAnswer &answer);
/// Render failed (5xx), or its 2xx answer is no JSON.
[[nodiscard]] Error brokenAnswer(const RenderCall &call, const HttpAnswer &answer);
/// No whole answer came. `clockHint`: translated, or empty.
[[nodiscard]] Error noAnswer(const RenderCall &call, const HttpFault &fault, const QUrl &api, const QString &clockHint);
/// A write of which nobody knows whether it was done.
[[nodiscard]] Error outcomeUnknown(const RenderCall &call, const QString &reason, const QString &detail);
/// Status and request id of an answer, for Error::detail.
[[nodiscard]] QString requestDetail(const RenderCall &call, const HttpAnswer &answer);

} // namespace Roost
