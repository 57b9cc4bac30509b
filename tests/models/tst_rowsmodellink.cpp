#include "models/rowsmodel.h"

#include "gui/stallprobe.h"
#include "rowsfixture.h"

#include <QElapsedTimer>
#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

qint64 residentBytes()
{
    QFile status(QStringLiteral("/proc/self/statm"));
    return status.open(QIODevice::ReadOnly) ? status.readAll().split(' ').at(1).toLongLong() * 4096 : 0;
}

} // namespace

/// Slow, silent and long: links, statements and tables.
class TestRowsModelLink : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void threadIsNeverHeldUp();
    void onlyTheNewestPlaceIsRead();
    void slowPageIsStoppedWhenLeft();
    void cancelStopsTheServer();
    void cancelOnAStalledLink();
    void othersGoOnWhenOneIsCancelled();
    void searchIsCancelled();
    void findsInTheTableAndInMemory();
    void wholeValueOfManyMegabytes();
    void memoryIsBounded();
    void tenThousandNewRows();

private:
    void open(RowsModel &model, const QString &table, bool isSlow);
    QString psql(const QString &sql) const { return m_fixture.psql(sql); }

    RowsFixture m_fixture;
};

void TestRowsModelLink::initTestCase()
{
    QVERIFY2(m_fixture.start(), qPrintable(m_fixture.cluster.problem()));
    psql(QStringLiteral("SET ROLE my_database_user;"
                        "CREATE TABLE big (id bigint PRIMARY KEY, name text, kind int, note text);"
                        "INSERT INTO big SELECT n, 'name ' || n, n % 10, CASE WHEN n % 3 = 0 THEN 'note' END"
                        "  FROM generate_series(1, 60000) n; ANALYZE big;"
                        "CREATE VIEW lazy AS SELECT id, name, CASE WHEN id > 500 THEN length(pg_sleep(0.02)::text) END "
                        "AS wait FROM big;"
                        "CREATE TABLE heavy (id int PRIMARY KEY, body text);"
                        "INSERT INTO heavy SELECT n, repeat('0123456789abcdef', 4) FROM generate_series(1, 300) n;"
                        "UPDATE heavy SET body = repeat('x', 30000000) WHERE id = 3"));
}

void TestRowsModelLink::init()
{
    m_fixture.proxy->stall(false);
    m_fixture.proxy->setDelayMs(0);
    QTRY_COMPARE(m_fixture.busySessions(), 0);
}

void TestRowsModelLink::open(RowsModel &model, const QString &table, bool isSlow)
{
    model.open(isSlow ? m_fixture.slow : m_fixture.direct, m_fixture.database, m_fixture.relation(table));
    QTRY_COMPARE_WITH_TIMEOUT(model.state(), RowsModel::State::Ready, 10'000);
    QTRY_VERIFY_WITH_TIMEOUT(model.description(), 10'000);
    QTRY_VERIFY(!model.isLoading());
}

void TestRowsModelLink::threadIsNeverHeldUp()
{
    m_fixture.proxy->setDelayMs(35);
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    StallProbe probe;
    open(model, QStringLiteral("big"), true);
    for (const int row : {0, 150, 300, 30'000, 30'150, 59'960, 59'800, 10'000, 0}) {
        QVERIFY(viewer.show(row));
    }
    model.setSort({{QStringLiteral("name"), false}});
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    model.countExactly();
    QTRY_VERIFY(!model.isCounting());
    QVERIFY(model.setData(model.index(0, 1), QStringLiteral("first")));
    model.refresh();
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    model.cancel();
    model.discardChanges();
    QVERIFY2(probe.worst() <= 50, qPrintable(QString::number(probe.worst())));
}

/// A scroll bar that is dragged over a slow link: what was passed on the way is not read.
void TestRowsModelLink::onlyTheNewestPlaceIsRead()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    open(model, QStringLiteral("big"), true);
    m_fixture.proxy->setDelayMs(35);
    m_fixture.proxy->resetCount();
    QElapsedTimer timer;
    timer.start();
    for (int row = 1000; row <= 51'000; row += 500) { // a hundred places
        viewer.look(row);
        QTest::qWait(2);
    }
    QTRY_VERIFY_WITH_TIMEOUT(viewer.isAllLoaded(), 5000);
    QVERIFY2(m_fixture.proxy->roundTrips() <= 3 + timer.elapsed() / 70,
             qPrintable(QString::number(m_fixture.proxy->roundTrips())));
    QVERIFY2(m_fixture.proxy->roundTrips() < 15, qPrintable(QString::number(m_fixture.proxy->roundTrips())));
    QVERIFY(qAbs(viewer.text(viewer.first, 0).toInt() - viewer.first) < 3000);
}

/// A place far down in a view takes for ever, and nobody waits for it any more.
void TestRowsModelLink::slowPageIsStoppedWhenLeft()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    RelationInfo info = m_fixture.relation(QStringLiteral("lazy"));
    info.estimatedRows = 60'000;
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    QCOMPARE(model.paging(), Paging::ByOffset);
    viewer.look(50'000);
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    QElapsedTimer timer;
    timer.start();
    QVERIFY(viewer.show(100));
    QVERIFY2(timer.elapsed() < 3000, qPrintable(QString::number(timer.elapsed())));
    QTRY_COMPARE(m_fixture.busySessions(), 0);
    QCOMPARE(viewer.text(viewer.first, 0), QStringLiteral("101"));
}

void TestRowsModelLink::cancelStopsTheServer()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    RelationInfo info = m_fixture.relation(QStringLiteral("lazy"));
    info.estimatedRows = 60'000;
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    // A page while scrolling.
    viewer.look(50'000);
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    QVERIFY(model.isLoading());
    model.cancel();
    QVERIFY(!model.isLoading());
    QCOMPARE(model.state(), RowsModel::State::Ready);
    QTRY_COMPARE(m_fixture.busySessions(), 0);
    // A sort: what is shown, and its order, stay.
    QSignalSpy sorted(&model, &RowsModel::sortChanged);
    model.setSort({{QStringLiteral("wait"), false}});
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    QCOMPARE(model.state(), RowsModel::State::Loading);
    model.cancel();
    QCOMPARE(model.state(), RowsModel::State::Ready);
    QVERIFY(model.sort().isEmpty());
    QCOMPARE(sorted.size(), 2);
    QTRY_COMPARE(m_fixture.busySessions(), 0);
    QVERIFY(viewer.show(0));
    QCOMPARE(viewer.text(0, 0), QStringLiteral("1"));
    // The very first page.
    RowsModel never(&m_fixture.sessions, &m_fixture.activity);
    RowsModel other(&m_fixture.sessions, &m_fixture.activity);
    psql(QStringLiteral(
        "CREATE OR REPLACE VIEW sleeping AS SELECT pg_sleep(60)::text; GRANT SELECT ON sleeping TO PUBLIC"));
    never.open(m_fixture.direct, m_fixture.database, m_fixture.relation(QStringLiteral("sleeping")));
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    never.cancel();
    QCOMPARE(never.state(), RowsModel::State::Failed);
    QVERIFY(never.error().isCancelled());
    QTRY_COMPARE(m_fixture.busySessions(), 0);
    open(other, QStringLiteral("big"), false);
    QCOMPARE(other.rowCount(), 60'000);
}

void TestRowsModelLink::cancelOnAStalledLink()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    open(model, QStringLiteral("big"), true);
    StallProbe probe;
    m_fixture.proxy->stall(true);
    viewer.look(30'000);
    QVERIFY(model.isLoading());
    QTest::qWait(50);
    model.cancel();
    QVERIFY(!model.isLoading());
    QCOMPARE(model.state(), RowsModel::State::Ready);
    viewer.look(0);
    QVERIFY(viewer.isAllLoaded()); // what is here can be looked at
    QVERIFY2(probe.worst() <= 50, qPrintable(QString::number(probe.worst())));
    m_fixture.proxy->stall(false);
    QVERIFY(viewer.show(40'000));
    QVERIFY(qAbs(viewer.text(viewer.first, 0).toInt() - 40'000) < 3000);
    QTRY_COMPARE(m_fixture.busySessions(), 0);
}

/// Two tables of one database share its session: the end of one's page is not the end of the other's.
void TestRowsModelLink::othersGoOnWhenOneIsCancelled()
{
    RowsModel slow(&m_fixture.sessions, &m_fixture.activity);
    RowsModel other(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&slow);
    RelationInfo info = m_fixture.relation(QStringLiteral("lazy"));
    info.estimatedRows = 60'000;
    const RelationInfo wanted = m_fixture.relation(QStringLiteral("heavy"));
    slow.open(m_fixture.direct, m_fixture.database, info);
    QTRY_COMPARE(slow.state(), RowsModel::State::Ready);
    viewer.look(50'000);
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    other.open(m_fixture.direct, m_fixture.database, wanted);
    slow.cancel();
    QTRY_VERIFY(other.state() != RowsModel::State::Loading);
    QVERIFY2(other.state() == RowsModel::State::Ready, qPrintable(other.error().message));
    QCOMPARE(other.rowCount(), 300);
}

void TestRowsModelLink::searchIsCancelled()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    RelationInfo info = m_fixture.relation(QStringLiteral("lazy"));
    model.open(m_fixture.direct, m_fixture.database, info);
    QTRY_COMPARE(model.state(), RowsModel::State::Ready);
    std::optional<Result<int>> row;
    model.findInTable(QStringLiteral("is nowhere"), 0, false, [&](const Result<int> &found) { row = found; });
    QVERIFY(model.isFinding());
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    model.cancelFind();
    QVERIFY(row && !*row && row->error().isCancelled());
    QTRY_COMPARE(m_fixture.busySessions(), 0);
}

void TestRowsModelLink::findsInTheTableAndInMemory()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    open(model, QStringLiteral("big"), false);
    const auto find = [&](const QString &text, int from, bool backward) {
        std::optional<Result<int>> row;
        model.findInTable(text, from, backward, [&](const Result<int> &found) { row = found; });
        return QTest::qWaitFor([&] { return row.has_value(); }, 10'000) ? row->value_or(-3) : -4;
    };
    int row = find(QStringLiteral("NAME 4567"), 0, false);
    QVERIFY(row >= 0);
    QCOMPARE(viewer.text(row, 1), QStringLiteral("name 4567"));
    QVERIFY(viewer.show(row));
    row = find(QStringLiteral("name 4567"), row + 1, false);
    QVERIFY(row >= 0);
    QCOMPARE(viewer.text(row, 1), QStringLiteral("name 45670"));
    QVERIFY(viewer.show(row));
    row = find(QStringLiteral("name 4567"), row - 1, true);
    QVERIFY(row >= 0);
    QCOMPARE(viewer.text(row, 1), QStringLiteral("name 4567"));
    QCOMPARE(find(QStringLiteral("is nowhere"), 0, false), -1);

    QVERIFY(viewer.show(0));
    int column = -1;
    QTRY_VERIFY(!model.isLoading());
    QCOMPARE(model.findLoaded(QStringLiteral("AME 150"), 0, -1, false, &column), 149);
    QCOMPARE(column, 1);
    QCOMPARE(model.findLoaded(QStringLiteral("note"), 149, 3, true, &column), 146);
    QCOMPARE(column, 3);
    QCOMPARE(model.findLoaded(QStringLiteral("is nowhere"), 0, -1, false, &column), -1);
    const int added = model.addRow({{QStringLiteral("name"), QStringLiteral("Größe")}});
    QCOMPARE(model.findLoaded(QStringLiteral("GRÖSS"), 0, -1, false, &column), -1);
    QCOMPARE(model.findLoaded(QStringLiteral("GRÖ"), 0, -1, false, &column), added);
}

void TestRowsModelLink::wholeValueOfManyMegabytes()
{
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    open(model, QStringLiteral("heavy"), false);
    const QModelIndex cell = model.index(2, 1);
    QVERIFY(cell.data(RowsModel::ShortenedRole).toBool());
    StallProbe probe;
    qsizetype size = -1;
    model.fetchWhole(cell, this,
                     [&](const Result<CellValue> &value) { size = value ? value->value_or(QString()).size() : -2; });
    QTRY_VERIFY_WITH_TIMEOUT(size != -1, 20'000);
    QCOMPARE(size, 30'000'000);
    QVERIFY(!cell.data(RowsModel::ShortenedRole).toBool());
    QVERIFY(cell.data().toString().size() < 500);
    // One copy: what data() gives is what is kept.
    const QString one = cell.data(RowsModel::FullTextRole).toString();
    const QString two = cell.data(RowsModel::FullTextRole).toString();
    QVERIFY(one.constData() == two.constData());
    QVERIFY2(probe.worst() <= 50, qPrintable(QString::number(probe.worst())));
}

/// A million rows go by. Nothing is kept per row.
void TestRowsModelLink::memoryIsBounded()
{
    psql(QStringLiteral(
        "SET ROLE my_database_user; CREATE TABLE million (id bigint PRIMARY KEY, body text);"
        "INSERT INTO million SELECT n, md5(n::text) FROM generate_series(1, 1000000) n; ANALYZE million"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model, 900); // large steps, few trips
    open(model, QStringLiteral("million"), false);
    const qint64 before = residentBytes();
    QVERIFY(model.rowCount() > 900'000);
    for (int row = 0; row < 1'000'000; row += 880) {
        QVERIFY(viewer.show(row));
        QCOMPARE(viewer.text(viewer.first, 0).toInt(), viewer.first + 1);
    }
    QCOMPARE(viewer.text(viewer.last(), 0), QStringLiteral("1000000"));
    const qint64 more = (residentBytes() - before) >> 20;
    QVERIFY2(more < 150, qPrintable(QString::number(more)));
    qInfo("%lld MB more than at the start", more);
}

/// As after a paste: in pieces, as the window does it, then undone, done again and applied.
void TestRowsModelLink::tenThousandNewRows()
{
    psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE pasted (id int PRIMARY KEY, a text, b text, c text)"));
    RowsModel model(&m_fixture.sessions, &m_fixture.activity);
    Viewer viewer(&model);
    open(model, QStringLiteral("pasted"), false);
    StallProbe probe;
    const auto worst = [&probe](const char *what) {
        const qint64 ms = probe.worst();
        probe.restart();
        return ms <= 50 ? QString() : QStringLiteral("%1: %2 ms").arg(QString::fromLatin1(what)).arg(ms);
    };
    model.beginStep(QStringLiteral("Paste"));
    for (int first = 0; first < 10'000; first += 250) {
        QList<CellValues> rows;
        for (int row = first; row < first + 250; ++row) {
            rows += CellValues{{QStringLiteral("id"), QString::number(row)},
                               {QStringLiteral("a"), QStringLiteral("a %1").arg(row)},
                               {QStringLiteral("b"), std::nullopt}};
        }
        QCOMPARE(model.addRows(rows), first);
        QCoreApplication::processEvents();
    }
    model.endStep();
    QCoreApplication::processEvents();
    QCOMPARE(worst("paste"), QString());
    model.undo();
    QCoreApplication::processEvents();
    QCOMPARE(worst("undo"), QString());
    QCOMPARE(model.rowCount(), 0);
    model.redo();
    QCoreApplication::processEvents();
    QCOMPARE(worst("redo"), QString());
    QCOMPARE(model.rowCount(), 10'000);
    std::optional<Result<ApplyOutcome>> outcome;
    model.apply(this, [&](const Result<ApplyOutcome> &result) { outcome = result; });
    QCoreApplication::processEvents();
    QCOMPARE(worst("apply"), QString());
    QTRY_VERIFY_WITH_TIMEOUT(outcome.has_value(), 30'000);
    QCOMPARE(worst("applied"), QString());
    QVERIFY(*outcome && (*outcome)->state == ApplyOutcome::State::Applied);
    QTRY_COMPARE(model.rowCount(), 10'000);
    QTRY_VERIFY(!model.isLoading());
    QVERIFY(viewer.show(9000));
    QVERIFY(qAbs(viewer.text(viewer.first, 0).toInt() - viewer.first) < 300); // a guess, after a jump
    QCOMPARE(worst("shown"), QString());
}

QTEST_GUILESS_MAIN(TestRowsModelLink)
#include "tst_rowsmodellink.moc"
