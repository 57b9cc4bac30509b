#include "postgres/manifestreader.h"

#include "postgres/databaseconnection.h"
#include "postgres/manifestsql.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgreslink.h"

#include <QCoreApplication>
#include <QScopeGuard>

#include <algorithm>
#include <utility>

#include "postgres/libpq.h"

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ManifestReader)
};

const QString beginReading = QStringLiteral("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");

/// A statement for one thing that has a name.
struct NamedStatement
{
    QString name;
    SqlStatement statement;
    qint64 bytes = 0;
};

class ManifestReading
{
public:
    ManifestReading(DatabaseConnection &connection, const ManifestOptions &options, const std::stop_token &stop)
        : m_connection(connection)
        , m_options(options)
        , m_stop(stop)
    {
    }

    Result<Manifest> run();
    Result<QMap<QString, TableFingerprint>> fingerprints();

private:
    using Row = std::pair<QByteArray, QByteArray>;
    Result<void> readFacts();
    Result<void> readTables();
    Result<void> readSequences();
    Result<void> readLargeObjects();
    Result<void> readObjects();
    /// Runs them a batch at a time, each batch in one round trip, and hands on the first two values of each answer.
    Result<void> runAll(const QList<NamedStatement> &statements,
                        const std::function<void(const NamedStatement &, const Row &)> &take);
    Result<QSqlQuery> query(const QString &sql) { return m_connection.query(sql, {}, m_stop); }

    DatabaseConnection &m_connection;
    const ManifestOptions &m_options;
    const std::stop_token &m_stop;
    Manifest m_manifest;
};

Result<Manifest> ManifestReading::run()
{
    if (const auto set = query(ManifestSql::settings()); !set) {
        return failure(set.error());
    }
    m_manifest.takenAt = QDateTime::currentDateTimeUtc();
    if (const auto facts = readFacts(); !facts) {
        return failure(facts.error());
    }
    const bool isUtf8 = m_manifest.encoding == u"UTF8";
    m_manifest.rowHash = m_options.hash.value_or(isUtf8 ? Manifest::RowHash::Text : Manifest::RowHash::HexUtf8);
    const auto done = readObjects()
                          .and_then([this] { return readSequences(); })
                          .and_then([this] { return readLargeObjects(); })
                          .and_then([this] { return readTables(); });
    if (!done) {
        return failure(done.error());
    }
    return std::move(m_manifest);
}

Result<QMap<QString, TableFingerprint>> ManifestReading::fingerprints()
{
    if (const auto set = query(ManifestSql::settings()); !set) {
        return failure(set.error());
    }
    m_manifest.rowHash = *m_options.hash;
    if (const auto read = readTables(); !read) {
        return failure(read.error());
    }
    return std::move(m_manifest.tables);
}

Result<void> ManifestReading::readFacts()
{
    m_manifest.host = m_connection.parameters().host;
    m_manifest.serverVersion = m_connection.server().versionText;
    m_manifest.serverVersionNumber = m_connection.server().version;
    auto rows = query(ManifestSql::facts());
    if (!rows) {
        return failure(rows.error());
    }
    if (rows->next()) {
        m_manifest.database = rows->value(0).toString();
        m_manifest.encoding = rows->value(1).toString();
        m_manifest.collation = rows->value(2).toString();
        m_manifest.characterType = rows->value(3).toString();
        if (rows->value(4).toString() == u"t") {
            m_manifest.unproven += Text::tr("Settings of the database itself (ALTER DATABASE … SET): a dump of one "
                                            "database does not hold them.");
        }
    }
    return {};
}

Result<void> ManifestReading::runAll(const QList<NamedStatement> &statements,
                                     const std::function<void(const NamedStatement &, const Row &)> &take)
{
    constexpr qint64 batchBytes = qint64(64) << 20; // of tables: about a second's work, and a step of the progress
    constexpr qsizetype batchSize = 200;
    qint64 all = 0;
    for (const NamedStatement &one : statements) {
        all += one.bytes;
    }
    qint64 done = 0;
    for (qsizetype at = 0; at < statements.size();) {
        std::vector<SqlStatement> batch;
        qint64 bytes = 0;
        const qsizetype first = at;
        while (at < statements.size() && at - first < batchSize && (bytes == 0 || bytes < batchBytes)) {
            batch.push_back(statements.at(at).statement);
            bytes += statements.at(at++).bytes;
        }
        auto answers = m_connection.driver().link().runPipeline(batch, PostgresLink::OnError::StopAll, m_stop);
        if (!answers) {
            return failure(answers.error());
        }
        for (size_t i = 0; i < answers->size(); ++i) {
            const PostgresLink::Answer &answer = answers->at(i);
            if (answer.error) {
                return failure(*answer.error);
            }
            const PGresult *rows = answer.rows.get();
            if (PQntuples(rows) > 0) {
                take(statements.at(first + qsizetype(i)), {PQgetvalue(rows, 0, 0), PQgetvalue(rows, 0, 1)});
            }
        }
        done += bytes;
        if (m_options.onProgress) {
            m_options.onProgress(done, all);
        }
    }
    return {};
}

Result<void> ManifestReading::readTables()
{
    auto rows = query(ManifestSql::tables(m_manifest.rowHash));
    if (!rows) {
        return failure(rows.error());
    }
    QList<NamedStatement> statements;
    while (rows->next()) {
        const QString name = rows->value(0).toString();
        const QString kind = rows->value(1).toString();
        if (m_options.only && !m_options.only->contains(Manifest::tableOf(name))) {
            continue;
        }
        if (const auto known = m_options.known.constFind(name); known != m_options.known.cend()) {
            m_manifest.tables.insert(name, *known);
            continue;
        }
        if (kind == u"m") {
            m_manifest.unproven +=
                Text::tr("The rows of the materialized view %1: they are computed anew by a restore.").arg(name);
        } else if (kind == u"f") {
            m_manifest.unproven += Text::tr("The rows of the foreign table %1: they are on another server.").arg(name);
        } else if (kind == u"e") {
            m_manifest.unproven += Text::tr("The rows of %1: the table belongs to an extension.").arg(name);
        } else {
            statements += {name, {rows->value(3).toString(), {}}, rows->value(2).toLongLong()};
        }
    }
    return runAll(statements, [this](const NamedStatement &one, const Row &row) {
        m_manifest.tables.insert(one.name, {row.first.toLongLong(), row.second});
    });
}

Result<void> ManifestReading::readSequences()
{
    auto rows = query(ManifestSql::sequences());
    if (!rows) {
        return failure(rows.error());
    }
    QList<NamedStatement> statements;
    while (rows->next()) {
        statements += {rows->value(0).toString(), {rows->value(1).toString(), {}}, 0};
    }
    return runAll(statements, [this](const NamedStatement &one, const Row &row) {
        m_manifest.sequences.insert(one.name, {row.first.toLongLong(), row.second == "t"});
    });
}

Result<void> ManifestReading::readLargeObjects()
{
    if (m_options.only) {
        return {};
    }
    auto rows = query(ManifestSql::largeObjects());
    if (!rows) {
        return failure(rows.error());
    }
    if (rows->next()) {
        m_manifest.largeObjects = {rows->value(0).toLongLong(), rows->value(1).toString().toLatin1()};
    }
    return {};
}

Result<void> ManifestReading::readObjects()
{
    auto rows = query(ManifestSql::objects(m_connection.server().version));
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        m_manifest.objects.insert(rows->value(0).toString(), rows->value(1).toString());
    }
    return {};
}

/// In the transaction that is open, or in one of its own.
template <class Read>
auto inTransaction(DatabaseConnection &connection, const std::stop_token &stop, Read read) -> decltype(read())
{
    const bool isOwn = PQtransactionStatus(connection.driver().link().handle()) == PQTRANS_IDLE;
    if (isOwn) {
        if (const auto begun = connection.execute(beginReading, {}, stop); !begun) {
            return failure(begun.error());
        }
    }
    const auto end = qScopeGuard([&connection, isOwn] {
        if (isOwn && connection.isOpen()) {
            (void)connection.execute(QStringLiteral("ROLLBACK")); // nothing was written, and the connection goes on
        }
    });
    return read();
}

} // namespace

Result<QString> beginSnapshot(DatabaseConnection &connection, const std::stop_token &stop)
{
    const auto begun = connection.execute(beginReading, {}, stop);
    if (!begun) {
        return failure(begun.error());
    }
    // It stays open and silent while pg_dump works, and does not take the processors away from it.
    const auto patient = connection.query(
        QStringLiteral("SELECT pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true), "
                       "pg_catalog.set_config('max_parallel_workers_per_gather', '0', true)"),
        {}, stop);
    if (!patient) {
        return failure(patient.error());
    }
    auto rows = connection.query(QStringLiteral("SELECT pg_catalog.pg_export_snapshot()"), {}, stop);
    if (!rows) {
        return failure(rows.error());
    }
    return rows->next() ? rows->value(0).toString() : QString();
}

Result<Manifest> readManifest(DatabaseConnection &connection, const ManifestOptions &options,
                              const std::stop_token &stop)
{
    return inTransaction(connection, stop, [&] { return ManifestReading(connection, options, stop).run(); });
}

Result<QMap<QString, TableFingerprint>> readFingerprints(DatabaseConnection &connection, Manifest::RowHash hash,
                                                         const QList<TableId> &tables, const std::stop_token &stop)
{
    ManifestOptions options;
    options.hash = hash;
    options.only = tables;
    return inTransaction(connection, stop, [&] { return ManifestReading(connection, options, stop).fingerprints(); });
}

} // namespace Roost
