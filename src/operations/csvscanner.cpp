#include "operations/csvscanner.h"

#include "operations/importtext.h"

#include <algorithm>
#include <cstring>

namespace Roost {

namespace {

/// PostgreSQL keeps no value of a gigabyte.
constexpr qint64 longestField = (qint64(1) << 30) - 1024;

const char *find(const char *from, const char *to, char c)
{
    return static_cast<const char *>(std::memchr(from, c, size_t(to - from)));
}

} // namespace

CsvScanner::CsvScanner(ScanPlan plan, CsvForm form)
    : SeparatedScanner(std::move(plan), form.delimiter)
    , m_form(std::move(form))
{
    for (const char c : {m_form.delimiter, m_form.copyQuote(), '\n', '\r'}) {
        m_stops.at(uchar(c)) = true;
    }
}

void CsvScanner::run()
{
    if (m_isOpen && (!passQuoted() || !endQuoted())) {
        return;
    }
    while (m_at < m_end) {
        beginField();
        if (*m_at == m_form.quote && m_form.quote != 0) {
            m_isOpen = true;
            m_quoteLine = m_line;
            m_quotedBytes = 0;
            ++m_at;
            if (!passQuoted() || !endQuoted()) {
                return;
            }
        } else if (!passUnquoted() || !endUnquoted()) {
            return;
        }
    }
}

bool CsvScanner::passUnquoted()
{
    // Blocks end with a line end, so this stops.
    const char *at = m_at;
    while (!m_stops[uchar(*at)]) {
        ++at;
    }
    m_at = at;
    if (*at != m_form.copyQuote()) {
        return true;
    }
    if (m_form.quote == 0) {
        return fail(m_line, ImportText::tr("the control character 0x01 in %1.").arg(fieldName(m_field)));
    }
    const bool isAfterBlanks = std::all_of(m_fieldStart, at, [](char c) { return c == ' ' || c == '\t'; });
    return fail(m_line, isAfterBlanks
                            ? ImportText::tr("blanks before the quote of %1. Remove them.").arg(fieldName(m_field))
                            : ImportText::tr("a quote within %1, which does not begin with one: %2. Put the whole "
                                             "value in quotes and double those in it.")
                                  .arg(fieldName(m_field), excerpt(m_fieldStart)));
}

bool CsvScanner::endUnquoted()
{
    const qsizetype length = m_at - m_fieldStart;
    if (!m_form.nullText.isEmpty() && length == m_form.nullText.size() &&
        std::memcmp(m_fieldStart, m_form.nullText.constData(), size_t(length)) == 0) {
        replace(m_fieldStart, m_at, {});
    } else if (m_sentFields == 1 && length == 2 && m_fieldStart[0] == '\\' && m_fieldStart[1] == '.') {
        // Alone in a line, servers before 18 take it for the end of the data, without an error.
        const char quote = m_form.copyQuote();
        const std::array<char, 4> quoted{quote, '\\', '.', quote};
        replace(m_fieldStart, m_at, QByteArrayView(quoted.data(), quoted.size()));
    }
    return endField();
}

/// Up to behind the closing quote; false when the block ends before.
bool CsvScanner::passQuoted()
{
    while (true) {
        const char *quote = find(m_at, m_end, m_form.quote);
        const char *to = quote ? quote : m_end;
        countLines(m_at, to);
        m_quotedBytes += to - m_at;
        if (!quote) {
            m_at = m_end;
            return m_quotedBytes <= longestField ||
                   fail(m_quoteLine, ImportText::tr("the quoted value of %1 that begins here is larger than a "
                                                    "gigabyte, more than PostgreSQL takes. Perhaps its quote is "
                                                    "never closed.")
                                         .arg(fieldName(m_field)));
        }
        if (quote + 1 < m_end && quote[1] == m_form.quote) {
            m_at = quote + 2;
            continue;
        }
        m_at = quote + 1;
        m_isOpen = false;
        return true;
    }
}

bool CsvScanner::endQuoted()
{
    if (m_isOpen) {
        return false;
    }
    if (*m_at == m_form.delimiter || *m_at == '\n' || *m_at == '\r') {
        return endField();
    }
    const QString where =
        m_quoteLine == m_line ? QString() : ImportText::tr(", whose quote was opened in line %1").arg(m_quoteLine);
    return fail(m_line, ImportText::tr("text after the closing quote of %1%2: %3. Quotes within a value must be "
                                       "doubled.")
                            .arg(fieldName(m_field), where, excerpt(m_at)));
}

void CsvScanner::countLines(const char *from, const char *to)
{
    const bool isSent = isSending() && m_field < qsizetype(m_plan.sent.size()) && m_plan.sent[size_t(m_field)];
    // COPY counts the line feeds in quotes only where lines end with those; else, and in its first record, the returns.
    const char counted = m_copyLineEnd == '\n' ? '\n' : '\r';
    const char ends = m_plan.usesCarriageReturns ? '\r' : '\n';
    for (const char *at = find(from, to, ends); at; at = find(at + 1, to, ends)) {
        ++m_line;
        m_copyLine += isSent && counted == ends ? 1 : 0;
    }
    if (isSent && counted != ends) {
        m_copyLine += std::count(from, to, counted);
    }
}

bool CsvScanner::finish()
{
    if (!m_isOpen) {
        return true;
    }
    return fail(m_quoteLine,
                ImportText::tr("the quote of %1 that is opened here is never closed; the file ends within it.")
                    .arg(fieldName(m_field)));
}

} // namespace Roost
