#include "cliprocess.h"
#include "postgres/connectionstring.h"
#include "postgres/identifier.h"
#include "support/temporarycluster.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonObject>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const statements = R"(
    CREATE TABLE birds (id int PRIMARY KEY, name text, note text);
    INSERT INTO birds SELECT n, 'bird ' || n, NULL FROM generate_series(1, 2000) n;
    CREATE TABLE log (line text);
    INSERT INTO log VALUES ('same'), ('gone');
    CREATE TABLE calm (id int PRIMARY KEY);
    INSERT INTO calm VALUES (1))";

const char *const edits = R"(
    UPDATE birds SET name = 'wren' || chr(27) || '[31m', note = '' WHERE id = 7;
    INSERT INTO birds VALUES (2001, 'kiwi', NULL), (2002, 'rhea', 'x'), (2003, 'emu', NULL);
    DELETE FROM log WHERE line = 'gone';
    CREATE INDEX birds_name ON birds (name))";

} // namespace

/// What roost-cli says of two databases or backups that differ, and of a database since its backup.
class TestCliCompare : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
        for (const char *name : {"shop", "twin"}) {
            const ConnectionSpec spec = m_cluster.spec(name);
            m_cli.setVariable(QString(name).toUpper() + "_URL", databaseUri(spec));
            const QString role = "SET ROLE " + quoteIdentifier(spec.parameters.user) + ";";
            m_cluster.psql(role + statements, name);
        }
        const CliOutcome backup = m_cli.run({"backup", "env:SHOP_URL"});
        QVERIFY2(backup.exitCode == 0, backup.told());
        m_backup = QString::fromUtf8(backup.output).trimmed();
    }

    void equal()
    {
        const CliOutcome compared = m_cli.run({"compare", "env:SHOP_URL", "env:TWIN_URL", "--rows"});
        QVERIFY2(compared.exitCode == 0 && compared.output.isEmpty(), compared.told());
        const CliOutcome verified = m_cli.run({"verify", m_backup, "--against", "env:SHOP_URL"});
        QVERIFY2(verified.exitCode == 0 && verified.output.isEmpty(), verified.told());
        QVERIFY2(verified.errors.contains("Nothing has changed since this backup was taken (") &&
                     verified.errors.contains("3 tables (2003 rows)"),
                 verified.told());
    }

    void different()
    {
        edit();
        const CliOutcome outcome = m_cli.run({"compare", m_backup, "env:TWIN_URL"});
        QVERIFY2(outcome.exitCode == 1, outcome.told());
        QCOMPARE(outcome.output, QByteArray("table public.birds has 2,003 rows instead of 2,000 rows\n"
                                            "    3 rows more, 1 changed\n"
                                            "table public.log has 1 row instead of 2 rows\n"
                                            "    1 row missing\n"
                                            "    The table has no key, so rows are compared as wholes: a changed row "
                                            "counts as one missing and one more.\n"
                                            "index public.birds_name is there in addition\n"));
        QVERIFY2(outcome.errors.contains("They are not equal: 3 differences."), outcome.told());
        // The other way round, and live against live.
        const CliOutcome back = m_cli.run({"compare", "env:TWIN_URL", "env:SHOP_URL"});
        QVERIFY2(back.exitCode == 1 && back.output.contains("    3 rows missing, 1 changed\n"), back.told());
    }

    void theRows()
    {
        edit();
        const CliOutcome outcome = m_cli.run({"compare", m_backup, "env:TWIN_URL", "--rows"});
        QVERIFY2(outcome.exitCode == 1, outcome.told());
        const QByteArray expected = "    3 rows more, 1 changed\n"
                                    "   | id   | Column | Before | After\n"
                                    "---+------+--------+--------+--------------\n"
                                    " ~ | 7    | name   | bird 7 | wren\\x1b[31m\n"
                                    "   |      | note   | NULL   |\n"
                                    " + | 2001 | name   |        | kiwi\n"
                                    "   |      | note   |        | NULL\n"
                                    " + | 2002 | name   |        | rhea\n"
                                    "   |      | note   |        | x\n"
                                    " + | 2003 | name   |        | emu\n"
                                    "   |      | note   |        | NULL\n";
        QVERIFY2(outcome.output.contains(expected), outcome.output.constData());
        QVERIFY2(outcome.output.contains(" - | line   | gone   |\n"), outcome.output.constData());
    }

    void asJson()
    {
        edit();
        const CliOutcome outcome = m_cli.run({"compare", m_backup, "env:TWIN_URL", "--json"});
        QVERIFY2(outcome.exitCode == 1 && outcome.json().size() == 3, outcome.told());
        const QJsonObject birds = outcome.json().at(0).toObject();
        QCOMPARE(birds["what"].toString(), QString("table public.birds"));
        QCOMPARE(birds["weight"].toString(), QString("data"));
        const QJsonObject rows = birds["rows"].toObject();
        QCOMPARE(rows["added"].toInt(), 3);
        QCOMPARE(rows["removed"].toInt(), 0);
        QCOMPARE(rows["changed"].toInt(), 1);
        QCOMPARE(rows["key"].toArray(), QJsonArray{"id"});
        QCOMPARE(rows["not_shown"].toInt(), 0);
        const QJsonObject changed = rows["differences"].toArray().at(0).toObject();
        QCOMPARE(changed["change"].toString(), QString("changed"));
        QCOMPARE(changed["before"].toObject(),
                 QJsonObject({{"id", "7"}, {"name", "bird 7"}, {"note", QJsonValue::Null}}));
        QCOMPARE(changed["after"].toObject(), QJsonObject({{"id", "7"}, {"name", "wren\x1b[31m"}, {"note", ""}}));
        QVERIFY(rows["differences"].toArray().at(1)["before"].isNull());
        QVERIFY(outcome.json().at(2)["rows"].isNull());
    }

    void sinceTheBackup()
    {
        edit();
        const CliOutcome outcome = m_cli.run({"verify", m_backup, "--against", "env:TWIN_URL"});
        QVERIFY2(outcome.exitCode == 1, outcome.told());
        QVERIFY2(outcome.output.startsWith("birds +3 rows, 1 changed\nlog −1 row\n"), outcome.told());
        QVERIFY2(outcome.errors.contains("Since this backup was taken (") &&
                     outcome.errors.contains("the database has changed: 3 differences."),
                 outcome.told());
    }

    void wrongUsage()
    {
        for (const QStringList &words : {QStringList{"verify", m_backup, "--rows"},
                                         QStringList{"verify", m_backup, "--against", "env:SHOP_URL", "--restore"},
                                         QStringList{"verify", m_backup, "--against", "env:"}}) {
            const CliOutcome outcome = m_cli.run(words);
            QVERIFY2(outcome.exitCode == 2 && outcome.output.isEmpty(), outcome.told());
        }
    }

    /// A file that is not what it was says nothing about the database.
    void damagedBackup()
    {
        const QString copy = m_cli.path("copy.dump");
        QVERIFY(QFile::copy(m_backup, copy) && QFile::copy(m_backup + ".json", copy + ".json"));
        QFile file(copy);
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) && file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(file.size() - 20) && file.write("x") == 1);
        file.close();
        const CliOutcome outcome = m_cli.run({"verify", copy, "--against", "env:SHOP_URL"});
        QVERIFY2(outcome.exitCode == 1 && outcome.errors.contains("is not the file that was made"), outcome.told());
        QVERIFY2(outcome.output.isEmpty(), outcome.told());
    }

private:
    void edit()
    {
        if (!m_isEdited) {
            m_cluster.psql("SET ROLE " + quoteIdentifier(m_cluster.spec("twin").parameters.user) + ";" + edits, "twin");
            m_isEdited = true;
        }
    }

    TemporaryCluster m_cluster;
    CliProcess m_cli;
    QString m_backup;
    bool m_isEdited = false;
};

QTEST_GUILESS_MAIN(TestCliCompare)

#include "tst_clicompare.moc"
