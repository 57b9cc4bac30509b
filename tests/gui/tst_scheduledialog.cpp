#include "gui/backup/scheduledialog.h"
#include "gui/dialogs/detailview.h"
#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "support/usermanager.h"
#include "windowfixture.h"

#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTest>
#include <QTimeEdit>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 60'000;

} // namespace

/// The schedule's dialog, over a real user manager of systemd and without one.
class TestScheduleDialog : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_fixture = std::make_unique<WindowFixture>();
        ConnectionSpec spec;
        spec.parameters.host = "127.0.0.1";
        spec.parameters.database = "d";
        spec.parameters.user = "u";
        m_fixture->save("my instance", spec);
        m_fixture->save("other", spec);
        m_fixture->open();
        QTRY_VERIFY(m_fixture->instances.isLoaded());
    }
    void cleanup() { m_fixture.reset(); }

    void isMadeChangedAndRemoved()
    {
        UserManager manager;
        if (!manager.start()) {
            QSKIP(qPrintable(manager.problem()));
        }
        QWidget *dialog = open();
        auto *state = dialog->findChild<QLabel *>("scheduleState");
        auto *save = button(dialog, "scheduleSave");
        auto *remove = button(dialog, "scheduleRemove");
        dialog->findChild<QComboBox *>("scheduleInstance")->setCurrentText("my instance");
        QTRY_COMPARE_WITH_TIMEOUT(state->text(), QString("my instance is not backed up by itself yet."), patienceMs);
        QVERIFY(!remove->isVisible());
        dialog->findChild<QRadioButton *>("scheduleWeekly")->click();
        dialog->findChild<QComboBox *>("scheduleDay")->setCurrentIndex(6);
        dialog->findChild<QTimeEdit *>("scheduleTime")->setTime(QTime(4, 5));
        dialog->findChild<QSpinBox *>("scheduleKeep")->setValue(3);
        QVERIFY(dialog->findChild<DetailView *>("scheduleCron")->text().startsWith("5 4 * * 0 "));
        save->click();
        QTRY_VERIFY_WITH_TIMEOUT(state->text().startsWith("my instance is backed up every Sunday at 04:05. Next: "),
                                 patienceMs);
        QVERIFY(state->text().endsWith("It has not run yet."));
        QVERIFY(dialog->findChild<Notice *>("scheduleNotice")->tone() == Tone::Good);
        QVERIFY(manager.systemctl({"list-timers", "--all"}).contains("roost-backup-my-instance-"));
        // A timer cannot ask for what is not stored.
        QVERIFY(dialog->findChild<QLabel *>("scheduleNeeds")->text().contains("is not stored in your keyring"));
        // Nothing to save until something is changed; another instance has none.
        QTRY_VERIFY(!save->isEnabled());
        dialog->findChild<QRadioButton *>("scheduleDaily")->click();
        QVERIFY(save->isEnabled());
        save->click();
        QTRY_VERIFY_WITH_TIMEOUT(state->text().startsWith("my instance is backed up every day at 04:05."), patienceMs);
        dialog->findChild<QComboBox *>("scheduleInstance")->setCurrentText("other");
        QCOMPARE(state->text(), QString("other is not backed up by itself yet."));
        dialog->findChild<QComboBox *>("scheduleInstance")->setCurrentText("my instance");
        QTRY_VERIFY(remove->isVisible() && remove->isEnabled());
        remove->click();
        QTRY_COMPARE_WITH_TIMEOUT(state->text(), QString("my instance is not backed up by itself yet."), patienceMs);
        QCOMPARE(QDir(manager.unitFolder()).entryList({"roost-backup-*"}, QDir::Files), QStringList());
    }

    void withoutAUserManager()
    {
        QTemporaryDir none;
        const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
        const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", none.path().toUtf8());
        qputenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
        QWidget *dialog = open();
        auto *notice = dialog->findChild<Notice *>("scheduleNotice");
        QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), patienceMs);
        QCOMPARE(notice->lead(), QString("No timer can be made here."));
        QVERIFY(!button(dialog, "scheduleSave")->isEnabled());
        // What can be done instead is in sight.
        auto *cron = dialog->findChild<DetailView *>("scheduleCron");
        QVERIFY(cron->isVisible());
        QVERIFY2(cron->text().contains("backup --all 'my instance' --keep 14 --notify"), qPrintable(cron->text()));
        qputenv("XDG_RUNTIME_DIR", runtime);
        qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
    }

private:
    QWidget *open()
    {
        m_fixture->part<QAction>("actionScheduleBackups")->trigger();
        return m_fixture->part<QWidget>("scheduleDialog");
    }
    static QPushButton *button(const QWidget *in, const char *name) { return in->findChild<QPushButton *>(name); }

    std::unique_ptr<WindowFixture> m_fixture;
};

int main(int argc, char **argv)
{
    QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    Theme::apply(application, Theme::Mode::Light);
    TestScheduleDialog test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_scheduledialog.moc"
