#include "models/rowsmodel.h"

#include "rowsfixture.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int bigTable = 100'000;

QString sampleSql()
{
    return QStringLiteral("SET ROLE my_database_user;"
                          "CREATE TABLE keyed (id int PRIMARY KEY, name text);"
                          "INSERT INTO keyed SELECT n * 2, 'row ' || n FROM generate_series(1, 2345) n;"
                          "CREATE TABLE pairs (a text, b int, PRIMARY KEY (a, b));"
                          "INSERT INTO pairs SELECT 'g' || n % 7, n FROM generate_series(1, 1500) n;"
                          "CREATE TABLE loose (n int); INSERT INTO loose SELECT generate_series(1, 5203);"
                          "CREATE VIEW seen AS SELECT n FROM loose;"
                          "CREATE TABLE nothing (id int PRIMARY KEY, name text);"
                          "CREATE TABLE mixed (id int PRIMARY KEY, t text, n numeric);"
                          "INSERT INTO mixed VALUES (1, NULL, 1.50), (2, '', NULL), (3, E'two\\nlines', 3),"
                          "  (4, (SELECT string_agg(md5(n::text), 'ä') FROM generate_series(1, 500) n), 4);"
                          "CREATE TABLE big (id bigint PRIMARY KEY, name text, kind int);"
                          "INSERT INTO big SELECT n, 'name ' || n, n %% 10 FROM generate_series(1, %1) n; ANALYZE big;")
        .arg(bigTable)
        .replace(QStringLiteral("%%"), QStringLiteral("%"));
}

} // namespace

/// Rows by page from a real server: all of them, each once, in order, and nothing that came too late.
class TestRowsModel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void pagesToTheEnd_data();
    void pagesToTheEnd();
    void valuesAndRoles();
    void emptyTable();
    void exactCount();
    void refreshSeesNewRows();
    void failureCanBeRetried();
    void lateAnswerIsDropped();
    void reconnectsOnce();
    void sortAndFilter();
    void newColumnsAreTakenOver();

private:
    RelationInfo relation(const QString &name) { return m_fixture.relation(name); }

    RowsFixture m_fixture;
};

void TestRowsModel::initTestCase()
{
    QVERIFY2(m_fixture.start(), qPrintable(m_fixture.cluster.problem()));
    m_fixture.psql(sampleSql());
}

void TestRowsModel::pagesToTheEnd_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("column");
    QTest::addColumn<int>("paging");
    QTest::newRow("by a key") << "keyed"
                              << "id" << int(Paging::ByKey);
    QTest::newRow("by a key of two columns") << "pairs"
                                             << "b" << int(Paging::ByKey);
    QTest::newRow("without a key") << "loose"
                                   << "n" << int(Paging::ByPlace);
    QTest::newRow("a view") << "seen"
                            << "n" << int(Paging::ByOffset);
}

void TestRowsModel::pagesToTheEnd()
{
    QFETCH(QString, table);
    QFETCH(QString, column);
    QFETCH(int, paging);
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, relation(table));
    QCOMPARE(model.state(), RowsModel::State::Loading);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(int(model.paging()), paging);
    const int at = model.columnOf(column);
    QStringList values;
    while (values.size() < model.rowCount()) {
        const int row = int(values.size());
        QVERIFY(viewer.show(row));
        QVERIFY(model.isNumberExact(row));
        for (int shown = row; shown <= viewer.last(); ++shown) {
            values += viewer.text(shown, at);
        }
    }
    const QString order = table == QStringLiteral("pairs") ? QStringLiteral("a, b") : column;
    const QStringList expected =
        m_fixture.psql(QStringLiteral("SELECT %1 FROM %2 ORDER BY %3").arg(column, table, order)).split(u'\n');
    QCOMPARE(values, expected);
    QTRY_VERIFY(model.count().isExact);
    QCOMPARE(model.count().rows, values.size());
}

void TestRowsModel::valuesAndRoles()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("mixed")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    const QModelIndex null = model.index(0, 1);
    QVERIFY(null.data(RowsModel::NullRole).toBool());
    QCOMPARE(null.data().toString(), QStringLiteral("NULL"));
    QVERIFY(!null.data(RowsModel::FullTextRole).isValid());
    const QModelIndex blank = model.index(1, 1);
    QVERIFY(!blank.data(RowsModel::NullRole).toBool());
    QCOMPARE(blank.data().toString(), QString());
    QCOMPARE(model.index(2, 1).data().toString(), QStringLiteral("two↵lines"));
    QCOMPARE(model.index(2, 1).data(RowsModel::FullTextRole).toString(), QStringLiteral("two\nlines"));
    QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("1.50"));
    QVERIFY(model.index(0, 2).data(Qt::TextAlignmentRole).value<Qt::Alignment>().testFlag(Qt::AlignRight));
    QVERIFY(model.headerData(0, Qt::Horizontal, RowsModel::KeyRole).toBool());
    QCOMPARE(model.headerData(0, Qt::Horizontal, RowsModel::TypeRole).toString(), QStringLiteral("int4"));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::AccessibleTextRole).toString(), QStringLiteral("id, int4, key"));
    QCOMPARE(model.headerData(1, Qt::Horizontal, RowsModel::ColumnRole).value<RowColumn>().name, QStringLiteral("t"));

    // A long value: its beginning at first, and whole when it is asked for.
    const QModelIndex longOne = model.index(3, 1);
    const QString whole = m_fixture.psql(QStringLiteral("SELECT t FROM mixed WHERE id = 4"));
    QVERIFY(longOne.data(RowsModel::ShortenedRole).toBool());
    QVERIFY(longOne.data(RowsModel::StoredBytesRole).toLongLong() > 2000);
    const QString cut = longOne.data().toString();
    QVERIFY(cut.size() < 500 && cut.endsWith(QChar(0x2026)) && !cut.contains(QChar::ReplacementCharacter));
    const QString beginning = longOne.data(RowsModel::FullTextRole).toString();
    QVERIFY(beginning.size() < whole.size() && whole.startsWith(beginning));
    QVERIFY(!model.flags(longOne).testFlag(Qt::ItemIsEditable));
    QVERIFY(!model.setData(longOne, QStringLiteral("half a value")));
    CellValue fetched;
    model.fetchWhole(longOne, this, [&](const Result<CellValue> &value) { fetched = value.value_or(CellValue()); });
    QTRY_COMPARE(fetched.value_or(QString()), whole);
    QVERIFY(!longOne.data(RowsModel::ShortenedRole).toBool());
    QCOMPARE(longOne.data(RowsModel::FullTextRole).toString(), whole);
    QVERIFY(model.flags(longOne).testFlag(Qt::ItemIsEditable));
}

void TestRowsModel::emptyTable()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("nothing")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 2); // its columns are known all the same
    QVERIFY(model.count().isExact);
}

void TestRowsModel::exactCount()
{
    RelationInfo info = relation(QStringLiteral("big"));
    info.estimatedRows = 90'000;
    info.rowsAreExact = false;
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QVERIFY(!model.count().isExact);
    QCOMPARE(model.count().rows, 90'000);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.countExactly();
    QVERIFY(model.isCounting());
    QTRY_VERIFY(!model.isCounting());
    QVERIFY(model.count().isExact);
    QCOMPARE(model.count().rows, bigTable);
    QCOMPARE(model.rowCount(), bigTable);
    QCOMPARE(reset.size(), 0);
    model.countExactly();
    model.cancelCount();
    QVERIFY(!model.isCounting());
    QTRY_COMPARE(m_fixture.busySessions(), 0);
}

void TestRowsModel::refreshSeesNewRows()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("mixed")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_fixture.psql(QStringLiteral("INSERT INTO mixed VALUES (5)"));
    model.refresh();
    QCOMPARE(model.rowCount(), 4); // what was there stays until the answer
    QTRY_COMPARE(model.rowCount(), 5);
    m_fixture.psql(QStringLiteral("DELETE FROM mixed WHERE id = 5"));
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 4);
}

void TestRowsModel::failureCanBeRetried()
{
    RelationInfo info = relation(QStringLiteral("mixed"));
    m_fixture.psql(QStringLiteral("ALTER TABLE mixed RENAME TO hidden"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Failed);
    QVERIFY(!model.error().message.isEmpty());
    m_fixture.psql(QStringLiteral("ALTER TABLE hidden RENAME TO mixed"));
    model.refresh();
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 4);
}

void TestRowsModel::lateAnswerIsDropped()
{
    const RelationInfo slow = relation(QStringLiteral("keyed"));
    const RelationInfo wanted = relation(QStringLiteral("nothing"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    QSignalSpy ready(&model, &QAbstractItemModel::modelReset);
    model.open(m_fixture.direct, m_fixture.database, slow);
    model.open(m_fixture.direct, m_fixture.database, wanted); // the first answer is still on its way
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(ready.size(), 3); // opened, opened, and one answer
    model.open(m_fixture.direct, m_fixture.database, slow);
    model.stop();
    bool isOver = false; // the session works in order: when this is back, so is what was asked before
    m_fixture.sessions.read<bool>(
        m_fixture.direct, m_fixture.database, this,
        [](DatabaseConnection &, const std::stop_token &) -> Result<bool> { return true; },
        [&](const Result<bool> &) { isOver = true; });
    QTRY_VERIFY(isOver);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.state(), RowsModel::State::Empty);
}

void TestRowsModel::reconnectsOnce()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("mixed")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_fixture.cluster.psql(
        QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'"));
    model.refresh();
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 4);
}

void TestRowsModel::sortAndFilter()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("keyed")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QSignalSpy sorted(&model, &RowsModel::sortChanged);
    model.setSort({{QStringLiteral("name"), true}});
    QCOMPARE(sorted.size(), 1);
    QCOMPARE(model.state(), RowsModel::State::Loading);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QVERIFY(viewer.show(0));
    QCOMPARE(viewer.text(0, 1), m_fixture.psql(QStringLiteral("SELECT name FROM keyed ORDER BY 1 DESC LIMIT 1")));
    RowFilter filter;
    filter.conditions +=
        FilterCondition{QStringLiteral("name"), FilterCondition::Operator::Contains, {QStringLiteral("99")}};
    filter.where = QStringLiteral("id < 4000");
    model.setFilter(filter);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    const QStringList expected = m_fixture
                                     .psql(QStringLiteral("SELECT id FROM keyed WHERE name ILIKE '%99%' AND id < 4000"
                                                          " ORDER BY name DESC, id DESC"))
                                     .split(u'\n');
    QCOMPARE(model.rowCount(), expected.size());
    QVERIFY(model.count().isExact);
    for (int row = 0; row < model.rowCount(); ++row) {
        QCOMPARE(viewer.text(row, 0), expected.at(row));
    }
    bool isEstimated = false;
    model.estimateSort({{QStringLiteral("name"), false}}, this,
                       [&](const Result<SortEstimate> &estimate) { isEstimated = estimate && !estimate->usesIndex; });
    QTRY_VERIFY(isEstimated);
    model.setFilter({});
    model.setSort({});
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(viewer.text(0, 0), QStringLiteral("2"));
}

void TestRowsModel::newColumnsAreTakenOver()
{
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE growing (id int PRIMARY KEY, gone text);"
                                  "INSERT INTO growing VALUES (1, 'x')"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("growing")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_fixture.psql(QStringLiteral("ALTER TABLE growing ADD COLUMN more int DEFAULT 7, DROP COLUMN gone"));
    model.refresh();
    QTRY_COMPARE(model.columnOf(QStringLiteral("more")), 1);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.index(0, 1).data().toString(), QStringLiteral("7"));
}

QTEST_GUILESS_MAIN(TestRowsModel)
#include "tst_rowsmodel.moc"
