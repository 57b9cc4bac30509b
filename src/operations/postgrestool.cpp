#include "operations/postgrestool.h"

#include "postgres/tlsroots.h"

#include <QUuid>

namespace Roost {

Result<ConnectionSpec> specForTools(const ConnectionSpec &spec)
{
    ConnectionSpec complete = spec;
    if (spec.parameters.tls == TlsMode::Verified && spec.parameters.rootCertificateFile.isEmpty()) {
        auto roots = systemRootsFile();
        if (!roots) {
            return failure(roots.error());
        }
        complete.parameters.rootCertificateFile = *roots;
    }
    return complete;
}

QString toolConnectionString(const QString &database)
{
    QString escaped = database;
    escaped.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return QStringLiteral("dbname='%1' keepalives=1 keepalives_idle=10 keepalives_interval=5 keepalives_count=3 "
                          "tcp_user_timeout=30000")
        .arg(escaped);
}

ProcessCommand postgresTool(const PgToolchain &toolchain, const QString &name, const ConnectionSpec &spec,
                            int serverVersion)
{
    ProcessCommand command;
    command.program = toolchain.tool(name);
    command.connection = spec;
    command.applicationName = QStringLiteral("roost-") + QUuid::createUuid().toString(QUuid::Id128).first(12);
    if (serverVersion >= 140000) {
        // Without it the server goes on with the statement of a tool that is gone.
        command.sessionOptions = QStringLiteral("-c client_connection_check_interval=1000");
    }
    if (name == u"pg_dump") {
        // It leaves these as role and database have them; values in a dump shall read as those of our own sessions do.
        command.sessionOptions += QStringLiteral(" -c TimeZone=UTC -c bytea_output=hex");
    }
    return command;
}

} // namespace Roost
