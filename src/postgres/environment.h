#pragma once

namespace Roost {

/// Removes everything from this process's environment that would steer libpq (PG…, PSQL…), and keeps libpq's own texts
/// English, because some of them must be told apart. The first thing in main(), before any thread: the environment is
/// not safe to change later.
void clearPostgresEnvironment();

} // namespace Roost
