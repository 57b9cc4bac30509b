#include "expiryshots.h"

#include "gui/dialogs/notice.h"
#include "gui/expiry/expirypage.h"
#include "gui/expiry/reminderdialog.h"
#include "gui/overview/creationdatedialog.h"
#include "storage/paths.h"
#include "windowfixture.h"

#include <QAction>
#include <QCursor>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

namespace Roost {

using namespace Testing;

namespace {

/// One run: the window with saved connections whose ends are told or counted.
class ExpiryPhotographer
{
public:
    ExpiryPhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
    }
    bool run();

private:
    Profile add(const QString &name, int daysToEnd, bool isTold);
    bool shoot(const char *name);
    bool shootDialog(const char *name, QWidget *dialog);
    void addBackup(const Profile &profile, int daysAgo);
    bool dialogs();

    QString m_folder;
    QString m_prefix;
    WindowFixture m_fixture;
};

bool ExpiryPhotographer::shoot(const char *name)
{
    QCursor::setPos(1430, 890);
    QTest::qWait(200); // for what is painted late: pictures, not tests
    return m_fixture.window->grab().save(
        QStringLiteral("%1/%2-expiry-%3.png").arg(m_folder, m_prefix, QLatin1String(name)));
}

bool ExpiryPhotographer::shootDialog(const char *name, QWidget *dialog)
{
    dialog->show();
    QTest::qWait(200);
    const bool isSaved =
        dialog->grab().save(QStringLiteral("%1/%2-expiry-%3.png").arg(m_folder, m_prefix, QLatin1String(name)));
    delete dialog;
    return isSaved;
}

Profile ExpiryPhotographer::add(const QString &name, int daysToEnd, bool isTold)
{
    ConnectionSpec spec;
    spec.parameters = {QStringLiteral("127.0.0.1"), 1, name + QStringLiteral("_user"), name, TlsMode::Optional, {}};
    spec.password = Secret(QStringLiteral("x"));
    Profile profile = m_fixture.save(name, spec);
    if (isTold) {
        profile.expiresAt = QDateTime::currentDateTimeUtc().addDays(daysToEnd);
        profile.renderId = QStringLiteral("dpg-c0ffee0000000000000%1-a").arg(name.size());
        profile.accountId = QStringLiteral("shot");
    } else {
        profile.createdOn = QDate::currentDate().addDays(daysToEnd - 30);
    }
    [[maybe_unused]] const bool saved = m_fixture.profiles.save(profile).has_value();
    return profile;
}

void ExpiryPhotographer::addBackup(const Profile &profile, int daysAgo)
{
    const QString path = Paths::backups() + u'/' + profile.name + QStringLiteral(".dump");
    QFile file(path);
    if (!Paths::ensureFolder(Paths::backups()) || !file.open(QIODevice::WriteOnly) || file.write("PGDMP") != 5) {
        return;
    }
    QFile manifest(path + QStringLiteral(".json"));
    if (!manifest.open(QIODevice::WriteOnly) || manifest.write("{}") != 2) {
        return;
    }
    file.close();
    BackupRecord record;
    record.file = path;
    record.instanceId = profile.id;
    record.instanceName = profile.name;
    record.host = profile.parameters.host;
    record.database = profile.parameters.database;
    record.takenAt = QDateTime::currentDateTimeUtc().addDays(-daysAgo);
    record.sizeBytes = 5;
    record.proof = BackupRecord::Proof::Read;
    record.provenAt = record.takenAt;
    [[maybe_unused]] const bool added = m_fixture.backups.add(record).has_value();
}

bool ExpiryPhotographer::dialogs()
{
    Profile profile;
    profile.id = profile.name = QStringLiteral("my_database");
    profile.createdOn = QDate::currentDate().addDays(-18);
    auto *usual = new CreationDateDialog(m_fixture.services, profile, m_fixture.window.get());
    auto *longer = new CreationDateDialog(m_fixture.services, profile, m_fixture.window.get());
    longer->findChild<QSpinBox *>(QStringLiteral("lifetimeDays"))->setValue(90);
    ScheduleHost host;
    host.program = QStringLiteral("/usr/bin/roost-cli");
    auto *reminders = new ReminderDialog(m_fixture.services, host, true, m_fixture.window.get());
    reminders->setTimers({true, 7, QTime(9, 0)}, {});
    auto *without = new ReminderDialog(m_fixture.services, host, false, m_fixture.window.get());
    without->setTimers({}, failure(ErrorCode::NotAllowed,
                                   QStringLiteral("systemd does not run timers for you here: its user manager does not "
                                                  "answer. A crontab can do the same: `crontab -e`, and paste the "
                                                  "line for cron.")));
    return shootDialog("4-creation-date", usual) && shootDialog("5-creation-date-90", longer) &&
           shootDialog("6-reminders", reminders) && shootDialog("7-reminders-no-timer", without);
}

bool ExpiryPhotographer::run()
{
    m_fixture.open();
    if (!QTest::qWaitFor([this] { return m_fixture.instances.isLoaded(); })) {
        return false;
    }
    m_fixture.part<QAction>("actionExpiry")->trigger();
    if (!shoot("1-empty")) {
        return false;
    }
    addBackup(add(QStringLiteral("my_database"), 12, false), 2);
    addBackup(add(QStringLiteral("class_db"), 3, true), 9);
    const Profile grace = add(QStringLiteral("old_birds"), -4, true);
    add(QStringLiteral("last_term"), -20, false);
    addBackup(add(QStringLiteral("new_birds"), 26, true), 0);
    m_fixture.instances.reload();
    if (!QTest::qWaitFor([this] { return m_fixture.instances.entries().size() == 6; })) {
        return false;
    }
    m_fixture.part<ExpiryPage>("expiryPage")->refresh();
    QTest::qWait(300); // for the list of backups
    if (!shoot("2-cockpit")) {
        return false;
    }
    m_fixture.window->openInstance(grace.id);
    const bool isRefused = QTest::qWaitFor(
        [this, &grace] { return m_fixture.instances.find(grace.id)->state == InstanceList::State::Failed; });
    return isRefused && shoot("3-grace") && dialogs();
}

} // namespace

bool takeExpiryShots(const QString &folder, const QString &prefix)
{
    return ExpiryPhotographer(folder, prefix).run();
}

} // namespace Roost
