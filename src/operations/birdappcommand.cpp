#include "operations/birdappcommand.h"

#include "postgres/connectionstring.h"
#include "postgres/tlsroots.h"

#include <QFileInfo>
#include <QUrl>

namespace Roost {

namespace {

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

/// As databaseUri(), but on this machine the app can check the certificate as strictly as we do.
Result<QString> localDatabaseUri(const ConnectionSpec &database)
{
    QStringList options;
    QString uri = externalUrl(database);
    const QString &name = database.parameters.database;
    if (encoded(name) != name) {
        // SQLAlchemy takes the name in the path as it stands there, still encoded; among the options it decodes it.
        uri = externalUrl(database.withDatabase({}));
        options << QStringLiteral("dbname=") + encoded(name);
    }
    QString roots = database.parameters.rootCertificateFile;
    switch (database.parameters.tls) {
    case TlsMode::Verified:
        if (roots.isEmpty()) {
            auto systemRoots = systemRootsFile();
            if (!systemRoots) {
                return failure(systemRoots.error());
            }
            roots = *systemRoots;
        }
        options << QStringLiteral("sslmode=verify-full") << QStringLiteral("sslrootcert=") + encoded(roots);
        break;
    case TlsMode::Unverified:
        options << QStringLiteral("sslmode=require");
        break;
    case TlsMode::Optional:
        break;
    }
    return options.isEmpty() ? uri : uri + u'?' + options.join(u'&');
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
