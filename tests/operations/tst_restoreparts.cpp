#include "operations/archiveselection.h"
#include "operations/backup.h"
#include "operations/restore.h"
#include "postgres/identifier.h"
#include "support/sampledatabase.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString explain(const Error &error)
{
    return error.message + u'\n' + error.detail;
}

} // namespace

/// Some objects of a backup, into new databases and among what is there already.
class TestRestoreParts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void whatCanBeChosen();
    void tablesByTheirNames();
    void oneTableIntoANewDatabase();
    void oneTableBackIntoItsDatabase();
    void ownedSequencesComeAlong();
    void partitionsComeAlong();
    void partitionByItself();
    void refusesWhatIsThere_data();
    void refusesWhatIsThere();
    void namesWhatIsMissing_data();
    void namesWhatIsMissing();
    void typesThatAreThereAreUsedAndCompared();
    void keysThatDoNotHoldUndoAll();
    void nothingChosenIntoExistingIsRefused();
    void structureOnly();

private:
    QString backUpOf(const QString &database);
    Result<RestoreReport> run(const QString &database, RestoreMode mode, const QStringList &tables);
    QString psql(const QString &sql, const QString &database) const;
    void asRole(const QString &sql, const QString &database) const;

    std::unique_ptr<TemporaryCluster> m_cluster;
    QTemporaryDir m_folder;
    QString m_file; ///< of the database "nature"
    RestoreRequest m_request;
};

void TestRestoreParts::initTestCase()
{
    m_cluster = std::make_unique<TemporaryCluster>();
    QVERIFY2(m_cluster->start(), qPrintable(m_cluster->problem()));
    fillSampleDatabase(*m_cluster, QStringLiteral("nature"));
    asRole(QStringLiteral("CREATE TABLE parent (i int); INSERT INTO parent VALUES (1); "
                          "CREATE TABLE kid (j int) INHERITS (parent); INSERT INTO kid VALUES (2, 3); "
                          "CREATE TABLE weather (day date, rain int, PRIMARY KEY (day)) PARTITION BY RANGE (day); "
                          "CREATE TABLE weather_2025 PARTITION OF weather FOR VALUES FROM ('2025-01-01') TO "
                          "('2026-01-01'); CREATE TABLE nest.weather_2026 PARTITION OF weather FOR VALUES FROM "
                          "('2026-01-01') TO ('2027-01-01'); CREATE INDEX rainy ON weather (rain); "
                          "INSERT INTO weather VALUES ('2025-05-05', 5), ('2026-06-06', 6); "
                          "CREATE SEQUENCE loose; SELECT setval('loose', 77); "
                          "CREATE TABLE ringed (id int DEFAULT nextval('loose'), size size); "
                          "INSERT INTO ringed (size) VALUES ('big'); COMMENT ON COLUMN ringed.size IS 'of the ring'"),
           QStringLiteral("nature"));
    m_file = backUpOf(QStringLiteral("nature"));
}

void TestRestoreParts::init()
{
    m_request = {};
    m_cluster->psql(QStringLiteral("DROP DATABASE IF EXISTS target WITH (FORCE)"));
}

QString TestRestoreParts::psql(const QString &sql, const QString &database) const
{
    return m_cluster->psql(sql, database);
}

void TestRestoreParts::asRole(const QString &sql, const QString &database) const
{
    const QString role = m_cluster->superuser().parameters.user; // who must not own it
    const QString owner = psql(QStringLiteral("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %1")
                                   .arg(quoteLiteral(database)),
                               QStringLiteral("postgres"));
    QVERIFY(owner != role);
    psql(QStringLiteral("SET ROLE %1; ").arg(quoteIdentifier(owner)) + sql, database);
}

QString TestRestoreParts::backUpOf(const QString &database)
{
    JobContext context;
    const auto backup = backUp({m_cluster->spec(database), suggestedBackupFile(m_folder.path(), database)}, context);
    if (!backup) {
        qFatal("%s", qPrintable(explain(backup.error())));
    }
    return backup->file;
}

/// `tables` as somebody types them.
Result<RestoreReport> TestRestoreParts::run(const QString &database, RestoreMode mode, const QStringList &tables)
{
    JobContext context;
    const auto chosen = tablesNamed(m_file, tables, context);
    if (!chosen) {
        return tl::unexpected(chosen.error());
    }
    m_request.chosen += *chosen;
    m_request.file = m_file;
    m_request.target = m_cluster->spec().withDatabase(database);
    m_request.mode = mode;
    return restore(m_request, context);
}

void TestRestoreParts::whatCanBeChosen()
{
    const auto objects = readSelectable(m_file, JobContext());
    QVERIFY(objects);
    QMap<QString, qint64> rows;
    QSet<QString> others;
    for (const SelectableObject &object : *objects) {
        if (object.group == SelectableObject::Group::Tables) {
            rows.insert(object.name, object.rows);
        } else {
            others += object.name;
        }
    }
    QCOMPARE(rows.value(QStringLiteral("public.birds")), 3);
    QCOMPARE(rows.value(QStringLiteral("nest.logbook")), 50);
    QCOMPARE(rows.value(QStringLiteral("nest.\"Odd \"\"name\"\" here\"")), 3);
    QCOMPARE(rows.value(QStringLiteral("public.weather")), -1); // its rows are in its partitions
    for (const char *name : {"public.counts", "nest.totals", "nest.shout()", "public.size"}) {
        QVERIFY2(others.contains(QLatin1String(name)), name);
    }
}

void TestRestoreParts::tablesByTheirNames()
{
    const auto named = [this](const char *words) {
        return tablesNamed(m_file, {QString::fromUtf8(words)}, JobContext());
    };
    QVERIFY(named("birds")->first().startsWith(QStringLiteral("TABLE public birds ")));
    QVERIFY(named("PUBLIC.Birds").has_value());
    QVERIFY(named("nest.\"Odd \"\"name\"\" here\"").has_value());
    const auto unknown = named("eagles");
    QCOMPARE(unknown.error().code, ErrorCode::NotFound);
    QVERIFY2(unknown.error().message.contains(u"public.birds"), qPrintable(unknown.error().message));
}

void TestRestoreParts::oneTableIntoANewDatabase()
{
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoNew, {QStringLiteral("birds")});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(report->tables, 1);
    QCOMPARE(report->rows, 3);
    QVERIFY(report->isPart);
    const QString all = QStringLiteral("SELECT md5(string_agg(b::text, '/' ORDER BY id)) FROM birds b");
    QCOMPARE(psql(all, QStringLiteral("target")), psql(all, QStringLiteral("nature")));
    QCOMPARE(psql(QStringLiteral("SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class c JOIN pg_namespace n "
                                 "ON n.oid = relnamespace WHERE nspname IN ('public', 'nest')"),
                  QStringLiteral("target")),
             QStringLiteral("birds,birds_by_name,birds_id_seq,birds_pkey"));
    // Its trigger works: the function was taken along, with its schema.
    QCOMPARE(
        psql(QStringLiteral("INSERT INTO birds (species_id, name, note) VALUES (1, 'x', 'loud') RETURNING id, note"),
             QStringLiteral("target")),
        QStringLiteral("4|LOUD"));
    // The key to a table that was not chosen is told, and named as what is not as in the source.
    const QString told = (report->leftOut + report->warnings).join(u'\n');
    QVERIFY2(told.contains(u"foreign key") && told.contains(u"public.species"), qPrintable(told));
    QVERIFY2(told.contains(u"birds_species_id_fkey"), qPrintable(told));
    QVERIFY(!report->isProven);
}

void TestRestoreParts::oneTableBackIntoItsDatabase()
{
    psql(QStringLiteral("CREATE DATABASE target TEMPLATE nature"), QStringLiteral("postgres"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("target"));
    psql(QStringLiteral("DROP TABLE birds, ringed CASCADE"), QStringLiteral("target"));
    QVERIFY(databaseFingerprint(*m_cluster, QStringLiteral("target")) != before);
    psql(QStringLiteral("ALTER DATABASE target OWNER TO %1").arg(quoteIdentifier(m_cluster->spec().parameters.user)),
         QStringLiteral("postgres"));
    const auto objects = readSelectable(m_file, JobContext());
    for (const SelectableObject &object : *objects) {
        if (object.name == u"public.counts") {
            m_request.chosen += object.what; // a view that fell with it
        }
    }
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoExisting,
                            {QStringLiteral("birds"), QStringLiteral("public.ringed")});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), before);
    QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
    QCOMPARE(report->rows, 4);
    QCOMPARE(report->warnings, QStringList());
    // What it needed and found there is told.
    const QString told = report->leftOut.join(u'\n');
    QVERIFY2(told.contains(u"nest.shout()") && told.contains(u"type public.size"), qPrintable(told));
}

void TestRestoreParts::ownedSequencesComeAlong()
{
    const auto report =
        run(QStringLiteral("target"), RestoreMode::IntoNew, {QStringLiteral("species"), QStringLiteral("ringed")});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY2(report->isProven, qPrintable((report->warnings + report->leftOut).join(u'\n')));
    QCOMPARE(psql(QStringLiteral("SELECT nextval('species_id_seq'), nextval('loose')"), QStringLiteral("target")),
             QStringLiteral("42|79"));
    QCOMPARE(psql(QStringLiteral("SELECT pg_get_serial_sequence('species', 'id')"), QStringLiteral("target")),
             QStringLiteral("public.species_id_seq"));
}

void TestRestoreParts::partitionsComeAlong()
{
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoNew, {QStringLiteral("weather")});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(report->tables, 3);
    QCOMPARE(report->rows, 2);
    QVERIFY2(report->isProven, qPrintable((report->warnings + report->leftOut).join(u'\n')));
    const QString all = QStringLiteral("SELECT string_agg(tableoid::regclass || ' ' || w, '/' ORDER BY day) "
                                       "FROM weather w");
    QCOMPARE(psql(all, QStringLiteral("target")), psql(all, QStringLiteral("nature")));
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM pg_inherits"), QStringLiteral("target")),
             psql(QStringLiteral("SELECT count(*) FROM pg_inherits WHERE inhparent::regclass::text ~ 'weather|rainy'"),
                  QStringLiteral("nature")));
}

void TestRestoreParts::partitionByItself()
{
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoNew, {QStringLiteral("weather_2025")});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QCOMPARE(psql(QStringLiteral("SELECT * FROM weather_2025"), QStringLiteral("target")),
             QStringLiteral("2025-05-05|5"));
    QVERIFY2(report->leftOut.join(u'\n').contains(u"public.weather"), qPrintable(report->leftOut.join(u'\n')));
}

void TestRestoreParts::refusesWhatIsThere_data()
{
    QTest::addColumn<QString>("there");
    QTest::addColumn<QString>("named");
    QTest::newRow("table") << QStringLiteral("CREATE TABLE species (i int)") << QStringLiteral("table public.species");
    QTest::newRow("view of that name") << QStringLiteral("CREATE VIEW species AS SELECT 1")
                                       << QStringLiteral("table public.species");
    QTest::newRow("its sequence") << QStringLiteral("CREATE SEQUENCE species_id_seq")
                                  << QStringLiteral("sequence public.species_id_seq");
}

void TestRestoreParts::refusesWhatIsThere()
{
    QFETCH(QString, there);
    QFETCH(QString, named);
    (void)m_cluster->spec(QStringLiteral("target"));
    asRole(there + QStringLiteral("; CREATE TABLE mine AS SELECT 1"), QStringLiteral("target"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("target"));
    const auto refused = run(QStringLiteral("target"), RestoreMode::IntoExisting, {QStringLiteral("species")});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
    QVERIFY2(refused.error().message.contains(named), qPrintable(refused.error().message));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), before);
}

void TestRestoreParts::namesWhatIsMissing_data()
{
    QTest::addColumn<QString>("chosen");
    QTest::addColumn<QString>("needed");
    QTest::newRow("inherits") << QStringLiteral("public.kid") << QStringLiteral("table public.parent");
    QTest::newRow("view") << QStringLiteral("public.counts") << QStringLiteral("table public.species");
    QTest::newRow("materialized view") << QStringLiteral("nest.totals") << QStringLiteral("table nest.logbook");
}

void TestRestoreParts::namesWhatIsMissing()
{
    QFETCH(QString, chosen);
    QFETCH(QString, needed);
    const auto objects = readSelectable(m_file, JobContext());
    for (const SelectableObject &object : *objects) {
        if (object.name == chosen) {
            m_request.chosen += object.what;
        }
    }
    QCOMPARE(m_request.chosen.size(), 1);
    const auto refused = run(QStringLiteral("target"), RestoreMode::IntoNew, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
    QVERIFY2(refused.error().message.contains(needed), qPrintable(refused.error().message));
    QVERIFY(!m_cluster->psql(QStringLiteral("SELECT datname FROM pg_database")).contains(u"target"));
    // Chosen as well, it goes.
    m_request.chosen += *tablesNamed(
        m_file,
        {QStringLiteral("parent"), QStringLiteral("species"), QStringLiteral("birds"), QStringLiteral("logbook")},
        JobContext());
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoNew, {});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY2(report->isProven, qPrintable((report->warnings + report->leftOut).join(u'\n')));
}

/// A type of the same name with other labels is not the type of the backup.
void TestRestoreParts::typesThatAreThereAreUsedAndCompared()
{
    (void)m_cluster->spec(QStringLiteral("target"));
    asRole(QStringLiteral("CREATE TYPE size AS ENUM ('big', 'huge')"), QStringLiteral("target"));
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoExisting, {QStringLiteral("ringed")});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY(!report->isProven);
    QVERIFY2(report->warnings.join(u'\n').contains(u"type public.size"), qPrintable(report->warnings.join(u'\n')));
}

void TestRestoreParts::keysThatDoNotHoldUndoAll()
{
    (void)m_cluster->spec(QStringLiteral("target"));
    asRole(QStringLiteral("CREATE TABLE species (id int PRIMARY KEY); INSERT INTO species VALUES (1)"),
           QStringLiteral("target"));
    const QString before = databaseFingerprint(*m_cluster, QStringLiteral("target"));
    const auto failed = run(QStringLiteral("target"), RestoreMode::IntoExisting, {QStringLiteral("birds")});
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, ErrorCode::Conflict);
    QVERIFY2(failed.error().message.contains(u"“target” is as it was"), qPrintable(failed.error().message));
    QVERIFY(failed.error().detail.contains(u"birds_species_id_fkey"));
    QCOMPARE(databaseFingerprint(*m_cluster, QStringLiteral("target")), before);
}

void TestRestoreParts::nothingChosenIntoExistingIsRefused()
{
    (void)m_cluster->spec(QStringLiteral("target"));
    const auto refused = run(QStringLiteral("target"), RestoreMode::IntoExisting, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::InvalidInput);
}

void TestRestoreParts::structureOnly()
{
    m_request.structureOnly = true;
    const auto report = run(QStringLiteral("target"), RestoreMode::IntoNew, {});
    QVERIFY2(report, qPrintable(report ? QString() : explain(report.error())));
    QVERIFY(!report->isProven);
    QCOMPARE(report->rows, 0);
    QCOMPARE(report->warnings, QStringList());
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM birds"), QStringLiteral("target")), QStringLiteral("0"));
    QCOMPARE(psql(QStringLiteral("SELECT nextval('species_id_seq')"), QStringLiteral("target")), QStringLiteral("1"));
    QCOMPARE(psql(QStringLiteral("SELECT count(*) FROM pg_largeobject_metadata"), QStringLiteral("target")),
             QStringLiteral("0"));
    const QString structure = QStringLiteral(
        "SELECT string_agg(format('%s %s %s', attrelid::regclass, attname, format_type(atttypid, atttypmod)), '/' "
        "ORDER BY attrelid::regclass::text, attname) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN "
        "pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('public', 'nest')");
    QCOMPARE(psql(structure, QStringLiteral("target")), psql(structure, QStringLiteral("nature")));
}

QTEST_GUILESS_MAIN(TestRestoreParts)
#include "tst_restoreparts.moc"
