#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "postgres/databaseconnection.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const statements = R"(
    CREATE TABLE birds (id serial PRIMARY KEY, name text, seen timestamptz);
    INSERT INTO birds (name, seen) SELECT 'bird ' || n, now() + n * interval '1 minute' FROM generate_series(1, 20000) n;
    CREATE TABLE sightings (bird int REFERENCES birds, place text, PRIMARY KEY (bird, place));
    INSERT INTO sightings SELECT id, 'place ' || id % 7 FROM birds;
    CREATE VIEW few AS SELECT * FROM birds WHERE id < 4;
    CREATE TABLE nothing (a int))";

} // namespace

/// Backup, reset and restore with roost-cli, and what is left when they are interrupted.
class TestCliBackup : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        m_spec = m_cluster.spec("shop");
        m_cli.setVariable("SHOP_URL", databaseUri(m_spec));
        m_connection = openConnection(m_spec);
        const QStringList all = QString(statements).split(";\n");
        for (const QString &sql : all) {
            QVERIFY(m_connection->execute(sql).has_value());
        }
    }
    void cleanupTestCase() { m_connection.reset(); }

    void thereAndBackAgain()
    {
        const QString before = fingerprints("shop");
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL"});
        QVERIFY2(backup.exitCode == 0, backup.told());
        const QString file = QString::fromUtf8(backup.output).trimmed();
        QVERIFY2(file.startsWith(m_cli.home() + "/backups/env-SHOP_URL/shop-"), backup.told());
        QVERIFY(QFile::exists(file));
        QCOMPARE(QFile(file).permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());

        m_connection.reset();
        const CliOutcome mistaken = m_cli.run({"reset", "env:SHOP_URL", "--confirm", "shops"});
        QVERIFY2(mistaken.exitCode == 1 && mistaken.errors.contains("Nothing was done"), mistaken.told());
        QCOMPARE(fingerprints("shop"), before);

        const CliOutcome reset = m_cli.run({"reset", "env:SHOP_URL", "--confirm", "shop"});
        QVERIFY2(reset.exitCode == 0, reset.told());
        const QString safety = QString::fromUtf8(reset.output).trimmed();
        QVERIFY(QFile::exists(safety) && safety != file);
        QCOMPARE(m_cli.run({"tables", "env:SHOP_URL", "--json"}).output, QByteArray("[]\n"));

        const CliOutcome restore = m_cli.run({"restore", file, "env:SHOP_URL"});
        QVERIFY2(restore.exitCode == 0, restore.told());
        QCOMPARE(fingerprints("shop"), before);
        const CliOutcome again = m_cli.run({"restore", file, "env:SHOP_URL"});
        QVERIFY2(again.exitCode == 1 && again.errors.contains("--replace"), again.told());
        QCOMPARE(fingerprints("shop"), before);

        const CliOutcome missing = m_cli.run({"restore", safety, "env:SHOP_URL/copy"});
        QVERIFY2(missing.exitCode == 1 && missing.errors.contains("--create"), missing.told());
        const CliOutcome created = m_cli.run({"restore", safety, "env:SHOP_URL/copy", "--create"});
        QVERIFY2(created.exitCode == 0, created.told());
        QCOMPARE(fingerprints("copy"), before);
        const CliOutcome replaced = m_cli.run({"restore", file, "env:SHOP_URL/copy", "--replace", "--confirm", "copy"});
        QVERIFY2(replaced.exitCode == 0 && replaced.errors.contains("copy_"), replaced.told());
        QCOMPARE(fingerprints("copy"), before);
        QVERIFY2(replaced.errors.contains("A backup of it is in "), replaced.told());
        const QString old =
            QRegularExpression("copy_old_\\d{14}").match(QString::fromUtf8(replaced.errors)).captured(0);
        QVERIFY2(!old.isEmpty(), replaced.told());
        QCOMPARE(m_cli.run({"undo-restore", "env:SHOP_URL/copy", old}).exitCode, 2);
        const CliOutcome other = m_cli.run({"undo-restore", "env:SHOP_URL/copy", old, "--confirm", "shop"});
        QVERIFY2(other.exitCode == 1 && other.errors.contains("Nothing was done"), other.told());
        const CliOutcome undone = m_cli.run({"undo-restore", "env:SHOP_URL/copy", old, "--confirm", "copy"});
        QVERIFY2(undone.exitCode == 0 && undone.errors.contains("copy_undone_"), undone.told());
        QCOMPARE(fingerprints("copy"), before);
        m_connection = openConnection(m_spec);
    }

    void oneTableBack()
    {
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL"});
        QVERIFY2(backup.exitCode == 0, backup.told());
        const QString file = QString::fromUtf8(backup.output).trimmed();
        const QString before = fingerprints("shop");
        const CliOutcome there = m_cli.run({"restore", file, "env:SHOP_URL", "--table", "sightings"});
        QVERIFY2(there.exitCode == 1 && there.errors.contains("already has table public.sightings"), there.told());
        QVERIFY(m_connection->execute("DROP TABLE sightings").has_value());
        const CliOutcome unknown = m_cli.run({"restore", file, "env:SHOP_URL", "--table", "eagles"});
        QVERIFY2(unknown.exitCode != 0 && unknown.errors.contains("public.sightings"), unknown.told());
        const CliOutcome back = m_cli.run({"restore", file, "env:SHOP_URL", "--table", "sightings"});
        QVERIFY2(back.exitCode == 0 && back.errors.contains("proven"), back.told());
        QCOMPARE(fingerprints("shop"), before);

        const CliOutcome two = m_cli.run({"restore", file, "env:SHOP_URL/two", "--create", "--jobs", "2", "--table",
                                          "birds", "--table=public.nothing"});
        QVERIFY2(two.exitCode == 0 && two.errors.contains("tables 2, rows 20000"), two.told());
        const CliOutcome empty = m_cli.run({"restore", file, "env:SHOP_URL/bare", "--create", "--structure-only"});
        QVERIFY2(empty.exitCode == 0 && empty.errors.contains("without rows: tables 3"), empty.told());
    }

    void nothingIsOverwritten()
    {
        const QString file = m_cli.path("taken.dump");
        QFile taken(file);
        QVERIFY(taken.open(QIODevice::WriteOnly) && taken.write("mine") == 4);
        taken.close();
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL", "--to", file});
        QVERIFY2(backup.exitCode == 1 && backup.errors.contains("taken.dump"), backup.told());
        QVERIFY(taken.open(QIODevice::ReadOnly));
        QCOMPARE(taken.readAll(), QByteArray("mine"));
    }

    void aBackupAsJson()
    {
        const QString folder = m_cli.path("into a folder");
        QVERIFY(QDir().mkdir(folder));
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL", "--to", folder, "--json"});
        QVERIFY2(backup.exitCode == 0, backup.told());
        const QJsonValue row = backup.json().at(0);
        QVERIFY(row["file"].toString().startsWith(folder + "/shop-"));
        QCOMPARE(row["size_bytes"].toInteger(), QFileInfo(row["file"].toString()).size());
        QCOMPARE(row["sha256"].toString().size(), 64);
        QCOMPARE(row["database"].toString(), QString("shop"));
    }

    void aGitWorkTreeIsWarnedOf()
    {
        const QString tree = m_cli.path("tree");
        QVERIFY(QDir().mkdir(tree));
        QCOMPARE(QProcess::execute("git", {"init", "-q", tree}), 0);
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL", "--to", tree + "/a.dump"});
        QVERIFY2(backup.exitCode == 0 && backup.errors.contains(".gitignore"), backup.told());
    }

    void aRestoreOfSomethingElse()
    {
        const QString file = m_cli.path("plain.dump");
        QFile plain(file);
        QVERIFY(plain.open(QIODevice::WriteOnly) && plain.write("CREATE TABLE a (b int);\n") > 0);
        plain.close();
        const CliOutcome outcome = m_cli.run({"restore", file, "env:SHOP_URL/plain", "--create"});
        QVERIFY2(outcome.exitCode == 1, outcome.told());
        QCOMPARE(m_cluster.psql("SELECT count(*) FROM pg_database WHERE datname = 'plain'"), QString("0"));
    }

    void interruptedBackups_data()
    {
        QTest::addColumn<int>("signal");
        QTest::newRow("Ctrl-C") << SIGINT;
        QTest::newRow("terminated") << SIGTERM;
        QTest::newRow("the terminal closed") << SIGHUP;
    }
    void interruptedBackups()
    {
        QFETCH(int, signal);
        const QString folder = m_cli.path(QStringLiteral("interrupted%1").arg(signal));
        QVERIFY(QDir().mkdir(folder));
        const auto process = startHeldBackup(folder + "/shop.dump");
        QVERIFY(process);
        CliProcess::send(*process, signal);
        const CliOutcome outcome = CliProcess::finish(*process, 20'000);
        release();
        QVERIFY2(outcome.exitCode == 4, outcome.told());
        QCOMPARE(outcome.output, QByteArray());
        QCOMPARE(QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot), QStringList());
        QTRY_COMPARE_WITH_TIMEOUT(backendsOfOthers(), QString("0"), 10'000);
    }

    void aKilledBackupLeavesNoFile()
    {
        const QString folder = m_cli.path("killed");
        QVERIFY(QDir().mkdir(folder));
        const auto process = startHeldBackup(folder + "/shop.dump");
        QVERIFY(process);
        CliProcess::send(*process, SIGKILL);
        QVERIFY(process->waitForFinished());
        release();
        QTRY_COMPARE_WITH_TIMEOUT(backendsOfOthers(), QString("0"), 20'000); // pg_dump ended with its parent
        QVERIFY(!QFile::exists(folder + "/shop.dump"));
        // The next backup clears up after it.
        const CliOutcome next = m_cli.run({"backup", "env:SHOP_URL", "--to", folder + "/next.dump"});
        QVERIFY2(next.exitCode == 0, next.told());
        QCOMPARE(QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList({"next.dump", "next.dump.json"}));
    }

    void progressIsForTerminalsOnly()
    {
        const QString line = QStringLiteral(ROOST_CLI " backup env:SHOP_URL --to %1");
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert("ROOST_HOME", m_cli.home());
        environment.insert("SHOP_URL", databaseUri(m_spec));
        QProcess process;
        process.setProcessEnvironment(environment);
        process.start("script", {"-qec", line.arg(m_cli.path("seen.dump")), "/dev/null"});
        const CliOutcome seen = CliProcess::finish(process);
        QVERIFY2(seen.exitCode == 0 && seen.output.contains("\r\x1b[K"), seen.told());
        QVERIFY2(seen.output.endsWith("seen.dump\r\n"), seen.told());
        const CliOutcome unseen = m_cli.run({"backup", "env:SHOP_URL", "--to", m_cli.path("unseen.dump")});
        QCOMPARE(unseen.errors, QByteArray());
        QCOMPARE(unseen.output, m_cli.path("unseen.dump").toUtf8() + '\n');
    }

    void aRestoreWhoseBackendDiesFails()
    {
        // A view that takes its time, but only in the database that is restored into.
        const auto source = openConnection(m_cluster.spec("slow"));
        for (const char *sql :
             {"CREATE FUNCTION hold() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF current_database() = 'target' THEN "
              "PERFORM pg_sleep(60); END IF; RETURN 1; END $$",
              "CREATE TABLE full_of_rows AS SELECT n FROM generate_series(1, 1000) n",
              "CREATE MATERIALIZED VIEW held AS SELECT hold()"}) {
            QVERIFY(source->execute(sql).has_value());
        }
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL/slow", "--to", m_cli.path("good.dump")});
        QVERIFY2(backup.exitCode == 0, backup.told());
        QVERIFY(m_cluster.createDatabase("target"));
        const auto process = m_cli.start({"restore", m_cli.path("good.dump"), "env:SHOP_URL/target"});
        const QString held = "FROM pg_stat_activity WHERE datname = 'target' AND wait_event = 'PgSleep'";
        QTRY_COMPARE_WITH_TIMEOUT(m_cluster.psql("SELECT count(*) " + held), QString("1"), 20'000);
        QCOMPARE(m_cluster.psql("SELECT pg_terminate_backend(pid) " + held), QString("t"));
        const CliOutcome outcome = CliProcess::finish(*process);
        QVERIFY2(outcome.exitCode == 1 || outcome.exitCode == 3, outcome.told());
        QVERIFY2(outcome.errors.contains("terminat") || outcome.errors.contains("ended"), outcome.told());
        QCOMPARE(m_cluster.psql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'", "target"), QString("0"));
    }

private:
    static std::unique_ptr<DatabaseConnection> openConnection(const ConnectionSpec &spec)
    {
        auto connection = DatabaseConnection::open(spec);
        return connection ? std::move(*connection) : nullptr;
    }

    /// Count and content of every table, whatever the order of the rows.
    QString fingerprints(const QString &database)
    {
        QStringList all;
        for (const char *table : {"birds", "sightings", "nothing", "few"}) {
            all +=
                m_cluster.psql(QStringLiteral("SELECT '%1', count(*), md5(string_agg(t::text, ',' ORDER BY t::text)) "
                                              "FROM %1 t")
                                   .arg(table),
                               database);
        }
        return all.join('\n');
    }

    /// A backup that stands still because a lock is in its way; null when it does not get there.
    std::unique_ptr<QProcess> startHeldBackup(const QString &file)
    {
        if (!m_connection->execute("BEGIN") || !m_connection->execute("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE")) {
            return nullptr;
        }
        auto process = m_cli.start({"backup", "env:SHOP_URL", "--to", file});
        const bool held = QTest::qWaitFor(
            [this] {
                return m_cluster.psql("SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = 'shop' AND "
                                      "wait_event_type = 'Lock'") == "t";
            },
            20'000);
        return held ? std::move(process) : nullptr;
    }
    void release() { QVERIFY(m_connection->execute("ROLLBACK").has_value()); }

    QString backendsOfOthers()
    {
        return m_cluster.psql(
            QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop' AND pid <> %1")
                .arg(m_connection->server().backendPid));
    }

    TemporaryCluster m_cluster;
    ConnectionSpec m_spec;
    std::unique_ptr<DatabaseConnection> m_connection;
    CliProcess m_cli;
};

QTEST_GUILESS_MAIN(TestCliBackup)
#include "tst_clibackup.moc"
