#include "operations/backup.h"
#include "operations/restore.h"
#include "postgres/databaseconnection.h"
#include "support/mixeddatabase.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QElapsedTimer>
#include <QFile>
#include <QTest>

#include <cmath>
#include <mutex>
#include <thread>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Look = std::pair<quint32, qint64>; ///< a table's number, and the bytes of it that went through COPY

/// What the server itself says of a COPY that goes on in a database, asked by a session that Roost knows nothing of.
class CopyWitness
{
public:
    CopyWitness(const ConnectionSpec &superuser, const QString &database)
        : m_thread([this, superuser, database](const std::stop_token &stop) {
            const auto connection = DatabaseConnection::open(superuser, stop);
            while (connection && !stop.stop_requested()) {
                auto rows = (*connection)
                                ->query(QStringLiteral("SELECT relid, bytes_processed FROM pg_stat_progress_copy "
                                                       "WHERE datname = $1"),
                                        {database}, stop);
                if (rows && rows->next()) {
                    const std::scoped_lock lock(m_mutex);
                    const Look look{rows->value(0).toUInt(), rows->value(1).toLongLong()};
                    if (look.first != m_now.first) {
                        m_before += m_now;
                    }
                    m_now = look;
                }
            }
        })
    {
    }
    /// The bytes of the tables that were being copied before as far as they were seen, and of the one now.
    qint64 bytes()
    {
        const std::scoped_lock lock(m_mutex);
        qint64 sum = m_now.second;
        for (const Look &look : m_before) {
            sum += look.second;
        }
        return sum;
    }

private:
    std::mutex m_mutex;
    QList<Look> m_before;
    Look m_now{0, 0};
    std::jthread m_thread; // last: it uses all of the above
};

/// What an operation showed, and what the witness knew at that moment.
struct Shown
{
    double fraction = 0;
    bool isCopying = false;
    qint64 serverBytes = 0;
    qint64 bytes = 0;
};

} // namespace

/// The percentage that is shown, held against what the server had really done.
class TestProgress : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void backupAndRestore();

private:
    JobContext watched(CopyWitness &witness);
    void judge(const char *what) const;

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    QList<Shown> m_shown;
};

void TestProgress::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
}

JobContext TestProgress::watched(CopyWitness &witness)
{
    m_shown.clear();
    return JobContext({}, [this, &witness](const Progress &progress) {
        m_shown += {progress.fraction(), progress.bytes >= 0, witness.bytes(), progress.bytes};
    });
}

void TestProgress::judge(const char *what) const
{
    double last = 0;
    for (const Shown &shown : m_shown) {
        QVERIFY2(shown.fraction >= last, what);
        last = shown.fraction;
    }
    QCOMPARE(last, 1.0);
    // The copying fills its part of the whole as the bytes go through the server.
    QList<Shown> copying;
    std::copy_if(m_shown.begin(), m_shown.end(), std::back_inserter(copying),
                 [](const Shown &shown) { return shown.isCopying; });
    QVERIFY(copying.size() > 10);
    const Shown &first = copying.first();
    const Shown &end = copying.last();
    QVERIFY2(end.fraction > 0.4, qPrintable(QString::number(end.fraction)));
    double worst = 0;
    int tenth = 1;
    QString report;
    for (const Shown &shown : copying) {
        const double truth = double(shown.serverBytes) / double(end.serverBytes);
        for (; tenth < 10 && truth * 10 >= tenth; ++tenth) {
            const double expected = first.fraction + truth * (end.fraction - first.fraction);
            worst = std::max(worst, std::abs(shown.fraction - expected) * 100);
            report += QStringLiteral(" %1/%2").arg(shown.fraction * 100, 0, 'f', 1).arg(expected * 100, 0, 'f', 1);
        }
    }
    QCOMPARE(tenth, 10);
    std::fprintf(stderr, "%s, shown and true at each tenth of the bytes, in %%:%s; farthest %.1f points\n", what,
                 qPrintable(report), worst);
    QVERIFY2(worst <= 5, what);
}

void TestProgress::backupAndRestore()
{
    const int wanted = qEnvironmentVariableIntValue("ROOST_TEST_MEGABYTES");
    const int megabytes = wanted > 0 ? wanted : 80;
    ConnectionSpec source = m_cluster.spec(QStringLiteral("nest"));
    fillMixedDatabase(m_cluster, QStringLiteral("nest"), megabytes);
    // So slow that the quarter of a second between two looks at the server is not much of the whole.
    constexpr int seconds = 20;
    TcpProxy link(m_cluster.port());
    link.setBytesPerSecond((qint64(megabytes) << 20) / seconds);
    source.parameters.port = link.port();
    const QString file = m_folder.filePath(QStringLiteral("nest.dump"));
    {
        CopyWitness witness(m_cluster.superuser(QStringLiteral("postgres")), QStringLiteral("nest"));
        JobContext context = watched(witness);
        const auto backup = backUp({source, file}, context);
        QVERIFY2(backup, backup ? "" : qPrintable(backup.error().message));
    }
    judge("backup");
    m_cluster.createDatabase(QStringLiteral("copy"));
    {
        CopyWitness witness(m_cluster.superuser(QStringLiteral("postgres")), QStringLiteral("copy"));
        JobContext context = watched(witness);
        RestoreRequest request;
        request.file = file;
        request.target = source.withDatabase(QStringLiteral("copy"));
        const auto restored = restore(request, context);
        QVERIFY2(restored, restored ? "" : qPrintable(restored.error().message));
        QVERIFY(restored->isProven);
    }
    judge("restore");
}

QTEST_GUILESS_MAIN(TestProgress)
#include "tst_progress.moc"
