#include "operations/archiverows.h"

#include "operations/archivecontents.h"
#include "operations/archivescript.h"
#include "operations/archivetools.h"
#include "operations/copyscriptreader.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>
#include <optional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveRows)
};

QString nextStep()
{
    return Text::tr("Use another backup, or copy the file again from where it came from.");
}

/// One table from its name to its last row. On the operation's thread.
class ArchiveRowsRun
{
public:
    ArchiveRowsRun(const ArchiveRowsRequest &request, const ArchiveRowsSink &sink, const JobContext &context)
        : m_request(request)
        , m_sink(sink)
        , m_context(context)
    {
    }

    Result<ArchiveRows> run();
    Result<ArchiveRows> run(const ArchiveFile &archive, const PgToolchain &toolchain, ArchiveContents contents);

private:
    Result<ArchivedTableData> choose();
    Result<ArchiveRows> read(const ArchiveFile &archive, const PgToolchain &toolchain);
    bool takeBegin(const CopyStatement &statement);
    bool takeLine(QByteArrayView line);
    void stop();
    void report() const;
    Result<void> judge(const Result<ScriptEnd> &end) const;
    Error damaged(const QString &how) const;

    const ArchiveRowsRequest &m_request;
    const ArchiveRowsSink &m_sink;
    const JobContext &m_context;
    ArchiveContents m_contents;
    ArchivedTableData m_table;
    std::stop_source m_stop; ///< of the child
    bool m_hasEnough = false;
    std::optional<Error> m_problem;
    qsizetype m_columns = 0;
    CopyTextLine m_line;
    ArchiveRows m_rows;
    CopyScriptReader m_script{[this](const CopyStatement &statement) { return takeBegin(statement); },
                              [this](QByteArrayView line) { return takeLine(line); }};
};

Result<ArchiveRows> ArchiveRowsRun::run()
{
    m_context.report({Text::tr("Looking into the backup"), 0, 0, {}});
    const auto archive = ArchiveFile::open(m_request.file);
    if (!archive) {
        return failure(archive.error());
    }
    const auto toolchain = toolchainToRead(*archive, m_context);
    if (!toolchain) {
        return failure(toolchain.error());
    }
    auto contents = readArchiveContents(*archive, *toolchain, m_context);
    if (!contents) {
        return failure(contents.error());
    }
    return run(*archive, *toolchain, std::move(*contents));
}

Result<ArchiveRows> ArchiveRowsRun::run(const ArchiveFile &archive, const PgToolchain &toolchain,
                                        ArchiveContents contents)
{
    m_contents = std::move(contents);
    const auto table = choose();
    if (!table) {
        return failure(table.error());
    }
    m_table = *table;
    return read(archive, toolchain);
}

Result<ArchivedTableData> ArchiveRowsRun::choose()
{
    if (m_request.table.schema.isEmpty()) {
        return findArchivedTable(m_contents, m_request.table.name);
    }
    const auto same = std::find_if(m_contents.tables.begin(), m_contents.tables.end(),
                                   [this](const ArchivedTableData &each) { return each.id == m_request.table; });
    // The quoted name means this table alone, so what is said of it then is that it is not there.
    return same != m_contents.tables.end() ? Result<ArchivedTableData>(*same)
                                           : findArchivedTable(m_contents, m_request.table.quoted());
}

Result<ArchiveRows> ArchiveRowsRun::read(const ArchiveFile &archive, const PgToolchain &toolchain)
{
    report();
    const std::stop_callback passOn(m_context.stopToken(), [this] { m_stop.request_stop(); });
    const auto end = writeScript(
        archive, toolchain, {m_table.entry}, {QStringLiteral("--data-only")},
        [this](QByteArrayView piece) { m_script.add(piece); }, JobContext(m_stop.get_token()), [this] { report(); });
    if (const auto fine = judge(end); !fine) {
        return failure(fine.error());
    }
    return m_rows;
}

bool ArchiveRowsRun::takeBegin(const CopyStatement &statement)
{
    const QByteArray &encoding = m_script.encoding();
    if (encoding != "UTF8" && encoding != "SQL_ASCII") {
        m_problem = Error{ErrorCode::InvalidInput,
                          Text::tr("The backup is of a database whose texts are in the encoding %1; Roost reads only "
                                   "UTF-8 without a server. Restore it into the practice server, and look there.")
                              .arg(QString::fromLatin1(encoding)),
                          {},
                          {}};
        stop();
        return false;
    }
    // Rows of a partition may be dumped as its root's; the partition is what was asked for, under its exact name.
    m_rows.table = m_table.id;
    m_columns = statement.columns.size();
    const QList<DefinedColumn> defined = m_contents.definitions.columnsOf(m_table.id);
    QList<DefinedColumn> columns;
    for (const QString &name : statement.columns) {
        const auto known = std::find_if(defined.begin(), defined.end(),
                                        [&name](const DefinedColumn &each) { return each.name == name; });
        columns += known != defined.end() ? *known : DefinedColumn{name};
    }
    for (const DefinedColumn &each : defined) {
        if (each.isGenerated && !statement.columns.contains(each.name)) {
            m_rows.computed += each.name;
        }
    }
    if (!m_sink.begin(m_rows.table, columns)) {
        stop();
    }
    return !m_hasEnough;
}

bool ArchiveRowsRun::takeLine(QByteArrayView line)
{
    if (m_context.isCancelled()) {
        return false; // ends the child as well
    }
    if (m_request.limit >= 0 && m_rows.rows >= m_request.limit) {
        m_rows.hasMore = true;
        stop();
        return false;
    }
    static const std::vector<CopyTextLine::Cell> none;
    m_line.parse(line);
    // A row of a table without columns is an empty line, which otherwise is one empty text.
    const bool isEmptyRow = m_columns == 0 && line.isEmpty();
    if (!isEmptyRow && qsizetype(m_line.cells().size()) != m_columns) {
        m_problem = damaged(Text::tr("row %1 has %2 values instead of %3")
                                .arg(m_rows.rows + 1)
                                .arg(m_line.cells().size())
                                .arg(m_columns));
        stop();
        return false;
    }
    ++m_rows.rows;
    if (!m_sink.row(isEmptyRow ? none : m_line.cells())) {
        stop();
    }
    return !m_hasEnough;
}

void ArchiveRowsRun::stop()
{
    m_hasEnough = true;
    m_stop.request_stop();
}

void ArchiveRowsRun::report() const
{
    m_context.report({Text::tr("Reading %1").arg(m_table.id.shown()), 0, 0,
                      m_rows.rows > 0 ? Text::tr("%1 rows").arg(QLocale().toString(m_rows.rows)) : QString()});
}

/// Whether what was read is what was asked for.
Result<void> ArchiveRowsRun::judge(const Result<ScriptEnd> &end) const
{
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (m_problem) {
        return failure(*m_problem);
    }
    if (m_hasEnough) {
        return {}; // however the child took it
    }
    if (!end) {
        return failure(end.error());
    }
    if (!end->succeeded()) {
        const QString state = Text::tr("Of the table %1, %n row(s) could be read before it.", nullptr, int(m_rows.rows))
                                  .arg(m_table.id.shown());
        return failure(end->explain(state));
    }
    if (m_script.holdsInserts() && !m_script.hasBegun()) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("The backup was made with “pg_dump --inserts”: its rows are statements, which only a "
                                "server can read. Restore it into the practice server, and look there."));
    }
    if (!m_script.isComplete()) {
        return failure(damaged(Text::tr("it ends within the table, after %n row(s)", nullptr, int(m_rows.rows))));
    }
    return {};
}

Error ArchiveRowsRun::damaged(const QString &how) const
{
    return {ErrorCode::InvalidInput,
            Text::tr("The rows of %1 in this file are damaged: %2.").arg(m_table.id.shown(), how) + u' ' + nextStep(),
            {},
            {}};
}

} // namespace

Result<ArchiveRows> readArchiveRows(const ArchiveRowsRequest &request, const ArchiveRowsSink &sink, JobContext &context)
{
    return ArchiveRowsRun(request, sink, context).run();
}

Result<ArchiveRows> readArchiveRows(const ArchiveRowsRequest &request, const ArchiveFile &archive,
                                    const PgToolchain &toolchain, const ArchiveContents &contents,
                                    const ArchiveRowsSink &sink, JobContext &context)
{
    return ArchiveRowsRun(request, sink, context).run(archive, toolchain, contents);
}

} // namespace Roost
