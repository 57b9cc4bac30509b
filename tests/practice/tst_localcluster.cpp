#include "support/temporarycluster.h"

#include "practice/localcluster.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

class TestLocalCluster : public QObject
{
    Q_OBJECT

private slots:
    void startsQuickly();
};

void TestLocalCluster::startsQuickly()
{
    QElapsedTimer timer;
    timer.start();
    TemporaryCluster cluster;
    QVERIFY2(cluster.start(), qPrintable(cluster.problem()));
    qInfo("start %lld ms", timer.restart());
    const auto spec = cluster.spec("shop");
    qInfo("database %lld ms", timer.restart());
    QCOMPARE(cluster.psql("SELECT 1"), "1");
    qInfo("psql %lld ms", timer.restart());
    QVERIFY(cluster.start());
    qInfo("again %lld ms", timer.restart());
    cluster.stop();
    qInfo("stop %lld ms", timer.restart());
}

QTEST_GUILESS_MAIN(TestLocalCluster)
#include "tst_localcluster.moc"
