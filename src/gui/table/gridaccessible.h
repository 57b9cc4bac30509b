#pragma once

namespace Roost {

/// Makes grids readable for screen readers: a table of which only the cells that are asked for exist. Once a process,
/// before the first grid; further calls do nothing.
void installGridAccessibility();

} // namespace Roost
