#pragma once

#include "operations/pointservice.h"

#include <QList>
#include <QMap>
#include <QSet>
#include <QStringList>

namespace Roost {

/// A service or a group, its variables, and the services that use them.
struct VariableSource
{
    VariableHolder holder;
    QList<EnvironmentVariable> variables;
    QList<Service> users; ///< of a service: itself
};

/// Every variable that an account's services can see.
struct AccountVariables
{
    QList<Service> services;
    QList<VariableSource> sources; ///< services first, then groups, the newest first

    /// Who has the value that a service sees; null when nobody has one.
    const VariableSource *ruling(const QString &serviceId, const QString &key) const;
};

/// Reads all of them, or fails: what was not read could lead to the old instance. Services that go meanwhile are left
/// out.
[[nodiscard]] Result<AccountVariables> readAccountVariables(RenderClient &client, const JobContext &context);

/// From one instance to another.
struct Repointing
{
    PostgresInstance from;
    /// "host:port" → its id, where the host does not name it (practice).
    QMap<QString, QString> addresses;
    PointTarget to;
    QMap<QString, QString> databases; ///< old names → new ones, where they differ
};

struct RepointPlan
{
    /// Of each holder the hosts come last: as long as a host is the old one, what stands beside it is found again.
    QList<VariableChange> changes;
    /// That see a value which changes.
    QMap<QString, Service> affected;
    /// That name the old instance in a form that is not rewritten.
    QList<VariableReference> others;
};

/// What leads to the old instance, and what it is to be. Pure.
[[nodiscard]] Result<RepointPlan> planRepoint(const AccountVariables &all, const Repointing &repointing);

/// "holder/KEY": names a variable in a journal.
[[nodiscard]] QString variableId(const VariableHolder &holder, const QString &key);

} // namespace Roost
