#include "postgres/linkopener.h"

#include "postgres/connectionerror.h"
#include "postgres/hostlookup.h"
#include "postgres/polling.h"
#include "postgres/tlsroots.h"

#include <QCoreApplication>

#include "postgres/libpq.h"
#include <cstring>
#include <utility>
#include <vector>

namespace Roost {

namespace {

struct LinkOpener
{
    Q_DECLARE_TR_FUNCTIONS(LinkOpener)
};

/// A path where no file can be: below a device. An empty value would make libpq look in the home folder.
constexpr char noFile[] = "/dev/null/none";
constexpr qsizetype mostNotices = 1000;

/// The keywords and values of one attempt. Wipes the password when it ends.
class Keywords
{
public:
    Keywords() = default;
    ~Keywords() { explicit_bzero(m_password.data(), size_t(m_password.size())); }
    Q_DISABLE_COPY_MOVE(Keywords)

    void add(const char *key, const QByteArray &value) { m_entries.emplace_back(key, value); }
    void setPassword(const Secret &password) { m_password = password.revealUtf8(); }

    PGconn *start()
    {
        std::vector<const char *> keys;
        std::vector<const char *> values;
        for (const auto &[key, value] : m_entries) {
            keys.push_back(key);
            values.push_back(value.constData());
        }
        keys.push_back("password");
        values.push_back(m_password.constData());
        keys.push_back(nullptr);
        values.push_back(nullptr);
        return PQconnectStartParams(keys.data(), values.data(), 0);
    }

private:
    std::vector<std::pair<const char *, QByteArray>> m_entries;
    QByteArray m_password;
};

Result<void> addTls(Keywords &keywords, const ConnectionParameters &parameters)
{
    const QByteArray mode = sslModeFor(parameters);
    QByteArray roots = noFile;
    if (mode == "verify-full" && !parameters.host.startsWith(u'/')) {
        QString file = parameters.rootCertificateFile;
        if (file.isEmpty()) {
            const Result<QString> system = systemRootsFile();
            if (!system) {
                return failure(system.error());
            }
            file = *system;
        }
        roots = file.toUtf8();
    }
    keywords.add("sslmode", mode);
    keywords.add("sslrootcert", roots);
    keywords.add("sslcrl", noFile);
    keywords.add("sslcert", noFile);
    keywords.add("sslkey", noFile);
    keywords.add("ssl_min_protocol_version", "TLSv1.2");
    keywords.add("sslsni", "1");
    keywords.add("channel_binding", "prefer");
    keywords.add("gssencmode", "disable");
    return {};
}

Result<void> fill(Keywords &keywords, const ConnectionSpec &spec, const QByteArray &address,
                  const QString &applicationName)
{
    const ConnectionParameters &parameters = spec.parameters;
    keywords.add("host", parameters.host.toUtf8());
    if (!address.isEmpty()) {
        keywords.add("hostaddr", address);
    }
    keywords.add("port", QByteArray::number(parameters.port));
    keywords.add("user", parameters.user.toUtf8());
    keywords.add("dbname", parameters.database.toUtf8());
    keywords.setPassword(spec.password);
    keywords.add("passfile", noFile);
    keywords.add("connect_timeout", "10");
    keywords.add("keepalives", "1");
    keywords.add("keepalives_idle", "30");
    keywords.add("keepalives_interval", "10");
    keywords.add("keepalives_count", "3");
    keywords.add("tcp_user_timeout", "30000");
    keywords.add("target_session_attrs", "any");
    keywords.add("application_name", applicationName.isEmpty() ? QByteArray("Roost") : applicationName.toUtf8());
    keywords.add("client_encoding", "UTF8");
    keywords.add("options", sessionOptions());
    return addTls(keywords, parameters);
}

void keepNotice(void *notices, const PGresult *notice)
{
    auto *list = static_cast<QList<ServerMessage> *>(notices);
    if (list->size() < mostNotices) {
        list->append(serverMessageOf(notice));
    }
}

/// One attempt at one address.
Result<PgConnPtr> attempt(Keywords &keywords, const ConnectionParameters &parameters, const std::stop_token &stop,
                          QDeadlineTimer deadline, QList<ServerMessage> *notices)
{
    PgConnPtr connection(keywords.start());
    if (!connection) {
        return failure(ErrorCode::Internal, LinkOpener::tr("There is not enough memory for a connection."));
    }
    PQsetNoticeReceiver(connection.get(), keepNotice, notices);
    PQsetErrorVerbosity(connection.get(), PQERRORS_VERBOSE); // puts the SQLSTATE into the only text there is
    const WakeEvent wake;
    const WakeOnStop wakeOnStop(stop, wake);
    PostgresPollingStatusType state =
        PQstatus(connection.get()) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PGRES_POLLING_WRITING;
    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED) {
            return failure(connectionErrorOf(parameters, QString::fromLocal8Bit(PQerrorMessage(connection.get()))));
        }
        const short events = state == PGRES_POLLING_READING ? POLLIN : POLLOUT;
        switch (pollFor(PQsocket(connection.get()), events, wake.descriptor(), deadline)) {
        case Polled::Stopped:
            return failure(Error::cancelled());
        case Polled::TimedOut:
            return failure(connectTimedOut(parameters));
        case Polled::Ready:
            state = PQconnectPoll(connection.get());
            break;
        }
    }
    PQsetErrorVerbosity(connection.get(), PQERRORS_DEFAULT);
    return connection;
}

} // namespace

QByteArray sslModeFor(const ConnectionParameters &parameters)
{
    switch (parameters.tls) {
    case TlsMode::Unverified:
        return "require";
    case TlsMode::Optional:
        if (parameters.isLoopback() || parameters.host.startsWith(u'/')) {
            return "prefer";
        }
        break;
    case TlsMode::Verified:
        break;
    }
    return "verify-full";
}

QByteArray sessionOptions()
{
    // Never reached by a plain user's own settings of role or database: what is set at the start of a session wins.
    return "-c DateStyle=ISO,YMD -c IntervalStyle=postgres -c TimeZone=UTC -c extra_float_digits=3 "
           "-c bytea_output=hex -c standard_conforming_strings=on -c lock_timeout=5s "
           "-c synchronize_seqscans=off"; // pages of a table without a key begin where the table begins
}

Result<PgConnPtr> openLink(const ConnectionSpec &spec, const std::stop_token &stop, const QString &applicationName,
                           std::chrono::milliseconds patience, QList<ServerMessage> *notices)
{
    const QDeadlineTimer deadline(patience);
    const ConnectionParameters &parameters = spec.parameters;
    if (!libPq().isLoaded) {
        return failure(ErrorCode::ToolMissing,
                       LinkOpener::tr("PostgreSQL's client library (libpq 14 or newer) is not on this computer, so no "
                                      "server can be reached. Install it: on Debian the package is libpq5."));
    }
    if (parameters.host.isEmpty() || parameters.user.isEmpty() || parameters.database.isEmpty()) {
        return failure(ErrorCode::InvalidInput, LinkOpener::tr("A connection needs a host, a user and a database."));
    }
    QList<QByteArray> addresses = {QByteArray()};
    if (!parameters.host.startsWith(u'/')) {
        Result<QList<QByteArray>> found = lookUpHost(parameters, stop, deadline);
        if (!found) {
            return failure(found.error());
        }
        addresses = *found;
    }
    Error last;
    for (qsizetype i = 0; i < addresses.size(); ++i) {
        Keywords keywords;
        if (const Result<void> filled = fill(keywords, spec, addresses.at(i), applicationName); !filled) {
            return failure(filled.error());
        }
        const bool isLast = i + 1 == addresses.size();
        const QDeadlineTimer share(isLast ? deadline.remainingTime() : deadline.remainingTime() / 2);
        Result<PgConnPtr> connection = attempt(keywords, parameters, stop, share, notices);
        if (connection || !isWorthAnotherAddress(connection.error())) {
            return connection;
        }
        last = connection.error();
    }
    return failure(last);
}

int clientLibraryVersion()
{
    return libPq().isLoaded ? PQlibVersion() : 0;
}

} // namespace Roost
