#include "compareshots.h"

#include "gui/compare/comparepage.h"
#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "operations/backup.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QAction>
#include <QCheckBox>
#include <QCursor>
#include <QListView>
#include <QPushButton>
#include <QTest>

namespace Roost {

using namespace Testing;

namespace {

const char *const schema = R"(
SET ROLE my_database_user;
CREATE TABLE birds (id integer PRIMARY KEY, name varchar(80) NOT NULL UNIQUE, species text, seen_at timestamptz,
    weight numeric(8,2), note text);
INSERT INTO birds SELECT n, 'Bird ' || n, 'Avis ' || n % 12, timestamptz '2026-11-01 07:30+00' + n * interval '3 hours',
    10 + n, CASE WHEN n % 3 = 0 THEN '' END FROM generate_series(1, 240) n;
CREATE TABLE sightings (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, bird_id integer REFERENCES birds, place text);
INSERT INTO sightings (bird_id, place) SELECT 1 + n % 200, 'Pond ' || n % 37 FROM generate_series(1, 3000) n;
CREATE TABLE log (at timestamptz, line text);
INSERT INTO log SELECT timestamptz '2026-11-01' + n * interval '1 minute', 'line ' || n FROM generate_series(1, 20) n;
CREATE INDEX sightings_by_bird ON sightings (bird_id);
CREATE VIEW heavy_birds AS SELECT name, weight FROM birds WHERE weight > 100;
)";

const char *const edits = R"(
SET ROLE my_database_user;
UPDATE birds SET name = 'Black-Capped Chickadee', weight = 11.50 WHERE id = 7;
UPDATE birds SET note = NULL WHERE id = 9;
UPDATE birds SET note = 'at the feeder, with two others; seen again in the evening, when it had begun to rain' WHERE id = 10;
INSERT INTO birds VALUES (241, 'Grackle', 'Quiscalus Quiscula', '2026-11-27 09:02:55.000117+00', 122, ''),
    (242, 'Common Starling', 'Sturnus Vulgaris', NULL, 82.4, NULL), (243, 'Mourning Dove', 'Zenaida Macroura', NULL, NULL, '');
DELETE FROM birds WHERE id = 240;
INSERT INTO sightings (bird_id, place) SELECT 1 + n % 200, 'Lake ' || n FROM generate_series(1, 1450) n;
DELETE FROM log WHERE line = 'line 3';
INSERT INTO log VALUES ('2026-11-27 10:00+00', 'line 21');
DROP INDEX sightings_by_bird;
CREATE OR REPLACE VIEW heavy_birds AS SELECT name, weight FROM birds WHERE weight > 150 ORDER BY weight DESC;
)";

/// One run: the window, a server with two databases, a backup.
class ComparePhotographer
{
public:
    ComparePhotographer(QString folder, QString prefix)
        : m_folder(std::move(folder))
        , m_prefix(std::move(prefix))
    {
    }
    bool run();

private:
    bool prepare();
    bool shoot(const char *name);
    bool choose(const QString &title);
    bool differences();
    bool running();
    ComparePage *page() const { return qobject_cast<ComparePage *>(m_fixture.window->tabs()->current()); }
    bool isShown(const char *name) const
    {
        const auto *widget = page()->findChild<QWidget *>(QString::fromLatin1(name));
        return widget && widget->isVisible();
    }
    CompareSide side(const char *database) const
    {
        return CompareSide::ofDatabase(m_profile.id, QString::fromLatin1(database));
    }

    QString m_folder;
    QString m_prefix;
    TemporaryCluster m_cluster;
    WindowFixture m_fixture;
    Profile m_profile;
    QString m_backup;
};

bool ComparePhotographer::shoot(const char *name)
{
    QCursor::setPos(1430, 890);
    QTest::qWait(200); // for what is painted late: pictures, not tests
    return m_fixture.window->grab().save(
        QStringLiteral("%1/%2-compare-%3.png").arg(m_folder, m_prefix, QLatin1String(name)));
}

bool ComparePhotographer::prepare()
{
    if (!m_cluster.start()) {
        return false;
    }
    for (const char *name : {"bird_app_db", "bird_app_copy"}) {
        const ConnectionSpec spec = m_cluster.spec(QString::fromLatin1(name));
        m_cluster.psql(QString::fromUtf8(schema), spec.parameters.database);
    }
    JobContext context;
    const auto backup = backUp({m_cluster.spec(QStringLiteral("bird_app_db")),
                                m_fixture.home.filePath(QStringLiteral("bird_app_db-20261120-184512.dump"))},
                               context);
    m_cluster.psql(QString::fromUtf8(edits), QStringLiteral("bird_app_db"));
    m_backup = backup ? backup->file : QString();
    m_profile = m_fixture.save(QStringLiteral("my_database"), m_cluster.spec(QStringLiteral("bird_app_db")));
    m_fixture.open();
    m_fixture.window->openInstance(m_profile.id);
    return backup && QTest::qWaitFor([this] { return m_fixture.instances.find(m_profile.id); });
}

bool ComparePhotographer::choose(const QString &title)
{
    auto *list = page()->findChild<QListView *>(QStringLiteral("differenceList"));
    const QModelIndexList found = list->model()->match(list->model()->index(0, 0), Qt::DisplayRole, title);
    list->setCurrentIndex(found.value(0));
    return !found.isEmpty();
}

bool ComparePhotographer::differences()
{
    m_fixture.window->openCompare(CompareSide::ofFile(m_backup), side("bird_app_db"));
    if (!QTest::qWaitFor([this] { return isShown("differenceList"); }, 20000)) {
        return false;
    }
    m_fixture.part<QAction>("actionResetLayout")->trigger(); // without the jobs
    if (!choose(QStringLiteral("birds")) || !shoot("2-rows")) {
        return false;
    }
    page()->findChild<QPushButton *>(QStringLiteral("showChanged"))->click();
    page()->findChild<QCheckBox *>(QStringLiteral("showEqual"))->click();
    return shoot("3-changed") && choose(QStringLiteral("log")) && shoot("4-without-key") &&
           choose(QStringLiteral("sightings")) && shoot("5-many") &&
           choose(QStringLiteral("view public.heavy_birds")) && shoot("6-definitions");
}

bool ComparePhotographer::running()
{
    const auto lock = DatabaseConnection::open(m_cluster.spec(QStringLiteral("bird_app_copy")));
    if (!lock || !(*lock)->execute(QStringLiteral("BEGIN")) ||
        !(*lock)->execute(QStringLiteral("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE"))) {
        return false;
    }
    m_fixture.window->openCompare(side("bird_app_db"), side("bird_app_copy"));
    const bool isRunning = QTest::qWaitFor([this] { return isShown("compareProgress"); });
    return isRunning && shoot("7-running") &&
           (page()->findChild<QPushButton *>(QStringLiteral("cancelCompare"))->click(), true);
}

bool ComparePhotographer::run()
{
    if (!prepare()) {
        return false;
    }
    m_fixture.window->openCompare({}, side("bird_app_db"));
    if (!QTest::qWaitFor([this] { return isShown("nothingCompared"); }) || !shoot("1-to-be-chosen") || !differences() ||
        !running()) {
        return false;
    }
    m_fixture.window->openCompare(CompareSide::ofFile(m_backup), side("bird_app_copy"));
    const bool isEqual = QTest::qWaitFor([this] { return isShown("comparedEqual"); }, 20000) && shoot("8-equal");
    m_fixture.window->openCompare(CompareSide::ofFile(m_fixture.home.filePath(QStringLiteral("gone.dump"))),
                                  side("bird_app_copy"));
    return isEqual && QTest::qWaitFor([this] { return isShown("compareNotice"); }) && shoot("9-failed");
}

} // namespace

bool takeCompareShots(const QString &folder, const QString &prefix)
{
    return ComparePhotographer(folder, prefix).run();
}

} // namespace Roost
