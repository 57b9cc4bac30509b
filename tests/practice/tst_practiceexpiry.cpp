#include "operations/accountprofiles.h"
#include "operations/expirycalendar.h"
#include "operations/expirynotices.h"
#include "postgres/connectionstring.h"
#include "postgres/databaseconnection.h"
#include "practice/practicerenderprocess.h"
#include "practiceclient.h"
#include "support/calendarcheck.h"
#include "support/notificationdaemon.h"

#include <QThread>

using namespace Roost;
using namespace Roost::Testing;

namespace {

/// What Roost knows on a day.
struct Day
{
    QString problem;
    Profile profile;
    QDateTime now;
    QList<ExpiringInstance> rows;
    QByteArray calendar;
    QStringList notices;
    Result<std::unique_ptr<DatabaseConnection>> connection = failure(ErrorCode::Internal, QString());
};

} // namespace

/// Must show 4 against the stand-in for Render: its clock is moved on day by day.
class TestPracticeExpiry : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY(m_desktop.start());
        m_stage.options.settings[QStringLiteral("creating_ms")] = 50;
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        const QJsonObject many{{"get", 100000}, {"write", 100000}, {"create", 100000}, {"service", 100000}};
        QCOMPARE(m_stage.post("/practice/settings", QJsonObject{{"limits", many}}).status, 200);
    }
    void cleanupTestCase() { m_stage.stop(); }

    void dayByDay()
    {
        const PracticeResponse made = m_stage.post("/postgres", m_stage.draft());
        QCOMPARE(made.status, 201);
        const QString id = made.object()["id"].toString();
        QTRY_COMPARE_WITH_TIMEOUT(m_stage.statusOf(id), QString("available"), 60'000);
        const QString url =
            m_stage.get("/postgres/" + id + "/connection-info").object()["externalConnectionString"].toString();
        const auto parsed = parseConnectionString(url);
        QVERIFY(parsed);
        m_spec = {parsed->parameters, parsed->password};
        m_spec.parameters.tls = TlsMode::Optional;
        const ProfileStore profiles(m_home.filePath("roost.sqlite"));
        QStringList shownBefore;
        for (int day = 0; day <= 45; ++day) {
            const Day today = live(day, profiles);
            QVERIFY2(today.problem.isEmpty(), qPrintable(QString("day %1: %2").arg(day).arg(today.problem)));
            QCOMPARE(today.rows.size(), 1);
            const ExpiringInstance &row = today.rows.constFirst();
            QCOMPARE(row.expiry.source, Expiry::Source::Api);
            const QString badge = row.expiry.badge(row.now);
            QCOMPARE(badge, day < 29    ? QString("%1 days left").arg(30 - day)
                            : day == 29 ? QString("1 day left")
                            : day < 43  ? QString("erased in %1 days").arg(44 - day)
                            : day == 43 ? QString("erased tomorrow")
                                        : QString("erased"));
            const bool isDay = day == 20 || day == 25 || day == 28 || day == 29 || (day >= 30 && day < 44);
            QCOMPARE(today.notices, isDay ? QStringList{row.profile.name + ": " + badge} : QStringList());
            QCOMPARE(m_desktop.shown.size(), shownBefore.size() + today.notices.size());
            shownBefore += today.notices;
            checkCalendar(today, day);
            const bool isAlive = day < 30;
            if (day == 0 || day == 29 || day == 31 || day == 45) {
                QCOMPARE(today.connection.has_value(), isAlive);
            }
            if (day == 31 || day == 45) {
                const Error told = explainedByExpiry(today.connection.error(), row.expiry, row.now);
                QVERIFY2(told.message.contains("expired on") && !told.message.contains("SSL"),
                         qPrintable(told.message + " / " + today.connection.error().message));
                QVERIFY2(told.message.contains(day == 31 ? "is erased on" : "Render erased it on"),
                         qPrintable(told.message));
            }
        }
        QCOMPARE(m_desktop.shown.size(), 4 + 14);
    }

private:
    /// Everything that Roost asks and does on this day, on a worker thread.
    Day live(int day, const ProfileStore &profiles)
    {
        Day today;
        const RenderAccess access = m_stage.access();
        const auto work = [&]() -> QString {
            JobContext context;
            if (day > 0) {
                const auto moved = movePracticeClock(access, 1, context);
                if (!moved) {
                    return moved.error().message;
                }
            }
            const auto overview = readAccount(access, context);
            if (!overview) {
                return overview.error().message;
            }
            if (const auto saved = saveAccountProfiles(profiles, "account", *overview); !saved) {
                return saved.error().message;
            }
            InstanceClock clock;
            clock.setOffset("account", overview->clockOffset);
            const QList<Profile> all = profiles.all().value_or(QList<Profile>());
            if (all.size() != 1) {
                return QString("%1 connections").arg(all.size());
            }
            today.profile = all.constFirst();
            today.now = clock.now(today.profile);
            today.rows = expiringInstances(all, {*overview}, clock);
            today.calendar = expiryCalendar(today.rows, today.now);
            for (int look = 0; look < 2; ++look) {
                const auto shown = showDueNotices(all, ExpiryNoticeStore(m_home.filePath("roost.sqlite")), clock, {});
                if (!shown) {
                    return shown.error().message;
                }
                for (const ExpiryNotice &notice : *shown) {
                    today.notices += notice.message.title;
                }
            }
            today.connection = DatabaseConnection::open(m_spec);
            return {};
        };
        const std::unique_ptr<QThread> thread(QThread::create([&] {
            today.problem = work();
            const bool opened = today.connection.has_value();
            today.connection =
                opened ? Result<std::unique_ptr<DatabaseConnection>>(nullptr) : failure(today.connection.error());
        }));
        thread->start();
        [[maybe_unused]] const bool ended = QTest::qWaitFor([&thread] { return thread->isFinished(); }, 30'000);
        thread->wait();
        return today;
    }

    static void checkCalendar(const Day &today, int day)
    {
        const CalendarCheck check(today.calendar);
        QVERIFY2(check.problem().isEmpty(), qPrintable(check.problem()));
        QCOMPARE(check.events().size(), day < 30 ? 2 : day < 44 ? 1 : 0);
        for (const CalendarEvent &event : check.events()) {
            const bool isErasure = event.uid.contains("-erased@");
            const Expiry expiry = expiryOf(today.profile);
            const QDateTime end = isErasure ? expiry.erasedAt : expiry.stopsAt;
            QCOMPARE(event.start.toSecsSinceEpoch(), end.toSecsSinceEpoch()); // a calendar has no milliseconds
        }
    }

    NotificationDaemon m_desktop;
    PracticeStage m_stage;
    QTemporaryDir m_home;
    ConnectionSpec m_spec;
};

QTEST_GUILESS_MAIN(TestPracticeExpiry)
#include "tst_practiceexpiry.moc"
