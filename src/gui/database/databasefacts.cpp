#include "gui/database/databasefacts.h"

#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/plaintext.h"
#include "models/sessionpool.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>
#include <QLocale>
#include <QPointer>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(DatabaseFacts)
};

Result<DatabaseFacts> readFacts(const ConnectionSpec &database, JobContext &context)
{
    const auto connection = DatabaseConnection::open(database, context.stopToken());
    if (!connection) {
        return failure(connection.error());
    }
    const auto sessions = CatalogReader::sessions(**connection, database.parameters.database, context.stopToken());
    if (!sessions) {
        return failure(sessions.error());
    }
    const auto relations = CatalogReader::relations(**connection, context.stopToken());
    if (!relations) {
        return failure(relations.error());
    }
    DatabaseFacts facts;
    facts.sessions = *sessions;
    for (const RelationInfo &relation : *relations) {
        if (relation.kind != RelationKind::Table) {
            continue; // a partitioned table's rows are its partitions'
        }
        ++facts.tables;
        facts.rows += qMax<qint64>(0, relation.estimatedRows);
        facts.rowsAreExact = facts.rowsAreExact && relation.rowsAreExact;
        facts.sizeBytes += qMax<qint64>(0, relation.sizeBytes);
    }
    return facts;
}

} // namespace

QString DatabaseFacts::contentText() const
{
    if (tables == 0) {
        return Text::tr("no tables");
    }
    const QString count = (rowsAreExact ? QString() : QStringLiteral("~ ")) + QLocale().toString(rows);
    return Text::tr("%n table(s)", nullptr, tables) + u' ' +
           Text::tr("with %1 rows, %2").arg(count, sizeText(sizeBytes));
}

void readDatabaseFacts(Services &services, const ConnectionSpec &database, QObject *receiver,
                       std::function<void(const Result<DatabaseFacts> &)> done)
{
    // Our own sessions are closed before anything is done to the database, so they are none of others.
    const auto withoutOurs = [pool = QPointer<SessionPool>(services.sessions), parameters = database.parameters,
                              done = std::move(done)](Result<DatabaseFacts> facts) {
        if (facts && pool) {
            const QList<int> ours = pool->backendPids(parameters);
            facts->sessions.removeIf([&ours](const SessionInfo &session) { return ours.contains(session.pid); });
        }
        done(facts);
    };
    services.jobs->runQuietly<DatabaseFacts>([database](JobContext &context) { return readFacts(database, context); },
                                             receiver, withoutOurs);
}

} // namespace Roost
