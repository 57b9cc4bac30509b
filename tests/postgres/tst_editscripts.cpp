// 500 users who edit at random while others edit the same rows and lines break: nothing is lost, nothing doubled.

#include "editscript.h"

#include <QElapsedTimer>

using namespace Roost;
using namespace Roost::Testing;

class TestEditScripts : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { m_server.stop(); }
    void endAsPredicted();

private:
    BirdsTable m_server;
    ChangeTarget m_target;
};

void TestEditScripts::initTestCase()
{
    QVERIFY2(m_server.start(), qPrintable(m_server.cluster.problem()));
    for (const QString &statement : EditScript::tableSql().split(QStringLiteral(";CREATE"))) {
        m_server.execute(statement.startsWith(u'C') ? statement : QStringLiteral("CREATE") + statement);
    }
    m_target = targetOf(*m_server.connection, QStringLiteral("edited"));
    QCOMPARE(m_target.columns.size(), 8);
}

void TestEditScripts::endAsPredicted()
{
    constexpr unsigned firstSeed = 20260701;
    constexpr unsigned scripts = 500;
    TcpProxy proxy(m_server.cluster.port());
    ScriptCounts counts;
    QElapsedTimer timer;
    timer.start();
    for (unsigned seed = firstSeed; seed < firstSeed + scripts; ++seed) {
        const QString problem = EditScript(m_server, m_target, proxy, seed, counts).run();
        QVERIFY2(problem.isEmpty(), qPrintable(QStringLiteral("seed %1: %2").arg(seed).arg(problem)));
    }
    qInfo("%u scripts from seed %u in %lld ms", scripts, firstSeed, static_cast<long long>(timer.elapsed()));
    for (auto count = counts.of.cbegin(); count != counts.of.cend(); ++count) {
        qInfo("%5d  %s", count.value(), qPrintable(count.key()));
    }
    for (const char *kind : {"applied", "changed by both: mine", "changed by both: theirs", "gone", "swallowed",
                             "refused", "lost before the COMMIT", "unknown, and committed", "unknown, and rolled back",
                             "undo", "redo", "waited for another transaction", "cut on the way there",
                             "cut in the COMMIT", "cut after the COMMIT", "cut on the way back"}) {
        QVERIFY2(counts.of.value(QString::fromLatin1(kind)) > 0, kind);
    }
}

QTEST_GUILESS_MAIN(TestEditScripts)
#include "tst_editscripts.moc"
