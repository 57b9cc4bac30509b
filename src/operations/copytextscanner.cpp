#include "operations/copytextscanner.h"

#include "operations/importtext.h"

namespace Roost {

CopyTextScanner::CopyTextScanner(ScanPlan plan)
    : SeparatedScanner(std::move(plan), '\t')
{
}

void CopyTextScanner::run()
{
    while (m_at < m_end) {
        if (m_isEnded) {
            fail(m_line, ImportText::tr("the line before is \\., which ends the data, and more lines follow."));
            return;
        }
        if (!m_isWithinField) {
            beginField();
        }
        m_isWithinField = false;
        if (!passField() || !endField()) {
            return;
        }
    }
}

/// Up to the delimiter or line end behind it; false when the block ends before, or something is wrong.
bool CopyTextScanner::passField()
{
    while (true) {
        while (*m_at != '\t' && *m_at != '\n' && *m_at != '\r' && *m_at != '\\') {
            ++m_at;
        }
        if (*m_at != '\\') {
            return true;
        }
        if (!passEscape()) {
            return false;
        }
    }
}

bool CopyTextScanner::passEscape()
{
    const char *next = m_at + 1;
    if (*next == '.') {
        const bool isAlone = m_field == 0 && m_fieldStart == m_at && (next[1] == '\n' || next[1] == '\r');
        if (!isAlone) {
            return fail(m_line, ImportText::tr("\\. in %1, which would end the data. Write \\\\. for a backslash "
                                               "and a dot.")
                                    .arg(fieldName(m_field)));
        }
        replace(m_at, m_end, {});
        while (m_at < m_end && *m_at != '\n' && *m_at != '\r') {
            ++m_at;
        }
        m_at += *m_at == '\r' && m_at + 1 < m_end && m_at[1] == '\n' ? 2 : 1;
        ++m_line;
        m_isEnded = true;
        if (m_at < m_end) {
            fail(m_line, ImportText::tr("the line before is \\., which ends the data, and more lines follow."));
        }
        return false;
    }
    m_line += *next == (m_plan.usesCarriageReturns ? '\r' : '\n') ? 1 : 0;
    m_at = next + 1;
    m_isWithinField = m_at >= m_end;
    return !m_isWithinField;
}

bool CopyTextScanner::finish()
{
    return !m_isWithinField ||
           fail(m_recordLine,
                ImportText::tr("the file ends behind a backslash, in the middle of %1.").arg(fieldName(m_field)));
}

} // namespace Roost
