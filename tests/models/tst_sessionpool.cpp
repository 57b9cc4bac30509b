#include "jobs/jobrunner.h"
#include "models/sessionpool.h"

#include "modelfixture.h"
#include "support/temporarycluster.h"

#include <QSignalSpy>
#include <QSqlQuery>
#include <QTest>

#include <semaphore>

using namespace Roost;
using namespace Roost::Testing;

/// One session a database, passwords from the store or from the user, and nothing left open.
class TestSessionPool : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void oneSessionADatabase();
    void asksForAMissingPassword();
    void givenUpIsCancelled();
    void wrongPasswordIsAskedForAgain();
    void openAhead();
    void closeFreesTheDatabase();
    void aJobHoldsTheDatabase();
    void goneReceiverHearsNothing();

private:
    template <class Check>
    void value(SessionPool &pool, const Instance &instance, const QString &database, const QString &sql, Check check,
               SessionPool::Lane lane = SessionPool::Lane::Main);
    int backends(const QString &database) const;

    TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
};

void TestSessionPool::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_spec = m_cluster.spec(QStringLiteral("shop"));
    m_cluster.spec(QStringLiteral("one"));
    m_cluster.spec(QStringLiteral("two"));
}

template <class Check>
void TestSessionPool::value(SessionPool &pool, const Instance &instance, const QString &database, const QString &sql,
                            Check check, SessionPool::Lane lane)
{
    bool isHere = false;
    pool.read<QString>(
        instance, database, this,
        [sql](DatabaseConnection &connection, const std::stop_token &stop) -> Result<QString> {
            auto query = connection.query(sql, {}, stop);
            if (!query) {
                return failure(query.error());
            }
            query->next();
            return query->value(0).toString();
        },
        [&](const Result<QString> &result) {
            check(result);
            isHere = true;
        },
        lane);
    QTRY_VERIFY(isHere);
}

int TestSessionPool::backends(const QString &database) const
{
    return m_cluster
        .psql(QStringLiteral(
                  "SELECT count(*) FROM pg_stat_activity WHERE usename = 'my_database_user' AND datname = '%1'")
                  .arg(database))
        .toInt();
}

void TestSessionPool::oneSessionADatabase()
{
    ModelFixture fixture;
    const Instance instance = ModelFixture::instanceOf(fixture.save(QStringLiteral("home"), m_spec));
    QSignalSpy opened(&fixture.sessions, &SessionPool::opened);
    const QString pid = QStringLiteral("SELECT pg_backend_pid()");
    QString first;
    QString second;
    QString beside;
    value(fixture.sessions, instance, QStringLiteral("shop"), pid,
          [&](const Result<QString> &r) { first = r.value_or(QString()); });
    value(fixture.sessions, instance, QStringLiteral("shop"), pid,
          [&](const Result<QString> &r) { second = r.value_or(QString()); });
    value(
        fixture.sessions, instance, QStringLiteral("shop"), pid,
        [&](const Result<QString> &r) { beside = r.value_or(QString()); }, SessionPool::Lane::Beside);
    QVERIFY(!first.isEmpty());
    QCOMPARE(second, first);
    QVERIFY(!beside.isEmpty() && beside != first);
    QCOMPARE(opened.size(), 2);
    QCOMPARE(fixture.sessions.server(instance.id, QStringLiteral("shop"))->backendPid, first.toInt());
}

void TestSessionPool::asksForAMissingPassword()
{
    ModelFixture fixture;
    SessionPool pool(nullptr); // no store at all
    const Instance instance{QStringLiteral("x"),
                            QStringLiteral("x"),
                            false,
                            {QStringLiteral("x"), QStringLiteral("x"), m_spec.parameters, false, {}}};
    int asked = 0;
    SessionPool::PasswordGiven give;
    pool.setPasswordPrompt([&](const Instance &about, const Error &, SessionPool::PasswordGiven given) {
        QCOMPARE(about.id, instance.id);
        ++asked;
        give = std::move(given);
    });
    int answers = 0;
    for (int i = 0; i < 3; ++i) {
        pool.withSpec(instance, this, [&](const Result<ConnectionSpec> &spec) { answers += spec ? 1 : 0; });
    }
    QCOMPARE(asked, 1); // three who wait, one question
    QCOMPARE(answers, 0);
    give(m_spec.password);
    QCOMPARE(answers, 3);
    value(pool, instance, QStringLiteral("shop"), QStringLiteral("SELECT 'in'"),
          [](const Result<QString> &r) { QCOMPARE(r.value_or(QString()), QStringLiteral("in")); });
    QCOMPARE(asked, 1);
}

void TestSessionPool::givenUpIsCancelled()
{
    SessionPool pool(nullptr);
    pool.setPasswordPrompt(
        [](const Instance &, const Error &, const SessionPool::PasswordGiven &given) { given(std::nullopt); });
    const Instance instance{QStringLiteral("x"),
                            QStringLiteral("x"),
                            false,
                            {QStringLiteral("x"), QStringLiteral("x"), m_spec.parameters, false, {}}};
    value(pool, instance, QStringLiteral("shop"), QStringLiteral("SELECT 1"),
          [](const Result<QString> &r) { QVERIFY(!r && r.error().isCancelled()); });
}

void TestSessionPool::wrongPasswordIsAskedForAgain()
{
    ModelFixture fixture;
    ConnectionSpec wrong = m_spec;
    wrong.password = Secret(QStringLiteral("not-the-password"));
    const Profile profile = fixture.save(QStringLiteral("home"), wrong);
    QByteArray reason;
    fixture.sessions.setPasswordPrompt(
        [&](const Instance &, const Error &why, const SessionPool::PasswordGiven &given) {
            reason = why.sqlState;
            given(m_spec.password);
        });
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    fixture.instances.open(profile.id);
    QTRY_COMPARE(fixture.instances.find(profile.id)->state, InstanceList::State::Failed);
    QVERIFY(reason.isEmpty()); // nothing is asked out of the blue
    fixture.instances.open(profile.id);
    QTRY_COMPARE(fixture.instances.find(profile.id)->state, InstanceList::State::Open);
    QCOMPARE(reason, QByteArrayLiteral("28P01"));
}

void TestSessionPool::openAhead()
{
    ModelFixture fixture;
    const Instance instance = ModelFixture::instanceOf(fixture.save(QStringLiteral("home"), m_spec));
    value(fixture.sessions, instance, QStringLiteral("shop"), QStringLiteral("SELECT 1"),
          [](const Result<QString> &) {});
    fixture.sessions.openAhead(
        instance, {QStringLiteral("shop"), QStringLiteral("one"), QStringLiteral("missing"), QStringLiteral("two")});
    QTRY_VERIFY(fixture.sessions.server(instance.id, QStringLiteral("one")));
    QTRY_VERIFY(fixture.sessions.server(instance.id, QStringLiteral("two")));
    QVERIFY(!fixture.sessions.server(instance.id, QStringLiteral("missing")));
}

void TestSessionPool::closeFreesTheDatabase()
{
    ModelFixture fixture;
    const Instance instance = ModelFixture::instanceOf(fixture.save(QStringLiteral("home"), m_spec));
    const QString sql = QStringLiteral("SELECT 1");
    const auto ignore = [](const Result<QString> &) {};
    value(fixture.sessions, instance, QStringLiteral("one"), sql, ignore);
    value(fixture.sessions, instance, QStringLiteral("one"), sql, ignore, SessionPool::Lane::Beside);
    QCOMPARE(backends(QStringLiteral("one")), 2);
    fixture.sessions.close(instance.id, QStringLiteral("one"));
    QTRY_COMPARE(backends(QStringLiteral("one")), 0);
    value(fixture.sessions, instance, QStringLiteral("one"), sql,
          [](const Result<QString> &r) { QVERIFY(r.has_value()); });
    fixture.sessions.forget(instance.id);
    QTRY_COMPARE(backends(QStringLiteral("one")), 0);
}

void TestSessionPool::aJobHoldsTheDatabase()
{
    ModelFixture fixture;
    const Instance instance = ModelFixture::instanceOf(fixture.save(QStringLiteral("home"), m_spec));
    const QString sql = QStringLiteral("SELECT 1");
    value(fixture.sessions, instance, QStringLiteral("one"), sql, [](const Result<QString> &) {});
    JobRunner jobs;
    Job *job = jobs.start(QStringLiteral("Reset one"), [](JobContext &context) -> Result<void> {
        std::binary_semaphore stopped(0);
        const std::stop_callback wake(context.stopToken(), [&stopped] { stopped.release(); });
        stopped.acquire();
        return failure(Error::cancelled());
    });
    fixture.sessions.hold(instance.id, QStringLiteral("one"), job);
    QTRY_COMPARE(backends(QStringLiteral("one")), 0);
    fixture.sessions.openAhead(instance, {QStringLiteral("one")});
    value(fixture.sessions, instance, QStringLiteral("one"), sql, [](const Result<QString> &r) {
        QVERIFY(!r.has_value());
        QCOMPARE(r.error().code, ErrorCode::Conflict);
        QVERIFY(r.error().message.contains(QStringLiteral("Reset one")));
    });
    value(fixture.sessions, instance, QStringLiteral("two"), sql,
          [](const Result<QString> &r) { QVERIFY(r.has_value()); });
    QCOMPARE(backends(QStringLiteral("one")), 0);
    job->cancel();
    QTRY_VERIFY(job->isEnded());
    value(fixture.sessions, instance, QStringLiteral("one"), sql,
          [](const Result<QString> &r) { QVERIFY(r.has_value()); });
}

void TestSessionPool::goneReceiverHearsNothing()
{
    ModelFixture fixture;
    const Instance instance = ModelFixture::instanceOf(fixture.save(QStringLiteral("home"), m_spec));
    bool wasCalled = false;
    {
        QObject receiver;
        fixture.sessions.read<bool>(
            instance, QStringLiteral("shop"), &receiver,
            [](DatabaseConnection &, const std::stop_token &) -> Result<bool> { return true; },
            [&](const Result<bool> &) { wasCalled = true; });
    }
    value(fixture.sessions, instance, QStringLiteral("shop"), QStringLiteral("SELECT 1"),
          [](const Result<QString> &) {});
    QVERIFY(!wasCalled);
}

QTEST_GUILESS_MAIN(TestSessionPool)
#include "tst_sessionpool.moc"
