#include "backupshots.h"

#include "gui/mainwindowtabs.h"
#include "operations/backup.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QAction>
#include <QCursor>
#include <QFile>
#include <QTableView>
#include <QTest>

namespace Roost {

using namespace Testing;

namespace {

/// A window with backups of every kind, and its states in turn.
class BackupPhotographer
{
public:
    BackupPhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
    }
    bool run();

private:
    bool prepare();
    bool backUp(const QString &database, const QString &name, BackupRecord::Origin origin, const QString &note = {});
    bool list();
    bool choose(const QString &name);
    bool shoot(const QString &name);

    QString m_folder;
    QString m_prefix;
    TemporaryCluster m_cluster;
    WindowFixture m_fixture;
    Profile m_profile;
};

bool BackupPhotographer::shoot(const QString &name)
{
    QCursor::setPos(1430, 890);
    QTest::qWait(200); // for what is painted late: pictures, not tests
    return m_fixture.window->grab().save(QStringLiteral("%1/%2-%3.png").arg(m_folder, m_prefix, name));
}

bool BackupPhotographer::backUp(const QString &database, const QString &name, BackupRecord::Origin origin,
                                const QString &note)
{
    JobContext context;
    const ListedBackupRequest request{
        {m_cluster.spec(database), Paths::backups() + u'/' + name}, origin, m_profile.id, m_profile.name, note};
    return backUpListed(request, m_fixture.backups, context).has_value();
}

bool BackupPhotographer::prepare()
{
    qputenv("ROOST_HOME", QFile::encodeName(m_fixture.home.path()));
    if (!m_cluster.start() || !Paths::ensureFolder(Paths::backups())) {
        return false;
    }
    m_profile = m_fixture.save(QStringLiteral("my_database"), m_cluster.spec(QStringLiteral("bird_app_db")),
                               QDate::currentDate().addDays(-18));
    m_cluster.spec(QStringLiteral("blog_db"));
    m_cluster.spec(QStringLiteral("shared_db"));
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user;"
                       "CREATE TABLE birds (id serial PRIMARY KEY, name text NOT NULL, species text);"
                       "INSERT INTO birds (name, species) SELECT 'Bird ' || n, 'Species ' || n % 40 "
                       "FROM generate_series(1, 4200) n;"
                       "CREATE TABLE sightings (id serial PRIMARY KEY, bird_id int REFERENCES birds, at date);"
                       "INSERT INTO sightings (bird_id, at) SELECT 1 + n % 4200, date '2026-01-01' + n % 300 "
                       "FROM generate_series(1, 90000) n"),
        QStringLiteral("bird_app_db"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE posts (id serial PRIMARY KEY, title text);"
                                  "INSERT INTO posts (title) VALUES ('Hello')"),
                   QStringLiteral("blog_db"));
    m_cluster.psql(QStringLiteral("CREATE TABLE grades (id int)"), QStringLiteral("shared_db"));
    using Origin = BackupRecord::Origin;
    JobContext context;
    const bool isMade =
        backUp(QStringLiteral("bird_app_db"), QStringLiteral("bird_app_db-old.dump"), Origin::Scheduled) &&
        backUp(QStringLiteral("blog_db"), QStringLiteral("blog_db-20261120.dump"), Origin::Scheduled) &&
        backUp(QStringLiteral("bird_app_db"), QStringLiteral("bird_app_db-20261124.dump"), Origin::Made,
               QStringLiteral("before the exam")) &&
        !backUp(QStringLiteral("shared_db"), QStringLiteral("shared_db.dump"), Origin::Made) &&
        backUp(QStringLiteral("bird_app_db"), QStringLiteral("bird_app_db-20261128.dump"), Origin::Scheduled);
    return isMade &&
           verifyListed({Paths::backups() + QStringLiteral("/bird_app_db-20261124.dump"),
                         m_cluster.spec(QStringLiteral("bird_app_db"))},
                        m_fixture.backups, context)
               .has_value() &&
           QFile::resize(Paths::backups() + QStringLiteral("/bird_app_db-old.dump"), 4000);
}

bool BackupPhotographer::choose(const QString &name)
{
    auto *table = m_fixture.part<QTableView>("backupsTable");
    for (int row = 0; row < table->model()->rowCount(); ++row) {
        if (table->model()->index(row, 0).data(Qt::ToolTipRole).toString().endsWith(name)) {
            table->selectRow(row);
            return true;
        }
    }
    return false;
}

bool BackupPhotographer::list()
{
    m_fixture.part<QAction>("actionBackups")->trigger();
    auto *table = m_fixture.part<QTableView>("backupsTable");
    return QTest::qWaitFor([table] { return table->model()->rowCount() == 5; }) &&
           choose(QStringLiteral("20261124.dump")) && shoot(QStringLiteral("backups-1-proven")) &&
           choose(QStringLiteral("20261128.dump")) && shoot(QStringLiteral("backups-2-read")) &&
           choose(QStringLiteral("old.dump")) && shoot(QStringLiteral("backups-3-missing"));
}

bool BackupPhotographer::run()
{
    m_fixture.open();
    if (!QTest::qWaitFor([this] { return m_fixture.instances.isLoaded(); })) {
        return false;
    }
    m_fixture.part<QAction>("actionBackups")->trigger();
    if (!shoot(QStringLiteral("backups-0-empty")) || !prepare()) {
        return false;
    }
    m_fixture.instances.reload();
    if (!QTest::qWaitFor([this] { return m_fixture.instances.hasSaved(); })) {
        return false;
    }
    m_fixture.window->openInstance(m_profile.id);
    const bool isOpen =
        QTest::qWaitFor([this] { return m_fixture.instances.find(m_profile.id)->state == InstanceList::State::Open; });
    return isOpen && shoot(QStringLiteral("backups-overview")) && list();
}

} // namespace

bool takeBackupShots(const QString &folder, const QString &prefix)
{
    const QByteArray home = qgetenv("ROOST_HOME");
    const bool isTaken = BackupPhotographer(folder, prefix).run();
    qputenv("ROOST_HOME", home);
    return isTaken;
}

} // namespace Roost
