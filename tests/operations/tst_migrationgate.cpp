#include "migrationrunner.h"
#include "operations/backup.h"
#include "postgres/databaseconnection.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QFile>
#include <QScopeGuard>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const QString first = QStringLiteral("bird_app_db");
const QString second = QStringLiteral("Odd \"name\"");
const QString gate = keyOf(MigrationQuestion::Gate);

void flipByte(const QString &file)
{
    QFile changed(file);
    QVERIFY(changed.open(QIODevice::ReadWrite));
    QVERIFY(changed.seek(changed.size() / 2));
    char byte = 0;
    QVERIFY(changed.getChar(&byte));
    QVERIFY(changed.seek(changed.pos() - 1));
    QVERIFY(changed.putChar(char(byte ^ 1)));
}

} // namespace

/// From a plan to the gate, by hand: what keeps it shut, and how it opens again.
class TestMigrationGate : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        QVERIFY2(m_scratch.start(), qPrintable(m_scratch.problem()));
        m_server = m_cluster.psql("SELECT current_setting('server_version')");
    }
    void init()
    {
        for (const QString &name : {first, second}) {
            fillSampleDatabase(m_cluster, name, 20);
        }
        m_runner = std::make_unique<MigrationRunner>();
        m_runner->environment().scratchServer = [spec = m_scratch.spec("postgres")](const JobContext &) {
            return Result<ConnectionSpec>(spec);
        };
        m_plan = m_runner->plan(m_cluster.spec(first), {first, second});
        m_plan.serverVersion = m_server;
        QVERIFY(m_runner->keep(m_plan.profileId, m_cluster.spec(first).password));
    }
    void cleanup()
    {
        m_runner.reset();
        const QString mine = QStringLiteral("FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres'");
        for (const QString &name : m_cluster.psql("SELECT quote_ident(datname) " + mine).split('\n')) {
            m_cluster.psql(QStringLiteral("DROP DATABASE %1 WITH (FORCE)").arg(name));
        }
        QCOMPARE(m_scratch.psql("SELECT count(*) FROM pg_database WHERE datname LIKE 'roost%'"), QString("0"));
    }

    void asksAndOpens();
    void interruptedAfterEveryLine();
    void aTamperedBackup_data();
    void aTamperedBackup();
    void aSecondCopyThatIsNotThere_data();
    void aSecondCopyThatIsNotThere();
    void aWriterAfterTheSnapshot();
    void aWriterWhoNeverStops();
    void aDatabaseThatIsNew();
    void aScratchRestoreThatDiffers();
    void mistyped();
    void shutAgainBehindTheGate();
    void whereSecondCopiesGo();
    void othersAreConnected();
    void aScratchServerThatIsOlder();
    void givenUp();

private:
    /// To the gate, with yes to the first question; what it ended in.
    QString toTheGate()
    {
        if (!m_runner->begin(m_plan)) {
            return "no journal";
        }
        const QString asked = endOf(m_runner->go());
        return asked == keyOf(MigrationQuestion::WritersStopped)
                   ? endOf(m_runner->answer(MigrationQuestion::WritersStopped))
                   : asked;
    }
    /// The gate stays shut, and one of the problems says all of this.
    void staysShut(const QStringList &words)
    {
        const auto shut = m_runner->answer(MigrationQuestion::Gate, m_plan.source.name);
        QVERIFY2(shut && *shut, qPrintable(endOf(shut)));
        QVERIFY(!(*shut)->mayBeAnswered);
        const bool isSaid =
            std::any_of((*shut)->problems.begin(), (*shut)->problems.end(), [&](const QString &problem) {
                return std::all_of(words.begin(), words.end(),
                                   [&](const QString &word) { return problem.contains(word); });
            });
        QVERIFY2(isSaid, qPrintable((*shut)->problems.join('\n')));
        QVERIFY(!m_runner->state().isDone(MigrationStep::Gate));
        QVERIFY(!m_runner->state().isPastGate());
    }
    void opens()
    {
        (void)m_runner->answer(MigrationQuestion::Gate, m_plan.source.name);
        QVERIFY(m_runner->state().isDone(MigrationStep::Gate));
        QCOMPARE(m_runner->facts(MigrationStep::Gate)["typedName"].toString(), m_plan.source.name);
    }
    QString backupOf(const QString &database) { return m_runner->state().backupOf(database)["file"].toString(); }
    QString copyOf(const QString &database) { return m_runner->state().secondCopyOf(database)["file"].toString(); }

    TemporaryCluster m_cluster;
    TemporaryCluster m_scratch;
    QString m_server;
    MigrationPlan m_plan;
    std::unique_ptr<MigrationRunner> m_runner;
};

void TestMigrationGate::asksAndOpens()
{
    QCOMPARE(toTheGate(), gate);
    QCOMPARE(m_runner->listedBackups(), 2);
    for (const QString &name : {first, second}) {
        QVERIFY(QFile::exists(backupOf(name)) && QFile::exists(copyOf(name)) && QFile::exists(copyOf(name) + ".json"));
        QCOMPARE(m_runner->state().proofOf(name)["where"].toString(), QString("practice"));
    }
    const auto records = m_runner->environment().backups.all();
    for (const BackupRecord &record : *records) {
        QCOMPARE(record.proof, BackupRecord::Proof::Restored);
        QCOMPARE(record.instanceId, m_plan.profileId);
        QVERIFY(!record.secondCopy.isEmpty());
    }
    // Days later, in another run: everything is looked at, and nothing done twice.
    QVERIFY(m_runner->reopen());
    const auto again = m_runner->go();
    QCOMPARE(endOf(again), gate);
    QVERIFY((*again)->mayBeAnswered && (*again)->problems.isEmpty());
    QCOMPARE((*again)->doing.size(), 2);
    QVERIFY((*again)->doing.join(' ').contains(backupOf(first)) && (*again)->text.contains("school-db"));
    QCOMPARE(m_runner->listedBackups(), 2);
    QCOMPARE(QDir(m_plan.secondFolder).entryList(QDir::Files).size(), 4);
    opens();
    QCOMPARE(m_runner->problems(), QStringList());
    QCOMPARE(m_runner->problems(true), QStringList());
}

/// The journal ends after each of its lines in turn, with all that was done by then in its place.
void TestMigrationGate::interruptedAfterEveryLine()
{
    QCOMPARE(toTheGate(), gate);
    QFile file(m_runner->journal().file());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QList<QByteArray> lines = file.readAll().trimmed().split('\n');
    file.close();
    QVERIFY(lines.size() > 20);
    for (qsizetype kept = 1; kept < lines.size(); ++kept) {
        QFile cut(file.fileName());
        QVERIFY(cut.open(QIODevice::WriteOnly | QIODevice::Truncate));
        cut.write(lines.first(kept).join('\n') + '\n');
        cut.close();
        QVERIFY(m_runner->reopen());
        QString end = endOf(m_runner->go());
        if (end == keyOf(MigrationQuestion::WritersStopped)) {
            end = endOf(m_runner->answer(MigrationQuestion::WritersStopped));
        }
        QCOMPARE(end, gate);
        QCOMPARE(m_runner->listedBackups(), 2);
        QCOMPARE(QDir(m_plan.backupFolder).entryList(QDir::Files | QDir::Hidden).size(), 4);
        QCOMPARE(QDir(m_plan.secondFolder).entryList(QDir::Files | QDir::Hidden).size(), 4);
    }
    qInfo("%d interruptions", int(lines.size()) - 1);
    opens();
}

void TestMigrationGate::aTamperedBackup_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"a byte", "removed", "cut", "proof", "no proof", "proof of another"}) {
        QTest::newRow(how) << QString(how);
    }
}

void TestMigrationGate::aTamperedBackup()
{
    QFETCH(QString, how);
    QCOMPARE(toTheGate(), gate);
    const QString file = backupOf(second);
    if (how == "a byte") {
        flipByte(file);
    } else if (how == "removed") {
        QVERIFY(QFile::remove(file));
    } else if (how == "cut") {
        QVERIFY(QFile::resize(file, QFileInfo(file).size() - 1));
    } else if (how == "proof") {
        flipByte(manifestFileOf(file));
    } else {
        QVERIFY(QFile::remove(manifestFileOf(file)));
        QVERIFY(how == "no proof" || QFile::copy(manifestFileOf(backupOf(first)), manifestFileOf(file)));
    }
    staysShut({second, file, "fresh backup"});
    // Going on mends it: a fresh one, proven, with a second copy; nothing of the old one is taken.
    QCOMPARE(endOf(m_runner->go()), gate);
    QCOMPARE(m_runner->listedBackups(), 3);
    QVERIFY(backupOf(second) != file);
    QCOMPARE(m_runner->state().proofOf(second)["sha256"], m_runner->state().backupOf(second)["sha256"]);
    opens();
    QCOMPARE(m_runner->problems(), QStringList());
}

void TestMigrationGate::aSecondCopyThatIsNotThere_data()
{
    QTest::addColumn<QString>("how");
    for (const char *how : {"a byte", "removed", "only its proof", "no proof", "linked"}) {
        QTest::newRow(how) << QString(how);
    }
}

void TestMigrationGate::aSecondCopyThatIsNotThere()
{
    QFETCH(QString, how);
    QCOMPARE(toTheGate(), gate);
    const QString file = copyOf(first);
    if (how == "a byte") {
        flipByte(file);
    } else if (how == "no proof") {
        QVERIFY(QFile::remove(manifestFileOf(file)));
    } else {
        QVERIFY(QFile::remove(file));
        QVERIFY(how != "removed" || QFile::remove(manifestFileOf(file)));
        QVERIFY(how != "linked" || QFile::link(backupOf(first), file));
    }
    staysShut({"second copy", first, file});
    if (how == "linked") {
        QVERIFY(QFile::remove(file));
    }
    QCOMPARE(endOf(m_runner->go()), gate);
    QVERIFY(!QFileInfo(copyOf(first)).isSymLink());
    QCOMPARE(m_runner->listedBackups(), 2);
    opens();
}

void TestMigrationGate::aWriterAfterTheSnapshot()
{
    QCOMPARE(toTheGate(), gate);
    m_cluster.psql("UPDATE birds SET name = 'changed' WHERE id = 1", first);
    staysShut({first, "changed after its backup", "birds"});
    QCOMPARE(endOf(m_runner->go()), gate);
    QCOMPARE(m_runner->listedBackups(), 3);
    // A sequence alone, without a transaction that the server would count.
    QVERIFY(m_cluster.psql("SELECT nextval('species_id_seq')", second) == "42");
    staysShut({second, "species_id_seq"});
    QCOMPARE(endOf(m_runner->go()), gate);
    QCOMPARE(m_runner->listedBackups(), 4);
    // Somebody works elsewhere on the server, and changes nothing here.
    m_cluster.psql("CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (1)");
    opens();
    QCOMPARE(m_runner->listedBackups(), 4);
}

void TestMigrationGate::aWriterWhoNeverStops()
{
    QVERIFY(m_runner->begin(m_plan));
    m_runner->journal().setOnAppended([this](const MigrationEvent &event) {
        if (event.step == "backup" && event.kind == "note") {
            m_cluster.psql("INSERT INTO species (name) VALUES (clock_timestamp()::text)", first);
        }
    });
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    const auto busy = DatabaseConnection::open(m_cluster.spec(first), {}, "a-writer");
    QVERIFY(busy);
    (void)m_runner->answer(MigrationQuestion::WritersStopped);
    const auto still = m_runner->answer(MigrationQuestion::WritersStopped);
    QCOMPARE(endOf(still), keyOf(MigrationQuestion::StillWritten));
    QCOMPARE(m_runner->listedBackups(), 5);
    QVERIFY((*still)->problems.join('\n').contains("species"));
    QVERIFY((*still)->problems.join('\n').contains("a-writer"));
    // They stop.
    m_runner->journal().setOnAppended({});
    QCOMPARE(endOf(m_runner->answer(MigrationQuestion::StillWritten)), gate);
    QCOMPARE(m_runner->listedBackups(), 6);
    opens();
}

void TestMigrationGate::aDatabaseThatIsNew()
{
    QCOMPARE(toTheGate(), gate);
    QVERIFY(m_cluster.createDatabase("late"));
    staysShut({"late", "no backup"});
    staysShut({"late", "no backup"});
    m_cluster.psql("DROP DATABASE late");
    QCOMPARE(endOf(m_runner->go()), gate);
    m_cluster.psql("CREATE TABLE here (i int)");
    staysShut({"postgres", "no backup"});
    m_cluster.psql("DROP TABLE here");
    QCOMPARE(endOf(m_runner->go()), gate);
    m_cluster.psql("CREATE DATABASE roost_proof_0a1b2c3d");
    const auto gone = qScopeGuard([this] { m_cluster.psql("DROP DATABASE roost_proof_0a1b2c3d"); });
    opens();
    QCOMPARE(m_runner->listedBackups(), 2);
}

/// The backup's proof says something else than the dump holds, with right checksums all over.
void TestMigrationGate::aScratchRestoreThatDiffers()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    m_runner->journal().setOnAppended([this](const MigrationEvent &event) {
        if (event.step == "backup" && event.kind == "done") {
            const QString file = stateOf(m_runner->journal().events())->backupOf(first)["file"].toString();
            auto manifest = manifestOf(file);
            manifest->tables["public.birds"].sum = "1";
            QFile changed(manifestFileOf(file));
            if (changed.open(QIODevice::WriteOnly | QIODevice::Truncate)) {
                changed.write(manifest->toJson());
            }
        }
    });
    const auto differs = m_runner->answer(MigrationQuestion::WritersStopped);
    QVERIFY(!differs);
    QCOMPARE(differs.error().code, ErrorCode::Conflict);
    QVERIFY2(differs.error().message.contains(first) && differs.error().message.contains("birds"),
             qPrintable(differs.error().message));
    const QString broken = backupOf(first);
    QVERIFY(m_runner->problems().join('\n').contains("not proven"));
    QCOMPARE(endOf(m_runner->go()), gate);
    QVERIFY(backupOf(first) != broken);
    QCOMPARE(m_runner->listedBackups(), 3);
    opens();
}

void TestMigrationGate::mistyped()
{
    QCOMPARE(toTheGate(), gate);
    for (const char *typed : {"", "school", "School-db", "school-db ", " school-db", "school_db", "school-db-a"}) {
        const auto asked = m_runner->answer(MigrationQuestion::Gate, typed);
        QCOMPARE(endOf(asked), gate);
        QVERIFY((*asked)->mayBeAnswered);
        QCOMPARE((*asked)->problems.size(), 1);
        QVERIFY((*asked)->problems.first().contains("school-db"));
        QVERIFY(!m_runner->state().isDone(MigrationStep::Gate));
    }
    opens();
}

void TestMigrationGate::shutAgainBehindTheGate()
{
    QCOMPARE(toTheGate(), gate);
    opens();
    m_cluster.psql("DELETE FROM birds WHERE id = 1", first);
    const QStringList problems = m_runner->problems();
    QCOMPARE(problems.size(), 1);
    QVERIFY(problems.first().contains(first));
    QCOMPARE(m_runner->problems(true), QStringList()); // what cannot be looked at any more does not count
    const auto shut = m_runner->ask([&](MigrationWork &work) { return closeGate(work, problems); });
    QCOMPARE(endOf(shut), gate);
    QVERIFY(!(*shut)->mayBeAnswered);
    QCOMPARE(m_runner->state().next(), MigrationStep::CompareLive);
    QVERIFY(m_runner->facts(MigrationStep::Gate).isEmpty());
    QVERIFY(m_runner->problems().join('\n').contains("not typed"));
    // The steps before are done again, and the name has to be typed again.
    QVERIFY(m_runner->reopen());
    const auto again = m_runner->go();
    QCOMPARE(endOf(again), gate);
    QVERIFY((*again)->mayBeAnswered);
    QCOMPARE(m_runner->listedBackups(), 3);
    opens();
    QCOMPARE(m_runner->problems(), QStringList());
    // A backup that breaks when the source is gone already: kept, and the way out is said.
    QVERIFY(m_runner->journal().append("retire-old", "note", {{"fate", "suspended"}}));
    flipByte(backupOf(first));
    const QStringList broken = m_runner->problems(true);
    QCOMPARE(broken.size(), 1);
    QVERIFY(broken.first().contains(copyOf(first)));
    (void)m_runner->ask([&](MigrationWork &work) { return closeGate(work, broken); });
    QVERIFY(m_runner->state().isDone(MigrationStep::Gate) && m_runner->state().isPastGate());
    QVERIFY(QFile::remove(backupOf(first)) && QFile::copy(copyOf(first), backupOf(first)));
    QCOMPARE(m_runner->problems(true), QStringList());
}

void TestMigrationGate::whereSecondCopiesGo()
{
    m_plan.secondFolder.clear();
    QCOMPARE(toTheGate(), keyOf(MigrationQuestion::SecondFolder));
    const QString nested = m_plan.backupFolder + "/second";
    const QString linked = m_runner->file("linked");
    QVERIFY(QFile::link(m_plan.backupFolder, linked));
    for (const QString &folder : {QString("second"), m_plan.backupFolder, nested, linked, QString("/proc/second")}) {
        const auto asked = m_runner->answer(MigrationQuestion::SecondFolder, folder);
        QCOMPARE(endOf(asked), keyOf(MigrationQuestion::SecondFolder));
        QCOMPARE((*asked)->problems.size(), 1);
        QVERIFY((*asked)->problems.first().contains(folder));
    }
    const QString good = m_runner->file("elsewhere/copies");
    QCOMPARE(endOf(m_runner->answer(MigrationQuestion::SecondFolder, good)), gate);
    QVERIFY(copyOf(first).startsWith(good + '/'));
    // Remembered, when a copy has to be made again.
    QVERIFY(QFile::remove(copyOf(first)));
    staysShut({"second copy", first});
    QVERIFY(m_runner->reopen());
    QCOMPARE(endOf(m_runner->go()), gate);
    opens();
}

void TestMigrationGate::othersAreConnected()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    const auto other = DatabaseConnection::open(m_cluster.spec(second), {}, "bird-app");
    QVERIFY(other);
    const auto warned = m_runner->answer(MigrationQuestion::WritersStopped);
    QCOMPARE(endOf(warned), keyOf(MigrationQuestion::WritersStopped));
    QCOMPARE((*warned)->problems.size(), 1);
    QVERIFY((*warned)->problems.first().contains("bird-app") && (*warned)->problems.first().contains(second));
    // Another one since.
    const auto third = DatabaseConnection::open(m_cluster.spec(first), {}, "psql");
    const auto again = m_runner->answer(MigrationQuestion::WritersStopped);
    QCOMPARE(endOf(again), keyOf(MigrationQuestion::WritersStopped));
    QVERIFY((*again)->problems.join(' ').contains("psql") && !(*again)->problems.join(' ').contains("bird-app"));
    QCOMPARE(endOf(m_runner->answer(MigrationQuestion::WritersStopped)), gate);
}

void TestMigrationGate::aScratchServerThatIsOlder()
{
    m_plan.serverVersion = "99.1";
    m_plan.source.diskSizeGb = 1;
    QCOMPARE(toTheGate(), gate);
    QCOMPARE(m_runner->state().proofOf(first)["where"].toString(), QString("instance"));
    // No room there either.
    m_runner = std::make_unique<MigrationRunner>();
    m_runner->environment().scratchServer = [](const JobContext &) {
        return Result<ConnectionSpec>(failure(ErrorCode::ToolMissing, "No server is installed."));
    };
    QVERIFY(m_runner->keep(m_plan.profileId, m_cluster.spec(first).password));
    MigrationPlan full = m_runner->plan(m_cluster.spec(first), {first});
    full.databases.first().sizeBytes = 600'000'000;
    QVERIFY(m_runner->begin(full));
    (void)m_runner->go();
    const auto refused = m_runner->answer(MigrationQuestion::WritersStopped);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.contains("No server is installed.") && refused.error().message.contains("room"));
}

void TestMigrationGate::givenUp()
{
    QCOMPARE(toTheGate(), gate);
    const auto given = m_runner->giveUp();
    QVERIFY2(given, given ? "" : qPrintable(given.error().message));
    QCOMPARE(m_runner->state().end, MigrationState::End::GivenUp);
    QVERIFY(!m_runner->go());
    QVERIFY(QFile::exists(backupOf(first)));
}

QTEST_GUILESS_MAIN(TestMigrationGate)
#include "tst_migrationgate.moc"
