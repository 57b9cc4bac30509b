#include "operations/importload.h"

#include "operations/importtext.h"
#include "postgres/databaseconnection.h"

#include <QLocale>

namespace Roost {

namespace {

constexpr qint64 reportEveryMs = 100;
const QString stageName = QStringLiteral("roost_import");
/// Beside the columns that may be in the file; no name of the user's is likely to be the same, and it would not matter.
const QString missingKeys = QStringLiteral("roost missing keys");

} // namespace

QString quotedList(const QStringList &names)
{
    QStringList quoted;
    std::transform(names.begin(), names.end(), std::back_inserter(quoted), quoteIdentifier);
    return quoted.join(QStringLiteral(", "));
}

ImportLoad::ImportLoad(DatabaseConnection &connection, const ImportTarget &target, const ImportSource &source,
                       const QStringList &columns, JobContext &context)
    : m_connection(connection)
    , m_target(target)
    , m_source(source)
    , m_columns(columns)
    , m_context(context)
{
}

QString ImportLoad::stage()
{
    return QStringLiteral("pg_temp.") + quoteIdentifier(stageName);
}

void ImportLoad::progress(qint64 done, qint64 total, qint64 rows, bool isLast)
{
    if (!isLast && m_sinceReport.isValid() && m_sinceReport.elapsed() < reportEveryMs) {
        return;
    }
    m_sinceReport.start();
    const QLocale locale;
    const auto size = [&locale](qint64 bytes) {
        return locale.formattedDataSize(bytes, 1, QLocale::DataSizeTraditionalFormat);
    };
    Progress progress;
    progress.step = m_step;
    progress.done = done;
    progress.total = total;
    progress.amount = ImportText::tr("%1 of %2, %3 rows").arg(size(done), size(total), locale.toString(rows));
    m_context.report(progress);
}

Result<ImportLoad::Loaded> ImportLoad::copy(const QString &into, const QString &relation, const QStringList &columns,
                                            qint64 skip)
{
    m_refusedPlace.reset();
    Result<std::unique_ptr<ImportStream>> opened = ImportStream::open(m_source, skip);
    if (!opened) {
        return failure(opened.error());
    }
    ImportStream &stream = **opened;
    // A problem in the file stops the server as the user would.
    std::stop_source stop;
    const std::stop_callback onStop(m_context.stopToken(), [&stop] { stop.request_stop(); });
    const QString sql =
        QStringLiteral("COPY %1 (%2) FROM STDIN WITH (%3)").arg(into, quotedList(columns), m_source.copyOptions());
    const Result<qint64> copied = m_connection.copyIn(
        sql,
        [&] {
            QByteArray piece = stream.next();
            if (stream.problem()) {
                stop.request_stop();
            }
            progress(stream.bytesRead(), stream.fileBytes(), stream.records(), piece.isEmpty());
            return piece;
        },
        stop.get_token());
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    // What the server refused before the scan came to its problem stands further up.
    const bool isServers = !copied && !copied.error().isCancelled() && !m_connection.lastMessage().isNull();
    if (stream.problem() && !isServers) {
        return failure(*stream.problem());
    }
    if (copied) {
        return Loaded{stream.records() - skip, *copied};
    }
    opened->reset(); // it may hold a large field
    return failure(explain(copied.error(), relation, skip));
}

Error ImportLoad::explain(const Error &error, const QString &relation, qint64 skip)
{
    ImportRefusal refusal;
    refusal.message = m_connection.lastMessage();
    if (!isOfARow(refusal.message) || !m_connection.isOpen()) {
        return error;
    }
    const CopyContext context = copyContextOf(refusal.message, relation, m_columns);
    refusal.table = m_target.id.name;
    refusal.filled = m_columns;
    refusal.column = refusal.message.column.isEmpty() ? context.column : refusal.message.column;
    if (context.line > 0) {
        refusal.place = findCopyLine(m_source, skip, context.line, m_context.stopToken());
        m_refusedPlace = refusal.place;
    }
    return m_context.isCancelled() ? Error::cancelled() : errorOf(refusal);
}

Result<ImportLoad::Loaded> ImportLoad::copyIntoTable()
{
    return copy(m_target.id.quoted(), m_target.id.name, m_columns, 0);
}

Result<void> ImportLoad::createStage()
{
    const QString extra = m_source.json.namesMissing
                              ? QStringLiteral(", NULL::pg_catalog.text AS %1").arg(quoteIdentifier(missingKeys))
                              : QString();
    const Result<qint64> created = m_connection.execute(
        QStringLiteral("CREATE TEMPORARY TABLE %1 ON COMMIT DROP AS SELECT %2%3 FROM %4 WITH NO DATA")
            .arg(quoteIdentifier(stageName), quotedList(m_columns), extra, m_target.id.quoted()),
        {}, m_context.stopToken());
    if (!created && created.error().sqlState == "42501") {
        return failure(ErrorCode::NotAllowed,
                       ImportText::tr("Rows can be put into %1 in this way only by a temporary table, and this user "
                                      "may not make one, or may not read %1. Ask the owner of the database.")
                           .arg(m_target.id.name),
                       created.error().detail, created.error().sqlState);
    }
    return created ? Result<void>() : failure(created.error());
}

Result<ImportLoad::Loaded> ImportLoad::copyIntoStage(qint64 skip)
{
    QStringList columns = m_columns;
    if (m_source.json.namesMissing) {
        columns += missingKeys;
    }
    return copy(stage(), stageName, columns, skip);
}

QString ImportLoad::insertSql(const QString &tail, const QString &range) const
{
    QStringList values;
    qsizetype sent = 0;
    for (qsizetype field = 0; field < m_source.fields.size(); ++field) {
        if (!m_source.sent[size_t(field)]) {
            continue;
        }
        const ImportTarget::Column *column = m_target.find(m_columns.at(sent++));
        const QString name = QStringLiteral("s.") + quoteIdentifier(column->name);
        const bool mayDefault = m_source.json.namesMissing && !column->defaultSql.isEmpty();
        values += !mayDefault
                      ? name
                      : QStringLiteral("CASE WHEN pg_catalog.strpos(s.%1, ',%2,') > 0 THEN %3 ELSE %4 END")
                            .arg(quoteIdentifier(missingKeys), QString::number(field), column->defaultSql, name);
    }
    return QStringLiteral("INSERT INTO %1 AS t (%2) OVERRIDING SYSTEM VALUE SELECT %3 FROM %4 s%5%6")
        .arg(m_target.id.quoted(), quotedList(m_columns), values.join(QStringLiteral(", ")), stage(),
             range.isEmpty() ? QString() : QStringLiteral(" WHERE ") + range, tail.isEmpty() ? QString() : u' ' + tail);
}

} // namespace Roost
