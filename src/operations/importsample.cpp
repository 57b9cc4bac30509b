#include "operations/importsample.h"

#include "operations/copytext.h"

#include <QMap>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype looked = 200; ///< records

/// Takes records apart, character by character.
class Splitter
{
public:
    Splitter(QByteArrayView text, char delimiter, char quote)
        : m_text(text)
        , m_delimiter(delimiter)
        , m_quote(quote)
        , m_usesReturns(!text.contains('\n'))
    {
    }

    bool isAtEnd() const { return m_at >= m_text.size(); }
    ImportSample::Record next()
    {
        ImportSample::Record record;
        record.line = m_line;
        bool isMore = true;
        while (isMore) {
            record.cells += cell();
            isMore = !isAtEnd() && m_text[m_at] == m_delimiter;
            m_at += isMore ? 1 : 0;
        }
        if (!isAtEnd()) {
            m_at += m_text[m_at] == '\r' && m_at + 1 < m_text.size() && m_text[m_at + 1] == '\n' ? 2 : 1;
            ++m_line;
        }
        return record;
    }

private:
    bool isLineEnd(char c) const { return c == '\n' || c == '\r'; }
    ImportSample::Cell cell()
    {
        ImportSample::Cell cell;
        if (m_quote != 0 && !isAtEnd() && m_text[m_at] == m_quote) {
            cell.isQuoted = true;
            ++m_at;
            cell.isProper = quoted(cell.text);
        }
        const qsizetype from = m_at;
        while (!isAtEnd() && m_text[m_at] != m_delimiter && !isLineEnd(m_text[m_at])) {
            ++m_at;
        }
        const QByteArrayView rest = m_text.sliced(from, m_at - from);
        cell.isProper = cell.isProper && (cell.isQuoted ? rest.isEmpty() : m_quote == 0 || !rest.contains(m_quote));
        cell.text += rest;
        return cell;
    }
    /// False when the quote is never closed.
    bool quoted(QByteArray &text)
    {
        for (; !isAtEnd(); ++m_at) {
            const char c = m_text[m_at];
            if (c == m_quote) {
                ++m_at;
                if (isAtEnd() || m_text[m_at] != m_quote) {
                    return true;
                }
            }
            m_line += c == (m_usesReturns ? '\r' : '\n') ? 1 : 0;
            text += c;
        }
        return false;
    }

    QByteArrayView m_text;
    char m_delimiter;
    char m_quote;
    bool m_usesReturns;
    qsizetype m_at = 0;
    qint64 m_line = 1;
};

/// How well a delimiter explains the text: the share of records with the most frequent number of fields.
double consistency(const ImportSample &sample)
{
    QMap<qsizetype, int> counts;
    int all = 0;
    for (const ImportSample::Record &record : sample.records) {
        if (!record.isBlank()) {
            ++counts[record.cells.size()];
            ++all;
        }
    }
    int best = 0;
    for (auto count = counts.cbegin(); count != counts.cend(); ++count) {
        best = count.key() > 1 ? qMax(best, count.value()) : best;
    }
    return all == 0 ? 0 : double(best) / all;
}

char likelyQuote(QByteArrayView text, char delimiter)
{
    struct Cells
    {
        int proper = 0;
        int improper = 0;
    };
    const auto quotedBy = [&text, delimiter](char quote) {
        Cells cells;
        const ImportSample sample = ImportSample::split(text, delimiter, quote, looked);
        for (const ImportSample::Record &record : sample.records) {
            for (const ImportSample::Cell &cell : record.cells) {
                cells.proper += cell.isQuoted && cell.isProper ? 1 : 0;
                cells.improper += cell.isProper ? 0 : 1;
            }
        }
        return cells;
    };
    if (text.contains('"')) {
        // Where tabs separate, quotes are often nothing but characters: 5" pipe.
        const Cells cells = quotedBy('"');
        return delimiter == '\t' && cells.improper > cells.proper ? '\0' : '"';
    }
    const Cells cells = quotedBy('\'');
    return cells.proper > 2 && cells.improper == 0 ? '\'' : '"';
}

/// For a file of one column: a delimiter that is none of its characters.
char unusedDelimiter(QByteArrayView text)
{
    const ImportSample sample = ImportSample::split(text, ',', '"', looked);
    const auto withComma = std::count_if(sample.records.begin(), sample.records.end(),
                                         [](const ImportSample::Record &record) { return record.cells.size() > 1; });
    if (withComma * 2 > sample.records.size()) {
        return ',';
    }
    for (const char candidate : {',', ';', '\t', '|'}) {
        if (!text.contains(candidate)) {
            return candidate;
        }
    }
    return ',';
}

bool isData(const QByteArray &text)
{
    static const QRegularExpression data(
        QStringLiteral("^\\s*([-+]?[\\d.,]+([eE][-+]?\\d+)?|true|false|null|\\\\N|\\d{1,4}[-/.]\\d{1,2}[-/.]\\d{1,4}"
                       ".*|\\{.*|\\[.*|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27})\\s*$"),
        QRegularExpression::CaseInsensitiveOption);
    return data.match(QString::fromUtf8(text)).hasMatch();
}

} // namespace

QString plainName(const QString &name)
{
    QString plain = name.toLower();
    plain.removeIf([](QChar c) { return c.isSpace() || c == u'_' || c == u'-' || c == u'.'; });
    return plain;
}

ImportSample ImportSample::split(QByteArrayView text, char delimiter, char quote, qsizetype most)
{
    ImportSample sample;
    Splitter splitter(text, delimiter, quote);
    while (!splitter.isAtEnd() && sample.records.size() < most) {
        sample.records += splitter.next();
    }
    return sample;
}

ImportSample ImportSample::splitCopyText(QByteArrayView text, qsizetype most)
{
    ImportSample sample;
    CopyTextLine parser;
    qint64 line = 0;
    for (qsizetype at = 0; at < text.size() && sample.records.size() < most; ++line) {
        const char end = text.contains('\n') ? '\n' : '\r';
        qsizetype lineEnd = text.indexOf(end, at);
        lineEnd = lineEnd < 0 ? text.size() : lineEnd;
        QByteArrayView words = text.sliced(at, lineEnd - at);
        at = lineEnd + 1;
        words = words.endsWith('\r') ? words.chopped(1) : words;
        if (words == QByteArrayView("\\.")) {
            break;
        }
        parser.parse(words);
        Record record;
        record.line = line + 1;
        for (const CopyTextLine::Cell &cell : parser.cells()) {
            record.cells += Cell{cell.isNull ? QByteArray() : QByteArray(cell.text.data(), cell.text.size()), true};
        }
        sample.records += record;
    }
    return sample;
}

bool looksLikeHeader(const ImportSample &sample, const QStringList &columnNames)
{
    if (sample.records.isEmpty()) {
        return true;
    }
    const QList<ImportSample::Cell> &first = sample.records.first().cells;
    QSet<QString> known;
    for (const QString &name : columnNames) {
        known += plainName(name);
    }
    bool isLikeTheRest = false;
    for (qsizetype i = 0; i < first.size(); ++i) {
        const QByteArray &text = first.at(i).text;
        if (known.contains(plainName(QString::fromUtf8(text)))) {
            return true;
        }
        isLikeTheRest = isLikeTheRest || text.isEmpty() || isData(text);
        for (qsizetype row = 1; row < sample.records.size() && !isLikeTheRest; ++row) {
            const QList<ImportSample::Cell> &cells = sample.records.at(row).cells;
            isLikeTheRest = i < cells.size() && cells.at(i).text == text;
        }
    }
    return !isLikeTheRest;
}

ImportDialect recogniseSeparated(QByteArrayView text, const QStringList &columnNames)
{
    ImportDialect dialect;
    char delimiter = 0;
    double best = 0.5;
    // Of equals the one that is less often part of a value.
    for (const char candidate : {'\t', ';', '|', ','}) {
        const double share = consistency(ImportSample::split(text, candidate, '"', looked));
        if (share > best) {
            best = share;
            delimiter = candidate;
        }
    }
    delimiter = delimiter == 0 ? unusedDelimiter(text) : delimiter;
    const char quote = likelyQuote(text, delimiter);
    dialect.delimiter = QLatin1Char(delimiter);
    dialect.quote = quote == 0 ? QChar() : QChar(QLatin1Char(quote));
    const ImportSample sample = ImportSample::split(text, delimiter, quote, looked);
    if (delimiter == '\t' && !text.contains('"')) {
        for (const ImportSample::Record &record : sample.records) {
            for (const ImportSample::Cell &cell : record.cells) {
                if (cell.text == "\\N" || cell.text.contains("\\\\") || cell.text.contains("\\t")) {
                    dialect.format = ImportFormat::Tsv;
                }
            }
        }
    }
    dialect.hasHeader = looksLikeHeader(sample, columnNames);
    return dialect;
}

} // namespace Roost
