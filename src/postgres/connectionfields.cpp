#include "postgres/connectionfields.h"

#include "postgres/identifier.h"

#include <QHash>
#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

/// Accepted and left out: harmless, and Roost has values of its own for them.
bool isHarmless(const QString &key)
{
    static const QSet<QString> keys{
        QStringLiteral("application_name"),
        QStringLiteral("fallback_application_name"),
        QStringLiteral("connect_timeout"),
        QStringLiteral("client_encoding"),
        QStringLiteral("keepalives"),
        QStringLiteral("keepalives_idle"),
        QStringLiteral("keepalives_interval"),
        QStringLiteral("keepalives_count"),
        QStringLiteral("tcp_user_timeout"),
        QStringLiteral("sslcompression"),
        QStringLiteral("sslsni"),
        QStringLiteral("channel_binding"),
        QStringLiteral("gssencmode"),
    };
    return keys.contains(key);
}

/// Why a key that libpq knows is refused; empty for keys that it does not know.
QString refusalReason(const QString &key)
{
    static const QSet<QString> files{
        QStringLiteral("passfile"),      QStringLiteral("service"),     QStringLiteral("servicefile"),
        QStringLiteral("sslcert"),       QStringLiteral("sslkey"),      QStringLiteral("sslrootcert"),
        QStringLiteral("sslcrl"),        QStringLiteral("sslcrldir"),   QStringLiteral("sslpassword"),
        QStringLiteral("sslkeylogfile"), QStringLiteral("sslcertmode"),
    };
    static const QSet<QString> redirecting{
        QStringLiteral("hostaddr"),
        QStringLiteral("load_balance_hosts"),
        QStringLiteral("target_session_attrs"),
    };
    static const QSet<QString> others{
        QStringLiteral("options"),
        QStringLiteral("replication"),
        QStringLiteral("gsslib"),
        QStringLiteral("krbsrvname"),
        QStringLiteral("gssdelegation"),
        QStringLiteral("requirepeer"),
        QStringLiteral("require_auth"),
        QStringLiteral("requiressl"),
        QStringLiteral("authtype"),
        QStringLiteral("tty"),
        QStringLiteral("sslnegotiation"),
        QStringLiteral("ssl_min_protocol_version"),
        QStringLiteral("ssl_max_protocol_version"),
        QStringLiteral("min_protocol_version"),
        QStringLiteral("max_protocol_version"),
        QStringLiteral("oauth_issuer"),
        QStringLiteral("oauth_client_id"),
        QStringLiteral("oauth_client_secret"),
        QStringLiteral("oauth_scope"),
        QStringLiteral("oauth_ca_file"),
        QStringLiteral("scram_client_key"),
        QStringLiteral("scram_server_key"),
    };
    if (files.contains(key)) {
        return ConnectionText::tr("it makes the connection read or write files of this computer");
    }
    if (redirecting.contains(key)) {
        return ConnectionText::tr("it can lead the connection to another server than the one shown");
    }
    return others.contains(key) ? ConnectionText::tr("Roost settles that by itself, so that every connection is safe")
                                : QString();
}

QString keyForPeople(const QString &key)
{
    static const QHash<QString, QString> names{
        {QStringLiteral("host"), QT_TRANSLATE_NOOP("ConnectionText", "host")},
        {QStringLiteral("port"), QT_TRANSLATE_NOOP("ConnectionText", "port")},
        {QStringLiteral("user"), QT_TRANSLATE_NOOP("ConnectionText", "user")},
        {QStringLiteral("password"), QT_TRANSLATE_NOOP("ConnectionText", "password")},
        {QStringLiteral("dbname"), QT_TRANSLATE_NOOP("ConnectionText", "database")},
    };
    return names.contains(key) ? ConnectionText::tr(names.value(key).toUtf8().constData()) : key;
}

tl::unexpected<Error> refuse(const QString &key, const QString &reason)
{
    return badConnection(ConnectionText::tr("The parameter “%1” is refused: %2. Remove it from the text and try again.")
                             .arg(key, reason));
}

bool hasControlCharacter(const QString &text)
{
    return std::any_of(text.cbegin(), text.cend(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

bool isIpv6(const QString &host)
{
    QHostAddress address;
    return host.contains(u':') && !host.contains(u'%') && address.setAddress(host) &&
           address.protocol() == QAbstractSocket::IPv6Protocol;
}

} // namespace

Result<void> ConnectionFields::add(const QString &key, const QString &value, Unknown unknown)
{
    using Taker = Result<void> (ConnectionFields::*)(const QString &);
    static const QHash<QString, Taker> takers{
        {QStringLiteral("host"), &ConnectionFields::takeHost},
        {QStringLiteral("port"), &ConnectionFields::takePort},
        {QStringLiteral("user"), &ConnectionFields::takeUser},
        {QStringLiteral("password"), &ConnectionFields::takePassword},
        {QStringLiteral("dbname"), &ConnectionFields::takeDatabase},
        {QStringLiteral("sslmode"), &ConnectionFields::takeSslMode},
    };
    const Taker taker = takers.value(key, nullptr);
    if (!taker && !isHarmless(key)) {
        if (const QString reason = refusalReason(key); !reason.isEmpty()) {
            return refuse(key, reason);
        }
        return unknown == Unknown::Name
                   ? refuse(key, ConnectionText::tr("Roost does not know it"))
                   : badConnection(
                         ConnectionText::tr("There is something in the text that Roost does not know. If the password "
                                            "has blanks in it, put single quotes around it."));
    }
    if (m_seen.contains(key)) {
        return badConnection(
            ConnectionText::tr("The %1 is given twice. Remove one of the two and try again.").arg(keyForPeople(key)));
    }
    m_seen.insert(key);
    if (hasControlCharacter(value)) {
        return badConnection(ConnectionText::tr("The %1 holds a control character. Copy the text again and try again.")
                                 .arg(keyForPeople(key)));
    }
    if (taker) {
        return (this->*taker)(value);
    }
    notice(ConnectionText::tr("“%1” was left out: Roost has its own value for it.").arg(key));
    return {};
}

Result<void> ConnectionFields::takeHost(const QString &host)
{
    if (host.isEmpty()) {
        return badConnection(ConnectionText::tr("The host is missing. Copy the External Database URL from Render's "
                                                "Connect menu and try again."));
    }
    if (host.startsWith(u'/') || host.startsWith(u'@')) {
        return badConnection(ConnectionText::tr("The host is a socket of this computer, not a server's name. Roost "
                                                "connects over the network only: use a host name."));
    }
    if (host.contains(u',')) {
        return badConnection(
            ConnectionText::tr("There is more than one host in the text. The password would be sent to "
                               "each of them; leave only one and try again."));
    }
    static const QRegularExpression name(QStringLiteral(
        R"(\A[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)*\z)"));
    if (host.size() > 253 || (!name.match(host).hasMatch() && !isIpv6(host))) {
        return badConnection(ConnectionText::tr("The host is not a valid host name. If the password holds one of the "
                                                "characters @ : / ? #, it must be percent-encoded."));
    }
    m_parameters.host = host.toLower();
    return {};
}

Result<void> ConnectionFields::takePort(const QString &port)
{
    static const QRegularExpression digits(QStringLiteral(R"(\A[0-9]{1,5}\z)"));
    const int number = digits.match(port).hasMatch() ? port.toInt() : 0;
    if (number < 1 || number > 65535) {
        return badConnection(
            ConnectionText::tr("The port is not a number from 1 to 65535. If the password holds one of "
                               "the characters @ : / ? #, it must be percent-encoded."));
    }
    m_parameters.port = number;
    return {};
}

Result<void> ConnectionFields::takeUser(const QString &user)
{
    if (!user.isEmpty() && !identifierProblem(user).isEmpty()) {
        return badConnection(ConnectionText::tr("The user name is longer than PostgreSQL allows (63 bytes)."));
    }
    m_parameters.user = user;
    return {};
}

Result<void> ConnectionFields::takeDatabase(const QString &database)
{
    if (!database.isEmpty() && !identifierProblem(database).isEmpty()) {
        return badConnection(ConnectionText::tr("The database name is longer than PostgreSQL allows (63 bytes)."));
    }
    m_parameters.database = database;
    return {};
}

Result<void> ConnectionFields::takePassword(const QString &password)
{
    m_password = Secret(password);
    return {};
}

Result<void> ConnectionFields::takeSslMode(const QString &mode)
{
    static const QSet<QString> modes{
        QStringLiteral("disable"),   QStringLiteral("allow"),     QStringLiteral("prefer"),
        QStringLiteral("require"),   QStringLiteral("verify-ca"), QStringLiteral("verify-full"),
        QStringLiteral("no-verify"),
    };
    if (!modes.contains(mode)) {
        return badConnection(
            ConnectionText::tr("“sslmode” has a value that PostgreSQL does not know. Leave it out: Roost "
                               "protects the connection by itself."));
    }
    m_sslMode = mode;
    return {};
}

/// A text may raise the protection of the link, never lower it.
void ConnectionFields::settleTls()
{
    if (m_parameters.isLoopback()) {
        const bool verified = m_sslMode.startsWith(u"verify");
        const bool encrypted = m_sslMode == u"require" || m_sslMode == u"no-verify";
        m_parameters.tls = verified ? TlsMode::Verified : encrypted ? TlsMode::Unverified : TlsMode::Optional;
        return;
    }
    m_parameters.tls = TlsMode::Verified;
    if (!m_sslMode.isEmpty() && m_sslMode != u"verify-full") {
        notice(ConnectionText::tr("The text asks for “sslmode=%1”; Roost encrypts and checks the server's certificate "
                                  "all the same.")
                   .arg(m_sslMode));
    }
}

QString ConnectionFields::missing() const
{
    if (m_parameters.host.isEmpty()) {
        return ConnectionText::tr("The host is missing. Copy the External Database URL from Render's Connect menu and "
                                  "try again.");
    }
    if (m_parameters.user.isEmpty() && m_parameters.database.isEmpty()) {
        return ConnectionText::tr("The user and the database are missing. Copy the whole text and try again.");
    }
    if (m_parameters.user.isEmpty()) {
        return ConnectionText::tr("The user is missing. Copy the whole text and try again.");
    }
    if (m_parameters.database.isEmpty()) {
        return ConnectionText::tr(
            "The database is missing: the text must end with its name. Copy the whole text and try "
            "again.");
    }
    return {};
}

Result<ParsedConnection> ConnectionFields::finish(ConnectionStringForm form)
{
    if (const QString problem = missing(); !problem.isEmpty()) {
        return badConnection(problem);
    }
    settleTls();
    if (m_password.isEmpty()) {
        notice(ConnectionText::tr("There is no password in the text; Roost will ask for it."));
    }
    ParsedConnection parsed;
    parsed.form = form;
    parsed.isInternal = isInternalRenderHost(m_parameters.host);
    parsed.region = regionOfRenderHost(m_parameters.host);
    if (parsed.isInternal) {
        notice(ConnectionText::tr("This is the Internal URL, which only works for services inside Render. Choose the "
                                  "region of the database to get its external address."));
    }
    parsed.parameters = m_parameters;
    parsed.password = std::move(m_password);
    parsed.notices = m_notices;
    return parsed;
}

} // namespace Roost
