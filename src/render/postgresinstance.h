#pragma once

#include "core/secret.h"
#include "render/owner.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

/// A range of addresses that may connect from outside of Render.
struct AllowedAddresses
{
    QString cidrBlock; ///< "203.0.113.7/32"
    QString description;
    bool operator==(const AllowedAddresses &) const = default;
};

/// A PostgreSQL instance as Render's API tells of it, without its password. Words are kept as Render writes them, since
/// it may know more of them than we do.
struct PostgresInstance
{
    QString id; ///< "dpg-…-a"
    QString name;
    Owner owner;
    QString plan;    ///< "free", "basic_256mb"
    QString version; ///< "18"
    QString region;  ///< "oregon"
    QString role;    ///< "primary", "replica"
    QString status;  ///< "creating", "available", "suspended" …
    bool isSuspended = false;
    QStringList suspenders; ///< "user", "billing" …
    QString databaseName;   ///< may differ from what was asked for: read it back
    QString databaseUser;
    int diskSizeGb = 0;                       ///< 0: not told
    QList<AllowedAddresses> allowedAddresses; ///< empty: nobody from outside
    QString environmentId;
    QString primaryId;    ///< of a replica
    QStringList replicas; ///< ids
    bool hasHighAvailability = false;
    QString connectionPool; ///< "none", "pgbouncer"; empty: not told
    QDateTime expiresAt;    ///< UTC; only of free instances
    QDateTime createdAt;    ///< UTC
    QDateTime updatedAt;    ///< UTC
    QString dashboardUrl;

    bool isFree() const { return plan == u"free"; }
    bool isAvailable() const { return status == u"available" && !isSuspended; }
};

/// What to create. Empty or nothing: Render's default.
struct PostgresDraft
{
    QString name;
    QString ownerId;
    QString plan = QStringLiteral("free");
    QString version = QStringLiteral("18");
    QString region;
    QString databaseName;
    QString databaseUser;
    QString environmentId;
    int diskSizeGb = 0; ///< not on the free plan
    /// Sent as it is; empty would shut everybody out.
    QList<AllowedAddresses> allowedAddresses = {{QStringLiteral("0.0.0.0/0"), QStringLiteral("everywhere")}};
};

/// What to change; what is nothing stays.
struct PostgresChanges
{
    std::optional<QString> name;
    std::optional<QString> plan;
    std::optional<int> diskSizeGb;
    std::optional<QList<AllowedAddresses>> allowedAddresses;
};

/// How to connect. URLs have the password in them.
struct PostgresConnectionInfo
{
    Secret password;
    Secret externalUrl;
    Secret internalUrl;
    Secret psqlCommand;
};

struct PostgresCredential
{
    QString username;
    bool isDefault = false;
    QDateTime createdAt;
    int openConnections = -1; ///< negative: not told
};

/// One line of GET …/query/sizes. Empty names: a total of what the others name.
struct PostgresSize
{
    QString database;
    QString schema;
    QString table;
    QString index;
    qint64 bytes = 0;
};

struct PostgresProcess
{
    qint64 pid = 0;
    QString username;
    QString database;
    QString application;
    QString clientAddress;
    QString state;
    QString query;
};

struct PostgresExport
{
    QString id;
    QDateTime createdAt;
    QString url; ///< empty until it is ready; whoever has it can read the data
};

} // namespace Roost
