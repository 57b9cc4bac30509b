#pragma once

#include <QDateTime>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringList>

namespace Roost {

/// An object of an answer, read with patience: members that are missing or null are empty, those not asked for do not
/// matter, a number or a truth may be written as text and the other way round. A member of another shape (an object
/// where a text belongs) is a problem, which is remembered.
class JsonMembers
{
public:
    /// `path` names the object in problems: "postgres.owner".
    JsonMembers(const QJsonValue &value, QString path);

    [[nodiscard]] QString text(const QString &name);
    [[nodiscard]] qint64 number(const QString &name, qint64 otherwise = 0);
    [[nodiscard]] double real(const QString &name);
    /// `yes` is the text that means true besides "true" and "yes".
    [[nodiscard]] bool truth(const QString &name, const QString &yes = {});
    [[nodiscard]] QDateTime time(const QString &name); ///< UTC; null too when it is no time
    [[nodiscard]] QStringList texts(const QString &name);
    [[nodiscard]] QJsonArray list(const QString &name);
    /// Of no members when it is missing. Its problems must be taken over with take().
    [[nodiscard]] JsonMembers object(const QString &name);
    /// As text(), and empty is a problem.
    [[nodiscard]] QString needed(const QString &name);

    bool has(const QString &name) const { return !value(name).isNull() && !value(name).isUndefined(); }
    void take(const JsonMembers &part);
    /// The first thing that is not as it should be, raw: "postgres.name is an object". Empty if there is none.
    QString problem() const { return m_problem; }

private:
    QJsonValue value(const QString &name) const { return m_object.value(name); }
    void complain(const QString &name, const QJsonValue &found);

    QJsonObject m_object;
    QString m_path;
    QString m_problem;
};

/// RFC 3339 with however many digits of a second; UTC. Null when it is no time.
[[nodiscard]] QDateTime timeFromJson(const QString &text);

} // namespace Roost
