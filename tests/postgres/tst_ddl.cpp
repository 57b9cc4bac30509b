#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "process/pgtoolchain.h"
#include "structuresample.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QProcess>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;

struct Outcome
{
    QString out;
    QString problem; ///< empty when it went well
};

} // namespace

class TestDdl : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void makesItAgain_data();
    void makesItAgain();
    void reads();
    void isOneRoundTrip();
    void doesNotWait();
    void leavesTheSearchPathAlone();
    void findsNothing();

private:
    Connection open(const ConnectionSpec &spec)
    {
        Result<Connection> connection = DatabaseConnection::open(spec);
        if (!connection) {
            qFatal("%s %s", qPrintable(connection.error().message), qPrintable(connection.error().detail));
        }
        return std::move(*connection);
    }
    QString ddl(const QString &name, const QString &schema = QStringLiteral("public"))
    {
        const auto sql = CatalogReader::ddl(*m_connection, {schema, name});
        if (!sql) {
            qFatal("%s %s", qPrintable(sql.error().message), qPrintable(sql.error().detail));
        }
        return *sql;
    }
    Outcome run(const QString &tool, const QString &database, const QStringList &arguments, const QString &input = {});
    QString dump(const QString &database, const TableId &table);

    TemporaryCluster m_cluster;
    Connection m_connection; ///< as the superuser, to "origin"
};

Outcome TestDdl::run(const QString &tool, const QString &database, const QStringList &arguments, const QString &input)
{
    const auto tools = serverToolchain(JobContext());
    const ConnectionParameters admin = m_cluster.superuser(database).parameters;
    QProcess process;
    process.start(tools->tool(tool),
                  QStringList{QStringLiteral("-h"), admin.host, QStringLiteral("-p"), QString::number(admin.port),
                              QStringLiteral("-U"), admin.user, QStringLiteral("-d"), database} +
                      arguments);
    process.write(input.toUtf8());
    process.closeWriteChannel();
    const bool isFine = process.waitForFinished() && process.exitCode() == 0;
    const QString words = QString::fromUtf8(process.readAllStandardError());
    return {QString::fromUtf8(process.readAllStandardOutput()),
            isFine ? QString() : tool + QStringLiteral(": ") + words};
}

/// What pg_dump says of it, without remarks and what is by chance.
QString TestDdl::dump(const QString &database, const TableId &table)
{
    const Outcome outcome =
        run(QStringLiteral("pg_dump"), database, {QStringLiteral("-s"), QStringLiteral("-t"), table.quoted()});
    if (!outcome.problem.isEmpty()) {
        return outcome.problem;
    }
    QStringList lines;
    for (const QString &line : outcome.out.split(u'\n', Qt::SkipEmptyParts)) {
        if (!line.startsWith(u"--") && !line.startsWith(u"\\restrict") && !line.startsWith(u"\\unrestrict")) {
            lines += line;
        }
    }
    return lines.join(u'\n');
}

void TestDdl::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY(m_cluster.createDatabase(QStringLiteral("sample")));
    m_cluster.psql(structureRoles() + structureSample(), QStringLiteral("sample"));
    m_cluster.psql(QStringLiteral("CREATE DATABASE origin TEMPLATE sample"));
    m_connection = open(m_cluster.superuser(QStringLiteral("origin")));
}

void TestDdl::makesItAgain_data()
{
    QTest::addColumn<TableId>("table");
    QTest::addColumn<QString>("kind");
    const auto relations = CatalogReader::relations(*m_connection);
    QVERIFY(relations);
    int count = 0;
    for (const RelationInfo &relation : *relations) {
        const bool isIdentity = ddl(relation.id.name, relation.id.schema).contains(u"-- The identity column");
        if (!isIdentity) {
            QTest::newRow(qPrintable(relation.id.schema + u'.' + relation.id.name))
                << relation.id << relationKindName(relation.kind);
            ++count;
        }
    }
    QVERIFY2(count >= 38, qPrintable(QString::number(count)));
}

void TestDdl::makesItAgain()
{
    QFETCH(TableId, table);
    QFETCH(QString, kind);
    const QString sql = ddl(table.name, table.schema);
    QVERIFY(m_connection->execute(QStringLiteral("CREATE DATABASE again TEMPLATE sample")));
    const QString word = kind.contains(u"partitioned") ? QStringLiteral("table") : kind;
    const QString gone = m_cluster.psql(
        QStringLiteral("SET client_min_messages = error; DROP %1 %2 CASCADE; SELECT to_regclass(%3) IS NULL")
            .arg(word, table.quoted(), quoteLiteral(table.quoted())),
        QStringLiteral("again"));
    QCOMPARE(gone, QStringLiteral("t"));
    const Outcome made = run(QStringLiteral("psql"), QStringLiteral("again"),
                             {QStringLiteral("-Xq"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1")}, sql);
    const QString before = dump(QStringLiteral("origin"), table);
    const QString after = dump(QStringLiteral("again"), table);
    QVERIFY(m_connection->execute(QStringLiteral("DROP DATABASE again")));
    QVERIFY2(made.problem.isEmpty(), qPrintable(made.problem + u'\n' + sql));
    QVERIFY(before.contains(u"CREATE"));
    if (after != before) {
        qWarning("%s", qPrintable(sql));
    }
    QCOMPARE(after.split(u'\n'), before.split(u'\n'));
}

void TestDdl::reads()
{
    QCOMPARE(ddl(QStringLiteral("species")), QStringLiteral(R"(CREATE SEQUENCE public.species_id_seq AS integer;

CREATE TABLE public.species (
    id integer DEFAULT nextval('public.species_id_seq'::regclass) NOT NULL,
    name character varying(160) NOT NULL,
    code character(3) DEFAULT 'abc'::bpchar,
    CONSTRAINT species_pkey PRIMARY KEY (id),
    CONSTRAINT species_name_key UNIQUE (name)
);

ALTER SEQUENCE public.species_id_seq OWNED BY public.species.id;

ALTER TABLE public.species OWNER TO postgres;
)"));
}

void TestDdl::isOneRoundTrip()
{
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("origin"));
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const Connection connection = open(spec);
    const auto relations = CatalogReader::relations(*connection);
    QVERIFY(relations);
    for (const RelationInfo &relation : *relations) { // as a role without a right to anything
        proxy.resetCount();
        const auto sql = CatalogReader::ddl(*connection, relation.id);
        QVERIFY2(sql, qPrintable(relation.id.name));
        QCOMPARE(proxy.roundTrips(), 1);
        QCOMPARE(*sql, ddl(relation.id.name, relation.id.schema));
    }
}

void TestDdl::doesNotWait()
{
    const Connection other = open(m_cluster.superuser(QStringLiteral("origin")));
    QVERIFY(other->execute(QStringLiteral("BEGIN")));
    QVERIFY(other->execute(QStringLiteral("LOCK TABLE plain, parts IN ACCESS EXCLUSIVE MODE")));
    QElapsedTimer timer;
    timer.start();
    for (const QString &name : {QStringLiteral("plain"), QStringLiteral("light"), QStringLiteral("parts_old")}) {
        const auto sql = CatalogReader::ddl(*m_connection, {QStringLiteral("public"), name});
        QVERIFY2(!sql, qPrintable(name));
        QCOMPARE(int(sql.error().code), int(ErrorCode::Conflict));
    }
    QVERIFY(!ddl(QStringLiteral("species")).isEmpty());
    QVERIFY2(timer.elapsed() < 3000, "waited for a lock"); // the lock timeout of a connection is 5 s
    QVERIFY(other->execute(QStringLiteral("ROLLBACK")));
    QVERIFY(!ddl(QStringLiteral("light")).isEmpty());
}

void TestDdl::leavesTheSearchPathAlone()
{
    const QString ask = QStringLiteral("SELECT pg_catalog.current_setting('search_path')");
    auto before = m_connection->query(ask);
    QVERIFY(before && before->next());
    const QString path = before->value(0).toString();
    QVERIFY(!path.isEmpty());
    QVERIFY(!ddl(QStringLiteral("birds")).isEmpty());
    auto after = m_connection->query(ask);
    QVERIFY(after && after->next());
    QCOMPARE(after->value(0).toString(), path);
}

void TestDdl::findsNothing()
{
    const auto none = CatalogReader::ddl(*m_connection, {QStringLiteral("public"), QStringLiteral("Birds")});
    QVERIFY(!none);
    QCOMPARE(int(none.error().code), int(ErrorCode::NotFound));
}

QTEST_GUILESS_MAIN(TestDdl)
#include "tst_ddl.moc"
