#include "practice/practicecall.h"

#include <QJsonDocument>
#include <QUrl>

namespace Roost {

namespace {

const QString numberMember = QStringLiteral("_number");
constexpr int usualLimit = 20;
constexpr int highestLimit = 100;

QByteArray lineOf(const QJsonDocument &document)
{
    return document.toJson(QJsonDocument::Compact) + '\n';
}

QString cursorOf(const QJsonObject &item)
{
    const QByteArray number = "roost:" + QByteArray::number(item[numberMember].toInteger());
    return QString::fromLatin1(number.toBase64());
}

/// Absent when it is no cursor of ours.
std::optional<qint64> numberOf(const QString &cursor)
{
    const QByteArray text = QByteArray::fromBase64(cursor.toLatin1());
    bool isNumber = false;
    const qint64 number = text.mid(6).toLongLong(&isNumber);
    return isNumber && text.startsWith("roost:") ? std::optional(number) : std::nullopt;
}

} // namespace

bool PracticeCall::matches(const char *wantedMethod, const QStringList &shape) const
{
    if (method != wantedMethod || path.size() != shape.size()) {
        return false;
    }
    for (qsizetype i = 0; i < shape.size(); ++i) {
        if (shape.at(i) != u"*" && shape.at(i) != path.at(i)) {
            return false;
        }
    }
    return true;
}

std::optional<QJsonObject> PracticeCall::object() const
{
    if (body.trimmed().isEmpty()) {
        return QJsonObject();
    }
    const QJsonDocument document = QJsonDocument::fromJson(body);
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

QStringList PracticeCall::queryWords(const QString &name) const
{
    QStringList words;
    for (const QString &value : query.allQueryItemValues(name, QUrl::FullyDecoded)) {
        words += value.split(u',', Qt::SkipEmptyParts);
    }
    return words;
}

PracticeAnswer PracticeAnswer::json(const QJsonObject &object, int status)
{
    return {status, lineOf(QJsonDocument(object)), {}};
}

PracticeAnswer PracticeAnswer::json(const QJsonArray &array, int status)
{
    return {status, lineOf(QJsonDocument(array)), {}};
}

PracticeAnswer PracticeAnswer::empty(int status)
{
    return {status, {}, {}};
}

PracticeAnswer PracticeAnswer::refusal(int status, const QString &message)
{
    return json(QJsonObject{{QStringLiteral("message"), message}}, status);
}

PracticeAnswer PracticeAnswer::notFound(const QString &id)
{
    return refusal(404, QStringLiteral("not found: ") + id);
}

PracticeAnswer practicePage(const PracticeCall &call, const QList<QJsonObject> &items, const QString &member,
                            const std::function<QJsonObject(const QJsonObject &)> &shown)
{
    int limit = usualLimit;
    if (const QString text = call.query.queryItemValue(QStringLiteral("limit")); !text.isEmpty()) {
        bool isNumber = false;
        limit = text.toInt(&isNumber);
        if (!isNumber || limit < 1 || limit > highestLimit) {
            return PracticeAnswer::refusal(400, QStringLiteral("invalid limit"));
        }
    }
    qsizetype next = 0;
    if (const QString cursor = call.query.queryItemValue(QStringLiteral("cursor"), QUrl::FullyDecoded);
        !cursor.isEmpty()) {
        const auto last = numberOf(cursor);
        if (!last) {
            return PracticeAnswer::refusal(400, QStringLiteral("invalid cursor"));
        }
        // The item itself may be gone meanwhile.
        const bool isFalling =
            items.size() > 1 && items.first()[numberMember].toInteger() > items.last()[numberMember].toInteger();
        while (next < items.size() && (isFalling ? items.at(next)[numberMember].toInteger() >= *last
                                                 : items.at(next)[numberMember].toInteger() <= *last)) {
            ++next;
        }
    }
    QJsonArray page;
    for (; next < items.size() && page.size() < limit; ++next) {
        page += QJsonObject{{QStringLiteral("cursor"), cursorOf(items.at(next))}, {member, shown(items.at(next))}};
    }
    return PracticeAnswer::json(page);
}

QJsonObject withoutPrivate(const QJsonObject &object)
{
    QJsonObject shown;
    for (auto it = object.begin(); it != object.end(); ++it) {
        if (!it.key().startsWith(u'_')) {
            shown.insert(it.key(), it.value());
        }
    }
    return shown;
}

} // namespace Roost
