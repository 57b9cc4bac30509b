#include "cli/backuprows.h"

#include "cli/backupname.h"
#include "cli/services.h"
#include "cli/targetname.h"
#include "cli/terminal.h"
#include "cli/text.h"
#include "operations/archiverows.h"
#include "operations/rowwriter.h"
#include "postgres/typenames.h"
#include "storage/backupcatalog.h"
#include "storage/profilestore.h"

#include <QFileInfo>

#include <memory>

namespace Roost {

namespace {

/// Turns rows of an archive into what `rows` prints.
class RowsPrinter
{
public:
    RowsPrinter(RowsRequest::Format format, Terminal &terminal)
        : m_format(format)
        , m_terminal(terminal)
    {
    }

    bool begin(const TableId &table, const QList<DefinedColumn> &columns)
    {
        if (m_format == RowsRequest::Format::Csv) {
            return beginCsv(table, columns);
        }
        const bool asJson = m_format == RowsRequest::Format::Json;
        QList<OutputColumn> shown;
        for (const DefinedColumn &column : columns) {
            shown += {column.name, column.name, TypeNames::isNumeric(column.typeOid)};
            m_forms += asJson ? jsonFormOf(column.typeOid) : JsonForm::String;
        }
        m_output = std::make_unique<RowOutput>(m_terminal, asJson ? OutputFormat::Json : OutputFormat::Table, shown);
        m_output->setNullText(QStringLiteral("NULL"));
        return true;
    }
    bool row(const std::vector<CopyTextLine::Cell> &cells)
    {
        if (m_csv) {
            m_line.clear();
            [[maybe_unused]] const Result<void> fits = m_csv->row(cells, m_line); // CSV holds every row
            m_isRead = m_terminal.write(m_line);
            return m_isRead;
        }
        QList<OutputCell> row;
        row.reserve(qsizetype(cells.size()));
        for (const CopyTextLine::Cell &cell : cells) {
            row += cell.isNull ? OutputCell::null() : rowCell(QString::fromUtf8(cell.text), m_forms.at(row.size()));
        }
        m_isRead = m_output->add(row);
        return m_isRead;
    }
    void end()
    {
        if (m_output && m_isRead) {
            m_output->end();
        }
    }
    bool isRead() const { return m_isRead; }

private:
    bool beginCsv(const TableId &table, const QList<DefinedColumn> &columns)
    {
        WrittenTable written;
        written.id = table;
        for (const DefinedColumn &column : columns) {
            written.columns += WrittenColumn{column.name, column.typeOid, false};
        }
        m_csv = makeRowWriter(ExportFormat::Csv, written);
        m_csv->begin(m_line);
        m_isRead = m_terminal.write(m_line);
        return m_isRead;
    }

    RowsRequest::Format m_format;
    Terminal &m_terminal;
    std::unique_ptr<RowWriter> m_csv;
    std::unique_ptr<RowOutput> m_output;
    QList<JsonForm> m_forms;
    QByteArray m_line;
    bool m_isRead = true;
};

} // namespace

bool canNameBackup(const QString &word)
{
    return word.endsWith(u".dump") || BackupRecord::numberOf(word) > 0 || QFileInfo(word).isFile();
}

bool namesBackup(const QString &word, const CliServices &services)
{
    if (!canNameBackup(word)) {
        return false;
    }
    const std::optional<TargetName> target = TargetName::parse(word);
    if (!target) {
        return true;
    }
    if (target->kind != TargetName::Kind::Saved) {
        return false;
    }
    const Result<Profile> profile = services.profiles.byName(target->name);
    return !profile && profile.error().code == ErrorCode::NotFound;
}

Result<void> printBackupRows(const BackupRowsRequest &request, const CliServices &services, JobContext &context)
{
    Terminal &terminal = services.terminal;
    RowsPrinter printer(request.format, terminal);
    ArchiveRowsRequest what;
    const Result<QString> file = backupFileNamed(request.file);
    if (!file) {
        return failure(file.error());
    }
    what.file = *file;
    what.table.name = request.table;
    what.limit = request.limit;
    const ArchiveRowsSink sink{
        [&printer](const TableId &table, const QList<DefinedColumn> &columns) { return printer.begin(table, columns); },
        [&printer](const std::vector<CopyTextLine::Cell> &cells) { return printer.row(cells); }};
    const Result<ArchiveRows> rows = readArchiveRows(what, sink, context);
    if (!rows) {
        return failure(rows.error());
    }
    printer.end();
    if (!rows->computed.isEmpty()) {
        terminal.note(CliText::tr("The server computes these columns, and a backup does not have their values: %1.")
                          .arg(rows->computed.join(QStringLiteral(", "))));
    }
    if (rows->hasMore && printer.isRead() && request.format == RowsRequest::Format::Table) {
        noteMoreRows(terminal);
    }
    return {};
}

} // namespace Roost
