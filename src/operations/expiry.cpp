#include "operations/expiry.h"

#include <QCoreApplication>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Expiry)
};

constexpr int urgentDays = 5;
constexpr int soonDays = 14;
const QString keyForm = QStringLiteral("yyyy-MM-dd");

/// "12 October"; with the year where it is another one than now.
QString dayText(const QDate &day, const QDateTime &now)
{
    const bool isThisYear = day.year() == now.toLocalTime().date().year();
    return QLocale().toString(day, isThisYear ? Text::tr("d MMMM") : Text::tr("d MMMM yyyy"));
}

/// The server said something that only a running one can say.
bool isFromRunningServer(const Error &error)
{
    return !error.sqlState.isEmpty() && !error.sqlState.startsWith("57") && !error.sqlState.startsWith("08");
}

} // namespace

Expiry::Stage Expiry::stage(const QDateTime &now) const
{
    if (now >= erasedAt) {
        return Stage::Gone;
    }
    if (now >= stopsAt) {
        return Stage::Grace;
    }
    const int left = daysLeft(now);
    return left <= urgentDays ? Stage::Urgent : left <= soonDays ? Stage::Soon : Stage::Fine;
}

int Expiry::daysLeft(const QDateTime &now) const
{
    return int(now.toLocalTime().date().daysTo(stopsOn()));
}

int Expiry::daysUntilErased(const QDateTime &now) const
{
    return int(now.toLocalTime().date().daysTo(erasedOn()));
}

QString Expiry::badge(const QDateTime &now) const
{
    if (!isKnown()) {
        return {};
    }
    switch (stage(now)) {
    case Stage::Gone:
        return Text::tr("erased");
    case Stage::Grace:
        switch (const int days = daysUntilErased(now)) {
        case 0:
            return Text::tr("erased today");
        case 1:
            return Text::tr("erased tomorrow");
        default:
            return Text::tr("erased in %1 days").arg(days);
        }
    default:
        break;
    }
    switch (const int days = daysLeft(now)) {
    case 0:
        return Text::tr("expires today");
    case 1:
        return Text::tr("1 day left");
    default:
        return Text::tr("%1 days left").arg(days);
    }
}

QDate Expiry::stopsOn() const
{
    return stopsAt.toLocalTime().date();
}

QDate Expiry::erasedOn() const
{
    return erasedAt.toLocalTime().date();
}

QString Expiry::key() const
{
    // A counted one is a date; its instant moves with the traveller.
    return source == Source::Api ? stopsAt.toUTC().toString(Qt::ISODate) : stopsOn().toString(keyForm);
}

Expiry expiryFrom(const QDate &createdOn, int lifetimeDays)
{
    if (!createdOn.isValid()) {
        return {};
    }
    const QDate stopsOn = createdOn.addDays(lifetimeDays > 0 ? lifetimeDays : Expiry::usualLifetimeDays);
    // At which hour it was created is not known: the first one is counted.
    return {Expiry::Source::CreationDate, stopsOn.startOfDay().toUTC(),
            stopsOn.addDays(Expiry::graceDays).startOfDay().toUTC()};
}

Expiry expiryOf(const Profile &profile)
{
    if (profile.expiresAt.isValid()) {
        const QDateTime stopsAt = profile.expiresAt.toUTC();
        return {Expiry::Source::Api, stopsAt, stopsAt.addDays(Expiry::graceDays)};
    }
    return expiryFrom(profile.createdOn, profile.lifetimeDays);
}

Expiry expiryOf(const PostgresInstance &instance)
{
    Profile profile;
    takeExpiry(profile, instance);
    return expiryOf(profile);
}

void takeExpiry(Profile &profile, const PostgresInstance &instance)
{
    if (!instance.isFree()) {
        profile.expiresAt = {};
        profile.createdOn = {};
        profile.lifetimeDays = 0;
        return;
    }
    profile.expiresAt = instance.expiresAt;
    if (!instance.expiresAt.isValid() && !profile.createdOn.isValid()) {
        profile.createdOn = instance.createdAt.toLocalTime().date();
    }
}

QString expiredText(const Expiry &expiry, const QDateTime &now)
{
    const QString stopped = dayText(expiry.stopsOn(), now);
    const QString erased = dayText(expiry.erasedOn(), now);
    QString text;
    if (expiry.stage(now) == Expiry::Stage::Gone) {
        text = Text::tr("This free database expired on %1, and Render erased it on %2 with everything in it. Create a "
                        "new one and restore your last backup into it.")
                   .arg(stopped, erased);
    } else {
        text = Text::tr("This free database expired on %1 and is erased on %2 with everything in it. Upgrade it in "
                        "Render's dashboard to rescue it: it then works again, and you can back it up.")
                   .arg(stopped, erased);
    }
    if (expiry.source == Expiry::Source::CreationDate) {
        text +=
            u' ' + Text::tr("(Counted from the creation date; if the date or the plan is another one, correct it.)");
    }
    return text;
}

Error explainedByExpiry(const Error &error, const Expiry &expiry, const QDateTime &now)
{
    const bool isOfConnecting = error.code == ErrorCode::ConnectionFailed || error.code == ErrorCode::TlsFailed ||
                                error.code == ErrorCode::TimedOut || error.code == ErrorCode::ConnectionLost;
    if (!isOfConnecting || !expiry.isOver(now) || isFromRunningServer(error)) {
        return error;
    }
    Error explained = error;
    explained.message = expiredText(expiry, now);
    explained.detail = error.detail.isEmpty() ? error.message : error.message + u'\n' + error.detail;
    return explained;
}

} // namespace Roost
