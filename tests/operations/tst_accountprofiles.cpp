#include "operations/accountprofiles.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Roost;

namespace {

const QString birdsId = QStringLiteral("dpg-c0ffee00000000000002-a");
const QString owlsId = QStringLiteral("dpg-c0ffee00000000000003-a");

PostgresInstance instance(const QString &id, const QString &name)
{
    PostgresInstance made;
    made.id = id;
    made.name = name;
    made.plan = "free";
    made.role = "primary";
    made.status = "available";
    made.databaseName = "birds_x7ka";
    made.databaseUser = "birds_user";
    made.createdAt = QDateTime::fromString("2026-09-01T10:00:00Z", Qt::ISODate);
    made.expiresAt = QDateTime::fromString("2026-10-01T10:00:00Z", Qt::ISODate);
    return made;
}

Profile saved(const QString &id, const QString &name, const QString &host = {})
{
    Profile made;
    made.id = id;
    made.name = name;
    made.parameters.host = host;
    return made;
}

AccountOverview overviewOf(const QList<PostgresInstance> &instances)
{
    AccountOverview overview;
    overview.instances = instances;
    return overview;
}

} // namespace

class TestAccountProfiles : public QObject
{
    Q_OBJECT

private slots:
    void anInstanceThatIsNotSavedGetsAConnection()
    {
        const ProfileChanges changes = reconcileProfiles("acc", overviewOf({instance(birdsId, "birds")}), {});
        QVERIFY(changes.changed.isEmpty());
        QCOMPARE(changes.added.size(), 1);
        const Profile &added = changes.added.first();
        QVERIFY(!added.id.isEmpty());
        QCOMPARE(added.name, QString("birds"));
        QCOMPARE(added.accountId, QString("acc"));
        QCOMPARE(added.renderId, birdsId);
        QCOMPARE(added.createdOn, QDate(2026, 9, 1));
        QCOMPARE(added.expiresAt, QDateTime(QDate(2026, 10, 1), QTime(10, 0), Qt::UTC));
        QCOMPARE(added.parameters.database, QString("birds_x7ka"));
        QVERIFY(added.parameters.host.isEmpty()); // connection-info is asked for when it is opened
        QVERIFY(added.parameters.tls == TlsMode::Verified);
    }

    void aConnectionIsFoundByItsHost_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("external") << birdsId + ".oregon-postgres.render.com";
        QTest::newRow("internal") << birdsId;
        QTest::newRow("capitals") << birdsId.toUpper() + ".Oregon-postgres.render.com";
    }
    void aConnectionIsFoundByItsHost()
    {
        QFETCH(QString, host);
        Profile mine = saved("p", "my birds", host);
        mine.lifetimeDays = 90;
        const ProfileChanges changes = reconcileProfiles("acc", overviewOf({instance(birdsId, "birds")}), {mine});
        QVERIFY(changes.added.isEmpty());
        QCOMPARE(changes.changed.size(), 1);
        QCOMPARE(changes.changed.first().id, QString("p"));
        QCOMPARE(changes.changed.first().name, QString("my birds")); // stays as the user named it
        QCOMPARE(changes.changed.first().parameters.host, host);
        QCOMPARE(changes.changed.first().renderId, birdsId);
        QCOMPARE(changes.changed.first().accountId, QString("acc"));
        QCOMPARE(changes.changed.first().lifetimeDays, 90);
    }

    void theSecondTimeNothingChanges()
    {
        const AccountOverview overview = overviewOf({instance(birdsId, "birds"), instance(owlsId, "owls")});
        const ProfileChanges first = reconcileProfiles("acc", overview, {});
        QCOMPARE(first.added.size(), 2);
        QVERIFY(reconcileProfiles("acc", overview, first.added).isEmpty());
        // Another key to the same workspace takes nothing over.
        QVERIFY(reconcileProfiles("other", overview, first.added).isEmpty());
    }

    void aLinkCountsMoreThanAHost()
    {
        Profile linked = saved("linked", "birds", "127.0.0.1");
        linked.renderId = birdsId;
        linked.accountId = "acc";
        const Profile byHost = saved("host", "birds by hand", birdsId + ".oregon-postgres.render.com");
        const ProfileChanges changes =
            reconcileProfiles("acc", overviewOf({instance(birdsId, "birds")}), {byHost, linked});
        QVERIFY(changes.added.isEmpty());
        QCOMPARE(changes.changed.size(), 1);
        QCOMPARE(changes.changed.first().id, QString("linked"));
    }

    void whatIsNoLongerThereKeepsItsConnection()
    {
        Profile gone = saved("p", "owls", owlsId + ".ohio-postgres.render.com");
        gone.renderId = owlsId;
        gone.accountId = "acc";
        QVERIFY(reconcileProfiles("acc", overviewOf({}), {gone}).isEmpty());
    }

    void anUpgradedInstanceExpiresNoMore()
    {
        AccountOverview overview = overviewOf({instance(birdsId, "birds")});
        QList<Profile> profiles = reconcileProfiles("acc", overview, {}).added;
        overview.instances[0].plan = "basic_256mb";
        overview.instances[0].expiresAt = {};
        const ProfileChanges changes = reconcileProfiles("acc", overview, profiles);
        QCOMPARE(changes.changed.size(), 1);
        QVERIFY(!changes.changed.first().expiresAt.isValid());
    }

    void replicasAndUnknownIdsGetNone()
    {
        PostgresInstance replica = instance("dpg-c0ffee00000000000002-b", "birds replica");
        replica.role = "replica";
        QVERIFY(reconcileProfiles("acc", overviewOf({replica, instance("", "no id")}), {}).isEmpty());
    }

    void namesAreFreeAndPossible_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<QString>("name");
        QTest::newRow("taken") << "birds"
                               << "birds 2";
        QTest::newRow("taken in capitals") << "BIRDS"
                                           << "BIRDS 2";
        QTest::newRow("twice") << "owls"
                               << "owls 3";
        QTest::newRow("slash") << "a/b"
                               << "a-b";
        QTest::newRow("hyphen") << "--x"
                                << "x";
        QTest::newRow("nothing") << ""
                                 << "instance";
        QTest::newRow("practice") << "practice"
                                  << "Render practice";
        QTest::newRow("env") << "env:URL"
                             << "Render env URL";
        QTest::newRow("lines") << "a\nb"
                               << "a b";
        QTest::newRow("long") << QString(100, 'x') << QString(56, 'x');
    }
    void namesAreFreeAndPossible()
    {
        QFETCH(QString, wanted);
        QFETCH(QString, name);
        const QString free = freeProfileName(wanted, {"birds", "owls", "owls 2"});
        QCOMPARE(free, name);
        QCOMPARE(profileNameProblem(free), QString());
    }

    void savedAndReadAgain()
    {
        const QTemporaryDir home;
        const ProfileStore store(home.filePath("roost.db"));
        QVERIFY(store.save(saved("p", "birds", birdsId + ".oregon-postgres.render.com")).has_value());
        const AccountOverview overview = overviewOf({instance(birdsId, "birds"), instance(owlsId, "birds")});
        QCOMPARE(saveAccountProfiles(store, "acc", overview).value_or(false), true);
        QCOMPARE(saveAccountProfiles(store, "acc", overview).value_or(true), false);
        QCOMPARE(store.all()->size(), 2);
        QCOMPARE(store.byName("birds")->renderId, birdsId);
        QCOMPARE(store.byName("birds 2")->renderId, owlsId);
    }
};

QTEST_GUILESS_MAIN(TestAccountProfiles)
#include "tst_accountprofiles.moc"
