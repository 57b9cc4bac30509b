// Broken set-ups, each made for real, and what the doctor says of each: which layer failed, why, and what mends it.

#include "operations/connectiondoctor.h"
#include "postgres/databaseconnection.h"
#include "postgres/identifier.h"
#include "postgres/tlsroots.h"
#include "support/certificates.h"
#include "support/otherservers.h"
#include "support/scriptedrender.h"
#include "support/scriptedserver.h"
#include "support/temporarycluster.h"
#include "support/tlsserver.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <sys/stat.h>
#include <unistd.h>

using namespace Roost;
using namespace Roost::Testing;

namespace {

QString adaptedText(const DoctorFinding &finding)
{
    // Names of hosts and ports differ anyway: what is left has to differ, too.
    static const QRegularExpression details(QStringLiteral(R"(\S*[0-9]\S*|\S+\.(invalid|example)\S*)"));
    return QString(finding.found + u'|' + finding.why + u'|' + finding.advice).remove(details);
}

void keepNothing(int socket)
{
    ScriptedServer::read(socket, 8);
}

/// Answers that it encrypts, hears the client's greeting, and goes.
void endHandshake(int socket)
{
    ScriptedServer::read(socket, 8);
    ScriptedServer::write(socket, "S");
    ScriptedServer::read(socket, 64);
}

/// As Render's entry does: the name in the greeting (SNI) says which instance is meant; without one it hangs up.
void routeByName(int socket, int port)
{
    const QByteArray request = ScriptedServer::read(socket, 8);
    ScriptedServer::write(socket, "S");
    const QByteArray head = ScriptedServer::read(socket, 5); // of a TLS record: its length is at the end
    const QByteArray hello = head + ScriptedServer::read(socket, quint8(head.at(3)) * 256 + quint8(head.at(4)));
    if (hello.contains("localhost")) {
        ScriptedServer::relayTls(socket, port, request, hello);
    }
}

void refuseInPlain(int socket, const QByteArray &state, const QByteArray &text)
{
    ScriptedServer::read(socket, 8);
    ScriptedServer::write(socket, "N");
    ScriptedServer::read(socket, 20);
    ScriptedServer::refuse(socket, state, text);
}

} // namespace

class TestConnectionDoctor : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void good();
    void goodThroughARouterByName();
    void setUps_data();
    void setUps();
    void noTwoAreTheSame();
    void stopsAtOnce();
    void reportHoldsNoPassword();

private:
    using Make = std::function<void(TestConnectionDoctor &, DoctorRequest &)>;
    struct SetUp
    {
        const char *name;
        DoctorLayer layer;
        QStringList causes; ///< more than one where the machine decides
        DoctorRemedy remedy;
        Make make;
    };
    static QList<SetUp> networkSetUps();
    static QList<SetUp> tlsSetUps();
    static QList<SetUp> loginSetUps();
    static QList<SetUp> databaseSetUps();
    static QList<SetUp> renderSetUps();
    static QList<QList<SetUp>> allSetUps()
    {
        return {networkSetUps(), tlsSetUps(), loginSetUps(), databaseSetUps(), renderSetUps()};
    }

    template <class T, class... Arguments>
    T &keep(Arguments &&...arguments)
    {
        auto made = std::make_shared<T>(std::forward<Arguments>(arguments)...);
        m_kept.push_back(made);
        return *made;
    }
    void serve(DoctorRequest &request, const ScriptedServer::Script &script);
    void certificate(DoctorRequest &request, const char *name);
    void render(DoctorRequest &request, const QJsonObject &members, const QByteArray &status = "200 OK");
    void access(const QByteArray &lines);
    TemporaryCluster &cluster(const QMap<QString, QString> &settings = {}, int major = 0);
    void afterwards(const QString &sql, const QString &database = QStringLiteral("postgres"))
    {
        m_undo.prepend([this, sql, database] { m_cluster.psql(sql, database); });
    }
    DoctorRequest plainRequest() { return {m_cluster.spec(), {}, {}, {}, 0, {}, {}, std::chrono::seconds(2), {}, {}}; }

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    Certificates m_certificates;
    std::vector<std::shared_ptr<void>> m_kept;
    QList<std::function<void()>> m_undo;
    QMap<QString, QString> m_texts; ///< of the set-ups, by their adapted diagnosis
};

void TestConnectionDoctor::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    QVERIFY2(m_certificates.make(m_folder.path()), qPrintable(m_certificates.problem()));
    setSystemRootsFolder(m_folder.filePath(QStringLiteral("roots")));
    m_cluster.spec();
}

void TestConnectionDoctor::cleanup()
{
    for (const auto &undo : std::as_const(m_undo)) {
        undo();
    }
    m_undo.clear();
    while (!m_kept.empty()) {
        m_kept.pop_back();
    }
}

void TestConnectionDoctor::serve(DoctorRequest &request, const ScriptedServer::Script &script)
{
    request.spec.parameters.port = keep<ScriptedServer>(script).port();
}

/// The real server, over TLS, by name.
void TestConnectionDoctor::certificate(DoctorRequest &request, const char *name)
{
    QVERIFY(serveCertificate(m_cluster, m_folder.path(), QString::fromLatin1(name)));
    m_undo.append([this] { QVERIFY(serveCertificate(m_cluster, m_folder.path(), {})); });
    request.spec.parameters.host = QStringLiteral("localhost");
    request.spec.parameters.tls = TlsMode::Verified;
    request.spec.parameters.rootCertificateFile = m_certificates.authority();
}

/// An API that knows the instance, with these members other than usual.
void TestConnectionDoctor::render(DoctorRequest &request, const QJsonObject &members, const QByteArray &status)
{
    const int port = keep<ScriptedServer>(httpAnswer(instanceJson(members), status)).port();
    request.render = RenderAccess{QUrl(QStringLiteral("http://127.0.0.1:%1/v1").arg(port)),
                                  Secret(QStringLiteral("rnd_only_for_this_test"))};
    request.renderId = scriptedInstanceId;
}

/// Puts lines before those of pg_hba.conf.
void TestConnectionDoctor::access(const QByteArray &lines)
{
    const QString path = m_cluster.psql(QStringLiteral("SHOW hba_file"));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray before = file.readAll();
    file.close();
    const auto write = [this, path](const QByteArray &content) {
        QFile out(path);
        QVERIFY(out.open(QIODevice::WriteOnly) && out.write(content) == content.size());
        out.close();
        static int round = 200;
        const QString mark = QString::number(++round);
        m_cluster.psql(QStringLiteral("ALTER SYSTEM SET vacuum_cost_limit = %1;\nSELECT pg_reload_conf();").arg(mark));
        QTRY_COMPARE(m_cluster.psql(QStringLiteral("SHOW vacuum_cost_limit")), mark);
    };
    write(lines + '\n' + before);
    m_undo.append([write, before] { write(before); });
}

TemporaryCluster &TestConnectionDoctor::cluster(const QMap<QString, QString> &settings, int major)
{
    TemporaryCluster &made = keep<TemporaryCluster>(settings, major);
    if (!made.start()) {
        qFatal("%s", qPrintable(made.problem()));
    }
    return made;
}

QList<TestConnectionDoctor::SetUp> TestConnectionDoctor::networkSetUps()
{
    using L = DoctorLayer;
    using R = DoctorRemedy;
    return {
        {"unknown host",
         L::Name,
         {"host-unknown", "name-server-silent"},
         R::None,
         [](auto &, auto &request) { request.spec.parameters.host = QStringLiteral("no-such-host.invalid"); }},
        {"internal host",
         L::Name,
         {"internal-host"},
         R::ChooseRegion,
         [](auto &, auto &request) { request.spec.parameters.host = QStringLiteral("dpg-c0ffee00000000000002-a"); }},
        {"port refused",
         L::Tcp,
         {"port-refused"},
         R::EditConnection,
         [](auto &, auto &request) { request.spec.parameters.port = ScriptedServer([](int) {}).port(); }},
        {"packets dropped",
         L::Tcp,
         {"no-answer"},
         R::TryAgain,
         [](auto &test, auto &request) {
             request.spec.parameters.port = test.template keep<SilentPort>().port();
             request.patience = std::chrono::milliseconds(400);
         }},
        {"no way there",
         L::Tcp,
         {"unreachable"},
         R::TryAgain,
         [](auto &, auto &request) { request.spec.parameters.host = QStringLiteral("255.255.255.255"); }},
        {"no socket file",
         L::Tcp,
         {"no-socket"},
         R::TryAgain,
         [](auto &test, auto &request) { request.spec.parameters.host = test.m_folder.path(); }},
        {"web server",
         L::Tls,
         {"web-server"},
         R::EditConnection,
         [](auto &test, auto &request) {
             test.serve(request, [](int socket) {
                 ScriptedServer::readUntil(socket, "\r\n\r\n");
                 ScriptedServer::write(socket, "HTTP/1.0 404 Not Found\r\n\r\n");
             });
             request.patience = std::chrono::milliseconds(400);
         }},
        {"another service",
         L::Tls,
         {"not-postgres"},
         R::EditConnection,
         [](auto &test, auto &request) {
             test.serve(request, [](int socket) {
                 ScriptedServer::write(socket, "SSH-2.0-OpenSSH_9.2\r\n");
                 ScriptedServer::waitForEnd(socket);
             });
         }},
        {"silent server",
         L::Tls,
         {"silent"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.serve(request, ScriptedServer::waitForEnd);
             request.patience = std::chrono::milliseconds(400);
         }},
        {"closed at once",
         L::Tls,
         {"closed-before-tls"},
         R::TryAgain,
         [](auto &test, auto &request) { test.serve(request, keepNothing); }},
        {"closed at once, on Render without a key",
         L::Tls,
         {"closed-before-tls"},
         R::OpenDashboard,
         [](auto &test, auto &request) {
             test.serve(request, keepNothing);
             request.renderId = QStringLiteral("dpg-c0ffee00000000000002-a");
         }},
        {"closed at once, expired as Render had said",
         L::Instance,
         {"expired"},
         R::OpenDashboard,
         [](auto &test, auto &request) {
             test.serve(request, keepNothing);
             request.renderId = QStringLiteral("dpg-c0ffee00000000000002-a");
             request.expiresAt = QDateTime::currentDateTimeUtc().addDays(-1);
         }},
        {"closed at once, expired by its creation date",
         L::Tls,
         {"closed-before-tls"},
         R::OpenDashboard,
         [](auto &test, auto &request) {
             test.serve(request, keepNothing);
             request.renderId = QStringLiteral("dpg-c0ffee00000000000002-a");
             request.createdOn = QDate::currentDate().addDays(-31);
         }},
    };
}

QList<TestConnectionDoctor::SetUp> TestConnectionDoctor::tlsSetUps()
{
    using L = DoctorLayer;
    using R = DoctorRemedy;
    const auto withClock = [](TestConnectionDoctor &test, DoctorRequest &request, qint64 ahead) {
        const auto date = [ahead] {
            return QLocale::c().toString(QDateTime::currentDateTimeUtc().addSecs(ahead),
                                         QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"));
        };
        const int port = test.keep<ScriptedServer>([date](int socket) {
                                 ScriptedServer::readUntil(socket, "\r\n\r\n");
                                 ScriptedServer::write(socket, "HTTP/1.1 200 OK\r\nDate: " + date().toLatin1() +
                                                                   "\r\nContent-Length: 0\r\n\r\n");
                             })
                             .port();
        request.clock = QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(port));
    };
    return {
        {"server without encryption",
         L::Tls,
         {"no-tls"},
         R::EditConnection,
         [](auto &, auto &request) {
             request.spec.parameters.host = QStringLiteral("localhost");
             request.spec.parameters.tls = TlsMode::Verified;
         }},
        {"closed in the handshake",
         L::Tls,
         {"closed-in-tls"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.serve(request, endHandshake);
             request.spec.parameters.host = QStringLiteral("localhost");
         }},
        {"server that needs the name, reached by address",
         L::Tls,
         {"address-instead-of-name"},
         R::EditConnection,
         [](auto &test, auto &request) {
             test.certificate(request, "good");
             test.serve(request, [port = test.m_cluster.port()](int socket) { routeByName(socket, port); });
             request.spec.parameters.host = QStringLiteral("127.0.0.1");
         }},
        {"certificate of another host",
         L::Tls,
         {"certificate-wrong-host"},
         R::EditConnection,
         [](auto &test, auto &request) { test.certificate(request, "wrong-name"); }},
        {"certificate expired",
         L::Tls,
         {"certificate-expired"},
         R::TryAgain,
         [withClock](auto &test, auto &request) {
             test.certificate(request, "expired");
             withClock(test, request, 0);
         }},
        {"certificate not yet valid",
         L::Tls,
         {"certificate-not-yet-valid"},
         R::TryAgain,
         [withClock](auto &test, auto &request) {
             test.certificate(request, "not-yet-valid");
             withClock(test, request, 0);
         }},
        {"certificate expired, no clock to be asked",
         L::Tls,
         {"certificate-expired"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.certificate(request, "expired");
             request.clock = QUrl(QStringLiteral("http://127.0.0.1:%1/").arg(ScriptedServer([](int) {}).port()));
         }},
        {"this computer's clock is slow",
         L::Tls,
         {"wrong-clock"},
         R::CopyCommand,
         [withClock](auto &test, auto &request) {
             test.certificate(request, "not-yet-valid");
             withClock(test, request, qint64(400) * 86400);
         }},
        {"this computer's clock is fast",
         L::Tls,
         {"wrong-clock"},
         R::CopyCommand,
         [withClock](auto &test, auto &request) {
             test.certificate(request, "expired");
             withClock(test, request, -qint64(400) * 86400);
         }},
        {"certificate self-signed",
         L::Tls,
         {"certificate-self-signed"},
         R::None,
         [](auto &test, auto &request) { test.certificate(request, "self-signed"); }},
        {"authority not known",
         L::Tls,
         {"certificate-unknown-authority"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.certificate(request, "good");
             request.spec.parameters.rootCertificateFile.clear();
         }},
        {"certificate not checked",
         L::Tls,
         {"not-verified"},
         R::TurnOnTls,
         [](auto &test, auto &request) {
             test.certificate(request, "good");
             request.spec.parameters.tls = TlsMode::Unverified;
         }},
        {"only TLS 1.1",
         L::Tls,
         {"tls-too-old"},
         R::None,
         [](auto &test, auto &request) {
             test.m_cluster.psql(QStringLiteral("ALTER SYSTEM SET ssl_min_protocol_version = 'TLSv1';\n"
                                                "ALTER SYSTEM SET ssl_max_protocol_version = 'TLSv1.1';\n"
                                                "ALTER SYSTEM SET ssl_ciphers = 'ALL:@SECLEVEL=0'"));
             test.certificate(request, "good");
             test.afterwards(QStringLiteral("ALTER SYSTEM RESET ssl_min_protocol_version;\n"
                                            "ALTER SYSTEM RESET ssl_max_protocol_version;\n"
                                            "ALTER SYSTEM RESET ssl_ciphers"));
         }},
    };
}

QList<TestConnectionDoctor::SetUp> TestConnectionDoctor::loginSetUps()
{
    using L = DoctorLayer;
    using R = DoctorRemedy;
    return {
        {"wrong password",
         L::Login,
         {"wrong-password"},
         R::EnterPassword,
         [](auto &, auto &request) { request.spec.password = Secret(QStringLiteral("not the right one")); }},
        {"no password",
         L::Login,
         {"no-password"},
         R::EnterPassword,
         [](auto &, auto &request) { request.spec.password = {}; }},
        {"unknown user",
         L::Login,
         {"unknown-user"},
         R::EnterPassword,
         [](auto &test, auto &request) {
             test.access("host all nobody_at_all 127.0.0.1/32 trust");
             request.spec.parameters.user = QStringLiteral("nobody_at_all");
         }},
        {"rules refuse plain connections",
         L::Login,
         {"hba-needs-tls"},
         R::TurnOnTls,
         [](auto &test, auto &) { test.access("hostnossl all all 127.0.0.1/32 reject"); }},
        {"rules refuse this user",
         L::Login,
         {"hba-refuses"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.certificate(request, "good");
             test.access("host test my_database_user 127.0.0.1/32 reject\nhost test my_database_user ::1/128 reject");
         }},
        {"Render's word for plain connections",
         L::Login,
         {"tls-required"},
         R::TurnOnTls,
         [](auto &test, auto &request) {
             test.serve(request, [](int socket) { refuseInPlain(socket, "28000", "SSL/TLS required"); });
         }},
        {"closed at the login",
         L::Login,
         {"closed-at-login"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.serve(request, [](int socket) {
                 ScriptedServer::read(socket, 8);
                 ScriptedServer::write(socket, "N");
                 ScriptedServer::read(socket, 20);
             });
         }},
        {"too many connections",
         L::Login,
         {"too-many-connections"},
         R::TryAgain,
         [](auto &test, auto &request) {
             auto &small = test.cluster({{QStringLiteral("max_connections"), QStringLiteral("5")},
                                         {QStringLiteral("superuser_reserved_connections"), QStringLiteral("3")},
                                         {QStringLiteral("max_wal_senders"), QStringLiteral("0")}});
             request.spec = small.spec();
             for (int i = 0; i < 2; ++i) {
                 auto open = DatabaseConnection::open(request.spec);
                 QVERIFY(open);
                 test.m_kept.push_back(std::shared_ptr<DatabaseConnection>(std::move(*open)));
             }
         }},
        {"user's limit of connections",
         L::Login,
         {"user-full"},
         R::TryAgain,
         [](auto &test, auto &) {
             test.m_cluster.psql(QStringLiteral("ALTER ROLE my_database_user CONNECTION LIMIT 0"));
             test.afterwards(QStringLiteral("ALTER ROLE my_database_user CONNECTION LIMIT -1"));
         }},
        {"database's limit of connections",
         L::Login,
         {"database-full"},
         R::TryAgain,
         [](auto &test, auto &) {
             test.m_cluster.psql(QStringLiteral("ALTER DATABASE test CONNECTION LIMIT 0"));
             test.afterwards(QStringLiteral("ALTER DATABASE test CONNECTION LIMIT -1"));
         }},
        {"shutting down",
         L::Login,
         {"shutting-down"},
         R::TryAgain,
         [](auto &test, auto &request) {
             auto &leaving = test.cluster();
             request.spec = leaving.spec();
             auto open = DatabaseConnection::open(request.spec);
             QVERIFY(open);
             test.m_kept.push_back(std::shared_ptr<DatabaseConnection>(std::move(*open)));
             ::kill(pid_t(leaving.cluster().status().serverPid), SIGTERM); // waits for the session to end
             QTRY_VERIFY(!DatabaseConnection::open(request.spec));
         }},
        {"repairing itself after a crash",
         L::Login,
         {"recovering"},
         R::TryAgain,
         [](auto &test, auto &request) {
             auto &crashed = test.cluster({{QStringLiteral("restore_command"), QStringLiteral("sleep 600; false")}});
             request.spec = crashed.spec();
             const QString folder = crashed.psql(QStringLiteral("SHOW data_directory"));
             const QByteArray mark = QFile::encodeName(folder + QStringLiteral("/recovery.signal"));
             struct stat owner = {};
             QFile file(QString::fromLocal8Bit(mark));
             QVERIFY(file.open(QIODevice::WriteOnly));
             file.close();
             QVERIFY(::stat(QFile::encodeName(folder).constData(), &owner) == 0);
             QVERIFY(::chown(mark.constData(), owner.st_uid, owner.st_gid) == 0);
             const auto victim = DatabaseConnection::open(request.spec);
             QVERIFY(victim);
             ::kill((*victim)->server().backendPid, SIGKILL);
             QTRY_VERIFY(DatabaseConnection::open(request.spec).map_error([](const Error &e) { return e.sqlState; }) ==
                         tl::unexpected<QByteArray>(QByteArray("57P03")));
         }},
        {"starting up",
         L::Login,
         {"starting-up"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.serve(request,
                        [](int socket) { refuseInPlain(socket, "57P03", "the database system is starting up"); });
         }},
    };
}

QList<TestConnectionDoctor::SetUp> TestConnectionDoctor::databaseSetUps()
{
    using L = DoctorLayer;
    using R = DoctorRemedy;
    return {
        {"no such database",
         L::Database,
         {"missing-database"},
         R::UseDatabase,
         [](auto &, auto &request) { request.spec.parameters.database = QStringLiteral("birds_of_old"); }},
        {"Render's suffix in the name",
         L::Database,
         {"suffixed-database"},
         R::UseDatabase,
         [](auto &test, auto &request) {
             QVERIFY(test.m_cluster.createDatabase(QStringLiteral("class_db_x7ka")));
             test.afterwards(QStringLiteral("DROP DATABASE class_db_x7ka"));
             request.spec.parameters.database = QStringLiteral("class_db");
             request.renderId = QStringLiteral("dpg-c0ffee00000000000002-a");
         }},
        {"no right to connect",
         L::Database,
         {"no-connect-right"},
         R::CopyCommand,
         [](auto &test, auto &request) {
             test.m_cluster.psql(QStringLiteral("CREATE DATABASE foreign_one;\n"
                                                "REVOKE CONNECT ON DATABASE foreign_one FROM PUBLIC"));
             test.afterwards(QStringLiteral("DROP DATABASE foreign_one"));
             request.spec.parameters.database = QStringLiteral("foreign_one");
         }},
        {"database closed",
         L::Database,
         {"database-closed"},
         R::CopyCommand,
         [](auto &test, auto &) {
             test.m_cluster.psql(QStringLiteral("ALTER DATABASE test ALLOW_CONNECTIONS false"));
             test.afterwards(QStringLiteral("ALTER DATABASE test ALLOW_CONNECTIONS true"));
         }},
        {"connections nearly used up",
         L::Database,
         {"nearly-full"},
         R::TryAgain,
         [](auto &test, auto &request) {
             auto &small = test.cluster({{QStringLiteral("max_connections"), QStringLiteral("5")},
                                         {QStringLiteral("superuser_reserved_connections"), QStringLiteral("0")},
                                         {QStringLiteral("max_wal_senders"), QStringLiteral("0")}});
             request.spec = small.spec();
             for (int i = 0; i < 4; ++i) {
                 auto open = DatabaseConnection::open(request.spec);
                 QVERIFY(open);
                 test.m_kept.push_back(std::shared_ptr<DatabaseConnection>(std::move(*open)));
             }
         }},
        {"database only to be read",
         L::Rights,
         {"read-only"},
         R::CopyCommand,
         [](auto &test, auto &) {
             test.m_cluster.psql(QStringLiteral("ALTER DATABASE test SET default_transaction_read_only = on"));
             test.afterwards(QStringLiteral("SET default_transaction_read_only = off;\n"
                                            "ALTER DATABASE test RESET default_transaction_read_only"));
         }},
        {"server only to be read",
         L::Rights,
         {"read-only"},
         R::CopyCommand,
         [](auto &test, auto &request) {
             auto &frozen = test.cluster();
             request.spec = frozen.spec();
             frozen.psql(
                 QStringLiteral("ALTER SYSTEM SET default_transaction_read_only = on;\nSELECT pg_reload_conf()"));
             QTRY_COMPARE(frozen.psql(QStringLiteral("SHOW default_transaction_read_only")), QStringLiteral("on"));
         }},
        {"no right to create",
         L::Rights,
         {"no-create"},
         R::CopyCommand,
         [](auto &test, auto &request) {
             test.m_cluster.psql(QStringLiteral("CREATE DATABASE somebody_s"));
             test.afterwards(QStringLiteral("DROP DATABASE somebody_s"));
             request.spec.parameters.database = QStringLiteral("somebody_s");
         }},
        {"no right to create databases",
         L::Rights,
         {"no-createdb"},
         R::CopyCommand,
         [](auto &test, auto &) {
             test.m_cluster.psql(QStringLiteral("ALTER ROLE my_database_user NOCREATEDB"));
             test.afterwards(QStringLiteral("ALTER ROLE my_database_user CREATEDB"));
         }},
        {"tools older than the server",
         L::Versions,
         {"tools-too-old"},
         R::CopyCommand,
         [](auto &test, auto &request) { request.spec = test.cluster({}, otherServers().last()).spec(); }},
    };
}

QList<TestConnectionDoctor::SetUp> TestConnectionDoctor::renderSetUps()
{
    using L = DoctorLayer;
    using R = DoctorRemedy;
    const auto allowing = [](const QString &range) {
        return QJsonObject{{QStringLiteral("ipAllowList"),
                            QJsonArray{QJsonObject{{QStringLiteral("cidrBlock"), range},
                                                   {QStringLiteral("description"), QStringLiteral("school")}}}}};
    };
    const auto inDays = [](int days) {
        return QJsonObject{
            {QStringLiteral("expiresAt"), QDateTime::currentDateTimeUtc().addDays(days).toString(Qt::ISODateWithMs)}};
    };
    const auto suspendedBy = [](const QString &who) {
        return QJsonObject{{QStringLiteral("status"), QStringLiteral("suspended")},
                           {QStringLiteral("suspended"), QStringLiteral("suspended")},
                           {QStringLiteral("suspenders"), QJsonArray{who}}};
    };
    const auto closedWith = [](const QJsonObject &members) -> Make {
        return [members](auto &test, auto &request) {
            test.serve(request, keepNothing);
            test.render(request, members);
        };
    };
    return {
        {"internal host, region known",
         L::Name,
         {"internal-host"},
         R::UseExternalHost,
         [](auto &test, auto &request) {
             test.render(request, {});
             request.spec.parameters.host = QStringLiteral("dpg-c0ffee00000000000002-a");
         }},
        {"not on the list of allowed addresses",
         L::Instance,
         {"not-on-allow-list"},
         R::AddMyAddress,
         closedWith(allowing(QStringLiteral("198.51.100.0/24")))},
        {"list of allowed addresses empty",
         L::Instance,
         {"allow-list-empty"},
         R::AddMyAddress,
         closedWith({{QStringLiteral("ipAllowList"), QJsonValue::Null}})},
        {"suspended by the user",
         L::Instance,
         {"suspended"},
         R::ResumeInstance,
         closedWith(suspendedBy(QStringLiteral("user")))},
        {"suspended for a bill",
         L::Instance,
         {"suspended-billing"},
         R::OpenDashboard,
         closedWith(suspendedBy(QStringLiteral("billing")))},
        {"suspended by Render",
         L::Instance,
         {"suspended-by-render"},
         R::OpenDashboard,
         closedWith(suspendedBy(QStringLiteral("admin")))},
        {"erased after its expiry", L::Instance, {"expired"}, R::OpenDashboard, closedWith(inDays(-20))},
        {"being created",
         L::Instance,
         {"creating"},
         R::TryAgain,
         closedWith({{QStringLiteral("status"), QStringLiteral("creating")}})},
        {"being repaired",
         L::Tls,
         {"closed-before-tls"},
         R::None,
         closedWith({{QStringLiteral("status"), QStringLiteral("recovery_in_progress")}})},
        {"closed although Render says it is fine", L::Tls, {"closed-before-tls"}, R::TryAgain, closedWith({})},
        {"deleted",
         L::Instance,
         {"deleted"},
         R::OpenDashboard,
         [](auto &test, auto &request) {
             test.serve(request, keepNothing);
             test.render(request,
                         {{QStringLiteral("message"), QStringLiteral("not found: dpg-c0ffee00000000000002-a")}},
                         "404 Not Found");
         }},
        {"key refused",
         L::Instance,
         {"render-not-asked"},
         R::TryAgain,
         [](auto &test, auto &request) {
             test.render(request, {{QStringLiteral("message"), QStringLiteral("Unauthorized")}}, "401 Unauthorized");
         }},
        {"wrong password, key known",
         L::Login,
         {"wrong-password"},
         R::FetchPassword,
         [](auto &test, auto &request) {
             test.render(request, {});
             request.spec.password = Secret(QStringLiteral("not the right one"));
         }},
        {"another user than Render's",
         L::Login,
         {"wrong-user"},
         R::EditConnection,
         [](auto &test, auto &request) {
             test.render(request, {});
             request.spec.parameters.user = QStringLiteral("somebody_else");
         }},
    };
}

void TestConnectionDoctor::good()
{
    DoctorRequest request = plainRequest();
    QList<DoctorLayer> told;
    request.found = [&told](const DoctorFinding &finding) { told += finding.layer; };
    JobContext context;
    const auto report = examineConnection(request, context);
    QVERIFY(report);
    QVERIFY2(report->isGood() && !report->problem(), qPrintable(report->text()));
    QCOMPARE(report->findings.size(), 8);
    QCOMPARE(told.size(), 8);
    QCOMPARE(report->of(DoctorLayer::Instance)->verdict, DoctorVerdict::Skipped);
    QCOMPARE(report->of(DoctorLayer::Login)->verdict, DoctorVerdict::Good);
}

void TestConnectionDoctor::goodThroughARouterByName()
{
    DoctorRequest request = plainRequest();
    certificate(request, "good");
    serve(request, [port = m_cluster.port()](int socket) { routeByName(socket, port); });
    JobContext context;
    const auto report = examineConnection(request, context);
    QVERIFY(report);
    // The login, too, came through: libpq sends the name.
    QVERIFY2(report->isGood() && !report->problem(), qPrintable(report->text()));
    QVERIFY(report->of(DoctorLayer::Tls)->found.contains(QStringLiteral("localhost")));
}

void TestConnectionDoctor::setUps_data()
{
    QTest::addColumn<int>("group");
    QTest::addColumn<int>("index");
    int group = 0;
    const QList<QList<SetUp>> groups = allSetUps();
    for (const auto &setUps : groups) {
        for (int i = 0; i < setUps.size(); ++i) {
            QTest::newRow(setUps.at(i).name) << group << i;
        }
        ++group;
    }
}

void TestConnectionDoctor::setUps()
{
    QFETCH(int, group);
    QFETCH(int, index);
    const SetUp setUp = allSetUps().at(group).at(index);
    DoctorRequest request = plainRequest();
    setUp.make(*this, request);
    JobContext context;
    const auto report = examineConnection(request, context);
    QVERIFY(report);
    const DoctorFinding *problem = report->problem();
    QVERIFY2(problem, qPrintable(report->text()));
    QVERIFY2(setUp.causes.contains(problem->cause), qPrintable(problem->cause + u'\n' + report->text()));
    QCOMPARE(layerId(problem->layer), layerId(setUp.layer));
    if (setUp.remedy != DoctorRemedy::None || setUp.causes.size() == 1) {
        QCOMPARE(remedyId(problem->remedy), remedyId(setUp.remedy));
    }
    QVERIFY(!problem->found.isEmpty() && !problem->why.isEmpty() && !problem->advice.isEmpty());
    QCOMPARE(problem->remedy == DoctorRemedy::CopyCommand, !problem->command.isEmpty());
    const bool mayUse = problem->remedy == DoctorRemedy::UseDatabase || problem->remedy == DoctorRemedy::ChooseRegion;
    QVERIFY(!mayUse || !problem->choices.isEmpty());
    if (problem->remedy == DoctorRemedy::UseExternalHost) {
        QCOMPARE(problem->corrected.host, scriptedInstanceId + QStringLiteral(".frankfurt-postgres.render.com"));
    } else if (problem->cause == u"suffixed-database") {
        QCOMPARE(problem->corrected.database, QStringLiteral("class_db_x7ka"));
    }
    const QString text = adaptedText(*problem);
    QVERIFY2(!m_texts.contains(text), qPrintable(m_texts.value(text) + u'\n' + text));
    m_texts.insert(text, QString::fromLatin1(QTest::currentDataTag()));
}

void TestConnectionDoctor::noTwoAreTheSame()
{
    qsizetype count = 0;
    const QList<QList<SetUp>> groups = allSetUps();
    for (const auto &setUps : groups) {
        count += setUps.size();
    }
    QVERIFY(count >= 15);
    QCOMPARE(m_texts.size(), count);
}

void TestConnectionDoctor::stopsAtOnce()
{
    DoctorRequest request = plainRequest();
    request.patience = std::chrono::minutes(5);
    std::stop_source stop;
    ScriptedServer server([&stop](int socket) {
        stop.request_stop();
        ScriptedServer::waitForEnd(socket);
    });
    request.spec.parameters.port = server.port();
    JobContext context(stop.get_token());
    QElapsedTimer timer;
    timer.start();
    const auto report = examineConnection(request, context);
    QVERIFY(!report && report.error().isCancelled());
    QVERIFY(timer.elapsed() < 5000);
}

void TestConnectionDoctor::reportHoldsNoPassword()
{
    DoctorRequest request = plainRequest();
    request.spec.password = Secret(QStringLiteral("hunter2-and-more"));
    JobContext context;
    const auto report = examineConnection(request, context);
    QVERIFY(report && report->problem());
    const QString all = report->text() + QString::fromUtf8(QJsonDocument(report->json()).toJson());
    QVERIFY(!all.contains(QStringLiteral("hunter2")));
    QVERIFY(all.contains(QStringLiteral("wrong-password")));
}

QTEST_GUILESS_MAIN(TestConnectionDoctor)
#include "tst_connectiondoctor.moc"
