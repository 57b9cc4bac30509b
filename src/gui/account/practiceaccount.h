#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/renderclient.h"

#include <functional>

class QObject;

namespace Roost {

struct Services;

/// Finds the stand-in for Render running, or starts it; the program that started it ends it with itself. Blocking, on a
/// worker thread.
[[nodiscard]] Result<RenderAccess> startPracticeAccount(JobContext &context);
/// Makes the key of a practice account that runs known for this session, and its address as it is now; `done` in any
/// case.
void findPracticeAccount(Services &services, QObject *receiver, std::function<void()> done);
/// Ends the stand-in if this program started it; its instances keep their data. `done` in any case.
void stopPracticeAccountAtExit(Services &services, QObject *receiver, std::function<void()> done);

} // namespace Roost
