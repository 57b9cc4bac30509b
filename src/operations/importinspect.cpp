// The first look at a file: how it is written, what is in it.

#include "operations/importsample.h"
#include "operations/importstream.h"
#include "operations/importtext.h"
#include "operations/tableimport.h"

#include <QFileInfo>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

using Text = ImportText;

constexpr qint64 sampleBytes = qint64(1) << 20;
constexpr qint64 keySampleBytes = qint64(16) << 20;
constexpr qsizetype previewRows = 100;

/// What a file is that is no text at all; empty when it may be one.
QString otherKind(const QByteArray &start)
{
    struct Magic
    {
        QByteArray bytes;
        QString text;
    };
    const QList<Magic> known{
        {QByteArrayLiteral("PK\x03\x04"),
         Text::tr("This is an Excel workbook or another ZIP archive. Save its sheet as CSV first.")},
        {QByteArrayLiteral("\xd0\xcf\x11\xe0"),
         Text::tr("This is an old Excel workbook. Save its sheet as CSV first.")},
        {QByteArrayLiteral("\x1f\x8b"), Text::tr("This file is compressed (gzip). Unpack it first.")},
        {QByteArrayLiteral("PGDMP"), Text::tr("This is a backup made by pg_dump. Restore it instead of importing it.")},
        {QByteArrayLiteral("SQLite format 3"), Text::tr("This is an SQLite database, not a text file.")},
        {QByteArrayLiteral("%PDF"), Text::tr("This is a PDF, not a text file.")},
    };
    for (const Magic &magic : known) {
        if (start.startsWith(magic.bytes)) {
            return magic.text;
        }
    }
    return {};
}

TextEncoding recogniseEncoding(const QByteArray &start, bool isWhole)
{
    for (const TextEncoding encoding : {TextEncoding::Utf8, TextEncoding::Utf16Le, TextEncoding::Utf16Be}) {
        if (start.startsWith(byteOrderMark(encoding))) {
            return encoding;
        }
    }
    // Without a mark, every other byte of Western text in UTF-16 is zero.
    qsizetype zeros[2] = {0, 0};
    const qsizetype looked = qMin<qsizetype>(start.size(), 4096);
    for (qsizetype i = 0; i < looked; ++i) {
        zeros[i % 2] += start.at(i) == 0 ? 1 : 0;
    }
    if (zeros[1] > looked / 5 && zeros[0] <= looked / 50) {
        return TextEncoding::Utf16Le;
    }
    if (zeros[0] > looked / 5 && zeros[1] <= looked / 50) {
        return TextEncoding::Utf16Be;
    }
    const qsizetype bad = firstInvalidUtf8(start);
    const bool isCut = !isWhole && bad > start.size() - 4;
    return bad < 0 || isCut ? TextEncoding::Utf8 : TextEncoding::Windows1252;
}

/// The text that a file begins with, as far as it is one; whole lines, unless it has only one.
QByteArray textOf(const QByteArray &start, TextEncoding encoding, bool isWhole)
{
    const QByteArray mark = byteOrderMark(encoding);
    const bool hasMark = !mark.isEmpty() && start.startsWith(mark);
    QByteArray text;
    TextDecoder decoder(encoding);
    static_cast<void>(decoder.decode(QByteArrayView(start).sliced(hasMark ? mark.size() : 0), text));
    qsizetype end = firstInvalidUtf8(text);
    end = end < 0 ? text.size() : end;
    const qsizetype nul = text.indexOf('\0');
    end = nul >= 0 ? qMin(nul, end) : end;
    text.truncate(end);
    const qsizetype line = text.lastIndexOf(text.contains('\n') ? '\n' : '\r');
    if (!isWhole && line >= 0) {
        text.truncate(line + 1);
    }
    return text;
}

bool isJsonLines(const QByteArray &text)
{
    const QByteArray start = text.trimmed();
    if (!start.startsWith('{')) {
        return false;
    }
    JsonObject object;
    const qsizetype end = start.indexOf('\n');
    return object.parse(QByteArrayView(start).first(end < 0 ? start.size() : end));
}

class Inspection
{
public:
    Inspection(QString file, const QStringList &columnNames)
        : m_file(std::move(file))
        , m_columnNames(columnNames)
    {
    }

    Result<ImportPreview> run(const std::optional<ImportDialect> &known);

private:
    Result<void> recognise(const std::optional<ImportDialect> &known);
    void separated();
    void jsonLines();
    void findProblem();
    void findLikelyNull(const ImportSample &sample);
    ImportDialect &dialect() { return m_preview.dialect; }

    const QString m_file;
    const QStringList m_columnNames;
    QByteArray m_text;
    ImportPreview m_preview;
};

Result<void> Inspection::recognise(const std::optional<ImportDialect> &known)
{
    QFile file(m_file);
    if (!QFileInfo(m_file).isFile() || !file.open(QIODevice::ReadOnly)) {
        const auto opened = ImportFile::open(m_file, TextEncoding::Utf8); // which says why
        return failure(opened ? Error{ErrorCode::FileFailed, file.errorString(), {}, {}} : opened.error());
    }
    const QByteArray start = file.read(sampleBytes);
    m_preview.fileBytes = file.size();
    m_preview.isWhole = file.size() <= sampleBytes;
    if (start.isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("The file %1 is empty.").arg(QFileInfo(m_file).fileName()));
    }
    if (const QString kind = otherKind(start); !kind.isEmpty()) {
        return failure(ErrorCode::InvalidInput, kind);
    }
    const TextEncoding encoding = known ? textEncodingOf(known->encoding).value_or(TextEncoding::Utf8)
                                        : recogniseEncoding(start, m_preview.isWhole);
    m_text = textOf(start, encoding, m_preview.isWhole);
    if (known) {
        dialect() = *known;
    } else if (isJsonLines(m_text)) {
        dialect().format = ImportFormat::NdJson;
        dialect().hasHeader = false;
    } else if (m_text.trimmed().startsWith('[') && m_file.endsWith(u".json", Qt::CaseInsensitive)) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("This is one JSON array. What can be imported is an object a line (NDJSON); "
                                "`jq -c '.[]' file.json` makes that of it."));
    } else {
        dialect() = recogniseSeparated(m_text, m_columnNames);
    }
    dialect().encoding = textEncodingName(encoding);
    const QByteArray mark = byteOrderMark(encoding);
    dialect().hasByteOrderMark = !mark.isEmpty() && start.startsWith(mark);
    if (m_text.isEmpty() && dialect().hasByteOrderMark && m_preview.fileBytes == mark.size()) {
        return failure(ErrorCode::InvalidInput, Text::tr("The file %1 is empty.").arg(QFileInfo(m_file).fileName()));
    }
    return {};
}

void Inspection::findLikelyNull(const ImportSample &sample)
{
    bool hasEmpty = false;
    bool hasWord = false;
    bool hasMark = false;
    for (const ImportSample::Record &record : sample.records) {
        for (const ImportSample::Cell &cell : record.cells) {
            hasEmpty = hasEmpty || (!cell.isQuoted && cell.text.isEmpty());
            hasWord = hasWord || (!cell.isQuoted && cell.text == "NULL");
            hasMark = hasMark || (!cell.isQuoted && cell.text == "\\N");
        }
    }
    const QString likely = hasMark ? QStringLiteral("\\N") : hasWord && !hasEmpty ? QStringLiteral("NULL") : QString();
    m_preview.likelyNull = likely == dialect().nullText ? QString() : likely;
}

void Inspection::separated()
{
    const bool isCopyText = dialect().format == ImportFormat::Tsv;
    const QByteArray nullText = dialect().nullText.toUtf8();
    ImportSample sample = isCopyText ? ImportSample::splitCopyText(m_text, previewRows + 1)
                                     : ImportSample::split(m_text, dialect().delimiter.toLatin1(),
                                                           dialect().quote.toLatin1(), previewRows + 1);
    const qsizetype fields = sample.records.isEmpty() ? 0 : sample.records.first().cells.size();
    if (dialect().hasHeader && !sample.records.isEmpty()) {
        for (const ImportSample::Cell &cell : sample.records.takeFirst().cells) {
            m_preview.header += QString::fromUtf8(cell.text);
        }
    } else {
        for (qsizetype i = 1; i <= fields; ++i) {
            m_preview.header += QString::number(i);
        }
    }
    for (const ImportSample::Record &record : sample.records) {
        if (record.isBlank() && fields > 1) {
            continue;
        }
        QList<CellValue> row;
        for (const ImportSample::Cell &cell : record.cells) {
            const bool isNull = isCopyText ? cell.text.isNull() || (!nullText.isEmpty() && cell.text == nullText)
                                           : !cell.isQuoted && (cell.text.isEmpty() || cell.text == nullText);
            row += isNull ? CellValue() : CellValue(QString::fromUtf8(cell.text));
        }
        m_preview.rows += row;
        m_preview.lines += record.line;
    }
    if (!isCopyText) {
        findLikelyNull(sample);
    }
}

void Inspection::jsonLines()
{
    QFile file(m_file);
    if (!m_preview.isWhole && file.open(QIODevice::ReadOnly)) {
        m_text = textOf(file.read(keySampleBytes), *textEncodingOf(dialect().encoding), file.atEnd());
    }
    JsonObject object;
    QSet<QByteArray> keys;
    QList<QMap<QString, CellValue>> rows;
    qint64 line = 0;
    for (qsizetype at = 0; at < m_text.size();) {
        qsizetype end = m_text.indexOf('\n', at);
        end = end < 0 ? m_text.size() : end;
        ++line;
        const bool isGood = object.parse(QByteArrayView(m_text).sliced(at, end - at));
        at = end + 1;
        if (!isGood) {
            continue; // the scanner says what is wrong with it
        }
        QMap<QString, CellValue> row;
        for (const JsonObject::Member &member : object.members()) {
            const QByteArray key(member.key.data(), member.key.size());
            if (!keys.contains(key)) {
                keys += key;
                m_preview.header += QString::fromUtf8(key);
            }
            if (rows.size() < previewRows && member.value.kind != JsonObject::Kind::Null) {
                row.insert(QString::fromUtf8(key), QString::fromUtf8(member.value.text));
            }
        }
        if (rows.size() < previewRows) {
            rows += row;
            m_preview.lines += line;
        }
    }
    for (const QMap<QString, CellValue> &row : rows) {
        QList<CellValue> cells;
        for (const QString &key : std::as_const(m_preview.header)) {
            cells += row.value(key);
        }
        m_preview.rows += cells;
    }
}

/// What an import would refuse, as far as was looked.
void Inspection::findProblem()
{
    if (!m_preview.isWhole && !m_text.contains('\n') && !m_text.contains('\r')) {
        m_preview.estimatedRows = 1; // its first line goes on beyond what is looked at
        return;
    }
    ImportSource source;
    source.file = m_file;
    source.dialect = dialect();
    source.fields = m_preview.header;
    source.sent.assign(size_t(m_preview.header.size()), true);
    source.json.columns.assign(source.sent.size(), JsonColumn::Text);
    const Result<std::unique_ptr<ImportStream>> stream = ImportStream::open(source);
    if (!stream) {
        m_preview.problem = stream.error();
        return;
    }
    qint64 read = 0;
    while (read < sampleBytes) {
        const QByteArray piece = (*stream)->next();
        if (piece.isEmpty()) {
            break;
        }
        read += piece.size();
    }
    if (m_preview.isWhole) {
        static_cast<void>((*stream)->next());
    }
    m_preview.problem = (*stream)->problem();
    m_preview.problemLine = (*stream)->problemLine();
    const qint64 bytes = qMax<qint64>(1, (*stream)->bytesRead());
    m_preview.estimatedRows = qint64(double((*stream)->records()) * double(m_preview.fileBytes) / double(bytes));
    if (m_preview.problem || !dialect().hasHeader || dialect().format == ImportFormat::NdJson) {
        return;
    }
    for (qsizetype i = 0; i < m_preview.header.size(); ++i) {
        const QString &name = m_preview.header.at(i);
        if (!name.isEmpty() && m_preview.header.indexOf(name, i + 1) > 0 && !m_preview.problem) {
            m_preview.problem =
                lineError(1, Text::tr("the header has \"%1\" twice. Say which field goes where.").arg(name));
        }
    }
}

Result<ImportPreview> Inspection::run(const std::optional<ImportDialect> &known)
{
    if (const Result<void> recognised = recognise(known); !recognised) {
        return failure(recognised.error());
    }
    dialect().format == ImportFormat::NdJson ? jsonLines() : separated();
    findProblem();
    return m_preview;
}

} // namespace

QString importFormatName(ImportFormat format)
{
    switch (format) {
    case ImportFormat::Csv:
        return QStringLiteral("CSV");
    case ImportFormat::Tsv:
        return QStringLiteral("TSV");
    case ImportFormat::NdJson:
        break;
    }
    return QStringLiteral("NDJSON");
}

Result<ImportPreview> inspectImport(const QString &file, const std::optional<ImportDialect> &known,
                                    const QStringList &columnNames)
{
    return Inspection(file, columnNames).run(known);
}

QStringList suggestMapping(const QStringList &header, const TableDescription &table)
{
    QMultiMap<QString, QString> columns;
    QStringList inOrder;
    for (const ColumnInfo &column : table.columns) {
        if (!column.generated) {
            columns.insert(plainName(column.name), column.name);
            inOrder += column.name;
        }
    }
    bool isNumbered = true;
    QMap<QString, int> fields;
    for (qsizetype i = 0; i < header.size(); ++i) {
        isNumbered = isNumbered && header.at(i) == QString::number(i + 1);
        ++fields[plainName(header.at(i))];
    }
    if (isNumbered) {
        return header.size() == inOrder.size() ? inOrder : QStringList(header.size(), QString());
    }
    QStringList mapping;
    for (const QString &name : header) {
        const QStringList meant = columns.values(plainName(name));
        const bool isSure = fields.value(plainName(name)) == 1 || header.count(name) == 1;
        const bool isExact = meant.contains(name);
        mapping += !isSure   ? QString()
                   : isExact ? name
                   : meant.size() == 1 && !header.contains(meant.first()) && fields.value(plainName(name)) == 1
                       ? meant.first()
                       : QString();
    }
    return mapping;
}

} // namespace Roost
