#include "operations/recordscanner.h"

#include "operations/importtext.h"

#include <algorithm>

namespace Roost {

namespace {

constexpr qsizetype longestExcerpt = 40;

} // namespace

bool RecordScanner::fail(qint64 line, const QString &reason)
{
    m_problem = lineError(line, reason);
    m_problemLine = line;
    return false;
}

SeparatedScanner::SeparatedScanner(ScanPlan plan, char delimiter)
    : m_plan(std::move(plan))
    , m_delimiter(delimiter)
    , m_sentFields(std::count(m_plan.sent.begin(), m_plan.sent.end(), true))
    , m_isHeader(m_plan.hasHeader)
    , m_keepsDelimiter(m_plan.sent.size(), false)
    , m_isSending(!m_plan.hasHeader && m_plan.skipRecords == 0)
    , m_dropsAny(m_sentFields < m_plan.fields.size())
{
    bool isMoreSent = false;
    for (size_t i = m_plan.sent.size(); i-- > 0;) {
        m_keepsDelimiter[i] = m_plan.sent[i] && isMoreSent;
        isMoreSent = isMoreSent || m_plan.sent[i];
    }
}

QString SeparatedScanner::fieldName(qsizetype field) const
{
    const QString name = m_plan.fields.value(field);
    return name.isEmpty() ? ImportText::tr("field %1").arg(field + 1)
                          : ImportText::tr("field %1 (%2)").arg(field + 1).arg(name);
}

QString SeparatedScanner::excerpt(const char *text) const
{
    const auto isEnd = [](char c) { return c == '\n' || c == '\r'; };
    const char *end = std::find_if(text, m_end, isEnd);
    QString words = QString::fromUtf8(text, qMin<qsizetype>(end - text, longestExcerpt * 4));
    if (words.size() > longestExcerpt) {
        words = words.left(longestExcerpt) + u'…';
    }
    return words;
}

void SeparatedScanner::flushTo(const char *upTo)
{
    if (m_isSending && upTo > m_kept) {
        m_out.append(m_kept, upTo - m_kept);
    }
    m_kept = upTo;
    m_isEdited = true;
}

void SeparatedScanner::replace(const char *from, const char *to, QByteArrayView text)
{
    if (m_isSending && !m_isDropping) {
        flushTo(from);
        m_out += text;
        m_kept = to;
    }
}

/// From here on records are sent; everything before is not.
void SeparatedScanner::startSending(const char *from)
{
    m_out.resize(0);
    m_kept = from;
    m_isEdited = true;
    m_isSending = true;
}

/// For records of which not every field is sent.
void SeparatedScanner::beginDropping()
{
    if (m_field < qsizetype(m_plan.sent.size()) && !m_plan.sent[size_t(m_field)]) {
        flushTo(m_at);
        m_isDropping = true;
    }
}

void SeparatedScanner::endDropping(bool isDelimiter)
{
    if (m_isDropping ||
        (isDelimiter && m_field < qsizetype(m_plan.sent.size()) && !m_keepsDelimiter[size_t(m_field)])) {
        if (!m_isDropping) {
            flushTo(m_at);
        }
        m_kept = isDelimiter ? m_at + 1 : m_at;
        m_isDropping = false;
    }
}

/// Short and long records.
bool SeparatedScanner::checkCount()
{
    const qsizetype wanted = m_plan.fields.size();
    const qsizetype got = m_field + 1;
    if (got == wanted) {
        return true;
    }
    const QString has = ImportText::tr("%n field(s)", nullptr, int(got));
    if (m_isHeader) {
        return fail(m_recordLine, ImportText::tr("the header has %1, where %2 were expected.").arg(has).arg(wanted));
    }
    const QString against = m_plan.hasHeader ? ImportText::tr("it has %1, the header has %2").arg(has).arg(wanted)
                                             : ImportText::tr("it has %1 instead of %2").arg(has).arg(wanted);
    if (got < wanted) {
        return fail(m_recordLine, ImportText::tr("%1: %2 is missing.").arg(against, fieldName(got)));
    }
    return fail(m_recordLine,
                ImportText::tr("%1. A value that holds the delimiter must stand in quotes.").arg(against));
}

/// Nothing but a line end, where there should be several fields: at the end of a file that does no harm.
bool SeparatedScanner::isBlankRecord()
{
    const bool isBlank = m_field == 0 && m_fieldStart == m_at && m_plan.fields.size() > 1;
    if (isBlank && m_blankLine == 0) {
        m_blankLine = m_recordLine;
    }
    return isBlank;
}

/// False when it is none.
bool SeparatedScanner::passLineEnd(const char **after)
{
    *after = m_at + 1;
    if (*m_at == '\n' && m_plan.usesCarriageReturns) {
        return fail(m_line, ImportText::tr("it ends with a line feed, the lines before with a carriage return."));
    }
    if (*m_at == '\n' || m_plan.usesCarriageReturns) {
        return true;
    }
    if (*after == m_end || **after != '\n') {
        return fail(m_line, ImportText::tr("a carriage return stands alone in %1. A value with a line end in it must "
                                           "stand in quotes.")
                                .arg(fieldName(m_field)));
    }
    ++*after;
    return true;
}

/// COPY wants the same end for each line.
void SeparatedScanner::unifyLineEnd(const char *after)
{
    const char kind = after - m_at == 2 ? 'B' : *m_at;
    if (m_copyLineEnd == 0) {
        m_copyLineEnd = kind;
    } else if (m_copyLineEnd != kind) {
        replace(m_at, after, m_copyLineEnd == 'B' ? "\r\n" : "\n");
    }
}

bool SeparatedScanner::endRecord()
{
    const char *after = nullptr;
    if (!passLineEnd(&after)) {
        return false;
    }
    const bool isBlank = isBlankRecord();
    if (!isBlank && m_blankLine > 0) {
        return fail(m_blankLine, ImportText::tr("it is empty, and more lines follow."));
    }
    if (isBlank) {
        replace(m_at, after, {});
    } else if (!checkCount()) {
        return false;
    } else if (m_isSending) {
        unifyLineEnd(after);
    }
    m_at = after;
    ++m_line;
    if (!isBlank) {
        m_records += m_isHeader ? 0 : 1;
        m_copyLine += m_isSending ? 1 : 0;
        const bool isFound = m_records >= m_plan.untilRecord || m_copyLine >= m_plan.untilCopyLine;
        if (isFound && !m_isHeader) {
            m_foundLine = m_recordLine;
            return false;
        }
        m_isHeader = false;
        if (!m_isSending && m_records >= m_plan.skipRecords) {
            startSending(m_at);
        }
    }
    m_recordLine = m_line;
    m_field = 0;
    markRecord();
    m_isAtRecord = m_at == m_end;
    return !m_isAtRecord;
}

void SeparatedScanner::markRecord()
{
    m_recordStart = m_at;
    m_recordKept = m_kept;
    m_recordOut = m_out.size();
}

void SeparatedScanner::takeOutput(QByteArray &block)
{
    const char *end = m_end;
    if (m_problem) {
        // The server may still refuse something further up.
        end = m_recordStart ? m_recordStart : block.constData();
        m_out.truncate(m_recordOut);
        m_kept = m_recordStart ? m_recordKept : end;
        m_isDropping = false;
        m_isEdited = true;
    }
    if (!m_isSending || (m_isDropping && !m_isEdited)) {
        block.resize(0);
    } else if (m_isEdited && m_out.isEmpty() && !m_isDropping) {
        const qsizetype from = m_kept - block.constData();
        block.truncate(end - block.constData());
        block.remove(0, from);
    } else if (m_isEdited) {
        if (!m_isDropping) {
            flushTo(end);
        }
        block = std::exchange(m_out, {});
    }
}

bool SeparatedScanner::scan(QByteArray &block)
{
    m_at = m_kept = block.constData();
    m_end = m_at + block.size();
    m_fieldStart = nullptr;
    m_recordStart = nullptr;
    m_recordOut = 0;
    m_out.resize(0);
    m_isEdited = false;
    if (m_isAtRecord) {
        markRecord();
    }
    m_isAtRecord = false;
    run();
    takeOutput(block);
    return !m_problem && !m_foundLine;
}

bool SeparatedScanner::finish()
{
    return true;
}

} // namespace Roost
