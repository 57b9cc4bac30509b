#include "operations/importstream.h"

#include "operations/copytextscanner.h"
#include "operations/csvscanner.h"
#include "operations/importtext.h"
#include "postgres/identifier.h"

namespace Roost {

namespace {

/// What is given to COPY at once: libpq keeps a copy of it.
constexpr qsizetype pieceBytes = qsizetype(1) << 20;

bool isPlain(QChar c)
{
    return c.unicode() > 0 && c.unicode() < 0x7f && c != u'\n' && c != u'\r';
}

CsvForm csvFormOf(const ImportDialect &dialect)
{
    CsvForm form;
    form.delimiter = dialect.delimiter.toLatin1();
    form.quote = dialect.quote.isNull() ? '\0' : dialect.quote.toLatin1();
    form.nullText = dialect.nullText.toUtf8();
    return form;
}

} // namespace

QString ImportSource::copyOptions() const
{
    switch (dialect.format) {
    case ImportFormat::Csv: {
        const CsvForm form = csvFormOf(dialect);
        return QStringLiteral("FORMAT csv, DELIMITER %1, QUOTE %2, NULL ''")
            .arg(quoteLiteral(QString(QLatin1Char(form.delimiter))),
                 quoteLiteral(QString(QLatin1Char(form.copyQuote()))));
    }
    case ImportFormat::Tsv:
        return QStringLiteral("FORMAT text, NULL %1")
            .arg(quoteLiteral(dialect.nullText.isEmpty() ? QStringLiteral("\\N") : dialect.nullText));
    case ImportFormat::NdJson:
        break;
    }
    return QStringLiteral("FORMAT text");
}

std::optional<Error> ImportSource::dialectProblem(const ImportDialect &dialect)
{
    const auto wrong = [](const QString &text) { return Error{ErrorCode::InvalidInput, text, {}, {}}; };
    if (!textEncodingOf(dialect.encoding)) {
        return wrong(ImportText::tr("The encoding \"%1\" is not known. There are: %2.")
                         .arg(dialect.encoding, textEncodingNames().join(QStringLiteral(", "))));
    }
    if (dialect.format != ImportFormat::Csv) {
        return std::nullopt;
    }
    if (!isPlain(dialect.delimiter)) {
        return wrong(
            ImportText::tr("The delimiter must be one plain character, such as a comma, a semicolon or a tab."));
    }
    if (!dialect.quote.isNull() && (!isPlain(dialect.quote) || dialect.quote == dialect.delimiter)) {
        return wrong(ImportText::tr("The quote must be one plain character, and another one than the delimiter."));
    }
    if (dialect.nullText.contains(dialect.delimiter) || dialect.nullText.contains(u'\n') ||
        (!dialect.quote.isNull() && dialect.nullText.contains(dialect.quote))) {
        return wrong(ImportText::tr("The text that stands for NULL may hold neither the delimiter nor a quote or line "
                                    "end."));
    }
    return std::nullopt;
}

Result<std::unique_ptr<ImportStream>> ImportStream::open(const ImportSource &source, qint64 skipRecords)
{
    if (std::optional<Error> problem = ImportSource::dialectProblem(source.dialect)) {
        return failure(*problem);
    }
    Result<std::unique_ptr<ImportFile>> file = ImportFile::open(source.file, *textEncodingOf(source.dialect.encoding));
    if (!file) {
        return failure(file.error());
    }
    std::unique_ptr<ImportStream> stream(new ImportStream);
    stream->m_file = std::move(*file);
    stream->m_source = source;
    stream->m_plan.fields = source.fields;
    stream->m_plan.sent = source.sent;
    stream->m_plan.hasHeader = source.dialect.hasHeader && source.dialect.format != ImportFormat::NdJson;
    stream->m_plan.skipRecords = skipRecords;
    return stream;
}

/// With the first block: only then the kind of line ends is known.
void ImportStream::makeScanner()
{
    m_plan.usesCarriageReturns = m_file->usesCarriageReturns();
    switch (m_source.dialect.format) {
    case ImportFormat::Csv:
        m_scanner = std::make_unique<CsvScanner>(m_plan, csvFormOf(m_source.dialect));
        break;
    case ImportFormat::Tsv:
        m_scanner = std::make_unique<CopyTextScanner>(m_plan);
        break;
    case ImportFormat::NdJson:
        m_scanner = std::make_unique<NdJsonScanner>(m_plan, m_source.json);
        break;
    }
}

bool ImportStream::scan(QByteArray &block)
{
    if (!m_scanner) {
        makeScanner();
    }
    if (m_scanner->scan(block)) {
        return true;
    }
    m_found = m_scanner->problem();
    m_problemLine = m_scanner->problemLine();
    m_isAtEnd = true;
    return false;
}

void ImportStream::readBlock()
{
    Result<ImportFile::Block> block = m_file->next();
    if (!block) {
        m_found = block.error();
        m_isAtEnd = true;
        return;
    }
    if (block->isEnd()) {
        m_isAtEnd = true;
        if (!m_scanner) {
            makeScanner();
        }
        if (!m_scanner->finish()) {
            m_found = m_scanner->problem();
            m_problemLine = m_scanner->problemLine();
        } else if (const Result<void> same = m_file->checkUnchanged(); !same) {
            m_found = same.error();
        }
        return;
    }
    if (block->problem.isEmpty()) {
        m_block = std::move(block->text);
        scan(m_block);
        return;
    }
    // What is wrong in a line before it comes first.
    const char end = m_file->usesCarriageReturns() ? '\r' : '\n';
    const qsizetype whole = block->text.lastIndexOf(end) + 1;
    m_block = block->text.first(whole);
    if (scan(m_block)) {
        const qint64 column = QString::fromUtf8(block->text.sliced(whole)).size() + 1;
        m_problemLine = m_scanner->line();
        m_found = lineError(m_problemLine, ImportText::tr("in column %1, %2.").arg(column).arg(block->problem));
    }
    m_isAtEnd = true;
}

QByteArray ImportStream::next()
{
    while (m_given >= m_block.size()) {
        m_given = 0;
        m_block.resize(0);
        if (m_isAtEnd) {
            m_problem = m_found;
            return {};
        }
        readBlock();
    }
    const qsizetype size = qMin(pieceBytes, m_block.size() - m_given);
    const char *from = m_block.constData() + m_given;
    m_given += size;
    return QByteArray::fromRawData(from, size);
}

/// Reads a file for one of its records only.
class RecordSearch
{
public:
    static std::optional<RecordPlace> run(const ImportSource &source, const ScanPlan &wanted,
                                          const std::stop_token &stop)
    {
        const Result<std::unique_ptr<ImportStream>> stream = ImportStream::open(source, wanted.skipRecords);
        if (!stream) {
            return std::nullopt;
        }
        ImportStream &file = **stream;
        file.m_plan.untilRecord = wanted.untilRecord;
        file.m_plan.untilCopyLine = wanted.untilCopyLine;
        while (!file.m_isAtEnd && !stop.stop_requested()) {
            file.m_block.resize(0);
            file.readBlock();
        }
        const std::optional<qint64> line = file.m_scanner ? file.m_scanner->foundLine() : std::nullopt;
        return line ? std::optional(RecordPlace{file.records(), *line}) : std::nullopt;
    }
};

std::optional<RecordPlace> findCopyLine(const ImportSource &source, qint64 skipped, qint64 copyLine,
                                        const std::stop_token &stop)
{
    ScanPlan wanted;
    wanted.skipRecords = skipped;
    wanted.untilCopyLine = copyLine;
    return RecordSearch::run(source, wanted, stop);
}

std::optional<RecordPlace> findRecord(const ImportSource &source, qint64 record, const std::stop_token &stop)
{
    ScanPlan wanted;
    wanted.untilRecord = record;
    return RecordSearch::run(source, wanted, stop);
}

} // namespace Roost
