#pragma once

class QAccessibleInterface;

namespace Roost {

class GridView;

// What a screen reader is told of one column's header and of one cell. The caller owns them, by registering them.
[[nodiscard]] QAccessibleInterface *accessibleHeader(GridView *view, int column);
[[nodiscard]] QAccessibleInterface *accessibleCell(GridView *view, int row, int column);

} // namespace Roost
