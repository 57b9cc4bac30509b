// Every value comes back exactly as psql prints it, and goes back in unchanged.

#include "postgres/databaseconnection.h"
#include "postgres/identifier.h"
#include "postgres/linkopener.h"
#include "postgres/postgresdriver.h"
#include "postgres/postgresresult.h"
#include "process/pgtoolchain.h"
#include "support/temporarycluster.h"
#include "support/typevalues.h"

#include <QProcess>
#include <QSqlError>
#include <QSqlField>
#include <QSqlRecord>
#include <QTest>

using namespace Roost;
using Testing::values;

namespace {

const QByteArray nullMark("<the null mark>");

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
    for (const char *sql : Testing::valueTypes) {
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
