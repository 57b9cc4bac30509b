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
    void refreshKeepsThePlace();
    void failureCanBeRetried();
    void lateAnswerIsDropped();
    void reconnectsOnce();
    void scrollsThroughABigTable();
    void jumpsAnywhereInOneTrip();
    void numbersGetExactAtBothEnds();
    void sortAndFilter();
    void sortDuringALoadWins();
    void badFilterLeavesTheRows();
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

/// Rows come and go above and in what is shown: the same rows stay in sight, and the selection stays with its rows.
void TestRowsModel::refreshKeepsThePlace()
{
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE moving (id int PRIMARY KEY);"
                                  "INSERT INTO moving SELECT n * 10 FROM generate_series(1, 1500) n; ANALYZE moving"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("moving")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QVERIFY(viewer.show(1000));
    QTRY_VERIFY(model.count().isExact);
    const QPersistentModelIndex selected = model.index(1010, 0);
    const QString first = viewer.text(viewer.first, 0);
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    m_fixture.psql(
        QStringLiteral("INSERT INTO moving SELECT n * 10 + 1 FROM generate_series(1, 30) n;"
                       "DELETE FROM moving WHERE id IN (1000, 2000, 10060); INSERT INTO moving VALUES (10071)"));
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 1528);
    QCOMPARE(viewer.text(viewer.first, 0), first);
    QCOMPARE(viewer.first, 1028);
    QCOMPARE(selected.data(RowsModel::FullTextRole).toString(), QStringLiteral("10110"));
    QCOMPARE(reset.size(), 0);
    for (int row = 0; row < model.rowCount(); row += 7) {
        const QString expected =
            m_fixture.psql(QStringLiteral("SELECT id FROM moving ORDER BY id OFFSET %1 LIMIT 1").arg(row));
        QCOMPARE(viewer.text(row, 0), expected);
        row += 100;
    }
    m_fixture.psql(QStringLiteral("TRUNCATE moving"));
    model.refresh();
    QTRY_COMPARE(model.rowCount(), 0);
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

/// All of it down and up again: each row right, each step at most one round trip, and never more in memory than it may
/// be.
void TestRowsModel::scrollsThroughABigTable()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.slow, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_VERIFY(model.description()); // then nothing else is under way
    QTRY_VERIFY(!model.isLoading());
    const auto step = [&](int row) {
        m_fixture.proxy->resetCount();
        if (!viewer.show(row) || m_fixture.proxy->roundTrips() > 1) {
            return QStringLiteral("row %1 took %2 round trips").arg(row).arg(m_fixture.proxy->roundTrips());
        }
        for (int shown = viewer.first; shown <= viewer.last(); ++shown) {
            if (viewer.text(shown, 0).toInt() != shown + 1 || !model.isNumberExact(shown)) {
                return QStringLiteral("row %1 is %2").arg(shown).arg(viewer.text(shown, 0));
            }
        }
        return Viewer::waitUntil([&] { return !model.isLoading(); }) ? QString() : QStringLiteral("never done");
    };
    for (int row = 0; row < bigTable; row += 130) {
        QCOMPARE(step(row), QString());
    }
    QVERIFY(model.count().isExact);
    QCOMPARE(model.rowCount(), bigTable);
    for (int row = bigTable - 40; row >= 0; row -= 130) {
        QCOMPARE(step(row), QString());
    }
    QCOMPARE(step(0), QString());
    int loaded = 0;
    for (int row = 0; row < bigTable; ++row) {
        loaded += model.index(row, 0).data(RowsModel::LoadedRole).toBool() ? 1 : 0;
    }
    QVERIFY2(loaded > 5000 && loaded <= 20'000, qPrintable(QString::number(loaded)));
}

void TestRowsModel::jumpsAnywhereInOneTrip()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    m_fixture.proxy->resetCount();
    model.open(m_fixture.slow, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_VERIFY(model.description());
    QTRY_VERIFY(!model.isLoading());
    QTest::qWait(0);
    for (const int row : {50'000, 0, bigTable - 40, 20'000, 70'001, 0}) {
        m_fixture.proxy->resetCount();
        QVERIFY(viewer.show(row));
        QTRY_VERIFY(!model.isLoading());
        QCOMPARE(m_fixture.proxy->roundTrips(), 1);
        const int id = viewer.text(viewer.first, 0).toInt();
        QVERIFY2(qAbs(id - 1 - row) < bigTable / 20, qPrintable(QString::number(id)));
        if (row == 0) {
            QCOMPARE(id, 1);
        }
    }
    // To the end, wherever that is.
    int end = -1;
    model.goToEnd([&](const Result<int> &row) { end = row.value_or(-2); });
    QTRY_VERIFY(end != -1);
    QCOMPARE(viewer.text(end, 0).toInt(), bigTable);
    // To a key.
    int place = -1;
    model.goToKey({QStringLiteral("77777")}, [&](const Result<int> &row) { place = row.value_or(-2); });
    QTRY_VERIFY(place != -1);
    QCOMPARE(viewer.text(place, 0).toInt(), 77'777);
    place = -1;
    model.setSort({{QStringLiteral("kind"), true}});
    // At once: the rows in the new order are waited for.
    model.goToKey({QStringLiteral("33333")}, [&](const Result<int> &row) { place = row.value_or(-2); });
    QTRY_VERIFY(place != -1);
    QCOMPARE(viewer.text(place, 0).toInt(), 33'333);
    QVERIFY(viewer.show(place));
    QCOMPARE(viewer.text(place, 0).toInt(), 33'333);
}

void TestRowsModel::numbersGetExactAtBothEnds()
{
    RelationInfo info = relation(QStringLiteral("big"));
    info.estimatedRows = 110'000; // wrong, as estimates are
    info.rowsAreExact = false;
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_VERIFY(model.description());
    QTRY_VERIFY(!model.isLoading());
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    QVERIFY(viewer.show(55'000));
    const int middle = viewer.text(viewer.first + 5, 0).toInt();
    const QPersistentModelIndex marked = model.index(viewer.first + 5, 0);
    int id = viewer.text(viewer.first, 0).toInt();
    while (viewer.text(viewer.last(), 0).toInt() != bigTable) {
        QVERIFY(viewer.show(viewer.first + 150));
        QVERIFY(viewer.text(viewer.first, 0).toInt() > id);
        id = viewer.text(viewer.first, 0).toInt();
    }
    QVERIFY(viewer.show(viewer.first));
    while (viewer.text(viewer.first, 0).toInt() != 1) {
        QVERIFY(viewer.show(viewer.first - 150));
        QVERIFY(viewer.text(viewer.first, 0).toInt() < id);
        id = viewer.text(viewer.first, 0).toInt();
    }
    QTRY_VERIFY(model.isNumberExact(viewer.first));
    QTRY_COMPARE(viewer.first, 0);
    QVERIFY(model.count().isExact);
    QCOMPARE(model.count().rows, bigTable);
    QCOMPARE(model.rowCount(), bigTable);
    QVERIFY(marked.isValid());
    QCOMPARE(marked.row(), middle - 1); // what was selected went along
    QCOMPARE(reset.size(), 0);
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

void TestRowsModel::sortDuringALoadWins()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.slow, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QTRY_VERIFY(model.description());
    m_fixture.proxy->setDelayMs(20);
    viewer.look(50'000);
    QVERIFY(model.isLoading());
    model.setSort({{QStringLiteral("id"), true}});
    viewer.look(0);
    RowFilter filter;
    filter.conditions +=
        FilterCondition{QStringLiteral("kind"), FilterCondition::Operator::Equal, {QStringLiteral("3")}};
    model.setFilter(filter);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_fixture.proxy->setDelayMs(0);
    QVERIFY(viewer.show(0));
    for (int row = 0; row <= viewer.last(); ++row) {
        QCOMPARE(viewer.text(row, 0).toInt(), bigTable - 7 - row * 10);
    }
}

void TestRowsModel::badFilterLeavesTheRows()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    model.open(m_fixture.direct, m_fixture.database, relation(QStringLiteral("big")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    RowFilter filter;
    filter.where = QStringLiteral("no_such_column = 1");
    model.setFilter(filter);
    QTRY_COMPARE(model.state(), RowsModel::State::Failed);
    QCOMPARE(model.error().sqlState, QByteArray("42703"));
    QCOMPARE(model.filter().where, filter.where); // to be mended
    QCOMPARE(viewer.text(0, 0), QStringLiteral("1"));
    QVERIFY(viewer.show(300)); // those that are shown can still be read
    QCOMPARE(viewer.text(300, 0), QStringLiteral("301"));
    model.setFilter({});
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
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
