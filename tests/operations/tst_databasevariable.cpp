#include "operations/databasevariable.h"
#include "operations/servicereferences.h"

#include <QtTest>

using namespace Roost;

namespace {

const QString id = QStringLiteral("dpg-c0ffee00000000000002-a");

PointTarget target()
{
    PostgresInstance instance;
    instance.id = id;
    instance.name = QStringLiteral("class-db-2");
    instance.region = QStringLiteral("oregon");
    instance.owner.id = QStringLiteral("tea-1");
    PostgresConnectionInfo info;
    info.internalUrl =
        Secret(QStringLiteral("postgresql://class_user:p%40ss/w0rd@dpg-c0ffee00000000000002-a/class_db_x7ka")
                   .replace(QStringLiteral("/w"), QStringLiteral("%2Fw")));
    info.externalUrl = Secret(QStringLiteral("postgresql://class_user:p%40ss%2Fw0rd@dpg-c0ffee00000000000002-a.oregon-"
                                             "postgres.render.com:5432/class_db_x7ka"));
    return pointTarget(instance, info).value_or(PointTarget());
}

Service serviceIn(const QString &region, const QString &owner = QStringLiteral("tea-1"))
{
    Service service;
    service.id = QStringLiteral("srv-1");
    service.name = QStringLiteral("bird-app");
    service.region = region;
    service.ownerId = owner;
    return service;
}

EnvironmentVariable variable(const char *key, const QString &value)
{
    return {QString::fromLatin1(key), Secret(value)};
}

} // namespace

class TestDatabaseVariable : public QObject
{
    Q_OBJECT

private slots:
    void plansUrls_data();
    void plansUrls();
    void plansPieces();
    void choosesTheWay();
    void findsMentions_data();
    void findsMentions();
    void masks();
    void findsReferences();
    void refusesWhatItCannotRewrite();
};

void TestDatabaseVariable::plansUrls_data()
{
    QTest::addColumn<QString>("old");
    QTest::addColumn<bool>("isInternal");
    QTest::addColumn<QString>("database");
    QTest::addColumn<QString>("expected");
    const QString in = QStringLiteral("class_user:p%40ss%2Fw0rd@dpg-c0ffee00000000000002-a/");
    const QString out =
        QStringLiteral("class_user:p%40ss%2Fw0rd@dpg-c0ffee00000000000002-a.oregon-postgres.render.com/");
    const QString oldHost = QStringLiteral("u:p@dpg-aaaaaaaaaaaaaaaaaaaa-a");
    const auto row = [](const char *name, const QString &old, bool isInternal, const QString &database,
                        const QString &expected) { QTest::newRow(name) << old << isInternal << database << expected; };
    row("new", {}, true, {}, "postgresql://" + in + "class_db_x7ka");
    row("new, outside", {}, false, {}, "postgresql://" + out + "class_db_x7ka");
    row("database chosen", {}, true, "bird_app_db", "postgresql://" + in + "bird_app_db");
    row("database kept", "postgresql://" + oldHost + "/bird_app_db", true, {}, "postgresql://" + in + "bird_app_db");
    row("another database", "postgresql://" + oldHost + "/bird_app_db", true, "cats", "postgresql://" + in + "cats");
    row("short scheme", "postgres://" + oldHost + "/d", true, {}, "postgresql://" + in + "d");
    row("driver", "postgresql+psycopg2://" + oldHost + "/d", true, {}, "postgresql+psycopg2://" + in + "d");
    row("driver, short", "postgres+asyncpg://" + oldHost + "/d", false, {}, "postgresql+asyncpg://" + out + "d");
    row("query", "postgresql://" + oldHost + "/d?application_name=x&connect_timeout=5", true, {},
        "postgresql://" + in + "d?application_name=x&connect_timeout=5");
    row("query outside", "postgresql://" + oldHost + "/d?sslmode=verify-full", false, {},
        "postgresql://" + out + "d?sslmode=verify-full");
    row("no checking inside", "postgresql://" + oldHost + "/d?sslmode=verify-full&sslrootcert=system&x=1", true, {},
        "postgresql://" + in + "d?sslmode=require&x=1");
    row("no database", "postgresql://" + oldHost, true, {}, "postgresql://" + in + "class_db_x7ka");
    row("encoded database", "postgresql://" + oldHost + "/b%C3%A4r%20x", true, {},
        "postgresql://" + in + "b%C3%A4r%20x");
    row("at sign in the password", "postgresql://u:p@ss:w@dpg-aaaaaaaaaaaaaaaaaaaa-a:5432/d", true, {},
        "postgresql://" + in + "d");
    row("quotes and blanks", " \"postgresql://" + oldHost + "/d\" ", true, {}, "postgresql://" + in + "d");
    row("no url at all", "sqlite:///birds.db", true, {}, "postgresql://" + in + "class_db_x7ka");
}

void TestDatabaseVariable::plansUrls()
{
    QFETCH(QString, old);
    QFETCH(bool, isInternal);
    QFETCH(QString, database);
    QFETCH(QString, expected);
    const auto planned = plannedValue(VariablePart::Url, old, target(), {isInternal, {}}, database);
    QVERIFY(planned);
    QCOMPARE(planned->value.reveal(), expected);
    QVERIFY(!planned->shown.contains(QStringLiteral("w0rd")));
    QVERIFY(planned->shown.contains(passwordMask()));
    // Once more changes nothing: what was written is understood.
    const auto again = plannedValue(VariablePart::Url, expected, target(), {isInternal, {}}, database);
    QVERIFY(again);
    QCOMPARE(again->value.reveal(), expected);
}

void TestDatabaseVariable::plansPieces()
{
    const auto piece = [](VariablePart part, const QString &old, bool isInternal, const QString &database = {}) {
        const auto planned = plannedValue(part, old, target(), {isInternal, {}}, database);
        return planned ? planned->value.reveal() : QString();
    };
    QCOMPARE(piece(VariablePart::Host, "dpg-old-a", true), id);
    QCOMPARE(piece(VariablePart::Host, "dpg-old-a:5432", true), id + ":5432");
    QCOMPARE(piece(VariablePart::Host, "dpg-old-a", false), id + ".oregon-postgres.render.com");
    QCOMPARE(piece(VariablePart::Port, "5433", true), QStringLiteral("5432"));
    QCOMPARE(piece(VariablePart::User, "u", true), QStringLiteral("class_user"));
    QCOMPARE(piece(VariablePart::Password, "p", true), QStringLiteral("p@ss/w0rd"));
    QCOMPARE(piece(VariablePart::Database, "bird_app_db", true), QStringLiteral("bird_app_db"));
    QCOMPARE(piece(VariablePart::Database, "bird_app_db", true, "cats"), QStringLiteral("cats"));
    QCOMPARE(piece(VariablePart::Database, "", true), QStringLiteral("class_db_x7ka"));
}

void TestDatabaseVariable::choosesTheWay()
{
    const Reach same = reachOf({serviceIn("oregon")}, target());
    QVERIFY(same.isInternal);
    QVERIFY2(same.why.contains("oregon"), qPrintable(same.why));
    const Reach elsewhere = reachOf({serviceIn("ohio")}, target());
    QVERIFY(!elsewhere.isInternal);
    QVERIFY2(elsewhere.why.contains("ohio") && elsewhere.why.contains("oregon"), qPrintable(elsewhere.why));
    const Reach other = reachOf({serviceIn("oregon", "tea-2")}, target());
    QVERIFY(!other.isInternal);
    QVERIFY2(other.why.contains("workspace"), qPrintable(other.why));
    QVERIFY(!reachOf({serviceIn("")}, target()).isInternal);
    // A group is used by several: one far away is enough.
    QVERIFY(reachOf({serviceIn("oregon"), serviceIn("oregon")}, target()).isInternal);
    QVERIFY(!reachOf({serviceIn("oregon"), serviceIn("ohio")}, target()).isInternal);
}

void TestDatabaseVariable::findsMentions_data()
{
    QTest::addColumn<QString>("value");
    QTest::addColumn<int>("part"); // -1: none
    QTest::addColumn<QString>("renderId");
    QTest::addColumn<QString>("database");
    const auto row = [](const char *name, const QString &value, int part, const QString &renderId = {},
                        const QString &database = {}) { QTest::newRow(name) << value << part << renderId << database; };
    row("internal", "postgresql://u:p@dpg-c0ffee00000000000002-a/d", int(VariablePart::Url), id, "d");
    row("external", "postgres://u:p@DPG-c0ffee00000000000002-a.oregon-postgres.render.com:5432/d?x=1",
        int(VariablePart::Url), id, "d");
    row("driver", "postgresql+psycopg2://u:p@dpg-c0ffee00000000000002-a/d", int(VariablePart::Url), id, "d");
    row("elsewhere", "postgresql://u:p@db.example.com/d", int(VariablePart::Url), "", "d");
    row("loopback", "postgresql://u:p@127.0.0.1:54321/bird_app_db", int(VariablePart::Url), "", "bird_app_db");
    row("host", "dpg-c0ffee00000000000002-a", int(VariablePart::Host), id);
    row("host and port", "dpg-c0ffee00000000000002-a.oregon-postgres.render.com:5432", int(VariablePart::Host), id);
    row("jdbc", "jdbc:postgresql://dpg-c0ffee00000000000002-a/d?user=u&password=p", int(VariablePart::Other), id);
    row("key values", "host=dpg-c0ffee00000000000002-a user=u", int(VariablePart::Other), id);
    row("a word", "production", -1);
    row("mysql", "mysql://u:p@host/d", -1);
    row("empty", "", -1);
    row("no id", "dpg-", -1);
}

void TestDatabaseVariable::findsMentions()
{
    QFETCH(QString, value);
    QFETCH(int, part);
    QFETCH(QString, renderId);
    QFETCH(QString, database);
    const auto mention = databaseIn(value);
    QCOMPARE(mention ? int(mention->part) : -1, part);
    if (mention) {
        QCOMPARE(mention->renderId, renderId);
        QCOMPARE(mention->database, database);
    }
}

void TestDatabaseVariable::masks()
{
    const QString mask = passwordMask();
    QCOMPARE(maskedVariable(VariablePart::Url, "postgresql://u:geheim@h:5432/d?x=1"),
             "postgresql://u:" + mask + "@h:5432/d?x=1");
    QCOMPARE(maskedVariable(VariablePart::Url, "postgresql://u:ge@he/im@h/d"), "postgresql://u:" + mask + "@h/d");
    QCOMPARE(maskedVariable(VariablePart::Url, "postgresql://u@h/d?password=geheim&x=1"),
             "postgresql://u@h/d?password=" + mask + "&x=1");
    QCOMPARE(maskedVariable(VariablePart::Password, "geheim"), mask);
    QCOMPARE(maskedVariable(VariablePart::Other, "jdbc:postgresql://h/d?password=geheim"), mask);
    QCOMPARE(maskedVariable(VariablePart::Host, "dpg-x-a"), QStringLiteral("dpg-x-a"));
}

void TestDatabaseVariable::findsReferences()
{
    PostgresInstance instance;
    instance.id = id;
    instance.name = QStringLiteral("class-db-2");
    const VariableHolder holder{QStringLiteral("srv-1"), QStringLiteral("bird-app"), false};
    const auto found =
        referencesAmong({variable("SECRET_KEY", "something long"), variable("DB_HOST", id),
                         variable("DB_NAME", "bird_app_db"), variable("DB_USER", "class_user"),
                         variable("DB_PASSWORD", "p@ss/w0rd"), variable("DB_PORT", "5432"), variable("DB_POOL", "3"),
                         variable("NAME", "x"), variable("ANY_KEY", "postgres://u:p@dpg-c0ffee00000000000002/cats"),
                         variable("GONE", "postgres://u:p@dpg-bbbbbbbbbbbbbbbbbbbb-a/d"),
                         variable("LOCAL", "postgresql://u:p@127.0.0.1:54321/d")},
                        holder, {instance}, {{QStringLiteral("127.0.0.1:54321"), id}});
    QStringList keys;
    for (const VariableReference &each : found) {
        keys += each.key;
        QVERIFY(!each.shown.contains("w0rd"));
    }
    QCOMPARE(keys,
             QStringList({"ANY_KEY", "DB_HOST", "DB_NAME", "DB_PASSWORD", "DB_PORT", "DB_USER", "GONE", "LOCAL"}));
    for (const VariableReference &each : found) {
        QCOMPARE(each.instanceName, each.key == u"GONE" ? QString() : instance.name);
        QCOMPARE(each.renderId, each.key == u"GONE" ? QStringLiteral("dpg-bbbbbbbbbbbbbbbbbbbb-a") : id);
    }
}

void TestDatabaseVariable::refusesWhatItCannotRewrite()
{
    const auto planned = plannedValue(VariablePart::Other, "jdbc:postgresql://h/d", target(), {true, {}});
    QVERIFY(!planned);
    QCOMPARE(planned.error().code, ErrorCode::InvalidInput);
    PostgresInstance creating;
    creating.name = QStringLiteral("new-db");
    const auto notReady = pointTarget(creating, {});
    QVERIFY(!notReady);
    QVERIFY2(notReady.error().message.contains("new-db"), qPrintable(notReady.error().message));
}

QTEST_GUILESS_MAIN(TestDatabaseVariable)
#include "tst_databasevariable.moc"
