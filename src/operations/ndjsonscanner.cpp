#include "operations/ndjsonscanner.h"

#include "operations/importtext.h"

#include <algorithm>
#include <cstring>

namespace Roost {

namespace {

/// As COPY's text format wants it.
void appendEscaped(QByteArray &out, QByteArrayView text)
{
    const char *from = text.data();
    const char *end = from + text.size();
    for (const char *at = from; at < end; ++at) {
        char letter = 0;
        switch (*at) {
        case '\\':
            letter = '\\';
            break;
        case '\n':
            letter = 'n';
            break;
        case '\r':
            letter = 'r';
            break;
        case '\t':
            letter = 't';
            break;
        default:
            continue;
        }
        out.append(from, at - from);
        out += '\\';
        out += letter;
        from = at + 1;
    }
    out.append(from, end - from);
}

/// An element of PostgreSQL's array, in quotes.
void appendElement(QByteArray &out, QByteArrayView text)
{
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
        }
        out += c;
    }
    out += '"';
}

/// Characters, as an editor counts them.
qint64 columnAt(QByteArrayView line, qsizetype at)
{
    return QString::fromUtf8(line.first(qMin(at, line.size()))).size() + 1;
}

} // namespace

NdJsonScanner::NdJsonScanner(ScanPlan plan, NdJsonForm form)
    : m_plan(std::move(plan))
    , m_form(std::move(form))
    , m_values(size_t(m_plan.fields.size()), nullptr)
{
    for (qsizetype i = 0; i < m_plan.fields.size(); ++i) {
        m_fields.insert(m_plan.fields.at(i).toUtf8(), i);
    }
}

bool NdJsonScanner::scan(QByteArray &block)
{
    m_out.resize(0);
    const char end = m_plan.usesCarriageReturns ? '\r' : '\n';
    const char *at = block.constData();
    const char *last = at + block.size();
    while (at < last && !m_problem && !m_foundLine) {
        const char *lineEnd = static_cast<const char *>(std::memchr(at, end, size_t(last - at)));
        lineEnd = lineEnd ? lineEnd : last;
        if (takeLine(QByteArrayView(at, lineEnd - at))) {
            ++m_line;
        }
        at = lineEnd + 1;
    }
    block = std::exchange(m_out, {});
    return !m_problem && !m_foundLine;
}

bool NdJsonScanner::takeLine(QByteArrayView line)
{
    const bool isBlank =
        std::all_of(line.begin(), line.end(), [](char c) { return c == ' ' || c == '\t' || c == '\r'; });
    if (isBlank) {
        return true;
    }
    if (!m_object.parse(line)) {
        return fail(
            m_line,
            ImportText::tr("%1 (column %2).").arg(m_object.problem()).arg(columnAt(line, m_object.problemAt())));
    }
    if (!assign()) {
        return false;
    }
    ++m_records;
    if (m_records > m_plan.skipRecords) {
        write();
    }
    if (m_records >= m_plan.untilRecord || m_records - m_plan.skipRecords >= m_plan.untilCopyLine) {
        m_foundLine = m_line;
        return false;
    }
    return true;
}

bool NdJsonScanner::assign()
{
    std::fill(m_values.begin(), m_values.end(), nullptr);
    size_t next = 0;
    for (const JsonObject::Member &member : m_object.members()) {
        // Mostly the keys come in the same order.
        qsizetype field = qsizetype(next);
        const bool isNext = field < m_plan.fields.size() && m_plan.fields.at(field) == QString::fromUtf8(member.key);
        if (!isNext) {
            field = m_fields.value(QByteArray::fromRawData(member.key.data(), member.key.size()), -1);
        }
        if (field < 0) {
            return fail(m_line, ImportText::tr("the key \"%1\" is none of those known: %2. Say which column it goes "
                                               "to, or that it is left out.")
                                    .arg(QString::fromUtf8(member.key), m_plan.fields.join(QStringLiteral(", "))));
        }
        if (m_values[size_t(field)] != nullptr) {
            return fail(m_line, ImportText::tr("the key \"%1\" stands there twice.").arg(m_plan.fields.at(field)));
        }
        m_values[size_t(field)] = &member.value;
        next = size_t(field) + 1;
    }
    return true;
}

void NdJsonScanner::write()
{
    QByteArray missing;
    bool isFirst = true;
    for (size_t i = 0; i < m_values.size(); ++i) {
        if (!m_plan.sent[i]) {
            continue;
        }
        if (!isFirst) {
            m_out += '\t';
        }
        isFirst = false;
        const JsonObject::Value *value = m_values[i];
        if (value == nullptr || value->kind == JsonObject::Kind::Null) {
            m_out += "\\N";
        } else {
            writeValue(*value, m_form.columns[i]);
        }
        if (value == nullptr && m_form.namesMissing) {
            missing += (missing.isEmpty() ? "," : "") + QByteArray::number(qsizetype(i)) + ',';
        }
    }
    if (m_form.namesMissing) {
        m_out += '\t' + (missing.isEmpty() ? QByteArrayLiteral("\\N") : missing);
    }
    m_out += '\n';
}

void NdJsonScanner::writeValue(const JsonObject::Value &value, JsonColumn column)
{
    if (column == JsonColumn::Array && value.kind == JsonObject::Kind::Array) {
        m_array.resize(0);
        writeArray(value);
        appendEscaped(m_out, m_array);
    } else {
        appendEscaped(m_out, column == JsonColumn::Json ? value.raw : value.text);
    }
}

void NdJsonScanner::writeArray(const JsonObject::Value &array)
{
    const std::vector<JsonObject::Value> elements = m_object.elements(array.raw);
    m_array += '{';
    for (size_t i = 0; i < elements.size(); ++i) {
        if (i > 0) {
            m_array += ',';
        }
        if (elements[i].kind == JsonObject::Kind::Null) {
            m_array += "NULL";
        } else if (elements[i].kind == JsonObject::Kind::Array) {
            writeArray(elements[i]);
        } else {
            appendElement(m_array, elements[i].text);
        }
    }
    m_array += '}';
}

} // namespace Roost
