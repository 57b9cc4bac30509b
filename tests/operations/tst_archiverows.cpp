#include "operations/archivecontents.h"
#include "operations/archiverows.h"
#include "operations/backup.h"
#include "process/pgtoolchain.h"
#include "support/childbrake.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int heavyRows = 40'000; ///< about 20 MB

/// All that may go wrong on the way from a table into a cell: names, values, types that stand elsewhere.
const QString statements = QStringLiteral(R"sql(
CREATE SCHEMA nest;
CREATE SCHEMA "My Schema";
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN amount AS numeric CHECK (VALUE > -10);
CREATE DOMAIN small_amount AS amount;
CREATE TYPE pair AS (a int, b text);
CREATE TABLE birds (id serial PRIMARY KEY, name text, photo bytea, feels mood, weight float8, extra json,
    price small_amount, tags text[], seen timestamptz, twice int GENERATED ALWAYS AS (id * 2) STORED, flag bool);
INSERT INTO birds (name, photo, feels, weight, extra, price, tags, seen, flag) VALUES
    ('Wren', '\x00ff5c6e0a', 'glad', 0.1, '{"a": [1, 2.50]}', 1.50, '{a,"b c",NULL}', '2026-01-02 03:04:05.123456+00', true),
    ('', '', NULL, 'NaN', 'null', NULL, '{}', 'infinity', false),
    (NULL, NULL, 'sad', '-Infinity', NULL, 0, NULL, NULL, NULL),
    (E'tab\there\nline\r\nback\\slash \\N \\t', '\x5c2e', NULL, 1e300, '"\\n"', 5, '{"\\\\"}', '0044-03-15 BC', true),
    (E'\\.', '\x09', NULL, -0.0, '[]', 7, NULL, NULL, NULL), (E'\\N', NULL, NULL, 0, '{}', 7, NULL, NULL, NULL),
    (E'a\n\\.\nb', NULL, NULL, 0, '1', 7, NULL, NULL, NULL),
    ('COPY public.birds (id) FROM stdin;', '\x', NULL, 0, '1', 1, NULL, NULL, NULL);
CREATE TABLE nest.birds (id int, other text);
INSERT INTO nest.birds VALUES (1, 'elsewhere');
CREATE TABLE "My Schema"."Odd ""name"". here" ("a b" int, "Ä,)" text, "FROM stdin;" text, "new
line" text);
INSERT INTO "My Schema"."Odd ""name"". here" VALUES (1, '', NULL, 'x'), (NULL, 'ä', E'\t', NULL);
CREATE TABLE "My Schema"."new
line" (a text);
INSERT INTO "My Schema"."new
line" VALUES ('found');
CREATE TABLE "nest.a" (b int);
CREATE TABLE one_text (t text);
INSERT INTO one_text VALUES (''), (NULL), (E'\\.'), (E'\n'), (' ');
CREATE TABLE empty_one (id int, t text);
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE parent (id int8, b bool);
CREATE TABLE child (extra jsonb) INHERITS (parent);
INSERT INTO child VALUES (9007199254740993, true, '{"k": 1}');
CREATE TABLE typed OF pair (a WITH OPTIONS NOT NULL);
INSERT INTO typed VALUES (4, 'four');
CREATE TABLE parts (id int, t text) PARTITION BY RANGE (id);
CREATE TABLE parts_low PARTITION OF parts FOR VALUES FROM (0) TO (100);
INSERT INTO parts VALUES (7, 'low');
CREATE VIEW few AS SELECT id, name FROM birds;
CREATE TABLE zheavy (id int PRIMARY KEY, entry text);
INSERT INTO zheavy SELECT g, (SELECT string_agg(md5(g || '/' || part), '') FROM generate_series(1, 16) part)
    FROM generate_series(1, %1) g;
)sql");

/// Each row as the values' bytes in hexadecimal, to compare with psql.
QString hexLine(const std::vector<CopyTextLine::Cell> &cells)
{
    QStringList values;
    for (const CopyTextLine::Cell &cell : cells) {
        values += cell.isNull ? QStringLiteral("NULL") : u'x' + QString::fromLatin1(cell.text.toByteArray().toHex());
    }
    return values.join(u'|');
}

/// The children of this process that are still there.
int childrenAlive()
{
    int count = 0;
    for (const QString &entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile stat(QStringLiteral("/proc/%1/stat").arg(entry));
        const QByteArray text = stat.open(QIODevice::ReadOnly) ? stat.readAll() : QByteArray();
        const QByteArray rest = text.mid(text.lastIndexOf(')') + 2); // state, parent, …
        count += text.contains("(pg_restore)") && rest.split(' ').value(1).toInt() == ::getpid() ? 1 : 0;
    }
    return count;
}

} // namespace

/// The rows of an archive, read while no server runs, against what psql said while one did.
class TestArchiveRows : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void rowsAreThoseOfPsql_data();
    void rowsAreThoseOfPsql();
    void typesOfColumns();
    void namesAsTyped_data();
    void namesAsTyped();
    void whatIsNotThere();
    void severalOfOneName();
    void contents();
    void limit_data();
    void limit();
    void enoughForTheSink();
    void cancel();
    void aBigTableTakesNoMemory();
    void cutInHalf();
    void damagedInTheMiddle();
    void noArchive_data();
    void noArchive();
    void insertsAreExplained();
    void dataAlone();
    void otherEncodings();

private:
    Result<ArchiveRows> read(const TableId &table, qint64 limit = -1, const QString &file = {});
    Result<ArchiveRows> read(const QString &words) { return read(TableId{{}, words}); }
    void dump(const QString &database, const QString &name, const QStringList &options);
    void remember(const QString &key, const QString &table, const QStringList &columns);
    QString path(const QString &name) const { return m_folder.filePath(name); }

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    QHash<QString, QStringList> m_witness; ///< rows as psql reported them
    std::stop_source m_stop;
    std::function<bool()> m_onRow;
    TableId m_begun;
    QList<DefinedColumn> m_columns;
    QStringList m_lines;
    bool m_keepsLines = true;
};

void TestArchiveRows::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    m_cluster.psql(QStringLiteral("SET ROLE \"%1\";").arg(spec.parameters.user) + statements.arg(heavyRows), "shop");
    remember("birds", "public.birds",
             {"id", "name", "photo", "feels", "weight", "extra", "price", "tags", "seen", "flag"});
    remember("nest", "nest.birds", {"id", "other"});
    remember("odd", R"("My Schema"."Odd ""name"". here")", {"\"a b\"", "\"Ä,)\"", "\"FROM stdin;\"", "\"new\nline\""});
    remember("newline", "\"My Schema\".\"new\nline\"", {"a"});
    remember("one", "one_text", {"t"});
    remember("child", "child", {"id", "b", "extra"});
    remember("typed", "typed", {"a", "b"});
    remember("low", "parts_low", {"id", "t"});
    remember("heavy", "zheavy", {"id", "entry"});
    JobContext context;
    BackupRequest request;
    request.source = spec;
    request.file = path("shop.dump");
    const auto backup = backUp(request, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message + backup.error().detail));

    dump("shop", "inserts.dump", {"--inserts", "--table=nest.birds"});
    dump("shop", "data.dump", {"--data-only", "--table=nest.birds", "--table=one_text"});
    m_cluster.psql("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    m_cluster.psql("CREATE TABLE t (a text); INSERT INTO t VALUES (chr(228))", "latin");
    dump("latin", "latin.dump", {});
    m_cluster.stop();
}

void TestArchiveRows::init()
{
    m_stop = std::stop_source();
    m_onRow = {};
    m_keepsLines = true;
}

void TestArchiveRows::dump(const QString &database, const QString &name, const QStringList &options)
{
    const auto toolchain = serverToolchain({});
    QVERIFY(toolchain);
    const ConnectionSpec spec = m_cluster.superuser(database);
    QProcess process;
    process.start(toolchain->tool("pg_dump"),
                  options + QStringList{"--format=custom", "--file=" + path(name), "--host=" + spec.parameters.host,
                                        "--port=" + QString::number(spec.parameters.port),
                                        "--username=" + spec.parameters.user, database});
    QVERIFY(process.waitForFinished());
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
}

void TestArchiveRows::remember(const QString &key, const QString &table, const QStringList &columns)
{
    QStringList cells;
    for (const QString &column : columns) {
        cells += QStringLiteral("CASE WHEN %1 IS NULL THEN 'NULL' ELSE 'x' || "
                                "encode(convert_to(format('%s', %1), 'UTF8'), 'hex') END")
                     .arg(column);
    }
    const QString sql =
        QStringLiteral("SELECT concat_ws('|', %1) FROM ONLY %2 ORDER BY ctid").arg(cells.join(", "), table);
    m_witness[key] = m_cluster.psql(sql, "shop").split('\n');
}

Result<ArchiveRows> TestArchiveRows::read(const TableId &table, qint64 limit, const QString &file)
{
    m_lines.clear();
    m_columns.clear();
    const ArchiveRowsSink sink{[this](const TableId &begun, const QList<DefinedColumn> &columns) {
                                   m_begun = begun;
                                   m_columns = columns;
                                   return true;
                               },
                               [this](const std::vector<CopyTextLine::Cell> &cells) {
                                   if (m_keepsLines) {
                                       m_lines += hexLine(cells);
                                   }
                                   return !m_onRow || m_onRow();
                               }};
    JobContext context(m_stop.get_token());
    return readArchiveRows({file.isEmpty() ? path("shop.dump") : file, table, limit}, sink, context);
}

void TestArchiveRows::rowsAreThoseOfPsql_data()
{
    QTest::addColumn<TableId>("table");
    QTest::addColumn<QString>("witness");
    QTest::newRow("values") << TableId{"public", "birds"} << "birds";
    QTest::newRow("same name") << TableId{"nest", "birds"} << "nest";
    QTest::newRow("odd names") << TableId{"My Schema", R"(Odd "name". here)"} << "odd";
    QTest::newRow("line end in the name") << TableId{"My Schema", "new\nline"} << "newline";
    QTest::newRow("one column") << TableId{"public", "one_text"} << "one";
    QTest::newRow("inherits") << TableId{"public", "child"} << "child";
    QTest::newRow("typed") << TableId{"public", "typed"} << "typed";
    QTest::newRow("partition") << TableId{"public", "parts_low"} << "low";
    QTest::newRow("big") << TableId{"public", "zheavy"} << "heavy";
    QTest::newRow("empty") << TableId{"public", "empty_one"} << "none";
}

void TestArchiveRows::rowsAreThoseOfPsql()
{
    QFETCH(TableId, table);
    QFETCH(QString, witness);
    const auto rows = read(table);
    QVERIFY2(rows, qPrintable(rows ? QString() : rows.error().message + rows.error().detail));
    QCOMPARE(rows->table, table);
    QCOMPARE(m_begun, table);
    QCOMPARE(m_lines, m_witness.value(witness));
    QCOMPARE(rows->rows, m_lines.size());
    QVERIFY(!rows->hasMore);
    QCOMPARE(rows->computed, table.name == "birds" && table.schema == "public" ? QStringList{"twice"} : QStringList());
}

void TestArchiveRows::typesOfColumns()
{
    QVERIFY(read(TableId{"public", "birds"}));
    QCOMPARE(m_columns, (QList<DefinedColumn>{{"id", 23},
                                              {"name", 25},
                                              {"photo", 17},
                                              {"feels", 0},
                                              {"weight", 701},
                                              {"extra", 114},
                                              {"price", 1700},
                                              {"tags", 1009},
                                              {"seen", 1184},
                                              {"flag", 16}}));
    QVERIFY(read(TableId{"public", "child"}));
    QCOMPARE(m_columns, (QList<DefinedColumn>{{"id", 20}, {"b", 16}, {"extra", 3802}}));
    QVERIFY(read(TableId{"public", "typed"}));
    QCOMPARE(m_columns, (QList<DefinedColumn>{{"a", 23}, {"b", 25}}));
    QVERIFY(read(TableId{"My Schema", R"(Odd "name". here)"}));
    QCOMPARE(m_columns, (QList<DefinedColumn>{{"a b", 23}, {"Ä,)", 25}, {"FROM stdin;", 25}, {"new\nline", 25}}));

    const auto none = read(QString("no_columns"));
    QVERIFY(none);
    QVERIFY(m_columns.isEmpty());
    QCOMPARE(none->rows, 2);
    QCOMPARE(m_lines, (QStringList{QString(), QString()}));
}

void TestArchiveRows::namesAsTyped_data()
{
    QTest::addColumn<QString>("words");
    QTest::addColumn<TableId>("table");
    QTest::newRow("plain") << "one_text" << TableId{"public", "one_text"};
    QTest::newRow("folded") << "One_Text" << TableId{"public", "one_text"};
    QTest::newRow("schema") << "nest.birds" << TableId{"nest", "birds"};
    QTest::newRow("odd") << R"(Odd "name". here)" << TableId{"My Schema", R"(Odd "name". here)"};
    QTest::newRow("odd with schema") << R"(My Schema.Odd "name". here)" << TableId{"My Schema", R"(Odd "name". here)"};
    QTest::newRow("quoted") << R"("My Schema"."Odd ""name"". here")" << TableId{"My Schema", R"(Odd "name". here)"};
    QTest::newRow("dot in the name") << "nest.a" << TableId{"public", "nest.a"};
}

void TestArchiveRows::namesAsTyped()
{
    QFETCH(QString, words);
    QFETCH(TableId, table);
    const auto rows = read(words);
    QVERIFY2(rows, qPrintable(rows ? QString() : rows.error().message));
    QCOMPARE(rows->table, table);
    QCOMPARE(TableId({identifierParts(table.shown()).at(0), identifierParts(table.shown()).at(1)}), table);
}

void TestArchiveRows::whatIsNotThere()
{
    const auto rows = read("fish");
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::NotFound);
    for (const char *name : {"“fish”", "public.birds", "nest.birds", R"("My Schema"."Odd ""name"". here")"}) {
        QVERIFY2(rows.error().message.contains(QString::fromUtf8(name)), qPrintable(rows.error().message));
    }
    QCOMPARE(read(TableId{"fish", "birds"}).error().code, ErrorCode::NotFound);
    const auto view = read("few");
    QCOMPARE(view.error().code, ErrorCode::NotFound);
    QVERIFY2(view.error().message.contains("is a view"), qPrintable(view.error().message));
    const auto partitioned = read("public.parts");
    QCOMPARE(partitioned.error().code, ErrorCode::NotFound);
    QVERIFY2(partitioned.error().message.contains("partitions"), qPrintable(partitioned.error().message));
}

void TestArchiveRows::severalOfOneName()
{
    const auto rows = read("birds");
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::InvalidInput);
    QVERIFY2(rows.error().message.contains("nest.birds, public.birds"), qPrintable(rows.error().message));
    QVERIFY(m_lines.isEmpty());
}

void TestArchiveRows::contents()
{
    const auto contents = readArchiveContents(path("shop.dump"), {});
    QVERIFY(contents);
    QCOMPARE(contents->database, "shop");
    QVERIFY(contents->serverVersion.startsWith(contents->toolVersion.section('.', 0, 0)));
    QVERIFY(qAbs(contents->takenAt.secsTo(QDateTime::currentDateTimeUtc())) < 600);
    QCOMPARE(contents->sizeBytes, QFileInfo(path("shop.dump")).size());
    QCOMPARE(contents->tables.size(), 13);
    const auto hasObject = [&](const QString &begin) {
        return std::any_of(contents->objects.begin(), contents->objects.end(),
                           [&](const ArchivedObject &each) { return each.entry > 0 && each.what.startsWith(begin); });
    };
    for (const char *what :
         {"TABLE public birds ", "VIEW public few ", "TYPE public mood ", "TABLE DATA nest birds "}) {
        QVERIFY2(hasObject(what), what);
    }
}

void TestArchiveRows::limit_data()
{
    QTest::addColumn<int>("limit");
    QTest::addColumn<bool>("hasMore");
    QTest::newRow("none") << 0 << true;
    QTest::newRow("some") << 3 << true;
    QTest::newRow("all but one") << 39'999 << true;
    QTest::newRow("all") << 40'000 << false;
    QTest::newRow("more") << 40'001 << false;
}

void TestArchiveRows::limit()
{
    QFETCH(int, limit);
    QFETCH(bool, hasMore);
    const auto rows = read(TableId{"public", "zheavy"}, limit);
    QVERIFY2(rows, qPrintable(rows ? QString() : rows.error().message));
    QCOMPARE(rows->rows, qMin(limit, heavyRows));
    QCOMPARE(rows->hasMore, hasMore);
    QCOMPARE(m_lines, m_witness.value("heavy").mid(0, limit));
    QCOMPARE(m_columns.size(), 2);
    QCOMPARE(childrenAlive(), 0);
}

void TestArchiveRows::enoughForTheSink()
{
    m_onRow = [this] { return m_lines.size() < 5; };
    const auto rows = read(TableId{"public", "zheavy"});
    QVERIFY(rows);
    QCOMPARE(rows->rows, 5);
    QCOMPARE(childrenAlive(), 0);
}

void TestArchiveRows::cancel()
{
    ChildBrake brake("pg_restore");
    QElapsedTimer since;
    m_onRow = [&] {
        if (m_lines.size() == 10) {
            brake.engage(); // so that there is something left to stop
            m_stop.request_stop();
            since.start();
        }
        return true;
    };
    const auto rows = read(TableId{"public", "zheavy"});
    QVERIFY(!rows);
    QVERIFY(rows.error().isCancelled());
    QCOMPARE(m_lines.size(), 10);
    QVERIFY2(since.elapsed() < 3000, qPrintable(QString::number(since.elapsed())));
    QCOMPARE(childrenAlive(), 0);
    QVERIFY(read(QString("one_text")).error().isCancelled());
}

void TestArchiveRows::aBigTableTakesNoMemory()
{
    const auto residentKb = [] {
        QFile status("/proc/self/status");
        const QByteArray text = status.open(QIODevice::ReadOnly) ? status.readAll() : QByteArray();
        return text.mid(text.indexOf("VmHWM:") + 6).trimmed().split(' ').first().toLongLong();
    };
    m_keepsLines = false;
    // The high-water mark begins anew; where that is not allowed, the earlier tests' mark only makes this easier to
    // pass.
    QFile clear("/proc/self/clear_refs");
    if (clear.open(QIODevice::WriteOnly)) {
        clear.write("5");
        clear.close();
    }
    QVERIFY(read(QString("one_text")));
    const qint64 before = residentKb();
    const auto rows = read(TableId{"public", "zheavy"});
    QVERIFY(rows);
    QCOMPARE(rows->rows, heavyRows);
    QVERIFY2(residentKb() - before < 8192, qPrintable(QString::number(residentKb() - before)));
}

void TestArchiveRows::cutInHalf()
{
    const QString half = path("half.dump");
    QVERIFY(QFile::copy(path("shop.dump"), half));
    QVERIFY(QFile::resize(half, QFileInfo(half).size() / 2));
    // The big table is where it was cut, and what stood before it is whole.
    const auto rows = read(TableId{"public", "zheavy"}, -1, half);
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::InvalidInput);
    for (const char *part : {"damaged", "public.zheavy", "another backup"}) {
        QVERIFY2(rows.error().message.contains(part), qPrintable(rows.error().message));
    }
    QCOMPARE(m_lines, m_witness.value("heavy").mid(0, m_lines.size()));
    QVERIFY2(rows.error().message.contains(QString::number(m_lines.size())), qPrintable(rows.error().message));
    const auto first = read(TableId{"public", "birds"}, -1, half);
    QVERIFY2(first, qPrintable(first ? QString() : first.error().message + first.error().detail));
    QCOMPARE(m_lines, m_witness.value("birds"));
    QVERIFY(read(TableId{"public", "zheavy"}, 5, half));

    QVERIFY(QFile::resize(half, 300)); // not even the table of contents
    const auto nothing = read(TableId{"public", "birds"}, -1, half);
    QVERIFY(!nothing);
    QCOMPARE(nothing.error().code, ErrorCode::InvalidInput);
    QVERIFY2(nothing.error().message.contains("damaged"), qPrintable(nothing.error().message));
}

void TestArchiveRows::damagedInTheMiddle()
{
    const QString file = path("hole.dump");
    QVERIFY(QFile::copy(path("shop.dump"), file));
    QFile hole(file);
    QVERIFY(hole.open(QIODevice::ReadWrite) && hole.seek(hole.size() / 2));
    QVERIFY(hole.write(QByteArray(64, '\xa5')) == 64);
    hole.close();
    const auto rows = read(TableId{"public", "zheavy"}, -1, file);
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::InvalidInput);
    QVERIFY2(rows.error().message.contains("damaged"), qPrintable(rows.error().message));
    QVERIFY(m_lines.size() < heavyRows);
}

void TestArchiveRows::noArchive_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("told");
    QTest::newRow("empty") << QByteArray() << "empty";
    QTest::newRow("SQL") << QByteArray("-- PostgreSQL database dump\nCOPY t (a) FROM stdin;\n") << "SQL script";
    QTest::newRow("bytes") << QByteArray("\x01\x02\x03\x04") << "no file of PostgreSQL";
}

void TestArchiveRows::noArchive()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, told);
    QFile file(path("other.dump"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    const auto rows = read(TableId{"public", "birds"}, -1, file.fileName());
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::InvalidInput);
    QVERIFY2(rows.error().message.contains(told), qPrintable(rows.error().message));
    QCOMPARE(read(TableId{"public", "birds"}, -1, path("nowhere.dump")).error().code, ErrorCode::NotFound);
}

void TestArchiveRows::insertsAreExplained()
{
    const auto rows = read(TableId{"nest", "birds"}, -1, path("inserts.dump"));
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::InvalidInput);
    QVERIFY2(rows.error().message.contains("--inserts"), qPrintable(rows.error().message));
}

/// Without the definitions nobody knows the types, but all the rows.
void TestArchiveRows::dataAlone()
{
    const auto rows = read(TableId{"nest", "birds"}, -1, path("data.dump"));
    QVERIFY2(rows, qPrintable(rows ? QString() : rows.error().message));
    QCOMPARE(m_lines, m_witness.value("nest"));
    QCOMPARE(m_columns, (QList<DefinedColumn>{{"id", 0}, {"other", 0}}));
}

void TestArchiveRows::otherEncodings()
{
    const auto rows = read(TableId{"public", "t"}, -1, path("latin.dump"));
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, ErrorCode::InvalidInput);
    QVERIFY2(rows.error().message.contains("LATIN1"), qPrintable(rows.error().message));
    QVERIFY(m_lines.isEmpty());
}

QTEST_GUILESS_MAIN(TestArchiveRows)
#include "tst_archiverows.moc"
