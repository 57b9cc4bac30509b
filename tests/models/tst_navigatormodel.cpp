#include "models/navigatormodel.h"

#include "modelfixture.h"
#include "models/navigatorfilter.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

/// The tree over a real server: what loads when, what it says while there is nothing, and what survives a refresh.
class TestNavigatorModel : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void emptyAtFirst();
    void opensStepByStep();
    void schemasOnlyWhenNeeded();
    void emptyDatabaseSaysSo();
    void unreachableSaysSo();
    void refreshKeepsRows();
    void droppedDatabaseGoes();
    void filterAndSystemDatabases();
    void practiceAndApps();
    void lateAnswerIsDropped();
    void functionsWhenOpened();
    void functionsOfSchemas();
    void functionsWithoutTables();

private:
    QModelIndex opened(const NavigatorModel &model, const QString &id, const QString &database = {}) const;
    static QStringList names(const QAbstractItemModel &model, const QModelIndex &parent);

    TemporaryCluster m_cluster;
};

void TestNavigatorModel::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("shop"));
    m_cluster.spec(QStringLiteral("empty"));
    m_cluster.spec(QStringLiteral("two"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id int PRIMARY KEY, name text);"
                                  "INSERT INTO birds SELECT n, 'bird' FROM generate_series(1, 7) n;"
                                  "CREATE VIEW rare AS SELECT * FROM birds; CREATE SEQUENCE a_counter;"),
                   QStringLiteral("shop"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE SCHEMA other; CREATE TABLE here (id int);"
                                  "CREATE TABLE other.there (id int);"),
                   QStringLiteral("two"));
}

QStringList TestNavigatorModel::names(const QAbstractItemModel &model, const QModelIndex &parent)
{
    QStringList result;
    for (int row = 0; row < model.rowCount(parent); ++row) {
        result += model.index(row, 0, parent).data().toString();
    }
    return result;
}

/// Fetches the node, and waits until what is below it is known.
QModelIndex TestNavigatorModel::opened(const NavigatorModel &model, const QString &id, const QString &database) const
{
    auto &writable = const_cast<NavigatorModel &>(model);
    const QModelIndex index = model.indexOf(id, database);
    if (model.canFetchMore(index)) {
        writable.fetchMore(index);
    }
    const bool isDone =
        QTest::qWaitFor([&] { return model.node(model.indexOf(id, database))->load == NavigatorNode::Load::Done; });
    return isDone ? model.indexOf(id, database) : QModelIndex();
}

void TestNavigatorModel::emptyAtFirst()
{
    ModelFixture fixture;
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QModelIndex connections = model.groupIndex(QStringLiteral("connections"));
    QCOMPARE(names(model, connections), QStringList{QStringLiteral("Loading…")});
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.isLoaded());
    QCOMPARE(names(model, model.groupIndex(QStringLiteral("connections"))),
             QStringList{QStringLiteral("No connections yet")});
    QVERIFY(!model.groupIndex(QStringLiteral("computer")).isValid());
}

void TestNavigatorModel::opensStepByStep()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(model.hasChildren(model.indexOf(profile.id)));
    QCOMPARE(model.rowCount(model.indexOf(profile.id)), 0); // nothing is asked before it is opened
    QCOMPARE(fixture.activity.entries().size(), 0);

    const QModelIndex instance = opened(model, profile.id);
    QVERIFY(instance.isValid());
    const QStringList expected =
        m_cluster.psql(QStringLiteral("SELECT datname FROM pg_database ORDER BY datname COLLATE \"C\"")).split(u'\n');
    QCOMPARE(names(model, instance), expected);

    const QModelIndex shop = opened(model, profile.id, QStringLiteral("shop"));
    QVERIFY(shop.isValid());
    QCOMPARE(names(model, shop),
             (QStringList{QStringLiteral("birds"), QStringLiteral("rare"), QStringLiteral("a_counter")}));
    const QModelIndex birds =
        model.indexOfRelation(profile.id, QStringLiteral("shop"), {QStringLiteral("public"), QStringLiteral("birds")});
    QCOMPARE(birds.data(NavigatorModel::SecondaryRole).toString(), QStringLiteral("7"));
    QCOMPARE(birds.data(NavigatorModel::IconNameRole).toString(), QStringLiteral("table"));
    QCOMPARE(birds.data(Qt::AccessibleTextRole).toString(), QStringLiteral("birds, 7"));
    QCOMPARE(fixture.activity.entries().size(), 2);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
}

void TestNavigatorModel::schemasOnlyWhenNeeded()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    const QModelIndex two = opened(model, profile.id, QStringLiteral("two"));
    QCOMPARE(names(model, two), (QStringList{QStringLiteral("other"), QStringLiteral("public")}));
    const QModelIndex there =
        model.indexOfRelation(profile.id, QStringLiteral("two"), {QStringLiteral("other"), QStringLiteral("there")});
    QCOMPARE(there.parent().data().toString(), QStringLiteral("other"));
}

void TestNavigatorModel::emptyDatabaseSaysSo()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    const QModelIndex empty = opened(model, profile.id, QStringLiteral("empty"));
    QCOMPARE(names(model, empty), QStringList{QStringLiteral("No tables yet")});
    QCOMPARE(model.index(0, 0, empty).data(NavigatorModel::MessageRole).toInt(), int(NodeMessage::Empty));
}

void TestNavigatorModel::unreachableSaysSo()
{
    ModelFixture fixture;
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    spec.parameters.port = 1;
    const Profile profile = fixture.save(QStringLiteral("nowhere"), spec);
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    const QModelIndex instance = opened(model, profile.id);
    QCOMPARE(model.rowCount(instance), 1);
    const QModelIndex message = model.index(0, 0, instance);
    QCOMPARE(message.data(NavigatorModel::MessageRole).toInt(), int(NodeMessage::Failed));
    QVERIFY(!message.data(Qt::ToolTipRole).toString().isEmpty());
    QCOMPARE(instance.data(NavigatorModel::BadgeTextsRole).toStringList(),
             QStringList{QStringLiteral("not connected")});
    QVERIFY(!model.canFetchMore(instance)); // no loop of attempts: it is tried again when the user says so
}

void TestNavigatorModel::refreshKeepsRows()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    const QPersistentModelIndex shop = opened(model, profile.id, QStringLiteral("shop"));
    const QPersistentModelIndex rare =
        model.indexOfRelation(profile.id, QStringLiteral("shop"), {QStringLiteral("public"), QStringLiteral("rare")});
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user; CREATE TABLE nests (id int); INSERT INTO birds VALUES (8, 'x')"),
        QStringLiteral("shop"));
    model.refresh(shop);
    QTRY_COMPARE(model.rowCount(shop), 4);
    QCOMPARE(names(model, shop), (QStringList{QStringLiteral("birds"), QStringLiteral("nests"), QStringLiteral("rare"),
                                              QStringLiteral("a_counter")}));
    QVERIFY(rare.isValid()); // so that what was chosen stays chosen
    QCOMPARE(rare.data().toString(), QStringLiteral("rare"));
    QCOMPARE(model.index(0, 0, shop).data(NavigatorModel::SecondaryRole).toString(), QStringLiteral("8"));
    fixture.instances.open(profile.id);
    QTRY_COMPARE(fixture.instances.find(profile.id)->state, InstanceList::State::Open);
    QVERIFY(shop.isValid());
    QCOMPARE(model.rowCount(shop), 4);
    m_cluster.psql(QStringLiteral("DROP TABLE nests; DELETE FROM birds WHERE id = 8"), QStringLiteral("shop"));
}

void TestNavigatorModel::droppedDatabaseGoes()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    m_cluster.spec(QStringLiteral("passing"));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    QVERIFY(model.indexOf(profile.id, QStringLiteral("passing")).isValid());
    fixture.sessions.close(profile.id, QStringLiteral("passing"));
    m_cluster.psql(QStringLiteral("DROP DATABASE passing WITH (FORCE)"));
    fixture.instances.open(profile.id);
    QTRY_VERIFY(!model.indexOf(profile.id, QStringLiteral("passing")).isValid());
    QVERIFY(model.indexOf(profile.id, QStringLiteral("shop")).isValid());
}

void TestNavigatorModel::filterAndSystemDatabases()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    NavigatorFilter filter;
    filter.setSourceModel(&model);
    const QAbstractItemModelTester tester(&filter, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    QVERIFY(opened(model, profile.id, QStringLiteral("shop")).isValid());
    const auto shown = [&](const QString &database) {
        return filter.mapFromSource(model.indexOf(profile.id, database)).isValid();
    };
    QVERIFY(shown(QStringLiteral("shop")));
    QVERIFY(!shown(QStringLiteral("postgres")));
    QVERIFY(!shown(QStringLiteral("template1")));
    filter.setShowsSystem(true);
    QVERIFY(shown(QStringLiteral("postgres")));
    filter.setShowsSystem(false);

    filter.setText(QStringLiteral(" BIR "));
    QVERIFY(shown(QStringLiteral("shop"))); // because of its table
    QVERIFY(!shown(QStringLiteral("empty")));
    QCOMPARE(names(filter, filter.mapFromSource(model.indexOf(profile.id, QStringLiteral("shop")))),
             QStringList{QStringLiteral("birds")});
    filter.setText({});
    QVERIFY(shown(QStringLiteral("empty")));
}

void TestNavigatorModel::practiceAndApps()
{
    ModelFixture fixture;
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const auto badge = [&] {
        return model.indexOf(Instance::practiceId()).data(NavigatorModel::BadgeTextsRole).toStringList().join(u',');
    };
    QCOMPARE(badge(), QStringLiteral("stopped"));
    QVERIFY(!model.hasChildren(model.indexOf(Instance::practiceId())));
    fixture.instances.setPractice(InstanceList::Practice::Starting);
    QCOMPARE(badge(), QStringLiteral("starting…"));
    fixture.instances.setPractice(InstanceList::Practice::Running, m_cluster.spec(QStringLiteral("shop")));
    QCOMPARE(badge(), QStringLiteral("running"));
    const QModelIndex practice = opened(model, Instance::practiceId());
    QVERIFY(names(model, practice).contains(QStringLiteral("shop")));
    fixture.instances.setPractice(InstanceList::Practice::Stopping);
    QCOMPARE(model.rowCount(model.indexOf(Instance::practiceId())), 0);

    model.setApps({{QStringLiteral("/home/ada/bird-app"), QStringLiteral("localhost:8000"), true}});
    const QModelIndex app = model.index(0, 0, model.groupIndex(QStringLiteral("computer")));
    QCOMPARE(app.data().toString(), QStringLiteral("bird-app"));
    QCOMPARE(app.data(NavigatorModel::SecondaryRole).toString(), QStringLiteral("localhost:8000"));
    model.setApps({});
    QVERIFY(!model.groupIndex(QStringLiteral("computer")).isValid());
}

void TestNavigatorModel::lateAnswerIsDropped()
{
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    fixture.instances.open(profile.id);
    fixture.instances.close(profile.id); // before the answer is here
    QCOMPARE(fixture.instances.find(profile.id)->state, InstanceList::State::Closed);
    // A whole conversation later the first answer has long come, and changed nothing.
    fixture.instances.open(profile.id);
    QTRY_COMPARE(fixture.instances.find(profile.id)->state, InstanceList::State::Open);
    const QModelIndex instance = model.indexOf(profile.id);
    QVERIFY(names(model, instance).contains(QStringLiteral("shop")));
    qsizetype lists = 0;
    for (const ActivityLog::Entry &entry : fixture.activity.entries()) {
        lists += entry.command == QStringLiteral("\\l+") ? 1 : 0;
    }
    QCOMPARE(lists, 1);
}

/// Opens the node for functions, and waits until what is below it is known.
static void openFolder(NavigatorModel &model, const QModelIndex &folder)
{
    QCOMPARE(folder.data().toString(), QStringLiteral("Functions"));
    if (model.canFetchMore(folder)) {
        model.fetchMore(folder);
    }
    QTRY_COMPARE(int(model.node(folder)->load), int(NavigatorNode::Load::Done));
}

void TestNavigatorModel::functionsWhenOpened()
{
    m_cluster.spec(QStringLiteral("busy"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id int PRIMARY KEY);"
                                  "CREATE FUNCTION add(a int, b int DEFAULT 1) RETURNS int LANGUAGE sql AS 'SELECT 1';"
                                  "CREATE FUNCTION add(text) RETURNS int LANGUAGE sql AS 'SELECT 1';"
                                  "CREATE PROCEDURE work() LANGUAGE sql AS 'SELECT 1';"
                                  "COMMENT ON PROCEDURE work IS 'does it'"),
                   QStringLiteral("busy"));
    ModelFixture fixture;
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("busy"));
    TcpProxy proxy(spec.parameters.port);
    spec.parameters.port = proxy.port();
    const Profile profile = fixture.save(QStringLiteral("home"), spec);
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    const QPersistentModelIndex busy = opened(model, profile.id, QStringLiteral("busy"));
    for (const QString &name : fixture.instances.databaseNames(profile.id)) { // all are connected ahead of need
        QTRY_VERIFY(fixture.sessions.server(profile.id, name));
    }
    proxy.resetCount();
    const qsizetype done = fixture.activity.entries().size();
    model.refresh(busy);
    QTRY_COMPARE(fixture.activity.entries().size(), done + 1);
    QCOMPARE(proxy.roundTrips(), 1); // tables, and how many functions there are
    QCOMPARE(names(model, busy), (QStringList{QStringLiteral("birds"), QStringLiteral("Functions")}));
    const QPersistentModelIndex folder = model.index(1, 0, busy);
    QCOMPARE(folder.data(NavigatorModel::SecondaryRole).toString(), QStringLiteral("3"));
    QVERIFY(model.hasChildren(folder));
    QCOMPARE(model.rowCount(folder), 0); // nothing is asked before it is opened

    proxy.resetCount();
    openFolder(model, folder);
    QCOMPARE(proxy.roundTrips(), 1);
    QCOMPARE(names(model, folder), (QStringList{QStringLiteral("add(a integer, b integer DEFAULT 1)"),
                                                QStringLiteral("add(text)"), QStringLiteral("work()")}));
    const QModelIndex work = model.index(2, 0, folder);
    QCOMPARE(model.node(work)->kind, NodeKind::Function);
    QVERIFY(model.node(work)->function.oid > 0);
    QCOMPARE(work.data(NavigatorModel::SecondaryRole).toString(), QStringLiteral("procedure"));
    QVERIFY(work.data(Qt::ToolTipRole).toString().contains(u"does it"));
    QVERIFY(!model.hasChildren(work));
    QVERIFY(fixture.activity.entries().last().command.startsWith(u"\\df+"));

    // Read again, what is open stays open and is true.
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    const QPersistentModelIndex kept = model.index(1, 0, folder);
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; DROP PROCEDURE work; CREATE FUNCTION zoo() RETURNS int "
                                  "LANGUAGE sql AS 'SELECT 1'; CREATE FUNCTION zoom() RETURNS int LANGUAGE sql AS "
                                  "'SELECT 1'"),
                   QStringLiteral("busy"));
    model.refresh(work);
    QTRY_COMPARE(model.rowCount(folder), 4);
    QVERIFY(folder.isValid() && kept.isValid());
    QCOMPARE(kept.data().toString(), QStringLiteral("add(text)"));
    QCOMPARE(folder.data(NavigatorModel::SecondaryRole).toString(), QStringLiteral("4"));
    m_cluster.psql(QStringLiteral("DROP FUNCTION zoo, zoom, add(text), add(int, int)"), QStringLiteral("busy"));
    model.refresh(folder);
    QTRY_COMPARE(model.rowCount(busy), 1); // none: no node
}

void TestNavigatorModel::functionsOfSchemas()
{
    m_cluster.spec(QStringLiteral("schemas"));
    m_cluster.psql(QStringLiteral("CREATE SCHEMA only_functions; CREATE TABLE here (id int);"
                                  "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';"
                                  "CREATE FUNCTION only_functions.g() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
                   QStringLiteral("schemas"));
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    const QModelIndex schemas = opened(model, profile.id, QStringLiteral("schemas"));
    QCOMPARE(names(model, schemas), (QStringList{QStringLiteral("only_functions"), QStringLiteral("public")}));
    const QModelIndex own = model.index(0, 0, model.index(0, 0, schemas));
    const QModelIndex ordinary = model.index(1, 0, model.index(1, 0, schemas));
    openFolder(model, own);
    QCOMPARE(names(model, own), QStringList{QStringLiteral("g()")});
    openFolder(model, ordinary); // read with the other
    QCOMPARE(names(model, ordinary), QStringList{QStringLiteral("f()")});
}

void TestNavigatorModel::functionsWithoutTables()
{
    m_cluster.spec(QStringLiteral("tableless"));
    m_cluster.psql(QStringLiteral("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'"),
                   QStringLiteral("tableless"));
    ModelFixture fixture;
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    NavigatorModel model(&fixture.instances, &fixture.sessions, &fixture.activity);
    fixture.instances.reload();
    QTRY_VERIFY(fixture.instances.hasSaved());
    QVERIFY(opened(model, profile.id).isValid());
    const QModelIndex tableless = opened(model, profile.id, QStringLiteral("tableless"));
    QCOMPARE(names(model, tableless), (QStringList{QStringLiteral("No tables yet"), QStringLiteral("Functions")}));
}

QTEST_GUILESS_MAIN(TestNavigatorModel)
#include "tst_navigatormodel.moc"
