#include "models/rowsmodel.h"

#include "modelfixture.h"
#include "postgres/catalogreader.h"
#include "support/temporarycluster.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

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

private:
    RelationInfo relation(const QString &name);
    Instance instance();

    TemporaryCluster m_cluster;
    ModelFixture m_fixture;
    Profile m_profile;
    const QString m_database = QStringLiteral("shop");
};

void TestRowsModel::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_profile = m_fixture.save(QStringLiteral("home"), m_cluster.spec(m_database));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user;"
                                  "CREATE TABLE keyed (id int PRIMARY KEY, name text);"
                                  "INSERT INTO keyed SELECT n * 2, 'row ' || n FROM generate_series(1, 2345) n;"
                                  "CREATE TABLE pairs (a text, b int, PRIMARY KEY (a, b));"
                                  "INSERT INTO pairs SELECT 'g' || n % 7, n FROM generate_series(1, 1500) n;"
                                  "CREATE TABLE loose (n int); INSERT INTO loose SELECT generate_series(1, 1203);"
                                  "CREATE TABLE nothing (id int PRIMARY KEY, name text);"
                                  "CREATE TABLE mixed (id int PRIMARY KEY, t text, n numeric);"
                                  "INSERT INTO mixed VALUES (1, NULL, 1.50), (2, '', NULL), (3, E'two\\nlines', 3),"
                                  "  (4, repeat('ä', 5000), 4);"),
                   m_database);
}

Instance TestRowsModel::instance()
{
    return ModelFixture::instanceOf(m_profile);
}

RelationInfo TestRowsModel::relation(const QString &name)
{
    RelationInfo found;
    bool isThere = false;
    m_fixture.sessions.read<QList<RelationInfo>>(
        instance(), m_database, this,
        [](DatabaseConnection &connection, const std::stop_token &stop) {
            return CatalogReader::relations(connection, stop);
        },
        [&](const Result<QList<RelationInfo>> &relations) {
            for (const RelationInfo &one : relations.value_or(QList<RelationInfo>())) {
                found = one.id.name == name ? one : found;
            }
            isThere = true;
        });
    [[maybe_unused]] const bool came = QTest::qWaitFor([&] { return isThere; });
    return found;
}

void TestRowsModel::pagesToTheEnd_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("column");
    QTest::newRow("by a key") << "keyed"
                              << "id";
    QTest::newRow("by a key of two columns") << "pairs"
                                             << "b";
    QTest::newRow("without a key") << "loose"
                                   << "n";
}

void TestRowsModel::pagesToTheEnd()
{
    QFETCH(QString, table);
    QFETCH(QString, column);
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.open(instance(), m_database, relation(table));
    QCOMPARE(model.state(), RowsModel::State::Loading);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    for (int row = 0; row < model.rowCount(); row += 150) {
        model.setVisibleRows(row, qMin(row + 40, model.rowCount() - 1));
        QTRY_VERIFY(model.index(qMin(row + 40, model.rowCount() - 1), 0).data(RowsModel::LoadedRole).toBool());
    }
    QTRY_VERIFY(model.count().isExact);
    int at = -1;
    for (int i = 0; i < model.columnCount(); ++i) {
        at = model.headerData(i, Qt::Horizontal, Qt::DisplayRole).toString() == column ? i : at;
    }
    QStringList values;
    for (int row = 0; row < model.rowCount(); ++row) {
        values += model.index(row, at).data(RowsModel::FullTextRole).toString();
    }
    const QString order = table == QStringLiteral("pairs") ? QStringLiteral("a, b") : column;
    QCOMPARE(values,
             m_cluster.psql(QStringLiteral("SELECT %1 FROM %2 ORDER BY %3").arg(column, table, order), m_database)
                 .split(u'\n'));
    QVERIFY(model.count().isExact);
    QCOMPARE(model.count().rows, values.size());
}

void TestRowsModel::valuesAndRoles()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(instance(), m_database, relation(QStringLiteral("mixed")));
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
    const QString cut = model.index(3, 1).data().toString();
    QVERIFY(cut.size() < 500 && cut.endsWith(QChar(0x2026)) && !cut.contains(QChar::ReplacementCharacter));
    QCOMPARE(model.index(3, 1).data(RowsModel::FullTextRole).toString(), QString(5000, QChar(0xE4)));
    QCOMPARE(model.index(0, 2).data().toString(), QStringLiteral("1.50"));
    QVERIFY(model.index(0, 2).data(Qt::TextAlignmentRole).value<Qt::Alignment>().testFlag(Qt::AlignRight));
    QVERIFY(model.headerData(0, Qt::Horizontal, RowsModel::KeyRole).toBool());
    QCOMPARE(model.headerData(0, Qt::Horizontal, RowsModel::TypeRole).toString(), QStringLiteral("int4"));
    QCOMPARE(model.headerData(0, Qt::Horizontal, Qt::AccessibleTextRole).toString(), QStringLiteral("id, int4, key"));
}

void TestRowsModel::emptyTable()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.open(instance(), m_database, relation(QStringLiteral("nothing")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(model.columnCount(), 2); // its columns are known all the same
    QVERIFY(model.count().isExact);
}

void TestRowsModel::exactCount()
{
    RelationInfo info = relation(QStringLiteral("keyed"));
    info.estimatedRows = 90'000;
    info.rowsAreExact = false;
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(instance(), m_database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QVERIFY(!model.count().isExact);
    QCOMPARE(model.count().rows, 90'000);
    model.countExactly();
    QVERIFY(model.isCounting());
    QTRY_VERIFY(!model.isCounting());
    QVERIFY(model.count().isExact);
    QCOMPARE(model.count().rows, 2345);
}

void TestRowsModel::refreshSeesNewRows()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.open(instance(), m_database, relation(QStringLiteral("mixed")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_cluster.psql(QStringLiteral("INSERT INTO mixed VALUES (5)"), m_database);
    model.refresh();
    QCOMPARE(model.rowCount(), 4); // what was there stays until the answer
    QTRY_COMPARE(model.rowCount(), 5);
    m_cluster.psql(QStringLiteral("DELETE FROM mixed WHERE id = 5"), m_database);
}

void TestRowsModel::failureCanBeRetried()
{
    RelationInfo info = relation(QStringLiteral("mixed"));
    m_cluster.psql(QStringLiteral("ALTER TABLE mixed RENAME TO hidden"), m_database);
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(instance(), m_database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Failed);
    QVERIFY(!model.error().message.isEmpty());
    m_cluster.psql(QStringLiteral("ALTER TABLE hidden RENAME TO mixed"), m_database);
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
    model.open(instance(), m_database, slow);
    model.open(instance(), m_database, wanted); // the first answer is still on its way
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 0);
    QCOMPARE(ready.size(), 3); // opened, opened, and one answer
    model.open(instance(), m_database, slow);
    model.stop();
    bool isOver = false; // the session works in order: when this is back, so is what was asked before
    m_fixture.sessions.read<bool>(
        instance(), m_database, this,
        [](DatabaseConnection &, const std::stop_token &) -> Result<bool> { return true; },
        [&](const Result<bool> &) { isOver = true; });
    QTRY_VERIFY(isOver);
    QCOMPARE(model.rowCount(), 0);
}

void TestRowsModel::reconnectsOnce()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    model.open(instance(), m_database, relation(QStringLiteral("mixed")));
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    m_cluster.psql(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'shop'"));
    model.refresh();
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.rowCount(), 4);
}

QTEST_GUILESS_MAIN(TestRowsModel)
#include "tst_rowsmodel.moc"
