#include "gatestage.h"
#include "operations/backup.h"
#include "operations/databasecompare.h"
#include "operations/migrationmark.h"
#include "postgres/databaseconnection.h"
#include "support/failuremessage.h"

#include <QDir>

using namespace Roost;
using namespace Roost::Testing;

/// The steps from a plan to the gate, by hand, cut off and gone on with.
class TestMigrationToTheGate : public QObject, private GateStage
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(start(), qPrintable(problem())); }
    void init() { prepare(); }
    void cleanup() { clear(); }

    void asksAndOpens();
    void interruptedAfterEveryLine();
    void aWriterWhoNeverStops();
    void aScratchRestoreThatDiffers();
    void whereSecondCopiesGo();
    void othersAreConnected();
    void aScratchServerThatIsOlder();
    void aMarkThatSaysNothingWasWritten();
    void givenUp();
};

void TestMigrationToTheGate::asksAndOpens()
{
    QCOMPARE(toTheGate(), atTheGate);
    QCOMPARE(m_runner->listedBackups(), 2);
    for (const QString &name : {firstDatabase, secondDatabase}) {
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
    QCOMPARE(endOf(again), atTheGate);
    QVERIFY((*again)->mayBeAnswered && (*again)->problems.isEmpty());
    QCOMPARE((*again)->doing.size(), 2);
    QVERIFY((*again)->doing.join(' ').contains(backupOf(firstDatabase)) && (*again)->text.contains("school-db"));
    QCOMPARE(m_runner->listedBackups(), 2);
    QCOMPARE(QDir(m_plan.secondFolder).entryList(QDir::Files).size(), 4);
    opens();
    QCOMPARE(m_runner->problems(), QStringList());
    QCOMPARE(m_runner->problems(true), QStringList());
}

/// The journal ends after each of its lines in turn, with all that was done by then in its place.
void TestMigrationToTheGate::interruptedAfterEveryLine()
{
    QCOMPARE(toTheGate(), atTheGate);
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
        QCOMPARE(end, atTheGate);
        QCOMPARE(m_runner->listedBackups(), 2);
        QCOMPARE(QDir(m_plan.backupFolder).entryList(QDir::Files | QDir::Hidden).size(), 4);
        QCOMPARE(QDir(m_plan.secondFolder).entryList(QDir::Files | QDir::Hidden).size(), 4);
    }
    qInfo("%d interruptions", int(lines.size()) - 1);
    opens();
}

void TestMigrationToTheGate::aWriterWhoNeverStops()
{
    QVERIFY(m_runner->begin(m_plan));
    m_runner->journal().setOnAppended([this](const MigrationEvent &event) {
        if (event.step == "backup" && event.kind == "note") {
            m_cluster.psql("INSERT INTO species (name) VALUES (clock_timestamp()::text)", firstDatabase);
        }
    });
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    const auto busy = DatabaseConnection::open(m_cluster.spec(firstDatabase), {}, "a-writer");
    QVERIFY(busy);
    (void)m_runner->answer(MigrationQuestion::WritersStopped);
    const auto still = m_runner->answer(MigrationQuestion::WritersStopped);
    QCOMPARE(endOf(still), keyOf(MigrationQuestion::StillWritten));
    QCOMPARE(m_runner->listedBackups(), 5);
    QVERIFY((*still)->problems.join('\n').contains("species"));
    QVERIFY((*still)->problems.join('\n').contains("a-writer"));
    // They stop.
    m_runner->journal().setOnAppended({});
    QCOMPARE(endOf(m_runner->answer(MigrationQuestion::StillWritten)), atTheGate);
    QCOMPARE(m_runner->listedBackups(), 6);
    opens();
}

/// The backup's proof says something else than the dump holds, with right checksums all over.
void TestMigrationToTheGate::aScratchRestoreThatDiffers()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    m_runner->journal().setOnAppended([this](const MigrationEvent &event) {
        if (event.step == "backup" && event.kind == "done") {
            const QString file = stateOf(m_runner->journal().events())->backupOf(firstDatabase)["file"].toString();
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
    QCOMPARE(lackOf(differs.error()), QString());
    QVERIFY2(differs.error().message.contains(firstDatabase) && differs.error().message.contains("birds"),
             qPrintable(differs.error().message));
    const QString broken = backupOf(firstDatabase);
    QVERIFY(m_runner->problems().join('\n').contains("not proven"));
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    QVERIFY(backupOf(firstDatabase) != broken);
    QCOMPARE(m_runner->listedBackups(), 3);
    opens();
}

void TestMigrationToTheGate::whereSecondCopiesGo()
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
    QCOMPARE(endOf(m_runner->answer(MigrationQuestion::SecondFolder, good)), atTheGate);
    QVERIFY(copyOf(firstDatabase).startsWith(good + '/'));
    // Remembered, when a copy has to be made again.
    QVERIFY(QFile::remove(copyOf(firstDatabase)));
    staysShut({"second copy", firstDatabase});
    QVERIFY(m_runner->reopen());
    QCOMPARE(endOf(m_runner->go()), atTheGate);
    opens();
}

void TestMigrationToTheGate::othersAreConnected()
{
    QVERIFY(m_runner->begin(m_plan));
    QCOMPARE(endOf(m_runner->go()), keyOf(MigrationQuestion::WritersStopped));
    const auto other = DatabaseConnection::open(m_cluster.spec(secondDatabase), {}, "bird-app");
    QVERIFY(other);
    const auto warned = m_runner->answer(MigrationQuestion::WritersStopped);
    QCOMPARE(endOf(warned), keyOf(MigrationQuestion::WritersStopped));
    QCOMPARE((*warned)->problems.size(), 1);
    QVERIFY((*warned)->problems.first().contains("bird-app") && (*warned)->problems.first().contains(secondDatabase));
    // Another one since.
    const auto third = DatabaseConnection::open(m_cluster.spec(firstDatabase), {}, "psql");
    const auto again = m_runner->answer(MigrationQuestion::WritersStopped);
    QCOMPARE(endOf(again), keyOf(MigrationQuestion::WritersStopped));
    QVERIFY((*again)->problems.join(' ').contains("psql") && !(*again)->problems.join(' ').contains("bird-app"));
    QCOMPARE(endOf(m_runner->answer(MigrationQuestion::WritersStopped)), atTheGate);
}

void TestMigrationToTheGate::aScratchServerThatIsOlder()
{
    m_plan.serverVersion = "99.1";
    m_plan.source.diskSizeGb = 1;
    QCOMPARE(toTheGate(), atTheGate);
    QCOMPARE(m_runner->state().proofOf(firstDatabase)["where"].toString(), QString("instance"));
    // No room there either.
    m_runner = std::make_unique<MigrationRunner>();
    m_runner->environment().scratchServer = [](const JobContext &) {
        return Result<ConnectionSpec>(failure(ErrorCode::ToolMissing, "No server is installed."));
    };
    QVERIFY(m_runner->keep(m_plan.profileId, m_cluster.spec(firstDatabase).password));
    MigrationPlan full = m_runner->plan(m_cluster.spec(firstDatabase), {firstDatabase});
    full.databases.first().sizeBytes = 600'000'000;
    QVERIFY(m_runner->begin(full));
    (void)m_runner->go();
    const auto refused = m_runner->answer(MigrationQuestion::WritersStopped);
    QVERIFY(!refused);
    QVERIFY(refused.error().message.contains("No server is installed.") && refused.error().message.contains("room"));
}

void TestMigrationToTheGate::aMarkThatSaysNothingWasWritten()
{
    const auto mark = [this] {
        const auto read = readQuietMark(m_cluster.spec(firstDatabase), {firstDatabase, secondDatabase}, {});
        return read ? *read : read.error().message;
    };
    const QString before = mark();
    QVERIFY(!before.isEmpty());
    QCOMPARE(mark(), before);
    // Reading changes nothing: a backup and a comparison of it.
    JobContext context;
    const QString file = m_runner->file("b.dump");
    QVERIFY(m_runner->onThread([&] { return backUp({m_cluster.spec(firstDatabase), file}, context); }));
    QVERIFY(m_runner->onThread([&] {
        return compareDatabases({file, {}}, {{}, m_cluster.spec(firstDatabase)}, context);
    }));
    QCOMPARE(mark(), before);
    m_cluster.psql("SELECT nextval('species_id_seq')", secondDatabase);
    const QString counted = mark();
    QVERIFY(counted != before);
    for (const char *statement :
         {"INSERT INTO species (name) VALUES ('Jay')", "DELETE FROM birds", "COMMENT ON TABLE birds IS 'x'",
          "SELECT lo_create(0)", "TRUNCATE nest.logbook", "SELECT setval('species_id_seq', 41)"}) {
        const QString now = mark();
        m_cluster.psql(statement, firstDatabase);
        QVERIFY2(mark() != now, statement);
    }
    // A transaction that has not ended has written nothing yet; its end will tell, or that of one after it.
    const QString still = mark();
    const auto open = DatabaseConnection::open(m_cluster.superuser(firstDatabase));
    QVERIFY(open && (*open)->execute("BEGIN") && (*open)->execute("UPDATE species SET name = name"));
    QCOMPARE(mark(), still);
    m_cluster.psql("CREATE TABLE ended (i int)", secondDatabase);
    QCOMPARE(mark(), QString());
    QVERIFY((*open)->execute("COMMIT"));
    QVERIFY(!mark().isEmpty() && mark() != still);
}

void TestMigrationToTheGate::givenUp()
{
    QCOMPARE(toTheGate(), atTheGate);
    const auto given = m_runner->giveUp();
    QVERIFY2(given, given ? "" : qPrintable(given.error().message));
    QCOMPARE(m_runner->state().end, MigrationState::End::GivenUp);
    QVERIFY(!m_runner->go());
    QVERIFY(QFile::exists(backupOf(firstDatabase)));
}

QTEST_GUILESS_MAIN(TestMigrationToTheGate)
#include "tst_migrationtothegate.moc"
