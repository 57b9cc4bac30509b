#include "operations/restorecheck.h"

#include "operations/targetcontents.h"
#include "postgres/manifestcompare.h"
#include "postgres/manifestreader.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RestoreCheck)
};

/// One check, over one connection. On the operation's thread.
class RestoreCheck
{
public:
    RestoreCheck(DatabaseConnection &connection, const RestoreRequest &request, const RestoreSource &source,
                 const RestoreScope &scope, PhasedProgress &progress, RestoreReport &report,
                 const std::stop_token &stop)
        : m_connection(connection)
        , m_request(request)
        , m_source(source)
        , m_scope(scope)
        , m_progress(progress)
        , m_report(report)
        , m_stop(stop)
    {
    }

    Result<void> run();

private:
    Result<void> countRows();
    Result<void> holdAgainstManifest();
    Result<void> judge(const Manifest &copy);
    Result<void> renewStatistics();
    Manifest compared(Manifest manifest) const;

    DatabaseConnection &m_connection;
    const RestoreRequest &m_request;
    const RestoreSource &m_source;
    const RestoreScope &m_scope;
    PhasedProgress &m_progress;
    RestoreReport &m_report;
    const std::stop_token &m_stop;
};

Result<void> RestoreCheck::run()
{
    m_progress.report(Text::tr("Counting what was restored"));
    return countRows().and_then([this] { return holdAgainstManifest(); }).and_then([this] {
        return renewStatistics();
    });
}

Result<void> RestoreCheck::countRows()
{
    if (m_request.structureOnly) {
        return {};
    }
    QList<ArchivedTable> tables;
    std::copy_if(m_source.tables.begin(), m_source.tables.end(), std::back_inserter(tables),
                 [this](const ArchivedTable &table) { return m_scope.has(table); });
    const auto rows = compareRows(m_connection, tables, m_report.warnings, m_stop);
    if (!rows) {
        return failure(rows.error());
    }
    m_report.rows = *rows;
    return {};
}

Result<void> RestoreCheck::holdAgainstManifest()
{
    if (!m_source.manifest) {
        return {};
    }
    const QString step = Text::tr("Comparing with what the source held");
    m_progress.report(step, 0.05);
    const auto onProgress = [this, &step](qint64 done, qint64 all) {
        m_progress.report(step, 0.05 + 0.85 * double(done) / double(std::max<qint64>(all, 1)));
    };
    const auto only = m_request.structureOnly ? std::optional(QList<TableId>())
                      : m_scope.isPart()      ? std::optional(m_scope.part.tables)
                                              : std::nullopt;
    const auto copy = readManifest(m_connection, m_source.manifest->rowHash, onProgress, m_stop, only);
    if (copy) {
        return judge(*copy);
    }
    if (copy.error().isCancelled() || !m_connection.isOpen()) {
        return failure(copy.error());
    }
    m_report.warnings +=
        Text::tr("The rows were counted, but could not be compared with the source's: %1").arg(copy.error().message);
    return {};
}

/// As much of a manifest as was restored.
Manifest RestoreCheck::compared(Manifest manifest) const
{
    if (m_scope.isPart()) {
        manifest = partOf(manifest, m_scope.part);
    }
    if (m_request.structureOnly) {
        manifest.tables.clear();
        manifest.sequences.clear();
        manifest.largeObjects = {};
    }
    return manifest;
}

/// Other data than the source's is a failure; what else differs is told: some of it was left out on purpose.
Result<void> RestoreCheck::judge(const Manifest &copy)
{
    const QList<ManifestDifference> differences = compareManifests(compared(*m_source.manifest), compared(copy));
    m_report.isProven = isProven(differences) && !m_request.structureOnly;
    for (const ManifestDifference &one : differences) {
        if (one.weight == ManifestDifference::Weight::Data) {
            return failure(ErrorCode::Conflict,
                           Text::tr("The copy is not what the source held: %1 %2.").arg(one.what, one.text));
        }
        if (one.weight == ManifestDifference::Weight::Structure) {
            m_report.warnings += Text::tr("Not as in the source: %1 %2.").arg(one.what, one.text);
        }
        if (one.what == u"collation" || one.what == u"character type") {
            m_report.warnings +=
                Text::tr("Texts may sort in another order than in the source: %1 is %2.").arg(one.what, one.text);
        }
    }
    return {};
}

Result<void> RestoreCheck::renewStatistics()
{
    m_progress.report(Text::tr("Renewing the statistics"), 0.9);
    QStringList tables;
    for (const TableId &table : m_scope.part.tables) {
        tables += table.quoted();
    }
    const auto analyzed = m_connection.execute(
        tables.isEmpty() ? QStringLiteral("ANALYZE") : QStringLiteral("ANALYZE ") + tables.join(QStringLiteral(", ")),
        {}, m_stop);
    if (!analyzed && analyzed.error().isCancelled()) {
        return failure(analyzed.error());
    }
    if (!analyzed) {
        m_report.warnings += Text::tr("The server's statistics could not be renewed, so the first queries may be slow: "
                                      "%1")
                                 .arg(analyzed.error().message);
    }
    return {};
}

} // namespace

Result<void> checkRestored(const ConnectionSpec &target, const RestoreRequest &request, const RestoreSource &source,
                           const RestoreScope &scope, PhasedProgress &progress, RestoreReport &report,
                           const std::stop_token &stop)
{
    const auto connection = DatabaseConnection::open(target, stop);
    if (!connection) {
        return failure(connection.error());
    }
    return RestoreCheck(**connection, request, source, scope, progress, report, stop).run();
}

} // namespace Roost
