#pragma once

#include <QString>

namespace Roost {

struct Colors;

/// The application's style sheet in these colours. `pointSize` is the size of ordinary text, `icons` the icon folder of
/// the scheme.
[[nodiscard]] QString styleSheet(const Colors &colors, double pointSize, const QString &icons);

} // namespace Roost
