#include "support/otherservers.h"
#include "support/temporarycluster.h"

#include "operations/migrationrecipe.h"
#include "operations/migrationreport.h"
#include "planningdesk.h"
#include "process/pgtoolchain.h"

#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

bool mentions(const QStringList &texts, const QString &word)
{
    return std::any_of(texts.begin(), texts.end(), [&word](const QString &text) { return text.contains(word); });
}

} // namespace

/// Plans without an API key: only the server tells, and each thing that is in the way of it is there once.
class TestMigrationPlanHand : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void theServerTellsEnough();
    void thePostgresDatabaseCountsWhenItIsUsed();
    void hiddenRowsAreInTheWay();
    void whatMayNotBeReadIsInTheWay();
    void aShutDatabaseIsInTheWay();
    void whoMayNotCreateDatabases();
    void rightsThatDoNotMove();
    void toolsThatAreTooOld();
    void sizesAgainstTheLimit();
    void aServerThatIsGone();
    void anExpiredOneSaysSo();

private:
    MigrationPlanRequest request() const
    {
        MigrationPlanRequest request;
        request.profileId = m_profile.id;
        request.secondFolder = m_second.path();
        return request;
    }
    MigrationPlan plan(const MigrationPlanRequest &request)
    {
        const auto made = m_desk.plan(request);
        if (!made) {
            QTest::qFail(qPrintable(made.error().message), __FILE__, __LINE__);
            return {};
        }
        return made->plan;
    }
    /// The one thing in the way of a plan; more, or none, fails.
    QString blocker()
    {
        const QStringList blockers = plan(request()).blockers;
        return blockers.size() == 1 ? blockers.first() : "not one, but: " + blockers.join('\n');
    }

    TemporaryCluster m_cluster;
    PlanningDesk m_desk;
    QTemporaryDir m_second;
    Profile m_profile;
};

void TestMigrationPlanHand::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_profile = m_desk.save("class-db", m_cluster.spec("shop"));
    QVERIFY(m_cluster.createDatabase("birds"));
    m_cluster.psql("CREATE TABLE public.orders AS SELECT 1 AS n", "shop");
    m_cluster.psql("ALTER TABLE public.orders OWNER TO " + m_profile.parameters.user, "shop");
}

void TestMigrationPlanHand::theServerTellsEnough()
{
    const auto made = m_desk.plan(request());
    QVERIFY2(made, made ? "" : qPrintable(made.error().message));
    const MigrationPlan &its = made->plan;
    QCOMPARE(its.blockers, QStringList());
    QVERIFY(its.isByHand());
    QCOMPARE(its.path, MigrationPath::OneSlot);
    QCOMPARE(its.source.name, QString("class-db"));
    QVERIFY(its.services.isEmpty());
    QCOMPARE(its.databases.size(), 2); // neither templates nor postgres, which is empty
    QVERIFY(its.databases[1].isDefault);
    QCOMPARE(its.draft.name, QString("class-db"));
    QCOMPARE(its.draft.databaseName, QString("shop"));
    QCOMPARE(its.draft.databaseUser, m_profile.parameters.user);
    QVERIFY(!made->paths.first().isPossible);
    QVERIFY(made->paths.first().why.contains("dashboard"));
    const QString text = planAsMarkdown(its);
    QVERIFY(text.contains("You suspend class-db in Render's dashboard"));
    QVERIFY(text.contains("You paste the new instance's connection string"));
    MigrationPlanRequest beside = request();
    beside.path = MigrationPath::SideBySide;
    QCOMPARE(plan(beside).blockers, QStringList());
    beside.path = MigrationPath::UpgradeInPlace;
    QVERIFY(mentions(plan(beside).blockers, "Upgrade in place is not possible here"));
}

void TestMigrationPlanHand::thePostgresDatabaseCountsWhenItIsUsed()
{
    const auto names = [this] {
        QStringList all;
        for (const MigrationDatabase &database : plan(request()).databases) {
            all += database.properties.name;
        }
        return all;
    };
    QCOMPARE(names(), (QStringList{"birds", "shop"}));
    m_cluster.psql("CREATE TABLE public.kept AS SELECT 1 AS n; GRANT SELECT ON public.kept TO PUBLIC");
    QCOMPARE(names(), (QStringList{"birds", "postgres", "shop"}));
    m_cluster.psql("DROP TABLE public.kept");
}

void TestMigrationPlanHand::hiddenRowsAreInTheWay()
{
    m_cluster.psql("ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY; "
                   "ALTER TABLE public.orders FORCE ROW LEVEL SECURITY",
                   "shop");
    const QString text = blocker();
    m_cluster.psql("ALTER TABLE public.orders DISABLE ROW LEVEL SECURITY", "shop");
    QVERIFY2(text.contains("Row-level security") && text.contains("shop: public.orders"), qPrintable(text));
}

void TestMigrationPlanHand::whatMayNotBeReadIsInTheWay()
{
    m_cluster.psql("CREATE TABLE public.secrets AS SELECT 1 AS n", "birds");
    const QString text = blocker();
    m_cluster.psql("DROP TABLE public.secrets", "birds");
    QVERIFY2(text.contains("may not read") && text.contains("birds: public.secrets"), qPrintable(text));
}

void TestMigrationPlanHand::aShutDatabaseIsInTheWay()
{
    m_cluster.psql("ALTER DATABASE birds ALLOW_CONNECTIONS false");
    const QString text = blocker();
    m_cluster.psql("ALTER DATABASE birds ALLOW_CONNECTIONS true");
    QVERIFY2(text.contains("allow no connections") && text.contains("birds"), qPrintable(text));
    // One that this user may not enter is as much in the way.
    m_cluster.psql("ALTER DATABASE birds OWNER TO postgres");
    m_cluster.psql("REVOKE CONNECT ON DATABASE birds FROM PUBLIC");
    const QString locked = blocker();
    m_cluster.psql("GRANT CONNECT ON DATABASE birds TO PUBLIC");
    m_cluster.psql("ALTER DATABASE birds OWNER TO " + m_profile.parameters.user);
    QVERIFY2(locked.contains("birds could not be looked into"), qPrintable(locked));
}

void TestMigrationPlanHand::whoMayNotCreateDatabases()
{
    m_cluster.psql("ALTER ROLE " + m_profile.parameters.user + " NOCREATEDB");
    QVERIFY(mentions(plan(request()).warnings, "may not create databases"));
    MigrationPlanRequest there = request();
    there.provesOnInstance = true;
    const QStringList blockers = plan(there).blockers;
    m_cluster.psql("ALTER ROLE " + m_profile.parameters.user + " CREATEDB");
    QVERIFY(mentions(blockers, "cannot be proven there"));
    QCOMPARE(plan(there).blockers, QStringList());
}

void TestMigrationPlanHand::rightsThatDoNotMove()
{
    m_cluster.psql("CREATE ROLE reader; GRANT CONNECT ON DATABASE birds TO reader");
    m_cluster.psql("ALTER DATABASE birds OWNER TO postgres");
    const QStringList warnings = plan(request()).warnings;
    m_cluster.psql("ALTER DATABASE birds OWNER TO " + m_profile.parameters.user);
    QVERIFY(mentions(warnings, "Rights of these users do not move, since the users do not: reader."));
    QVERIFY(mentions(warnings, "belong to another user than yours: birds."));
}

void TestMigrationPlanHand::toolsThatAreTooOld()
{
    OTHER_SERVERS_OR_SKIP();
    const int newest = otherServers().last();
    JobContext context;
    if (findToolchains(context).first().version.majorVersion() >= newest) {
        QSKIP("the tools here are of the newest version");
    }
    TemporaryCluster cluster({}, newest);
    QVERIFY2(cluster.start(), qPrintable(cluster.problem()));
    MigrationPlanRequest wish = request();
    wish.profileId = m_desk.save("newer", cluster.spec("shop")).id;
    const MigrationPlan its = plan(wish);
    QCOMPARE(its.blockers.size(), 1);
    QVERIFY2(its.blockers.first().contains(QString("postgresql-client-%1").arg(newest)),
             qPrintable(its.blockers.first()));
    QCOMPARE(its.draft.version, QString::number(newest));
    QVERIFY(mentions(its.warnings, "The PostgreSQL server on this computer is of version"));
}

void TestMigrationPlanHand::sizesAgainstTheLimit()
{
    // The room that pg_database_size() counts, without writing as much.
    const QString path = m_cluster.psql("SELECT current_setting('data_directory') || '/base/' || oid "
                                        "FROM pg_database WHERE datname = 'birds'");
    QFile ballast(path + "/999999");
    QVERIFY(ballast.open(QIODevice::WriteOnly));
    QVERIFY(ballast.resize(qint64(870) << 20));
    const MigrationPlan nearly = plan(request());
    QVERIFY(ballast.resize(qint64(1100) << 20));
    const MigrationPlan tooBig = plan(request());
    MigrationPlanRequest paid = request();
    paid.draft = tooBig.draft;
    paid.draft->plan = "basic_256mb";
    const MigrationPlan onPaid = plan(paid);
    QVERIFY(ballast.remove());
    QVERIFY(mentions(nearly.warnings, "of the 1 GB that a free instance takes"));
    QVERIFY(mentions(tooBig.blockers, "a free instance takes 1 GB"));
    QVERIFY(!mentions(onPaid.blockers, "1 GB"));
}

void TestMigrationPlanHand::aServerThatIsGone()
{
    ConnectionSpec gone = m_cluster.spec("shop");
    gone.parameters.port = 1;
    MigrationPlanRequest wish = request();
    wish.profileId = m_desk.save("gone", gone).id;
    const auto made = m_desk.plan(wish);
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::ConnectionFailed);
}

void TestMigrationPlanHand::anExpiredOneSaysSo()
{
    ConnectionSpec gone = m_cluster.spec("shop");
    gone.parameters.port = 1;
    Profile expired = m_desk.save("expired", gone);
    expired.createdOn = QDate::currentDate().addDays(-33);
    QVERIFY(m_desk.environment().profiles.save(expired));
    MigrationPlanRequest wish = request();
    wish.profileId = expired.id;
    const auto made = m_desk.plan(wish);
    QVERIFY(!made);
    QVERIFY2(made.error().message.contains("Upgrade it in Render's dashboard"), qPrintable(made.error().message));
}

QTEST_GUILESS_MAIN(TestMigrationPlanHand)
#include "tst_migrationplanhand.moc"
