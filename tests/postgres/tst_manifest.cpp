// What a manifest sees: nothing in an untouched copy, and every tampering by its name.

#include "postgres/databaseconnection.h"
#include "postgres/manifest.h"
#include "postgres/manifestcompare.h"
#include "postgres/manifestreader.h"
#include "process/pgtoolchain.h"
#include "support/tamperings.h"
#include "support/temporarycluster.h"

#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Roost;
using namespace Roost::Testing;

class TestManifest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sameWhateverTheSession();
    void untouchedCopiesAreEqual();
    void tamperings_data();
    void tamperings();
    void seesOneInstant();
    void jsonKeepsItAll();
    void damagedJson_data();
    void damagedJson();
    void otherEncoding();
    void hiddenRowsAreRefused();

private:
    Result<Manifest> read(const QString &database, std::optional<Manifest::RowHash> hash = {},
                          const QString &before = {}) const
    {
        auto connection = DatabaseConnection::open(m_cluster.superuser(database));
        if (!connection) {
            return failure(connection.error());
        }
        if (!before.isEmpty() && !(*connection)->execute(before)) {
            return failure(ErrorCode::Internal, before);
        }
        ManifestOptions options;
        options.hash = hash;
        return readManifest(**connection, options);
    }
    static QString told(const QList<ManifestDifference> &differences)
    {
        QStringList lines;
        for (const ManifestDifference &one : differences) {
            lines += QStringLiteral("%1 %2 [%3] [%4]").arg(one.what, one.text, one.before, one.after);
        }
        return lines.join(u'\n');
    }
    bool copyByDump(const QString &from, const QString &to) const;
    QString psql(const QString &sql, const QString &database = QStringLiteral("shop")) const
    {
        return m_cluster.psql(sql, database);
    }

    TemporaryCluster m_cluster;
    Manifest m_manifest;
};

/// With pg_dump and pg_restore as the lesson uses them.
bool TestManifest::copyByDump(const QString &from, const QString &to) const
{
    const auto tools = serverToolchain(JobContext());
    const QTemporaryDir folder;
    const ConnectionParameters admin = m_cluster.superuser(from).parameters;
    const QString file = folder.filePath(QStringLiteral("copy.dump"));
    psql(QStringLiteral("CREATE DATABASE %1 OWNER my_database_user TEMPLATE template0").arg(to),
         QStringLiteral("postgres"));
    const QStringList at{QStringLiteral("-h"),        admin.host,           QStringLiteral("-p"),
                         QString::number(admin.port), QStringLiteral("-U"), admin.user};
    const auto run = [&](const char *tool, const QStringList &arguments) {
        return QProcess::execute(tools->tool(QLatin1String(tool)), at + arguments) == 0;
    };
    return run("pg_dump", {QStringLiteral("-Fc"), QStringLiteral("-f"), file, from}) &&
           run("pg_restore", {QStringLiteral("--exit-on-error"), QStringLiteral("-d"), to, file});
}

void TestManifest::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("shop"));
    psql(tamperedSchema());
    const auto manifest = read(QStringLiteral("shop"));
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().message + manifest.error().detail));
    m_manifest = *manifest;
    QCOMPARE(m_manifest.tables.value(QStringLiteral("public.birds")).rows, 3);
    QCOMPARE(m_manifest.tables.value(QStringLiteral("\"Odd nest\".\"the log\"")).rows, 200);
    QVERIFY(m_manifest.tables.contains(QStringLiteral("public.parts_low")) &&
            !m_manifest.tables.contains(QStringLiteral("public.parts")));
    QCOMPARE(m_manifest.sequences.value(QStringLiteral("public.counter")), (SequenceState{8, true}));
    QCOMPARE(m_manifest.largeObjects.rows, 2);
    QCOMPARE(m_manifest.unproven.size(), 1); // the materialized view
    QVERIFY(copyByDump(QStringLiteral("shop"), QStringLiteral("pristine")));
}

void TestManifest::sameWhateverTheSession()
{
    const auto other =
        read(QStringLiteral("shop"), {},
             QStringLiteral("SET DateStyle = 'SQL, DMY'; SET TimeZone = 'Asia/Tokyo'; SET IntervalStyle = "
                            "'iso_8601'; SET extra_float_digits = -5; SET bytea_output = 'escape'; SET "
                            "search_path = public; SET lc_monetary = 'C'"));
    QVERIFY(!other); // several statements at once are not taken
    for (const char *setting :
         {"SET DateStyle = 'SQL, DMY'", "SET TimeZone = 'Asia/Tokyo'", "SET IntervalStyle = 'iso_8601'",
          "SET extra_float_digits = -5", "SET bytea_output = 'escape'", "SET search_path = public, \"Odd nest\"",
          "SET quote_all_identifiers = on", "SET xmlbinary = 'hex'", "SET enable_seqscan = off"}) {
        const auto manifest = read(QStringLiteral("shop"), {}, QLatin1String(setting));
        QVERIFY(manifest);
        QCOMPARE(told(compareManifests(m_manifest, *manifest)), QString());
    }
    // Nor does it matter where the rows lie.
    psql(QStringLiteral("UPDATE birds SET name = name WHERE id = 1; VACUUM FULL birds"));
    QCOMPARE(told(compareManifests(m_manifest, *read(QStringLiteral("shop")))), QString());
}

void TestManifest::untouchedCopiesAreEqual()
{
    const auto first = read(QStringLiteral("pristine"));
    QVERIFY(first);
    QCOMPARE(told(compareManifests(m_manifest, *first)), QString());
    QVERIFY(isProven(compareManifests(m_manifest, *first)));
    // And a copy of the copy.
    QVERIFY(copyByDump(QStringLiteral("pristine"), QStringLiteral("again")));
    QCOMPARE(told(compareManifests(m_manifest, *read(QStringLiteral("again")))), QString());
}

void TestManifest::tamperings_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("what");
    for (const Tampering &one : Testing::tamperings()) {
        QTest::newRow(one.name) << QString::fromUtf8(one.sql) << QString::fromUtf8(one.what);
    }
}

void TestManifest::tamperings()
{
    QFETCH(QString, sql);
    QFETCH(QString, what);
    psql(QStringLiteral("DROP DATABASE IF EXISTS tampered"), QStringLiteral("postgres"));
    psql(QStringLiteral("CREATE DATABASE tampered TEMPLATE pristine"), QStringLiteral("postgres"));
    psql(QStringLiteral("SET client_min_messages = error; SET allow_system_table_mods = on; ") + sql,
         QStringLiteral("tampered"));
    const auto manifest = read(QStringLiteral("tampered"));
    QVERIFY2(manifest, qPrintable(manifest ? QString() : manifest.error().message + manifest.error().detail));
    const QList<ManifestDifference> differences = compareManifests(m_manifest, *manifest);
    QVERIFY2(!isProven(differences), qPrintable(told(differences)));
    const bool isNamed = std::any_of(differences.begin(), differences.end(),
                                     [&what](const ManifestDifference &one) { return one.what == what; });
    QVERIFY2(isNamed, qPrintable(told(differences)));
    QVERIFY2(differences.size() <= 4, qPrintable(told(differences)));
}

void TestManifest::seesOneInstant()
{
    auto connection = DatabaseConnection::open(m_cluster.superuser(QStringLiteral("shop")));
    QVERIFY(connection);
    const auto snapshot = beginSnapshot(**connection);
    QVERIFY(snapshot && !snapshot->isEmpty());
    psql(QStringLiteral("INSERT INTO twins VALUES ('later'); CREATE TABLE later (id int)"));
    qint64 last = 0;
    ManifestOptions options;
    options.onProgress = [&last](qint64 done, qint64 all) {
        QVERIFY(done >= last && done <= all);
        last = done;
    };
    const auto manifest = readManifest(**connection, options);
    QVERIFY(manifest);
    QCOMPARE(told(compareManifests(m_manifest, *manifest)), QString());
    QVERIFY(last > 0);
    psql(QStringLiteral("DELETE FROM twins WHERE v = 'later'; DROP TABLE later"));
}

void TestManifest::jsonKeepsItAll()
{
    Manifest manifest = m_manifest;
    manifest.dumpFile = QStringLiteral("b.dump");
    manifest.dumpBytes = 123456789012345;
    manifest.dumpSha256 = "abc";
    manifest.toolVersion = QStringLiteral("15.20");
    manifest.sequences.insert(QStringLiteral("big"), {9223372036854775807, false});
    const QByteArray json = manifest.toJson();
    const auto again = Manifest::fromJson(json);
    QVERIFY(again);
    QCOMPARE(again->toJson(), json);
    QCOMPARE(told(compareManifests(manifest, *again)), QString());
    QCOMPARE(again->sequences.value(QStringLiteral("big")).lastValue, 9223372036854775807);
    QCOMPARE(again->takenAt, manifest.takenAt);
    QVERIFY(!json.contains(m_cluster.spec(QStringLiteral("shop")).password.reveal().toUtf8()));
}

void TestManifest::damagedJson_data()
{
    QTest::addColumn<QByteArray>("from");
    QTest::addColumn<QByteArray>("to");
    QTest::newRow("a count") << QByteArray("\"rows\": 3") << QByteArray("\"rows\": 4");
    QTest::newRow("a name") << QByteArray("public.birds") << QByteArray("public.birdz");
    QTest::newRow("cut") << QByteArray("\"tables\"") << QByteArray();
    QTest::newRow("no manifest") << QByteArray("roost_manifest") << QByteArray("somebody_else");
    QTest::newRow("later format") << QByteArray("\"roost_manifest\": 1") << QByteArray("\"roost_manifest\": 2");
}

void TestManifest::damagedJson()
{
    QFETCH(QByteArray, from);
    QFETCH(QByteArray, to);
    QByteArray json = m_manifest.toJson();
    QVERIFY(json.contains(from));
    if (to.isEmpty()) {
        json.truncate(json.indexOf(from));
    } else {
        json.replace(json.indexOf(from), from.size(), to);
    }
    const auto manifest = Manifest::fromJson(json);
    QVERIFY(!manifest);
    QCOMPARE(manifest.error().code, ErrorCode::InvalidInput);
    QVERIFY(!manifest.error().message.isEmpty());
}

/// A dump of a database in Latin-1, restored into UTF-8.
void TestManifest::otherEncoding()
{
    psql(QStringLiteral("CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C'"),
         QStringLiteral("postgres"));
    psql(QStringLiteral("CREATE TABLE t (v text); INSERT INTO t VALUES ('K\u00e4fer'), ('x'), (NULL)"),
         QStringLiteral("latin"));
    QVERIFY(copyByDump(QStringLiteral("latin"), QStringLiteral("unicode")));
    const auto before = read(QStringLiteral("latin"));
    QVERIFY(before);
    QCOMPARE(before->rowHash, Manifest::RowHash::HexUtf8);
    const auto after = read(QStringLiteral("unicode"), before->rowHash);
    QVERIFY(after);
    QVERIFY2(isProven(compareManifests(*before, *after)), qPrintable(told(compareManifests(*before, *after))));
    psql(QStringLiteral("UPDATE t SET v = 'Kafer' WHERE v LIKE 'K%'"), QStringLiteral("unicode"));
    QVERIFY(!isProven(compareManifests(*before, *read(QStringLiteral("unicode"), before->rowHash))));
}

void TestManifest::hiddenRowsAreRefused()
{
    psql(QStringLiteral("ALTER TABLE guarded FORCE ROW LEVEL SECURITY"), QStringLiteral("again"));
    auto connection = DatabaseConnection::open(m_cluster.spec(QStringLiteral("again")));
    QVERIFY(connection);
    const auto manifest = readManifest(**connection);
    QVERIFY(!manifest);
    QVERIFY2(manifest.error().detail.contains(QStringLiteral("row-level security")) ||
                 manifest.error().message.contains(QStringLiteral("row-level security")),
             qPrintable(manifest.error().message));
}

QTEST_GUILESS_MAIN(TestManifest)
#include "tst_manifest.moc"
