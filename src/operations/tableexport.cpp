#include "operations/tableexport.h"

#include "operations/exportfile.h"
#include "operations/exportsource.h"
#include "operations/rowwriter.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(TableExport)
};

/// True when a spreadsheet would take the line's values for formulas: one begins with = + - @ and is no number.
bool hasFormula(QByteArrayView line, char delimiter)
{
    qsizetype at = 0;
    while (at < line.size()) {
        const qsizetype first = line[at] == '"' ? at + 1 : at;
        if (first < line.size()) {
            const char c = line[first];
            const bool isSign = c == '+' || c == '-';
            const bool isNumber = isSign && first + 1 < line.size() && line[first + 1] >= '0' && line[first + 1] <= '9';
            if (c == '=' || c == '@' || (isSign && !isNumber)) {
                return true;
            }
        }
        // A quoted value may hold delimiters; its own quotes are doubled, so the last of an even number ends it.
        qsizetype next = line.indexOf(delimiter, at);
        for (qsizetype quotes = line[at] == '"' ? line.sliced(at, qMax(next, at) - at).count('"') : 0;
             next >= 0 && quotes % 2 != 0;) {
            const qsizetype further = line.indexOf(delimiter, next + 1);
            quotes += further < 0 ? 0 : line.sliced(next, further - next).count('"');
            next = further;
        }
        if (next < 0) {
            return false;
        }
        at = next + 1;
    }
    return false;
}

/// One export from its first check to its file's final name. On the operation's thread.
class ExportRun
{
public:
    ExportRun(DatabaseConnection &connection, const ExportRequest &request, JobContext &context)
        : m_connection(connection)
        , m_request(request)
        , m_context(context)
        , m_file(request.file, request.overwrite)
    {
        m_sinceReport.start();
    }

    Result<ExportReport> run();

private:
    Result<void> copyPlain(const ExportSource &source);
    Result<void> copyThrough(const ExportSource &source);
    Result<void> check(const Result<qint64> &copied);
    void progress();

    DatabaseConnection &m_connection;
    const ExportRequest &m_request;
    JobContext &m_context;
    ExportFile m_file;
    ExportReport m_report;
    std::optional<Error> m_problem; ///< why we stopped the server
    QElapsedTimer m_sinceReport;
};

void ExportRun::progress()
{
    constexpr qint64 interval = 100;
    if (m_sinceReport.elapsed() < interval) {
        return;
    }
    m_sinceReport.restart();
    const QLocale locale;
    const QString size = locale.formattedDataSize(m_file.written(), 1, QLocale::DataSizeTraditionalFormat);
    Progress progress;
    progress.step = Text::tr("Writing rows");
    progress.done = m_report.rows;
    progress.total = qMax<qint64>(m_request.expectedRows, 0);
    progress.amount =
        progress.total > 0
            ? Text::tr("%1 of ~ %2 rows, %3").arg(locale.toString(m_report.rows), locale.toString(progress.total), size)
            : Text::tr("%1 rows, %2").arg(locale.toString(m_report.rows), size);
    m_context.report(progress);
}

/// What the server says against what was written.
Result<void> ExportRun::check(const Result<qint64> &copied)
{
    if (m_problem) {
        return failure(*m_problem);
    }
    if (!copied) {
        return failure(copied.error());
    }
    if (*copied != m_report.rows) {
        return failure(
            ErrorCode::Internal,
            Text::tr("The server says that it sent %1 rows, and %2 arrived. Nothing was exported. Try again; "
                     "if it stays so, please report it.")
                .arg(*copied)
                .arg(m_report.rows));
    }
    return {};
}

/// CSV, TSV and COPY: the server's bytes as they are.
Result<void> ExportRun::copyPlain(const ExportSource &source)
{
    const bool isSql = m_request.format == ExportFormat::SqlCopy;
    const char delimiter = m_request.format == ExportFormat::Tsv   ? '\t'
                           : m_request.delimiter.isNull() || isSql ? ','
                                                                   : m_request.delimiter.toLatin1();
    QString options = QStringLiteral("FORMAT text");
    if (!isSql) {
        options = QStringLiteral("FORMAT csv, DELIMITER %1").arg(quoteLiteral(QString(QLatin1Char(delimiter))));
        options += m_request.header ? QStringLiteral(", HEADER") : QString();
    }
    bool isHeader = !isSql && m_request.header;
    bool isWritten = !isSql || m_file.write(source.copyHead().toUtf8());
    const Result<qint64> copied = m_connection.copyOut(
        QStringLiteral("COPY (%1) TO STDOUT WITH (%2)").arg(source.select(), options),
        [&](QByteArrayView line) {
            m_report.rows += isHeader ? 0 : 1;
            m_report.hasFormulas = m_report.hasFormulas || (!isSql && !isHeader && hasFormula(line, delimiter));
            isHeader = false;
            isWritten = isWritten && m_file.write(line);
            progress();
            return isWritten;
        },
        m_context.stopToken());
    if (isWritten && isSql) {
        isWritten = m_file.write(("\\.\n" + source.closing()).toUtf8());
    }
    if (!isWritten) {
        m_problem = m_file.error();
    }
    return check(copied);
}

/// Every other format: from the server's text format, line by line.
Result<void> ExportRun::copyThrough(const ExportSource &source)
{
    const bool isXlsx = m_request.format == ExportFormat::Xlsx;
    const WrittenTable table = source.written(m_request.header);
    const std::unique_ptr<RowWriter> writer =
        isXlsx ? makeXlsxWriter(table, m_file.partialPath()) : makeRowWriter(m_request.format, table);
    QByteArray out;
    CopyTextLine line;
    const auto flush = [&] {
        const bool isWritten = m_file.write(out);
        out.resize(0);
        if (!isWritten) {
            m_problem = m_file.error();
        }
        return isWritten;
    };
    writer->begin(out);
    const Result<qint64> copied = m_connection.copyOut(
        QStringLiteral("COPY (%1) TO STDOUT").arg(source.select()),
        [&](QByteArrayView bytes) {
            line.parse(bytes);
            ++m_report.rows;
            if (const Result<void> added = writer->row(line.cells(), out); !added) {
                m_problem = added.error();
                return false;
            }
            progress();
            return flush();
        },
        m_context.stopToken());
    if (Result<void> complete = check(copied); !complete) {
        return complete;
    }
    if (Result<void> ended = writer->end(out); !ended) {
        return ended;
    }
    return flush() ? Result<void>() : failure(*m_problem);
}

Result<ExportReport> ExportRun::run()
{
    Result<ExportSource> source = ExportSource::make(m_connection, m_request, m_context.stopToken());
    if (!source) {
        return failure(source.error());
    }
    if (const Result<void> created = m_file.create(); !created) {
        return failure(created.error());
    }
    const bool isPlain = m_request.format == ExportFormat::Csv || m_request.format == ExportFormat::Tsv ||
                         m_request.format == ExportFormat::SqlCopy;
    const Result<void> done = isPlain ? copyPlain(*source) : copyThrough(*source);
    if (!done) {
        return failure(done.error());
    }
    if (const Result<void> published = m_file.publish(); !published) {
        return failure(published.error());
    }
    m_report.file = m_request.file;
    m_report.bytes = QFileInfo(m_request.file).size();
    return m_report;
}

} // namespace

ExportFormat exportFormatOf(const QString &file)
{
    static const QHash<QString, ExportFormat> formats{
        {QStringLiteral("tsv"), ExportFormat::Tsv},          {QStringLiteral("tab"), ExportFormat::Tsv},
        {QStringLiteral("json"), ExportFormat::Json},        {QStringLiteral("ndjson"), ExportFormat::NdJson},
        {QStringLiteral("jsonl"), ExportFormat::NdJson},     {QStringLiteral("sql"), ExportFormat::SqlInsert},
        {QStringLiteral("xlsx"), ExportFormat::Xlsx},        {QStringLiteral("md"), ExportFormat::Markdown},
        {QStringLiteral("markdown"), ExportFormat::Markdown}};
    return formats.value(QFileInfo(file).suffix().toLower(), ExportFormat::Csv);
}

Result<ExportReport> exportTable(DatabaseConnection &connection, const ExportRequest &request, JobContext &context)
{
    return ExportRun(connection, request, context).run();
}

} // namespace Roost
