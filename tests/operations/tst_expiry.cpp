#include "operations/expiry.h"
#include "operations/instanceclock.h"

#include <QTest>

#include <ctime>

using namespace Roost;

namespace {

Profile createdOn(const QDate &date, int lifetimeDays = 0)
{
    Profile profile;
    profile.id = QStringLiteral("id");
    profile.createdOn = date;
    profile.lifetimeDays = lifetimeDays;
    return profile;
}

Profile expiringAt(const QString &time)
{
    Profile profile;
    profile.expiresAt = QDateTime::fromString(time, Qt::ISODate);
    return profile;
}

QDateTime utc(const char *text)
{
    return QDateTime::fromString(QString::fromLatin1(text), Qt::ISODate);
}

void setZone(const char *zone)
{
    qputenv("TZ", zone);
    ::tzset();
}

} // namespace

class TestExpiry : public QObject
{
    Q_OBJECT

private slots:
    void init() { setZone("UTC"); }

    void stages_data()
    {
        QTest::addColumn<int>("age");
        QTest::addColumn<int>("daysLeft");
        QTest::addColumn<int>("stage");
        QTest::addColumn<QString>("badge");
        using Stage = Expiry::Stage;
        QTest::newRow("new") << 0 << 30 << int(Stage::Fine) << "30 days left";
        QTest::newRow("two weeks to go") << 16 << 14 << int(Stage::Soon) << "14 days left";
        QTest::newRow("twelve days") << 18 << 12 << int(Stage::Soon) << "12 days left";
        QTest::newRow("five days") << 25 << 5 << int(Stage::Urgent) << "5 days left";
        QTest::newRow("last day") << 29 << 1 << int(Stage::Urgent) << "1 day left";
        QTest::newRow("expired today") << 30 << 0 << int(Stage::Grace) << "erased in 14 days";
        QTest::newRow("last day of grace") << 43 << -13 << int(Stage::Grace) << "erased tomorrow";
        QTest::newRow("gone") << 44 << -14 << int(Stage::Gone) << "erased";
    }

    void stages()
    {
        QFETCH(int, age);
        const QDate today(2026, 11, 22);
        for (const char *zone : {"UTC", "America/Los_Angeles", "Pacific/Auckland"}) {
            setZone(zone);
            const Expiry expiry = expiryOf(createdOn(today.addDays(-age)));
            QCOMPARE(expiry.source, Expiry::Source::CreationDate);
            for (const QTime time : {QTime(0, 0), QTime(12, 0), QTime(23, 59)}) {
                const QDateTime now = QDateTime(today, time).toUTC();
                QTEST(expiry.daysLeft(now), "daysLeft");
                QTEST(int(expiry.stage(now)), "stage");
                QTEST(expiry.badge(now), "badge");
            }
            QCOMPARE(expiry.stopsOn().daysTo(expiry.erasedOn()), 14);
            QCOMPARE(expiry.key(), today.addDays(30 - age).toString(Qt::ISODate)); // in every zone
        }
    }

    void whatRenderSaysComesFirst()
    {
        Profile profile = expiringAt("2026-10-12T10:00:00Z");
        profile.createdOn = QDate(2026, 1, 1);
        profile.lifetimeDays = 90;
        const Expiry expiry = expiryOf(profile);
        QCOMPARE(expiry.source, Expiry::Source::Api);
        QCOMPARE(expiry.stopsAt, utc("2026-10-12T10:00:00Z"));
        QCOMPARE(expiry.erasedAt, utc("2026-10-26T10:00:00Z"));
        QCOMPARE(expiry.badge(utc("2026-10-11T23:59:00Z")), QString("1 day left"));
        QCOMPARE(expiry.badge(utc("2026-10-12T09:59:59Z")), QString("expires today"));
        QCOMPARE(expiry.stage(utc("2026-10-12T10:00:00Z")), Expiry::Stage::Grace);
        QCOMPARE(expiry.badge(utc("2026-10-26T09:59:59Z")), QString("erased today"));
        QCOMPARE(expiry.badge(utc("2026-10-26T10:00:00Z")), QString("erased"));
        setZone("Pacific/Auckland"); // there it is the 12th until 11:00 UTC
        QCOMPARE(expiry.stopsOn(), QDate(2026, 10, 12));
        QCOMPARE(expiry.badge(utc("2026-10-11T10:59:00Z")), QString("1 day left"));
        QCOMPARE(expiry.badge(utc("2026-10-11T11:01:00Z")), QString("expires today"));
    }

    void anotherLifetime()
    {
        const Expiry expiry = expiryOf(createdOn(QDate(2026, 1, 1), 90));
        QCOMPARE(expiry.stopsOn(), QDate(2026, 4, 1));
        QCOMPARE(expiry.erasedOn(), QDate(2026, 4, 15));
    }

    void nothingKnown()
    {
        const Expiry expiry = expiryOf(Profile());
        QVERIFY(!expiry.isKnown() && !expiry.isOver(utc("2099-01-01T00:00:00Z")));
        QCOMPARE(expiry.badge(utc("2099-01-01T00:00:00Z")), QString());
    }

    void paidPlansDoNotEnd()
    {
        PostgresInstance instance;
        instance.plan = "basic_256mb";
        instance.createdAt = utc("2026-01-01T00:00:00Z");
        QVERIFY(!expiryOf(instance).isKnown());
        Profile upgraded = expiringAt("2026-10-12T10:00:00Z");
        upgraded.createdOn = QDate(2026, 9, 12);
        takeExpiry(upgraded, instance);
        QVERIFY(!expiryOf(upgraded).isKnown());
        instance.plan = "free";
        QCOMPARE(expiryOf(instance).source, Expiry::Source::CreationDate); // Render may not say when
        QCOMPARE(expiryOf(instance).stopsOn(), QDate(2026, 1, 31));
        instance.expiresAt = utc("2026-01-31T00:00:00Z");
        QCOMPARE(expiryOf(instance).source, Expiry::Source::Api);
        Profile told = createdOn(QDate(2026, 2, 2), 90);
        instance.expiresAt = {};
        takeExpiry(told, instance);
        QCOMPARE(expiryOf(told).stopsOn(), QDate(2026, 5, 3)); // what the user said stays
    }

    void connectingToAnExpiredOne()
    {
        const Expiry expiry = expiryOf(expiringAt("2026-10-12T10:00:00Z"));
        const Error tls{ErrorCode::TlsFailed, "SSL error", "raw", {}};
        const QDateTime day31 = utc("2026-10-13T10:00:00Z");
        const Error explained = explainedByExpiry(tls, expiry, day31);
        QVERIFY2(explained.message.contains("expired on 12 October and is erased on 26 October with everything in it"),
                 qPrintable(explained.message));
        QVERIFY2(explained.message.contains("Upgrade it in Render's dashboard"), qPrintable(explained.message));
        QVERIFY(!explained.message.contains("SSL"));
        QCOMPARE(explained.detail, QString("SSL error\nraw"));
        QCOMPARE(explained.code, ErrorCode::TlsFailed);
        const Error gone = explainedByExpiry(tls, expiry, utc("2026-10-30T10:00:00Z"));
        QVERIFY2(gone.message.contains("Render erased it on 26 October"), qPrintable(gone.message));
        QVERIFY2(
            explainedByExpiry(tls, expiryOf(createdOn(QDate(2026, 9, 12))), day31).message.contains("Counted from"),
            "what is only counted says so");
    }

    void otherErrorsStay()
    {
        const Expiry expiry = expiryOf(expiringAt("2026-10-12T10:00:00Z"));
        const QDateTime before = utc("2026-10-12T09:00:00Z");
        const QDateTime after = utc("2026-10-13T09:00:00Z");
        const Error refused{ErrorCode::ConnectionFailed, "refused", {}, {}};
        QCOMPARE(explainedByExpiry(refused, expiry, before).message, refused.message);
        QCOMPARE(explainedByExpiry(refused, Expiry(), after).message, refused.message);
        for (const Error &error : {Error{ErrorCode::ConnectionFailed, "wrong password", {}, "28P01"},
                                   Error{ErrorCode::NotFound, "no such database", {}, "3D000"},
                                   Error{ErrorCode::ServerRefused, "syntax", {}, "42601"}, Error::cancelled()}) {
            QCOMPARE(explainedByExpiry(error, expiry, after).message, error.message);
        }
        const Error shut{ErrorCode::ConnectionFailed, "shutting down", {}, "57P03"};
        QVERIFY(explainedByExpiry(shut, expiry, after).message != shut.message);
    }

    void whichTimeCounts()
    {
        InstanceClock clock;
        Profile profile;
        profile.accountId = "account";
        const auto isNear = [](const QDateTime &time, qint64 seconds) {
            return qAbs(QDateTime::currentDateTimeUtc().secsTo(time) - seconds) < 60;
        };
        QVERIFY(isNear(clock.now(profile), 0));
        clock.setOffset("account", std::chrono::hours(72));
        QVERIFY(isNear(clock.now(profile), 72 * 3600));
        QVERIFY(isNear(clock.now(Profile()), 0));
        QVERIFY(!clock.offset({}) && clock.offset("account") == std::chrono::hours(72));
    }
};

QTEST_GUILESS_MAIN(TestExpiry)
#include "tst_expiry.moc"
