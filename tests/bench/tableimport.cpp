// bench-tableimport [ROWS]: importing a CSV file of 8 columns against psql's \copy from, in turn, on a server of its
// own. Prints the medians, their ratio, and the peak of this process's memory over what it had before.

#include "operations/tableimport.h"
#include "postgres/databaseconnection.h"
#include "support/temporarycluster.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <sys/resource.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int runs = 5;

qint64 memory(const char *field)
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) {
        return 0;
    }
    const QByteArray text = status.readAll();
    return text.mid(text.indexOf(field)).simplified().split(' ').value(1).toLongLong() * 1024;
}

/// Seconds of processor time that this process has used.
double processorTime()
{
    rusage usage = {};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto seconds = [](const timeval &time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values.at(values.size() / 2);
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QString rows = QString::fromLocal8Bit(argc > 1 ? argv[1] : "1000000");
    const QString name = QStringLiteral("bench");
    TemporaryCluster cluster;
    const QTemporaryDir folder;
    const QString file = folder.filePath(QStringLiteral("rows.csv"));
    if (!cluster.start() || !cluster.createDatabase(name)) {
        std::fprintf(stderr, "%s\n", qPrintable(cluster.problem()));
        return 1;
    }
    cluster.psql(
        QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id bigint PRIMARY KEY, u uuid, name text, "
                       "weight numeric, seen timestamptz, ringed boolean, facts jsonb, note text);"
                       "INSERT INTO birds SELECT n, md5(n::text)::uuid, 'bird ' || n, n * 1.10, timestamptz "
                       "'2026-01-01' + n * interval '1 min', n % 2 = 0, jsonb_build_object('n', n, 'in', 'nest'), "
                       "CASE n % 3 WHEN 0 THEN NULL ELSE 'seen, and \"ringed\"' END FROM generate_series(1, ") +
            rows + QStringLiteral(") n;\n\\copy birds to '") + file + QStringLiteral("' csv header"),
        name);
    QList<double> ours;
    QList<double> theirs;
    double worked = 0;
    qint64 over = 0;
    QElapsedTimer timer;
    for (int run = 0; run < runs; ++run) {
        cluster.psql(QStringLiteral("TRUNCATE birds; CHECKPOINT"), name);
        timer.start();
        cluster.psql(QStringLiteral("\\copy birds from '%1' csv header").arg(file), name);
        theirs += double(timer.nsecsElapsed()) / 1e9;
        cluster.psql(QStringLiteral("TRUNCATE birds; CHECKPOINT"), name);

        const double before = processorTime();
        const qint64 idle = memory("VmRSS");
        timer.start();
        const auto preview = inspectImport(file);
        const auto connection = DatabaseConnection::open(cluster.superuser(name)); // as psql does
        if (!preview || !connection) {
            return 1;
        }
        JobContext context;
        const auto report = importTable(
            **connection,
            {file, preview->dialect, {QStringLiteral("public"), QStringLiteral("birds")}, preview->header}, context);
        ours += double(timer.nsecsElapsed()) / 1e9;
        if (!report || QString::number(report->inserted) != rows) {
            std::fprintf(stderr, "%s\n", report ? "rows are missing" : qPrintable(report.error().message));
            return 1;
        }
        worked += processorTime() - before;
        over = std::max(over, memory("VmHWM") - idle);
    }
    std::printf("import of %s rows (%lld MB), against \\copy from: %.2f s against %.2f s, ratio %.2f\n"
                "  peak memory %.1f MB over idle, %.2f s of processor time\n",
                qPrintable(rows), QFileInfo(file).size() >> 20, median(ours), median(theirs),
                median(ours) / median(theirs), double(over) / (1 << 20), worked / runs);
    for (int run = 0; run < runs; ++run) {
        std::printf("  run %d: %.2f s, %.2f s\n", run + 1, ours.at(run), theirs.at(run));
    }
    return 0;
}
