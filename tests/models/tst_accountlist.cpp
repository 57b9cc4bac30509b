#include "models/accountlist.h"

#include "modelfixture.h"
#include "models/accountnodes.h"
#include "models/navigatormodel.h"
#include "practice/practiceclient.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// Accounts and what they hold, read from the stand-in, and their groups in the side bar.
class TestAccountList : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        const QString problem = m_stage.start();
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        m_first = m_stage.createAvailable(m_stage.draft());
        QVERIFY(!m_first.isEmpty());
    }
    void cleanupTestCase() { m_stage.stop(); }
    void init()
    {
        m_fixture = std::make_unique<ModelFixture>();
        m_store = std::make_unique<AccountStore>(m_fixture->home.filePath(QStringLiteral("roost.db")));
        m_accounts = std::make_unique<AccountList>(m_store.get(), &m_fixture->secrets, &m_fixture->jobs);
        m_accounts->setProfiles(&m_fixture->profiles);
        connect(m_accounts.get(), &AccountList::profilesChanged, &m_fixture->instances, &InstanceList::reload);
    }
    void cleanup()
    {
        m_fixture->jobs.shutDown();
        QTRY_VERIFY(m_fixture->jobs.isIdle());
        m_accounts.reset();
        m_fixture.reset();
    }

    void whatItHoldsBecomesAGroup()
    {
        NavigatorModel model(&m_fixture->instances, &m_fixture->sessions, &m_fixture->activity);
        model.setAccounts(m_accounts.get());
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        save("ada", m_stage.access().key);
        QTRY_VERIFY(m_accounts->find("ada") && m_accounts->find("ada")->overview);
        QTRY_VERIFY(m_fixture->instances.hasSaved());
        const QModelIndex overview = model.indexOfAccount("ada");
        QVERIFY(overview.isValid());
        QCOMPARE(overview.parent().data().toString(), QString("PRACTICE WORKSPACE"));
        QVERIFY(overview.data(NavigatorModel::SecondaryRole).toString().startsWith("1 "));
        const QString id = m_fixture->instances.entries().first().instance.id;
        const QModelIndex instance = model.indexOf(id);
        QCOMPARE(instance.parent(), overview.parent());
        QCOMPARE(instance.data(NavigatorModel::SecondaryRole).toString(), QString("Free"));
        QCOMPARE(m_accounts->instance(m_first).second->name, QString("class-db"));

        // Removed: the connection goes back to the others.
        QVERIFY(m_store->remove("ada").has_value());
        m_accounts->reload();
        m_fixture->instances.reload();
        QTRY_VERIFY(m_accounts->entries().isEmpty());
        QTRY_COMPARE(model.indexOf(id).parent().data().toString(), QString("CONNECTIONS"));
    }

    void aReadingThatFailsKeepsWhatWasRead()
    {
        save("ada", m_stage.access().key);
        QTRY_VERIFY(m_accounts->find("ada") && m_accounts->find("ada")->overview);
        m_fixture->secrets.keepForSession("ada", Secret("rnd_revoked"));
        m_accounts->refresh("ada");
        QVERIFY(m_accounts->find("ada")->isReading);
        QTRY_VERIFY(!m_accounts->find("ada")->isReading);
        QVERIFY(m_accounts->find("ada")->hasFailed);
        QCOMPARE(m_accounts->find("ada")->error.httpStatus, 401);
        QCOMPARE(m_accounts->find("ada")->overview->instances.size(), 1);
        m_fixture->secrets.keepForSession("ada", m_stage.access().key);
        m_accounts->refresh("ada");
        QTRY_VERIFY(!m_accounts->find("ada")->isReading);
        QVERIFY(!m_accounts->find("ada")->hasFailed);
    }

    void aListThatIsNotReadIsNoEmptyOne()
    {
        save("ada", m_stage.access().key);
        QTRY_VERIFY(m_fixture->profiles.byName("class-db").has_value());
        QTRY_VERIFY(!m_accounts->find("ada")->isReading);
        const QJsonObject fault{
            {"method", "GET"}, {"path", "/postgres"}, {"kind", "error"}, {"status", 403}, {"count", -1}};
        QCOMPARE(m_stage.post("/practice/faults", fault).status, 200);
        m_accounts->refresh("ada");
        QTRY_VERIFY(!m_accounts->find("ada")->isReading);
        QCOMPARE(m_stage.ask("DELETE", "/practice/faults").status, 204);
        QVERIFY(!m_accounts->find("ada")->overview->instancesAreKnown);
        QCOMPARE(m_accounts->find("ada")->overview->gaps.size(), 1);
        QVERIFY(m_fixture->profiles.byName("class-db").has_value());
    }

    void wordsOfRender()
    {
        QCOMPARE(planText("basic_256mb"), QString("Basic 256\u00a0MB"));
        QCOMPARE(planText("accelerated_1024gb"), QString("Accelerated 1024\u00a0GB"));
        QCOMPARE(planText("free"), QString("Free"));
        QCOMPARE(planText("some_day_new"), QString("Some day new"));
        PostgresInstance instance;
        instance.status = "maintenance_in_progress";
        QCOMPARE(instanceStatusText(instance), QString("maintenance in progress"));
        instance.isSuspended = true;
        instance.suspenders = QStringList{"billing"};
        QCOMPARE(instanceStatusText(instance), QString("suspended for billing"));
    }

private:
    void save(const QString &id, const Secret &key)
    {
        m_fixture->secrets.keepForSession(id, key);
        QVERIFY(m_store->save(Account{id, id, "ada@example.com", m_stage.access().api, false, false}).has_value());
        m_fixture->instances.reload();
        m_accounts->reload();
    }

    PracticeStage m_stage;
    QString m_first;
    std::unique_ptr<ModelFixture> m_fixture;
    std::unique_ptr<AccountStore> m_store;
    std::unique_ptr<AccountList> m_accounts;
};

QTEST_GUILESS_MAIN(TestAccountList)
#include "tst_accountlist.moc"
