#include "postgres/connectionstring.h"
#include "postgres/shellwords.h"

#include <QUrl>

namespace Roost {

namespace {

QString encoded(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

QString hostInUrl(const ConnectionParameters &parameters)
{
    const QString host = parameters.host.contains(u':') ? u'[' + parameters.host + u']' : parameters.host;
    return parameters.port == 5432 ? host : host + u':' + QString::number(parameters.port);
}

/// `password` as it shall stand in the URL; empty for none.
QString url(const ConnectionParameters &parameters, const QString &password, const QString &host)
{
    const QString separator = password.isEmpty() ? QString() : QStringLiteral(":");
    return QStringLiteral("postgresql://") + encoded(parameters.user) + separator + password + u'@' + host + u'/' +
           encoded(parameters.database);
}

/// An app's libpq would accept a link without encryption where nothing is said. It cannot check the certificate, as it
/// has no list of authorities; inside Render there is no TLS to insist on.
QString sslModeForApp(const ConnectionParameters &parameters)
{
    if (parameters.tls == TlsMode::Optional || isInternalRenderHost(parameters.host)) {
        return {};
    }
    const bool checksLocally = parameters.isLoopback() && parameters.tls == TlsMode::Verified;
    return checksLocally ? QStringLiteral("?sslmode=verify-full") : QStringLiteral("?sslmode=require");
}

/// A name that psql would take for a connection string or an option, as a connection string that holds only the name.
QString psqlDatabaseWords(const QString &database)
{
    const bool isPlain = !database.contains(u'=') && !database.startsWith(u'-') &&
                         !database.startsWith(u"postgres://") && !database.startsWith(u"postgresql://");
    if (isPlain) {
        return quoteShellWord(database);
    }
    QString value = database;
    value.replace(u'\\', QStringLiteral("\\\\")).replace(u'\'', QStringLiteral("\\'"));
    return QStringLiteral("-d ") + quoteShellWord(QStringLiteral("dbname='%1'").arg(value));
}

} // namespace

QString externalUrl(const ConnectionSpec &spec)
{
    return url(spec.parameters, encoded(spec.password.reveal()), hostInUrl(spec.parameters));
}

QString internalUrl(const ConnectionSpec &spec)
{
    const QString host = spec.parameters.host.section(u'.', 0, 0);
    if (!isInternalRenderHost(host)) {
        return externalUrl(spec);
    }
    return url(spec.parameters, encoded(spec.password.reveal()), host);
}

QString psqlCommand(const ConnectionSpec &spec)
{
    const ConnectionParameters &p = spec.parameters;
    const QString password = spec.password.isEmpty()
                                 ? QString()
                                 : QStringLiteral("PGPASSWORD=%1 ").arg(quoteShellWord(spec.password.reveal()));
    return password + QStringLiteral("psql -h ") + quoteShellWord(p.host) + QStringLiteral(" -p ") +
           QString::number(p.port) + QStringLiteral(" -U ") + quoteShellWord(p.user) + u' ' +
           psqlDatabaseWords(p.database);
}

QString databaseUri(const ConnectionSpec &spec)
{
    return externalUrl(spec) + sslModeForApp(spec.parameters);
}

QString envLine(const ConnectionSpec &spec)
{
    return QStringLiteral("DATABASE_URI=") + databaseUri(spec);
}

QString maskedUri(const ConnectionParameters &parameters)
{
    return url(parameters, QStringLiteral("********"), hostInUrl(parameters)) + sslModeForApp(parameters);
}

} // namespace Roost
