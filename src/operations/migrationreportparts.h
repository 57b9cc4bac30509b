#pragma once

#include "operations/migrationdocument.h"
#include "operations/migrationstate.h"

namespace Roost {

// The parts of a migration's report. Internal to it.

/// Databases with totals, then their tables, with counts and fingerprints of both sides.
void addReportedData(MigrationDocument &page, const MigrationState &state);
/// Variables, deploys, answers.
void addReportedServices(MigrationDocument &page, const MigrationState &state);
/// What the user still has to do, and what to know.
void addReportedRest(MigrationDocument &page, const MigrationState &state);

[[nodiscard]] QString reportedTime(const QDateTime &time); ///< "2026-11-28 09:12:34 UTC"; "–" when null
[[nodiscard]] QString reportedNumber(qint64 number);       ///< "–" when negative

} // namespace Roost
