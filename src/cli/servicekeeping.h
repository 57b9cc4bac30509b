#pragma once

#include "cli/renderaccounts.h"
#include "operations/pointservice.h"
#include "storage/keptvariables.h"

namespace Roost {

class Terminal;
struct CliServices;

/// Prints what a plan will change, values masked; on standard error.
void showPlan(const VariablePlan &plan, Terminal &terminal);

/// Puts the old values into the keychain, so that `services undo` can put them back, and only then changes the
/// variables. Fails before anything is changed when the old values cannot be kept.
[[nodiscard]] Result<void> keepAndChange(const OpenAccount &account, const VariablePlan &plan,
                                         const CliServices &services, const JobContext &context);

/// What was replaced last at the service or its groups, with values. NotFound when nothing was.
struct KeptBatch
{
    QList<KeptVariable> records;
    QList<KeptValue> values;
};
[[nodiscard]] Result<KeptBatch> newestKept(const OpenAccount &account, const QStringList &holderIds,
                                           const CliServices &services, const JobContext &context);
[[nodiscard]] Result<void> forgetKept(const KeptBatch &batch, const CliServices &services, const JobContext &context);

} // namespace Roost
