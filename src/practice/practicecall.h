#pragma once

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>
#include <QString>
#include <QStringList>
#include <QUrlQuery>

#include <functional>
#include <optional>
#include <utility>

namespace Roost {

/// A request to the stand-in for Render.
struct PracticeCall
{
    QByteArray method;
    QStringList path; ///< decoded, without "v1": {"postgres", "dpg-…-a", "suspend"}
    QUrlQuery query;
    QByteArray body;

    /// Whether the path has this shape; `*` stands for any one part.
    bool matches(const char *wantedMethod, const QStringList &shape) const;
    QString part(qsizetype index) const { return path.value(index); }
    /// The body as an object; absent when it is something else. An empty body is an empty object.
    std::optional<QJsonObject> object() const;
    /// Of a parameter that may be repeated, or hold several words between commas.
    QStringList queryWords(const QString &name) const;
};

/// What it answers.
struct PracticeAnswer
{
    int status = 200;
    QByteArray body; ///< JSON with the line end that Render sends; empty with 202 and 204
    QList<std::pair<QByteArray, QByteArray>> headers;

    static PracticeAnswer json(const QJsonObject &object, int status = 200);
    static PracticeAnswer json(const QJsonArray &array, int status = 200);
    static PracticeAnswer empty(int status);
    static PracticeAnswer refusal(int status, const QString &message);
    static PracticeAnswer notFound(const QString &id);
};

/// Called once, in the server's thread, at once or later.
using PracticeReply = std::function<void(PracticeAnswer)>;

/// A page of a list as Render makes it: `limit` (20, at most 100) items after `cursor`, each as {"cursor", "<member>"}.
/// Every item has a private member "_number" that rises or falls along the list.
[[nodiscard]] PracticeAnswer practicePage(const PracticeCall &call, const QList<QJsonObject> &items,
                                          const QString &member,
                                          const std::function<QJsonObject(const QJsonObject &)> &shown);
/// Without the private members, whose names begin with an underscore.
[[nodiscard]] QJsonObject withoutPrivate(const QJsonObject &object);

} // namespace Roost
