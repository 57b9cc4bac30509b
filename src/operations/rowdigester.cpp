#include "operations/rowdigester.h"

#include <array>
#include <charconv>
#include <cstring>
#include <optional>

namespace Roost {

namespace {

constexpr unsigned float4Oid = 700;
constexpr unsigned float8Oid = 701;
constexpr unsigned timestamptzOid = 1184;

/// Reads numbers and signs from the front of a text.
class Reader
{
public:
    explicit Reader(QByteArrayView text)
        : m_at(text.data())
        , m_end(text.data() + text.size())
    {
    }

    bool take(char c)
    {
        const bool isIt = m_at < m_end && *m_at == c;
        m_at += isIt ? 1 : 0;
        return isIt;
    }
    std::optional<qint64> number()
    {
        qint64 value = 0;
        const auto [stop, problem] = std::from_chars(m_at, m_end, value);
        const bool isOne = problem == std::errc() && m_at < m_end && *m_at >= '0' && *m_at <= '9';
        m_at = isOne ? stop : m_at;
        return isOne ? std::optional<qint64>(value) : std::nullopt;
    }
    /// Up to six digits behind the point.
    qint64 microseconds()
    {
        qint64 value = 0;
        int digits = 0;
        for (; digits < 6 && m_at < m_end && *m_at >= '0' && *m_at <= '9'; ++digits) {
            value = value * 10 + (*m_at++ - '0');
        }
        for (; digits < 6; ++digits) {
            value *= 10;
        }
        return value;
    }
    QByteArrayView rest() const { return {m_at, m_end - m_at}; }

private:
    const char *m_at;
    const char *m_end;
};

/// Since 1970-01-01, in the Gregorian calendar before its time as well; counted in years that begin in March.
qint64 daysOf(qint64 year, qint64 month, qint64 day)
{
    year -= month <= 2 ? 1 : 0;
    const qint64 era = (year >= 0 ? year : year - 399) / 400;
    const qint64 yearOfEra = year - era * 400;
    const qint64 dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

/// Seconds of "10:20:30", of which all but the hours may be missing.
std::optional<qint64> secondsOf(Reader &reader)
{
    const auto hours = reader.number();
    std::optional<qint64> minutes = 0;
    std::optional<qint64> seconds = 0;
    if (hours && reader.take(':')) {
        minutes = reader.number();
        if (minutes && reader.take(':')) {
            seconds = reader.number();
        }
    }
    return hours && minutes && seconds ? std::optional<qint64>((*hours * 60 + *minutes) * 60 + *seconds) : std::nullopt;
}

/// Microseconds since 1970 of `2026-01-02 03:04:05.123456+02 BC`; nothing for what is none, infinity among it.
std::optional<qint64> instantOf(QByteArrayView text)
{
    Reader reader(text);
    const auto year = reader.number();
    const auto month = reader.take('-') ? reader.number() : std::nullopt;
    const auto day = reader.take('-') ? reader.number() : std::nullopt;
    if (!year || !month || !day || !reader.take(' ')) {
        return {};
    }
    const auto time = secondsOf(reader);
    const qint64 fraction = reader.take('.') ? reader.microseconds() : 0;
    const bool isWest = reader.take('-');
    if (!time || (!isWest && !reader.take('+'))) {
        return {};
    }
    const auto offset = secondsOf(reader);
    const bool isBeforeChrist = reader.rest() == QByteArrayView(" BC");
    if (!offset || (!isBeforeChrist && !reader.rest().isEmpty())) {
        return {};
    }
    const qint64 days = daysOf(isBeforeChrist ? 1 - *year : *year, *month, *day);
    const qint64 seconds = days * 86400 + *time + (isWest ? *offset : -*offset);
    // Unsigned, for the furthest of the server's instants have no room in the other.
    return qint64(quint64(seconds) * 1'000'000 + quint64(fraction));
}

template <class Float>
std::optional<Float> floatOf(QByteArrayView text)
{
    Float value = 0;
    const char *const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    return problem == std::errc() && stop == end ? std::optional<Float>(value) : std::nullopt;
}

template <class Value>
void appendBytes(QByteArray &bytes, const Value &value)
{
    bytes.append(reinterpret_cast<const char *>(&value), sizeof value);
}

/// The value itself, where it can be printed in more than one way; false: the text is the value.
bool appendValue(QByteArray &bytes, QByteArrayView text, unsigned type)
{
    const auto append = [&bytes](const auto &value) {
        if (value) {
            appendBytes(bytes, *value);
        }
        return value.has_value();
    };
    switch (type) {
    case timestamptzOid:
        return append(instantOf(text));
    case float4Oid:
        return append(floatOf<float>(text));
    case float8Oid:
        return append(floatOf<double>(text));
    default:
        return false;
    }
}

} // namespace

RowDigester::RowDigester(QList<unsigned> types, qsizetype keyColumns)
    : m_types(std::move(types))
    , m_keyColumns(keyColumns)
{
}

void RowDigester::append(const CopyTextLine::Cell &cell, qsizetype column)
{
    if (cell.isNull) {
        m_bytes += '\0';
        return;
    }
    m_bytes += '\1';
    const qsizetype at = m_bytes.size();
    appendBytes(m_bytes, quint64(0)); // the length, so that no two rows of values run together to the same bytes
    if (!appendValue(m_bytes, cell.text, m_types.at(column))) {
        m_bytes.append(cell.text.data(), cell.text.size());
    }
    const auto length = quint64(m_bytes.size() - at) - sizeof(quint64);
    std::memcpy(m_bytes.data() + at, &length, sizeof length);
}

std::array<quint64, 2> RowDigester::hashed()
{
    m_hash.reset();
    m_hash.addData(QByteArrayView(m_bytes));
    std::array<quint64, 2> halves{};
    std::memcpy(halves.data(), m_hash.resultView().data(), sizeof halves);
    return halves;
}

RowDigest RowDigester::digest(const std::vector<CopyTextLine::Cell> &cells, qint64 place)
{
    RowDigest digest;
    digest.place = place;
    m_bytes.resize(0);
    for (qsizetype i = 0; i < qsizetype(cells.size()); ++i) {
        append(cells[size_t(i)], i);
        if (i + 1 == m_keyColumns) {
            digest.key = hashed();
        }
    }
    const std::array<quint64, 2> whole = hashed();
    digest.row = whole[0] ^ whole[1];
    if (m_keyColumns == 0) {
        digest.key = whole;
    }
    return digest;
}

quint64 RowDigester::digest(const CopyTextLine::Cell &cell, qsizetype column)
{
    m_bytes.resize(0);
    append(cell, column);
    const std::array<quint64, 2> whole = hashed();
    return whole[0] ^ whole[1];
}

} // namespace Roost
