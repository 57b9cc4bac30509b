#include "gui/table/inspector/valuefacts.h"

#include "models/plaintext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

/// Only for tr().
struct Facts
{
    Q_DECLARE_TR_FUNCTIONS(Roost::ValueFacts)
};

QString localTime(const QString &value)
{
    static const QRegularExpression pattern(QStringLiteral(
        "^(\\d{4})-(\\d\\d)-(\\d\\d) (\\d\\d):(\\d\\d):(\\d\\d)(\\.\\d+)?([+-])(\\d\\d)(?::(\\d\\d))?$"));
    const auto match = pattern.match(value);
    if (!match.hasMatch()) {
        return {};
    }
    const auto part = [&match](int group) { return match.captured(group).toInt(); };
    const QDate day(part(1), part(2), part(3));
    const QTime time(part(4), part(5), part(6));
    if (!day.isValid() || !time.isValid()) {
        return {};
    }
    const int offset = (part(9) * 60 + part(10)) * (match.captured(8) == QStringLiteral("-") ? -60 : 60);
    const QDateTime local = QDateTime(day, time, Qt::OffsetFromUTC, offset).toLocalTime();
    return Facts::tr("%1 local time (%2)")
        .arg(local.toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) + match.captured(7), local.timeZoneAbbreviation());
}

QString weekday(const QString &value)
{
    static const QRegularExpression pattern(QStringLiteral("^(\\d{4})-(\\d\\d)-(\\d\\d)(?:$| \\d\\d:\\d\\d:[\\d.]+$)"));
    const auto match = pattern.match(value);
    const QDate day(match.captured(1).toInt(), match.captured(2).toInt(), match.captured(3).toInt());
    return day.isValid() ? QLocale().toString(day, QLocale::LongFormat) : QString();
}

} // namespace

QString groupedNumber(const QString &number)
{
    static const QRegularExpression pattern(QStringLiteral("^(-?)(\\d+)(\\.\\d+)?$"));
    const auto match = pattern.match(number);
    const QString digits = match.captured(2);
    constexpr qsizetype group = 3;
    if (!match.hasMatch() || digits.size() <= group + 1) {
        return {};
    }
    const QString separator = QLocale().groupSeparator();
    QString grouped;
    for (qsizetype i = 0; i < digits.size(); ++i) {
        if (i > 0 && (digits.size() - i) % group == 0) {
            grouped += separator;
        }
        grouped += digits[i];
    }
    return match.captured(1) + grouped + match.captured(3).replace(u'.', QLocale().decimalPoint());
}

QString valueReading(const RowColumn &column, const QString &value)
{
    constexpr qsizetype longest = 200;
    if (value.size() > longest) {
        return {};
    }
    switch (valueKindOf(column)) {
    case ValueKind::Number:
        return groupedNumber(value);
    case ValueKind::TimestampZone:
        return localTime(value);
    case ValueKind::Date:
    case ValueKind::Timestamp:
        return weekday(value);
    case ValueKind::Boolean:
        return value == QStringLiteral("t")   ? Facts::tr("true")
               : value == QStringLiteral("f") ? Facts::tr("false")
                                              : QString();
    default:
        return {};
    }
}

QString textSize(const QString &text)
{
    const auto pairs = std::count_if(text.begin(), text.end(), [](QChar c) { return c.isLowSurrogate(); });
    const qint64 characters = text.size() - pairs;
    qint64 bytes = 0;
    for (const QChar c : text) {
        bytes += c.unicode() < 0x80 ? 1 : c.unicode() < 0x800 || c.isSurrogate() ? 2 : 3;
    }
    QString size = characters == 1 ? Facts::tr("1 character") : Facts::tr("%1 characters").arg(countText(characters));
    if (bytes != characters) {
        size += Facts::tr(" · %1 bytes").arg(countText(bytes));
    }
    const qint64 lines = text.count(u'\n') + 1;
    if (lines > 1) {
        size += Facts::tr(" · %1 lines").arg(countText(lines));
    }
    return size;
}

} // namespace Roost
