#include "support/temporarycluster.h"

#include "postgres/identifier.h"
#include "support/otherservers.h"
#include "support/psql.h"

#include <QDir>

namespace Roost::Testing {

namespace {

LocalClusterOptions optionsFor(const QTemporaryDir &folder, const QMap<QString, QString> &settings, int major)
{
    LocalClusterOptions options;
    options.programs = major == 0 ? QString() : programsOf(major, folder.path());
    options.folder = folder.filePath(QStringLiteral("cluster"));
    options.home = folder.path();
    options.diesWithParent = true;
    options.settings = {{QStringLiteral("fsync"), QStringLiteral("off")},
                        {QStringLiteral("full_page_writes"), QStringLiteral("off")},
                        {QStringLiteral("synchronous_commit"), QStringLiteral("off")}};
    options.settings.insert(settings);
    return options;
}

} // namespace

TemporaryCluster::TemporaryCluster(const QMap<QString, QString> &settings, int major)
    : m_folder(QDir::tempPath() + QStringLiteral("/roost-test-XXXXXX"))
    , m_cluster(optionsFor(m_folder, settings, major))
{
}

TemporaryCluster::~TemporaryCluster()
{
    stop();
}

bool TemporaryCluster::start()
{
    JobContext context;
    const auto started = m_cluster.start(context);
    if (!started) {
        m_problem = started.error().message + u'\n' + started.error().detail;
    }
    return started.has_value();
}

void TemporaryCluster::stop()
{
    JobContext context;
    if (auto stopped = m_cluster.stop(context); !stopped) {
        qWarning("%s", qPrintable(stopped.error().message));
    }
}

ConnectionSpec TemporaryCluster::spec(const QString &database)
{
    if (!createDatabase(database)) {
        qFatal("No database %s: %s", qPrintable(database), qPrintable(m_problem));
    }
    const auto spec = m_cluster.connection(database);
    if (!spec) {
        qFatal("%s", qPrintable(spec.error().message));
    }
    return *spec;
}

ConnectionSpec TemporaryCluster::superuser(const QString &database) const
{
    const auto spec = m_cluster.superuserConnection(database);
    if (!spec) {
        qFatal("%s", qPrintable(spec.error().message));
    }
    return *spec;
}

QString TemporaryCluster::psql(const QString &sql, const QString &database) const
{
    return runPsql(superuser(database), sql);
}

bool TemporaryCluster::createDatabase(const QString &name)
{
    const auto role = m_cluster.connection(name);
    if (!role) {
        m_problem = role.error().message;
        return false;
    }
    if (psql(QStringLiteral("SELECT 1 FROM pg_database WHERE datname = %1").arg(quoteLiteral(name))) != u"1") {
        psql(QStringLiteral("CREATE DATABASE %1 OWNER %2")
                 .arg(quoteIdentifier(name), quoteIdentifier(role->parameters.user)));
    }
    return true;
}

} // namespace Roost::Testing
