#include "operations/expirycalendar.h"
#include "operations/expirynotices.h"
#include "operations/remindertimer.h"
#include "support/calendarcheck.h"
#include "support/notificationdaemon.h"
#include "support/usermanager.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int secondsADay = 24 * 3600;

Profile freeInstance(const QString &name, const QDateTime &expiresAt)
{
    Profile profile;
    profile.id = "id-" + name;
    profile.name = name;
    profile.expiresAt = expiresAt;
    return profile;
}

/// A clock that is `days` days ahead.
InstanceClock ahead(int days)
{
    InstanceClock clock;
    clock.setOffset({}, std::chrono::seconds(qint64(days) * secondsADay));
    return clock;
}

QStringList keysOf(const QList<ExpiryNotice> &notices)
{
    QStringList keys;
    for (const ExpiryNotice &notice : notices) {
        keys += notice.key.notice;
    }
    return keys;
}

/// What is due on this day of an instance of 30 days, when nothing was shown before.
QString noticeOn(int day)
{
    return day >= 44 || day < 20 ? QString()
           : day >= 30           ? QString("grace-%1").arg(44 - day)
           : day >= 29           ? QString("1")
           : day >= 28           ? QString("2")
           : day >= 25           ? QString("5")
                                 : QString("10");
}

} // namespace

class TestExpiryReminders : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_desktop.start()); // the one of this program: libdbus remembers the bus that it met first
        // Noon, so that a day ahead is the next day whenever the test runs.
        m_end = QDateTime(QDate::currentDate().addDays(30), QTime(12, 0)).toUTC();
    }

    /// Must show 4: badge, notification, calendar and overview of every day.
    void dayByDay()
    {
        QTemporaryDir home;
        const ExpiryNoticeStore store(home.filePath("roost.db"));
        const Profile told = freeInstance("told", QDateTime::currentDateTimeUtc().addDays(30));
        const QList<Profile> profiles{told};
        const Expiry expiry = expiryOf(told);
        const QByteArray calendar = expiryCalendar(expiringInstances(profiles, {}, ahead(0)), m_end);
        const CalendarCheck check(calendar);
        QVERIFY2(check.problem().isEmpty(), qPrintable(check.problem()));
        QCOMPARE(check.events().size(), 2);
        QStringList shownKeys;
        for (int day = 0; day <= 45; ++day) {
            const InstanceClock clock = ahead(day);
            const QDateTime now = clock.now(told);
            const ExpiringInstance row = expiringInstances(profiles, {}, clock).constFirst();
            const QString badge = row.expiry.badge(row.now);
            QCOMPARE(badge, day < 29    ? QString("%1 days left").arg(30 - day)
                            : day == 29 ? QString("1 day left")
                            : day < 43  ? QString("erased in %1 days").arg(44 - day)
                            : day == 43 ? QString("erased tomorrow")
                                        : QString("erased"));
            // Each reminder once; on the days between nothing, and nothing when it is looked at again.
            m_desktop.shown.clear();
            for (int look = 0; look < 2; ++look) {
                const auto shown = show(profiles, store, clock);
                QVERIFY2(shown, qPrintable(shown ? QString() : shown.error().message));
            }
            const QString due = noticeOn(day);
            const bool isNew = !due.isEmpty() && !shownKeys.contains(due);
            QCOMPARE(m_desktop.shown.size(), isNew ? 1 : 0);
            if (isNew) {
                shownKeys += due;
                QCOMPARE(m_desktop.shown.constFirst().title, "told: " + badge);
            }
            // An alarm of the calendar falls on this day exactly when there was a reminder.
            int alarms = 0;
            for (const CalendarEvent &event : check.events()) {
                for (const QDateTime &alarm : event.alarms) {
                    alarms += alarm.toLocalTime().date() == now.toLocalTime().date() ? 1 : 0;
                }
            }
            QVERIFY2(alarms == (isNew ? 1 : 0), qPrintable(QString("day %1: %2 alarms").arg(day).arg(alarms)));
            const Error error = explainedByExpiry({ErrorCode::TlsFailed, "SSL error", {}, {}}, expiry, now);
            QCOMPARE(error.message.contains("expired on"), day >= 30);
        }
        QCOMPARE(shownKeys.size(), 4 + 14);
    }

    void whatWasMissedIsShownOnceOnly()
    {
        const QList<Profile> profiles{freeInstance("x", m_end)};
        QCOMPARE(keysOf(dueNotices(profiles, {}, ahead(27))), QStringList{"5"}); // 10 was missed, and 5 two days ago
        const QList<NoticeKey> shown{dueNotices(profiles, {}, ahead(27)).constFirst().key};
        QVERIFY(dueNotices(profiles, shown, ahead(27)).isEmpty());
        QCOMPARE(keysOf(dueNotices(profiles, shown, ahead(28))), QStringList{"2"});
        QCOMPARE(keysOf(dueNotices(profiles, shown, ahead(40))), QStringList{"grace-4"});
        QVERIFY(dueNotices(profiles, {}, ahead(50)).isEmpty());
        QVERIFY(dueNotices(profiles, {}, ahead(3)).isEmpty());
    }

    void anotherEndIsRemindedOfAnew()
    {
        Profile profile = freeInstance("x", m_end);
        const QList<NoticeKey> shown{dueNotices({profile}, {}, ahead(25)).constFirst().key};
        QVERIFY(dueNotices({profile}, shown, ahead(25)).isEmpty());
        profile.expiresAt = profile.expiresAt.addDays(1);
        QCOMPARE(keysOf(dueNotices({profile}, shown, ahead(26))), QStringList{"5"});
        profile.expiresAt = {};
        QVERIFY(dueNotices({profile}, shown, ahead(26)).isEmpty()); // paid
    }

    void twoAtOnceShowItOnce()
    {
        QTemporaryDir home;
        const ExpiryNoticeStore store(home.filePath("roost.db"));
        const QList<Profile> profiles{freeInstance("a", m_end), freeInstance("b", m_end)};
        m_desktop.shown.clear();
        QList<std::shared_ptr<QThread>> threads;
        std::atomic<int> running = 0;
        std::atomic<int> told = 0;
        for (int i = 0; i < 4; ++i) {
            ++running;
            threads += std::shared_ptr<QThread>(QThread::create([&] {
                const auto shown = showDueNotices(profiles, store, ahead(29), {});
                told += shown ? int(shown->size()) : 0;
                --running;
            }));
            threads.last()->start();
        }
        QTRY_COMPARE(running.load(), 0);
        for (const auto &thread : threads) {
            thread->wait();
        }
        QCOMPARE(told.load(), 2);
        QCOMPARE(m_desktop.shown.size(), 2);
    }

    void whatTheDesktopDoesNotTakeIsDueAgain()
    {
        QTemporaryDir home;
        const ExpiryNoticeStore store(home.filePath("roost.db"));
        const QList<Profile> profiles{freeInstance("a", m_end)};
        m_desktop.shown.clear();
        QDBusConnection desktop(QStringLiteral("test-desktop"));
        const QString service = QStringLiteral("org.freedesktop.Notifications");
        QVERIFY(desktop.unregisterService(service));
        QVERIFY(!show(profiles, store, ahead(29)));
        QVERIFY(store.shown()->isEmpty());
        QVERIFY(desktop.registerService(service));
        const auto shown = show(profiles, store, ahead(29));
        QVERIFY2(shown, qPrintable(shown ? QString() : shown.error().message + shown.error().detail));
        QCOMPARE(shown->size(), 1);
    }

    void calendarOfDatesAndOddNames()
    {
        Profile counted;
        counted.id = "0f0e0d0c-1111-2222-3333-444455556666";
        counted.name =
            QString::fromUtf8("бе,з; \\имени\nи с очень длинным названием, которое не помещается в строку 🐦🐦🐦");
        counted.createdOn = QDate::currentDate();
        const QList<ExpiringInstance> rows = expiringInstances({counted}, {}, ahead(0));
        const CalendarCheck check(expiryCalendar(rows, QDateTime::currentDateTimeUtc()));
        QVERIFY2(check.problem().isEmpty(), qPrintable(check.problem()));
        QCOMPARE(check.events().size(), 2);
        const CalendarEvent &expires = check.events().constFirst();
        QVERIFY(expires.isWholeDay);
        QCOMPARE(expires.start.toLocalTime().date(), QDate::currentDate().addDays(30));
        QVERIFY(expires.summary.contains("\n") && expires.summary.contains(";") && expires.summary.contains("\\"));
        QCOMPARE(expires.alarms.size(), 4);
        QCOMPARE(expires.alarms.constFirst().toLocalTime(), QDateTime(QDate::currentDate().addDays(20), QTime(9, 0)));
        // The same events in a later file, so that a calendar takes the later one.
        const CalendarCheck later(expiryCalendar(rows, QDateTime::currentDateTimeUtc().addDays(1)));
        QCOMPARE(later.events().constFirst().uid, expires.uid);
        QVERIFY(later.events().constFirst().sequence > expires.sequence);
        // In grace only what is still to come.
        const CalendarCheck grace(expiryCalendar(expiringInstances({counted}, {}, ahead(33)), m_end));
        QCOMPARE(grace.events().size(), 1);
        QVERIFY(grace.events().constFirst().uid.contains("-erased@"));
    }

    void calendarFile()
    {
        QTemporaryDir home;
        const QString file = home.filePath("expiry.ics");
        const auto nothing = writeExpiryCalendar({}, file);
        QVERIFY(!nothing && nothing.error().code == ErrorCode::InvalidInput && !QFile::exists(file));
        const auto rows = expiringInstances({freeInstance("x", m_end)}, {}, ahead(0));
        const auto nowhere = writeExpiryCalendar(rows, home.filePath("none/expiry.ics"));
        QVERIFY(!nowhere && nowhere.error().code == ErrorCode::FileFailed);
        QVERIFY(writeExpiryCalendar(rows, file));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const CalendarCheck check(written.readAll());
        QVERIFY2(check.problem().isEmpty(), qPrintable(check.problem()));
        QCOMPARE(check.events().constFirst().start, m_end);
    }

    void orderOfTheList()
    {
        Profile unknown;
        unknown.id = unknown.name = "unknown";
        unknown.parameters.host = "dpg-c0ffee00000000000001-a.oregon-postgres.render.com";
        Profile paid = unknown;
        paid.id = paid.name = "paid";
        paid.accountId = "account";
        Profile local;
        local.id = local.name = "local";
        local.parameters.host = "localhost";
        const QList<Profile> profiles{unknown,
                                      paid,
                                      local,
                                      freeInstance("gone", m_end.addDays(-60)),
                                      freeInstance("late", m_end),
                                      freeInstance("grace", m_end.addDays(-35)),
                                      freeInstance("soon", m_end.addDays(-20))};
        AccountOverview account;
        PostgresInstance remote;
        remote.id = "dpg-c0ffee00000000000002-a";
        remote.name = "elsewhere";
        remote.plan = "free";
        remote.expiresAt = m_end.addDays(-10);
        PostgresInstance known = remote;
        known.id = "dpg-c0ffee00000000000001-a"; // saved as "unknown"
        account.instances = {remote, known};
        QStringList names;
        for (const ExpiringInstance &one : expiringInstances(profiles, {account}, ahead(0))) {
            names += one.profile.name;
        }
        QCOMPARE(names, (QStringList{"grace", "soon", "elsewhere", "late", "gone", "unknown"}));
    }

    void timers()
    {
        UserManager manager;
        if (!manager.start()) {
            QSKIP(qPrintable(manager.problem()));
        }
        ScheduleHost host = ScheduleHost::ofThisComputer();
        QCOMPARE(readReminders(host), ReminderTimers());
        ReminderTimers wanted{true, 7, QTime(8, 15)};
        const auto saved = saveReminders(wanted, host, {});
        QVERIFY2(saved, qPrintable(saved ? QString() : saved.error().message + saved.error().detail));
        QCOMPARE(readReminders(host), wanted);
        QFile service(host.unitFolder + "/roost-expiry.service");
        QVERIFY(service.open(QIODevice::ReadOnly));
        QVERIFY(service.readAll().contains("\"expiry\" \"--notify\"\n"));
        QVERIFY(manager.systemctl({"list-timers", "--all"}).contains("roost-stale.timer"));
        wanted.staleDays = 0;
        QVERIFY(saveReminders(wanted, host, {}));
        QCOMPARE(readReminders(host), wanted);
        QVERIFY(!manager.systemctl({"list-timers", "--all"}).contains("roost-stale.timer"));
        QVERIFY(saveReminders({}, host, {}));
        QVERIFY(QDir(host.unitFolder).entryList({"roost-*"}).isEmpty());
        QVERIFY(cronLine(expiryTimer(QTime(9, 0)), host).startsWith("0 9 * * * "));
    }

private:
    /// Shows on another thread, since the desktop answers in this one.
    static Result<QList<ExpiryNotice>> show(const QList<Profile> &profiles, const ExpiryNoticeStore &store,
                                            const InstanceClock &clock)
    {
        std::optional<Result<QList<ExpiryNotice>>> result;
        const std::unique_ptr<QThread> thread(
            QThread::create([&] { result = showDueNotices(profiles, store, clock, {}); }));
        thread->start();
        [[maybe_unused]] const bool ended = QTest::qWaitFor([&thread] { return thread->isFinished(); }, 20'000);
        thread->wait();
        return *result;
    }

    NotificationDaemon m_desktop;
    QDateTime m_end;
};

QTEST_GUILESS_MAIN(TestExpiryReminders)
#include "tst_expiryreminders.moc"
