#pragma once

#include "support/temporarycluster.h"

#include <QString>

namespace Roost::Testing {

/// Fills a database (made when missing) with something of each kind that a small application has: tables with keys
/// between them, names that need quotes, an enum, a function and its trigger, views of both kinds, sequences, a large
/// object, values that print oddly. All of it belongs to the cluster's role. `logbookRows` of about half a kilobyte
/// make it as heavy as a test needs.
void fillSampleDatabase(TemporaryCluster &cluster, const QString &database, int logbookRows = 50);
/// As above, into a database that exists, for any cluster; blocks, on any thread.
void fillSampleDatabase(const ConnectionSpec &superuser, const QString &owner, int logbookRows = 50);

/// What a database holds, as text to compare: rows and checksum of each table, sequences, views, indexes, constraints,
/// triggers, functions, types. Read with psql: an independent witness.
QString databaseFingerprint(const TemporaryCluster &cluster, const QString &database);
QString databaseFingerprint(const ConnectionSpec &superuser);

} // namespace Roost::Testing
