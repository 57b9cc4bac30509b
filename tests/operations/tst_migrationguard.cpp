#include "operations/migrationgate.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace Roost;

namespace {

/// One thing that has to be so, broken: in a database, or in the whole.
struct Breaking
{
    const char *name;
    void (*breakIt)(GateFacts &facts, GateFacts::Database &database);
    bool isOfDatabase = true;      ///< its problem names the database
    bool countsWhenGone = true;    ///< also of a source that cannot be looked at any more
    bool countsByHand = true;      ///< also where nobody can ask Render
    bool countsWithoutName = true; ///< also before a name is asked for
};

using Facts = GateFacts;
using Database = GateFacts::Database;

const QList<Breaking> &breakings()
{
    static const QList<Breaking> all{
        {"no backup", [](Facts &, Database &d) { d.backup = {}; }},
        {"the backup is gone", [](Facts &, Database &d) { d.backup.isThere = false; }},
        {"the backup was changed", [](Facts &, Database &d) { d.backup.isRight = false; }},
        {"the proof beside it is not its own", [](Facts &, Database &d) { d.backup.manifestFits = false; }},
        {"not proven", [](Facts &, Database &d) { d.isProven = false; }},
        {"no second copy", [](Facts &, Database &d) { d.second = {}; }},
        {"the second copy is gone", [](Facts &, Database &d) { d.second.isThere = false; }},
        {"the second copy was changed", [](Facts &, Database &d) { d.second.isRight = false; }},
        {"the second copy's proof was changed", [](Facts &, Database &d) { d.second.manifestFits = false; }},
        {"the second copy is an old one", [](Facts &, Database &d) { d.secondIsOfBackup = false; }},
        {"the second copy is the first", [](Facts &, Database &d) { d.secondIsApart = false; }},
        {"not compared", [](Facts &, Database &d) { d.isCompared = false; }, true, false},
        {"written since",
         [](Facts &, Database &d) {
             d.isUnchanged = false;
             d.changes = {"table public.birds: 4 rows instead of 3"};
         },
         true, false},
        {"not readable now", [](Facts &, Database &d) { d.trouble = "No answer."; }, true, false},
        {"another instance",
         [](Facts &f, Database &) {
             f.isTheInstance = false;
             f.strange = {"name: “x” instead of “y”"};
         },
         false, true, false},
        {"Render is silent",
         [](Facts &f, Database &) {
             f.isTheInstance = false;
             f.instanceTrouble = "No answer.";
         },
         false, true, false},
        {"a new database", [](Facts &f, Database &) { f.unplanned = {"late"}; }, false, false},
        {"databases not listed", [](Facts &f, Database &) { f.databasesWereListed = false; }, false, false},
        {"the plan has no databases", [](Facts &f, Database &) { f.databases.clear(); }, false},
        {"no name", [](Facts &f, Database &) { f.typedName.clear(); }, false, true, true, false},
        {"mistyped", [](Facts &f, Database &) { f.typedName = f.instance.toUpper(); }, false, true, true, false},
        {"typed with a blank", [](Facts &f, Database &) { f.typedName = f.instance + ' '; }, false, true, true, false},
    };
    return all;
}

GateFacts allRight(int databases)
{
    GateFacts facts;
    facts.instance = "school-db";
    facts.isTheInstance = true;
    facts.databasesWereListed = true;
    facts.typedName = "school-db";
    for (int i = 0; i < databases; ++i) {
        Database database;
        database.name = QStringLiteral("database_%1").arg(i);
        database.backup = {QStringLiteral("/backups/%1.dump").arg(i), true, true, true};
        database.second = {QStringLiteral("/second/%1.dump").arg(i), true, true, true};
        database.isProven = database.isCompared = database.isUnchanged = true;
        database.secondIsOfBackup = database.secondIsApart = true;
        facts.databases += database;
    }
    return facts;
}

bool counts(const Breaking &breaking, const GateFacts &facts)
{
    return (breaking.countsWhenGone || !facts.sourceIsGone) && (breaking.countsByHand || !facts.isByHand) &&
           (breaking.countsWithoutName || facts.wantsName);
}

/// Written down once more, from the rules: what has to hold for the gate to be open.
bool mayOpen(const GateFacts &f)
{
    bool may = !f.databases.isEmpty() && (f.isByHand || (f.isTheInstance && f.instanceTrouble.isEmpty())) &&
               (!f.wantsName || f.typedName == f.instance) &&
               (f.sourceIsGone || (f.databasesWereListed && f.unplanned.isEmpty()));
    for (const Database &d : f.databases) {
        may = may && !d.backup.file.isEmpty() && d.backup.isThere && d.backup.isRight && d.backup.manifestFits &&
              d.isProven && !d.second.file.isEmpty() && d.second.isThere && d.second.isRight && d.second.manifestFits &&
              d.secondIsOfBackup && d.secondIsApart &&
              (f.sourceIsGone || (d.isCompared && d.isUnchanged && d.trouble.isEmpty()));
    }
    return may;
}

} // namespace

/// Whether the old instance may go.
class TestMigrationGuard : public QObject
{
    Q_OBJECT

private slots:
    void opensWhenAllHolds()
    {
        for (int databases = 1; databases < 5; ++databases) {
            QCOMPARE(problemsOf(allRight(databases)), QStringList());
        }
    }

    void nothingThatWasForgottenOpensIt()
    {
        QVERIFY(!problemsOf(GateFacts()).isEmpty());
        GateFacts facts = allRight(1);
        facts.databases = {Database()};
        QCOMPARE(problemsOf(facts).size(), 5);
    }

    void eachThingAloneKeepsItShut_data()
    {
        QTest::addColumn<int>("index");
        for (int i = 0; i < breakings().size(); ++i) {
            QTest::newRow(breakings().at(i).name) << i;
        }
    }
    void eachThingAloneKeepsItShut()
    {
        QFETCH(int, index);
        const Breaking &breaking = breakings().at(index);
        QSet<QString> all;
        for (const bool isGone : {false, true}) {
            for (const bool isByHand : {false, true}) {
                for (int database = 0; database < 3; ++database) {
                    GateFacts facts = allRight(3);
                    facts.sourceIsGone = isGone;
                    facts.isByHand = isByHand;
                    breaking.breakIt(facts, facts.databases[database]);
                    const QStringList problems = problemsOf(facts);
                    QCOMPARE(problems.isEmpty(), !counts(breaking, facts));
                    for (const QString &problem : problems) {
                        QVERIFY2(!breaking.isOfDatabase ||
                                     problem.contains(QStringLiteral("database_%1").arg(database)),
                                 qPrintable(problem));
                        QVERIFY2(problem.endsWith('.') && problem.size() > 40, qPrintable(problem));
                        QVERIFY2(!problem.contains('%'), qPrintable(problem));
                        all += problem;
                    }
                }
            }
        }
        QVERIFY(!all.isEmpty());
    }

    void randomStates()
    {
        constexpr int states = 300'000;
        QRandomGenerator random(20261128);
        int open = 0;
        for (int i = 0; i < states; ++i) {
            GateFacts facts = allRight(1 + random.bounded(4));
            facts.sourceIsGone = random.bounded(4) == 0;
            facts.isByHand = random.bounded(4) == 0;
            facts.wantsName = random.bounded(4) != 0;
            const int broken = random.bounded(4);
            bool isBroken = false;
            for (int n = 0; n < broken && !facts.databases.isEmpty(); ++n) {
                const Breaking &breaking = breakings().at(random.bounded(int(breakings().size())));
                isBroken = isBroken || counts(breaking, facts);
                breaking.breakIt(facts, facts.databases[random.bounded(int(facts.databases.size()))]);
            }
            const bool isOpen = problemsOf(facts).isEmpty();
            if (isOpen != mayOpen(facts) || isOpen == isBroken) {
                QFAIL(qPrintable(problemsOf(facts).join('\n')));
            }
            open += isOpen ? 1 : 0;
        }
        qInfo("%d states, %d of them open", states, open);
        QVERIFY(open > states / 10 && open < states / 2);
    }

    /// Every bit of a state by itself, also those that no single fault makes.
    void arbitraryStates()
    {
        constexpr int states = 200'000;
        QRandomGenerator random(7);
        int open = 0;
        for (int i = 0; i < states; ++i) {
            GateFacts facts = allRight(1 + random.bounded(2));
            const int rarity = 1 + random.bounded(60);
            const auto flip = [&](bool &bit) { bit = random.bounded(rarity + 1) == 0 ? !bit : bit; };
            for (bool *bit : {&facts.sourceIsGone, &facts.isByHand, &facts.isTheInstance, &facts.databasesWereListed,
                              &facts.wantsName}) {
                flip(*bit);
            }
            for (Database &d : facts.databases) {
                for (bool *bit : {&d.backup.isThere, &d.backup.isRight, &d.backup.manifestFits, &d.isProven,
                                  &d.isCompared, &d.second.isThere, &d.second.isRight, &d.second.manifestFits,
                                  &d.secondIsOfBackup, &d.secondIsApart, &d.isUnchanged}) {
                    flip(*bit);
                }
            }
            const bool isOpen = problemsOf(facts).isEmpty();
            QCOMPARE(isOpen, mayOpen(facts));
            open += isOpen ? 1 : 0;
        }
        qInfo("%d states, %d of them open", states, open);
        QVERIFY(open > 1000);
    }
};

QTEST_APPLESS_MAIN(TestMigrationGuard)
#include "tst_migrationguard.moc"
