#include "postgres/connectionstring.h"

#include <QRandomGenerator>
#include <QTest>
#include <QUrl>

#include <libpq-fe.h>

#include <memory>

using namespace Roost;

namespace {

constexpr auto canary = "C4n4ryS3cret";
const QString dpg = QStringLiteral("dpg-c0ffee00000000000002-a");
const QString renderHost = dpg + QStringLiteral(".oregon-postgres.render.com");

struct Libpq
{
    bool isFine = false;
    QString host, port, user, password, database;
};

Libpq readByLibpq(const QString &url)
{
    char *problem = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(url.toUtf8().constData(), &problem), &PQconninfoFree);
    PQfreemem(problem);
    Libpq result;
    result.isFine = bool(options);
    for (const PQconninfoOption *option = options.get(); option && option->keyword; ++option) {
        const QHash<QByteArray, QString *> places{{"host", &result.host},
                                                  {"port", &result.port},
                                                  {"user", &result.user},
                                                  {"password", &result.password},
                                                  {"dbname", &result.database}};
        if (QString *place = places.value(option->keyword)) {
            *place = QString::fromUtf8(option->val);
        }
    }
    return result;
}

ConnectionSpec specOf(const ParsedConnection &parsed)
{
    return {parsed.parameters, parsed.password};
}

} // namespace

class TestConnectionString : public QObject
{
    Q_OBJECT

private slots:
    void goodFormsGiveTheSame_data();
    void goodFormsGiveTheSame();
    void refusals_data();
    void refusals();
    void settlesTls_data();
    void settlesTls();
    void noticesSayWhatWasDone();
    void internalUrlAsksForTheRegion();
    void readsOtherHosts();
    void offersThePercentEncodedForm_data();
    void offersThePercentEncodedForm();
    void writesTheFormsOfRender();
    void everyFormComesBack();
    void agreesWithLibpq();
    void knowsRenderHosts();
};

void TestConnectionString::goodFormsGiveTheSame_data()
{
    QTest::addColumn<QString>("text");
    const QString tail = QStringLiteral("bird:S3cr3tPw@") + renderHost;
    const QString url = QStringLiteral("postgresql://") + tail + QStringLiteral("/nest");
    const auto row = [](const char *name, const QString &text) { QTest::newRow(name) << text; };

    row("external", url);
    row("with port", QStringLiteral("postgresql://") + tail + QStringLiteral(":5432/nest"));
    row("postgres", QStringLiteral("postgres://") + tail + QStringLiteral("/nest"));
    row("upper case scheme", QStringLiteral("POSTGRES://") + tail + QStringLiteral("/nest"));
    row("mixed case scheme", QStringLiteral("Postgresql://") + tail + QStringLiteral("/nest"));
    row("upper case host",
        QStringLiteral("postgresql://bird:S3cr3tPw@") + renderHost.toUpper() + QStringLiteral("/nest"));
    row("psycopg2", QStringLiteral("postgresql+psycopg2://") + tail + QStringLiteral("/nest"));
    row("psycopg", QStringLiteral("postgresql+psycopg://") + tail + QStringLiteral("/nest"));
    row("asyncpg", QStringLiteral("postgresql+asyncpg://") + tail + QStringLiteral("/nest"));
    row("pg8000", QStringLiteral("postgres+pg8000://") + tail + QStringLiteral("/nest"));
    row("empty query", url + u'?');
    row("sslmode", url + QStringLiteral("?sslmode=require"));
    row("ssl=true", url + QStringLiteral("?ssl=true"));
    row("harmless", url + QStringLiteral("?application_name=x&connect_timeout=3&keepalives=1"));
    row("encoded", QStringLiteral("postgresql://b%69rd:S3cr3tPw@") + renderHost + QStringLiteral("/n%65st"));
    row("blanks", QStringLiteral("  \t") + url + QStringLiteral("  "));
    row("newline", url + u'\n');
    row("crlf", url + QStringLiteral("\r\n\r\n"));
    row("byte order mark", QChar(0xFEFF) + url);
    row("zero width", url + QChar(0x200B));
    row("no-break blank", QChar(0xA0) + url);
    row("double quotes", u'"' + url + u'"');
    row("single quotes", u'\'' + url + u'\'');
    row("backticks", u'`' + url + u'`');
    row("typographic quotes", QStringLiteral("“") + url + QStringLiteral("”"));
    row("angle brackets", u'<' + url + u'>');
    row("quotes and blanks", QStringLiteral(" \" ") + url + QStringLiteral(" \" \n"));

    row("env", QStringLiteral("DATABASE_URL=") + url);
    row("env export", QStringLiteral("export DATABASE_URI=") + url);
    row("env double quotes", QStringLiteral("DATABASE_URL=\"") + url + u'"');
    row("env single quotes", QStringLiteral("export DATABASE_URL='") + url + QStringLiteral("'\n"));
    row("env blanks", QStringLiteral("SQLALCHEMY_DATABASE_URI = '") + url + u'\'');
    row("env lower case", QStringLiteral("database_url=") + url);
    row("env comment", QStringLiteral("DATABASE_URL=") + url + QStringLiteral("   # the new one"));
    row("env quoted comment", QStringLiteral("DATABASE_URL=\"") + url + QStringLiteral("\" # the new one"));
    row("env driver", QStringLiteral("DATABASE_URI=postgresql+psycopg2://") + tail + QStringLiteral("/nest"));
    row("env all quoted", QStringLiteral("\"DATABASE_URL=") + url + u'"');

    const QString words = QStringLiteral(" -h ") + renderHost + QStringLiteral(" -U bird nest");
    row("psql", QStringLiteral("PGPASSWORD=S3cr3tPw psql") + words);
    row("psql with port",
        QStringLiteral("PGPASSWORD=S3cr3tPw psql -h ") + renderHost + QStringLiteral(" -p 5432 -U bird nest"));
    row("psql in quotes", QStringLiteral("\"PGPASSWORD=S3cr3tPw psql") + words + u'"');
    row("psql prompt", QStringLiteral("$ PGPASSWORD=S3cr3tPw psql") + words);
    row("psql newline", QStringLiteral("PGPASSWORD=S3cr3tPw psql") + words + u'\n');
    row("psql quoted password", QStringLiteral("PGPASSWORD='S3cr3tPw' psql") + words);
    row("psql double quotes", QStringLiteral("PGPASSWORD=\"S3cr3tPw\" psql") + words);
    row("psql backslash", QStringLiteral("PGPASSWORD=S3\\cr3tPw psql") + words);
    row("psql long", QStringLiteral("PGPASSWORD=S3cr3tPw psql --host=") + renderHost +
                         QStringLiteral(" --port=5432 --username=bird --dbname=nest"));
    row("psql long, blanks", QStringLiteral("PGPASSWORD=S3cr3tPw psql --host ") + renderHost +
                                 QStringLiteral(" --username bird --dbname nest"));
    row("psql joined",
        QStringLiteral("PGPASSWORD=S3cr3tPw psql -h") + renderHost + QStringLiteral(" -p5432 -Ubird -dnest"));
    row("psql -d", QStringLiteral("PGPASSWORD=S3cr3tPw psql -d nest -U bird -h ") + renderHost);
    row("psql database first", QStringLiteral("PGPASSWORD=S3cr3tPw psql nest -U bird -h ") + renderHost);
    row("psql user second", QStringLiteral("PGPASSWORD=S3cr3tPw psql -h ") + renderHost + QStringLiteral(" nest bird"));
    row("psql --", QStringLiteral("PGPASSWORD=S3cr3tPw psql -h ") + renderHost + QStringLiteral(" -U bird -- nest"));
    row("psql path", QStringLiteral("PGPASSWORD=S3cr3tPw /usr/bin/psql") + words);
    row("psql flags", QStringLiteral("PGPASSWORD=S3cr3tPw psql -XAt -w") + words);
    row("psql command option", QStringLiteral("PGPASSWORD=S3cr3tPw psql -c 'select 1'") + words);
    row("psql variables", QStringLiteral("PGHOST=") + renderHost +
                              QStringLiteral(" PGUSER=bird PGDATABASE=nest PGPASSWORD=S3cr3tPw psql"));
    row("psql other variable", QStringLiteral("LC_ALL=C PGPASSWORD=S3cr3tPw psql") + words);
    row("psql sslmode", QStringLiteral("PGSSLMODE=require PGPASSWORD=S3cr3tPw psql") + words);
    row("psql url", QStringLiteral("psql \"") + url + u'"');
    row("psql url bare", QStringLiteral("psql ") + url);
    row("psql -d url", QStringLiteral("psql -d '") + url + u'\'');
    row("psql url without password",
        QStringLiteral("PGPASSWORD=S3cr3tPw psql postgres://bird@") + renderHost + QStringLiteral("/nest"));
    row("psql conninfo",
        QStringLiteral("psql \"host=") + renderHost + QStringLiteral(" user=bird password=S3cr3tPw dbname=nest\""));
    row("psql in env", QStringLiteral("PSQL=\"PGPASSWORD=S3cr3tPw psql") + words + u'"');

    const QString pairs = QStringLiteral("host=") + renderHost;
    row("key=value", pairs + QStringLiteral(" port=5432 dbname=nest user=bird password=S3cr3tPw"));
    row("key=value, order", QStringLiteral("password=S3cr3tPw user=bird dbname=nest host=") + renderHost);
    row("key = value",
        QStringLiteral("host = ") + renderHost + QStringLiteral("  user = 'bird' password='S3cr3tPw'  dbname = nest "));
    row("key=value sslmode", pairs + QStringLiteral(" dbname=nest user=bird password=S3cr3tPw sslmode=verify-full"));
    row("key=value quoted", u'"' + pairs + QStringLiteral(" dbname=nest user=bird password=S3cr3tPw\""));
    row("key=value escape", pairs + QStringLiteral(" dbname=nest user=bird password=S3\\cr3tPw"));
    row("key=value in env",
        QStringLiteral("DSN='") + pairs + QStringLiteral(" dbname=nest user=bird password=S3cr3tPw'"));
}

void TestConnectionString::goodFormsGiveTheSame()
{
    QFETCH(QString, text);
    const Result<ParsedConnection> parsed = parseConnectionString(text);
    QVERIFY2(parsed, parsed ? "" : qPrintable(parsed.error().message));
    QCOMPARE(parsed->parameters.host, renderHost);
    QCOMPARE(parsed->parameters.port, 5432);
    QCOMPARE(parsed->parameters.user, QStringLiteral("bird"));
    QCOMPARE(parsed->parameters.database, QStringLiteral("nest"));
    QCOMPARE(parsed->password.reveal(), QStringLiteral("S3cr3tPw"));
    QCOMPARE(int(parsed->parameters.tls), int(TlsMode::Verified));
    QCOMPARE(parsed->region, QStringLiteral("oregon"));
    QVERIFY(!parsed->isInternal);
    QVERIFY(parsed->parameters.rootCertificateFile.isEmpty());
    for (const QString &notice : parsed->notices) {
        QVERIFY2(!notice.contains(u"S3cr3tPw"), qPrintable(notice));
    }
}

void TestConnectionString::refusals_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("says"); // part of the message
    const QString secret = QString::fromLatin1(canary);
    const QString base = QStringLiteral("postgresql://bird:%1@db.example.org/nest").arg(secret);
    const QString pairs = QStringLiteral("host=db.example.org user=bird dbname=nest password=%1 ").arg(secret);
    const QString psql = QStringLiteral("PGPASSWORD=%1 psql -h db.example.org -U bird ").arg(secret);
    const auto row = [](const QString &name, const QString &text, const QString &says) {
        QTest::newRow(qPrintable(name)) << text << says;
    };

    // What libpq knows (up to 18) and Roost does not take: one by one, in two forms.
    const QStringList hostile{"hostaddr",
                              "passfile",
                              "service",
                              "servicefile",
                              "sslcert",
                              "sslkey",
                              "sslrootcert",
                              "sslcrl",
                              "sslcrldir",
                              "sslpassword",
                              "sslcertmode",
                              "sslkeylogfile",
                              "options",
                              "replication",
                              "gsslib",
                              "krbsrvname",
                              "gssdelegation",
                              "requirepeer",
                              "require_auth",
                              "requiressl",
                              "target_session_attrs",
                              "load_balance_hosts",
                              "sslnegotiation",
                              "ssl_min_protocol_version",
                              "ssl_max_protocol_version",
                              "min_protocol_version",
                              "max_protocol_version",
                              "oauth_issuer",
                              "oauth_client_id",
                              "oauth_client_secret",
                              "oauth_scope",
                              "scram_client_key",
                              "scram_server_key"};
    for (const QString &key : hostile) {
        row("url " + key, base + u'?' + key + u'=' + secret, QStringLiteral("“%1”").arg(key));
        row("pairs " + key, pairs + key + u'=' + secret, QStringLiteral("“%1”").arg(key));
    }
    for (const QString key : {"host", "port", "user", "password", "dbname"}) {
        row("override " + key, base + u'?' + key + u'=' + secret, QStringLiteral("“%1”").arg(key));
    }
    row("unknown in url", base + "?nonsense=" + secret, "“nonsense”");
    row("unknown, encoded", base + "?pass%66ile=" + secret, "“passfile”");
    row("upper case key", base + "?SSLMODE=disable", "“SSLMODE”");
    row("unknown before the password", "host=h nonsense=1 password=" + secret, "“nonsense”");
    row("unknown after the password", pairs + secret + "=1", "does not know");
    row("second of three", base + "?connect_timeout=1&service=" + secret + "&keepalives=1", "“service”");
    row("no value", base + "?" + secret, "no value");
    row("sslmode twice", base + "?sslmode=require&sslmode=disable", "twice");
    row("ssl and sslmode", base + "?sslmode=require&ssl=true", "twice");
    row("ssl value", base + "?ssl=" + secret, "true or false");
    row("sslmode value", base + "?sslmode=" + secret, "sslmode");
    row("host twice", pairs + "host=other.example.org", "host is given twice");
    row("password twice", pairs + "password=" + secret, "password is given twice");
    row("psql password twice", "PGPASSWORD=" + secret + " psql " + base, "password is given twice");
    row("psql host twice", psql + "-h " + secret + " nest", "host is given twice");
    row("psql database twice", psql + "-d nest --dbname=" + secret, "database is given twice");

    row("two hosts", "postgresql://bird:" + secret + "@a.example.org,b.example.org/nest", "more than one host");
    row("two hosts and ports", "postgresql://bird:" + secret + "@a:5432,b:5433/nest", "more than one host");
    row("two hosts in pairs", "host=a,b user=bird dbname=nest password=" + secret, "more than one host");
    row("socket", "postgresql://bird:" + secret + "@%2Ftmp/nest", "socket");
    row("socket in pairs", "host=/tmp user=bird dbname=nest password=" + secret, "socket");
    row("abstract socket", "host=@x user=bird dbname=nest password=" + secret, "socket");
    row("psql socket", "PGPASSWORD=" + secret + " psql -h /tmp -U bird nest", "socket");
    row("empty host", "postgresql://bird:" + secret + "@/nest", "host is missing");
    row("no host in pairs", "user=bird dbname=nest password=" + secret, "host is missing");
    row("no host for psql", "PGPASSWORD=" + secret + " psql -U bird nest", "host is missing");
    row("host with blank", "postgresql://bird:" + secret + "@a%20b/nest", "not a valid host name");
    row("host with umlaut", QStringLiteral("postgresql://bird:%1@hüa/nest").arg(secret), "not a valid host name");
    row("host with dash first", "postgresql://bird:" + secret + "@-x/nest", "not a valid host name");
    row("no user", "postgresql://db.example.org/nest", "user is missing");
    row("empty user", "postgresql://:" + secret + "@db.example.org/nest", "user is missing");
    row("no database", "postgresql://bird:" + secret + "@db.example.org", "database is missing");
    row("only a slash", "postgresql://bird:" + secret + "@db.example.org/", "database is missing");
    row("neither", "postgresql://db.example.org", "user and the database are missing");
    row("no database for psql", psql, "database is missing");
    row("only a scheme", "postgresql://", "host is missing");
    row("port word", "postgresql://bird:" + secret + "@db.example.org:x/nest", "port");
    row("port 0", "postgresql://bird:" + secret + "@db.example.org:0/nest", "port");
    row("port 65536", "postgresql://bird:" + secret + "@db.example.org:65536/nest", "port");
    row("port negative", "postgresql://bird:" + secret + "@db.example.org:-1/nest", "port");
    row("port empty", "postgresql://bird:" + secret + "@db.example.org:/nest", "port");
    row("two ports", "host=h port=5432,5433 user=bird dbname=nest password=" + secret, "port");
    row("port for psql", psql + "-p " + secret + " nest", "port");
    row("bare IPv6", "postgresql://bird:" + secret + "@::1/nest", "brackets");
    row("open bracket", "postgresql://bird:" + secret + "@[::1/nest", "brackets");
    row("bracket and more", "postgresql://bird:" + secret + "@[::1]x/nest", "brackets");
    row("bad IPv6", "postgresql://bird:" + secret + "@[::1::2]/nest", "not a valid host name");

    row("@ in password", "postgresql://bird:" + secret + "@x@db.example.org/nest", "%40");
    row("/ in password", "postgresql://bird:" + secret + "/x@db.example.org/nest", "%2F");
    row("? in password", "postgresql://bird:" + secret + "?x@db.example.org/nest", "%3F");
    row("# in password", "postgresql://bird:" + secret + "#x@db.example.org/nest", "%23");
    row("/ and no @", "postgresql://bird:" + secret + "/x", "port");
    row("# at the end", base + "#" + secret, "%23");
    row("bad percent", "postgresql://bird:" + secret + "%ET@db.example.org/nest", "%25");
    row("cut percent", "postgresql://bird:" + secret + "%4@db.example.org/nest", "%25");
    row("not UTF-8", "postgresql://bird:" + secret + "%FF@db.example.org/nest", "UTF-8");
    row("encoded newline", "postgresql://bird:" + secret + "%0a@db.example.org/nest", "control character");
    row("encoded zero", "postgresql://bird:" + secret + "@db.example.org/nest%00", "control character");
    row("newline inside", base + "\n" + base, "line end");
    row("escape inside", base + "\x1b[0m" + secret, "control character");
    row("blank inside", base + " " + secret, "blank inside");
    row("path of two", base + "/" + secret, "more than one part");
    row("too long", base + "?application_name=" + QString(4096, u'x'), "too long");
    row("long database", "postgresql://bird:" + secret + "@h/" + QString(64, u'x'), "63 bytes");
    row("long user", "postgresql://" + QString(64, u'x') + ":" + secret + "@h/nest", "63 bytes");
    row("half a character", base + QChar(0xD800), "control character");

    row("empty", "", "Paste");
    row("blanks only", " \n\t", "Paste");
    row("empty quotes", "\"\"", "Paste");
    row("password only", secret, "not a connection");
    row("dashboard", "https://dashboard.render.com/d/dpg-" + secret, "web page");
    row("JDBC", "jdbc:postgresql://h/nest?user=bird&password=" + secret, "JDBC");
    row("MySQL", "mysql://bird:" + secret + "@h/nest", "another kind");
    row("other scheme", "postgresqlx://bird:" + secret + "@h/nest", "not a connection");
    row("other command", "PGPASSWORD=" + secret + " pg_dump -h h nest", "not a connection");
    row("pairs, loose word", pairs + secret, "without “=”");
    row("pairs, open quote", "host=h user=bird dbname=nest password='" + secret, "not closed");
    row("psql, open quote", "PGPASSWORD='" + secret + " psql -h h -U bird nest", "not closed");
    row("psql, cut", psql + "nest\\", "ends in the middle");
    row("psql, option without value", psql + "nest -p", "-p");
    row("psql, unknown option", psql + "--" + secret, "option that psql does not know");
    row("psql, unknown letter", psql + "-Z nest", "option that psql does not know");
    row("psql, value for a flag", psql + "--password=" + secret, "--password");
    row("psql, a word too many", psql + "nest more " + secret, "word too many");
    row("psql, variable", "PGPASSWORD=$PW psql -h h -U bird nest", "variable");
    row("psql, command", "PGPASSWORD=`cat f` psql -h h -U bird nest", "variable");
    row("psql, two commands", psql + "nest; echo " + secret, "more than one command");
    row("psql, pipe", psql + "nest | tee " + secret, "more than one command");
    for (const QString variable : {"PGHOSTADDR", "PGSERVICE", "PGPASSFILE", "PGOPTIONS", "PGSSLROOTCERT", "PSQLRC"}) {
        row("psql " + variable, variable + u'=' + secret + u' ' + psql + "nest", QStringLiteral("“%1”").arg(variable));
    }
    row("psql, hostile url", "psql '" + base + "?passfile=" + secret + "'", "“passfile”");
    row("psql, hostile conninfo", psql + "'dbname=nest hostaddr=" + secret + "'", "“hostaddr”");
    row("env, hostile url", "DATABASE_URL=" + base + "?service=" + secret, "“service”");
}

void TestConnectionString::refusals()
{
    QFETCH(QString, text);
    QFETCH(QString, says);
    const Result<ParsedConnection> parsed = parseConnectionString(text);
    QVERIFY(!parsed);
    const Error error = parsed.error();
    QCOMPARE(int(error.code), int(ErrorCode::InvalidInput));
    QVERIFY2(error.message.contains(says), qPrintable(error.message));
    QVERIFY2(!error.message.contains(QString::fromLatin1(canary)), qPrintable(error.message));
    QVERIFY2(!error.message.contains(u"example.org"), qPrintable(error.message));
    QCOMPARE(error.detail, QString());
    QVERIFY2(error.message.endsWith(u'.'), qPrintable(error.message));
}

void TestConnectionString::settlesTls_data()
{
    QTest::addColumn<QString>("host");
    QTest::addColumn<QString>("mode");
    QTest::addColumn<TlsMode>("tls");
    QTest::addColumn<bool>("noticed");
    const QStringList lower{"disable", "allow", "prefer", "require", "no-verify", "verify-ca"};
    for (const QString &host : {renderHost, QStringLiteral("db.example.org"), QStringLiteral("192.0.2.1"), dpg,
                                QStringLiteral("127.0.0.1.example.org")}) {
        const auto row = [&](const QString &mode) -> QTestData & {
            return QTest::newRow(qPrintable(host + u' ' + mode)) << host << mode;
        };
        row({}) << TlsMode::Verified << false;
        row("verify-full") << TlsMode::Verified << false;
        for (const QString &mode : lower) {
            row(mode) << TlsMode::Verified << true;
        }
    }
    for (const QString host : {"localhost", "127.0.0.1", "[::1]"}) {
        const auto row = [&](const QString &mode) -> QTestData & {
            return QTest::newRow(qPrintable(host + u' ' + mode)) << host << mode;
        };
        row({}) << TlsMode::Optional << false;
        row("disable") << TlsMode::Optional << false;
        row("prefer") << TlsMode::Optional << false;
        row("require") << TlsMode::Unverified << false;
        row("no-verify") << TlsMode::Unverified << false;
        row("verify-ca") << TlsMode::Verified << false;
        row("verify-full") << TlsMode::Verified << false;
    }
}

void TestConnectionString::settlesTls()
{
    QFETCH(QString, host);
    QFETCH(QString, mode);
    QFETCH(bool, noticed);
    const QString query = mode.isEmpty() ? QString() : QStringLiteral("?sslmode=") + mode;
    const auto parsed = parseConnectionString(QStringLiteral("postgresql://u:pw@%1/d").arg(host) + query);
    QVERIFY(parsed);
    QTEST(parsed->parameters.tls, "tls");
    QCOMPARE(parsed->notices.filter(QStringLiteral("certificate")).size(), noticed ? 1 : 0);
}

void TestConnectionString::noticesSayWhatWasDone()
{
    const auto notices = [](const QString &text) {
        const auto parsed = parseConnectionString(text);
        return parsed ? parsed->notices.join(u'|') : parsed.error().message;
    };
    const QString url = QStringLiteral("postgresql://u:pw@h.example.org/d");
    QCOMPARE(notices(url), QString());
    QVERIFY(notices(url + u'\n').contains(u"line ends"));
    QVERIFY(notices(u'"' + url + u'"').contains(u"Quotes"));
    QVERIFY(notices(QStringLiteral("export DB=") + url).contains(u"sets DB"));
    QVERIFY(notices(QStringLiteral("postgresql+psycopg2://u:pw@h/d")).contains(u"+psycopg2"));
    QVERIFY(notices(url + QStringLiteral("?connect_timeout=5")).contains(u"“connect_timeout”"));
    QVERIFY(notices(QStringLiteral("postgresql://u@h/d")).contains(u"no password"));
    QVERIFY(notices(QStringLiteral("postgresql://u:@h/d")).contains(u"no password"));
    QVERIFY(notices(QStringLiteral("postgresql://u:a:b@h/d")).contains(u"colon"));
    QVERIFY(notices(QStringLiteral("psql -f x.sql ") + url).contains(u"-f"));
}

void TestConnectionString::internalUrlAsksForTheRegion()
{
    const auto parsed = parseConnectionString(QStringLiteral("postgresql://bird:pw12@%1/nest").arg(dpg));
    QVERIFY(parsed);
    QVERIFY(parsed->isInternal);
    QCOMPARE(parsed->region, QString());
    QCOMPARE(parsed->notices.filter(QStringLiteral("inside Render")).size(), 1);
    ConnectionSpec spec = specOf(*parsed);
    spec.parameters.host = externalRenderHost(spec.parameters.host, QStringLiteral("ohio"));
    QCOMPARE(spec.parameters.host, dpg + QStringLiteral(".ohio-postgres.render.com"));
    QCOMPARE(internalUrl(spec), QStringLiteral("postgresql://bird:pw12@%1/nest").arg(dpg));
    QCOMPARE(parseConnectionString(externalUrl(spec))->region, QStringLiteral("ohio"));
}

void TestConnectionString::readsOtherHosts()
{
    const auto host = [](const QString &text) {
        const auto parsed = parseConnectionString(QStringLiteral("postgresql://u:pw@%1/d").arg(text));
        return parsed ? QStringLiteral("%1 %2").arg(parsed->parameters.host).arg(parsed->parameters.port) : QString();
    };
    QCOMPARE(host(QStringLiteral("[::1]")), QStringLiteral("::1 5432"));
    QCOMPARE(host(QStringLiteral("[2001:db8::1]:6000")), QStringLiteral("2001:db8::1 6000"));
    QCOMPARE(host(QStringLiteral("192.0.2.1:1")), QStringLiteral("192.0.2.1 1"));
    QCOMPARE(host(QStringLiteral("a_b.example.org:65535")), QStringLiteral("a_b.example.org 65535"));
    QCOMPARE(host(QStringLiteral("Example.ORG")), QStringLiteral("example.org 5432"));
}

void TestConnectionString::offersThePercentEncodedForm_data()
{
    QTest::addColumn<QString>("password");
    for (const QString password : {"a@b", "a/b", "a?b", "a#b", "100%", "%zz", "@", "a@b/c?d#e%f", "a:b@c"}) {
        QTest::newRow(qPrintable(password)) << password;
    }
}

void TestConnectionString::offersThePercentEncodedForm()
{
    QFETCH(QString, password);
    const QString text = QStringLiteral("postgresql://bird:%1@h.example.org/nest").arg(password);
    QVERIFY(!parseConnectionString(text));
    const auto parsed = parseConnectionString(withEncodedPassword(text));
    QVERIFY(parsed);
    QCOMPARE(parsed->password.reveal(), password);
    QCOMPARE(parsed->parameters.host, QStringLiteral("h.example.org"));
    QCOMPARE(withEncodedPassword(QStringLiteral("postgresql://bird:good@h/nest")), QString());
    QCOMPARE(withEncodedPassword(QStringLiteral("postgresql://bird:a@b@/tmp")), QString());
}

void TestConnectionString::writesTheFormsOfRender()
{
    ConnectionSpec spec;
    spec.parameters.host = renderHost;
    spec.parameters.user = QStringLiteral("bird");
    spec.parameters.database = QStringLiteral("nest");
    spec.password = Secret(QStringLiteral("S3cr3tPw"));
    QCOMPARE(externalUrl(spec), QStringLiteral("postgresql://bird:S3cr3tPw@%1/nest").arg(renderHost));
    QCOMPARE(psqlCommand(spec), QStringLiteral("PGPASSWORD=S3cr3tPw psql -h %1 -p 5432 -U bird nest").arg(renderHost));
    QCOMPARE(databaseUri(spec), externalUrl(spec) + QStringLiteral("?sslmode=require"));
    QCOMPARE(envLine(spec), QStringLiteral("DATABASE_URI=") + databaseUri(spec));
    QCOMPARE(maskedUri(spec.parameters),
             QStringLiteral("postgresql://bird:********@%1/nest?sslmode=require").arg(renderHost));
    spec.parameters.host = QStringLiteral("127.0.0.1");
    spec.parameters.port = 5433;
    spec.parameters.tls = TlsMode::Optional;
    QCOMPARE(databaseUri(spec), QStringLiteral("postgresql://bird:S3cr3tPw@127.0.0.1:5433/nest"));
    spec.password = {};
    QCOMPARE(databaseUri(spec), QStringLiteral("postgresql://bird@127.0.0.1:5433/nest"));
    QCOMPARE(psqlCommand(spec), QStringLiteral("psql -h 127.0.0.1 -p 5433 -U bird nest"));
}

void TestConnectionString::everyFormComesBack()
{
    const QStringList passwords{"plain",
                                "a@b:c/d?e#f",
                                "100%25",
                                "%",
                                "it's",
                                "\"quoted\"",
                                "back\\slash",
                                "$HOME `x`",
                                "a b  c",
                                "'; rm -rf x; '",
                                QStringLiteral("Vögel-🐦"),
                                "&=+",
                                "--",
                                "-W",
                                "=",
                                "{}[]<>|~",
                                "postgres://u:p@h/d",
                                "!$%^&*()_+|~-=`{}[]:\";'<>?,./",
                                "x\\'",
                                "sslmode=disable"};
    const QStringList names{"nest",
                            "my-db",
                            "Birds",
                            "a b",
                            "it's",
                            "-Fp",
                            "host=evil port=1",
                            "a/b",
                            "a?b#c",
                            "50%",
                            "postgresql://evil:5459/x",
                            QStringLiteral("Nest-ü"),
                            "x\\y",
                            "\"q\"",
                            "a@b",
                            "$x"};
    int checked = 0;
    for (const QString &password : passwords) {
        for (const QString &name : names) {
            for (const QString &host : {renderHost, QStringLiteral("127.0.0.1"), QStringLiteral("::1")}) {
                ConnectionSpec spec;
                spec.parameters.host = host;
                spec.parameters.port = host == renderHost ? 5432 : 6543;
                spec.parameters.user = name;
                spec.parameters.database = name;
                spec.parameters.tls = spec.parameters.isLoopback() ? TlsMode::Optional : TlsMode::Verified;
                spec.password = Secret(password);
                for (const QString &text : {externalUrl(spec), databaseUri(spec), envLine(spec), psqlCommand(spec)}) {
                    const auto parsed = parseConnectionString(text);
                    QVERIFY2(parsed, qPrintable(text));
                    QVERIFY2(parsed->parameters == spec.parameters, qPrintable(text));
                    QVERIFY2(parsed->password.isSameAs(spec.password), qPrintable(text));
                    ++checked;
                }
            }
        }
    }
    QCOMPARE(checked, 20 * 16 * 3 * 4);
}

void TestConnectionString::agreesWithLibpq()
{
    const QStringList pieces{"a",   "B",      "7", "-",  "_",   ".",    "~", "%40", "%3A", "%2f", "%25",
                             "%20", "%C3%BC", "%", "%4", "%zz", "%FF",  "@", ":",   "/",   "?",   "#",
                             "&",   "=",      "+", "!",  "$",   "'",    "(", "*",   ";",   "[",   "]",
                             "\"",  "\\",     ",", "ü",  "ss",  "port", "9", "00"};
    QRandomGenerator random(20260701);
    const auto word = [&](int longest, int nastiness) {
        QString text;
        for (int n = random.bounded(longest) + 1; n > 0; --n) {
            text += random.bounded(100) < nastiness ? pieces.at(random.bounded(pieces.size()))
                                                    : QString(QChar(u'a' + random.bounded(26)));
        }
        return text;
    };
    const QStringList tails{{},           "?sslmode=require", "?connect_timeout=5&application_name=x",
                            "?host=evil", "?user=root",       "?password=x",
                            "?dbname=y",  "?port=1",          "?options=-cx%3Dy",
                            "?ssl=true"};
    QStringList passwords; // few, as every Secret is remembered for redaction as long as the program runs
    for (int i = 0; i < 400; ++i) {
        passwords += word(12, i % 40);
    }
    int accepted = 0;
    for (int i = 0; i < 10000; ++i) {
        const int nastiness = i % 4 == 0 ? 0 : i % 40;
        QString url = i % 2 == 0 ? QStringLiteral("postgresql://") : QStringLiteral("postgres://");
        url += word(8, nastiness);
        url += random.bounded(8) ? u':' + passwords.at(random.bounded(passwords.size())) : QString();
        url += u'@' + word(10, nastiness / 4);
        url += random.bounded(3) ? QString() : u':' + QString::number(random.bounded(70000));
        url += random.bounded(12) ? u'/' + word(8, nastiness) : QString();
        url += random.bounded(4) ? QString() : tails.at(random.bounded(tails.size()));
        const auto ours = parseConnectionString(url);
        if (!ours) {
            continue;
        }
        ++accepted;
        const Libpq theirs = readByLibpq(url);
        QVERIFY2(theirs.isFine, qPrintable(url));
        QVERIFY2(ours->parameters.host == theirs.host.toLower(), qPrintable(url));
        QVERIFY2(ours->parameters.port == (theirs.port.isEmpty() ? 5432 : theirs.port.toInt()), qPrintable(url));
        QVERIFY2(ours->parameters.user == theirs.user, qPrintable(url));
        QVERIFY2(ours->password.reveal() == theirs.password, qPrintable(url));
        QVERIFY2(ours->parameters.database == theirs.database, qPrintable(url));
    }
    QVERIFY2(accepted > 3000, qPrintable(QString::number(accepted)));
    QVERIFY2(accepted < 9000, qPrintable(QString::number(accepted)));
}

void TestConnectionString::knowsRenderHosts()
{
    QVERIFY(isRenderHost(renderHost));
    QVERIFY(isRenderHost(dpg));
    QVERIFY(isRenderHost(QStringLiteral("dpg-c0ffee00000000000002")));
    QVERIFY(isRenderHost(QStringLiteral("oregon-postgres.render.com")));
    QVERIFY(isInternalRenderHost(dpg));
    QVERIFY(!isInternalRenderHost(renderHost));
    QVERIFY(!isRenderHost(renderHost + QStringLiteral(".example.org")));
    QVERIFY(!isRenderHost(QStringLiteral("dpg-x-a.oregon-postgres.render.com.example.org")));
    QVERIFY(!isRenderHost(QStringLiteral("notdpg-x-a.oregon-postgres.render.com")));
    QVERIFY(!isRenderHost(QStringLiteral("localhost")));
    QCOMPARE(renderRegions().size(), 5);
    QCOMPARE(regionOfRenderHost(renderHost), QStringLiteral("oregon"));
    QCOMPARE(regionOfRenderHost(QStringLiteral("ohio-postgres.render.com")), QStringLiteral("ohio"));
    QCOMPARE(externalRenderHost(dpg, QStringLiteral("frankfurt")),
             dpg + QStringLiteral(".frankfurt-postgres.render.com"));
}

QTEST_GUILESS_MAIN(TestConnectionString)
#include "tst_connectionstring.moc"
