#include "operations/remindertimer.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

namespace Roost {

namespace {

const QString expiryName = QStringLiteral("roost-expiry");
const QString staleName = QStringLiteral("roost-stale");
const QString timeForm = QStringLiteral("HH:mm");

TimerUnits units(const QString &name, const QString &description, const QStringList &arguments, const QTime &at,
                 QJsonObject settings)
{
    settings.insert(QStringLiteral("at"), at.toString(timeForm));
    TimerUnits made;
    made.name = name;
    made.description = description;
    made.rhythm = QStringLiteral("daily");
    made.arguments = arguments;
    made.changedBy = QStringLiteral("“Expiry” in its window");
    made.at = at;
    made.settings = QJsonDocument(settings).toJson(QJsonDocument::Compact);
    return made;
}

/// The settings of the timer of this name; nothing when there is none.
std::optional<QJsonObject> readTimer(const QString &name, const ScheduleHost &host)
{
    QFile file(host.unitFolder + u'/' + name + QStringLiteral(".timer"));
    if (!file.open(QIODevice::ReadOnly)) {
        return std::nullopt;
    }
    const QJsonDocument settings = QJsonDocument::fromJson(settingsOf(file.readAll()));
    return settings.isObject() ? std::optional(settings.object()) : std::nullopt;
}

Result<void> set(const std::optional<TimerUnits> &wanted, const QString &name, const ScheduleHost &host,
                 const JobContext &context)
{
    if (wanted) {
        const Result<TimerState> saved = saveTimer(*wanted, host, context);
        return saved ? Result<void>() : failure(saved.error());
    }
    const Result<void> removed = removeTimer(name, host, context);
    return removed || removed.error().code == ErrorCode::NotFound ? Result<void>() : removed;
}

} // namespace

TimerUnits expiryTimer(const QTime &at)
{
    return units(expiryName, QStringLiteral("remind of free databases that expire"),
                 {QStringLiteral("expiry"), QStringLiteral("--notify")}, at, {});
}

TimerUnits staleTimer(int days, const QTime &at)
{
    return units(
        staleName, QStringLiteral("remind of databases without a fresh backup"),
        {QStringLiteral("backups"), QStringLiteral("--stale"), QString::number(days), QStringLiteral("--notify")}, at,
        {{QStringLiteral("days"), days}});
}

ReminderTimers readReminders(const ScheduleHost &host)
{
    ReminderTimers timers;
    const auto timeIn = [&timers](const QJsonObject &settings) {
        const QTime at = QTime::fromString(settings.value(QStringLiteral("at")).toString(), timeForm);
        timers.at = at.isValid() ? at : timers.at;
    };
    if (const auto stale = readTimer(staleName, host)) {
        timers.staleDays = stale->value(QStringLiteral("days")).toInt();
        timeIn(*stale);
    }
    if (const auto expiry = readTimer(expiryName, host)) {
        timers.remindsOfExpiry = true;
        timeIn(*expiry);
    }
    return timers;
}

Result<void> saveReminders(const ReminderTimers &wanted, const ScheduleHost &host, const JobContext &context)
{
    const auto expiry = wanted.remindsOfExpiry ? std::optional(expiryTimer(wanted.at)) : std::nullopt;
    if (const Result<void> done = set(expiry, expiryName, host, context); !done) {
        return done;
    }
    const auto stale = wanted.staleDays > 0 ? std::optional(staleTimer(wanted.staleDays, wanted.at)) : std::nullopt;
    return set(stale, staleName, host, context);
}

} // namespace Roost
