// Changes to tables of every make: partitioned, wide, oddly named, with deferred constraints, and views.

#include "birdstable.h"

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Conflict = ChangeConflict::Kind;

const QString id = QStringLiteral("id");
const QString name = QStringLiteral("name");

bool isRefused(const Result<ApplyOutcome> &outcome, const char *sqlState)
{
    return outcome && outcome->state == ApplyOutcome::State::Refused && outcome->refusal->error.sqlState == sqlState;
}

} // namespace

class TestApplyTables : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(m_birds.start(), qPrintable(m_birds.cluster.problem())); }
    void cleanupTestCase() { m_birds.stop(); }
    void init() { m_birds.fill(); }
    void deferredConstraintsFailAtCommit();
    void partitions();
    void views();
    void hostileNames();
    void asManyColumnsAsThereCanBe();

private:
    BirdsTable m_birds;
};

void TestApplyTables::deferredConstraintsFailAtCommit()
{
    m_birds.execute(QStringLiteral("CREATE TABLE nests (id int PRIMARY KEY, name text, parent int REFERENCES nests "
                                   "DEFERRABLE INITIALLY DEFERRED)"));
    const ChangeTarget target = targetOf(*m_birds.connection, QStringLiteral("nests"));
    const QString parent = QStringLiteral("parent");
    const auto nest = [&](const QString &number, const CellValue &of) { return insert({{id, number}, {parent, of}}); };
    const QString one = QStringLiteral("1");
    const QString two = QStringLiteral("2");
    // Each refers to the other: only the end counts.
    auto outcome = applyChanges(*m_birds.connection, target, {nest(one, two), nest(two, one)});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    const auto before = m_birds.rows(QStringLiteral("nests"));
    // Only one of these changes can be it.
    const RowChange orphan = update(key(1), {{parent, two}}, {{parent, QStringLiteral("9")}});
    const RowChange other = update(key(2), {{name, std::nullopt}}, {{name, one}});
    outcome = applyChanges(*m_birds.connection, target, {other, orphan});
    QVERIFY2(isRefused(outcome, "23503"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, parent);
    QVERIFY(outcome->refusal->change == orphan);
    QVERIFY(m_birds.rows(QStringLiteral("nests")) == before);
    // Of these, either.
    outcome = applyChanges(*m_birds.connection, target, {nest(QStringLiteral("3"), two), orphan});
    QVERIFY2(isRefused(outcome, "23503"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->columns, (QStringList{parent, id}));
    QVERIFY(outcome->refusal->change.key.isEmpty());
    QVERIFY(m_birds.rows(QStringLiteral("nests")) == before);
    QVERIFY(m_birds.connection->isOpen());
}

void TestApplyTables::partitions()
{
    m_birds.execute(QStringLiteral("CREATE TABLE parts (id int, kind text, name text, PRIMARY KEY (id, kind)) "
                                   "PARTITION BY LIST (kind)"));
    m_birds.execute(QStringLiteral("CREATE TABLE parts_a PARTITION OF parts FOR VALUES IN ('a')"));
    m_birds.execute(QStringLiteral("CREATE TABLE parts_b PARTITION OF parts FOR VALUES IN ('b')"));
    m_birds.execute(QStringLiteral("ALTER TABLE parts_b ADD CONSTRAINT tidy CHECK (name <> 'mess')"));
    m_birds.execute(QStringLiteral("INSERT INTO parts VALUES (1, 'a', 'x'), (1, 'b', 'y')"));
    const ChangeTarget target = targetOf(*m_birds.connection, QStringLiteral("parts"));
    QCOMPARE(target.keyColumns.size(), 2);
    const QString kind = QStringLiteral("kind");
    const QString a = QStringLiteral("a");
    const QString b = QStringLiteral("b");
    const auto changed = [&](const QString &from, const CellValues &before, const CellValues &values) {
        return applyChanges(*m_birds.connection, target, {update({QStringLiteral("1"), from}, before, values)});
    };
    auto outcome = changed(a, {{kind, a}}, {{kind, b}});
    QVERIFY2(isRefused(outcome, "23505"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, kind); // found by the partition's own index, and of the two the one changed
    QCOMPARE(outcome->refusal->columns, (QStringList{id, kind}));
    outcome = changed(a, {{kind, a}}, {{kind, QStringLiteral("c")}});
    QVERIFY2(isRefused(outcome, "23514"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, kind);
    outcome = changed(b, {{name, QStringLiteral("y")}}, {{name, QStringLiteral("mess")}});
    QVERIFY2(isRefused(outcome, "23514"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, name);
    // Into another partition.
    outcome = changed(a, {{id, QStringLiteral("1")}, {kind, a}}, {{id, QStringLiteral("2")}, {kind, b}});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(kind), CellValue(b));
    QCOMPARE(m_birds.rows(QStringLiteral("parts_b")).size(), 2);
    QVERIFY(m_birds.rows(QStringLiteral("parts_a")).isEmpty());
}

void TestApplyTables::views()
{
    m_birds.execute(QStringLiteral("CREATE VIEW bipeds AS SELECT id, name, legs FROM birds WHERE legs = 2 WITH CHECK "
                                   "OPTION"));
    ChangeTarget target = m_birds.target;
    target.table.name = QStringLiteral("bipeds");
    const auto applied = [&](const RowChange &change) { return applyChanges(*m_birds.connection, target, {change}); };
    const QString legs = QStringLiteral("legs");
    const CellValue bird = QStringLiteral("bird 1");
    auto outcome = applied(update(key(1), {{name, bird}}, {{name, QStringLiteral("duck")}}));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    outcome = applied(update(key(1), {{name, bird}}, {{name, QStringLiteral("drake")}}));
    QVERIFY2(isConflict(outcome, Conflict::Changed), qPrintable(wordsOf(outcome)));
    outcome = applied(update(key(1), {{legs, QStringLiteral("2")}}, {{legs, QStringLiteral("3")}}));
    QVERIFY2(isRefused(outcome, "44000"), qPrintable(wordsOf(outcome)));
    outcome = applied(insert({{id, QStringLiteral("1")}}));
    QVERIFY2(isRefused(outcome, "23505"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, id);
    m_birds.execute(QStringLiteral("UPDATE birds SET legs = 4 WHERE id = 2"));
    outcome = applied(remove(key(2), {{id, QStringLiteral("2")}}));
    QVERIFY2(isConflict(outcome, Conflict::Gone), qPrintable(wordsOf(outcome)));
    m_birds.execute(QStringLiteral("CREATE VIEW pairs AS SELECT a.id, a.name, b.legs FROM birds a JOIN birds b ON b.id "
                                   "= a.id"));
    target.table.name = QStringLiteral("pairs");
    outcome = applied(update(key(1), {}, {{name, QStringLiteral("x")}}));
    QVERIFY2(isRefused(outcome, "55000"), qPrintable(wordsOf(outcome)));
    // A key that names several rows is none.
    m_birds.execute(QStringLiteral("CREATE VIEW byleg AS SELECT legs AS id, name, legs FROM birds"));
    target.table.name = QStringLiteral("byleg");
    outcome = applied(update(key(2), {}, {{name, QStringLiteral("x")}}));
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Conflict);
    QCOMPARE(m_birds.rows().value(QStringLiteral("5")).value(name), CellValue(QStringLiteral("bird 5")));
}

void TestApplyTables::hostileNames()
{
    const TableId table{QStringLiteral("we\"ird; $1"), QStringLiteral("Ta'ble %1 -- \\")};
    const QString first = QStringLiteral("co\"l $2");
    const QString second = QStringLiteral(" :name %2 select");
    m_birds.execute(QStringLiteral("CREATE SCHEMA ") + quoteIdentifier(table.schema));
    m_birds.execute(QStringLiteral("CREATE TABLE %1 (%2 text PRIMARY KEY, %3 text NOT NULL)")
                        .arg(table.quoted(), quoteIdentifier(first), quoteIdentifier(second)));
    const ChangeTarget target = targetOf(*m_birds.connection, table);
    const QString value = QStringLiteral("$1 %1 'quoted' \"too\" \\ :x \n;--");
    auto outcome = applyChanges(*m_birds.connection, target, {insert({{first, value}, {second, value}})});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    const RowChange wrong = update({value}, {{second, value}}, {{second, std::nullopt}, {first, QString()}});
    outcome = applyChanges(*m_birds.connection, target, {wrong});
    QVERIFY2(isRefused(outcome, "23502"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, second);
    m_birds.cluster.psql(previewSql(target, {update({value}, {{second, value}}, {{second, value + value}})}),
                         QStringLiteral("test"));
    outcome = applyChanges(*m_birds.connection, target, {remove({value}, {{first, value}, {second, value + value}})});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
}

void TestApplyTables::asManyColumnsAsThereCanBe()
{
    QStringList columns;
    for (int i = 1; i < 1600; ++i) {
        columns += QStringLiteral("c%1 int DEFAULT %1").arg(i);
    }
    m_birds.execute(QStringLiteral("CREATE TABLE wide (id int PRIMARY KEY, %1)").arg(columns.join(u',')));
    ChangeTarget target = m_birds.target; // described by hand: that of so many columns takes the server many seconds
    target.table.name = QStringLiteral("wide");
    target.columns.resize(1);
    for (int i = 1; i < 1600; ++i) {
        target.columns += target.columns.constFirst();
        target.columns.last().name = QStringLiteral("c%1").arg(i);
    }
    auto outcome = applyChanges(*m_birds.connection, target, {insert({{id, QStringLiteral("1")}})});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    CellValues row = outcome->stored.constFirst();
    QCOMPARE(row.size(), 1600);
    row[id] = QStringLiteral("2");
    CellValues negative;
    for (int i = 1; i < 1600; ++i) {
        negative[QStringLiteral("c%1").arg(i)] = QString::number(-i);
    }
    outcome = applyChanges(*m_birds.connection, target, {insert(row)});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    row.remove(id);
    outcome = applyChanges(*m_birds.connection, target, {update(key(2), row, negative)});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(QStringLiteral("c1599")), CellValue(QStringLiteral("-1599")));
    negative[QStringLiteral("c800")] = QStringLiteral("x");
    outcome = applyChanges(*m_birds.connection, target, {insert(negative)});
    QVERIFY2(isRefused(outcome, "22P02"), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->refusal->column, QStringLiteral("c800"));
    outcome = applyChanges(*m_birds.connection, target,
                           {remove(key(2), m_birds.rows(QStringLiteral("wide")).value(QStringLiteral("2")))});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
}

QTEST_GUILESS_MAIN(TestApplyTables)
#include "tst_applytables.moc"
