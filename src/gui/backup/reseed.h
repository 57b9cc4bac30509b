#pragma once

#include "models/instance.h"
#include "operations/birdapp.h"

#include <functional>
#include <optional>

class QWidget;

namespace Roost {

struct Services;

/// The bird app that is open in this window for this database and has a seed; nothing when there is none.
[[nodiscard]] std::optional<BirdApp> seededAppFor(const QWidget *window, const DatabaseRef &database);

/// Makes the app's tables, where it has migrations, and runs its seed: a job shown over `parent`.
void startReseed(Services &services, QWidget *parent, const DatabaseRef &database, const BirdApp &app,
                 std::function<void()> done);

} // namespace Roost
