#include "operations/archivetoc.h"
#include "operations/copytextcounter.h"
#include "operations/toolmessages.h"

#include <QRegularExpression>
#include <QtTest>

#include <csignal>

using namespace Roost;

namespace {

const QByteArray listing = R"(;
; Archive created at 2026-11-22 22:10:42 UTC
;     dbname: bird app
;     TOC Entries: 30
;     Dumped from database version: 15.20 (Debian 15.20-0+deb12u1)
;     Dumped by pg_dump version: 17.2
;
7; 2615 16497 SCHEMA - nest ada
8; 2615 2200 SCHEMA - public pg_database_owner
2; 3079 16386 EXTENSION - pg_trgm 
3; 3079 16387 EXTENSION - postgis 
4; 3079 16388 EXTENSION - plpgsql 
3431; 0 0 COMMENT - EXTENSION pg_trgm 
3432; 0 0 COMMENT - SCHEMA public pg_database_owner
219; 1259 16483 TABLE public birds ada
218; 1259 16482 SEQUENCE public birds_id_seq ada
3420; 0 16483 TABLE DATA public birds ada
3421; 0 16484 TABLE DATA nest odd name here ada
3433; 0 0 SEQUENCE SET public birds_id_seq ada
3269; 2606 16487 CONSTRAINT public birds birds_pkey ada
3415; 6104 16505 PUBLICATION - everything ada
3416; 6106 16506 PUBLICATION TABLE public everything birds ada
3417; 3466 16507 EVENT TRIGGER - watching ada
3418; 826 16508 DEFAULT ACL public DEFAULT PRIVILEGES FOR TABLES ada
)";

ToolMessages messagesOf(const QString &tool, const QString &text)
{
    ToolMessages messages(tool);
    for (const QString &line : text.split(u'\n')) {
        if (!line.isEmpty()) {
            messages.add(line);
        }
    }
    return messages;
}

} // namespace

class TestArchive : public QObject
{
    Q_OBJECT

private slots:
    void readsTheContents();
    void plansWhatIsRestored();
    void tablesCanChangePlaces();
    void indexesFollowTheirTables();
    void bigArchivesAreNotOneTransaction();
    void countsRows();
    void countsInPiecesOfAnySize();
    void cutTextIsIncomplete();
    void sortsMessages();
    void strayWordsAreErrors();
    void explainsFailures_data();
    void explainsFailures();
    void toleratesOneUnknownSetting_data();
    void toleratesOneUnknownSetting();
};

void TestArchive::readsTheContents()
{
    const ArchiveToc toc = parseToc(listing);
    QCOMPARE(toc.database, QStringLiteral("bird app"));
    QCOMPARE(toc.serverVersion, QStringLiteral("15.20"));
    QCOMPARE(toc.toolVersion, QStringLiteral("17.2"));
    QCOMPARE(toc.toolMajor(), 17);
    QVERIFY(toc.createdAt.isValid());
    QCOMPARE(toc.entries.size(), 17);
    QCOMPARE(toc.count(QStringLiteral("TABLE DATA")), 2);
    QCOMPARE(toc.tablesWithData(), (QStringList{QStringLiteral("public.birds"), QStringLiteral("nest.odd name here")}));
}

void TestArchive::plansWhatIsRestored()
{
    TargetObjects target;
    target.installedExtensions = {QStringLiteral("plpgsql")};
    target.availableExtensions = {QStringLiteral("plpgsql"), QStringLiteral("pg_trgm")};
    const RestorePlan plan = planRestore(parseToc(listing), target);
    QList<int> kept;
    for (const QByteArray &line : plan.useList.split('\n')) {
        if (!line.isEmpty() && !line.startsWith(';')) {
            kept += line.first(line.indexOf(';')).toInt();
        }
    }
    QCOMPARE(kept, (QList<int>{7, 2, 219, 218, 3420, 3421, 3433, 3269}));
    QCOMPARE(plan.tables, 1);
    QCOMPARE(plan.finishingSteps.size(), 1);
    QVERIFY(plan.fitsOneTransaction);
    const QString leftOut = plan.leftOut.join(u'\n');
    for (const char *named : {"postgis", "everything", "watching", "schema public"}) {
        QVERIFY2(leftOut.contains(QLatin1String(named)), named);
    }
    QVERIFY(!leftOut.contains(u"pg_trgm"));

    // Where somebody dropped the schema public, the archive brings it.
    target.hasPublicSchema = false;
    QVERIFY(planRestore(parseToc(listing), target).useList.contains("\n8; "));
}

/// Rows change places with rows and nothing else does: the biggest come first; with functions about, nothing moves.
void TestArchive::tablesCanChangePlaces()
{
    const QByteArray text = listing + "3422; 0 16485 TABLE DATA nest seen ada\n";
    const QStringList usual = {QStringLiteral("public.birds"), QStringLiteral("nest.odd name here"),
                               QStringLiteral("nest.seen")};
    RestoreWish wish;
    const auto order = [&wish](const QByteArray &list) {
        return parseToc(planRestore(parseToc(list), {}, wish).useList).tablesWithData();
    };
    QCOMPARE(order(text), usual);
    wish.tableBytes = {{usual.at(0), 10}, {usual.at(1), 20}, {usual.at(2), 30}};
    QCOMPARE(order(text), usual);
    wish.comparedAhead = {usual.at(2)};
    QCOMPARE(order(text), (QStringList{usual.at(2), usual.at(1), usual.at(0)}));
    const auto withoutRows = [&text](const RestoreWish &how) {
        QList<QByteArray> lines = planRestore(parseToc(text), {}, how).useList.split('\n');
        lines.removeIf([](const QByteArray &line) { return line.contains("TABLE DATA"); });
        return lines;
    };
    QCOMPARE(withoutRows(wish), withoutRows({}));
    QCOMPARE(order(text + "300; 1255 16600 FUNCTION public is_known(integer) ada\n"), usual);
    QCOMPARE(order(text + "300; 1255 16600 PROCEDURE public tidy() ada\n"), usual);
}

/// Tables that are compared ahead get their indexes last, in the order of loading; what a comment or a view stands
/// between keeps its place, since they need what is before them.
void TestArchive::indexesFollowTheirTables()
{
    const QByteArray text = "10; 1259 1 TABLE public big ada\n11; 1259 2 TABLE public small ada\n"
                            "12; 1259 3 TABLE public middle ada\n"
                            "20; 2606 4 CONSTRAINT public middle middle_pkey ada\n"
                            "21; 2606 5 CONSTRAINT public big big_pkey ada\n22; 1259 6 INDEX public by_name ada\n"
                            "23; 1259 7 INDEX public small_idx ada\n24; 0 0 COMMENT public INDEX small_idx ada\n"
                            "25; 1259 8 INDEX public late ada\n26; 2606 9 FK CONSTRAINT public middle of_big ada\n";
    RestoreWish wish;
    wish.tableBytes = {{QStringLiteral("public.big"), 30},
                       {QStringLiteral("public.middle"), 20},
                       {QStringLiteral("public.small"), 10}};
    wish.comparedAhead = {QStringLiteral("public.big"), QStringLiteral("public.middle")};
    wish.needs = {{20, {12}}, {21, {10}}, {22, {10, 11}}, {23, {11}}, {25, {11}}, {26, {10, 12}}};
    const auto order = [&text, &wish] {
        QList<int> numbers;
        for (const ArchiveToc::Entry &entry : parseToc(planRestore(parseToc(text), {}, wish).useList).entries) {
            numbers += entry.number();
        }
        return numbers;
    };
    QCOMPARE(order(), (QList<int>{10, 11, 12, 23, 21, 22, 20, 24, 25, 26}));
    QCOMPARE(planRestore(parseToc(text), {}, wish).finishingSteps, (QList<qint64>{10, 30, 30, 20, 10, 30}));
    wish.comparedAhead.clear();
    QCOMPARE(order(), (QList<int>{10, 11, 12, 20, 21, 22, 23, 24, 25, 26}));
}

void TestArchive::bigArchivesAreNotOneTransaction()
{
    QByteArray many;
    for (int i = 0; i < 1999; ++i) {
        many += QByteArray::number(i) + "; 1259 1 TABLE public t" + QByteArray::number(i) + " ada\n";
    }
    QVERIFY(planRestore(parseToc(many), {}).fitsOneTransaction);
    many += "5000; 1259 1 INDEX public i ada\n";
    QVERIFY(!planRestore(parseToc(many), {}).fitsOneTransaction);
}

void TestArchive::countsRows()
{
    CopyTextCounter counter;
    counter.add(
        "--\n-- Data for Name: x FROM stdin;\n--\n\nSET a = 1;\n"
        "COPY public.birds (id, name) FROM stdin;\n1\tWren\n2\t\\\\.\n\n\\.\n\n"
        "SELECT pg_catalog.setval('s', 4, true);\n"
        "COPY \"we ird\".\"a\"\"b\nc FROM stdin;\" (\"x y\") FROM stdin;\nCOPY public.fake (id) FROM stdin;\n\\.\n"
        "COPY public.none (id) FROM stdin;\n\\.\n");
    QVERIFY(counter.isComplete());
    QCOMPARE(counter.tables().size(), 3);
    QCOMPARE(counter.tables().at(0).schema, QStringLiteral("public"));
    QCOMPARE(counter.tables().at(0).name, QStringLiteral("birds"));
    QCOMPARE(counter.tables().at(0).rows, 3);
    QCOMPARE(counter.tables().at(0).bytes, qint64(qstrlen("1\tWren\n2\t\\\\.\n\n")));
    QCOMPARE(counter.tables().at(1).schema, QStringLiteral("we ird"));
    QCOMPARE(counter.tables().at(1).name, QStringLiteral("a\"b\nc FROM stdin;"));
    QCOMPARE(counter.tables().at(1).rows, 1);
    QCOMPARE(counter.tables().at(2).rows, 0);
}

void TestArchive::countsInPiecesOfAnySize()
{
    const QByteArray text = "SET a = 1;\nCOPY public.birds (id, name) FROM stdin;\n1\tWren\n2\t\\\\.\n\n\\.\n\n"
                            "COPY nest.eggs (id) FROM stdin;\n.\n\\\\.\n\\N\n\\.\nSELECT 1;\n";
    for (qsizetype size = 1; size < 20; ++size) {
        CopyTextCounter counter;
        for (qsizetype at = 0; at < text.size(); at += size) {
            counter.add(QByteArrayView(text).sliced(at, qMin(size, text.size() - at)));
        }
        QVERIFY(counter.isComplete());
        QCOMPARE(counter.tables().size(), 2);
        QCOMPARE(counter.tables().at(0).rows, 3);
        QCOMPARE(counter.tables().at(1).rows, 3);
    }
}

void TestArchive::cutTextIsIncomplete()
{
    CopyTextCounter counter;
    counter.add("COPY public.birds (id) FROM stdin;\n1\n2\n");
    QVERIFY(!counter.isComplete());
}

void TestArchive::sortsMessages()
{
    const ToolMessages messages = messagesOf(
        QStringLiteral("pg_dump"), QStringLiteral("WARNING:  database \"a\" has a collation version mismatch\n"
                                                  "DETAIL:  created with 2.36\n"
                                                  "pg_dump: last built-in OID is 16383\n"
                                                  "pg_dump: dumping contents of table \"public.a\n"
                                                  "second line of its name\"\n"
                                                  "pg_dump: warning: there are circular foreign-key "
                                                  "constraints on this table:\n"
                                                  "pg_dump: detail: a\n"
                                                  "pg_dump: hint: You might not be able to restore\n"
                                                  "pg_dump: warning: something new\n"
                                                  "pg_dump: error: query failed: ERROR:  no\n"
                                                  "pg_dump: detail: Query was: SELECT 1"));
    QCOMPARE(messages.errors(), QStringList{QStringLiteral("pg_dump: error: query failed: ERROR:  no\n"
                                                           "pg_dump: detail: Query was: SELECT 1")});
    QCOMPARE(messages.toolWarnings(), QStringList{QStringLiteral("pg_dump: warning: something new")});
    QCOMPARE(messages.serverWarnings().size(), 1);
    QVERIFY(messages.serverWarnings().first().contains(u"created with 2.36"));

    ProcessOutcome fine;
    const ToolMessages quiet = messagesOf(QStringLiteral("pg_dump"), QStringLiteral("pg_dump: reading schemas"));
    QVERIFY(toolSucceeded(fine, quiet));
    QVERIFY(!toolSucceeded(fine, messages)); // an exit code of 0 proves nothing
    fine.exitCode = 1;
    QVERIFY(!toolSucceeded(fine, quiet));
}

void TestArchive::strayWordsAreErrors()
{
    const ToolMessages messages =
        messagesOf(QStringLiteral("pg_dump"), QStringLiteral("error while loading shared libraries: libpq.so.5"));
    QCOMPARE(messages.errors().size(), 1);
}

void TestArchive::explainsFailures_data()
{
    QTest::addColumn<ToolTask>("task");
    QTest::addColumn<QString>("line");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, ToolTask task, const char *line, ErrorCode code, const char *said) {
        QTest::newRow(name) << task << QString::fromUtf8(line) << code << QString::fromUtf8(said);
    };
    row("our disk", ToolTask::Dump, "could not write to output file: No space left on device", ErrorCode::DiskFull,
        "folder on another disk");
    row("server's disk", ToolTask::Restore, "could not extend file \"base/1/2\": No space left on device",
        ErrorCode::DiskFull, "server has no room");
    row("killed", ToolTask::Restore,
        "error returned by PQputCopyData: FATAL:  terminating connection due to administrator command",
        ErrorCode::ConnectionLost, "ended the session");
    row("shut down", ToolTask::Dump, "FATAL:  the database system is shutting down", ErrorCode::ConnectionLost,
        "shut down or restarted");
    row("cut", ToolTask::Dump, "could not receive data from server: Connection timed out", ErrorCode::ConnectionLost,
        "connection to the server was lost");
    row("password", ToolTask::Dump,
        "connection to server at \"h\", port 1 failed: FATAL:  password authentication failed for user \"u\"",
        ErrorCode::ConnectionFailed, "password");
    row("refused", ToolTask::Dump, "connection to server at \"h\", port 1 failed: Connection refused",
        ErrorCode::ConnectionFailed, "could not be reached");
    row("certificate", ToolTask::Dump, "connection to server at \"h\" failed: SSL error: certificate verify failed",
        ErrorCode::TlsFailed, "identity");
    row("hidden rows", ToolTask::Dump, "query would be affected by row-level security policy for table \"t\"",
        ErrorCode::NotAllowed, "row-level security");
    row("lock", ToolTask::Dump,
        "query failed: ERROR:  canceling statement due to statement timeout\n"
        "pg_dump: detail: Query was: LOCK TABLE public.t IN ACCESS SHARE MODE",
        ErrorCode::TimedOut, "locked by another session");
    row("not allowed", ToolTask::Restore, "could not execute query: ERROR:  must be owner of extension pg_trgm",
        ErrorCode::NotAllowed, "does not allow");
    row("twice", ToolTask::Restore,
        "COPY failed for table \"t\": ERROR:  duplicate key value violates unique constraint", ErrorCode::Conflict,
        "contradict");
    row("cut archive", ToolTask::Read, "could not read from input file: end of file", ErrorCode::InvalidInput,
        "damaged");
    row("newer archive", ToolTask::Read, "unsupported version (1.16) in file header", ErrorCode::ToolTooOld, "older");
    row("unknown", ToolTask::Restore, "something nobody has seen", ErrorCode::ProcessFailed, "details");
}

void TestArchive::explainsFailures()
{
    QFETCH(ToolTask, task);
    QFETCH(QString, line);
    QFETCH(ErrorCode, code);
    QFETCH(QString, said);
    const QString tool = task == ToolTask::Dump ? QStringLiteral("pg_dump") : QStringLiteral("pg_restore");
    ProcessOutcome outcome;
    outcome.exitCode = 1;
    const Error error = explainToolFailure(task, outcome, messagesOf(tool, tool + QStringLiteral(": error: ") + line),
                                           QStringLiteral("Nothing happened to anything."));
    QCOMPARE(error.code, code);
    QVERIFY2(error.message.contains(said), qPrintable(error.message));
    QVERIFY(error.message.contains(u"Nothing happened to anything."));
    QVERIFY(error.detail.contains(line.section(u'\n', 0, 0)));
}

void TestArchive::toleratesOneUnknownSetting_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("tolerated");
    const QString setting =
        QStringLiteral("pg_restore: error: could not execute query: ERROR:  unrecognized configuration parameter "
                       "\"transaction_timeout\"\nCommand was: SET transaction_timeout = 0;\n");
    const QString other =
        QStringLiteral("pg_restore: error: could not execute query: ERROR:  relation \"a\" already exists\n");
    QTest::newRow("it alone") << setting + QStringLiteral("pg_restore: warning: errors ignored on restore: 1") << true;
    QTest::newRow("with another") << setting + other +
                                         QStringLiteral("pg_restore: warning: errors ignored on restore: 2")
                                  << false;
    QTest::newRow("gave up") << setting << false;
    QTest::newRow("count differs") << setting + QStringLiteral("pg_restore: warning: errors ignored on restore: 2")
                                   << false;
    QTest::newRow("another warning") << setting + QStringLiteral("pg_restore: warning: errors ignored on restore: 1\n"
                                                                 "pg_restore: warning: no data will be available")
                                     << false;
}

void TestArchive::toleratesOneUnknownSetting()
{
    QFETCH(QString, text);
    QFETCH(bool, tolerated);
    ProcessOutcome outcome;
    outcome.exitCode = 1;
    const ToolMessages messages = messagesOf(QStringLiteral("pg_restore"), text);
    QCOMPARE(onlyUnknownSettingErrors(outcome, messages), tolerated);
    outcome.crashed = true;
    outcome.exitCode = SIGKILL;
    QVERIFY(!onlyUnknownSettingErrors(outcome, messages));
}

QTEST_GUILESS_MAIN(TestArchive)
#include "tst_archive.moc"
