#pragma once

#include <QString>

namespace Roost {

/// An account of the stand-in for Render in the main window: adding it, its pages, and the dialogs of its instances.
/// As takeWindowShots().
[[nodiscard]] bool takeAccountShots(const QString &folder, const QString &prefix);

} // namespace Roost
