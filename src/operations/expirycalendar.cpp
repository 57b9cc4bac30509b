#include "operations/expirycalendar.h"

#include "operations/expirynotices.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSaveFile>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ExpiryCalendar)
};

const QString utcForm = QStringLiteral("yyyyMMdd'T'HHmmss'Z'");

/// TEXT of RFC 5545, 3.3.11; control characters have no place in it.
QString escaped(const QString &text)
{
    QString safe;
    for (const QChar c : text) {
        if (c == u'\n') {
            safe += QStringLiteral("\\n");
        } else if (c == u'\\' || c == u';' || c == u',') {
            safe += u'\\';
            safe += c;
        } else if (c.category() != QChar::Other_Control) {
            safe += c;
        }
    }
    return safe;
}

/// Content lines: at most 75 octets, and no character is cut in two.
class Lines
{
public:
    void add(const QString &line)
    {
        constexpr qsizetype longest = 75;
        QByteArray rest = line.toUtf8();
        while (rest.size() > longest) {
            qsizetype end = longest;
            while ((uchar(rest.at(end)) & 0xC0U) == 0x80U) {
                --end;
            }
            m_bytes += rest.left(end) + "\r\n";
            rest = ' ' + rest.mid(end);
        }
        m_bytes += rest + "\r\n";
    }
    void add(const QString &name, const QString &text) { add(name + u':' + escaped(text)); }
    QByteArray bytes() const { return m_bytes; }

private:
    QByteArray m_bytes;
};

struct Event
{
    QString kind; ///< "expires", "erased"
    QString summary;
    QString description;
    QDateTime at; ///< UTC
    QList<int> alarmDays;
};

/// A whole day begins at midnight; nobody wants to be woken then.
QString trigger(int days, bool isWholeDay)
{
    constexpr int hour = 9;
    constexpr int hoursADay = 24;
    return isWholeDay ? QStringLiteral("TRIGGER:-P%1DT%2H").arg(days - 1).arg(hoursADay - hour)
                      : QStringLiteral("TRIGGER:-P%1D").arg(days);
}

void addEvent(Lines &lines, const ExpiringInstance &instance, const Event &event, const QDateTime &writtenAt)
{
    constexpr qint64 secondsAMinute = 60;
    const bool isWholeDay = instance.expiry.source != Expiry::Source::Api;
    lines.add(QStringLiteral("BEGIN:VEVENT"));
    lines.add(QStringLiteral("UID"), QStringLiteral("%1-%2@roost").arg(instance.profile.id, event.kind));
    lines.add(QStringLiteral("DTSTAMP:") + writtenAt.toUTC().toString(utcForm));
    // Counts up from file to file, so that a calendar takes the later one.
    lines.add(QStringLiteral("SEQUENCE:%1").arg(writtenAt.toSecsSinceEpoch() / secondsAMinute));
    lines.add(isWholeDay ? QStringLiteral("DTSTART;VALUE=DATE:") +
                               event.at.toLocalTime().date().toString(QStringLiteral("yyyyMMdd"))
                         : QStringLiteral("DTSTART:") + event.at.toUTC().toString(utcForm));
    lines.add(QStringLiteral("SUMMARY"), event.summary);
    lines.add(QStringLiteral("DESCRIPTION"), event.description);
    lines.add(QStringLiteral("TRANSP:TRANSPARENT")); // the day is free for other things
    for (const int days : event.alarmDays) {
        lines.add(QStringLiteral("BEGIN:VALARM"));
        lines.add(QStringLiteral("ACTION:DISPLAY"));
        lines.add(QStringLiteral("DESCRIPTION"), event.summary);
        lines.add(trigger(days, isWholeDay));
        lines.add(QStringLiteral("END:VALARM"));
    }
    lines.add(QStringLiteral("END:VEVENT"));
}

QList<Event> eventsOf(const ExpiringInstance &instance)
{
    const Expiry &expiry = instance.expiry;
    if (!expiry.isKnown() || expiry.stage(instance.now) == Expiry::Stage::Gone) {
        return {};
    }
    const QString &name = instance.profile.name;
    const QString stops = QLocale().toString(expiry.stopsOn(), QLocale::LongFormat);
    QList<Event> events;
    if (!expiry.isOver(instance.now)) {
        events += {QStringLiteral("expires"), Text::tr("%1 expires").arg(name),
                   Text::tr("The free database %1 on Render stops working. Back it up and move it before, with Roost.")
                       .arg(name),
                   expiry.stopsAt, QList<int>(reminderDays.begin(), reminderDays.end())};
    }
    Event erased{QStringLiteral("erased"),
                 Text::tr("%1 is erased").arg(name),
                 Text::tr("The free database %1 on Render, which stops working on %2, is erased with everything in it. "
                          "Until then upgrading it in Render's dashboard rescues it.")
                     .arg(name, stops),
                 expiry.erasedAt,
                 {}};
    for (int days = Expiry::graceDays; days > 0; --days) {
        erased.alarmDays += days;
    }
    events += erased;
    return events;
}

} // namespace

QByteArray expiryCalendar(const QList<ExpiringInstance> &instances, const QDateTime &writtenAt)
{
    Lines lines;
    lines.add(QStringLiteral("BEGIN:VCALENDAR"));
    lines.add(QStringLiteral("VERSION:2.0"));
    lines.add(QStringLiteral("PRODID:-//Roost//Roost %1//EN").arg(QLatin1String(ROOST_VERSION)));
    lines.add(QStringLiteral("CALSCALE:GREGORIAN"));
    for (const ExpiringInstance &instance : instances) {
        const QList<Event> events = eventsOf(instance);
        for (const Event &event : events) {
            addEvent(lines, instance, event, writtenAt);
        }
    }
    lines.add(QStringLiteral("END:VCALENDAR"));
    return lines.bytes();
}

Result<void> writeExpiryCalendar(const QList<ExpiringInstance> &instances, const QString &file)
{
    const bool hasEvent = std::any_of(instances.begin(), instances.end(),
                                      [](const ExpiringInstance &one) { return !eventsOf(one).isEmpty(); });
    if (!hasEvent) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("None of the instances has an end that is still to come, so there is nothing to put "
                                "into a calendar. Say when one was created first."));
    }
    const QByteArray bytes = expiryCalendar(instances, QDateTime::currentDateTimeUtc());
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit()) {
        return failure(ErrorCode::FileFailed,
                       Text::tr("The calendar %1 could not be written. Check that you may write there, and that the "
                                "disk is not full.")
                           .arg(file),
                       out.errorString());
    }
    return {};
}

} // namespace Roost
