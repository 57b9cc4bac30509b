#include "operations/nameintime.h"

#include <QDateTime>
#include <QRegularExpression>

namespace Roost {

namespace {

constexpr qsizetype longestName = 63; ///< bytes; PostgreSQL cuts what is longer without a word

} // namespace

QString nameInTime(const QString &database, const QString &infix)
{
    const QString suffix = infix + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMddHHmmss"));
    QString stem = database;
    while ((stem + suffix).toUtf8().size() > longestName) {
        stem.chop(stem.size() > 1 && stem.back().isLowSurrogate() ? 2 : 1);
    }
    return stem + suffix;
}

bool isNameInTime(const QString &name, const QString &infix)
{
    const QRegularExpression pattern(QRegularExpression::escape(infix) + QStringLiteral("\\d{14}\\z"));
    return pattern.match(name).hasMatch();
}

} // namespace Roost
