#pragma once

#include <QByteArray>
#include <QDate>
#include <QDateTime>
#include <QList>
#include <QMap>
#include <QRegularExpression>
#include <QString>

namespace Roost::Testing {

/// An event of a calendar file as RFC 5545 means it.
struct CalendarEvent
{
    QString uid;
    QString summary;
    QString description;
    QDateTime start; ///< UTC; of a whole day: its midnight here
    bool isWholeDay = false;
    qint64 sequence = -1;
    QList<QDateTime> alarms;
};

/// Reads a calendar strictly: what RFC 5545 forbids is a problem, not overlooked.
class CalendarCheck
{
public:
    explicit CalendarCheck(const QByteArray &bytes) { read(bytes); }

    QString problem() const { return m_problem; } ///< empty: none
    QList<CalendarEvent> events() const { return m_events; }

private:
    void fail(const QString &why)
    {
        if (m_problem.isEmpty()) {
            m_problem = why;
        }
    }

    void read(const QByteArray &bytes)
    {
        if (!bytes.endsWith("\r\n")) {
            fail("it does not end with CRLF");
        }
        QList<QByteArray> lines;
        QByteArray rest = bytes;
        if (QByteArray(rest).replace("\r\n", "").contains('\n') ||
            QByteArray(rest).replace("\r\n", "").contains('\r')) {
            fail("a line ends otherwise than by CRLF");
        }
        rest.replace("\r\n", "\n");
        for (const QByteArray &physical : rest.chopped(1).split('\n')) {
            if (physical.size() > 75) {
                fail("a line of more than 75 octets: " + physical);
            }
            if (QString::fromUtf8(physical).contains(QChar::ReplacementCharacter)) {
                fail("a character is cut in two: " + physical);
            }
            if (physical.startsWith(' ') && !lines.isEmpty()) {
                lines.last() += physical.mid(1);
            } else {
                lines += physical;
            }
        }
        for (const QByteArray &line : lines) {
            take(QString::fromUtf8(line));
        }
        if (!m_open.isEmpty()) {
            fail("it ends inside of " + m_open.join('/'));
        }
        for (const char *needed : {"VERSION", "PRODID"}) {
            if (!m_calendar.contains(needed)) {
                fail(QString("the calendar has no ") + needed);
            }
        }
    }

    QString text(const QString &value)
    {
        QString plain;
        for (qsizetype i = 0; i < value.size(); ++i) {
            const QChar c = value.at(i);
            if (c == ',' || c == ';' || c.category() == QChar::Other_Control) {
                fail("not escaped: " + value);
            }
            if (c != '\\') {
                plain += c;
                continue;
            }
            const QChar next = ++i < value.size() ? value.at(i) : QChar();
            if (next == 'n' || next == 'N') {
                plain += '\n';
            } else if (next == '\\' || next == ',' || next == ';') {
                plain += next;
            } else {
                fail("an escape that does not exist: " + value);
            }
        }
        return plain;
    }

    QDateTime utcTime(const QString &value)
    {
        QDateTime time = QDateTime::fromString(value, "yyyyMMdd'T'HHmmss'Z'");
        time.setTimeSpec(Qt::UTC);
        if (!time.isValid()) {
            fail("no time in UTC: " + value);
        }
        return time;
    }

    void take(const QString &line)
    {
        static const QRegularExpression form("\\A([A-Z-]+)((?:;[A-Z-]+=[^:;,\"]+)*):(.*)\\z");
        const auto match = form.match(line);
        if (!match.hasMatch()) {
            fail("no content line: " + line);
            return;
        }
        const QString name = match.captured(1);
        const QString parameters = match.captured(2);
        const QString value = match.captured(3);
        if (name == "BEGIN") {
            begin(value);
        } else if (name == "END") {
            end(value);
        } else if (m_open.isEmpty()) {
            fail("outside of the calendar: " + line);
        } else if (m_open.last() == "VEVENT") {
            property(name, parameters, value);
        } else if (m_open.last() == "VALARM") {
            m_alarm.insert(name, value);
        } else {
            m_calendar.insert(name, value);
        }
    }

    void begin(const QString &component)
    {
        static const QMap<QString, QString> inside{{"VCALENDAR", ""}, {"VEVENT", "VCALENDAR"}, {"VALARM", "VEVENT"}};
        if (!inside.contains(component) || inside.value(component) != (m_open.isEmpty() ? "" : m_open.last())) {
            fail("there is no place here for " + component);
        }
        m_open += component;
        if (component == "VEVENT") {
            m_event = {};
            m_seen.clear();
        } else if (component == "VALARM") {
            m_alarm.clear();
        }
    }

    void end(const QString &component)
    {
        if (m_open.isEmpty() || m_open.takeLast() != component) {
            fail("END without BEGIN: " + component);
        }
        if (component == "VEVENT") {
            for (const char *needed : {"UID", "DTSTAMP", "DTSTART", "SUMMARY"}) {
                if (!m_seen.contains(needed)) {
                    fail(QString("an event has no ") + needed);
                }
            }
            for (const CalendarEvent &other : m_events) {
                if (other.uid == m_event.uid) {
                    fail("two events have the UID " + m_event.uid);
                }
            }
            m_events += m_event;
        } else if (component == "VALARM") {
            alarm();
        }
    }

    void property(const QString &name, const QString &parameters, const QString &value)
    {
        if (m_seen.contains(name)) {
            fail("twice in an event: " + name);
        }
        m_seen += name;
        if (!parameters.isEmpty() && !(name == "DTSTART" && parameters == ";VALUE=DATE")) {
            fail("an unexpected parameter: " + name + parameters);
        }
        if (name == "UID") {
            m_event.uid = text(value);
        } else if (name == "SUMMARY") {
            m_event.summary = text(value);
        } else if (name == "DESCRIPTION") {
            m_event.description = text(value);
        } else if (name == "DTSTAMP") {
            utcTime(value);
        } else if (name == "SEQUENCE") {
            m_event.sequence = value.toLongLong();
        } else if (name == "DTSTART") {
            m_event.isWholeDay = !parameters.isEmpty();
            const QDate date = QDate::fromString(value, "yyyyMMdd");
            if (m_event.isWholeDay && !date.isValid()) {
                fail("no date: " + value);
            }
            m_event.start = m_event.isWholeDay ? date.startOfDay().toUTC() : utcTime(value);
        }
    }

    void alarm()
    {
        if (m_alarm.value("ACTION") != "DISPLAY" || text(m_alarm.value("DESCRIPTION")).isEmpty()) {
            fail("an alarm without action or description");
        }
        static const QRegularExpression before("\\A-P(\\d+)D(?:T(\\d+)H)?\\z");
        const auto match = before.match(m_alarm.value("TRIGGER"));
        if (!match.hasMatch()) {
            fail("no duration: " + m_alarm.value("TRIGGER"));
        }
        m_event.alarms += m_event.start.addDays(-match.captured(1).toInt()).addSecs(-3600 * match.captured(2).toInt());
    }

    QString m_problem;
    QStringList m_open;
    QMap<QString, QString> m_calendar;
    QStringList m_seen;
    QMap<QString, QString> m_alarm;
    CalendarEvent m_event;
    QList<CalendarEvent> m_events;
};

} // namespace Roost::Testing
