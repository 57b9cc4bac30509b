#include "models/rowsmodel.h"

#include "rowsfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// Staged edits over the rows.
class TestRowsModelEdits : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cellsAndRowsAreStaged();
    void stepsAreToldOnce();
    void rulesAreKnownBeforehand();
    void readOnlyTablesSayWhy();
    void editsOutliveSortFilterAndRefresh();
    void editsOutliveALostConnection();
    void applies();

private:
    RelationInfo relation(const QString &name) { return m_fixture.relation(name); }
    /// Opens a table and waits until it is described.
    void open(RowsModel &model, const QString &table, bool isSlow = false);
    Result<ApplyOutcome> apply(RowsModel &model);
    QString psql(const QString &sql) const { return m_fixture.psql(sql); }

    RowsFixture m_fixture;
};

void TestRowsModelEdits::initTestCase()
{
    QVERIFY2(m_fixture.start(), qPrintable(m_fixture.cluster.problem()));
    psql(QStringLiteral("SET ROLE my_database_user;"
                        "CREATE TYPE mood AS ENUM ('sad', 'ok');"
                        "CREATE TABLE ruled (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(5) NOT NULL,"
                        "  feeling mood, made timestamptz DEFAULT now(), twice int GENERATED ALWAYS AS (2) STORED,"
                        "  plain text);"
                        "INSERT INTO ruled (name) VALUES ('a'), ('b');"
                        "CREATE TABLE loose (n int); INSERT INTO loose VALUES (1);"
                        "CREATE VIEW counted AS SELECT count(*) FROM loose;"
                        "CREATE TABLE shy (id int PRIMARY KEY, note text); INSERT INTO shy VALUES (1, 'x');"));
    psql(QStringLiteral("CREATE TABLE foreign_to_us (id int PRIMARY KEY); GRANT SELECT ON foreign_to_us TO PUBLIC"));
}

void TestRowsModelEdits::init()
{
    m_fixture.proxy->stall(false);
    m_fixture.proxy->setDelayMs(0);
    psql(QStringLiteral("DROP TABLE IF EXISTS birds; SET ROLE my_database_user;"
                        "CREATE TABLE birds (id int PRIMARY KEY, name text, n int CHECK (n < 1000));"
                        "INSERT INTO birds SELECT i, 'bird ' || i, i FROM generate_series(1, 300) i"));
}

void TestRowsModelEdits::open(RowsModel &model, const QString &table, bool isSlow)
{
    model.open(isSlow ? m_fixture.slow : m_fixture.direct, m_fixture.database, relation(table));
    QTRY_VERIFY(model.description());
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QTRY_VERIFY(!model.isLoading());
}

Result<ApplyOutcome> TestRowsModelEdits::apply(RowsModel &model)
{
    std::optional<Result<ApplyOutcome>> outcome;
    model.apply(this, [&](const Result<ApplyOutcome> &result) { outcome = result; });
    if (!QTest::qWaitFor([&] { return outcome.has_value(); }, 30'000)) {
        return failure(ErrorCode::TimedOut, QStringLiteral("no outcome"));
    }
    return *outcome;
}

void TestRowsModelEdits::cellsAndRowsAreStaged()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    open(model, QStringLiteral("birds"));
    const auto state = [&](int row, int column) {
        return RowsModel::CellState(model.index(row, column).data(RowsModel::CellStateRole).toInt());
    };
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("swan")));
    QCOMPARE(state(0, 1), RowsModel::CellState::Changed);
    QCOMPARE(state(0, 0), RowsModel::CellState::Plain);
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("swan"));
    QCOMPARE(model.index(0, 1).data(RowsModel::BeforeRole).toString(), QStringLiteral("bird 1"));
    QVERIFY(model.setData(model.index(1, 1), QVariant()));
    QVERIFY(model.index(1, 1).data(RowsModel::NullRole).toBool());
    QVERIFY(model.setData(model.index(2, 1), QString())); // empty is not NULL
    QVERIFY(!model.index(2, 1).data(RowsModel::NullRole).toBool());
    const int added = model.addRow({{QStringLiteral("name"), QStringLiteral("new")}});
    QCOMPARE(added, 300);
    QCOMPARE(model.rowCount(), 301);
    QCOMPARE(model.rowNumber(added), -1);
    QCOMPARE(state(added, 1), RowsModel::CellState::NewRow);
    QVERIFY(model.index(added, 0).data(RowsModel::DefaultRole).toBool());
    QVERIFY(!model.index(added, 1).data(RowsModel::DefaultRole).toBool());
    model.removeRows({3, 4});
    QCOMPARE(state(3, 0), RowsModel::CellState::DeletedRow);
    QVERIFY(!model.flags(model.index(3, 1)).testFlag(Qt::ItemIsEditable));
    QVERIFY(!model.setData(model.index(3, 1), QStringLiteral("no")));
    QCOMPARE(model.changes().counts().total(), 6);
    QCOMPARE(model.count().rows, 300); // new rows are not counted
    for (int i = 0; i < 5; ++i) {
        model.undo();
    }
    QVERIFY(model.changes().isEmpty());
    QCOMPARE(model.rowCount(), 300);
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("bird 1"));
    for (int i = 0; i < 5; ++i) {
        model.redo();
    }
    QCOMPARE(model.rowCount(), 301);
    QCOMPARE(model.changes().counts().total(), 6);
    model.restoreRows({3});
    model.revert({model.index(0, 1), model.index(300, 1)});
    QCOMPARE(state(0, 1), RowsModel::CellState::Plain);
    QCOMPARE(state(3, 0), RowsModel::CellState::Plain);
    QVERIFY(model.index(300, 1).data(RowsModel::DefaultRole).toBool());
    model.removeRows({300}); // a new row simply vanishes
    QCOMPARE(model.rowCount(), 300);
    model.discardChanges();
    QVERIFY(model.changes().isEmpty());
}

void TestRowsModelEdits::stepsAreToldOnce()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("birds"));
    QSignalSpy changes(&model, &RowsModel::changesChanged);
    QSignalSpy data(&model, &QAbstractItemModel::dataChanged);
    model.beginStep(QStringLiteral("Paste"));
    for (int row = 10; row < 200; ++row) {
        QVERIFY(model.setData(model.index(row, 1), QStringLiteral("same")));
    }
    QCOMPARE(model.addRows(QList<CellValues>(50)), 300);
    model.endStep();
    QCOMPARE(changes.size(), 1);
    QCOMPARE(data.size(), 1);
    QCOMPARE(data.constFirst().at(0).toModelIndex().row(), 10);
    model.undo();
    QVERIFY(model.changes().isEmpty());
    QCOMPARE(model.rowCount(), 300);
}

void TestRowsModelEdits::rulesAreKnownBeforehand()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("ruled"));
    const auto column = [&](const char *name) { return model.columnOf(QString::fromLatin1(name)); };
    QVERIFY(model.readOnlyReason().isEmpty());
    QVERIFY(!model.readOnlyReason(column("id")).isEmpty());
    QVERIFY(!model.readOnlyReason(column("twice")).isEmpty());
    QVERIFY(model.readOnlyReason(column("name")).isEmpty());
    QVERIFY(!model.flags(model.index(0, column("id"))).testFlag(Qt::ItemIsEditable));
    QVERIFY(!model.setData(model.index(0, column("twice")), QStringLiteral("1")));

    const auto problem = [&](const char *name, const CellValue &value) {
        return !model.valueProblem(column(name), value).isEmpty();
    };
    QVERIFY(problem("name", std::nullopt));
    QVERIFY(problem("name", QStringLiteral("sixsix")));
    QVERIFY(!problem("name", QStringLiteral("five   "))); // the server cuts blanks
    QVERIFY(!problem("name", QStringLiteral("𝄞𝄞𝄞𝄞𝄞")));   // five characters
    QVERIFY(!problem("name", QString()));
    QVERIFY(problem("feeling", QStringLiteral("glad")));
    QVERIFY(!problem("feeling", QStringLiteral("ok")));
    QVERIFY(!problem("feeling", std::nullopt));
    QVERIFY(model.valueProblem(column("plain"), QStringLiteral("ab") + QChar(0)).contains(u'3'));
    QVERIFY(model.valueProblem(column("plain"), QStringLiteral("a") + QChar(0xD834)).contains(u'2'));
    QVERIFY(!problem("made", QStringLiteral("tomorrow"))); // the server knows better

    const int row = model.addRow();
    QVERIFY(model.index(row, column("made")).data().toString().contains(QStringLiteral("now()")));
    QVERIFY(model.index(row, column("made")).data(RowsModel::DefaultRole).toBool());
    QVERIFY(model.index(row, column("plain")).data(RowsModel::NullRole).toBool());
    QVERIFY(!model.setData(model.index(row, column("id")), QStringLiteral("7")));
    QVERIFY(model.setData(model.index(row, column("name")), QStringLiteral("c")));
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Applied);
    QCOMPARE(psql(QStringLiteral("SELECT name, twice, made IS NOT NULL FROM ruled WHERE id = 3")),
             QStringLiteral("c|2|t"));
}

void TestRowsModelEdits::readOnlyTablesSayWhy()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("loose"));
    QVERIFY(model.readOnlyReason().contains(QStringLiteral("ALTER TABLE")));
    QVERIFY(!model.setData(model.index(0, 0), QStringLiteral("2")));
    QCOMPARE(model.addRow(), -1);
    open(model, QStringLiteral("counted"));
    QVERIFY(model.readOnlyReason().contains(QStringLiteral("view")));
    open(model, QStringLiteral("foreign_to_us"));
    QVERIFY(model.readOnlyReason().contains(QStringLiteral("GRANT")));
    psql(QStringLiteral(
        "REVOKE UPDATE, DELETE ON shy FROM my_database_user; GRANT UPDATE (note) ON shy TO my_database_user"));
    open(model, QStringLiteral("shy"));
    QVERIFY(model.readOnlyReason().isEmpty());
    QVERIFY(model.readOnlyReason(0).contains(QStringLiteral("GRANT")));
    QVERIFY(model.readOnlyReason(1).isEmpty());
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("y")));
    model.removeRows({0});
    QCOMPARE(model.changes().counts().removed, 0);
}

void TestRowsModelEdits::editsOutliveSortFilterAndRefresh()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    open(model, QStringLiteral("birds"));
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("swan")));
    QVERIFY(model.setData(model.index(0, 0), QStringLiteral("1001"))); // the key itself
    model.removeRows({1});
    model.addRow({{QStringLiteral("id"), QStringLiteral("2000")}});
    model.setSort({{QStringLiteral("id"), true}});
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QTRY_COMPARE(model.index(299, 1).data().toString(), QStringLiteral("swan"));
    QCOMPARE(model.rowCount(), 301);
    QCOMPARE(model.key(299), RowKey{QStringLiteral("1")});
    QCOMPARE(model.index(298, 0).data(RowsModel::CellStateRole).toInt(), int(RowsModel::CellState::DeletedRow));
    QCOMPARE(model.index(300, 0).data().toString(), QStringLiteral("2000"));
    RowFilter filter;
    filter.where = QStringLiteral("id > 290");
    model.setFilter(filter);
    QTRY_COMPARE(model.rowCount(), 11);
    QCOMPARE(model.index(10, 0).data().toString(), QStringLiteral("2000"));
    QCOMPARE(model.changes().counts().total(), 3);
    model.setFilter({});
    model.setSort({});
    QTRY_COMPARE(model.rowCount(), 301);
    model.refresh();
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("swan"));
    QCOMPARE(model.changes().counts().total(), 3);
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Applied);
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(id || ':' || coalesce(name, '-'), ',' ORDER BY id) FROM birds"
                                 " WHERE id < 4 OR id > 300")),
             QStringLiteral("3:bird 3,1001:swan,2000:-"));
}

void TestRowsModelEdits::editsOutliveALostConnection()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("birds"), true);
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("swan")));
    m_fixture.proxy->cut();
    model.refresh();
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("swan"));
    m_fixture.proxy->cut();
    const Result<ApplyOutcome> outcome = apply(model); // the dead connection is seen before anything is sent
    if (!outcome) {
        QCOMPARE(outcome.error().code, ErrorCode::ConnectionLost);
        QVERIFY(apply(model));
    }
    QCOMPARE(psql(QStringLiteral("SELECT name FROM birds WHERE id = 1")), QStringLiteral("swan"));
    QVERIFY(model.changes().isEmpty());
}

void TestRowsModelEdits::applies()
{
    psql(QStringLiteral(
        "CREATE FUNCTION upper_name() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END';"
        "CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON birds FOR EACH ROW EXECUTE FUNCTION upper_name()"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Viewer viewer(&model);
    open(model, QStringLiteral("birds"));
    QVERIFY(viewer.show(100));
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    const QPersistentModelIndex selected = model.index(120, 0);
    QVERIFY(model.setData(model.index(101, 1), QStringLiteral("swan")));
    model.removeRows({110, 111, 5});
    model.addRow({{QStringLiteral("id"), QStringLiteral("0")}, {QStringLiteral("name"), QStringLiteral("first")}});
    const Result<ApplyOutcome> outcome = apply(model);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Applied);
    QVERIFY(model.changes().isEmpty() && !model.changes().canUndo());
    QTRY_VERIFY(!model.isLoading());
    QCOMPARE(model.rowCount(), 298);
    QVERIFY(model.count().isExact);
    QCOMPARE(selected.data().toString(), QStringLiteral("121")); // the same row, wherever it stands
    QCOMPARE(reset.size(), 0);
    QCOMPARE(viewer.text(0, 1), QStringLiteral("FIRST"));
    for (int row = 0; row < model.rowCount(); ++row) {
        if (viewer.text(row, 0) == QStringLiteral("102")) {
            QCOMPARE(viewer.text(row, 1), QStringLiteral("SWAN")); // as the trigger made it
        }
    }
    psql(QStringLiteral("DROP TRIGGER shout ON birds; DROP FUNCTION upper_name()"));
}

QTEST_GUILESS_MAIN(TestRowsModelEdits)
#include "tst_rowsmodeledits.moc"
