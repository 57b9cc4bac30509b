#include "core/jobcontext.h"
#include "process/pgtoolchain.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QtTest>

using namespace Roost;

class TestPgToolchain : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void findsTheVersionedTools();
    void picksTheClosestThatIsNewEnough();
    void tooOldNamesThePackage();
    void refusesWhatIsNoTool_data();
    void refusesWhatIsNoTool();
    void noticesAReplacedTool();
    void floorsForForeignArchives_data();
    void floorsForForeignArchives();
    void serverTools();

private:
    QString fakeInstallation(const QByteArray &versionLine, const QByteArray &restoreLine = {});
    void writeTool(const QString &path, const QByteArray &output);

    std::unique_ptr<QTemporaryDir> m_folder;
    QByteArray m_path;
};

void TestPgToolchain::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = qgetenv("PATH");
}

void TestPgToolchain::cleanup()
{
    qputenv("PATH", m_path);
}

void TestPgToolchain::writeTool(const QString &path, const QByteArray &output)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write("#!/bin/sh\ncat <<'END'\n" + output + "\nEND\n");
    file.close();
    file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

/// A folder with tools that say they are of some version, put first in PATH.
QString TestPgToolchain::fakeInstallation(const QByteArray &versionLine, const QByteArray &restoreLine)
{
    static int count = 0;
    const QString folder = m_folder->filePath(QStringLiteral("fake%1").arg(++count));
    QDir().mkpath(folder);
    writeTool(folder + QStringLiteral("/pg_dump"), versionLine);
    QByteArray other = restoreLine.isEmpty() ? QByteArray(versionLine).replace("pg_dump", "pg_restore") : restoreLine;
    writeTool(folder + QStringLiteral("/pg_restore"), other);
    qputenv("PATH", folder.toUtf8() + ':' + qgetenv("PATH"));
    return QFileInfo(folder).canonicalFilePath();
}

void TestPgToolchain::findsTheVersionedTools()
{
    const auto toolchains = findToolchains(JobContext());
    QVERIFY(!toolchains.isEmpty());
    for (const PgToolchain &toolchain : toolchains) {
        QVERIFY(toolchain.folder != QStringLiteral("/usr/bin")); // Debian's wrapper
        QVERIFY(QFileInfo(toolchain.tool(QStringLiteral("pg_restore"))).isExecutable());
        QVERIFY(toolchain.version.majorVersion() >= 9);
    }
    for (int i = 1; i < toolchains.size(); ++i) {
        QVERIFY(toolchains.at(i - 1).version >= toolchains.at(i).version);
    }
}

void TestPgToolchain::picksTheClosestThatIsNewEnough()
{
    const QString newer = fakeInstallation("pg_dump (PostgreSQL) 91.2");
    const QString middle = fakeInstallation("pg_dump (PostgreSQL) 90.7 (Debian 90.7-1.pgdg120+1)");
    const QString older = fakeInstallation("pg_dump (PostgreSQL) 90.1");
    QCOMPARE(toolchainFor(900003, JobContext())->folder, middle);
    QCOMPARE(toolchainFor(890003, JobContext())->folder, middle);
    QCOMPARE(toolchainFor(910000, JobContext())->folder, newer);
    QVERIFY(toolchainFor(900003, JobContext())->folder != older);
}

void TestPgToolchain::tooOldNamesThePackage()
{
    const auto refused = toolchainFor(920001, JobContext());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::ToolTooOld);
    QVERIFY(refused.error().message.contains(u"postgresql-client-92"));
    QVERIFY(refused.error().message.contains(u"PGDG"));
}

void TestPgToolchain::refusesWhatIsNoTool_data()
{
    QTest::addColumn<QByteArray>("dump");
    QTest::addColumn<QByteArray>("restore");
    QTest::newRow("nonsense") << QByteArray("hello") << QByteArray();
    QTest::newRow("beta") << QByteArray("pg_dump (PostgreSQL) 99beta1") << QByteArray();
    QTest::newRow("other tool") << QByteArray("pg_restore (PostgreSQL) 99.1") << QByteArray();
    QTest::newRow("more lines") << QByteArray("pg_dump (PostgreSQL) 99.1\nmore") << QByteArray();
    QTest::newRow("mixed") << QByteArray("pg_dump (PostgreSQL) 99.1") << QByteArray("pg_restore (PostgreSQL) 99.0");
}

void TestPgToolchain::refusesWhatIsNoTool()
{
    QFETCH(QByteArray, dump);
    QFETCH(QByteArray, restore);
    const QString folder = fakeInstallation(dump, restore);
    const auto toolchains = findToolchains(JobContext());
    for (const PgToolchain &toolchain : toolchains) {
        QVERIFY(toolchain.folder != folder);
    }
}

void TestPgToolchain::noticesAReplacedTool()
{
    const QString folder = fakeInstallation("pg_dump (PostgreSQL) 95.1");
    QCOMPARE(findToolchains(JobContext()).first().version, QVersionNumber(95, 1));
    writeTool(folder + QStringLiteral("/pg_dump"), "pg_dump (PostgreSQL) 95.10");
    writeTool(folder + QStringLiteral("/pg_restore"), "pg_restore (PostgreSQL) 95.10");
    QCOMPARE(findToolchains(JobContext()).first().version, QVersionNumber(95, 10));
}

void TestPgToolchain::floorsForForeignArchives_data()
{
    QTest::addColumn<int>("major");
    QTest::addColumn<int>("floor");
    QTest::newRow("14") << 14 << 25;
    QTest::newRow("15") << 15 << 20;
    QTest::newRow("16") << 16 << 16;
    QTest::newRow("17") << 17 << 12;
    QTest::newRow("18") << 18 << 7;
}

void TestPgToolchain::floorsForForeignArchives()
{
    QFETCH(int, major);
    QFETCH(int, floor);
    QVERIFY(!isSafeForForeignArchives(QVersionNumber(major, floor - 1)));
    QVERIFY(isSafeForForeignArchives(QVersionNumber(major, floor)));
    QVERIFY(isSafeForForeignArchives(QVersionNumber(major, floor + 1)));
    QVERIFY(!isSafeForForeignArchives(QVersionNumber(13, 99)));
    QVERIFY(isSafeForForeignArchives(QVersionNumber(19, 0)));
}

void TestPgToolchain::serverTools()
{
    const auto server = serverToolchain(JobContext());
    QVERIFY2(server, server ? "" : qPrintable(server.error().message));
    QVERIFY(QFileInfo(server->tool(QStringLiteral("initdb"))).isExecutable());
}

QTEST_GUILESS_MAIN(TestPgToolchain)
#include "tst_pgtoolchain.moc"
