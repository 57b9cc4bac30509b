// tablepages [ROWS]: pages of a large table (10,000,000 rows) and of one of 10,000, against psql's own time for the
// same LIMIT on an open connection. Medians of five runs, each the median of twenty pages; ratios beside the bars that
// were set for them, and the round trips of each. Makes its tables in a cluster of its own: about two minutes.
#include "bigtable.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "postgres/tablequery.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QFile>
#include <QHash>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using From = TableQuery::From;
constexpr int runs = 5;
constexpr int pagesARun = 20;

double median(QList<double> values)
{
    std::sort(values.begin(), values.end());
    return values.isEmpty() ? 0 : values.at(values.size() / 2);
}

[[noreturn]] void giveUp(const QString &why)
{
    std::fprintf(stderr, "tablepages: %s\n", qPrintable(why));
    std::exit(1);
}

/// Milliseconds by psql's \timing of each of these statements, run once before.
double psqlTime(const ConnectionSpec &spec, const QString &sql)
{
    QTemporaryDir folder;
    QFile script(folder.filePath(QStringLiteral("pages.sql")));
    if (!script.open(QIODevice::WriteOnly)) {
        giveUp(script.errorString());
    }
    script.write("\\o /dev/null\n" + sql.toUtf8() + ";\n\\timing on\n" + (sql.toUtf8() + ";\n").repeated(pagesARun));
    script.close();
    QProcess psql;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("PGPASSWORD"), spec.password.reveal());
    psql.setProcessEnvironment(environment);
    psql.start(QStringLiteral("psql"),
               {QStringLiteral("-XqAt"), QStringLiteral("-h"), spec.parameters.host, QStringLiteral("-p"),
                QString::number(spec.parameters.port), QStringLiteral("-U"), spec.parameters.user, QStringLiteral("-d"),
                spec.parameters.database, QStringLiteral("-f"), script.fileName()});
    psql.waitForFinished(-1);
    static const QRegularExpression time(QStringLiteral(R"(Time: ([\d.]+) ms)"));
    QList<double> times;
    for (auto it = time.globalMatch(QString::fromUtf8(psql.readAllStandardOutput())); it.hasNext();) {
        times += it.next().captured(1).toDouble();
    }
    if (times.size() != pagesARun) {
        giveUp(QString::fromUtf8(psql.readAllStandardError()));
    }
    return median(times);
}

TableQuery queryOf(DatabaseConnection &connection, const QString &name)
{
    const auto relations = CatalogReader::relations(connection);
    TableQuery query;
    for (const RelationInfo &relation : *relations) {
        if (relation.id.name == name) {
            query.table = relation.id;
            query.kind = relation.kind;
            query.columns = relation.columns;
            query.keyColumns = relation.keyColumns;
        }
    }
    query.serverVersion = connection.server().version;
    return query;
}

double pageTime(DatabaseConnection &connection, const TableQuery &query)
{
    QList<double> times;
    for (int i = 0; i <= pagesARun; ++i) {
        QElapsedTimer timer;
        timer.start();
        const auto page = fetchPage(connection, query);
        const double ms = double(timer.nsecsElapsed()) / 1e6;
        if (!page || page->rowCount() == 0) {
            giveUp(page ? QStringLiteral("an empty page") : page.error().message + page.error().detail);
        }
        if (i > 0) { // the first one may read from the disk
            times += ms;
        }
    }
    return median(times);
}

struct Page
{
    const char *name;
    TableQuery query;
    const char *against; ///< what the bar is a multiple of
    double bar;
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const qint64 rows = argc > 1 ? QByteArray(argv[1]).toLongLong() : 10'000'000;
    TemporaryCluster cluster({{QStringLiteral("max_wal_size"), QStringLiteral("4GB")}});
    if (!cluster.start()) {
        giveUp(cluster.problem());
    }
    const ConnectionSpec spec = cluster.spec(QStringLiteral("bench"));
    const QString role = QStringLiteral("SET ROLE \"%1\";\n").arg(spec.parameters.user);
    cluster.psql(role + bigTableSql(QStringLiteral("large"), rows) + bigTableSql(QStringLiteral("small"), 10'000),
                 QStringLiteral("bench"));

    auto opened = DatabaseConnection::open(spec);
    ConnectionSpec counted = spec;
    TcpProxy proxy(spec.parameters.port);
    counted.parameters.port = proxy.port();
    auto throughProxy = DatabaseConnection::open(counted);
    if (!opened || !throughProxy) {
        giveUp(QStringLiteral("no connection"));
    }
    DatabaseConnection &connection = **opened;

    TableQuery first = queryOf(connection, QStringLiteral("large"));
    const TableQuery small = queryOf(connection, QStringLiteral("small"));
    TableQuery last = first;
    last.from = From::Last;
    TableQuery middle = first;
    middle.from = From::At;
    QElapsedTimer timer;
    timer.start();
    const auto map = PositionMap::read(connection, first);
    const double mapMs = double(timer.nsecsElapsed()) / 1e6;
    if (!map || map->isEmpty()) {
        giveUp(QStringLiteral("no map of the places"));
    }
    middle.bound = map->boundAt(0.5);
    TableQuery deep = first;
    deep.from = From::After;
    deep.bound = {QString::number(rows / 3 * 2)};
    TableQuery before = deep;
    before.from = From::Before;
    const QList<Page> pages{{"first page of the large table", first, "psql", 1.2},
                            {"first page of 10,000 rows", small, nullptr, 0},
                            {"last page", last, "first page of the large table", 2},
                            {"jump to the middle", middle, "first page of the large table", 2},
                            {"one more page, deep inside", deep, "first page of the large table", 2},
                            {"one page up, deep inside", before, "first page of the large table", 2}};

    const QString theirs = QStringLiteral("SELECT * FROM large ORDER BY id LIMIT 200");
    QHash<QString, QList<double>> times;
    for (int run = 0; run < runs; ++run) {
        times[QStringLiteral("psql")] += psqlTime(spec, theirs);
        for (const Page &page : pages) {
            times[QLatin1String(page.name)] += pageTime(connection, page.query);
        }
    }
    QHash<QString, double> medians;
    for (auto it = times.cbegin(); it != times.cend(); ++it) {
        medians.insert(it.key(), median(it.value()));
    }
    std::printf("table of %lld rows, medians of %d runs\n", static_cast<long long>(rows), runs);
    std::printf("%-32s %7.3f ms\n", "psql, the same LIMIT", medians.value(QStringLiteral("psql")));
    for (const Page &page : pages) {
        proxy.resetCount();
        const bool isRead = fetchPage(**throughProxy, page.query).has_value();
        const double ms = medians.value(QLatin1String(page.name));
        std::printf("%-32s %7.3f ms, %d round trip(s)", page.name, ms, isRead ? proxy.roundTrips() : -1);
        if (page.against != nullptr) {
            const double ratio = ms / medians.value(QLatin1String(page.against));
            std::printf(", %.2f of %s (bar %.1f)", ratio, page.against, page.bar);
        }
        std::printf("\n");
    }
    std::printf("first page, large against small: %.2f (bar 1.2)\n",
                medians.value(QLatin1String(pages.at(0).name)) / medians.value(QLatin1String(pages.at(1).name)));
    std::printf("places of the rows, read once: %.2f ms\n", mapMs);
    return 0;
}
