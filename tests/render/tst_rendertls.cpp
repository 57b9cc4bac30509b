#include "render/renderclient.h"
#include "support/certificates.h"
#include "support/scriptedhttp.h"

#include <QFile>
#include <QLocale>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QTemporaryDir>
#include <QTest>

using namespace Roost;
using Roost::Testing::Certificates;
using Roost::Testing::ScriptedHttp;
using std::chrono::milliseconds;

namespace {

const QString dpg = QStringLiteral("dpg-c0ffee00000000000002-a");

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray dateIn(qint64 seconds)
{
    return QLocale::c()
        .toString(QDateTime::currentDateTimeUtc().addSecs(seconds), QStringLiteral("ddd, dd MMM yyyy hh:mm:ss 'GMT'"))
        .toLatin1();
}

} // namespace

class TestRenderTls : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase()
    {
        QVERIFY2(m_certificates.make(m_folder.path()), qPrintable(m_certificates.problem()));
        QSslConfiguration trusting = QSslConfiguration::defaultConfiguration();
        trusting.addCaCertificate(QSslCertificate(contentOf(m_certificates.authority())));
        QSslConfiguration::setDefaultConfiguration(trusting);
    }

    void aProvenServerIsSpokenTo()
    {
        ScriptedHttp server(tls(Certificates::Kind::Good));
        server.route("GET /v1/users", {200, R"({"name":"Ada"})"});
        RenderClient client = make(server);
        const auto user = client.user();
        QVERIFY2(user.has_value(), qPrintable(user ? QString() : user.error().message + user.error().detail));
        server.queue({204, {}});
        QVERIFY(client.deleteInstance(dpg).has_value());
        server.queue({204, {}, {}, Roost::Testing::ScriptedAnswer::End::CutBefore});
        QCOMPARE(client.deleteInstance(dpg).error().code, ErrorCode::OutcomeUnknown);
        QCOMPARE(server.count("DELETE"), 2);
    }

    void anyOtherGetsNothing_data()
    {
        QTest::addColumn<Certificates::Kind>("kind");
        QTest::addColumn<QString>("says");
        QTest::newRow("wrong name") << Certificates::Kind::WrongName << "host name";
        QTest::newRow("expired") << Certificates::Kind::Expired << "expired";
        QTest::newRow("self-signed") << Certificates::Kind::SelfSigned << "self-signed";
    }

    void anyOtherGetsNothing()
    {
        QFETCH(Certificates::Kind, kind);
        QFETCH(QString, says);
        ScriptedHttp server(tls(kind));
        server.route("HEAD /v1", {404, {}, {{"Date", dateIn(0)}}});
        RenderClient client = make(server);
        for (const Error &error : {client.user().error(), client.deleteInstance(dpg).error()}) {
            QCOMPARE(error.code, ErrorCode::TlsFailed);
            QVERIFY2(error.message.contains(says, Qt::CaseInsensitive), qPrintable(error.message));
            QVERIFY2(!error.message.contains("clock"), qPrintable(error.message));
        }
        const auto asked = server.requests();
        for (const auto &request : asked) { // for its time at most, and without the key
            QCOMPARE(request.verb, "HEAD");
            QVERIFY(!request.headers.contains("authorization"));
        }
        QCOMPARE(server.count("HEAD"), kind == Certificates::Kind::Expired ? 2 : 0);
    }

    /// To a computer whose clock is years ahead, every certificate has expired.
    void aWrongClockIsNoticed()
    {
        ScriptedHttp server(tls(Certificates::Kind::Expired));
        server.route("HEAD /v1", {404, {}, {{"Date", dateIn(-3 * 365 * 86400)}}});
        RenderClient client = make(server);
        const auto user = client.user();
        QCOMPARE(user.error().code, ErrorCode::TlsFailed);
        QVERIFY2(user.error().message.contains("clock shows"), qPrintable(user.error().message));
    }

    /// The way out is the system's, and what is on this computer needs none.
    void aProxyIsAskedExceptForLoopback()
    {
        ScriptedHttp proxy;
        ScriptedHttp server;
        server.route("GET /v1/users", {200, R"({"name":"Ada"})"});
        const QByteArray address = "http://127.0.0.1:" + QByteArray::number(proxy.port());
        qputenv("https_proxy", address);
        qputenv("http_proxy", address);
        qunsetenv("no_proxy");
        RenderClient local = make(server);
        const bool isLocal = local.user().has_value();
        RenderClient far({QUrl("https://api.render.invalid/v1"), Secret("rnd_abcdefgh")}, {},
                         {milliseconds(3000), milliseconds(2), milliseconds(20000), milliseconds(3000)});
        const auto gone = far.deleteInstance(dpg);
        qunsetenv("https_proxy");
        qunsetenv("http_proxy");
        QVERIFY(isLocal);
        QVERIFY(proxy.count() > 0);
        QCOMPARE(gone.error().code, ErrorCode::ConnectionFailed);
        const auto asked = proxy.requests();
        for (const auto &request : asked) {
            QCOMPARE(request.verb, "CONNECT");
            QCOMPARE(request.target, "api.render.invalid:443");
            QVERIFY(!request.headers.contains("authorization"));
        }
    }

private:
    QSslConfiguration tls(Certificates::Kind kind) const
    {
        const QString file = m_folder.filePath(Certificates::name(kind));
        QSslConfiguration configuration;
        configuration.setLocalCertificate(QSslCertificate(contentOf(file + ".crt")));
        configuration.setPrivateKey(QSslKey(contentOf(file + ".key"), QSsl::Ec));
        return configuration;
    }

    static RenderClient make(const ScriptedHttp &server)
    {
        return RenderClient({server.url(), Secret("rnd_abcdefgh")}, {},
                            {milliseconds(3000), milliseconds(2), milliseconds(20000), milliseconds(3000)});
    }

    QTemporaryDir m_folder;
    Certificates m_certificates;
};

QTEST_GUILESS_MAIN(TestRenderTls)
#include "tst_rendertls.moc"
