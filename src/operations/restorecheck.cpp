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
    RestoreCheck(DatabaseConnection &connection, const RestoredContent &content, PhasedProgress &progress,
                 RestoreReport &report, const std::stop_token &stop)
        : m_connection(connection)
        , m_content(content)
        , m_request(content.request)
        , m_source(content.source)
        , m_scope(content.scope)
        , m_progress(progress)
        , m_report(report)
        , m_stop(stop)
    {
    }

    Result<void> run();

private:
    Result<void> readContent();
    Result<void> countRows();
    Result<void> judge();
    Result<void> renewStatistics();
    Result<QStringList> tablesToAnalyze();
    QMap<QString, TableFingerprint> known() const;
    Manifest compared(Manifest manifest) const;

    DatabaseConnection &m_connection;
    const RestoredContent &m_content;
    const RestoreRequest &m_request;
    const RestoreSource &m_source;
    const RestoreScope &m_scope;
    PhasedProgress &m_progress;
    RestoreReport &m_report;
    const std::stop_token &m_stop;
    std::optional<Manifest> m_copy; ///< what is there now, where it could be read
};

Result<void> RestoreCheck::run()
{
    return readContent().and_then([this] { return countRows(); }).and_then([this] { return judge(); }).and_then([this] {
        return renewStatistics();
    });
}

/// What was fingerprinted ahead, where it is right: anything else is read again before it is called wrong.
QMap<QString, TableFingerprint> RestoreCheck::known() const
{
    QMap<QString, TableFingerprint> known;
    const auto &wanted = m_source.manifest->tables;
    const auto &early = m_content.early.tables;
    for (auto table = early.cbegin(); table != early.cend(); ++table) {
        if (wanted.value(table.key()) == table.value()) {
            known.insert(table.key(), table.value());
        }
    }
    return known;
}

Result<void> RestoreCheck::readContent()
{
    if (!m_source.manifest) {
        return {};
    }
    const QString step = Text::tr("Comparing with what the source held");
    m_progress.report(step);
    ManifestOptions options;
    options.hash = m_source.manifest->rowHash;
    options.onProgress = [this, &step](qint64 done, qint64 all) {
        m_progress.report(step, 0.9 * double(done) / double(std::max<qint64>(all, 1)));
    };
    options.known = known();
    if (m_request.structureOnly) {
        options.only = QList<TableId>();
    } else if (m_scope.isPart()) {
        options.only = m_scope.part.tables;
    }
    auto copy = readManifest(m_connection, options, m_stop);
    if (copy) {
        m_copy = std::move(*copy);
        return {};
    }
    if (copy.error().isCancelled() || !m_connection.isOpen()) {
        return failure(copy.error());
    }
    m_report.warnings +=
        Text::tr("The rows were counted, but could not be compared with the source's: %1").arg(copy.error().message);
    return {};
}

/// The archive's tables, by the rows that were fingerprinted; those of which there is no fingerprint are counted.
Result<void> RestoreCheck::countRows()
{
    if (m_request.structureOnly) {
        return {};
    }
    QHash<QString, qint64> counted;
    if (m_copy) {
        for (auto table = m_copy->tables.cbegin(); table != m_copy->tables.cend(); ++table) {
            counted.insert(Manifest::tableOf(table.key()).quoted(), table->rows);
        }
    }
    QList<ArchivedTable> tables;
    std::copy_if(m_source.tables.begin(), m_source.tables.end(), std::back_inserter(tables),
                 [this](const ArchivedTable &table) { return m_scope.has(table); });
    const auto rows = compareRows(m_connection, tables, counted, m_report.warnings, m_stop);
    if (!rows) {
        return failure(rows.error());
    }
    m_report.rows = *rows;
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
Result<void> RestoreCheck::judge()
{
    if (!m_copy) {
        return {};
    }
    const QList<ManifestDifference> differences = compareManifests(compared(*m_source.manifest), compared(*m_copy));
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

/// Empty: all of them.
Result<QStringList> RestoreCheck::tablesToAnalyze()
{
    QStringList tables;
    for (const TableId &table : m_scope.part.tables) {
        tables += table.quoted();
    }
    if (!tables.isEmpty() || m_content.early.analyzed.isEmpty()) {
        return tables;
    }
    auto rows = m_connection.query(
        QStringLiteral("SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid "
                       "= c.relnamespace WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't' AND n.nspname "
                       "!~ '^pg_' AND n.nspname <> 'information_schema'"),
        {}, m_stop);
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        const TableId table{rows->value(0).toString(), rows->value(1).toString()};
        if (!m_content.early.analyzed.contains(table)) {
            tables += table.quoted();
        }
    }
    return tables;
}

Result<void> RestoreCheck::renewStatistics()
{
    m_progress.report(Text::tr("Renewing the statistics"), 0.9);
    const auto analyzed = tablesToAnalyze().and_then([this](const QStringList &tables) {
        const QString all = tables.isEmpty() ? QString() : u' ' + tables.join(QStringLiteral(", "));
        return m_connection.execute(QStringLiteral("ANALYZE") + all, {}, m_stop);
    });
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

Result<void> checkRestored(const ConnectionSpec &target, const RestoredContent &content, PhasedProgress &progress,
                           RestoreReport &report, const std::stop_token &stop)
{
    const auto connection = DatabaseConnection::open(target, stop);
    if (!connection) {
        return failure(connection.error());
    }
    return RestoreCheck(**connection, content, progress, report, stop).run();
}

} // namespace Roost
