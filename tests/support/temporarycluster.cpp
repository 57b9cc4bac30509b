#include "support/temporarycluster.h"

#include "postgres/identifier.h"
#include "process/pgtoolchain.h"

#include <QDir>
#include <QProcess>

namespace Roost::Testing {

namespace {

LocalClusterOptions optionsFor(const QTemporaryDir &folder, const QMap<QString, QString> &settings)
{
    LocalClusterOptions options;
    options.folder = folder.filePath(QStringLiteral("cluster"));
    options.home = folder.path();
    options.diesWithParent = true;
    options.settings = {{QStringLiteral("fsync"), QStringLiteral("off")},
                        {QStringLiteral("full_page_writes"), QStringLiteral("off")},
                        {QStringLiteral("synchronous_commit"), QStringLiteral("off")}};
    options.settings.insert(settings);
    return options;
}

/// A bare `host=elsewhere` or `-Fp` would not be taken for a name.
QString connectionString(QString database)
{
    database.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return QStringLiteral("dbname='%1'").arg(database);
}

} // namespace

TemporaryCluster::TemporaryCluster(const QMap<QString, QString> &settings)
    : m_folder(QDir::tempPath() + QStringLiteral("/roost-test-XXXXXX"))
    , m_cluster(optionsFor(m_folder, settings))
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
    const auto tools = serverToolchain(JobContext());
    if (!tools) {
        qFatal("%s", qPrintable(tools.error().message));
    }
    const ConnectionParameters admin = superuser(database).parameters;
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(tools->tool(QStringLiteral("psql")),
                  {QStringLiteral("-XAtq"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                   QStringLiteral("-h"), admin.host, QStringLiteral("-p"), QString::number(admin.port),
                   QStringLiteral("-U"), admin.user, QStringLiteral("-d"), connectionString(database)});
    process.write(sql.toUtf8());
    process.closeWriteChannel();
    if (!process.waitForFinished() || process.exitCode() != 0) {
        qFatal("psql failed on: %s", qPrintable(sql));
    }
    QString output = QString::fromUtf8(process.readAllStandardOutput());
    if (output.endsWith(u'\n')) {
        output.chop(1);
    }
    return output;
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
