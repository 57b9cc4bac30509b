#include "operations/tableimport.h"

#include "operations/importcommit.h"
#include "operations/importload.h"
#include "operations/importsearch.h"
#include "operations/importtext.h"
#include "postgres/databaseconnection.h"

#include <algorithm>

namespace Roost {

namespace {

using Text = ImportText;

constexpr int mostProblems = 20; ///< that a check names

/// One import or check, from its first look at the file to COMMIT. On the operation's thread.
class ImportRun
{
public:
    ImportRun(DatabaseConnection &connection, const ImportRequest &request, JobContext &context)
        : m_connection(connection)
        , m_request(request)
        , m_context(context)
    {
    }

    Result<ImportReport> import();
    Result<ImportReport> check();
    /// What an error says is the whole truth: about a COMMIT.
    bool isFinal() const { return m_isFinal; }

private:
    Result<void> prepare();
    Result<void> matchFields();
    Result<void> matchColumns();
    Result<void> findKey();
    Result<void> execute(const QString &sql);
    Result<void> begin();
    Error rolledBack(Error error);
    Result<void> direct();
    Result<void> staged();
    Result<void> insertStaged();
    Result<void> countRows(const ImportLoad::Loaded &loaded);
    QString conflictTail() const;
    Result<std::pair<qint64, qint64>> insertAndCount();
    Error explainInsert(const Error &error);
    Error explainCopy(const Error &error);
    Error placed(const ServerMessage &message, qint64 record) const;
    Result<void> setSequences();

    bool needsStage() const;
    ImportLoad &load() { return *m_load; }

    DatabaseConnection &m_connection;
    const ImportRequest &m_request;
    JobContext &m_context;
    ImportTarget m_target;
    ImportSource m_source;
    QStringList m_columns; ///< for each field sent
    QStringList m_key;     ///< of Skip and Update
    std::unique_ptr<ImportLoad> m_load;
    ImportReport m_report;
    bool m_isFinal = false;
};

Result<void> ImportRun::execute(const QString &sql)
{
    const Result<qint64> done = m_connection.execute(sql, {}, m_context.stopToken());
    return done ? Result<void>() : failure(done.error());
}

/// The file's fields against those that the mapping is for.
Result<void> ImportRun::matchFields()
{
    if (const std::optional<Error> problem = ImportSource::dialectProblem(m_request.dialect)) {
        return failure(*problem);
    }
    const Result<ImportPreview> preview = inspectImport(m_request.file, m_request.dialect);
    if (!preview) {
        return failure(preview.error());
    }
    m_source.file = m_request.file;
    m_source.dialect = m_request.dialect;
    m_source.fields = m_request.fields.isEmpty() ? preview->header : m_request.fields;
    const bool hasHeader = m_request.dialect.hasHeader && m_request.dialect.format != ImportFormat::NdJson;
    if (hasHeader && preview->problemLine == 1) {
        return failure(*preview->problem);
    }
    if (hasHeader && preview->header != m_source.fields) {
        return failure(lineError(
            1, Text::tr("the header is \"%1\", where \"%2\" was expected. Look at the file again.")
                   .arg(preview->header.join(QStringLiteral(", ")), m_source.fields.join(QStringLiteral(", ")))));
    }
    if (m_request.mapping.size() != m_source.fields.size()) {
        return failure(lineError(1, Text::tr("the file has %1 fields, and %2 were expected. Look at the file again.")
                                        .arg(m_source.fields.size())
                                        .arg(m_request.mapping.size())));
    }
    if (!hasHeader) {
        return {};
    }
    for (qsizetype i = 0; i < m_source.fields.size(); ++i) {
        const qsizetype other = m_source.fields.indexOf(m_source.fields.at(i), i + 1);
        if (other > 0 && !m_request.mapping.at(i).isEmpty() && !m_request.mapping.at(other).isEmpty()) {
            return failure(lineError(
                1, Text::tr("the header has \"%1\" twice. Leave one of them out.").arg(m_source.fields.at(i))));
        }
    }
    return {};
}

Result<void> ImportRun::matchColumns()
{
    for (qsizetype i = 0; i < m_request.mapping.size(); ++i) {
        const QString &name = m_request.mapping.at(i);
        const ImportTarget::Column *column = m_target.find(name);
        m_source.sent.push_back(!name.isEmpty());
        m_source.json.columns.push_back(column && column->isJson    ? JsonColumn::Json
                                        : column && column->isArray ? JsonColumn::Array
                                                                    : JsonColumn::Text);
        if (name.isEmpty()) {
            continue;
        }
        if (column == nullptr) {
            return failure(ErrorCode::InvalidInput,
                           Text::tr("%1 has no column \"%2\".").arg(m_request.table.name, name));
        }
        if (column->isGenerated) {
            return failure(ErrorCode::InvalidInput,
                           Text::tr("The server computes the column %1 itself. Leave it out.").arg(name));
        }
        if (m_columns.contains(name)) {
            return failure(ErrorCode::InvalidInput, Text::tr("Two fields go to the column %1.").arg(name));
        }
        const bool isJsonLines = m_request.dialect.format == ImportFormat::NdJson;
        m_source.json.namesMissing = m_source.json.namesMissing || (isJsonLines && !column->defaultSql.isEmpty());
        m_columns += name;
    }
    if (m_columns.isEmpty()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("No field of the file goes to a column of %1.").arg(m_request.table.name));
    }
    return {};
}

/// The key that tells which rows are there already.
Result<void> ImportRun::findKey()
{
    if (m_request.onConflict == OnConflict::Fail) {
        return {};
    }
    if (!m_target.isTable) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("Rows that are there already can be skipped or updated only in tables, and %1 is none.")
                           .arg(m_request.table.name));
    }
    for (const QStringList &key : m_target.keys) {
        if (std::all_of(key.begin(), key.end(), [this](const QString &name) { return m_columns.contains(name); })) {
            m_key = key;
            return {};
        }
    }
    if (m_target.keys.isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("%1 has no key, so it cannot be told which rows are there "
                                                         "already. Let the import fail on conflicts.")
                                                    .arg(m_request.table.name));
    }
    return failure(ErrorCode::InvalidInput,
                   Text::tr("The key of %1 (%2) is not in the file, so it cannot be told which rows are there already. "
                            "Choose the fields that go there.")
                       .arg(m_request.table.name, m_target.keys.first().join(QStringLiteral(", "))));
}

Result<void> ImportRun::prepare()
{
    if (Result<void> matched = matchFields(); !matched) {
        return matched;
    }
    Result<ImportTarget> target = ImportTarget::read(m_connection, m_request.table, m_context.stopToken());
    if (!target) {
        return failure(target.error());
    }
    m_target = std::move(*target);
    if (Result<void> matched = matchColumns(); !matched) {
        return matched;
    }
    if (Result<void> found = findKey(); !found) {
        return found;
    }
    m_load = std::make_unique<ImportLoad>(m_connection, m_target, m_source, m_columns, m_context);
    return {};
}

bool ImportRun::needsStage() const
{
    return m_request.onConflict != OnConflict::Fail || !m_target.takesCopy || m_source.json.namesMissing;
}

Result<void> ImportRun::begin()
{
    if (Result<void> begun = execute(QStringLiteral("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")); !begun) {
        return begun;
    }
    // An import may take its time; a role's limits are for the odd query.
    return execute(QStringLiteral("SET LOCAL statement_timeout = 0"));
}

Error ImportRun::rolledBack(Error error)
{
    if (m_connection.isOpen() && !m_connection.execute(QStringLiteral("ROLLBACK"))) {
        m_connection.database().close(); // which rolls back as well
    }
    return error;
}

/// What the server says against what was read.
Result<void> ImportRun::countRows(const ImportLoad::Loaded &loaded)
{
    m_report.rowsRead = loaded.records;
    if (loaded.records == 0) {
        return failure(ErrorCode::InvalidInput, m_request.dialect.hasHeader
                                                    ? Text::tr("The file holds a header and no rows.")
                                                    : Text::tr("The file holds no rows."));
    }
    return {};
}

Result<void> ImportRun::direct()
{
    const Result<ImportLoad::Loaded> loaded = load().copyIntoTable();
    if (!loaded) {
        return failure(loaded.error());
    }
    if (Result<void> counted = countRows(*loaded); !counted) {
        return counted;
    }
    m_report.inserted = loaded->rows;
    m_report.skipped = loaded->records - loaded->rows;
    if (m_report.skipped != 0 && !m_target.hasBeforeTriggers) {
        return failure(ErrorCode::Internal, Text::tr("%1 rows were read from the file, and the server took %2.")
                                                .arg(loaded->records)
                                                .arg(loaded->rows));
    }
    return {};
}

QString ImportRun::conflictTail() const
{
    if (m_request.onConflict == OnConflict::Fail) {
        return {};
    }
    QStringList set;
    for (const QString &name : m_columns) {
        if (m_request.onConflict == OnConflict::Update && !m_key.contains(name) &&
            !m_target.find(name)->isIdentityAlways) {
            set += QStringLiteral("%1 = EXCLUDED.%1").arg(quoteIdentifier(name));
        }
    }
    return QStringLiteral("ON CONFLICT (%1) DO %2")
        .arg(quotedList(m_key), set.isEmpty() ? QStringLiteral("NOTHING")
                                              : QStringLiteral("UPDATE SET ") + set.join(QStringLiteral(", ")));
}

/// Rows inserted and rows updated.
Result<std::pair<qint64, qint64>> ImportRun::insertAndCount()
{
    const QString tail = conflictTail();
    if (m_request.onConflict != OnConflict::Update) {
        const Result<qint64> rows = m_connection.execute(load().insertSql(tail), {}, m_context.stopToken());
        return rows ? Result<std::pair<qint64, qint64>>({*rows, 0}) : failure(rows.error());
    }
    qint64 there = 0;
    if (m_target.isPartitioned) {
        // Its rows do not tell whether they are new.
        QStringList same;
        for (const QString &name : m_key) {
            same += QStringLiteral("o.%1 = s.%1").arg(quoteIdentifier(name));
        }
        Result<QSqlQuery> rows = m_connection.query(
            QStringLiteral("SELECT pg_catalog.count(*) FROM %1 s WHERE EXISTS (SELECT FROM %2 o WHERE %3)")
                .arg(ImportLoad::stage(), m_target.id.quoted(), same.join(QStringLiteral(" AND "))),
            {}, m_context.stopToken());
        if (!rows) {
            return failure(rows.error());
        }
        there = rows->next() ? rows->value(0).toLongLong() : 0;
        const Result<qint64> all = m_connection.execute(load().insertSql(tail), {}, m_context.stopToken());
        return all ? Result<std::pair<qint64, qint64>>({*all - qMin(*all, there), qMin(*all, there)})
                   : failure(all.error());
    }
    Result<QSqlQuery> rows = m_connection.query(
        QStringLiteral(
            "WITH done AS (%1 RETURNING t.xmax = 0 AS fresh) SELECT pg_catalog.count(*) FILTER (WHERE fresh),"
            " pg_catalog.count(*) FILTER (WHERE NOT fresh) FROM done")
            .arg(load().insertSql(tail)),
        {}, m_context.stopToken());
    if (!rows || !rows->next()) {
        return failure(rows ? Error() : rows.error());
    }
    return std::pair{rows->value(0).toLongLong(), rows->value(1).toLongLong()};
}

Error ImportRun::placed(const ServerMessage &message, qint64 record) const
{
    ImportRefusal refusal;
    refusal.message = message;
    refusal.table = m_request.table.name;
    refusal.column = message.column;
    refusal.filled = m_request.mapping;
    refusal.place = record > 0 ? findRecord(m_source, record, m_context.stopToken()) : std::nullopt;
    return errorOf(refusal);
}

/// The stage is loaded, a savepoint set, and the INSERT failed.
Error ImportRun::explainInsert(const Error &error)
{
    const ServerMessage message = m_connection.lastMessage();
    const bool isTwin = message.sqlState == "21000";
    if (m_context.isCancelled() || !m_connection.isOpen() || (!isTwin && !isOfARow(message)) ||
        !execute(QStringLiteral("ROLLBACK TO roost_insert"))) {
        return error;
    }
    m_context.report({Text::tr("Looking for the line"), 0, 0, {}});
    ImportSearch search(m_connection, m_target, m_columns, load(), m_context.stopToken());
    if (isTwin) {
        if (const std::optional<ImportSearch::Twins> twins = search.twins(m_key)) {
            const auto first = findRecord(m_source, twins->first, m_context.stopToken());
            const auto second = findRecord(m_source, twins->second, m_context.stopToken());
            if (first && second) {
                return lineError(
                    second->line,
                    Text::tr("its key (%1) = %2 is in line %3 too. Which of the two should be taken cannot "
                             "be told; remove one of them.")
                        .arg(m_key.join(QStringLiteral(", ")), twins->key)
                        .arg(first->line));
            }
        }
        return error;
    }
    const qint64 record = message.sqlState == "23503" ? search.dangling(message) : search.refused(conflictTail());
    return m_context.isCancelled() ? Error::cancelled() : placed(message, record);
}

Result<void> ImportRun::insertStaged()
{
    if (Result<void> set = execute(QStringLiteral("SAVEPOINT roost_insert")); !set) {
        return set;
    }
    m_context.report({Text::tr("Putting the rows into %1").arg(m_request.table.name), 0, 0, {}});
    const Result<std::pair<qint64, qint64>> counts = insertAndCount();
    if (!counts) {
        return failure(explainInsert(counts.error()));
    }
    m_report.inserted = counts->first;
    m_report.updated = counts->second;
    m_report.skipped = m_report.rowsRead - counts->first - counts->second;
    const bool maySkip =
        m_request.onConflict == OnConflict::Skip || m_target.hasBeforeTriggers || conflictTail().endsWith(u"NOTHING");
    if (m_report.skipped != 0 && !maySkip) {
        return failure(ErrorCode::Internal, Text::tr("%1 rows were read from the file, and the server took %2.")
                                                .arg(m_report.rowsRead)
                                                .arg(counts->first + counts->second));
    }
    return {};
}

Result<void> ImportRun::staged()
{
    if (Result<void> created = load().createStage(); !created) {
        return created;
    }
    const Result<ImportLoad::Loaded> loaded = load().copyIntoStage();
    if (!loaded) {
        return failure(loaded.error());
    }
    if (loaded->records != loaded->rows) {
        return failure(ErrorCode::Internal, Text::tr("%1 rows were read from the file, and the server took %2.")
                                                .arg(loaded->records)
                                                .arg(loaded->rows));
    }
    if (Result<void> counted = countRows(*loaded); !counted) {
        return counted;
    }
    return insertStaged();
}

/// COPY into the table failed with something that names no line, such as a foreign key: looks for it in another
/// transaction, which is rolled back as well.
Error ImportRun::explainCopy(const Error &error)
{
    const ServerMessage message = m_connection.lastMessage();
    const bool isKnown = error.code == ErrorCode::InvalidInput || load().refusedPlace().has_value();
    if (error.isCancelled() || isKnown || !m_connection.isOpen() || !isOfARow(message)) {
        return rolledBack(error);
    }
    rolledBack({});
    m_context.log(message.inFull());
    load().setStep(Text::tr("Looking for the line"));
    qint64 record = 0;
    if (begin() && load().createStage() && load().copyIntoStage()) {
        ImportSearch search(m_connection, m_target, m_columns, load(), m_context.stopToken());
        record = message.sqlState == "23503" ? search.dangling(message) : search.refused({});
    }
    return rolledBack(m_context.isCancelled() ? Error::cancelled() : placed(message, record));
}

/// Behind the highest value, never backwards. The last thing before COMMIT: a sequence does not roll back.
Result<void> ImportRun::setSequences()
{
    for (const QString &name : m_columns) {
        const ImportTarget::Column *column = m_target.find(name);
        if (column->sequence.isEmpty()) {
            continue;
        }
        const QString sql =
            QStringLiteral(
                "WITH s AS (SELECT q.last_value, q.is_called, p.seqincrement > 0 AS grows"
                "  FROM %1 q, pg_catalog.pg_sequence p WHERE p.seqrelid = %2::pg_catalog.regclass),"
                " h AS (SELECT CASE WHEN s.grows THEN (SELECT pg_catalog.max(%3) FROM %4)"
                "  ELSE (SELECT pg_catalog.min(%3) FROM %4) END::pg_catalog.int8 AS value FROM s)"
                " SELECT pg_catalog.setval(%2::pg_catalog.regclass, h.value) FROM s, h, pg_catalog.pg_sequence p"
                " WHERE p.seqrelid = %2::pg_catalog.regclass AND h.value BETWEEN p.seqmin AND p.seqmax"
                "  AND ((h.value = s.last_value AND NOT s.is_called)"
                "   OR CASE WHEN s.grows THEN h.value > s.last_value ELSE h.value < s.last_value END)")
                .arg(column->sequence, quoteLiteral(column->sequence), quoteIdentifier(name), m_target.id.quoted());
        Result<QSqlQuery> set = m_connection.query(sql, {}, m_context.stopToken());
        if (!set) {
            return failure(set.error().code,
                           Text::tr("The sequence %1 could not be set behind the highest value: %2")
                               .arg(column->sequence, set.error().message),
                           set.error().detail, set.error().sqlState);
        }
        if (set->next()) {
            m_report.sequencesSet += QStringLiteral("%1: %2").arg(column->sequence, set->value(0).toString());
        }
    }
    return {};
}

Result<ImportReport> ImportRun::import()
{
    if (const Result<void> prepared = prepare(); !prepared) {
        return failure(prepared.error());
    }
    if (const Result<void> begun = begin(); !begun) {
        return failure(rolledBack(begun.error()));
    }
    load().setStep(Text::tr("Importing into %1").arg(m_request.table.name));
    const bool isStaged = needsStage();
    if (const Result<void> loaded = isStaged ? staged() : direct(); !loaded) {
        return failure(isStaged ? rolledBack(loaded.error()) : explainCopy(loaded.error()));
    }
    m_context.report({Text::tr("Finishing"), 0, 0, {}});
    // What is deferred is checked while it can still be told from a lost COMMIT.
    Result<void> done = execute(QStringLiteral("SET CONSTRAINTS ALL IMMEDIATE"));
    if (!done) {
        const ServerMessage message = m_connection.lastMessage();
        return failure(rolledBack(isOfARow(message) ? placed(message, 0) : done.error()));
    }
    done = setSequences();
    if (!done) {
        return failure(rolledBack(done.error()));
    }
    if (const Result<void> committed = commitImport(m_connection, m_request.table.name, m_context); !committed) {
        m_isFinal = committed.error().code == ErrorCode::ConnectionLost;
        return failure(rolledBack(committed.error()));
    }
    return m_report;
}

Result<ImportReport> ImportRun::check()
{
    if (const Result<void> prepared = prepare(); !prepared) {
        return failure(prepared.error());
    }
    if (const Result<void> begun = begin(); !begun) {
        return failure(rolledBack(begun.error()));
    }
    load().setStep(Text::tr("Checking the file for %1").arg(m_request.table.name));
    Result<void> done = load().createStage();
    QList<Error> problems;
    for (qint64 skip = 0; done && problems.size() < mostProblems;) {
        done = execute(QStringLiteral("SAVEPOINT roost_check"));
        const Result<ImportLoad::Loaded> loaded = load().copyIntoStage(skip);
        if (loaded) {
            m_report.rowsRead = loaded->records + skip;
            break;
        }
        problems += loaded.error();
        const std::optional<RecordPlace> place = load().refusedPlace();
        if (!place || loaded.error().isCancelled()) {
            break;
        }
        // The rest of the file may have more to tell.
        skip = place->record;
        done = execute(QStringLiteral("ROLLBACK TO roost_check"));
    }
    if (!done) {
        return failure(rolledBack(done.error()));
    }
    rolledBack({});
    if (problems.isEmpty()) {
        const Result<void> counted = countRows({m_report.rowsRead, m_report.rowsRead});
        return counted ? Result<ImportReport>(m_report) : failure(counted.error());
    }
    Error first = problems.takeFirst();
    QStringList others;
    for (const Error &problem : problems) {
        others += problem.message;
    }
    first.detail = others.isEmpty() ? first.detail : others.join(u'\n');
    return failure(first);
}

} // namespace

Result<ImportReport> importTable(DatabaseConnection &connection, const ImportRequest &request, JobContext &context)
{
    ImportRun run(connection, request, context);
    Result<ImportReport> report = run.import();
    if (report || report.error().isCancelled() || run.isFinal()) {
        return report;
    }
    Error error = report.error();
    if (error.code == ErrorCode::ConnectionLost) {
        return failure(lostBeforeCommit(connection, request.table.name, error));
    }
    error.message += u' ' + Text::tr("Nothing was imported: %1 is as it was.").arg(request.table.name);
    return failure(error);
}

Result<ImportReport> checkImport(DatabaseConnection &connection, const ImportRequest &request, JobContext &context)
{
    return ImportRun(connection, request, context).check();
}

} // namespace Roost
