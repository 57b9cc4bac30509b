// Every value comes back exactly as psql prints it, and goes back in unchanged.

#include "postgres/databaseconnection.h"
#include "postgres/identifier.h"
#include "postgres/linkopener.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgresresult.h"
#include "process/pgtoolchain.h"
#include "support/temporarycluster.h"

#include <QProcess>
#include <QSqlError>
#include <QSqlField>
#include <QSqlRecord>
#include <QTest>

using namespace Roost;

namespace {

const QByteArray nullMark("<the null mark>");

struct Value
{
    const char *name;
    const char *type;
    const char *expression;
};

constexpr Value values[] = {
    {"smallint", "smallint", "-32768"},
    {"integer", "integer", "2147483647"},
    {"bigint", "bigint", "-9223372036854775808"},
    {"numeric, 40 digits", "numeric", "1234567890123456789012345678901234567890.0123456789"},
    {"numeric, trailing zeros", "numeric(20,6)", "1.5"},
    {"numeric, tiny", "numeric", "0.0000000000000000000000000000000000000001"},
    {"numeric NaN", "numeric", "'NaN'"},
    {"numeric infinity", "numeric", "'-Infinity'"},
    {"real", "real", "0.1"},
    {"real, shortest", "real", "16777217.0::real + 0.5"},
    {"double", "double precision", "0.1::float8 + 0.2::float8"},
    {"double, largest", "double precision", "1.7976931348623157e308"},
    {"double NaN", "double precision", "'NaN'"},
    {"double infinity", "double precision", "'-Infinity'"},
    {"double minus zero", "double precision", "'-0'"},
    {"boolean", "boolean", "true"},
    {"text", "text", "'Grüße, 鳥, 🐦‍⬛'"},
    {"text, several lines", "text", "E'one\\ntwo\\r\\n\\tthree\\\\n\\n'"},
    {"text, like a separator", "text", "'a|b|\\N|NULL|\"'"},
    {"text, only blanks", "text", "'  '"},
    {"text, empty", "text", "''"},
    {"text, null", "text", "NULL"},
    {"text, 1 MB", "text", "repeat('Turdus merula 🐦 ', 50000)"},
    {"text, control characters", "text", "chr(1) || chr(27) || chr(127) || chr(133) || chr(8232)"},
    {"text, last code point", "text", "chr(1114109) || chr(65535) || chr(65279)"},
    {"varchar", "character varying(160)", "'o''clock'"},
    {"char, padded", "character(5)", "'ab'"},
    {"\"char\"", "\"char\"", "'x'"},
    {"name", "name", "'birds'"},
    {"bytea", "bytea", "'\\x00ff0a5c27'"},
    {"bytea, empty", "bytea", "''"},
    {"date", "date", "'2026-01-02'"},
    {"date BC", "date", "'0044-03-15 BC'"},
    {"date infinity", "date", "'-infinity'"},
    {"date, last", "date", "'5874897-12-31'"},
    {"time, microseconds", "time", "'04:05:06.789012'"},
    {"time 24:00:00", "time", "'24:00:00'"},
    {"timetz", "time with time zone", "'04:05:06.5+02:30'"},
    {"timestamp, microseconds", "timestamp", "'2026-01-02 03:04:05.123456'"},
    {"timestamp, in a gap of summer time", "timestamp", "'2026-03-29 02:30:00'"},
    {"timestamp infinity", "timestamp", "'infinity'"},
    {"timestamp, last", "timestamp", "'294276-12-31 23:59:59.999999'"},
    {"timestamp BC", "timestamp", "'4713-01-01 00:00:00 BC'"},
    {"timestamptz", "timestamptz", "'2026-07-02 03:04:05.123456+05:45'"},
    {"timestamptz infinity", "timestamptz", "'-infinity'"},
    {"interval", "interval", "'1 year 2 mons -3 days 04:05:06.789'"},
    {"interval, negative", "interval", "'-1 year +2 days -00:00:00.000001'"},
    {"uuid", "uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"},
    {"json, as written", "json", "'{\"b\" : 1,   \"a\":[1, 2.50], \"a\":null}'"},
    {"jsonb", "jsonb", "'{\"b\" : 1e3,   \"a\":[1, 2.50], \"a\":\"\\u00fc\"}'"},
    {"jsonb null", "jsonb", "'null'"},
    {"jsonpath", "jsonpath", "'$.a[*] ? (@ > 1)'"},
    {"xml", "xml", "'<a b=\"1\">&amp;<!-- c --></a>'"},
    {"integer array", "integer[]", "'{{1,2},{3,NULL}}'"},
    {"integer array with bounds", "integer[]", "'[0:1]={7,8}'"},
    {"integer array, empty", "integer[]", "'{}'"},
    {"text array", "text[]", "ARRAY['a,b', '', NULL, 'NULL', '\"q\"', '{x}', E'l\\n2']"},
    {"timestamp array", "timestamp[]", "ARRAY['2026-01-02 03:04:05.000001'::timestamp, 'infinity']"},
    {"int4range", "int4range", "'(1,10]'"},
    {"numrange, no end", "numrange", "'[1.10,)'"},
    {"range, empty", "int4range", "'empty'"},
    {"tstzrange", "tstzrange", "'[2026-01-01 00:00+02,infinity)'"},
    {"multirange", "int4multirange", "'{[1,3),[7,9]}'"},
    {"datemultirange, empty", "datemultirange", "'{}'"},
    {"enum", "mood", "'so so, \"fine\"'"},
    {"enum array", "mood[]", "ARRAY['happy', 'so so, \"fine\"']::mood[]"},
    {"domain", "posint", "42"},
    {"composite", "addr", "ROW('Main ''St'' 1, \"rear\"', NULL, '')"},
    {"composite array", "addr[]", "ARRAY[ROW('a',1,'b'), NULL]::addr[]"},
    {"money", "money", "-1234567.89"},
    {"bit", "bit(5)", "B'10110'"},
    {"varbit", "bit varying(20)", "B'000111000'"},
    {"inet", "inet", "'192.168.0.5/24'"},
    {"inet, version 6", "inet", "'2001:db8::1'"},
    {"cidr", "cidr", "'10.1.0.0/16'"},
    {"macaddr", "macaddr", "'08-00-2b-01-02-03'"},
    {"macaddr8", "macaddr8", "'08:00:2b:01:02:03:04:05'"},
    {"tsvector", "tsvector", "'a:1A fat:2B,4C ''it''''s'':5'"},
    {"tsquery", "tsquery", "'fat & (rat | !cat:*)'"},
    {"point", "point", "'(1.5,-2e10)'"},
    {"line", "line", "'{1,2,3}'"},
    {"lseg", "lseg", "'[(0,0),(1,1)]'"},
    {"box", "box", "'(1,1),(0,0)'"},
    {"path", "path", "'[(0,0),(1,1),(2,0)]'"},
    {"polygon", "polygon", "'((0,0),(1,1),(2,0))'"},
    {"circle", "circle", "'<(0.1,0.2),3>'"},
    {"oid", "oid", "4294967295"},
    {"regclass", "regclass", "'pg_class'"},
    {"regtype", "regtype", "'timestamptz'"},
    {"pg_lsn", "pg_lsn", "'16/B374D848'"},
    {"xid8", "xid8", "'18446744073709551615'"},
    {"txid_snapshot", "txid_snapshot", "'10:20:10,14,15'"},
    {"null of a type without equality", "json", "NULL"},
};

const QStringList hostileNames = {
    QStringLiteral("Upper"),
    QStringLiteral("two words"),
    QStringLiteral("select"),
    QStringLiteral("user"),
    QStringLiteral("dot.ted"),
    QStringLiteral("quo\"te"),
    QStringLiteral("\"quoted\""),
    QStringLiteral("apo'strophe"),
    QStringLiteral("back\\slash"),
    QStringLiteral("semi;colon--"),
    QStringLiteral("dollar$1"),
    QStringLiteral("question?"),
    QStringLiteral(":named"),
    QStringLiteral("%1"),
    QStringLiteral("line\nbreak"),
    QStringLiteral("tab\t"),
    QStringLiteral(" "),
    QStringLiteral("1st"),
    QStringLiteral("vögel-鳥-🐦"),
    QStringLiteral("-Fp"),
    QStringLiteral("host=evil port=1"),
    QString(63, u'x'),
};

} // namespace

class TestTypes : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();
    void comesBackAndGoesIn_data();
    void comesBackAndGoesIn();
    void isNotBentByTheServersSettings();
    void identifiers_data();
    void identifiers();

private:
    QByteArray psql(const QString &sql, const QString &database, const QByteArray &options = {});
    QByteArray ours(DatabaseConnection &connection, const QString &sql);

    Testing::TemporaryCluster m_cluster;
    std::unique_ptr<DatabaseConnection> m_connection;
    QString m_psql;
};

void TestTypes::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const auto tools = serverToolchain(JobContext());
    QVERIFY2(tools, qPrintable(tools ? QString() : tools.error().message));
    m_psql = tools->tool(QStringLiteral("psql"));
    auto connection = DatabaseConnection::open(m_cluster.spec());
    QVERIFY2(connection, qPrintable(connection ? QString() : connection.error().message));
    m_connection = std::move(*connection);
    for (const char *sql : {"CREATE TYPE mood AS ENUM ('sad', 'so so, \"fine\"', 'happy')",
                            "CREATE DOMAIN posint AS integer CHECK (VALUE > 0)",
                            "CREATE TYPE addr AS (street text, number integer, city text)"}) {
        QVERIFY(m_connection->execute(QLatin1String(sql)));
    }
}

void TestTypes::cleanupTestCase()
{
    m_connection.reset();
}

/// The one value of a statement, byte for byte as `psql -At` prints it; nullMark for NULL.
QByteArray TestTypes::psql(const QString &sql, const QString &database, const QByteArray &options)
{
    const ConnectionParameters admin = m_cluster.superuser(database).parameters;
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGOPTIONS"), QString::fromLatin1(options));
    environment.insert(QStringLiteral("PGCLIENTENCODING"), QStringLiteral("UTF8"));
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(m_psql,
                  {QStringLiteral("-XAt"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                   QStringLiteral("-P"), QStringLiteral("null=") + QString::fromLatin1(nullMark), QStringLiteral("-h"),
                   admin.host, QStringLiteral("-p"), QString::number(admin.port), QStringLiteral("-U"), admin.user,
                   QStringLiteral("-d"), database, QStringLiteral("-f"), QStringLiteral("-")});
    process.write(sql.toUtf8() + ";\n");
    process.closeWriteChannel();
    if (!process.waitForFinished() || process.exitCode() != 0) {
        return "psql failed";
    }
    QByteArray output = process.readAllStandardOutput();
    output.chop(1); // the line end that psql adds
    return output;
}

/// The same through QSqlQuery.
QByteArray TestTypes::ours(DatabaseConnection &connection, const QString &sql)
{
    QSqlQuery query(connection.database());
    if (!query.exec(sql) || !query.next()) {
        return "no row: " + query.lastError().text().toUtf8();
    }
    const QVariant value = query.value(0);
    if (value.isNull()) {
        return nullMark;
    }
    const QByteArray utf8 = value.toString().toUtf8();
    return value.typeId() == QMetaType::QString && PostgresResult::of(query)->utf8(0) == utf8 ? utf8 : "not the same";
}

void TestTypes::comesBackAndGoesIn_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::size(values)); ++i) {
        QTest::newRow(values[i].name) << i;
    }
    static_assert(std::size(values) >= 60);
}

void TestTypes::comesBackAndGoesIn()
{
    QFETCH(int, index);
    const QString type = QString::fromUtf8(values[index].type);
    const QString table = QStringLiteral("t%1").arg(index);
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE %1 (original %2, back %2)").arg(table, type)));
    const auto inserted = m_connection->execute(QStringLiteral("INSERT INTO %1 (original) VALUES (%2)")
                                                    .arg(table, QString::fromUtf8(values[index].expression)));
    QVERIFY2(inserted, qPrintable(inserted ? QString() : inserted.error().detail));

    const QString read = QStringLiteral("SELECT original FROM %1").arg(table);
    const QByteArray expected = psql(read, QStringLiteral("test"));
    QCOMPARE(ours(*m_connection, read), expected);

    QVariant value(QMetaType(QMetaType::QString));
    if (expected != nullMark) {
        value = QString::fromUtf8(expected);
    }
    const auto updated = m_connection->execute(QStringLiteral("UPDATE %1 SET back = $1::%2").arg(table, type), {value});
    QVERIFY2(updated, qPrintable(updated ? QString() : updated.error().detail));
    QCOMPARE(*updated, 1);
    const QString readBack = QStringLiteral("SELECT back FROM %1").arg(table);
    QCOMPARE(psql(readBack, QStringLiteral("test")), expected);
    QCOMPARE(ours(*m_connection, readBack), expected);
    QCOMPARE(psql(QStringLiteral("SELECT (back::text IS NOT DISTINCT FROM original::text), "
                                 "(back IS NULL) = (original IS NULL) FROM %1")
                      .arg(table),
                  QStringLiteral("test")),
             QByteArray("t|t"));
    // The bytes that the server keeps, where it can compare them.
    if (psql(QStringLiteral("SELECT count(*) FROM pg_catalog.pg_operator WHERE oprname = '=' AND oprleft = "
                            "'%1'::regtype AND oprright = oprleft")
                 .arg(QString(type).replace(u'\'', QStringLiteral("''"))),
             QStringLiteral("test")) == "1") {
        QCOMPARE(psql(QStringLiteral("SELECT back IS NOT DISTINCT FROM original FROM %1").arg(table),
                      QStringLiteral("test")),
                 QByteArray("t"));
    }
}

void TestTypes::isNotBentByTheServersSettings()
{
    const ConnectionSpec spec = m_cluster.spec(QStringLiteral("bent"));
    m_cluster.psql(QStringLiteral("ALTER DATABASE bent SET DateStyle = 'German, DMY';"
                                  "ALTER DATABASE bent SET IntervalStyle = 'iso_8601';"
                                  "ALTER DATABASE bent SET TimeZone = 'Asia/Kolkata';"
                                  "ALTER DATABASE bent SET bytea_output = 'escape';"
                                  "ALTER DATABASE bent SET extra_float_digits = -3;"
                                  "ALTER DATABASE bent SET client_encoding = 'LATIN1';"));
    auto connection = DatabaseConnection::open(spec);
    QVERIFY(connection);
    const QStringList expressions = {
        QStringLiteral("'2026-01-02'::date"),        QStringLiteral("'2026-01-02 03:04:05.123456+00'::timestamptz"),
        QStringLiteral("'1 year 2 days'::interval"), QStringLiteral("'\\x00ff'::bytea"),
        QStringLiteral("0.1::float8 + 0.2::float8"), QStringLiteral("'鳥'::text")};
    for (const QString &expression : expressions) {
        const QString sql = QStringLiteral("SELECT ") + expression;
        QCOMPARE(ours(**connection, sql), psql(sql, QStringLiteral("bent"), sessionOptions()));
        QCOMPARE(ours(**connection, sql), ours(*m_connection, sql));
        if (!expression.contains(u"text")) {
            QVERIFY(ours(**connection, sql) != psql(sql, QStringLiteral("bent"))); // or else this shows nothing
        }
    }
}

void TestTypes::identifiers_data()
{
    QTest::addColumn<QString>("name");
    for (const QString &name : hostileNames) {
        QTest::newRow(qPrintable(name)) << name;
    }
}

void TestTypes::identifiers()
{
    QFETCH(QString, name);
    const QString quoted = quoteIdentifier(name);
    QVERIFY(m_connection->execute(QStringLiteral("CREATE SCHEMA %1").arg(quoted)));
    const QString table = TableId{name, name}.quoted();
    QVERIFY(m_connection->execute(QStringLiteral("CREATE TABLE %1 (%2 text PRIMARY KEY)").arg(table, quoted)));
    QVERIFY(m_connection->execute(QStringLiteral("INSERT INTO %1 (%2) VALUES ($1)").arg(table, quoted), {name}));
    auto query = m_connection->query(QStringLiteral("SELECT %2 FROM %1 WHERE %2 = $1").arg(table, quoted), {name});
    QVERIFY(query);
    QVERIFY(query->next());
    QCOMPARE(query->record().fieldName(0), name);
    QCOMPARE(query->value(0).toString(), name);
    QCOMPARE(psql(QStringLiteral("SELECT relname FROM pg_class WHERE oid = %1::regclass").arg(quoteLiteral(table)),
                  QStringLiteral("test")),
             name.toUtf8());
    QCOMPARE(m_connection->driver().escapeIdentifier(name, QSqlDriver::TableName), quoted);
}

QTEST_GUILESS_MAIN(TestTypes)
#include "tst_types.moc"
