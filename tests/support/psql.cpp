#include "support/psql.h"

#include "process/pgtoolchain.h"

#include <QProcess>

namespace Roost::Testing {

namespace {

constexpr int longestMs = 240'000; ///< the ten million rows of a benchmark; a test ends before

/// A bare `host=elsewhere` or `-Fp` would not be taken for a name.
QString connectionString(QString database)
{
    database.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return QStringLiteral("dbname='%1'").arg(database);
}

} // namespace

QString runPsql(const ConnectionSpec &superuser, const QString &sql)
{
    const auto tools = serverToolchain(JobContext());
    if (!tools) {
        qFatal("%s", qPrintable(tools.error().message));
    }
    const ConnectionParameters &admin = superuser.parameters;
    QProcess process;
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    if (!superuser.password.isEmpty()) {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PGPASSWORD"), superuser.password.reveal());
        process.setProcessEnvironment(environment);
    }
    process.start(tools->tool(QStringLiteral("psql")),
                  {QStringLiteral("-XAtq"), QStringLiteral("-v"), QStringLiteral("ON_ERROR_STOP=1"),
                   QStringLiteral("-h"), admin.host, QStringLiteral("-p"), QString::number(admin.port),
                   QStringLiteral("-U"), admin.user, QStringLiteral("-d"), connectionString(admin.database)});
    process.write(sql.toUtf8());
    process.closeWriteChannel();
    if (!process.waitForFinished(longestMs) || process.exitCode() != 0) {
        qFatal("psql failed on: %s", qPrintable(sql));
    }
    QString output = QString::fromUtf8(process.readAllStandardOutput());
    if (output.endsWith(u'\n')) {
        output.chop(1);
    }
    return output;
}

} // namespace Roost::Testing
