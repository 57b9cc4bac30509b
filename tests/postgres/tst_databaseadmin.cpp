#include "postgres/catalogreader.h"
#include "postgres/databaseadmin.h"
#include "postgres/databaseconnection.h"
#include "support/temporarycluster.h"

#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

using Connection = std::unique_ptr<DatabaseConnection>;

const QStringList &hostileNames()
{
    static const QStringList names{"-Fp",
                                   "host=evil port=1",
                                   "postgresql://evil:5459/x",
                                   "it's",
                                   "quo\"te",
                                   "\"; DROP DATABASE postgres; --",
                                   "line\nend",
                                   "Select",
                                   "back\\slash",
                                   " blanks ",
                                   "%1 $1",
                                   QStringLiteral("Vögel 🐦"),
                                   QString(63, u'n')};
    return names;
}

} // namespace

class TestDatabaseAdmin : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void advises_data();
    void advises();
    void createsAsTheRole();
    void everyNameIsTakenAsItIs();
    void refusesUnfitNames();
    void saysWhatIsWrong();
    void aRoleWithoutTheRight();
    void saysWhoIsConnected();
    void dropEndsSessions();
    void swaps();
    void swapChangesNothingWhenItFails();

private:
    Connection open(const ConnectionSpec &spec, const QString &name = {})
    {
        Result<Connection> connection = DatabaseConnection::open(spec, {}, name);
        if (!connection) {
            qFatal("%s %s", qPrintable(connection.error().message), qPrintable(connection.error().detail));
        }
        return std::move(*connection);
    }
    /// As a witness of its own sees them.
    QString witness(const QString &select) { return m_cluster.psql(select); }
    bool exists(const QString &name)
    {
        const auto databases = CatalogReader::databases(*m_connection);
        return databases && std::any_of(databases->cbegin(), databases->cend(),
                                        [&](const DatabaseInfo &database) { return database.name == name; });
    }

    TemporaryCluster m_cluster;
    Connection m_connection; ///< to a database that nobody touches
};

void TestDatabaseAdmin::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_connection = open(m_cluster.spec(QStringLiteral("home")));
    witness(QStringLiteral("CREATE ROLE stranger LOGIN PASSWORD 'stranger-password'"));
}

void TestDatabaseAdmin::advises_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("isError");
    QTest::addColumn<QString>("says"); // empty: fine
    QTest::newRow("fine") << "bird_app_db" << false << "";
    QTest::newRow("underscore first") << "_x1" << false << "";
    QTest::newRow("hyphen") << "bird-app" << false << "hyphen. “bird_app” is easier";
    QTest::newRow("upper case") << "Birds" << false << "capital letters. “birds” is easier";
    QTest::newRow("blank") << "my birds" << false << "blank. “my_birds” is easier";
    QTest::newRow("digit") << "2birds" << false << "digit. “birds” is easier";
    QTest::newRow("only digits") << "2" << false << "digit.";
    QTest::newRow("reserved") << "user" << false << "word of SQL. “user_db” is easier";
    QTest::newRow("easier is taken") << "taken-name" << false << "hyphen.";
    QTest::newRow("special") << "a=b" << false << "special characters";
    QTest::newRow("umlaut") << QStringLiteral("vögel") << false << "special characters";
    QTest::newRow("empty") << "" << true << "needed";
    QTest::newRow("too long") << QString(64, u'x') << true << "too long";
    QTest::newRow("taken") << "taken_name" << true << "already";
    QTest::newRow("postgres") << "postgres" << true << "PostgreSQL itself";
    QTest::newRow("template0") << "template0" << true << "PostgreSQL itself";
    QTest::newRow("template1") << "template1" << true << "PostgreSQL itself";
    QTest::newRow("line end") << "a\nb" << true << "line end";
    QTest::newRow("blank at the end") << "birds " << true << "begins or ends with a blank";
}

void TestDatabaseAdmin::advises()
{
    QFETCH(QString, name);
    QFETCH(QString, says);
    const auto advice = DatabaseAdmin::adviseName(name, {QStringLiteral("taken_name")});
    QCOMPARE(advice.text.isEmpty(), says.isEmpty());
    QVERIFY2(advice.text.contains(says), qPrintable(advice.text));
    QTEST(advice.isError, "isError");
}

void TestDatabaseAdmin::createsAsTheRole()
{
    const QString name = QStringLiteral("fresh");
    const auto created = DatabaseAdmin::create(*m_connection, name);
    QVERIFY2(created, created ? "" : qPrintable(created.error().detail));
    QCOMPARE(
        witness(QStringLiteral("SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding) FROM pg_database WHERE "
                               "datname = 'fresh'")),
        m_connection->parameters().user + QStringLiteral("|UTF8"));
    const Connection fresh = open(m_cluster.spec(name));
    QVERIFY(CatalogReader::relations(*fresh)->isEmpty());
}

void TestDatabaseAdmin::everyNameIsTakenAsItIs()
{
    const QString other = QStringLiteral("renamed -- \"it's\"");
    for (const QString &name : hostileNames()) {
        const auto created = DatabaseAdmin::create(*m_connection, name);
        QVERIFY2(created, created ? "" : qPrintable(name + created.error().message));
        QVERIFY2(exists(name), qPrintable(name));
        QVERIFY(CatalogReader::sessions(*m_connection, name)->isEmpty());
        ConnectionSpec spec = m_cluster.spec(QStringLiteral("home")).withDatabase(name);
        const Connection inside = open(spec);
        auto current = inside->query(QStringLiteral("SELECT current_database()"));
        QVERIFY(current && current->next());
        QCOMPARE(current->value(0).toString(), name);
        QCOMPARE(CatalogReader::sessions(*m_connection, name)->size(), 1);
        QVERIFY(DatabaseAdmin::drop(*m_connection, name, true));
        QVERIFY(!exists(name));
        QVERIFY(DatabaseAdmin::create(*m_connection, name));
        QVERIFY(DatabaseAdmin::rename(*m_connection, name, other));
        QVERIFY(exists(other));
        QVERIFY(DatabaseAdmin::rename(*m_connection, other, name));
        QVERIFY(DatabaseAdmin::drop(*m_connection, name, false));
        QVERIFY(!exists(name));
        QVERIFY(exists(QStringLiteral("postgres")));
    }
}

void TestDatabaseAdmin::refusesUnfitNames()
{
    for (const QString &name : {QString(), QString(64, u'x'), QStringLiteral("a") + QChar::Null}) {
        QCOMPARE(int(DatabaseAdmin::create(*m_connection, name).error().code), int(ErrorCode::InvalidInput));
        QCOMPARE(int(DatabaseAdmin::rename(*m_connection, QStringLiteral("fresh"), name).error().code),
                 int(ErrorCode::InvalidInput));
    }
    QVERIFY(!exists(QString(63, u'x'))); // the server would have cut it
}

void TestDatabaseAdmin::saysWhatIsWrong()
{
    const QString home = QStringLiteral("home");
    const QString none = QStringLiteral("none");
    const auto check = [](const Result<void> &result, ErrorCode code, const QByteArray &state, const QString &says) {
        return !result && result.error().code == code && result.error().sqlState == state &&
               result.error().message.contains(says);
    };
    m_cluster.createDatabase(QStringLiteral("fresh"));
    QVERIFY(check(DatabaseAdmin::create(*m_connection, home), ErrorCode::AlreadyExists, "42P04", "“home” already"));
    QVERIFY(check(DatabaseAdmin::rename(*m_connection, QStringLiteral("fresh"), home), ErrorCode::AlreadyExists,
                  "42P04", "“home” already"));
    QVERIFY(
        check(DatabaseAdmin::rename(*m_connection, none, QStringLiteral("x")), ErrorCode::NotFound, "3D000", "“none”"));
    QVERIFY(check(DatabaseAdmin::drop(*m_connection, none, false), ErrorCode::NotFound, "3D000", "“none”"));
    QVERIFY(check(DatabaseAdmin::drop(*m_connection, none, true), ErrorCode::NotFound, "3D000", "“none”"));
    QVERIFY(check(DatabaseAdmin::rename(*m_connection, home, none), ErrorCode::Conflict, "0A000", "another database"));
    const auto dropped = DatabaseAdmin::drop(*m_connection, home, true);
    QVERIFY(!dropped);
    QCOMPARE(int(dropped.error().code), int(ErrorCode::Conflict));
    QVERIFY(check(DatabaseAdmin::drop(*m_connection, QStringLiteral("template1"), false), ErrorCode::NotAllowed,
                  "42501", "template1"));
    std::stop_source stop;
    stop.request_stop();
    const auto cancelled = DatabaseAdmin::create(*m_connection, none, stop.get_token());
    QVERIFY(!cancelled);
    QVERIFY(cancelled.error().isCancelled());
    QVERIFY(!exists(none));
}

void TestDatabaseAdmin::aRoleWithoutTheRight()
{
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("home"));
    spec.parameters.user = QStringLiteral("stranger");
    spec.password = Secret(QStringLiteral("stranger-password"));
    const Connection stranger = open(spec);
    const auto created = DatabaseAdmin::create(*stranger, QStringLiteral("not_mine"));
    QVERIFY(!created);
    QCOMPARE(int(created.error().code), int(ErrorCode::NotAllowed));
    QVERIFY(created.error().message.contains(u"stranger"));
    QCOMPARE(int(DatabaseAdmin::drop(*stranger, QStringLiteral("fresh"), true).error().code),
             int(ErrorCode::NotAllowed));
    QVERIFY(exists(QStringLiteral("fresh")));
}

void TestDatabaseAdmin::saysWhoIsConnected()
{
    const QString name = QStringLiteral("busy");
    const ConnectionSpec spec = m_cluster.spec(name);
    const Connection visitor = open(spec, QStringLiteral("the bird app"));
    const auto dropped = DatabaseAdmin::drop(*m_connection, name, false);
    QVERIFY(!dropped);
    QCOMPARE(int(dropped.error().code), int(ErrorCode::Conflict));
    QCOMPARE(dropped.error().sqlState, QByteArray("55006"));
    QVERIFY2(dropped.error().message.contains(u"the bird app, from 127.0.0.1"), qPrintable(dropped.error().message));
    QVERIFY(visitor->execute(QStringLiteral("SELECT 1"))); // still there
}

void TestDatabaseAdmin::dropEndsSessions()
{
    const QString name = QStringLiteral("crowded");
    const Connection visitor = open(m_cluster.spec(name));
    const auto dropped = DatabaseAdmin::drop(*m_connection, name, true);
    QVERIFY2(dropped, dropped ? "" : qPrintable(dropped.error().detail));
    QVERIFY(!exists(name));
    QVERIFY(!visitor->execute(QStringLiteral("SELECT 1")));
}

void TestDatabaseAdmin::swaps()
{
    const QString current = QStringLiteral("app");
    const QString replacement = QStringLiteral("app new");
    const QString retired = QStringLiteral("app old");
    const auto mark = [&](const QString &database) {
        const Connection connection = open(m_cluster.spec(database));
        return connection->execute(QStringLiteral("CREATE TABLE was_%1 ()").arg(database.size())).has_value();
    };
    const auto tableOf = [&](const QString &database) {
        const Connection connection = open(m_cluster.spec(database));
        return CatalogReader::relations(*connection)->value(0).id.name;
    };
    QVERIFY(mark(current) && mark(replacement));
    {
        const Connection visitor = open(m_cluster.spec(current));
        const auto busy = DatabaseAdmin::swap(*m_connection, current, replacement, retired, false);
        QVERIFY(!busy);
        QCOMPARE(int(busy.error().code), int(ErrorCode::Conflict));
        QVERIFY(exists(replacement) && !exists(retired));
        const auto swapped = DatabaseAdmin::swap(*m_connection, current, replacement, retired, true);
        QVERIFY2(swapped, swapped ? "" : qPrintable(swapped.error().detail));
    }
    QVERIFY(!exists(replacement));
    QCOMPARE(tableOf(current), QStringLiteral("was_%1").arg(replacement.size()));
    QCOMPARE(tableOf(retired), QStringLiteral("was_%1").arg(current.size()));
}

void TestDatabaseAdmin::swapChangesNothingWhenItFails()
{
    const QString current = QStringLiteral("kept");
    const QString retired = QStringLiteral("kept old");
    m_cluster.createDatabase(current);
    m_cluster.createDatabase(QStringLiteral("kept new"));
    auto failed = DatabaseAdmin::swap(*m_connection, current, QStringLiteral("missing"), retired, true);
    QVERIFY(!failed);
    QCOMPARE(int(failed.error().code), int(ErrorCode::NotFound));
    QVERIFY(failed.error().message.contains(u"missing"));
    QVERIFY(exists(current) && !exists(retired));
    failed = DatabaseAdmin::swap(*m_connection, current, QStringLiteral("kept new"), QStringLiteral("home"), true);
    QVERIFY(!failed);
    QCOMPARE(int(failed.error().code), int(ErrorCode::AlreadyExists));
    QVERIFY(exists(current) && exists(QStringLiteral("kept new")));
    QVERIFY(m_connection->execute(QStringLiteral("SELECT 1"))); // no transaction left open
    QVERIFY(DatabaseAdmin::create(*m_connection, QStringLiteral("afterwards")));
}

QTEST_GUILESS_MAIN(TestDatabaseAdmin)
#include "tst_databaseadmin.moc"
