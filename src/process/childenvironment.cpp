#include "process/childenvironment.h"

#include <QDir>

namespace Roost {

namespace {

QString sslModeName(TlsMode mode)
{
    switch (mode) {
    case TlsMode::Verified:
        return QStringLiteral("verify-full");
    case TlsMode::Unverified:
        return QStringLiteral("require");
    case TlsMode::Optional:
        return QStringLiteral("prefer");
    }
    return QStringLiteral("verify-full");
}

void setWhenKnown(QProcessEnvironment &environment, const QString &name, const QString &value)
{
    if (!value.isEmpty()) {
        environment.insert(name, value);
    }
}

void addServer(QProcessEnvironment &environment, const ProcessCommand &command, const PasswordFile &passwordFile,
               const QString &privateFolder)
{
    const ConnectionParameters &parameters = command.connection->parameters;
    setWhenKnown(environment, QStringLiteral("PGHOST"), parameters.host);
    environment.insert(QStringLiteral("PGPORT"), QString::number(parameters.port));
    setWhenKnown(environment, QStringLiteral("PGUSER"), parameters.user);
    // A name in this variable stays a name; as an argument `-Fp` or `host=elsewhere` would be an option or a server.
    setWhenKnown(environment, QStringLiteral("PGDATABASE"), parameters.database);
    environment.insert(QStringLiteral("PGSSLMODE"), sslModeName(parameters.tls));
    setWhenKnown(environment, QStringLiteral("PGSSLROOTCERT"), parameters.rootCertificateFile);
    environment.insert(QStringLiteral("PGSSLMINPROTOCOLVERSION"), QStringLiteral("TLSv1.2"));
    environment.insert(QStringLiteral("PGGSSENCMODE"), QStringLiteral("disable"));
    environment.insert(QStringLiteral("PGCONNECT_TIMEOUT"), QStringLiteral("20"));
    setWhenKnown(environment, QStringLiteral("PGAPPNAME"), command.applicationName);
    setWhenKnown(environment, QStringLiteral("PGOPTIONS"), command.sessionOptions);

    // Files that do not exist, so that neither a client certificate nor a ~/.pgpass of the user's is picked up.
    environment.insert(QStringLiteral("PGSSLCERT"), privateFolder + QStringLiteral("/no-certificate"));
    environment.insert(QStringLiteral("PGSSLKEY"), privateFolder + QStringLiteral("/no-key"));
    const QString passwordPath = passwordFile.path();
    environment.insert(QStringLiteral("PGPASSFILE"),
                       passwordPath.isEmpty() ? privateFolder + QStringLiteral("/no-passwords") : passwordPath);
    if (passwordPath.isEmpty() && !command.connection->password.isEmpty()) {
        environment.insert(QStringLiteral("PGPASSWORD"), command.connection->password.reveal());
    }
}

} // namespace

QProcessEnvironment childEnvironment(const ProcessCommand &command, const PasswordFile &passwordFile,
                                     const QString &privateFolder)
{
    QProcessEnvironment environment;
    environment.insert(QStringLiteral("PATH"), QStringLiteral("/usr/local/bin:/usr/bin:/bin"));
    environment.insert(QStringLiteral("HOME"), QDir::homePath());
    // Nothing but LC_ALL=C keeps the tools' messages untranslated: with C.UTF-8, LANGUAGE still has its way.
    environment.insert(QStringLiteral("LC_ALL"), QStringLiteral("C"));
    environment.insert(QStringLiteral("TMPDIR"), privateFolder);
    if (command.connection) {
        addServer(environment, command, passwordFile, privateFolder);
    }
    for (auto entry = command.environment.cbegin(); entry != command.environment.cend(); ++entry) {
        environment.insert(entry.key(), entry.value());
    }
    return environment;
}

} // namespace Roost
