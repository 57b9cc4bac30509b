#include "operations/archivefile.h"
#include "operations/archivemap.h"
#include "operations/archivereading.h"
#include "operations/copytextcounter.h"
#include "operations/sha256.h"
#include "process/pgtoolchain.h"
#include "support/temporarycluster.h"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const schema = R"(
SET ROLE my_database_user;
CREATE TABLE birds (id integer PRIMARY KEY, name text, note text);
INSERT INTO birds SELECT n, 'Bird ' || n, CASE n % 4 WHEN 0 THEN NULL WHEN 1 THEN E'two\nlines' WHEN 2 THEN E'\\.' ELSE md5(n::text) END
    FROM generate_series(1, 20000) n;
CREATE TABLE nothing (id integer);
CREATE TABLE without_columns ();
INSERT INTO without_columns SELECT FROM generate_series(1, 5);
CREATE SCHEMA "we ird";
CREATE TABLE "we ird"."a""b
c FROM stdin;" ("x y" text);
INSERT INTO "we ird"."a""b
c FROM stdin;" VALUES (''), (NULL), (E'\\.'), (E'\n\n');
CREATE TABLE parts (id integer, part integer) PARTITION BY LIST (part);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1);
CREATE TABLE parts_2 PARTITION OF parts FOR VALUES IN (2);
INSERT INTO parts SELECT n, 1 + n % 2 FROM generate_series(1, 999) n;
SELECT lo_from_bytea(0, decode(repeat(md5('a'), 3000), 'hex')), lo_from_bytea(0, ''), lo_from_bytea(0, 'text');
)";

using Counts = QMap<QString, std::pair<qint64, qint64>>;

Counts countsOf(const QList<ArchivedTable> &tables)
{
    Counts counts;
    for (const ArchivedTable &table : tables) {
        auto &count = counts[table.schema + u'.' + table.name];
        count.first += table.rows;
        count.second += table.bytes;
    }
    return counts;
}

std::optional<QList<ArchivedTable>> readBlocks(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? readArchiveBlocks(file.handle(), file.size(), JobContext(), {})
                                          : std::nullopt;
}

} // namespace

/// Our own reading of an archive says what pg_restore says, and nothing at all where the file is not whole.
class TestArchiveBlocks : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void sameAsTheTool_data();
    void sameAsTheTool();
    void otherFormsAreLeftToTheTool_data();
    void otherFormsAreLeftToTheTool();
    void flippedBytesOfTheDataAreFound();
    void noFlippedByteOfTheHeadMisleads();
    void cutAnywhere();
    void cancelled();
    void checksum();

private:
    /// Through a pipe pg_dump cannot go back to say where the tables lie.
    QString dump(const QStringList &options, bool throughPipe = false);
    QString path(const QString &name) const { return m_folder.filePath(name); }

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    PgToolchain m_toolchain;
};

void TestArchiveBlocks::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("nest"));
    m_cluster.psql(QString::fromUtf8(schema), QStringLiteral("nest"));
    const auto toolchain = serverToolchain({});
    QVERIFY(toolchain);
    m_toolchain = *toolchain;
}

QString TestArchiveBlocks::dump(const QStringList &options, bool throughPipe)
{
    const ConnectionSpec spec = m_cluster.superuser(QStringLiteral("nest"));
    const QString file = path(QStringLiteral("nest.dump"));
    QFile::remove(file);
    QProcess tool;
    if (!throughPipe) {
        tool.setStandardOutputFile(file);
    }
    tool.start(m_toolchain.tool(QStringLiteral("pg_dump")),
               options + QStringList{QStringLiteral("--format=custom"),
                                     QStringLiteral("--host=") + spec.parameters.host,
                                     QStringLiteral("--port=%1").arg(spec.parameters.port),
                                     QStringLiteral("--username=") + spec.parameters.user, QStringLiteral("nest")});
    if (!tool.waitForFinished(-1) || tool.exitCode() != 0) {
        return {};
    }
    QFile written(file);
    const QByteArray bytes = tool.readAllStandardOutput();
    return !throughPipe || (written.open(QIODevice::WriteOnly) && written.write(bytes) == bytes.size()) ? file
                                                                                                        : QString();
}

void TestArchiveBlocks::sameAsTheTool_data()
{
    QTest::addColumn<QStringList>("options");
    for (const char *level : {"0", "1", "6", "9"}) {
        QTest::newRow(level) << QStringList{QStringLiteral("--compress=") + QLatin1String(level)};
    }
    QTest::newRow("partitions as their root") << QStringList{QStringLiteral("--load-via-partition-root")};
    QTest::newRow("one table") << QStringList{QStringLiteral("--table=birds")};
    QTest::newRow("only the structure") << QStringList{QStringLiteral("--schema-only")};
    QTest::newRow("only data") << QStringList{QStringLiteral("--data-only")};
}

void TestArchiveBlocks::sameAsTheTool()
{
    QFETCH(const QStringList, options);
    const QString file = dump(options);
    QVERIFY(!file.isEmpty());
    QProcess tool;
    tool.start(m_toolchain.tool(QStringLiteral("pg_restore")),
               {QStringLiteral("--data-only"), QStringLiteral("--file=-"), file});
    QVERIFY(tool.waitForFinished(-1));
    QCOMPARE(tool.exitCode(), 0);
    CopyTextCounter counter;
    counter.add(tool.readAllStandardOutput());
    const auto tables = readBlocks(file);
    QVERIFY(tables);
    QCOMPARE(countsOf(*tables), countsOf(counter.tables()));
    QCOMPARE(tables->size(), counter.tables().size());
}

void TestArchiveBlocks::otherFormsAreLeftToTheTool_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<bool>("throughPipe");
    QTest::addColumn<qsizetype>("tables");
    QTest::newRow("rows as statements") << QStringList{QStringLiteral("--inserts")} << false << qsizetype(0);
    QTest::newRow("through a pipe") << QStringList() << true << qsizetype(6);
}

void TestArchiveBlocks::otherFormsAreLeftToTheTool()
{
    QFETCH(const QStringList, options);
    QFETCH(const bool, throughPipe);
    const QString file = dump(options, throughPipe);
    QVERIFY(!readBlocks(file));
    const auto archive = ArchiveFile::open(file);
    QVERIFY(archive);
    const auto tables = archive->readWhole(m_toolchain, JobContext());
    QVERIFY(tables);
    QTEST(tables->size(), "tables");
}

/// All but the sign of a zero, and the number of a large object, which only the manifest knows.
void TestArchiveBlocks::flippedBytesOfTheDataAreFound()
{
    for (const char *level : {"1", "6"}) {
        QFile file(dump({QStringLiteral("--compress=") + QLatin1String(level)}));
        QVERIFY(file.open(QIODevice::ReadWrite));
        const auto map = ArchiveMap::read(file.handle(), file.size());
        QVERIFY(map && !map->blocks.isEmpty());
        const qint64 from = map->blocks.first().from;
        const qint64 step = std::max<qint64>((file.size() - from) / 400, 1);
        int unnoticed = 0;
        for (qint64 at = from; at < file.size(); at += step) {
            char byte = 0;
            QVERIFY(file.seek(at) && file.getChar(&byte));
            QVERIFY(file.seek(at) && file.putChar(char(byte ^ 0x10)) && file.flush());
            const auto tables = readArchiveBlocks(file.handle(), file.size(), JobContext(), {});
            unnoticed += tables ? 1 : 0;
            QVERIFY(file.seek(at) && file.putChar(byte) && file.flush());
        }
        QVERIFY(readArchiveBlocks(file.handle(), file.size(), JobContext(), {}));
        QVERIFY2(unnoticed <= 2, qPrintable(QString::number(unnoticed)));
    }
}

/// It may go unnoticed (a date), but never gives other rows, and nothing there makes it crash or go on for ever.
void TestArchiveBlocks::noFlippedByteOfTheHeadMisleads()
{
    QFile file(dump({QStringLiteral("--compress=1")}));
    QVERIFY(file.open(QIODevice::ReadWrite));
    const auto map = ArchiveMap::read(file.handle(), file.size());
    QVERIFY(map);
    const auto whole = readArchiveBlocks(file.handle(), file.size(), JobContext(), {});
    QVERIFY(whole);
    int unnoticed = 0;
    for (qint64 at = 0; at < map->blocks.first().from; at += 3) {
        for (const int mask : {0x01, 0x80}) {
            char byte = 0;
            QVERIFY(file.seek(at) && file.getChar(&byte));
            QVERIFY(file.seek(at) && file.putChar(char(byte ^ mask)) && file.flush());
            if (const auto tables = readArchiveBlocks(file.handle(), file.size(), JobContext(), {})) {
                ++unnoticed;
                qint64 rows = 0;
                for (const ArchivedTable &table : *tables) {
                    rows += table.rows;
                }
                qint64 expected = 0;
                for (const ArchivedTable &table : *whole) {
                    expected += table.rows;
                }
                QCOMPARE(rows, expected);
            }
            QVERIFY(file.seek(at) && file.putChar(byte) && file.flush());
        }
    }
    QVERIFY(unnoticed > 0);
}

void TestArchiveBlocks::cutAnywhere()
{
    QFile file(dump({QStringLiteral("--compress=1")}));
    QVERIFY(file.open(QIODevice::ReadWrite));
    for (qint64 size = file.size() - 1; size > 0; size = size * 9 / 10 - 1) {
        QVERIFY(file.resize(size));
        QVERIFY2(!readArchiveBlocks(file.handle(), size, JobContext(), {}), qPrintable(QString::number(size)));
    }
}

void TestArchiveBlocks::cancelled()
{
    const auto archive = ArchiveFile::open(dump({}));
    QVERIFY(archive);
    std::stop_source stop;
    stop.request_stop();
    const auto tables = archive->readWhole(m_toolchain, JobContext(stop.get_token()));
    QVERIFY(!tables && tables.error().isCancelled());
}

void TestArchiveBlocks::checksum()
{
    const QString path = dump({});
    const auto archive = ArchiveFile::open(path);
    QVERIFY(archive);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray expected = QCryptographicHash::hash(file.readAll(), QCryptographicHash::Sha256).toHex();
    QCOMPARE(archive->sha256(JobContext()).value_or(QByteArray()), expected);
    Sha256 none;
    QCOMPARE(none.result(), QByteArray("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
}

QTEST_GUILESS_MAIN(TestArchiveBlocks)
#include "tst_archiveblocks.moc"
