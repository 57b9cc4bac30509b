#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/renderpatience.h"
#include "render/postgresinstance.h"
#include "render/renderclient.h"

#include <QList>
#include <QString>

#include <functional>

namespace Roost {

/// Why an instance cannot have this name, translated; empty if fine. Names in use in the workspace are refused, because
/// an instance whose creation got no answer is found again by its name.
[[nodiscard]] QString instanceNameProblem(const QString &name, const QStringList &taken = {});
/// Why Render would not take it as the name of a first database or of its user; empty (Render's choice) is fine.
[[nodiscard]] QString databaseWordProblem(const QString &word);
/// The free instances among these that Render counts for sure: not suspended ones.
[[nodiscard]] QList<PostgresInstance> activeFreeInstances(const QList<PostgresInstance> &instances,
                                                          const QString &ownerId);
/// "birds (dpg-…-a, oregon, expires 1 Oct 2026)", to tell instances apart in a message.
[[nodiscard]] QString instanceInWords(const PostgresInstance &instance);

struct CreateInstanceRequest
{
    PostgresDraft draft;
    /// Asks Render although an active free instance is in the workspace: its rules may be others by then.
    bool triesBesideFree = false;
    RenderPatience patience = {};
    /// An instance that may have the same name: the one that the new one takes the place of.
    QString ignoredId = {};
    bool waits = true; ///< false: returns as soon as it is there, available or not
    /// Called with all that is in the workspace right before the request is sent; an error keeps it from being sent.
    std::function<Result<void>(const QList<PostgresInstance> &before)> onAsking = {};
};

struct CreatedInstance
{
    PostgresInstance instance; ///< as read last; not available yet when the wait was cancelled
    bool wasFound = false;     ///< Render's answer was lost, and the instance found by its name
};

/// Creates an instance and waits until it is available. Looks first: an instance of the same name (AlreadyExists) or an
/// active free one (Conflict) is named, and nothing is sent. The request is sent once. When no answer comes, the list
/// is looked at until the instance is there; when it is not, OutcomeUnknown says what is known. A cancel ends the wait,
/// not the creation. Blocking.
[[nodiscard]] Result<CreatedInstance> createInstance(const RenderAccess &access, const CreateInstanceRequest &request,
                                                     JobContext &context);

/// Until it is available; the instance as it is then, or as it was read last when the wait was cancelled. TimedOut
/// after the patience; Conflict when it was suspended or failed meanwhile.
[[nodiscard]] Result<PostgresInstance> waitUntilAvailable(RenderClient &client, const PostgresInstance &instance,
                                                          const RenderPatience &patience, const JobContext &context);

} // namespace Roost
