#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databasevariable.h"
#include "operations/servicereferences.h"
#include "render/renderclient.h"

#include <QList>
#include <QStringList>

#include <optional>

namespace Roost {

/// One variable that is to become another, with both values.
struct VariableChange
{
    VariableHolder holder;
    QString key;
    VariablePart part = VariablePart::Url;
    std::optional<Secret> oldValue; ///< nothing: there is none yet
    std::optional<Secret> newValue; ///< nothing: it is to be deleted
    QString oldShown;               ///< masked
    QString newShown;
    QString why;          ///< translated: internal or external, and for what reason
    QStringList notices;  ///< translated
    QStringList sharedBy; ///< of a group: all services that it is linked to, by name
    bool isWanted = true; ///< false: an offer that nobody took
};

/// What will be done to the variables of a service and its groups. Made by a reading call; nothing is written before
/// the caller has put the old values away (see changeVariables()).
struct VariablePlan
{
    Service service;
    QList<VariableChange> changes;
    QStringList alreadySo; ///< keys whose values are as they would become; not among the changes
    bool isInternal = false;
    QString why;          ///< of the service's own variables
    QStringList warnings; ///< translated: Blueprint, seeding builds, shared groups

    QList<VariableChange> wanted() const;
};

struct PointRequest
{
    QString serviceId;
    PointTarget target;
    QString database;     ///< empty: the one that each variable names now
    QStringList keys;     ///< these and no others; empty: those that lead to a database, or the usual ones
    QStringList existing; ///< the databases that there are on the instance; empty: not known
    QList<PostgresInstance> instances;
    QMap<QString, QString> addresses; ///< as in ReferencesRequest
};

/// What pointing the service to a database would change; writes nothing. Where its variables lead to several instances
/// nothing is wanted until the user chooses. InvalidInput, NotFound (no such database), and the client's errors.
[[nodiscard]] Result<VariablePlan> planPoint(RenderClient &client, const PointRequest &request,
                                             const JobContext &context);

/// A variable as it was before Roost changed it.
struct KeptValue
{
    VariableHolder holder; ///< its name may be empty
    QString key;
    std::optional<Secret> value; ///< nothing: there was none
};
/// What putting the kept values back would change; variables that have them already are left out.
[[nodiscard]] Result<VariablePlan> planUndo(RenderClient &client, const QString &serviceId,
                                            const QList<KeptValue> &kept, const JobContext &context);

/// Carries out what is wanted in a plan, each variable by itself: it is read, and must be as the plan says; set; read
/// again and compared. Stops at the first that fails, and says which are as planned, which are as before, and of which
/// it is not known. The old values of the plan must be safe before this is called. Does not deploy: what runs goes on
/// with its old values. A cancel takes effect between two variables.
[[nodiscard]] Result<void> changeVariables(const RenderAccess &access, const VariablePlan &plan,
                                           const JobContext &context, const RenderTimes &times = {});

} // namespace Roost
