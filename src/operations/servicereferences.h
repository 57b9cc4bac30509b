#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databasevariable.h"
#include "render/renderclient.h"

#include <QMap>

namespace Roost {

/// Who has a variable: a service itself, or a group that services share.
struct VariableHolder
{
    QString id; ///< "srv-…", "evg-…"
    QString name;
    bool isGroup = false;
    bool operator==(const VariableHolder &) const = default;
};

/// A variable of a service that leads to a database. Values are masked; what to write is read again by planPoint().
struct VariableReference
{
    VariableHolder holder;
    QString key;
    VariablePart part = VariablePart::Url;
    QString renderId;     ///< of the instance; empty when it is not one of Render's
    QString instanceName; ///< empty when the account does not have it: deleted, or of somebody else
    QString host;
    QString database;    ///< of URLs, and of a database's name beside a host
    QString shown;       ///< the value, masked
    QString overruledBy; ///< not empty: not what the service sees, since this holder's value comes first
};

/// A service with its variables that lead to databases.
struct ServiceReferences
{
    Service service;
    QStringList keys;             ///< of all its own variables, sorted
    QList<VariableHolder> groups; ///< linked to it, the newest first: its values win
    QList<VariableReference> references;
    std::optional<Deploy> latestDeploy;
};

struct AccountReferences
{
    QList<ServiceReferences> services; ///< as they were given
    QList<EnvironmentGroup> groups;    ///< without values
    QStringList gaps;                  ///< translated: what could not be read, and why
    int requests = 0;                  ///< that it took; Render allows 400 reads a minute

    const ServiceReferences *find(const QString &serviceId) const; ///< null when there is none
    /// Names of the services that a group is linked to.
    QStringList servicesOf(const QString &groupId) const;
};

struct ReferencesRequest
{
    QList<Service> services;
    QList<PostgresInstance> instances;
    /// "host:port" → instance id, for instances whose host does not name them (practice); may be empty.
    QMap<QString, QString> addresses;
    bool readsDeploys = true; ///< the latest of each service
};

/// Which variables of which services and groups lead to which instance, found by their values. A service that cannot be
/// read is a gap; only a refused key and a cancel fail. Blocking; two requests a service, and one a group.
[[nodiscard]] Result<AccountReferences> findReferences(RenderClient &client, const ReferencesRequest &request,
                                                       const JobContext &context);

/// Those of one holder: what each value leads to. Pure.
[[nodiscard]] QList<VariableReference> referencesAmong(const QList<EnvironmentVariable> &variables,
                                                       const VariableHolder &holder,
                                                       const QList<PostgresInstance> &instances,
                                                       const QMap<QString, QString> &addresses);

} // namespace Roost
