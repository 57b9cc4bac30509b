#include "postgres/placevalue.h"

#include "postgres/pagestatement.h"

#include <QDate>
#include <QRegularExpression>
#include <QUuid>

#include <algorithm>
#include <cmath>
#include <limits>

namespace Roost::PlaceValue {

namespace {

enum class Form { None, Integer, Fraction, Date, Timestamp, Uuid, Place };

Form formOf(const RowColumn &column)
{
    switch (column.baseOid) {
    case 20: // bigint
    case 21: // smallint
    case 23: // integer
    case 26: // oid
        return Form::Integer;
    case 700:  // real
    case 701:  // double precision
    case 1700: // numeric
        return Form::Fraction;
    case 1082:
        return Form::Date;
    case 1114: // timestamp
    case 1184: // timestamptz
        return Form::Timestamp;
    case 2950:
        return Form::Uuid;
    case 27:
        return Form::Place;
    default:
        return Form::None;
    }
}

constexpr double microsecondsADay = 86'400'000'000.0;
const QDate &firstDay()
{
    static const QDate day(2000, 1, 1);
    return day;
}

/// Microseconds since 2000, of "2026-01-02 03:04:05.678+00" or a date; BC and infinity are nothing.
std::optional<double> momentOf(const QString &text)
{
    static const QRegularExpression form(QStringLiteral(
        R"(^(\d{4,6})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(?:Z|[+-]00(?::00)?)?)?$)"));
    const QRegularExpressionMatch match = form.match(text);
    const QDate day(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
    if (!match.hasMatch() || !day.isValid()) {
        return std::nullopt;
    }
    const double seconds =
        match.captured(4).toInt() * 3600.0 + match.captured(5).toInt() * 60.0 + match.captured(6).toDouble();
    return double(firstDay().daysTo(day)) * microsecondsADay + seconds * 1'000'000;
}

QString dayText(double day)
{
    // The server's dates go farther than QDate's text forms.
    const QDate date = firstDay().addDays(qint64(day));
    return QStringLiteral("%1-%2-%3")
        .arg(date.year(), 4, 10, QLatin1Char('0'))
        .arg(date.month(), 2, 10, QLatin1Char('0'))
        .arg(date.day(), 2, 10, QLatin1Char('0'));
}

QString momentText(double microseconds)
{
    const double day = std::floor(microseconds / microsecondsADay);
    const auto rest = qint64(microseconds - day * microsecondsADay);
    return QStringLiteral("%1 %2:%3:%4.%5")
        .arg(dayText(day))
        .arg(rest / 3'600'000'000, 2, 10, QLatin1Char('0'))
        .arg(rest / 60'000'000 % 60, 2, 10, QLatin1Char('0'))
        .arg(rest / 1'000'000 % 60, 2, 10, QLatin1Char('0'))
        .arg(rest % 1'000'000, 6, 10, QLatin1Char('0'));
}

/// A UUID is compared byte by byte: the first 64 bits decide.
std::optional<double> uuidNumber(const QString &text)
{
    const QByteArray bytes = QUuid(text).toRfc4122();
    if (QUuid(text).isNull() && !text.startsWith(u'0')) {
        return std::nullopt;
    }
    return double(bytes.left(8).toHex().toULongLong(nullptr, 16));
}

QString integerText(const RowColumn &column, double number)
{
    constexpr double most = 9223372036854774784.0; // the largest double below 2^63
    const double low = column.baseOid == 26 ? 0.0 : -most;
    return QString::number(qint64(std::clamp(std::round(number), low, most)));
}

} // namespace

std::optional<double> numberOf(const RowColumn &column, const QString &text)
{
    switch (formOf(column)) {
    case Form::Integer:
    case Form::Fraction: {
        bool isNumber = false;
        const double number = text.toDouble(&isNumber);
        return isNumber && std::isfinite(number) ? std::optional(number) : std::nullopt;
    }
    case Form::Date:
    case Form::Timestamp:
        return momentOf(text);
    case Form::Uuid:
        return uuidNumber(text);
    case Form::Place: {
        const qint64 block = blockOf(text);
        return block < 0 ? std::nullopt : std::optional(double(block));
    }
    case Form::None:
        break;
    }
    return std::nullopt;
}

QString textOf(const RowColumn &column, double number)
{
    switch (formOf(column)) {
    case Form::Integer:
        return integerText(column, number);
    case Form::Fraction:
        return QString::number(number, 'g', std::numeric_limits<double>::max_digits10);
    case Form::Date:
        return dayText(std::floor(number / microsecondsADay));
    case Form::Timestamp:
        return momentText(number);
    case Form::Uuid: {
        constexpr double beyond = 18446744073709551616.0; // 2^64
        const bool isMost = number >= beyond;
        const quint64 bits = isMost ? std::numeric_limits<quint64>::max() : quint64(std::max(0.0, number));
        const QString digits = QString::number(bits, 16).rightJustified(16, u'0');
        return QUuid::fromRfc4122(QByteArray::fromHex(digits.toLatin1()) + QByteArray(8, '\0'))
            .toString(QUuid::WithoutBraces);
    }
    case Form::Place:
        return QStringLiteral("(%1,0)").arg(qint64(std::max(0.0, number)));
    case Form::None:
        break;
    }
    return {};
}

} // namespace Roost::PlaceValue
