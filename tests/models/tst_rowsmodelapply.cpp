#include "models/rowsmodel.h"

#include "rowsfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// What becomes of staged edits on the server: conflicts, refusals, and answers that never came.
class TestRowsModelApply : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void conflictIsResolved_data();
    void conflictIsResolved();
    void rowThatIsGone();
    void refusalIsAtTheCell();
    void unknownCommitIsFoundOut_data();
    void unknownCommitIsFoundOut();
    void unreachableServerLeavesItUnknown();
    void nothingIsEditedWhileApplying();
    void appliesInALargeTable();

private:
    RelationInfo relation(const QString &name) { return m_fixture.relation(name); }
    /// Opens a table and waits until it is described.
    void open(RowsModel &model, const QString &table, bool isSlow = false);
    Result<ApplyOutcome> apply(RowsModel &model);
    QString psql(const QString &sql) const { return m_fixture.psql(sql); }

    RowsFixture m_fixture;
};

void TestRowsModelApply::initTestCase()
{
    QVERIFY2(m_fixture.start(), qPrintable(m_fixture.cluster.problem()));
    psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE large (id int PRIMARY KEY, name text, n int)"));
}

void TestRowsModelApply::init()
{
    m_fixture.proxy->stall(false);
    m_fixture.proxy->setDelayMs(0);
    psql(QStringLiteral("DROP TABLE IF EXISTS birds; SET ROLE my_database_user;"
                        "CREATE TABLE birds (id int PRIMARY KEY, name text, n int CHECK (n < 1000));"
                        "INSERT INTO birds SELECT i, 'bird ' || i, i FROM generate_series(1, 300) i"));
}

void TestRowsModelApply::open(RowsModel &model, const QString &table, bool isSlow)
{
    model.open(isSlow ? m_fixture.slow : m_fixture.direct, m_fixture.database, relation(table));
    QTRY_VERIFY(model.description());
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QTRY_VERIFY(!model.isLoading());
}

Result<ApplyOutcome> TestRowsModelApply::apply(RowsModel &model)
{
    std::optional<Result<ApplyOutcome>> outcome;
    model.apply(this, [&](const Result<ApplyOutcome> &result) { outcome = result; });
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 30'000)) {
        return failure(ErrorCode::TimedOut, QStringLiteral("no outcome"));
    }
    return *outcome;
}

void TestRowsModelApply::conflictIsResolved_data()
{
    QTest::addColumn<bool>("keepMine");
    QTest::addColumn<QString>("expected");
    QTest::newRow("mine") << true << "mine|77";
    QTest::newRow("theirs") << false << "theirs|77";
}

void TestRowsModelApply::conflictIsResolved()
{
    QFETCH(bool, keepMine);
    QFETCH(QString, expected);
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("birds"));
    QVERIFY(model.setData(model.index(6, 1), QStringLiteral("mine")));
    psql(QStringLiteral("UPDATE birds SET name = 'theirs', n = 77 WHERE id = 7"));
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Conflicts);
    QCOMPARE(outcome->conflicts.size(), 1);
    QCOMPARE(model.changes().counts().total(), 1); // still staged
    model.resolveConflict(outcome->conflicts.constFirst(), keepMine);
    QCOMPARE(model.index(6, 2).data().toString(), QStringLiteral("77"));
    if (keepMine) {
        QCOMPARE(model.index(6, 1).data(RowsModel::BeforeRole).toString(), QStringLiteral("theirs"));
    } else {
        QVERIFY(model.changes().isEmpty());
        QCOMPARE(model.index(6, 1).data().toString(), QStringLiteral("theirs"));
    }
    const Result<ApplyOutcome> second = apply(model);
    QVERIFY(second && second->state == ApplyOutcome::State::Applied);
    QCOMPARE(psql(QStringLiteral("SELECT name, n FROM birds WHERE id = 7")), expected);
}

void TestRowsModelApply::rowThatIsGone()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    open(model, QStringLiteral("birds"));
    QVERIFY(model.setData(model.index(6, 1), QStringLiteral("mine")));
    QVERIFY(model.setData(model.index(8, 1), QStringLiteral("given up")));
    psql(QStringLiteral("DELETE FROM birds WHERE id IN (7, 9)"));
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Conflicts);
    QCOMPARE(outcome->conflicts.size(), 2);
    for (const ChangeConflict &conflict : outcome->conflicts) {
        QVERIFY(conflict.kind == ChangeConflict::Kind::Gone);
        model.resolveConflict(conflict, conflict.change.key == RowKey{QStringLiteral("7")});
    }
    QCOMPARE(model.changes().counts().added, 1); // mine is a new row now
    const Result<ApplyOutcome> second = apply(model);
    QVERIFY(second && second->state == ApplyOutcome::State::Applied);
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(id || name || n, ',') FROM birds WHERE id IN (7, 9)")),
             QStringLiteral("7mine7"));
}

void TestRowsModelApply::refusalIsAtTheCell()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("birds"));
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("fine")));
    QVERIFY(model.setData(model.index(4, 2), QStringLiteral("5000")));
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Refused);
    QVERIFY(!model.index(4, 2).data(RowsModel::RefusalRole).toString().isEmpty());
    QVERIFY(model.index(0, 1).data(RowsModel::RefusalRole).toString().isEmpty());
    QCOMPARE(psql(QStringLiteral("SELECT name FROM birds WHERE id = 1")), QStringLiteral("bird 1")); // none of it
    QVERIFY(model.setData(model.index(4, 2), QStringLiteral("not a number")));
    QVERIFY(model.index(4, 2).data(RowsModel::RefusalRole).toString().isEmpty()); // edited since
    QCOMPARE(apply(model)->state, ApplyOutcome::State::Refused);
    QVERIFY(model.setData(model.index(4, 2), QStringLiteral("50")));
    QCOMPARE(apply(model)->state, ApplyOutcome::State::Applied);
    QCOMPARE(psql(QStringLiteral("SELECT name, n FROM birds WHERE id IN (1, 5) ORDER BY id")),
             QStringLiteral("fine|1\nbird 5|50"));
}

void TestRowsModelApply::unknownCommitIsFoundOut_data()
{
    QTest::addColumn<bool>("isCommitted");
    QTest::newRow("it was committed") << true;
    QTest::newRow("it was not") << false;
}

/// The connection is lost while COMMIT is under way: a deferred trigger waits there until the test has cut it.
void TestRowsModelApply::unknownCommitIsFoundOut()
{
    QFETCH(bool, isCommitted);
    psql(QStringLiteral("CREATE OR REPLACE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql AS "
                        "'BEGIN PERFORM pg_advisory_lock(42); %1 RETURN NULL; END';"
                        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON birds DEFERRABLE INITIALLY DEFERRED"
                        "  FOR EACH ROW EXECUTE FUNCTION slow_commit()")
             .arg(isCommitted ? QString() : QStringLiteral("RAISE EXCEPTION ''no'';")));
    // Holds the lock until it is told to let go.
    auto holder = DatabaseConnection::open(m_fixture.cluster.superuser(m_fixture.database));
    QVERIFY(holder && (*holder)->query(QStringLiteral("SELECT pg_advisory_lock(42)")));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    open(model, QStringLiteral("birds"), true);
    const int row = model.addRow({{QStringLiteral("id"), QStringLiteral("5000")}});
    std::optional<Result<ApplyOutcome>> outcome;
    model.apply(this, [&](const Result<ApplyOutcome> &result) { outcome = result; });
    const auto waiting = [&] {
        return psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"));
    };
    QTRY_COMPARE(waiting(), QStringLiteral("1"));
    m_fixture.proxy->cut();
    QVERIFY((*holder)->query(QStringLiteral("SELECT pg_advisory_unlock(42)")));
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 15'000);
    QVERIFY(!model.isCommitUnknown());
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM birds WHERE id = 5000")), QString::number(isCommitted ? 1 : 0));
    if (isCommitted) {
        QVERIFY(*outcome && (*outcome)->state == ApplyOutcome::State::Applied);
        QVERIFY(model.changes().isEmpty());
        QTRY_COMPARE(model.rowCount(), 301);
    } else {
        QVERIFY(!*outcome);
        QVERIFY(!outcome->error().message.isEmpty());
        QCOMPARE(model.changes().counts().added, 1);
        QCOMPARE(model.rowCount(), row + 1);
        psql(QStringLiteral("DROP TRIGGER late ON birds"));
        QVERIFY(apply(model));
        QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM birds WHERE id = 5000")), QStringLiteral("1"));
    }
}

void TestRowsModelApply::unreachableServerLeavesItUnknown()
{
    psql(QStringLiteral(
        "CREATE OR REPLACE FUNCTION slow_commit() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS "
        "'BEGIN PERFORM pg_advisory_lock(42); RETURN NULL; END';"
        "CREATE CONSTRAINT TRIGGER late AFTER INSERT ON birds DEFERRABLE INITIALLY DEFERRED"
        "  FOR EACH ROW EXECUTE FUNCTION slow_commit()"));
    auto holder = DatabaseConnection::open(m_fixture.cluster.superuser(m_fixture.database));
    QVERIFY(holder && (*holder)->query(QStringLiteral("SELECT pg_advisory_lock(42)")));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("birds"), true);
    model.setAskingPatience(std::chrono::milliseconds(700));
    model.addRow({{QStringLiteral("id"), QStringLiteral("5000")}});
    std::optional<Result<ApplyOutcome>> outcome;
    model.apply(this, [&](const Result<ApplyOutcome> &result) { outcome = result; });
    QTRY_COMPARE(psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")),
                 QStringLiteral("1"));
    // The commit stays under way while it is asked for.
    m_fixture.proxy->cut();
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 20'000);
    QVERIFY(*outcome && (*outcome)->state == ApplyOutcome::State::Unknown);
    QVERIFY(model.isCommitUnknown());
    QCOMPARE(model.changes().counts().added, 1);
    QCOMPARE(model.addRow(), -1); // locked until it is known
    QSignalSpy foundOut(&model, &RowsModel::commitFoundOut);
    QVERIFY((*holder)->query(QStringLiteral("SELECT pg_advisory_unlock(42)")));
    model.refresh();
    QTRY_COMPARE(foundOut.size(), 1);
    QCOMPARE(foundOut.constFirst().constFirst().toBool(), true);
    QVERIFY(model.changes().isEmpty() && !model.isCommitUnknown());
    QTRY_COMPARE(model.rowCount(), 301);
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM birds WHERE id = 5000")), QStringLiteral("1"));
}

void TestRowsModelApply::nothingIsEditedWhileApplying()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("birds"));
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("swan")));
    auto holder = DatabaseConnection::open(m_fixture.cluster.superuser(m_fixture.database));
    QVERIFY(holder && (*holder)->query(QStringLiteral("BEGIN")) &&
            (*holder)->query(QStringLiteral("SELECT 1 FROM birds WHERE id = 1 FOR UPDATE")));
    std::optional<Result<ApplyOutcome>> outcome;
    model.apply(this, [&](const Result<ApplyOutcome> &result) { outcome = result; });
    QVERIFY(model.isApplying());
    QVERIFY(!model.setData(model.index(1, 1), QStringLiteral("no")));
    model.undo();
    QCOMPARE(model.changes().counts().total(), 1);
    QTRY_COMPARE(m_fixture.busySessions(), 2); // ours waits for the lock
    model.cancel();
    QTRY_VERIFY(outcome.has_value());
    QVERIFY(!*outcome && outcome->error().isCancelled());
    QVERIFY(!model.isApplying());
    QCOMPARE(model.changes().counts().total(), 1);
    QVERIFY((*holder)->query(QStringLiteral("ROLLBACK")));
    QTRY_COMPARE(m_fixture.busySessions(), 0);
    QVERIFY(apply(model));
    QCOMPARE(psql(QStringLiteral("SELECT name FROM birds WHERE id = 1")), QStringLiteral("swan"));
}

void TestRowsModelApply::appliesInALargeTable()
{
    psql(QStringLiteral("TRUNCATE large; INSERT INTO large SELECT i * 10, 'n' || i, i FROM generate_series(1, 50000) i;"
                        "ANALYZE large"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    open(model, QStringLiteral("large"));
    QVERIFY(viewer.show(25'000));
    const QString first = viewer.text(viewer.first, 0);
    const int middle = viewer.first + 10;
    const QString key = viewer.text(middle, 0);
    QVERIFY(model.setData(model.index(middle, 1), QStringLiteral("changed")));
    model.removeRows({middle + 1});
    model.addRow({{QStringLiteral("id"), QString::number(key.toInt() + 5)}});
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Applied);
    QCOMPARE(outcome->stored.size(), 3);
    QTRY_VERIFY(!model.isLoading());
    QVERIFY(viewer.show(viewer.first));
    QCOMPARE(viewer.text(viewer.first, 0), first);
    QCOMPARE(viewer.text(viewer.first + 10, 1), QStringLiteral("changed"));
    QCOMPARE(viewer.text(viewer.first + 11, 0).toInt(), key.toInt() + 5);
    QCOMPARE(viewer.text(viewer.first + 12, 0).toInt(), key.toInt() + 20);
}

QTEST_GUILESS_MAIN(TestRowsModelApply)
#include "tst_rowsmodelapply.moc"
