// What was done by hand to a restored copy is found by holding it against the backup, and named.

#include "operations/backup.h"
#include "operations/restore.h"
#include "operations/verify.h"
#include "support/tamperings.h"
#include "support/temporarycluster.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

using namespace Roost;
using namespace Roost::Testing;

class TestTampering : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void untouched();
    void touched_data();
    void touched();

private:
    static QString told(const QList<ManifestDifference> &differences)
    {
        QStringList lines;
        for (const ManifestDifference &one : differences) {
            lines += one.what + u' ' + one.text;
        }
        return lines.join(u'\n');
    }
    Result<DatabaseComparison> compared(const QString &database)
    {
        JobContext context;
        return compareDatabases({m_file, {}}, {{}, m_cluster.superuser(database)}, context);
    }

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    QString m_file;
};

void TestTampering::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    const ConnectionSpec shop = m_cluster.spec(QStringLiteral("shop"));
    m_cluster.psql(tamperedSchema(), QStringLiteral("shop"));
    m_file = m_folder.filePath(QStringLiteral("shop.dump"));
    JobContext context;
    const auto backup = backUp({shop, m_file}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message));
    RestoreRequest request;
    request.file = m_file;
    request.target = shop.withDatabase(QStringLiteral("pristine"));
    request.mode = RestoreMode::IntoNew;
    const auto report = restore(request, context);
    QVERIFY2(report, qPrintable(report ? QString() : report.error().message));
    QVERIFY2(report->isProven, qPrintable(report->warnings.join(u'\n')));
    QVERIFY(tamperings().size() >= 60);
}

void TestTampering::untouched()
{
    const auto comparison = compared(QStringLiteral("pristine"));
    QVERIFY2(comparison, qPrintable(comparison ? QString() : comparison.error().message));
    QCOMPARE(told(comparison->differences), QString());
}

void TestTampering::touched_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("what");
    for (const Tampering &one : tamperings()) {
        QTest::newRow(one.name) << QString::fromUtf8(one.sql) << QString::fromUtf8(one.what);
    }
}

void TestTampering::touched()
{
    QFETCH(QString, sql);
    QFETCH(QString, what);
    const QString victim = QStringLiteral("victim");
    m_cluster.psql(QStringLiteral("CREATE DATABASE victim TEMPLATE pristine"));
    m_cluster.psql(QStringLiteral("SET client_min_messages = error; SET allow_system_table_mods = on; ") + sql, victim);
    const auto comparison = compared(victim);
    m_cluster.psql(QStringLiteral("DROP DATABASE victim"));
    QVERIFY2(comparison, qPrintable(comparison ? QString() : comparison.error().message));
    QVERIFY(!isProven(comparison->differences));
    const bool isNamed = std::any_of(comparison->differences.begin(), comparison->differences.end(),
                                     [&what](const ManifestDifference &one) { return one.what == what; });
    QVERIFY2(isNamed, qPrintable(told(comparison->differences)));
}

QTEST_GUILESS_MAIN(TestTampering)
#include "tst_tampering.moc"
