#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/databaseconnection.h"

#include <QHash>
#include <QString>
#include <QStringList>

namespace Roost {

/// What a table weighs in a dump, by the server's estimates.
struct TableWeight
{
    quint32 oid = 0;
    qint64 bytes = 0;
    qint64 rows = 0;      ///< 0 when unknown
    qint64 textBytes = 0; ///< of its rows as COPY writes them, which is what goes over the link
};

/// What is known of a database before it is dumped.
struct SourceFacts
{
    ServerInfo server;
    int roundTripMs = 0;
    /// From so long a round trip on, the link is slower than this computer packs.
    static constexpr int farMs = 20;
    bool isFar() const { return roundTripMs >= farMs; }
    QHash<QString, TableWeight> tables; ///< by `schema.name`, as pg_dump says it
    qint64 bytes = 0;                   ///< all tables, without indexes: those are not in a dump
    qint64 textBytes = 0;               ///< of all tables
    QStringList hiddenRows;             ///< tables whose rows the user may not all see (row-level security)
    QStringList unreadable;             ///< tables and sequences that the user may not read
};

/// Reads them over a connection of its own. Blocking.
[[nodiscard]] Result<SourceFacts> readSourceFacts(const ConnectionSpec &spec, const JobContext &context);

} // namespace Roost
