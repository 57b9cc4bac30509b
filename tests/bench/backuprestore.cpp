// bench-backuprestore [MB [LINK_MB [RUNS]]]: backup and restore as Roost does them, with proof, against pg_dump and
// pg_restore as a lesson gives them, in turn: on loopback with a database of MB (1000), and over a link of 50 Mbit/s
// and a round trip of 70 ms with one of LINK_MB (200). Prints medians and ratios, the processor time of everything that
// worked (this program, its children, the server), and how far the shown percentage was from the truth.

#include "operations/backup.h"
#include "operations/restore.h"
#include "postgres/databaseconnection.h"
#include "process/pgtoolchain.h"
#include "support/mixeddatabase.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <sys/resource.h>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr qint64 linkBytesPerSecond = 50'000'000 / 8;
constexpr int oneWayMs = 35;

struct Cost
{
    double seconds = 0;
    double processor = 0;
};

struct Setting
{
    QString name;
    ConnectionSpec server; ///< of any database; direct or by the proxy
    QString database;
    int runs = 0;
};

double processorOf(int who)
{
    rusage usage = {};
    ::getrusage(who, &usage);
    const auto seconds = [](const timeval &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// Of a server and its sessions that have ended, in seconds.
double processorOfServer(qint64 pid)
{
    QFile file(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray all = file.readAll();
    const auto fields = all.mid(all.lastIndexOf(')') + 2).split(' ');
    qint64 ticks = 0;
    for (const int field : {11, 12, 13, 14}) {
        ticks += fields.value(field).toLongLong();
    }
    return double(ticks) / double(::sysconf(_SC_CLK_TCK));
}

Cost median(QList<Cost> costs)
{
    std::sort(costs.begin(), costs.end(), [](const Cost &a, const Cost &b) { return a.seconds < b.seconds; });
    return costs.at(costs.size() / 2);
}

/// What a job showed while it ran: when, and how much of the whole.
class Shown
{
public:
    JobContext context()
    {
        m_clock.start();
        return JobContext({}, [this](const Progress &progress) {
            const std::scoped_lock lock(m_mutex);
            const double fraction = progress.fraction();
            m_hasGoneBack = m_hasGoneBack || fraction < m_last;
            m_last = fraction;
            m_seen += std::pair(m_clock.elapsed(), fraction);
            if (progress.step != m_step && !progress.step.contains(u"small_")) {
                m_step = progress.step;
                m_steps += QStringLiteral("    %1 s, %2 %: %3\n")
                               .arg(double(m_clock.elapsed()) / 1000, 5, 'f', 1)
                               .arg(fraction * 100, 4, 'f', 1)
                               .arg(m_step);
            }
        });
    }
    /// The farthest that a tenth was from the share of the time that had gone by, in points.
    double farthest() const
    {
        const double whole = double(m_seen.last().first);
        double worst = 0;
        int tenth = 1;
        for (const auto &[at, fraction] : m_seen) {
            for (; tenth < 10 && fraction * 10 >= tenth; ++tenth) {
                worst = std::max(worst, std::abs(fraction - double(at) / whole) * 100);
            }
        }
        return worst;
    }
    bool hasGoneBack() const { return m_hasGoneBack; }
    const QString &steps() const { return m_steps; }

private:
    std::mutex m_mutex;
    QElapsedTimer m_clock;
    QList<std::pair<qint64, double>> m_seen;
    QString m_step;
    QString m_steps;
    double m_last = 0;
    bool m_hasGoneBack = false;
};

class Bench
{
public:
    Bench(TemporaryCluster &cluster, const PgToolchain &toolchain)
        : m_cluster(cluster)
        , m_toolchain(toolchain)
        , m_serverPid(
              cluster.psql(QStringLiteral("SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)")).toLongLong())
    {
    }

    bool run(const Setting &setting);

private:
    Cost measure(const std::function<bool()> &work);
    bool tool(const Setting &setting, const QString &name, const QStringList &arguments);
    void drop(const QString &database) { m_cluster.psql(QStringLiteral("DROP DATABASE IF EXISTS %1").arg(database)); }
    void print(const Setting &setting, const char *what, const Cost &ours, const Cost &theirs, double bar);

    TemporaryCluster &m_cluster;
    const PgToolchain &m_toolchain;
    const qint64 m_serverPid;
    bool m_isFine = true;
};

Cost Bench::measure(const std::function<bool()> &work)
{
    m_cluster.psql(QStringLiteral("CHECKPOINT"));
    const auto processor = [this] {
        return processorOf(RUSAGE_SELF) + processorOf(RUSAGE_CHILDREN) + processorOfServer(m_serverPid);
    };
    const double before = processor();
    QElapsedTimer timer;
    timer.start();
    m_isFine = work() && m_isFine;
    const double seconds = double(timer.nsecsElapsed()) / 1e9;
    m_cluster.psql(QStringLiteral("SELECT 1")); // by then the server has taken note of the sessions that ended
    return {seconds, processor() - before};
}

bool Bench::tool(const Setting &setting, const QString &name, const QStringList &arguments)
{
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGPASSWORD"), setting.server.password.reveal());
    process.setProcessEnvironment(environment);
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(m_toolchain.tool(name), QStringList{QStringLiteral("--host=") + setting.server.parameters.host,
                                                      QStringLiteral("--port=%1").arg(setting.server.parameters.port),
                                                      QStringLiteral("--username=") + setting.server.parameters.user} +
                                              arguments);
    return process.waitForFinished(-1) && process.exitCode() == 0;
}

void Bench::print(const Setting &setting, const char *what, const Cost &ours, const Cost &theirs, double bar)
{
    const double ratio = ours.seconds / theirs.seconds;
    std::printf("%s, %s: %.2f s against %.2f s, ratio %.2f (bar %.2f: %s); processor %.1f s against %.1f s\n", what,
                qPrintable(setting.name), ours.seconds, theirs.seconds, ratio, bar, ratio <= bar ? "met" : "MISSED",
                ours.processor, theirs.processor);
    std::fflush(stdout);
}

bool Bench::run(const Setting &setting)
{
    const QTemporaryDir folder;
    const QString oursFile = folder.filePath(QStringLiteral("ours.dump"));
    const QString theirsFile = folder.filePath(QStringLiteral("theirs.dump"));
    QList<Cost> dumps;
    QList<Cost> backups;
    QList<Cost> toolRestores;
    QList<Cost> restores;
    Shown backupShown;
    Shown restoreShown;
    const auto report = [](const Error &error) {
        std::fprintf(stderr, "%s\n%s\n", qPrintable(error.message), qPrintable(error.detail));
        return false;
    };
    for (int run = 0; run < setting.runs && m_isFine; ++run) {
        QFile::remove(theirsFile);
        QFile::remove(oursFile);
        QFile::remove(manifestFileOf(oursFile));
        dumps += measure([&] {
            return tool(setting, QStringLiteral("pg_dump"),
                        {QStringLiteral("--format=custom"), QStringLiteral("--no-acl"), QStringLiteral("--no-owner"),
                         QStringLiteral("--file=") + theirsFile, setting.database});
        });
        JobContext backupContext = run == 0 ? backupShown.context() : JobContext();
        backups += measure([&] {
            const auto backup = backUp({setting.server.withDatabase(setting.database), oursFile}, backupContext);
            return backup || report(backup.error());
        });
        drop(QStringLiteral("copy"));
        m_cluster.createDatabase(QStringLiteral("copy"));
        toolRestores += measure([&] {
            return tool(setting, QStringLiteral("pg_restore"),
                        {QStringLiteral("--clean"), QStringLiteral("--if-exists"), QStringLiteral("--no-acl"),
                         QStringLiteral("--no-owner"), QStringLiteral("--dbname=copy"), oursFile});
        });
        drop(QStringLiteral("copy"));
        RestoreRequest request;
        request.file = oursFile;
        request.target = setting.server.withDatabase(QStringLiteral("copy"));
        request.mode = RestoreMode::IntoNew;
        JobContext restoreContext = run == 0 ? restoreShown.context() : JobContext();
        restores += measure([&] {
            const auto restored = restore(request, restoreContext);
            return restored ? restored->isProven : report(restored.error());
        });
        drop(QStringLiteral("copy"));
    }
    if (!m_isFine) {
        return false;
    }
    const bool isLink = setting.name.contains(QStringLiteral("Mbit"));
    print(setting, "backup with proof, against pg_dump", median(backups), median(dumps), isLink ? 1.05 : 0.7);
    print(setting, "restore with check, against pg_restore", median(restores), median(toolRestores), 1.1);
    const double ours = median(backups).seconds + median(restores).seconds;
    const double theirs = median(dumps).seconds + median(toolRestores).seconds;
    std::printf("both, %s: the lesson's commands take %.2f times as long\n", qPrintable(setting.name), theirs / ours);
    for (const auto &[what, shown] : {std::pair("backup", &backupShown), std::pair("restore", &restoreShown)}) {
        std::printf("  shown of the %s: %.1f points from the share of time at the worst tenth, %s\n%s", what,
                    shown->farthest(), shown->hasGoneBack() ? "WENT BACK" : "never back", qPrintable(shown->steps()));
    }
    std::fflush(stdout);
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const auto argument = [&](int at, int usual) { return argc > at ? QByteArray(argv[at]).toInt() : usual; };
    const int size = argument(1, 1000);
    const int linkSize = argument(2, 200);
    const int runs = argument(3, 3);
    // As a server on the net keeps its data; what tests set would spare it the most of the writing.
    TemporaryCluster cluster({{QStringLiteral("wal_level"), QStringLiteral("replica")},
                              {QStringLiteral("fsync"), QStringLiteral("on")},
                              {QStringLiteral("synchronous_commit"), QStringLiteral("on")},
                              {QStringLiteral("full_page_writes"), QStringLiteral("on")},
                              {QStringLiteral("max_wal_size"), QStringLiteral("4GB")}});
    const auto toolchain = serverToolchain({});
    if (!cluster.start() || !toolchain) {
        std::fprintf(stderr, "%s\n", qPrintable(cluster.problem()));
        return 1;
    }
    Bench bench(cluster, *toolchain);
    bool isFine = true;
    if (size > 0) {
        const ConnectionSpec spec = cluster.spec(QStringLiteral("loopback"));
        fillMixedDatabase(cluster, QStringLiteral("loopback"), size);
        isFine = bench.run({QStringLiteral("%1 MB on loopback").arg(size), spec, QStringLiteral("loopback"), runs});
        cluster.psql(QStringLiteral("DROP DATABASE loopback"));
    }
    if (linkSize > 0 && isFine) {
        ConnectionSpec spec = cluster.spec(QStringLiteral("link"));
        fillMixedDatabase(cluster, QStringLiteral("link"), linkSize);
        TcpProxy proxy(cluster.port());
        proxy.setDelayMs(oneWayMs);
        proxy.setBytesPerSecond(linkBytesPerSecond);
        spec.parameters.port = proxy.port();
        isFine = bench.run(
            {QStringLiteral("%1 MB over 50 Mbit/s and 70 ms").arg(linkSize), spec, QStringLiteral("link"), 1});
    }
    return isFine ? 0 : 1;
}
