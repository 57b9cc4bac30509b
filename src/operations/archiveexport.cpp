#include "operations/archiveexport.h"

#include "operations/archiverows.h"
#include "operations/exportfile.h"
#include "operations/rowwriter.h"
#include "postgres/typenames.h"

#include <QCoreApplication>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveExport)
};

constexpr qint64 reportEvery = 1000;

/// One export. On the operation's thread.
class ArchiveExportRun
{
public:
    ArchiveExportRun(const ArchiveExportRequest &request, JobContext &context)
        : m_request(request)
        , m_context(context)
        , m_file(request.file, request.overwrite)
    {
    }

    Result<ExportReport> run();

private:
    bool begin(const TableId &table, const QList<DefinedColumn> &columns);
    bool row(const std::vector<CopyTextLine::Cell> &cells);
    bool write();

    const ArchiveExportRequest &m_request;
    JobContext &m_context;
    ExportFile m_file;
    std::unique_ptr<RowWriter> m_writer;
    QByteArray m_line;
    qint64 m_rows = 0;
    std::optional<Error> m_problem;
};

bool ArchiveExportRun::write()
{
    const bool isWritten = m_file.write(m_line);
    if (!isWritten) {
        m_problem = m_file.error();
    }
    m_line.clear();
    return isWritten;
}

bool ArchiveExportRun::begin(const TableId &table, const QList<DefinedColumn> &columns)
{
    WrittenTable written;
    written.id = table;
    for (const DefinedColumn &column : columns) {
        written.columns += WrittenColumn{column.name, column.typeOid, TypeNames::isNumeric(column.typeOid)};
    }
    m_writer = makeRowWriter(exportFormatOf(m_request.file), written);
    m_writer->begin(m_line);
    return write();
}

bool ArchiveExportRun::row(const std::vector<CopyTextLine::Cell> &cells)
{
    if (const Result<void> fits = m_writer->row(cells, m_line); !fits) {
        m_problem = fits.error();
        return false;
    }
    if (++m_rows % reportEvery == 0) {
        m_context.report({Text::tr("Writing %1").arg(m_request.table.shown()), m_rows,
                          qMax<qint64>(m_request.expectedRows, 0),
                          Text::tr("%1 rows").arg(QLocale().toString(m_rows))});
    }
    return write();
}

Result<ExportReport> ArchiveExportRun::run()
{
    if (exportFormatOf(m_request.file) == ExportFormat::Xlsx) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("Rows of a backup cannot be written for Excel. Choose a name that ends in .csv: Excel "
                                "opens that."));
    }
    if (const auto created = m_file.create(); !created) {
        return failure(created.error());
    }
    JobContext inner(m_context.stopToken(), {}, [this](const QString &line) { m_context.log(line); });
    const auto rows = readArchiveRows(
        {m_request.archive, m_request.table},
        {[this](const TableId &table, const QList<DefinedColumn> &columns) { return begin(table, columns); },
         [this](const std::vector<CopyTextLine::Cell> &cells) { return row(cells); }},
        inner);
    if (m_problem) {
        return failure(*m_problem);
    }
    if (!rows) {
        return failure(rows.error());
    }
    if (m_writer) {
        if (const Result<void> ended = m_writer->end(m_line); !ended) {
            return failure(ended.error());
        }
    }
    if (!write()) {
        return failure(*m_problem);
    }
    if (const auto published = m_file.publish(); !published) {
        return failure(published.error());
    }
    return ExportReport{m_request.file, m_rows, m_file.written()};
}

} // namespace

Result<ExportReport> exportArchivedRows(const ArchiveExportRequest &request, JobContext &context)
{
    return ArchiveExportRun(request, context).run();
}

} // namespace Roost
