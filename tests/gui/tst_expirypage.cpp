#include "core/translations.h"
#include "gui/dialogs/notice.h"
#include "gui/expiry/clocknotices.h"
#include "gui/expiry/expirypage.h"
#include "gui/expiry/expirywatch.h"
#include "gui/expiry/reminderdialog.h"
#include "gui/expiry/trayicon.h"
#include "gui/mainwindowtabs.h"
#include "gui/overview/creationdatedialog.h"
#include "gui/widgets/pill.h"
#include "operations/expirynotices.h"
#include "storage/expirynoticestore.h"
#include "support/calendarcheck.h"
#include "support/notificationdaemon.h"
#include "support/usermanager.h"
#include "windowfixture.h"

#include <QAction>
#include <QCheckBox>
#include <QDateEdit>
#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 20'000;

ConnectionSpec nowhere()
{
    ConnectionSpec spec;
    spec.parameters = {"127.0.0.1", 1, "user", "db", TlsMode::Optional, {}};
    spec.password = Secret("x");
    return spec;
}

InstanceClock ahead(int days)
{
    InstanceClock clock;
    clock.setOffset({}, std::chrono::hours(24 * days));
    return clock;
}

/// The window with the cockpit in front.
class OpenCockpit
{
public:
    WindowFixture fixture;

    Profile add(const QString &name, int daysToEnd)
    {
        Profile profile = fixture.save(name, nowhere());
        profile.expiresAt = QDateTime::currentDateTimeUtc().addDays(daysToEnd);
        [[maybe_unused]] const bool saved = fixture.profiles.save(profile).has_value();
        return profile;
    }
    bool open()
    {
        fixture.open();
        if (!QTest::qWaitFor([this] { return fixture.instances.isLoaded(); }, patienceMs)) {
            return false;
        }
        fixture.part<QAction>("actionExpiry")->trigger();
        return page() != nullptr;
    }
    ExpiryPage *page() { return fixture.part<ExpiryPage>("expiryPage"); }
    QWidget *card(const QString &id)
    {
        for (QWidget *card : page()->findChildren<QWidget *>("expiryInstanceCard")) {
            if (card->property("instanceId") == id) {
                return card;
            }
        }
        return nullptr;
    }
    QString badge(const QString &id)
    {
        QWidget *found = card(id);
        return found ? found->findChild<Pill *>("expiryBadge")->text() : QString();
    }
};

} // namespace

/// The expiry cockpit, its dialogs, and what the running program does by itself.
class TestExpiryPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        installTranslations(*qApp);
        QVERIFY(m_desktop.start());
    }

    void emptyState()
    {
        OpenCockpit cockpit;
        QVERIFY(cockpit.open());
        QVERIFY(cockpit.page()->findChild<QPushButton *>("expiryAdd")->isVisible());
        QVERIFY(!cockpit.page()->findChild<QPushButton *>("expiryCalendar")->isEnabled());
    }

    void stagesAndOrder()
    {
        OpenCockpit cockpit;
        for (const auto &[name, days] : {std::pair{"fine", 25}, {"urgent", 3}, {"grace", -4}, {"gone", -20}}) {
            cockpit.add(name, days);
        }
        QVERIFY(cockpit.open());
        QTRY_COMPARE(cockpit.page()->instances().size(), 4);
        QStringList names;
        for (const ExpiringInstance &one : cockpit.page()->instances()) {
            names += one.profile.name;
        }
        QCOMPARE(names, (QStringList{"grace", "urgent", "fine", "gone"}));
        QCOMPARE(cockpit.badge("id-urgent"), QString("3 days left"));
        QCOMPARE(cockpit.badge("id-grace"), QString("erased in 10 days"));
        QVERIFY(!cockpit.card("id-gone")->findChild<QPushButton *>("expiryBackUp")->isVisible());
        QVERIFY(cockpit.card("id-fine")->findChild<QPushButton *>("expiryBackUp")->isVisible());
        QVERIFY(cockpit.card("id-fine")->findChild<QPushButton *>("expiryMove")->isVisible());
        QSignalSpy wanted(cockpit.page(), &ExpiryPage::migrationWanted);
        cockpit.card("id-fine")->findChild<QPushButton *>("expiryMove")->click();
        QCOMPARE(wanted.size(), 1);
    }

    /// Must show 4 in the window: badge of the tree's list, cockpit and the error of a connection, day by day.
    void dayByDay()
    {
        OpenCockpit cockpit;
        const Profile profile = cockpit.add("told", 30);
        QVERIFY(cockpit.open());
        QTRY_COMPARE(cockpit.page()->instances().size(), 1);
        for (int day = 0; day <= 45; ++day) {
            cockpit.fixture.instances.setClock(ahead(day));
            const QDateTime now = cockpit.fixture.instances.now(profile);
            QCOMPARE(cockpit.badge("id-told"), expiryOf(profile).badge(now));
        }
        cockpit.fixture.instances.setClock(ahead(31));
        cockpit.fixture.instances.open(profile.id);
        QTRY_COMPARE_WITH_TIMEOUT(cockpit.fixture.instances.find(profile.id)->state, InstanceList::State::Failed,
                                  patienceMs);
        const QString message = cockpit.fixture.instances.find(profile.id)->error.message;
        QVERIFY2(message.contains("expired on") && message.contains("is erased on"), qPrintable(message));
    }

    void backUpOfWhatCannotBeReached()
    {
        OpenCockpit cockpit;
        const Profile profile = cockpit.add("told", -2);
        QVERIFY(cockpit.open());
        QTRY_VERIFY(cockpit.card(profile.id));
        cockpit.card(profile.id)->findChild<QPushButton *>("expiryBackUp")->click();
        QTRY_VERIFY_WITH_TIMEOUT(cockpit.fixture.part<Notice>("instanceNotice") &&
                                     cockpit.fixture.part<Notice>("instanceNotice")->text().contains("expired on"),
                                 patienceMs);
    }

    void creationDateAndLifetime()
    {
        OpenCockpit cockpit;
        const Profile profile = cockpit.fixture.save("counted", nowhere(), QDate::currentDate().addDays(-18));
        QVERIFY(cockpit.open());
        QTRY_COMPARE(cockpit.badge(profile.id), QString("12 days left"));
        cockpit.card(profile.id)->findChild<QPushButton *>("expirySetDate")->click();
        QTRY_VERIFY(cockpit.fixture.part<CreationDateDialog>("creationDateDialog"));
        auto *dialog = cockpit.fixture.part<CreationDateDialog>("creationDateDialog");
        QCOMPARE(dialog->findChild<QSpinBox *>("lifetimeDays")->value(), 30);
        QVERIFY(dialog->findChild<QLabel *>("lifetimeText")->text().contains("90"));
        dialog->findChild<QSpinBox *>("lifetimeDays")->setValue(90);
        QVERIFY(dialog->findChild<QLabel *>("lifetimeText")->text().contains("since then it is 30"));
        dialog->findChild<QPushButton *>("saveCreationDate")->click();
        QTRY_COMPARE(cockpit.badge(profile.id), QString("72 days left"));
        QCOMPARE(cockpit.fixture.profiles.byName("counted")->lifetimeDays, 90);
    }

    void calendarIsWritten()
    {
        OpenCockpit cockpit;
        cockpit.add("told", 12);
        QVERIFY(cockpit.open());
        QTRY_COMPARE(cockpit.page()->instances().size(), 1);
        const QString file = cockpit.fixture.home.filePath("x.ics");
        cockpit.fixture.prompts.path = file;
        cockpit.page()->findChild<QPushButton *>("expiryCalendar")->click();
        QTRY_VERIFY(QFile::exists(file));
        QFile written(file);
        QVERIFY(written.open(QIODevice::ReadOnly));
        const CalendarCheck check(written.readAll());
        QVERIFY2(check.problem().isEmpty(), qPrintable(check.problem()));
        QCOMPARE(check.events().size(), 2);
    }

    void theRunningProgramReminds()
    {
        m_desktop.shown.clear();
        OpenCockpit cockpit;
        ExpiryNoticeStore store(cockpit.fixture.home.filePath("roost.db"));
        cockpit.fixture.services.expiryNotices = &store;
        cockpit.add("told", 5);
        QVERIFY(cockpit.open());
        QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 1, patienceMs);
        QCOMPARE(m_desktop.shown.constFirst().title, QString("told: 5 days left"));
        auto *watch = cockpit.fixture.window->findChild<ExpiryWatch *>();
        watch->check();
        cockpit.fixture.instances.setClock(ahead(3)); // the computer slept three days
        watch->check();
        QTRY_COMPARE_WITH_TIMEOUT(m_desktop.shown.size(), 2, patienceMs);
        QCOMPARE(m_desktop.shown.constLast().title, QString("told: 2 days left"));
        QCOMPARE(store.shown()->size(), 2);
    }

    void turnedOffNobodyReminds()
    {
        m_desktop.shown.clear();
        OpenCockpit cockpit;
        ExpiryNoticeStore store(cockpit.fixture.home.filePath("roost.db"));
        cockpit.fixture.services.expiryNotices = &store;
        cockpit.fixture.settings.setRemindsOfExpiry(false);
        cockpit.add("told", 5);
        QVERIFY(cockpit.open());
        QTRY_COMPARE(cockpit.badge("id-told"), QString("5 days left"));
        QVERIFY(cockpit.fixture.jobs.isIdle() || QSignalSpy(&cockpit.fixture.jobs, &JobRunner::idle).wait());
        QVERIFY(store.shown()->isEmpty() && m_desktop.shown.isEmpty());
    }

    void reminderSettings()
    {
        UserManager manager;
        if (!manager.start()) {
            QSKIP(qPrintable(manager.problem()));
        }
        OpenCockpit cockpit;
        QVERIFY(cockpit.open());
        ScheduleHost host = ScheduleHost::ofThisComputer();
        auto *dialog = new ReminderDialog(cockpit.fixture.services, host, false); // gone when it is closed
        dialog->show();
        auto *timer = dialog->findChild<QCheckBox *>("remindTimer");
        QVERIFY(!dialog->findChild<QCheckBox *>("remindTray")->isEnabled()); // no tray here
        dialog->setTimers({}, {});
        timer->setChecked(true);
        dialog->findChild<QCheckBox *>("remindStale")->setChecked(true);
        dialog->findChild<QCheckBox *>("remindProgram")->setChecked(false);
        QSignalSpy accepted(dialog, &QDialog::accepted);
        dialog->findChild<QPushButton *>("reminderSave")->click();
        QTRY_COMPARE_WITH_TIMEOUT(accepted.size(), 1, patienceMs);
        QVERIFY(!cockpit.fixture.settings.remindsOfExpiry());
        QCOMPARE(readReminders(host), (ReminderTimers{true, 7, QTime(9, 0)}));
        QVERIFY(saveReminders({}, host, {}));
    }

    void withoutATrayClosingEnds()
    {
        OpenCockpit cockpit;
        cockpit.fixture.settings.setKeepsInTray(true); // but there is none
        QVERIFY(cockpit.open());
        QSignalSpy finished(cockpit.fixture.window.get(), &MainWindow::finished);
        cockpit.fixture.window->close();
        QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patienceMs);
    }

    void spans()
    {
        using namespace std::chrono_literals;
        QCOMPARE(spanText(-(72h - 1s)), QString("3 days"));
        QCOMPARE(spanText(24h), QString("1 day"));
        QCOMPARE(spanText(2h + 5min), QString("2 hours"));
        QCOMPARE(spanText(6min), QString("6 minutes"));
    }

private:
    NotificationDaemon m_desktop;
};

QTEST_MAIN(TestExpiryPage)
#include "tst_expirypage.moc"
