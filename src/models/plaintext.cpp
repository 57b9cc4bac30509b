#include "models/plaintext.h"

#include <QCoreApplication>
#include <QLocale>

#include <array>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PlainText)
};

/// One decimal below ten, none above: 7.9, 48.
QString shortNumber(double value)
{
    const QLocale locale;
    const QString text = locale.toString(value, 'f', value < 9.95 ? 1 : 0);
    const QString zero = locale.decimalPoint() + locale.zeroDigit();
    return text.endsWith(zero) ? text.chopped(zero.size()) : text;
}

} // namespace

QString sizeText(qint64 bytes)
{
    if (bytes < 0) {
        return {};
    }
    if (bytes < 1024) {
        return Text::tr("%1 bytes").arg(bytes);
    }
    const std::array<QString, 4> units{Text::tr("%1 kB"), Text::tr("%1 MB"), Text::tr("%1 GB"), Text::tr("%1 TB")};
    double value = double(bytes) / 1024;
    size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1024;
        ++unit;
    }
    return units[unit].arg(shortNumber(value));
}

QString ageText(const QDateTime &time, const QDateTime &now)
{
    constexpr qint64 minute = 60;
    constexpr qint64 hour = 60 * minute;
    constexpr qint64 day = 24 * hour;
    const qint64 seconds = time.secsTo(now);
    if (seconds < minute) {
        return Text::tr("just now");
    }
    if (seconds < hour) {
        return Text::tr("%Ln minute(s) ago", nullptr, int(seconds / minute));
    }
    if (seconds < 2 * day) {
        return Text::tr("%Ln hour(s) ago", nullptr, int(seconds / hour));
    }
    return Text::tr("%Ln day(s) ago", nullptr, int(seconds / day));
}

QString countText(qint64 count)
{
    return count < 0 ? QString() : QLocale().toString(count);
}

QString estimateText(qint64 count)
{
    if (count < 0) {
        return {};
    }
    if (count < 1000) {
        return QStringLiteral("~ %1").arg(count);
    }
    if (count < 999'500) {
        return Text::tr("~ %1 k").arg(shortNumber(double(count) / 1e3));
    }
    return count < 999'500'000 ? Text::tr("~ %1 M").arg(shortNumber(double(count) / 1e6))
                               : Text::tr("~ %1 G").arg(shortNumber(double(count) / 1e9));
}

} // namespace Roost
