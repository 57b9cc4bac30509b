#include "operations/restore.h"
#include "operations/restoremessage.h"
#include "operations/toolmessages.h"

#include <QRandomGenerator>
#include <QtTest>

using namespace Roost;

namespace {

using Weight = RestoreMessage::Weight;

QString query(const QString &error, const QString &command)
{
    return QStringLiteral("pg_restore: error: could not execute query: ERROR:  %1\nCommand was: %2")
        .arg(error, command);
}

const QString unknownSetting = query(QStringLiteral("unrecognized configuration parameter \"transaction_timeout\""),
                                     QStringLiteral("SET transaction_timeout = 0;"));

/// Each known to be harmless, as pg_restore writes it.
const QStringList &harmlessOnes()
{
    static const QStringList all = {
        unknownSetting,
        query(QStringLiteral("unrecognized configuration parameter \"idle_session_timeout\""),
              QStringLiteral("SET idle_session_timeout = 0;")),
        query(QStringLiteral("must be owner of extension pg_trgm"),
              QStringLiteral("COMMENT ON EXTENSION pg_trgm IS 'text similarity measurement';")),
        query(QStringLiteral("must be owner of extension pg_trgm"),
              QStringLiteral("DROP EXTENSION IF EXISTS pg_trgm;\n")),
        query(QStringLiteral("schema \"public\" already exists"), QStringLiteral("CREATE SCHEMA public;\n\n")),
        query(QStringLiteral("relation \"public.birds\" does not exist"),
              QStringLiteral("ALTER TABLE ONLY public.birds DROP CONSTRAINT birds_pkey;")),
        query(QStringLiteral("table \"birds\" does not exist"), QStringLiteral("DROP TABLE public.birds;")),
        QStringLiteral("pg_restore: warning: there are circular foreign-key constraints on this table:\ndetail: birds\n"
                       "hint: You might not be able to restore the dump"),
        QStringLiteral("NOTICE:  extension \"plpgsql\" already exists, skipping"),
    };
    return all;
}

} // namespace

class TestRestoreMessages : public QObject
{
    Q_OBJECT

private slots:
    void knownLines_data();
    void knownLines();
    void whatIsNotKnownIsNeverHarmless_data();
    void whatIsNotKnownIsNeverHarmless();
    void changedAnywhereItIsNotHarmless();
    void rubbishIsNeverHarmless();
    void theClosingCountIsNoMessage();
    void groupsInWordsWithTheRawLines();
    void remarksOfARestoreAreToBeLookedAt();
};

void TestRestoreMessages::knownLines_data()
{
    QTest::addColumn<QString>("raw");
    QTest::addColumn<Weight>("weight");
    for (const QString &raw : harmlessOnes()) {
        QTest::newRow(qPrintable(raw.section(u'\n', 0, 0))) << raw << Weight::Harmless;
    }
    const auto lost = [](const QString &raw) { QTest::newRow(qPrintable(raw.left(70))) << raw << Weight::DataLost; };
    const auto look = [](const QString &raw) { QTest::newRow(qPrintable(raw.left(70))) << raw << Weight::LookAtThis; };
    lost(query(QStringLiteral("relation \"big\" already exists"), QStringLiteral("CREATE TABLE public.big (i int);")));
    lost(QStringLiteral("pg_restore: error: COPY failed for table \"big\": ERROR:  duplicate key value violates unique "
                        "constraint \"big_pkey\"\nDETAIL:  Key (id)=(1) already exists.\nCONTEXT:  COPY big, line 1"));
    lost(query(QStringLiteral("cannot drop table birds because other objects depend on it\nDETAIL:  view v depends on "
                              "table birds\nHINT:  Use DROP ... CASCADE to drop the dependent objects too."),
               QStringLiteral("DROP TABLE IF EXISTS public.birds;")));
    lost(query(QStringLiteral("could not create unique index \"birds_pkey\"\nDETAIL:  Key (id)=(1) is duplicated."),
               QStringLiteral("ALTER TABLE ONLY public.birds ADD CONSTRAINT birds_pkey PRIMARY KEY (id);")));
    lost(query(QStringLiteral("multiple primary keys for table \"birds\" are not allowed"),
               QStringLiteral("ALTER TABLE ONLY public.birds ADD CONSTRAINT birds_pkey PRIMARY KEY (id);")));
    lost(query(QStringLiteral("insert or update on table \"s\" violates foreign key constraint \"s_fkey\""),
               QStringLiteral("ALTER TABLE ONLY public.s ADD CONSTRAINT s_fkey FOREIGN KEY (b) REFERENCES birds;")));
    lost(QStringLiteral(
        "pg_restore: error: error returned by PQputCopyData: server closed the connection unexpectedly"));
    lost(QStringLiteral("pg_restore: error: could not execute query: out of shared memory\nHINT:  You might need to "
                        "increase max_locks_per_transaction."));
    lost(QStringLiteral("pg_restore: error: cannot specify both --single-transaction and multiple jobs"));
    lost(QStringLiteral("pg_restore: error: unsupported version (1.16) in file header"));
    lost(QStringLiteral("pg_restore: error: input file appears to be a text format dump. Please use psql."));
    lost(QStringLiteral("pg_restore: error: input file does not appear to be a valid archive (too short?)"));
    lost(QStringLiteral("pg_restore: error: input file is too short (read 0, expected 5)"));
    lost(QStringLiteral("pg_restore: error: could not read from input file: end of file"));
    lost(QStringLiteral("pg_dump: error: aborting because of server version mismatch\npg_dump: detail: server version: "
                        "17.2; pg_dump version: 15.20"));
    lost(
        QStringLiteral("pg_restore: error: COPY failed for table \"t\": ERROR:  character with byte sequence 0xe2 0x82 "
                       "0xac in encoding \"UTF8\" has no equivalent in encoding \"LATIN1\""));
    lost(QStringLiteral("pg_restore: error: COPY failed for table \"t\": ERROR:  could not extend file "
                        "\"base/1/2\": No space left on device\nHINT:  Check free disk space."));
    look(query(QStringLiteral("permission denied to create extension \"adminpack\"\nHINT:  Must be superuser to create "
                              "this extension."),
               QStringLiteral("CREATE EXTENSION IF NOT EXISTS adminpack WITH SCHEMA pg_catalog;")));
    look(query(QStringLiteral("must be superuser to create FOR ALL TABLES publication"),
               QStringLiteral("CREATE PUBLICATION everything FOR ALL TABLES;")));
    look(query(QStringLiteral("permission denied to create event trigger \"watching\""),
               QStringLiteral("CREATE EVENT TRIGGER watching ON ddl_command_end EXECUTE FUNCTION public.f();")));
    look(query(QStringLiteral("extension \"postgis\" is not available"),
               QStringLiteral("CREATE EXTENSION IF NOT EXISTS postgis WITH SCHEMA public;")));
    look(
        query(QStringLiteral("role \"ada\" does not exist"), QStringLiteral("ALTER TABLE public.birds OWNER TO ada;")));
    look(QStringLiteral("WARNING:  database \"x\" has a collation version mismatch"));
    look(QStringLiteral("pg_restore: warning: errors ignored on restore: 9"));
    look(QStringLiteral("pg_restore: warning: something that nobody has seen yet"));
}

void TestRestoreMessages::knownLines()
{
    QFETCH(QString, raw);
    QFETCH(Weight, weight);
    const RestoreMessage message = weighed(raw);
    QCOMPARE(message.weight, weight);
    QCOMPARE(message.raw, raw);
    QVERIFY(message.text.size() > 10);
}

void TestRestoreMessages::whatIsNotKnownIsNeverHarmless_data()
{
    QTest::addColumn<QString>("raw");
    QTest::newRow("empty") << QString();
    QTest::newRow("unknown") << QStringLiteral("pg_restore: error: the moon is in the way");
    QTest::newRow("German") << QStringLiteral("pg_restore: Fehler: could not execute query: FEHLER:  unbekannt");
    QTest::newRow("another command") << query(
        QStringLiteral("unrecognized configuration parameter \"transaction_timeout\""),
        QStringLiteral("CREATE TABLE t (i int);"));
    QTest::newRow("another setting") << query(
        QStringLiteral("unrecognized configuration parameter \"transaction_timeout\""),
        QStringLiteral("SET search_path = 0;"));
    QTest::newRow("owner of a table") << query(QStringLiteral("must be owner of table birds"),
                                               QStringLiteral("ALTER TABLE birds ADD COLUMN x int;"));
    QTest::newRow("the extension's table")
        << query(QStringLiteral("must be owner of extension x"), QStringLiteral("CREATE TABLE t (i int);"));
    QTest::newRow("another schema") << query(QStringLiteral("schema \"nest\" already exists"),
                                             QStringLiteral("CREATE SCHEMA nest;"));
    QTest::newRow("missing where it is needed")
        << query(QStringLiteral("type \"public.mood\" does not exist"), QStringLiteral("CREATE TABLE t (m mood);"));
    QTest::newRow("a name that says DROP") << query(QStringLiteral("relation \"x\" does not exist"),
                                                    QStringLiteral("COPY public.\"DROP TABLE x;\" (i) FROM stdin;"));
    QTest::newRow("two commands") << unknownSetting + QStringLiteral(" DROP TABLE birds;");
    QTest::newRow("two errors") << unknownSetting + QStringLiteral("\npg_restore: error: COPY failed for table \"t\"");
}

void TestRestoreMessages::whatIsNotKnownIsNeverHarmless()
{
    QFETCH(QString, raw);
    QVERIFY(weighed(raw).weight != Weight::Harmless);
}

/// A harmless message with any line of another kind before, within or after it is not harmless any more, and neither is
/// one that another stands in.
void TestRestoreMessages::changedAnywhereItIsNotHarmless()
{
    const QStringList strangers = {QStringLiteral("pg_restore: error: COPY failed for table \"t\": ERROR:  x"),
                                   QStringLiteral("ERROR:  could not create unique index"),
                                   QStringLiteral("Command was: INSERT INTO t VALUES (1);"),
                                   QStringLiteral("pg_restore: from TOC entry 3; 1259 1 TABLE t ada")};
    int tried = 0;
    for (const QString &harmless : harmlessOnes()) {
        if (!harmless.contains(u"error: ")) {
            continue; // remarks may have lines of any kind
        }
        const QStringList lines = harmless.trimmed().split(u'\n');
        for (const QString &stranger : strangers) {
            for (qsizetype at = 0; at <= lines.size(); ++at) {
                QStringList changed = lines;
                changed.insert(at, stranger);
                QVERIFY2(weighed(changed.join(u'\n')).weight != Weight::Harmless, qPrintable(changed.join(u'\n')));
                ++tried;
            }
        }
    }
    QVERIFY(tried > 60);
}

/// Words of all messages in any order.
void TestRestoreMessages::rubbishIsNeverHarmless()
{
    QStringList words;
    for (const QString &harmless : harmlessOnes()) {
        words += harmless.split(u' ');
    }
    QRandomGenerator random(20261128);
    for (int round = 0; round < 20'000; ++round) {
        QString text = QStringLiteral("pg_restore: error:");
        const int count = int(random.bounded(1, 30));
        for (int i = 0; i < count; ++i) {
            text += (random.bounded(8) == 0 ? u'\n' : u' ') + words.at(int(random.bounded(int(words.size()))));
        }
        if (harmlessOnes().contains(text)) {
            continue;
        }
        QVERIFY2(weighed(text).weight != Weight::Harmless, qPrintable(text));
    }
}

void TestRestoreMessages::theClosingCountIsNoMessage()
{
    ToolMessages messages(QStringLiteral("pg_restore"));
    for (const QString &line : unknownSetting.split(u'\n')) {
        messages.add(line);
    }
    messages.add(QStringLiteral("pg_restore: warning: errors ignored on restore: 1"));
    const auto all = weighed(messages);
    QCOMPARE(all.size(), 1);
    QCOMPARE(all.first().weight, Weight::Harmless);

    // A count that does not fit says that something was not heard.
    ToolMessages more(QStringLiteral("pg_restore"));
    more.add(QStringLiteral("pg_restore: warning: errors ignored on restore: 2"));
    QCOMPARE(weighed(more).size(), 1);
    QCOMPARE(weighed(more).first().weight, Weight::LookAtThis);
}

void TestRestoreMessages::groupsInWordsWithTheRawLines()
{
    ToolMessages messages(QStringLiteral("pg_restore"));
    messages.add(QStringLiteral("NOTICE:  a remark"));
    messages.add(QStringLiteral("pg_restore: error: COPY failed for table \"big\": ERROR:  x"));
    messages.add(QStringLiteral("WARNING:  mind the gap"));
    const auto all = weighed(messages);
    QCOMPARE(all.size(), 3);
    QCOMPARE(all.first().weight, Weight::DataLost);
    QCOMPARE(all.last().weight, Weight::Harmless);
    const QString text = groupedText(all);
    const auto at = [&text](const QString &part) { return text.indexOf(part); };
    QVERIFY2(at(weightText(Weight::DataLost)) >= 0 &&
                 at(QStringLiteral("COPY failed")) > at(weightText(Weight::DataLost)) &&
                 at(weightText(Weight::LookAtThis)) > at(QStringLiteral("COPY failed")) &&
                 at(QStringLiteral("mind the gap")) > at(weightText(Weight::LookAtThis)) &&
                 at(QStringLiteral("a remark")) > at(weightText(Weight::Harmless)),
             qPrintable(text));
    QCOMPARE(groupedText({}), QString());
}

void TestRestoreMessages::remarksOfARestoreAreToBeLookedAt()
{
    RestoreReport report;
    QCOMPARE(allMessages(report).size(), 0);
    report.messages = {weighed(harmlessOnes().first())};
    report.leftOut = {QStringLiteral("The extension postgis: the server does not have it.")};
    report.warnings = {QStringLiteral("Not as in the source: index x is missing.")};
    const auto all = allMessages(report);
    QCOMPARE(all.size(), 3);
    QCOMPARE(all.at(0).weight, Weight::LookAtThis);
    QCOMPARE(all.at(1).text, report.warnings.first());
    QCOMPARE(all.at(2).weight, Weight::Harmless);
}

QTEST_APPLESS_MAIN(TestRestoreMessages)
#include "tst_restoremessages.moc"
