#include "operations/tableexport.h"

#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <sys/resource.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const statements =
    "SET ROLE my_database_user;"
    "CREATE TABLE birds (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text, weight numeric, seen "
    "timestamptz,"
    "  ringed boolean, facts jsonb, photo bytea, \"Odd, \"\"name\" text, r float8, born date,"
    "  twice numeric GENERATED ALWAYS AS (weight * 2) STORED);"
    "INSERT INTO birds (name, weight, seen, ringed, facts, photo, \"Odd, \"\"name\", r, born) SELECT"
    "  CASE n % 7 WHEN 0 THEN NULL WHEN 1 THEN '' WHEN 2 THEN E'two\\nlines\\r\\n' WHEN 3 THEN 'a \"quoted\", one' "
    "    WHEN 4 THEN E'tab\\there \\\\N \\\\.' WHEN 5 THEN '=1+1' ELSE '\\.' END,"
    "  n * 1.10, timestamptz '2026-01-01 00:00:00.000123+00' + n * interval '1 min', n % 2 = 0,"
    "  jsonb_build_object('n', n, 's', E'x\\ny'), decode(md5(n::text), 'hex'), 'o''' || n,"
    "  CASE n % 5 WHEN 0 THEN 'NaN'::float8 WHEN 1 THEN '-Infinity'::float8 ELSE n / 3.0 END, date '2026-01-01' + n"
    "  FROM generate_series(1, 1000) n;"
    "CREATE TABLE nothing (id int);"
    "CREATE TABLE bulk (id bigint PRIMARY KEY, t text);"
    "INSERT INTO bulk SELECT n, repeat(md5(n::text), 4) FROM generate_series(1, 300000) n";

/// Peak resident memory of this process, in bytes.
qint64 peakMemory()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    return qint64(usage.ru_maxrss) * 1024;
}

} // namespace

/// Files that hold exactly the rows, or no file at all.
class TestTableExport : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void separatedIsTheServersOwn_data();
    void separatedIsTheServersOwn();
    void sqlMakesTheSameRows_data();
    void sqlMakesTheSameRows();
    void jsonHoldsEveryValue_data();
    void jsonHoldsEveryValue();
    void excelCells();
    void excelRefusesWhatDoesNotFit();
    void markdownStaysOneLineARow();
    void columnsSortAndFilter();
    void aQuery();
    void nothingIsOverwritten();
    void failuresLeaveNoFile();
    void aFullDiskLeavesNoFile();
    void cancelLeavesNoFile();
    void memoryStaysFlat();
    void clipboard();

private:
    QString file(const QString &name) const { return m_folder->filePath(name); }
    QStringList files() const { return QDir(m_folder->path()).entryList(QDir::Files | QDir::Hidden); }
    Result<ExportReport> run(ExportRequest request) const;
    ExportRequest request(const QString &table, const QString &name) const;
    static QByteArray content(const QString &path);
    QByteArray python(const QString &script, const QString &path) const;

    TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    std::unique_ptr<QTemporaryDir> m_folder;
    QList<RelationInfo> m_relations;
};

void TestTableExport::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    auto connection = DatabaseConnection::open(m_cluster.spec("shop"));
    QVERIFY(connection.has_value());
    m_connection = std::move(*connection);
    m_cluster.psql(statements, "shop");
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations.has_value());
    m_relations = *relations;
}

ExportRequest TestTableExport::request(const QString &table, const QString &name) const
{
    ExportRequest request;
    for (const RelationInfo &relation : m_relations) {
        if (relation.id.name == table) {
            request.query.table = relation.id;
            request.query.columns = relation.columns;
            request.query.keyColumns = relation.keyColumns;
        }
    }
    request.file = file(name);
    request.format = exportFormatOf(name);
    return request;
}

Result<ExportReport> TestTableExport::run(ExportRequest request) const
{
    JobContext context;
    return exportTable(*m_connection, request, context);
}

QByteArray TestTableExport::content(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
}

QByteArray TestTableExport::python(const QString &script, const QString &path) const
{
    QProcess process;
    process.start("python3", {"-c", script, path});
    process.waitForFinished();
    return process.readAllStandardOutput().trimmed() + process.readAllStandardError();
}

void TestTableExport::separatedIsTheServersOwn_data()
{
    QTest::addColumn<QString>("table");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("options");
    QTest::newRow("csv") << "birds"
                         << "birds.csv"
                         << "csv header";
    QTest::newRow("tsv") << "birds"
                         << "birds.tsv"
                         << "csv header delimiter E'\\t'";
    QTest::newRow("empty") << "nothing"
                           << "nothing.csv"
                           << "csv header";
}

void TestTableExport::separatedIsTheServersOwn()
{
    QFETCH(const QString, table);
    QFETCH(const QString, name);
    QFETCH(const QString, options);
    const auto report = run(request(table, name));
    QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
    m_cluster.psql(QStringLiteral("\\copy (SELECT * FROM %1) to '%2' %3").arg(table, file("psql"), options), "shop");
    QCOMPARE(content(file(name)), content(file("psql")));
    QCOMPARE(report->rows, m_cluster.psql("SELECT count(*) FROM " + table, "shop").toLongLong());
    QCOMPARE(report->bytes, content(file(name)).size());
    QCOMPARE(report->hasFormulas, table == "birds");
}

void TestTableExport::sqlMakesTheSameRows_data()
{
    QTest::addColumn<ExportFormat>("format");
    QTest::newRow("insert") << ExportFormat::SqlInsert;
    QTest::newRow("copy") << ExportFormat::SqlCopy;
}

void TestTableExport::sqlMakesTheSameRows()
{
    QFETCH(const ExportFormat, format);
    ExportRequest what = request("birds", "birds.sql");
    what.format = format;
    const auto report = run(what);
    QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
    m_cluster.psql("DROP DATABASE IF EXISTS again", "postgres");
    QVERIFY(m_cluster.createDatabase("again"));
    m_cluster.psql(QString(statements).section(";", 0, 1), "again");
    m_cluster.psql("\\i " + file("birds.sql"), "again");
    const QString sum = "SELECT count(*), md5(string_agg(b::text, '|' ORDER BY id)) FROM birds b";
    QCOMPARE(m_cluster.psql(sum, "again"), m_cluster.psql(sum, "shop"));
    QCOMPARE(m_cluster.psql("INSERT INTO birds (name) VALUES ('next') RETURNING id", "again"), QString("1001"));
}

void TestTableExport::jsonHoldsEveryValue_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("json") << "birds.json";
    QTest::newRow("ndjson") << "birds.ndjson";
}

void TestTableExport::jsonHoldsEveryValue()
{
    QFETCH(const QString, name);
    QVERIFY(run(request("birds", name)).has_value());
    QJsonArray rows;
    if (name.endsWith(".ndjson")) {
        const auto lines = content(file(name)).split('\n');
        for (const QByteArray &line : lines) {
            if (!line.isEmpty()) {
                rows += QJsonDocument::fromJson(line).object();
            }
        }
    } else {
        rows = QJsonDocument::fromJson(content(file(name))).array();
    }
    QCOMPARE(rows.size(), 1000);
    auto query =
        m_connection->query("SELECT id, name, weight, seen, ringed, facts, photo, \"Odd, \"\"name\", r FROM birds");
    QVERIFY(query.has_value());
    for (const QJsonValue &value : std::as_const(rows)) {
        QVERIFY(query->next());
        const QJsonObject row = value.toObject();
        QCOMPARE(row.value("id").toInteger(), query->value(0).toLongLong());
        QCOMPARE(row.value("name").isNull(), query->value(1).isNull());
        QCOMPARE(row.value("name").toString(), query->value(1).toString());
        QCOMPARE(row.value("weight").toString(), query->value(2).toString());
        QCOMPARE(row.value("seen").toString(), query->value(3).toString());
        QCOMPARE(row.value("ringed").toBool(), query->value(4).toString() == "t");
        QCOMPARE(row.value("facts").toObject(), QJsonDocument::fromJson(query->value(5).toByteArray()).object());
        QCOMPARE(row.value("photo").toString(), query->value(6).toString());
        QCOMPARE(row.value("Odd, \"name").toString(), query->value(7).toString());
        const QString real = query->value(8).toString();
        QCOMPARE(row.value("r").isString() ? row.value("r").toString() : QString("number"),
                 real == "NaN" || real.endsWith("Infinity") ? real : QString("number"));
    }
}

void TestTableExport::excelCells()
{
    ExportRequest what = request("birds", "birds.xlsx");
    what.columns = QStringList{"id", "name", "weight", "ringed", "born"};
    const auto report = run(what);
    QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
    // An independent reader: the sheet's own XML.
    const QByteArray cells = python("import sys,zipfile,re\n"
                                    "x=zipfile.ZipFile(sys.argv[1]).read('xl/worksheets/sheet1.xml').decode()\n"
                                    "print(len(re.findall('<row ',x)))\n"
                                    "r=re.search('<row r=\"6\".*?</row>',x,re.S).group(0)\n"
                                    "print(re.sub(r' s=\"\\d\"','',r))\n",
                                    file("birds.xlsx"));
    QVERIFY2(cells.startsWith("1001\n"), cells);
    QVERIFY2(cells.contains("<c r=\"A6\"><v>5</v></c>"), cells);
    QVERIFY2(cells.contains("<t>=1+1</t>"), cells); // a text, not a formula
    QVERIFY2(cells.contains("<c r=\"C6\"><v>5.5</v></c>"), cells);
    QVERIFY2(cells.contains("<c r=\"D6\" t=\"b\"><v>0</v></c>"), cells);
    QVERIFY2(cells.contains("<c r=\"E6\"><v>46028</v></c>"), cells); // 2026-01-06
    QCOMPARE(files(), QStringList{"birds.xlsx"});
}

void TestTableExport::excelRefusesWhatDoesNotFit()
{
    ExportRequest what = request("birds", "long.xlsx");
    what.sql = "SELECT 1 AS n, repeat('x', 32768) AS t";
    const auto report = run(what);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::InvalidInput);
    QVERIFY2(report.error().message.contains("32,767"), qPrintable(report.error().message));
    QCOMPARE(files(), QStringList());
}

void TestTableExport::markdownStaysOneLineARow()
{
    QVERIFY(run(request("birds", "birds.md")).has_value());
    const auto lines = content(file("birds.md")).trimmed().split('\n');
    QCOMPARE(lines.size(), 1002);
    for (const QByteArray &line : lines) {
        QByteArray plain = line;
        plain.replace("\\\\", "").replace("\\|", "");
        QCOMPARE(plain.count('|'), 12);
    }
}

void TestTableExport::columnsSortAndFilter()
{
    ExportRequest what = request("birds", "some.csv");
    what.columns = QStringList{"ringed", "id"};
    what.query.sort = {{"id", true}};
    what.query.filter.where = "id % 100 = 0 -- every hundredth";
    what.query.filter.conditions = {{"id", FilterCondition::Operator::Greater, {"300"}},
                                    {"Odd, \"name", FilterCondition::Operator::In, {"o'400", "o'500", "$1"}}};
    const auto report = run(what);
    QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
    QCOMPARE(content(file("some.csv")), QByteArray("ringed,id\nt,500\nt,400\n"));
}

void TestTableExport::aQuery()
{
    ExportRequest what;
    what.sql = "SELECT 1 AS a, NULL::text AS b -- a comment;\n;\n";
    what.file = file("query.csv");
    QVERIFY(run(what).has_value());
    QCOMPARE(content(what.file), QByteArray("a,b\n1,\n"));
    what.sql = "SELEC 1";
    what.file = file("wrong.csv");
    const auto report = run(what);
    QVERIFY(!report);
    QCOMPARE(report.error().sqlState, QByteArray("42601"));
    QVERIFY(!QFile::exists(what.file));
}

void TestTableExport::nothingIsOverwritten()
{
    const auto fill = [this](const QString &name) {
        QFile file(this->file(name));
        return file.open(QIODevice::WriteOnly) && file.write("mine") == 4;
    };
    QVERIFY(fill("birds.csv"));
    ExportRequest what = request("birds", "birds.csv");
    const auto refused = run(what);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::AlreadyExists);
    QCOMPARE(content(what.file), QByteArray("mine"));
    what.overwrite = true;
    QVERIFY(run(what).has_value());
    QVERIFY(content(what.file).startsWith("id,name,"));
    QCOMPARE(files(), QStringList{"birds.csv"});
}

void TestTableExport::failuresLeaveNoFile()
{
    ExportRequest what = request("birds", "late.csv");
    what.sql = "SELECT n, 1 / (5000 - n) FROM generate_series(1, 10000) n";
    const auto late = run(what);
    QVERIFY(!late);
    QCOMPARE(late.error().sqlState, QByteArray("22012"));
    QCOMPARE(files(), QStringList());

    what.file = file("there/is/none.csv");
    const auto noFolder = run(what);
    QVERIFY(!noFolder);
    QCOMPARE(noFolder.error().code, ErrorCode::NotFound);

    what.query.table.name = "gone";
    what.sql.clear();
    what.file = file("gone.csv");
    QVERIFY(!run(what));
    QCOMPARE(files(), QStringList());
}

void TestTableExport::aFullDiskLeavesNoFile()
{
    // The limit on a file's size stands for the disk: the kernel refuses the write in the same place.
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit before = {};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    rlimit small = before;
    small.rlim_cur = 1'000'000;
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &small), 0);
    const auto report = run(request("bulk", "bulk.csv"));
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &before), 0);
    QVERIFY(!report);
    QCOMPARE(report.error().code, ErrorCode::FileFailed);
    QVERIFY2(report.error().message.contains("Nothing was exported"), qPrintable(report.error().message));
    QCOMPARE(files(), QStringList());
    QVERIFY(m_connection->isOpen());
}

void TestTableExport::cancelLeavesNoFile()
{
    std::stop_source stop;
    int reports = 0;
    JobContext context(stop.get_token(), [&](const Progress &progress) {
        ++reports;
        QVERIFY(progress.done <= 1'000'000);
        stop.request_stop();
    });
    ExportRequest what = request("bulk", "bulk.json");
    what.sql = "SELECT b.*, c.n FROM bulk b, generate_series(1, 1000) c(n)";
    const auto report = exportTable(*m_connection, what, context);
    QVERIFY(!report);
    QVERIFY(report.error().isCancelled());
    QVERIFY(reports > 0);
    QCOMPARE(files(), QStringList());
    QCOMPARE(m_cluster.psql("SELECT count(*) FROM pg_stat_activity WHERE query ~ 'generate_series' AND state = 'active'"
                            " AND pid <> pg_backend_pid()"),
             QString("0"));
}

void TestTableExport::memoryStaysFlat()
{
    const qint64 before = peakMemory();
    for (const char *name : {"bulk.csv", "bulk.json", "bulk.sql", "bulk.xlsx"}) {
        ExportRequest what = request("bulk", name);
        const auto report = run(what);
        QVERIFY2(report.has_value(), qPrintable(report ? QString() : report.error().message));
        QCOMPARE(report->rows, 300'000);
    }
    constexpr qint64 bar = qint64(40) << 20;
    const qint64 grown = peakMemory() - before;
    qInfo("peak memory grew by %lld kB", grown / 1024);
    QVERIFY(grown < bar);
}

void TestTableExport::clipboard()
{
    RowColumn id;
    id.name = "id";
    id.baseOid = 23;
    id.isNumeric = true;
    RowColumn name;
    name.name = "name";
    name.baseOid = 25;
    const QList<RowColumn> columns{id, name};
    const QList<QList<CellValue>> rows{{"1", "it's"}, {"2", std::nullopt}, {"3", "a\tb"}, {"4", ""}};
    const auto format = [&](ExportFormat as) { return formatRows(as, {"public", "t"}, columns, rows, true); };
    QCOMPARE(format(ExportFormat::Csv), QString("id,name\n1,it's\n2,\n3,a\tb\n4,\"\"\n"));
    QCOMPARE(format(ExportFormat::Tsv), QString("id\tname\n1\tit's\n2\t\n3\t\"a\tb\"\n4\t\"\"\n"));
    QCOMPARE(format(ExportFormat::Markdown),
             QString("| id | name |\n| ---: | --- |\n| 1 | it's |\n| 2 | NULL |\n| 3 | a\tb |\n| 4 |  |\n"));
    QCOMPARE(format(ExportFormat::NdJson).section('\n', 1, 1), QString("{\"id\": 2, \"name\": null}"));
    QCOMPARE(format(ExportFormat::SqlInsert),
             QString("INSERT INTO \"public\".\"t\" (\"id\", \"name\") VALUES\n    (1, 'it''s'),\n    (2, NULL),\n"
                     "    (3, 'a\tb'),\n    (4, '');\n"));
}

QTEST_GUILESS_MAIN(TestTableExport)

#include "tst_tableexport.moc"
