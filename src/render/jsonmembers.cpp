#include "render/jsonmembers.h"

#include <QRegularExpression>
#include <QTimeZone>

#include <cmath>
#include <limits>

namespace Roost {

namespace {

QString nameOf(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::Object:
        return QStringLiteral("an object");
    case QJsonValue::Array:
        return QStringLiteral("a list");
    case QJsonValue::String:
        return QStringLiteral("a text");
    case QJsonValue::Double:
        return QStringLiteral("a number");
    case QJsonValue::Bool:
        return QStringLiteral("a truth value");
    default:
        return QStringLiteral("missing");
    }
}

bool isNothing(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined();
}

} // namespace

QDateTime timeFromJson(const QString &text)
{
    // QDateTime reads milliseconds; Render writes up to nine digits.
    static const QRegularExpression form(QStringLiteral(R"(^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(\.\d+)?(.*)$)"));
    const auto match = form.match(text.trimmed());
    if (!match.hasMatch()) {
        return {};
    }
    const QString zone = match.captured(4).isEmpty() ? QStringLiteral("Z") : match.captured(4).toUpper();
    const QString fraction = match.captured(3).left(4);
    return QDateTime::fromString(match.captured(1) + u'T' + match.captured(2) + fraction + zone, Qt::ISODateWithMs)
        .toUTC();
}

JsonMembers::JsonMembers(const QJsonValue &value, QString path)
    : m_object(value.toObject())
    , m_path(std::move(path))
{
    if (!value.isObject()) {
        m_problem = QStringLiteral("%1 is %2").arg(m_path, nameOf(value));
    }
}

void JsonMembers::complain(const QString &name, const QJsonValue &found)
{
    if (m_problem.isEmpty()) {
        m_problem = QStringLiteral("%1.%2 is %3").arg(m_path, name, nameOf(found));
    }
}

void JsonMembers::take(const JsonMembers &part)
{
    if (m_problem.isEmpty()) {
        m_problem = part.m_problem;
    }
}

QString JsonMembers::text(const QString &name)
{
    const QJsonValue found = value(name);
    if (found.isDouble() || found.isBool()) {
        return found.toVariant().toString();
    }
    if (!found.isString() && !isNothing(found)) {
        complain(name, found);
    }
    return found.toString();
}

QString JsonMembers::needed(const QString &name)
{
    const QString found = text(name);
    if (found.isEmpty()) {
        complain(name, {});
    }
    return found;
}

qint64 JsonMembers::number(const QString &name, qint64 otherwise)
{
    const QJsonValue found = value(name);
    if (isNothing(found)) {
        return otherwise;
    }
    bool isNumber = found.isDouble();
    double number = found.toDouble();
    if (found.isString()) {
        bool isWhole = false;
        const qint64 whole = found.toString().trimmed().toLongLong(&isWhole);
        if (isWhole) {
            return whole;
        }
        number = found.toString().trimmed().toDouble(&isNumber);
    }
    if (!isNumber || !(std::abs(number) < double(std::numeric_limits<qint64>::max()))) {
        complain(name, found);
        return otherwise;
    }
    return found.isDouble() ? found.toInteger(qint64(number)) : qint64(number);
}

double JsonMembers::real(const QString &name)
{
    const QJsonValue found = value(name);
    bool isNumber = found.isDouble() || isNothing(found);
    double number = found.toDouble();
    if (found.isString()) {
        number = found.toString().trimmed().toDouble(&isNumber);
    }
    if (!isNumber) {
        complain(name, found);
    }
    return number;
}

bool JsonMembers::truth(const QString &name, const QString &yes)
{
    const QJsonValue found = value(name);
    if (found.isBool() || found.isDouble()) {
        return found.toVariant().toBool();
    }
    const QString word = text(name).trimmed().toLower();
    return !word.isEmpty() && (word == u"true" || word == u"yes" || word == yes);
}

QDateTime JsonMembers::time(const QString &name)
{
    return timeFromJson(text(name));
}

QJsonArray JsonMembers::list(const QString &name)
{
    const QJsonValue found = value(name);
    if (!found.isArray() && !isNothing(found)) {
        complain(name, found);
    }
    return found.toArray();
}

QStringList JsonMembers::texts(const QString &name)
{
    QStringList texts;
    const QJsonArray found = list(name);
    for (const QJsonValue &item : found) {
        if (!item.isString()) {
            complain(name, item);
            continue;
        }
        texts += item.toString();
    }
    return texts;
}

JsonMembers JsonMembers::object(const QString &name)
{
    const QJsonValue found = value(name);
    return {isNothing(found) ? QJsonValue(QJsonObject()) : found, m_path + u'.' + name};
}

} // namespace Roost
