#include "operations/birdappcommand.h"

#include "postgres/connectionstring.h"
#include "postgres/tlsroots.h"

#include <QFileInfo>
#include <QUrl>

namespace Roost {

namespace {

/// As databaseUri(), but on this machine the app can check the certificate as strictly as we do.
Result<QString> localDatabaseUri(const ConnectionSpec &database)
{
    if (database.parameters.tls != TlsMode::Verified) {
        return databaseUri(database);
    }
    QString roots = database.parameters.rootCertificateFile;
    if (roots.isEmpty()) {
        auto systemRoots = systemRootsFile();
        if (!systemRoots) {
            return failure(systemRoots.error());
        }
        roots = *systemRoots;
    }
    return externalUrl(database) + QStringLiteral("?sslmode=verify-full&sslrootcert=") +
           QString::fromLatin1(QUrl::toPercentEncoding(roots));
}

} // namespace

Result<ProcessCommand> birdAppCommand(const BirdApp &app, const PythonChoice &python, const ConnectionSpec &database,
                                      const QStringList &arguments)
{
    auto uri = localDatabaseUri(database);
    if (!uri) {
        return failure(uri.error());
    }
    ProcessCommand command;
    command.program = python.program;
    command.arguments = arguments;
    command.workingDirectory = app.folder;
    command.environment = {
        {QStringLiteral("DATABASE_URI"), *uri},
        {QStringLiteral("DATABASE_URL"), *uri},
        {QStringLiteral("FLASK_APP"), app.module.section(u':', 0, 0)},
        {QStringLiteral("FLASK_DEBUG"), QStringLiteral("0")}, // its debugger runs code from the browser
        {QStringLiteral("PYTHONUNBUFFERED"), QStringLiteral("1")},
        {QStringLiteral("PYTHONIOENCODING"), QStringLiteral("utf-8")},
        {QStringLiteral("PYTHONDONTWRITEBYTECODE"), QStringLiteral("1")},
        {QStringLiteral("PATH"), QFileInfo(python.program).path() + QStringLiteral(":/usr/local/bin:/usr/bin:/bin")},
    };
    return command;
}

} // namespace Roost
