// All changes or none, and never over somebody else's.

#include "birdstable.h"

#include <thread>

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

class TestApplyChanges : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(m_birds.start(), qPrintable(m_birds.cluster.problem())); }
    void cleanupTestCase() { m_birds.stop(); }
    void init() { m_birds.fill(); }
    void conflictsOfEachKind();
    void allConflictsAreFound();
    void waitsForAnotherTransaction();
    void policiesHideRows();
    void storedIsWhatTheServerMadeOfIt();
    void keysMoveWithoutCollisions();
    void refusalsThatAreNobodysColumn();
    void transactionsOfOthersAreLeftAlone();
    void scriptDoesTheSame();

private:
    BirdsTable m_birds;
};

void TestApplyChanges::conflictsOfEachKind()
{
    const QString two = QStringLiteral("2");
    const QString theirs = QStringLiteral("theirs");
    m_birds.execute(QStringLiteral("UPDATE birds SET name = 'theirs' WHERE id = 2"));
    m_birds.execute(QStringLiteral("UPDATE birds SET legs = 3 WHERE id = 4"));
    m_birds.execute(QStringLiteral("DELETE FROM birds WHERE id = 3"));
    const auto before = m_birds.rows();
    const RowChange changed = update(key(2), {{name, QStringLiteral("bird 2")}}, {{name, QStringLiteral("mine")}});
    auto outcome = m_birds.apply({changed});
    QVERIFY2(isConflict(outcome, Conflict::Changed), qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->conflicts.constFirst().change == changed);
    QCOMPARE(outcome->conflicts.constFirst().theirs,
             (CellValues{{id, two}, {name, theirs}, {QStringLiteral("legs"), two}}));

    outcome = m_birds.apply({update(key(3), {{name, QStringLiteral("bird 3")}}, {{name, theirs}})});
    QVERIFY2(isConflict(outcome, Conflict::Gone), qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->conflicts.constFirst().theirs.isEmpty());
    outcome = m_birds.apply({remove(key(3), {{name, QStringLiteral("bird 3")}})});
    QVERIFY2(isConflict(outcome, Conflict::Gone), qPrintable(wordsOf(outcome)));

    // Another column of the row was changed: no matter for an update, but a deletion would take it along.
    outcome = m_birds.apply({remove(key(4), {{name, QStringLiteral("bird 4")}, {QStringLiteral("legs"), two}})});
    QVERIFY2(isConflict(outcome, Conflict::Changed), qPrintable(wordsOf(outcome)));
    QVERIFY(m_birds.rows() == before);
    outcome = m_birds.apply({update(key(4), {{name, QStringLiteral("bird 4")}}, {{name, theirs}})});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.constFirst().value(QStringLiteral("legs")), CellValue(QStringLiteral("3")));

    // A trigger that says no without saying so.
    m_birds.execute(QStringLiteral("CREATE OR REPLACE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS "
                                   "'BEGIN RETURN NULL; END'"));
    m_birds.execute(
        QStringLiteral("CREATE TRIGGER swallow BEFORE INSERT OR UPDATE OR DELETE ON birds FOR EACH ROW EXECUTE "
                       "FUNCTION swallow()"));
    const auto present = m_birds.rows();
    for (const RowChange &change :
         {update(key(5), {{name, QStringLiteral("bird 5")}}, {{name, theirs}}),
          remove(key(5), present.value(QStringLiteral("5"))), insert({{id, QStringLiteral("77")}})}) {
        outcome = m_birds.apply({change});
        QVERIFY2(isConflict(outcome, Conflict::Swallowed), qPrintable(wordsOf(outcome)));
    }
    m_birds.execute(QStringLiteral("DROP TRIGGER swallow ON birds"));
    QVERIFY(m_birds.rows() == present);
}

void TestApplyChanges::allConflictsAreFound()
{
    m_birds.execute(QStringLiteral("UPDATE birds SET name = 'theirs' WHERE id IN (2, 4)"));
    m_birds.execute(QStringLiteral("DELETE FROM birds WHERE id = 3"));
    const auto before = m_birds.rows();
    QList<RowChange> changes;
    for (int i = 1; i <= 5; ++i) {
        changes += update(key(i), {{name, QStringLiteral("bird %1").arg(i)}}, {{name, QStringLiteral("mine")}});
    }
    changes += insert({{id, QStringLiteral("100")}});
    const auto outcome = m_birds.apply(changes);
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Conflicts);
    QCOMPARE(outcome->conflicts.size(), 3);
    QCOMPARE(outcome->conflicts.at(0).change.key, key(2));
    QCOMPARE(outcome->conflicts.at(1).kind, Conflict::Gone);
    QCOMPARE(outcome->conflicts.at(2).change.key, key(4));
    QVERIFY(m_birds.rows() == before);
}

/// While another transaction holds the row, its outcome decides.
void TestApplyChanges::waitsForAnotherTransaction()
{
    for (const bool commits : {true, false}) {
        m_birds.execute(QStringLiteral("BEGIN"));
        m_birds.execute(QStringLiteral("UPDATE birds SET name = 'theirs' WHERE id = 1"));
        Result<ApplyOutcome> outcome = failure(Error::cancelled());
        std::jthread applying([&] {
            const auto connection = m_birds.open();
            outcome =
                applyChanges(*connection, m_birds.target,
                             {update(key(1), {{name, QStringLiteral("bird 1")}}, {{name, QStringLiteral("mine")}})});
        });
        QTRY_COMPARE(
            m_birds.cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
                                                "'Lock' AND query LIKE 'UPDATE%'")),
            QStringLiteral("1"));
        m_birds.execute(commits ? QStringLiteral("COMMIT") : QStringLiteral("ROLLBACK"));
        applying.join();
        QVERIFY2(commits ? isConflict(outcome, Conflict::Changed) : isApplied(outcome), qPrintable(wordsOf(outcome)));
        QCOMPARE(m_birds.rows().value(QStringLiteral("1")).value(name),
                 CellValue(commits ? QStringLiteral("theirs") : QStringLiteral("mine")));
        m_birds.fill();
    }
}

void TestApplyChanges::policiesHideRows()
{
    m_birds.execute(QStringLiteral("CREATE TABLE secrets (id int PRIMARY KEY, name text, hidden boolean)"));
    m_birds.execute(QStringLiteral("INSERT INTO secrets VALUES (1, 'a', false), (2, 'b', true), (3, 'c', false)"));
    m_birds.execute(QStringLiteral("ALTER TABLE secrets ENABLE ROW LEVEL SECURITY"));
    m_birds.execute(QStringLiteral("ALTER TABLE secrets FORCE ROW LEVEL SECURITY"));
    m_birds.execute(QStringLiteral("CREATE POLICY seen ON secrets FOR SELECT USING (NOT hidden)"));
    m_birds.execute(
        QStringLiteral("CREATE POLICY changed ON secrets FOR UPDATE USING (id <> 3) WITH CHECK (name <> 'x')"));
    const ChangeTarget target = targetOf(*m_birds.connection, QStringLiteral("secrets"));
    const auto named = [&](int row, const QString &from, const QString &to) {
        return applyChanges(*m_birds.connection, target, {update(key(row), {{name, from}}, {{name, to}})});
    };
    auto outcome = named(2, QStringLiteral("b"), QStringLiteral("z"));
    QVERIFY2(isConflict(outcome, Conflict::Gone), qPrintable(wordsOf(outcome)));
    outcome = named(3, QStringLiteral("c"), QStringLiteral("z"));
    QVERIFY2(isConflict(outcome, Conflict::Swallowed), qPrintable(wordsOf(outcome)));
    outcome = named(1, QStringLiteral("a"), QStringLiteral("x"));
    QVERIFY(outcome && outcome->state == ApplyOutcome::State::Refused);
    QCOMPARE(outcome->refusal->error.sqlState, QByteArray("42501"));
    outcome = named(1, QStringLiteral("a"), QStringLiteral("z"));
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
}

void TestApplyChanges::storedIsWhatTheServerMadeOfIt()
{
    m_birds.execute(
        QStringLiteral("CREATE TABLE loud (id serial PRIMARY KEY, name text DEFAULT 'd', fixed char(5), price "
                       "numeric(6,2), twice numeric GENERATED ALWAYS AS (price * 2) STORED, own int GENERATED ALWAYS "
                       "AS IDENTITY)"));
    m_birds.execute(QStringLiteral("CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS "
                                   "'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END'"));
    m_birds.execute(
        QStringLiteral("CREATE TRIGGER shout BEFORE INSERT OR UPDATE ON loud FOR EACH ROW EXECUTE FUNCTION shout()"));
    const ChangeTarget target = targetOf(*m_birds.connection, QStringLiteral("loud"));
    const QString price = QStringLiteral("price");
    auto outcome = applyChanges(*m_birds.connection, target,
                                {insert({}), insert({{name, QStringLiteral("ä")},
                                                     {QStringLiteral("fixed"), QStringLiteral("ab")},
                                                     {price, QStringLiteral("1.005")}})});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.at(0), (CellValues{{id, QStringLiteral("1")},
                                                {name, QStringLiteral("D")},
                                                {QStringLiteral("fixed"), std::nullopt},
                                                {price, std::nullopt},
                                                {QStringLiteral("twice"), std::nullopt},
                                                {QStringLiteral("own"), QStringLiteral("1")}}));
    QCOMPARE(outcome->stored.at(1), (CellValues{{id, QStringLiteral("2")},
                                                {name, QStringLiteral("Ä")},
                                                {QStringLiteral("fixed"), QStringLiteral("ab   ")},
                                                {price, QStringLiteral("1.01")},
                                                {QStringLiteral("twice"), QStringLiteral("2.02")},
                                                {QStringLiteral("own"), QStringLiteral("2")}}));
    // In the order of the changes, whatever the order in which they were sent.
    outcome = applyChanges(*m_birds.connection, target,
                           {insert({{name, QStringLiteral("new")}}),
                            update(key(1), {{name, QStringLiteral("D")}}, {{name, QStringLiteral("q")}}),
                            remove(key(2), outcome->stored.at(1))});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    QCOMPARE(outcome->stored.at(0).value(name), CellValue(QStringLiteral("NEW")));
    QCOMPARE(outcome->stored.at(1).value(name), CellValue(QStringLiteral("Q")));
    QVERIFY(outcome->stored.at(2).isEmpty());
}

void TestApplyChanges::keysMoveWithoutCollisions()
{
    // All numbers go up by one, staged from the top, with another edit among them and a new row in the gap.
    QList<RowChange> changes = {insert({{id, QStringLiteral("1")}, {name, QStringLiteral("first")}})};
    for (int i = 1; i <= 20; ++i) {
        changes += update(key(i), {{id, QString::number(i)}}, {{id, QString::number(i + 1)}});
    }
    changes[7].before[name] = QStringLiteral("bird 7");
    changes[7].values[name] = QStringLiteral("seven");
    auto outcome = m_birds.apply(changes);
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    const auto rows = m_birds.rows();
    QCOMPARE(rows.size(), 21);
    QCOMPARE(rows.value(QStringLiteral("1")).value(name), CellValue(QStringLiteral("first")));
    QCOMPARE(rows.value(QStringLiteral("8")).value(name), CellValue(QStringLiteral("seven")));
    QCOMPARE(rows.value(QStringLiteral("21")).value(name), CellValue(QStringLiteral("bird 20")));
    // The place of a row that goes is free.
    outcome = m_birds.apply({update(key(2), {{id, QStringLiteral("2")}}, {{id, QStringLiteral("3")}}),
                             remove(key(3), rows.value(QStringLiteral("3")))});
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    // A swap is more than a unique index takes.
    outcome = m_birds.apply({update(key(5), {{id, QStringLiteral("5")}}, {{id, QStringLiteral("6")}}),
                             update(key(6), {{id, QStringLiteral("6")}}, {{id, QStringLiteral("5")}})});
    QVERIFY2(isRefused(outcome, "23505"), qPrintable(wordsOf(outcome)));
    QCOMPARE(m_birds.rows().value(QStringLiteral("5")).value(name), CellValue(QStringLiteral("bird 4")));
}

void TestApplyChanges::refusalsThatAreNobodysColumn()
{
    m_birds.execute(QStringLiteral("CREATE TABLE audit (name text NOT NULL, bird int REFERENCES birds)"));
    m_birds.execute(QStringLiteral(
        "CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.legs > 100 THEN RAISE EXCEPTION "
        "'too many'; ELSIF NEW.legs > 50 THEN INSERT INTO audit VALUES (NULL); END IF; RETURN NEW; END $$"));
    m_birds.execute(
        QStringLiteral("CREATE TRIGGER watch BEFORE UPDATE ON birds FOR EACH ROW EXECUTE FUNCTION watch()"));
    m_birds.execute(QStringLiteral("INSERT INTO audit VALUES ('x', 1)"));
    const QString legs = QStringLiteral("legs");
    const auto withLegs = [&](int number) {
        return update(key(4), {{name, QStringLiteral("bird 4")}, {legs, QStringLiteral("2")}},
                      {{name, QStringLiteral("x")}, {legs, QString::number(number)}});
    };
    const auto before = m_birds.rows();
    auto outcome = m_birds.apply({withLegs(101)});
    QVERIFY2(isRefused(outcome, "P0001"), qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->refusal->change == withLegs(101));
    QVERIFY(outcome->refusal->column.isEmpty());
    // "name" of the other table is none of ours.
    outcome = m_birds.apply({withLegs(51)});
    QVERIFY2(isRefused(outcome, "23502"), qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->refusal->columns.isEmpty());
    const RowChange referred = remove(key(1), before.value(QStringLiteral("1")));
    outcome = m_birds.apply({remove(key(2), before.value(QStringLiteral("2"))), referred});
    QVERIFY2(isRefused(outcome, "23503"), qPrintable(wordsOf(outcome)));
    QVERIFY(outcome->refusal->change == referred);
    QCOMPARE(outcome->refusal->columns, QStringList{id});
    QVERIFY(m_birds.rows() == before);
    m_birds.execute(QStringLiteral("DROP TRIGGER watch ON birds"));
    m_birds.execute(QStringLiteral("DROP TABLE audit"));
}

void TestApplyChanges::transactionsOfOthersAreLeftAlone()
{
    const RowChange change = insert({{id, QStringLiteral("100")}});
    QVERIFY(m_birds.connection->execute(QStringLiteral("BEGIN")));
    const auto outcome = m_birds.apply({change});
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, ErrorCode::Conflict);
    QVERIFY(m_birds.connection->execute(QStringLiteral("COMMIT")));
    QCOMPARE(m_birds.rows().size(), 20);
    const auto nothing = m_birds.apply({});
    QVERIFY2(isApplied(nothing), qPrintable(wordsOf(nothing)));
}

void TestApplyChanges::scriptDoesTheSame()
{
    const auto before = m_birds.rows();
    const QString legs = QStringLiteral("legs");
    const QList<RowChange> changes = {
        remove(key(3), before.value(QStringLiteral("3"))),
        update(key(4), {{name, QStringLiteral("bird 4")}, {legs, QStringLiteral("2")}},
               {{name, std::nullopt}, {legs, QStringLiteral("-4")}}),
        update(key(5), {{id, QStringLiteral("5")}}, {{id, QStringLiteral("6")}}),
        update(key(6), {{id, QStringLiteral("6")}}, {{id, QStringLiteral("3")}}),
        insert({{id, QStringLiteral("30")}, {name, QString()}}),
        insert({{id, QStringLiteral("31")}, {name, QStringLiteral("it's \\ a\nlong\tone; --")}, {legs, std::nullopt}})};
    const QString script = previewSql(m_birds.target, changes);
    QVERIFY(script.startsWith(QLatin1String("BEGIN;\nDELETE FROM \"public\".\"birds\"\nWHERE \"id\" = 3\nAND ")));
    QVERIFY(script.endsWith(QLatin1String("COMMIT;\n")));
    const auto outcome = m_birds.apply(changes);
    QVERIFY2(isApplied(outcome), qPrintable(wordsOf(outcome)));
    const auto applied = m_birds.rows();
    QVERIFY(applied != before);
    m_birds.fill();
    QVERIFY(m_birds.rows() == before);
    m_birds.cluster.psql(script, QStringLiteral("test"));
    QVERIFY(m_birds.rows() == applied);
}

QTEST_GUILESS_MAIN(TestApplyChanges)
#include "tst_applychanges.moc"
