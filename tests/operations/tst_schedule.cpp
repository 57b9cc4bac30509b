#include "operations/backupschedule.h"
#include "support/usermanager.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// A program that writes down its arguments, a line each, and what it was started in.
bool writeRecorder(const QString &path, const QString &record)
{
    QFile script(path);
    return script.open(QIODevice::WriteOnly) &&
           script.write(QStringLiteral("#!/bin/sh\n{ printf '%s\\n' \"$@\"; printf 'home=%s\\n' \"$ROOST_HOME\"; } > "
                                       "'%1'\n[ ! -e '%1.fail' ]\n")
                            .arg(record)
                            .toUtf8()) > 0 &&
           script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

} // namespace

/// Timers in a real user manager of systemd, and the same as lines for cron.
class TestSchedule : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        // Blanks and whatever means something in a unit file or to a shell.
        QVERIFY(QDir(m_folder.path()).mkdir("a b %h $HOME 'x' \"y\""));
        m_odd = m_folder.filePath("a b %h $HOME 'x' \"y\"");
        m_host.program = m_odd + "/roost-cli";
        m_host.environment = {{"ROOST_HOME", m_odd}};
        m_record = m_folder.filePath("record");
        QVERIFY(writeRecorder(m_host.program, m_record));
    }

    void namesOfUnits()
    {
        QCOMPARE(scheduleUnitName("my_database"), QString("roost-backup-my_database"));
        const QString a = scheduleUnitName("a b");
        QVERIFY(a.startsWith("roost-backup-a-b-"));
        QVERIFY(a != scheduleUnitName("a-b"));
        QVERIFY(a != scheduleUnitName("a  b"));
        QVERIFY(scheduleUnitName(QString(200, 'x')).size() < 100);
    }

    void whatCannotBeScheduled()
    {
        BackupSchedule schedule{"my_database"};
        QCOMPARE(scheduleProblem(schedule), QString());
        for (const char *name : {"", "env:URL", "a/b", "-x", "a\nb"}) {
            QVERIFY2(!scheduleProblem(BackupSchedule{name}).isEmpty(), name);
        }
        schedule.keep = 0;
        QVERIFY(!scheduleProblem(schedule).isEmpty());
        schedule = {"x", BackupSchedule::Rhythm::Weekly, 8};
        QVERIFY(!scheduleProblem(schedule).isEmpty());
        schedule = {"x", BackupSchedule::Rhythm::Daily, 1, QTime()};
        QVERIFY(!scheduleProblem(schedule).isEmpty());
    }

    void aTimerKeepsItsSchedule()
    {
        for (const BackupSchedule &schedule :
             {BackupSchedule{"my db %h \"x\" ]"},
              BackupSchedule{"w", BackupSchedule::Rhythm::Weekly, 7, QTime(23, 5), 3}}) {
            const auto read = scheduleOf(timerUnit(schedule));
            QVERIFY(read);
            QVERIFY(*read == schedule);
        }
        QVERIFY(!scheduleOf("[Timer]\nOnCalendar=daily\n"));
    }

    void cronRunsTheSame()
    {
        BackupSchedule schedule{"it's 100 % \"mine\" $x", BackupSchedule::Rhythm::Weekly, 7, QTime(4, 5), 3};
        QString line = cronLine(schedule, m_host);
        QVERIFY2(line.startsWith("5 4 * * 0 "), qPrintable(line));
        // As cron does it: its percent signs, then a shell.
        QFile::remove(m_record);
        QCOMPARE(QProcess::execute("/bin/sh", {"-c", line.mid(10).replace("\\%", "%")}), 0);
        QCOMPARE(QString::fromUtf8(contentOf(m_record)),
                 QString("backup\n--all\n%1\n--keep\n3\n--notify\nhome=%2\n").arg(schedule.instance, m_odd));
        schedule.rhythm = BackupSchedule::Rhythm::Daily;
        QVERIFY(cronLine(schedule, m_host).startsWith("5 4 * * * "));
    }

    void withoutAUserManager()
    {
        QTemporaryDir empty;
        const QByteArray runtime = qgetenv("XDG_RUNTIME_DIR");
        const QByteArray bus = qgetenv("DBUS_SESSION_BUS_ADDRESS");
        qputenv("XDG_RUNTIME_DIR", empty.path().toUtf8());
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
        ScheduleHost host = m_host;
        host.systemctl = ScheduleHost::ofThisComputer().systemctl;
        host.unitFolder = empty.filePath("systemd/user");
        const auto refused = saveSchedule({"my_database"}, host, {});
        QVERIFY(!refused && refused.error().code == ErrorCode::NotAllowed);
        QVERIFY2(refused.error().message.contains("crontab"), qPrintable(refused.error().message));
        QVERIFY(!QFile::exists(host.unitFolder)); // nothing that looks as if it would run
        host.systemctl.clear();
        const auto absent = saveSchedule({"my_database"}, host, {});
        QVERIFY(!absent && absent.error().code == ErrorCode::ToolMissing);
        qputenv("XDG_RUNTIME_DIR", runtime);
        qputenv("DBUS_SESSION_BUS_ADDRESS", bus);
    }

    void aTimerIsMadeRunChangedAndRemoved()
    {
        UserManager manager;
        if (!manager.start()) {
            QSKIP(qPrintable(manager.problem()));
        }
        ScheduleHost host = m_host;
        host.systemctl = ScheduleHost::ofThisComputer().systemctl;
        host.unitFolder = ScheduleHost::ofThisComputer().unitFolder;
        QCOMPARE(host.unitFolder, manager.unitFolder());
        BackupSchedule schedule{"it's 100 % \"mine\" $x \\t", BackupSchedule::Rhythm::Weekly, 7, QTime(4, 5), 3};
        const auto state = saveSchedule(schedule, host, {});
        QVERIFY2(state, qPrintable(state ? QString() : state.error().message + state.error().detail));
        QVERIFY(state->isActive);
        const QDateTime next = state->nextRun.toLocalTime();
        QCOMPARE(next.time(), QTime(4, 5));
        QCOMPARE(next.date().dayOfWeek(), 7);
        QVERIFY(next > QDateTime::currentDateTime() && next < QDateTime::currentDateTime().addDays(8));
        const QString name = scheduleUnitName(schedule.instance);
        QVERIFY(manager.systemctl({"list-timers", "--all"}).contains(name + ".service"));

        // What the timer starts gets every word as it was written.
        QFile::remove(m_record);
        QCOMPARE(QProcess::execute(host.systemctl, {"--user", "start", name + ".service"}), 0);
        QCOMPARE(QString::fromUtf8(contentOf(m_record)),
                 QString("backup\n--all\n%1\n--keep\n3\n--notify\nhome=%2\n").arg(schedule.instance, m_odd));
        auto listed = listSchedules(host, {});
        QVERIFY(listed && listed->size() == 1);
        QVERIFY(listed->first().schedule == schedule);
        QVERIFY(listed->first().isAskedOf && listed->first().isActive);
        QCOMPARE(listed->first().lastResult, ScheduleState::LastResult::Succeeded);
        QVERIFY(QFile(m_record + ".fail").open(QIODevice::WriteOnly));
        QVERIFY(QProcess::execute(host.systemctl, {"--user", "start", name + ".service"}) != 0);
        listed = listSchedules(host, {});
        QVERIFY(listed && listed->first().lastResult == ScheduleState::LastResult::Failed);

        // Another time takes the place of the first.
        schedule.rhythm = BackupSchedule::Rhythm::Daily;
        schedule.at = QTime(18, 30);
        const auto changed = saveSchedule(schedule, host, {});
        QVERIFY(changed && changed->isActive);
        QCOMPARE(changed->nextRun.toLocalTime().time(), QTime(18, 30));
        QCOMPARE(QDir(host.unitFolder).entryList({"roost-backup-*"}, QDir::Files).size(), 2);

        QVERIFY(removeSchedule(schedule.instance, host, {}));
        QCOMPARE(QDir(host.unitFolder).entryList({"roost-backup-*"}, QDir::Files), QStringList());
        QVERIFY(!QFileInfo(host.unitFolder + "/timers.target.wants/" + name + ".timer").isSymLink());
        QVERIFY(!manager.systemctl({"list-timers", "--all"}).contains(name));
        const auto gone = removeSchedule(schedule.instance, host, {});
        QVERIFY(!gone && gone.error().code == ErrorCode::NotFound);
    }

private:
    QTemporaryDir m_folder;
    QString m_odd;
    QString m_record;
    ScheduleHost m_host;
};

QTEST_GUILESS_MAIN(TestSchedule)
#include "tst_schedule.moc"
