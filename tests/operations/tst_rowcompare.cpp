// Two databases row by row: whatever the rows are, and whichever of live database and backup the sides are, the answer
// is the same.

#include "operations/backup.h"
#include "operations/rowcompare.h"
#include "operations/rowsummary.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString valuesTold(const QList<CellValue> &values)
{
    QStringList words;
    for (const CellValue &value : values) {
        words += value ? *value : QStringLiteral("NULL");
    }
    return words.join(u'|');
}

/// "~7|a|x → 7|b|x (1)": which of the values differ stands in parentheses, counted from 0.
QString told(const RowDifference &row)
{
    switch (row.kind) {
    case RowDifference::Kind::Added:
        return u'+' + valuesTold(row.after);
    case RowDifference::Kind::Removed:
        return u'-' + valuesTold(row.before);
    case RowDifference::Kind::Changed:
        break;
    }
    QStringList places;
    for (qsizetype i = 0; i < row.differs.size(); ++i) {
        if (row.differs.at(i)) {
            places += QString::number(i);
        }
    }
    return QStringLiteral("~%1 → %2 (%3)").arg(valuesTold(row.before), valuesTold(row.after), places.join(u','));
}

QStringList told(const ContentComparison &comparison)
{
    QStringList lines;
    for (const ComparedTable &table : comparison.tables) {
        QStringList rows;
        for (const RowDifference &row : table.rows) {
            rows += told(row);
        }
        lines += QStringLiteral("%1 +%2 -%3 ~%4 [%5] %6")
                     .arg(table.name)
                     .arg(table.added)
                     .arg(table.removed)
                     .arg(table.changed)
                     .arg(table.columns.mid(0, table.keyColumns).join(u','), rows.join(QStringLiteral("; ")))
                     .trimmed();
        if (!table.problem.isEmpty()) {
            lines += table.problem;
        }
    }
    lines.sort();
    return lines;
}

QByteArray message(const Error &error)
{
    return (error.message + u'\n' + error.detail).toUtf8();
}

} // namespace

class TestRowCompare : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem())); }
    void differences_data();
    void differences();
    void columnsOfOneSide();
    void tablesOfOneSide();
    void partitions();
    void oddSettings();
    void longValuesAndLimits();
    void threeOfAHundredThousand();
    void randomEdits_data();
    void randomEdits();
    void oneMoment();
    void rowsTravelOnce();
    void millionRows();
    void cancelled();
    void connectionLost();
    void words();

private:
    /// Makes the two databases anew, each from its statements.
    void fill(const QString &both, const QString &first, const QString &second);
    /// Many rows, of which four differ.
    void fillBirds(int rows);
    ComparedSide live(const QString &database) { return {{}, m_cluster.spec(database)}; }
    ComparedSide backup(const QString &database);
    Result<ContentComparison> compare(const ComparedSide &first, const ComparedSide &second,
                                      const RowLimits &limits = {})
    {
        JobContext context;
        return compareContents(first, second, limits, context);
    }
    /// What is told by all four pairs of sides; they must agree.
    QStringList compareEachWay(const RowLimits &limits = {});

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    int m_backups = 0;
};

void TestRowCompare::fill(const QString &both, const QString &first, const QString &second)
{
    for (const QString &name : {QStringLiteral("one"), QStringLiteral("two")}) {
        m_cluster.psql(QStringLiteral("DROP DATABASE IF EXISTS %1 WITH (FORCE)").arg(name));
        QVERIFY(m_cluster.createDatabase(name));
        const QString role = m_cluster.spec(name).parameters.user;
        m_cluster.psql(
            QStringLiteral("SET ROLE %1; %2; %3").arg(quoteIdentifier(role), both, name == u"one" ? first : second),
            name);
    }
}

void TestRowCompare::fillBirds(int rows)
{
    fill(
        QStringLiteral("CREATE TABLE t (id bigint PRIMARY KEY, name text, seen timestamptz, weight float8); INSERT "
                       "INTO t SELECT n, 'bird number ' || n, '2026-01-01'::timestamptz + n * interval '1 second', n / "
                       "7.0 FROM generate_series(1, %1) n")
            .arg(rows),
        QStringLiteral("SELECT"),
        QStringLiteral("UPDATE t SET name = name || '!' WHERE mod(id, %1 / 4) = 0").arg(rows));
}

ComparedSide TestRowCompare::backup(const QString &database)
{
    JobContext context;
    const auto made =
        backUp({m_cluster.spec(database), m_folder.filePath(QStringLiteral("%1.dump").arg(++m_backups))}, context);
    if (!made) {
        qWarning("%s", message(made.error()).constData());
        return {};
    }
    return {made->file, {}};
}

QStringList TestRowCompare::compareEachWay(const RowLimits &limits)
{
    const ComparedSide firstFile = backup(QStringLiteral("one"));
    const ComparedSide secondFile = backup(QStringLiteral("two"));
    const ComparedSide first = live(QStringLiteral("one"));
    const ComparedSide second = live(QStringLiteral("two"));
    QStringList answers;
    for (const auto &[a, b] : {std::pair(first, second), std::pair(firstFile, second), std::pair(first, secondFile),
                               std::pair(firstFile, secondFile)}) {
        const auto comparison = compare(a, b, limits);
        answers += comparison ? told(*comparison).join(u'\n') : QString::fromUtf8(message(comparison.error()));
    }
    for (const QString &answer : std::as_const(answers)) {
        if (answer != answers.first()) {
            return QStringList{QStringLiteral("The pairs do not agree:")} + answers;
        }
    }
    return answers.first().isEmpty() ? QStringList() : answers.first().split(u'\n');
}

void TestRowCompare::differences_data()
{
    QTest::addColumn<QString>("both");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const char *both, const char *first, const char *second,
                        const QStringList &expected) {
        QTest::newRow(name) << QString::fromUtf8(both) << QString::fromUtf8(first) << QString::fromUtf8(second)
                            << expected;
    };
    row("nothing", "CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t VALUES (1, 'x')", "SELECT", "SELECT",
        {});
    row("each kind", "CREATE TABLE t (id int PRIMARY KEY, a text, b text)",
        "INSERT INTO t VALUES (1, 'a', 'b'), (2, 'a', 'b'), (9, 'a', 'b')",
        "INSERT INTO t VALUES (9, 'a', 'c'), (10, 'n', NULL), (1, 'a', 'b')",
        {"public.t +1 -1 ~1 [id] ~9|a|b → 9|a|c (2); +10|n|NULL; -2|a|b"});
    row("only the order of the rows", "CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)",
        "INSERT INTO t VALUES (2), (1)", {});
    row("composite key, not at the begin", "CREATE TABLE t (v text, a int, b text, PRIMARY KEY (b, a))",
        "INSERT INTO t VALUES ('v', 1, 'x'), ('v', 2, 'x'), ('v', 1, 'y')",
        "INSERT INTO t VALUES ('w', 1, 'x'), ('v', 2, 'x'), ('v', 3, 'y')",
        {"public.t +1 -1 ~1 [b,a] ~x|1|v → x|1|w (2); +y|3|v; -y|1|v"});
    row("keys of text: collation, quotes, escapes, spaces", "CREATE TABLE t (k text COLLATE \"C\" PRIMARY KEY, v int)",
        "INSERT INTO t VALUES ('a', 1), ('A', 1), ('ä', 1), ('it''s \"so\"', 1), (E'tab\\there', 1), "
        "(E'back\\\\slash', 1),"
        " ('', 1), ('a ', 1), ('NULL', 1), (E'line\\nend', 1)",
        "INSERT INTO t VALUES ('a', 1), ('A', 1), ('ä', 2), ('it''s \"so\"', 2), (E'tab\\there', 1), "
        "(E'back\\\\slash', 1), ('', 2), ('a ', 1), ('\\N', 1), (E'line\\nend', 1)",
        {"public.t +1 -1 ~3 [k] ~|1 → |2 (1); ~it's \"so\"|1 → it's \"so\"|2 (1); ~ä|1 → ä|2 (1); +\\N|1; -NULL|1"});
    row("NULL and the empty text", "CREATE TABLE t (id int PRIMARY KEY, a text, b text)",
        "INSERT INTO t VALUES (1, NULL, 'x'), (2, '', 'x')", "INSERT INTO t VALUES (1, '', 'x'), (2, '', 'x')",
        {"public.t +0 -0 ~1 [id] ~1|NULL|x → 1||x (1)"});
    row("values that print oddly",
        "CREATE TABLE t (id int PRIMARY KEY, b bytea, f float8, r real, d date, z timestamptz, i interval, n numeric, "
        "a text[], j jsonb, c char(5))",
        "INSERT INTO t VALUES (1, '\\x00ff27', 0.1, 0.1, '0044-03-15 BC', '2026-01-02 03:04:05.123456+05:30', '1 mon "
        "-2 "
        "days', 1.10, '{a,NULL,\"b c\"}', '{\"a\": [1, 2]}', 'x'), (2, '\\x', 'NaN', '-Infinity', 'infinity', "
        "'-infinity', '1 year 04:05:06.789', 'NaN', '{}', 'null', '')",
        "INSERT INTO t VALUES (1, '\\x00ff28', 0.1::float8 + 0.2, 0.1, '0044-03-16 BC', '2026-01-02 "
        "03:04:05.123457+05:30', "
        "'1 mon -3 days', 1.1, '{a,\"NULL\",\"b c\"}', '{\"a\": [1, 3]}', 'y'), (2, '\\x', 'NaN', '-Infinity', "
        "'infinity', '-infinity', '1 year 04:05:06.789', 'NaN', '{}', 'null', '')",
        {"public.t +0 -0 ~1 [id] ~1|\\x00ff27|0.1|0.1|0044-03-15 BC|2026-01-01 21:34:05.123456+00|1 mon -2 "
         "days|1.10|{a,NULL,\"b c\"}|{\"a\": [1, 2]}|x     → 1|\\x00ff28|0.30000000000000004|0.1|0044-03-16 "
         "BC|2026-01-01 21:34:05.123457+00|1 mon -3 days|1.1|{a,\"NULL\",\"b c\"}|{\"a\": [1, 3]}|y     "
         "(1,2,4,5,6,7,8,9,10)"});
    row("domains, enums, composites, ranges, arrays of instants",
        "CREATE TYPE mood AS ENUM ('sad', 'glad'); CREATE DOMAIN when_seen AS timestamptz; CREATE TYPE pair AS (a int, "
        "b text); CREATE TABLE t (m mood PRIMARY KEY, w when_seen, p pair, r int4range, s timestamptz[])",
        "INSERT INTO t VALUES ('sad', '2026-01-01 00:00+02', '(1,x)', '[1,5)', '{2026-01-01 00:00+02}'), ('glad', "
        "NULL, NULL, NULL, NULL)",
        "INSERT INTO t VALUES ('sad', '2026-01-01 00:00+01', '(1,\"x y\")', '[1,6)', '{2026-01-01 00:00+02}'), "
        "('glad', "
        "NULL, NULL, NULL, NULL)",
        {"public.t +0 -0 ~1 [m] ~sad|2025-12-31 22:00:00+00|(1,x)|[1,5)|{\"2025-12-31 22:00:00+00\"} → sad|2025-12-31 "
         "23:00:00+00|(1,\"x y\")|[1,6)|{\"2025-12-31 22:00:00+00\"} (1,2,3)"});
    row("computed columns are left out",
        "CREATE TABLE t (id int PRIMARY KEY, a int, twice int GENERATED ALWAYS AS (a * 2) STORED, b int)",
        "INSERT INTO t (id, a, b) VALUES (1, 1, 1)", "INSERT INTO t (id, a, b) VALUES (1, 2, 1)",
        {"public.t +0 -0 ~1 [id] ~1|1|1 → 1|2|1 (1)"});
    row("no key: rows as wholes, with how often they are there", "CREATE TABLE t (a int, b text)",
        "INSERT INTO t VALUES (1, 'x'), (1, 'x'), (1, 'x'), (2, NULL), (3, 'same')",
        "INSERT INTO t VALUES (1, 'x'), (2, ''), (3, 'same'), (4, 'y'), (4, 'y')",
        {"public.t +3 -3 ~0 [] +2|; +4|y; +4|y; -1|x; -1|x; -2|NULL"});
    row("a unique index serves as key, one with NULLs does not",
        "CREATE TABLE t (id int NOT NULL, a text); CREATE UNIQUE INDEX ON t (id DESC); CREATE TABLE u (id int UNIQUE, "
        "a "
        "text); CREATE TABLE v (id int NOT NULL, a text DEFAULT 'x NOT NULL'); CREATE UNIQUE INDEX ON v (id) WHERE id "
        "> "
        "5; CREATE UNIQUE INDEX ON v (a); CREATE UNIQUE INDEX ON v ((id + 1))",
        "INSERT INTO t VALUES (1, 'a'); INSERT INTO u VALUES (1, 'a'); INSERT INTO v VALUES (1, 'a')",
        "INSERT INTO t VALUES (1, 'b'); INSERT INTO u VALUES (1, 'b'); INSERT INTO v VALUES (1, 'b')",
        {"public.t +0 -0 ~1 [id] ~1|a → 1|b (1)", "public.u +1 -1 ~0 [] +1|b; -1|a",
         "public.v +1 -1 ~0 [] +1|b; -1|a"});
    row("odd names",
        "CREATE SCHEMA \"Odd.Schema\"; CREATE TABLE \"Odd.Schema\".\"a\"\"b.c d\" (\"Key \"\"x\" int PRIMARY KEY, "
        "\"select\" text, \"tab\ttab\" text)",
        "INSERT INTO \"Odd.Schema\".\"a\"\"b.c d\" VALUES (1, 'a', 'b')",
        "INSERT INTO \"Odd.Schema\".\"a\"\"b.c d\" VALUES (1, 'a', 'c')",
        {"\"Odd.Schema\".\"a\"\"b.c d\" +0 -0 ~1 [Key \"x] ~1|a|b → 1|a|c (2)"});
    row("a clustered key, a replica identity, a key with more in its index",
        "CREATE TABLE t (id int PRIMARY KEY, a text); ALTER TABLE t CLUSTER ON t_pkey; CREATE TABLE u (id int NOT "
        "NULL, "
        "a text); CREATE UNIQUE INDEX u_id ON u (id) INCLUDE (a); ALTER TABLE u REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES (1, 'a'); INSERT INTO u VALUES (1, 'a')",
        "INSERT INTO t VALUES (1, 'b'); INSERT INTO u VALUES (1, 'b')",
        {"public.t +0 -0 ~1 [id] ~1|a → 1|b (1)", "public.u +0 -0 ~1 [id] ~1|a → 1|b (1)"});
    row("the second has lost the key, and has doubled rows", "CREATE TABLE t (id int, a text)",
        "INSERT INTO t VALUES (1, 'a'), (2, 'b'); ALTER TABLE t ADD PRIMARY KEY (id)",
        "INSERT INTO t VALUES (1, 'a'), (1, 'a'), (2, 'c'); ALTER TABLE t ALTER id SET NOT NULL",
        {"public.t +1 -0 ~1 [id] ~2|b → 2|c (1); +1|a"});
    row("a table without columns", "CREATE TABLE t ()", "SELECT",
        "INSERT INTO t DEFAULT VALUES; INSERT INTO t DEFAULT VALUES", {"public.t +2 -0 ~0 []"});
    row("inheriting tables by themselves",
        "CREATE TABLE parent (id int PRIMARY KEY, a text); CREATE TABLE child (b text) INHERITS (parent)",
        "INSERT INTO parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 'a', 'b')",
        "INSERT INTO parent VALUES (1, 'a'); INSERT INTO child VALUES (1, 'a', 'c')",
        {"public.child +1 -1 ~0 [] +1|a|c; -1|a|b"});
    row("as many rows, a value moved between tables",
        "CREATE TABLE t (id int PRIMARY KEY, a text); CREATE TABLE u (id int PRIMARY KEY, a text)",
        "INSERT INTO t VALUES (1, 'a'); INSERT INTO u VALUES (1, 'b')",
        "INSERT INTO t VALUES (1, 'b'); INSERT INTO u VALUES (1, 'a')",
        {"public.t +0 -0 ~1 [id] ~1|a → 1|b (1)", "public.u +0 -0 ~1 [id] ~1|b → 1|a (1)"});
}

void TestRowCompare::differences()
{
    QFETCH(const QString, both);
    QFETCH(const QString, first);
    QFETCH(const QString, second);
    QFETCH(const QStringList, expected);
    fill(both, first, second);
    QCOMPARE(compareEachWay(), expected);
}

void TestRowCompare::columnsOfOneSide()
{
    fill(QStringLiteral("CREATE TABLE t (id int PRIMARY KEY, gone text, a text); INSERT INTO t VALUES (1, 'g', 'a'), "
                        "(2, 'g', 'a')"),
         QStringLiteral("SELECT"),
         QStringLiteral("ALTER TABLE t DROP gone; ALTER TABLE t ADD fresh int DEFAULT 5; UPDATE t SET a = 'b' WHERE id "
                        "= 2; CREATE TABLE u (n int)"));
    QCOMPARE(compareEachWay(), QStringList({"public.t +0 -0 ~1 [id] ~2|a → 2|b (1)", "public.u +0 -0 ~0 []"}));
    const auto comparison = compare(live(QStringLiteral("one")), live(QStringLiteral("two")));
    QVERIFY(comparison);
    const ComparedTable *table = comparison->find(QStringLiteral("public.t"));
    QVERIFY(table);
    QCOMPARE(table->onlyInFirst, QStringList{QStringLiteral("gone")});
    QCOMPARE(table->onlyInSecond, QStringList{QStringLiteral("fresh")});
    // Nothing but the column: said, and no row is blamed.
    m_cluster.psql(QStringLiteral("UPDATE t SET a = 'a'"), QStringLiteral("two"));
    const auto equal = compare(live(QStringLiteral("one")), live(QStringLiteral("two")));
    QVERIFY(equal && equal->find(QStringLiteral("public.t")));
    QCOMPARE(equal->find(QStringLiteral("public.t"))->differences(), 0);
    QVERIFY(rowsInWords(*equal->find(QStringLiteral("public.t"))).contains(QStringLiteral("equal in all columns")));
}

void TestRowCompare::tablesOfOneSide()
{
    fill(QStringLiteral("SELECT"),
         QStringLiteral("CREATE TABLE old (id int PRIMARY KEY, a text); INSERT INTO old VALUES (2, 'y'), (1, 'x')"),
         QStringLiteral("CREATE TABLE fresh (a text); INSERT INTO fresh VALUES ('new')"));
    QCOMPARE(compareEachWay(), QStringList({"public.fresh +1 -0 ~0 [] +new", "public.old +0 -2 ~0 [id] -1|x; -2|y"}));
}

void TestRowCompare::partitions()
{
    fill(
        QStringLiteral("CREATE TABLE t (id int, at date, a text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at); CREATE "
                       "TABLE t25 PARTITION OF t FOR VALUES FROM ('2025-01-01') TO ('2026-01-01'); CREATE TABLE t26 "
                       "PARTITION OF t FOR VALUES FROM ('2026-01-01') TO ('2027-01-01'); INSERT INTO t VALUES (1, "
                       "'2025-05-05', 'a'), (2, '2026-05-05', 'a')"),
        QStringLiteral("SELECT"),
        QStringLiteral("UPDATE t SET a = 'b' WHERE id = 2; INSERT INTO t VALUES (3, '2025-06-06', 'n')"));
    QCOMPARE(compareEachWay(), QStringList({"public.t25 +1 -0 ~0 [id,at] +3|2025-06-06|n",
                                            "public.t26 +0 -0 ~1 [id,at] ~2|2026-05-05|a → 2|2026-05-05|b (2)"}));
}

/// What a database says of zones, dates and bytes changes how its dump reads, and nothing else.
void TestRowCompare::oddSettings()
{
    fill(QStringLiteral("CREATE TABLE t (id int PRIMARY KEY, z timestamptz, b bytea, i interval, d date, f float8, r "
                        "tstzrange); INSERT INTO t VALUES (1, '2026-01-01 12:00+00', '\\xDEADBEEF', '1 year 2 days', "
                        "'2026-02-03', 0.1, '[2026-01-01 00:00+00,)'), (2, '2026-07-01 12:00+00', NULL, NULL, NULL, "
                        "NULL, NULL)"),
         QStringLiteral("SELECT"), QStringLiteral("UPDATE t SET f = 0.2 WHERE id = 2"));
    for (const char *setting : {"timezone = 'Asia/Kolkata'", "bytea_output = 'escape'", "datestyle = 'German'",
                                "intervalstyle = 'iso_8601'", "extra_float_digits = '-10'"}) {
        m_cluster.psql(QStringLiteral("ALTER DATABASE one SET %1").arg(QLatin1String(setting)));
    }
    QCOMPARE(compareEachWay(), QStringList({"public.t +0 -0 ~1 [id] ~2|2026-07-01 12:00:00+00|NULL|NULL|NULL|NULL|NULL "
                                            "→ 2|2026-07-01 12:00:00+00|NULL|NULL|NULL|0.2|NULL (5)"}));
}

void TestRowCompare::longValuesAndLimits()
{
    fill(QStringLiteral("CREATE TABLE t (id int PRIMARY KEY, a text)"),
         QStringLiteral("INSERT INTO t SELECT n, repeat('ä', 1000) || 'x' FROM generate_series(1, 500) n"),
         QStringLiteral("INSERT INTO t SELECT n, repeat('ä', 1000) || 'y' FROM generate_series(101, 700) n"));
    RowLimits limits;
    limits.rowsOfEachKind = 10;
    limits.valueBytes = 101; // within a character
    limits.digests = 64;
    const auto comparison = compare(live(QStringLiteral("one")), live(QStringLiteral("two")), limits);
    QVERIFY2(comparison, comparison ? "" : message(comparison.error()).constData());
    const ComparedTable &table = comparison->tables.first();
    QCOMPARE(table.added, 200);
    QCOMPARE(table.removed, 100);
    QCOMPARE(table.changed, 400);
    QCOMPARE(table.rows.size(), 30);
    QCOMPARE(table.notShown(), 670);
    const RowDifference &row = table.rows.first();
    QCOMPARE(row.before, QList<CellValue>({QStringLiteral("101"), QString(50, u'ä') + u'…'}));
    QCOMPARE(row.after, row.before);                                             // as far as it is kept
    QCOMPARE(row.differs, QList<bool>({false, true}));                           // and yet known to differ
    QCOMPARE(table.rows.last().before.first(), CellValue(QStringLiteral("10"))); // by number: 10 behind 9
    // No more than there is room for, and what is there is whole.
    limits.valueBytes = 64 * 1024;
    limits.bytes = 20'000;
    const auto small = compare(live(QStringLiteral("one")), live(QStringLiteral("two")), limits);
    QVERIFY(small);
    QVERIFY(small->tables.first().rows.size() < 30 && !small->tables.first().rows.isEmpty());
    QCOMPARE(small->tables.first().differences(), 700);
    for (const RowDifference &each : small->tables.first().rows) {
        QCOMPARE(each.before.isEmpty(), each.kind == RowDifference::Kind::Added);
        QCOMPARE(each.after.isEmpty(), each.kind == RowDifference::Kind::Removed);
    }
}

void TestRowCompare::threeOfAHundredThousand()
{
    fill(
        QStringLiteral("CREATE TABLE t (id bigint PRIMARY KEY, a text, b int); INSERT INTO t SELECT n, 'bird ' || n, n "
                       "% 7 FROM generate_series(1, 100000) n"),
        QStringLiteral("SELECT"),
        QStringLiteral("UPDATE t SET b = 99 WHERE id = 77777; DELETE FROM t WHERE id = 5; INSERT INTO t VALUES "
                       "(100001, 'new', 1)"));
    QCOMPARE(compareEachWay(), QStringList{"public.t +1 -1 ~1 [id] ~77777|bird 77777|0 → 77777|bird 77777|99 (2); "
                                           "+100001|new|1; -5|bird 5|5"});
}

void TestRowCompare::randomEdits_data()
{
    QTest::addColumn<quint32>("seed");
    for (quint32 seed = 1; seed <= 8; ++seed) {
        QTest::addRow("seed %u", seed) << seed;
    }
}

void TestRowCompare::randomEdits()
{
    QFETCH(const quint32, seed);
    QRandomGenerator random(seed);
    struct Row
    {
        int number = 0;
        CellValue text;
        bool operator==(const Row &) const = default;
    };
    const QList<CellValue> texts{std::nullopt,           QString(),
                                 QStringLiteral("a"),    QStringLiteral("\\N"),
                                 QStringLiteral("it's"), QStringLiteral("ß\tx\n"),
                                 QStringLiteral("\\.")};
    const auto literal = [](const CellValue &text) { return text ? quoteLiteral(*text) : QStringLiteral("NULL"); };
    const auto anyRow = [&] { return Row{random.bounded(3), texts.at(random.bounded(int(texts.size())))}; };
    QMap<QString, Row> before;
    for (int i = 0; i < 400; ++i) {
        before.insert(QStringLiteral("k'%1").arg(random.bounded(1000)), anyRow());
    }
    QMap<QString, Row> after = before;
    for (int i = 0; i < 120; ++i) {
        const QString key = random.bounded(2) == 0 ? QStringLiteral("k'%1").arg(random.bounded(1000))
                                                   : after.keys().at(random.bounded(int(after.size())));
        if (random.bounded(3) == 0) {
            after.remove(key);
        } else {
            after.insert(key, anyRow());
        }
    }
    const auto insert = [&literal](const QMap<QString, Row> &rows) {
        QStringList values;
        for (auto it = rows.cbegin(); it != rows.cend(); ++it) {
            values += QStringLiteral("(%1, %2, %3)").arg(literal(it->text)).arg(it->number).arg(quoteLiteral(it.key()));
        }
        return QStringLiteral("INSERT INTO t VALUES ") + values.join(QStringLiteral(", "));
    };
    fill(QStringLiteral("CREATE TABLE t (s text, n int, k text PRIMARY KEY)"), insert(before), insert(after));
    const auto values = [](const QString &key, const Row &row) {
        return QList<CellValue>{key, row.text, QString::number(row.number)};
    };
    QSet<QString> expected;
    for (auto it = before.cbegin(); it != before.cend(); ++it) {
        if (!after.contains(it.key())) {
            expected.insert(u'-' + valuesTold(values(it.key(), *it)));
        } else if (const Row now = after.value(it.key()); now != *it) {
            QStringList places;
            places += now.text != it->text ? QStringList{QStringLiteral("1")} : QStringList();
            places += now.number != it->number ? QStringList{QStringLiteral("2")} : QStringList();
            expected.insert(
                QStringLiteral("~%1 → %2 (%3)")
                    .arg(valuesTold(values(it.key(), *it)), valuesTold(values(it.key(), now)), places.join(u',')));
        }
    }
    for (auto it = after.cbegin(); it != after.cend(); ++it) {
        if (!before.contains(it.key())) {
            expected.insert(u'+' + valuesTold(values(it.key(), *it)));
        }
    }
    const ComparedSide sides[2][2] = {{live(QStringLiteral("one")), backup(QStringLiteral("one"))},
                                      {live(QStringLiteral("two")), backup(QStringLiteral("two"))}};
    RowLimits limits;
    limits.digests = seed % 2 == 0 ? 50 : 1'000'000;
    for (const int a : {0, 1}) {
        for (const int b : {0, 1}) {
            const auto comparison = compare(sides[0][a], sides[1][b], limits);
            QVERIFY2(comparison, comparison ? "" : message(comparison.error()).constData());
            QCOMPARE(comparison->tables.size(), 1);
            QSet<QString> found;
            for (const RowDifference &row : comparison->tables.first().rows) {
                found.insert(told(row));
            }
            QCOMPARE(found, expected);
            QCOMPARE(comparison->tables.first().differences(), expected.size());
        }
    }
}

/// What is written while it is compared is not seen: counts and rows are of the moment in which it began.
void TestRowCompare::oneMoment()
{
    fill(QStringLiteral("CREATE TABLE t (id int PRIMARY KEY, a text); INSERT INTO t SELECT n, 'a' FROM "
                        "generate_series(1, 20000) n"),
         QStringLiteral("SELECT"), QStringLiteral("UPDATE t SET a = 'b' WHERE id = 1"));
    std::stop_source writing;
    std::thread writer([&] {
        for (int i = 0; !writing.stop_requested(); ++i) {
            m_cluster.psql(
                QStringLiteral("INSERT INTO t SELECT n + %1, 'late' FROM generate_series(1, 500) n; UPDATE t "
                               "SET a = a || 'x' WHERE id %% 2 = 0")
                    .arg(100000 + i * 500)
                    .replace(QStringLiteral("%%"), QStringLiteral("%")),
                QStringLiteral("two"));
        }
    });
    QStringList problems;
    for (int round = 0; round < 5; ++round) {
        const auto comparison = compare(live(QStringLiteral("one")), live(QStringLiteral("two")));
        if (!comparison) {
            problems += comparison.error().message;
            continue;
        }
        const ComparedTable &table = comparison->tables.first();
        const qint64 rows = comparison->databases.second.tables.value(table.name).rows;
        if (20000 - table.removed + table.added != rows || table.removed != 0) {
            problems += QStringLiteral("%1 rows, +%2 -%3").arg(rows).arg(table.added).arg(table.removed);
        }
        for (const RowDifference &row : table.rows) {
            if (row.kind == RowDifference::Kind::Changed && row.before == row.after) {
                problems += told(row);
            }
        }
    }
    writing.request_stop();
    writer.join();
    QCOMPARE(problems, QStringList());
}

/// Over a slow link the rows of a live table are what costs: those that are shown do not bring the others again.
void TestRowCompare::rowsTravelOnce()
{
    fillBirds(50'000);
    const qint64 size = m_cluster.psql(QStringLiteral("COPY t TO STDOUT"), QStringLiteral("two")).size();
    TcpProxy proxy(m_cluster.port());
    ComparedSide second = live(QStringLiteral("two"));
    second.server.parameters.port = proxy.port();
    const auto comparison = compare(live(QStringLiteral("one")), second);
    QVERIFY2(comparison, comparison ? "" : message(comparison.error()).constData());
    QCOMPARE(comparison->tables.first().changed, 4);
    // Each row brings its address and the frame of the protocol as well.
    QVERIFY2(proxy.bytesToClient() > size && proxy.bytesToClient() < size * 3 / 2 + 100'000,
             qPrintable(QStringLiteral("%1 of %2").arg(proxy.bytesToClient()).arg(size)));
}

/// A million rows in well under a minute, in memory that does not grow with them.
void TestRowCompare::millionRows()
{
    fillBirds(1'000'000);
    const ComparedSide file = backup(QStringLiteral("one"));
    QElapsedTimer timer;
    timer.start();
    const auto comparison = compare(file, live(QStringLiteral("two")));
    const qint64 elapsed = timer.elapsed();
    QVERIFY2(comparison, comparison ? "" : message(comparison.error()).constData());
    QCOMPARE(comparison->tables.first().changed, 4);
    QCOMPARE(comparison->tables.first().rows.size(), 4);
    qInfo("1,000,000 rows of a backup and of a live table compared in %.1f s", double(elapsed) / 1000);
    QVERIFY2(elapsed < 60'000, qPrintable(QString::number(elapsed)));
}

/// At any step: it ends soon, with no session left behind.
void TestRowCompare::cancelled()
{
    fillBirds(200'000);
    const QList<ComparedSide> sides{live(QStringLiteral("one")), live(QStringLiteral("two"))};
    const ComparedSide file = backup(QStringLiteral("one"));
    int reached = 0;
    for (const ComparedSide &first : {sides.at(0), file}) {
        for (const char *step : {"fingerprints", "Comparing the rows"}) {
            std::stop_source stop;
            QElapsedTimer timer;
            JobContext context(stop.get_token(), [&](const Progress &progress) {
                const bool isLater = !progress.amount.isEmpty() && !progress.amount.startsWith(u'0');
                if (progress.step.contains(QLatin1String(step)) && (isLater || QByteArray(step) == "fingerprints") &&
                    !stop.stop_requested()) {
                    ++reached;
                    timer.start();
                    stop.request_stop();
                }
            });
            const auto comparison = compareContents(first, sides.at(1), {}, context);
            QVERIFY(!comparison);
            QVERIFY(comparison.error().isCancelled());
            QVERIFY2(timer.elapsed() < 5000, qPrintable(QString::number(timer.elapsed())));
        }
    }
    QCOMPARE(reached, 4);
    QTRY_COMPARE(
        m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname IN ('one', 'two')")),
        QStringLiteral("0"));
}

void TestRowCompare::connectionLost()
{
    fillBirds(200'000);
    TcpProxy proxy(m_cluster.port());
    ComparedSide second = live(QStringLiteral("two"));
    second.server.parameters.port = proxy.port();
    bool isCut = false;
    JobContext context({}, [&](const Progress &progress) {
        if (progress.step.startsWith(QStringLiteral("Comparing the rows")) && !isCut) {
            isCut = true;
            proxy.cutAfterBytes(1'000'000); // in the middle of the rows
        }
    });
    const auto comparison = compareContents(live(QStringLiteral("one")), second, {}, context);
    QVERIFY(isCut);
    QVERIFY(!comparison);
    QCOMPARE(comparison.error().code, ErrorCode::ConnectionLost);
    QVERIFY2(comparison.error().message.contains(QStringLiteral("only reads, so nothing was changed")),
             message(comparison.error()).constData());
}

void TestRowCompare::words()
{
    ComparedTable table;
    table.name = QStringLiteral("public.birds");
    table.keyColumns = 1;
    table.added = 3;
    table.changed = 1;
    QCOMPARE(rowsInWords(table), QStringLiteral("3 row(s) more, 1 changed")); // "rows" by the English translation
    QCOMPARE(summarySince({table}), QStringLiteral("birds +3 row(s), 1 changed"));
    QCOMPARE(rowsInSigns(table), QStringLiteral("+3 ~1"));
    table.removed = 2;
    QCOMPARE(rowsInWords(table), QStringLiteral("3 row(s) more, 2 missing, 1 changed"));
    QCOMPARE(summarySince({table}), QStringLiteral("birds +3 −2 row(s), 1 changed"));
    QCOMPARE(rowsInSigns(table), QStringLiteral("+3 −2 ~1"));
    table.added = table.removed = 0;
    table.name = QStringLiteral("shop.birds");
    QCOMPARE(rowsInWords(table), QStringLiteral("1 row(s) changed"));
    QCOMPARE(summarySince({table, table}), QStringLiteral("shop.birds 1 row(s) changed; shop.birds 1 row(s) changed"));
    QVERIFY(compareNotes(table).isEmpty());
    table.keyColumns = 0;
    QCOMPARE(compareNotes(table).size(), 1);
    ContentComparison comparison;
    QVERIFY(comparisonInWords(comparison, true).endsWith(QStringLiteral("): nothing has changed.")));
    comparison.tables = QList<ComparedTable>(7, table);
    comparison.databases.differences = QList<ManifestDifference>(7, ManifestDifference{});
    comparison.databases.differences += {ManifestDifference::Weight::Structure, {}, {}, {}, {}};
    comparison.databases.differences += {ManifestDifference::Weight::Note, {}, {}, {}, {}};
    const QString told = comparisonInWords(comparison, false);
    QVERIFY2(told.startsWith(QStringLiteral("Against the first, the second: shop.birds 1 row(s) changed; ")) &&
                 told.endsWith(QStringLiteral("; 2 more table(s); 1 other difference(s).")),
             qPrintable(told));
}

QTEST_GUILESS_MAIN(TestRowCompare)

#include "tst_rowcompare.moc"
