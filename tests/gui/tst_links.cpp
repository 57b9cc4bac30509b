// Links between tables: where they lead, and the list to choose the referred row from.

#include "gui/services.h"
#include "gui/table/links/linkchooser.h"
#include "gui/table/links/linkquery.h"
#include "gui/table/links/linkrowsmodel.h"
#include "gui/table/links/tablelinks.h"
#include "models/rowsfixture.h"
#include "scriptedprompts.h"

#include <QAbstractItemModelTester>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const schema =
    "SET ROLE my_database_user; "
    "CREATE TABLE birds (id integer PRIMARY KEY, note text, name varchar(80) NOT NULL, title text); "
    "INSERT INTO birds SELECT n, NULL, 'Bird ' || n, 'Title ' || n % 3 FROM generate_series(1, 250) n; "
    "UPDATE birds SET name = 'Grackle 100%' WHERE id = 7; "
    "UPDATE birds SET name = 'gr_ackle' WHERE id = 8; "
    "CREATE TABLE \"odd \"\"names\"\"\" (\"the key\" text, \"B\" integer, \"it's\" text, PRIMARY KEY (\"the key\", "
    "\"B\")); "
    "INSERT INTO \"odd \"\"names\"\"\" VALUES ('a''b', 1, 'first'), ('a''b', 2, 'second'), ('c', 1, 'third'); "
    "CREATE TABLE sightings (id integer PRIMARY KEY, bird integer REFERENCES birds, must integer NOT NULL REFERENCES "
    "birds, "
    "\"k e y\" text, b integer, plain text, "
    "FOREIGN KEY (\"k e y\", b) REFERENCES \"odd \"\"names\"\"\" (\"the key\", \"B\")); "
    "INSERT INTO sightings VALUES (1, 7, 250, 'a''b', 2, 'x'), (2, NULL, 1, 'c', NULL, NULL), (3, 3, 3, NULL, NULL, "
    "'y'); ";

ForeignKey birdKey()
{
    return {QStringLiteral("sightings_bird_fkey"),
            {QStringLiteral("public"), QStringLiteral("sightings")},
            {QStringLiteral("bird")},
            {QStringLiteral("public"), QStringLiteral("birds")},
            {QStringLiteral("id")}};
}

RowColumn column(const char *name, const char *type, char category, bool notNull = false)
{
    RowColumn column;
    column.name = QString::fromLatin1(name);
    column.type = QString::fromLatin1(type);
    column.category = category;
    column.notNull = notNull;
    column.isNumeric = category == 'N';
    return column;
}

FilterCondition equals(const QString &column, const QString &value)
{
    return {column, FilterCondition::Operator::Equal, {value}};
}

} // namespace

class TestLinks : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void forward();
    void nullLeadsNowhere();
    void severalColumnsAndQuotedNames();
    void backward();
    void ownColumnsLinksComeFirst();
    void tellingColumns();
    void searchIsBoundAndEscaped();
    void linksOfARealRow();
    void backwardFollowsWhatTheDatabaseHolds();
    void chooserSearchesAndStages();
    void chooserPages();
    void chooserSetsNullOnlyWhereItMay();
    void chooserSetsAllColumnsInOneStep();
    void newSearchStopsTheOldOne();
    void chooserSaysWhatFailed();

private:
    QModelIndex cell(int row, const char *name) const
    {
        return m_model->index(row, m_model->columnOf(QString::fromLatin1(name)));
    }
    LinkChooser *open(int row, const char *name, const QString &search = {});
    template <class T>
    static T *part(QWidget *in, const char *name)
    {
        return in->findChild<T *>(QString::fromLatin1(name));
    }
    static QStringList shown(LinkChooser *chooser)
    {
        QStringList rows;
        const QAbstractItemModel *model = part<QTableView>(chooser, "rowsTable")->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            rows += model->index(row, 0).data().toString();
        }
        return rows;
    }
    static bool isReady(LinkChooser *chooser)
    {
        return QTest::qWaitFor(
            [chooser] { return chooser->findChild<LinkRowsModel *>()->state() == LinkRowsModel::State::Ready; });
    }

    RowsFixture m_fixture;
    ScriptedPrompts m_prompts;
    Services m_services;
    std::unique_ptr<RowsModel> m_model;
    std::unique_ptr<QWidget> m_window;
};

void TestLinks::initTestCase()
{
    QVERIFY(m_fixture.start());
    m_fixture.psql(QString::fromLatin1(schema));
    m_services.jobs = &m_fixture.jobs;
    m_services.prompts = &m_prompts;
    m_services.sessions = &m_fixture.sessions;
    m_services.activity = &m_fixture.activity;
}

void TestLinks::init()
{
    m_window = std::make_unique<QWidget>();
    m_window->resize(600, 400);
    m_window->show();
    m_model = std::make_unique<RowsModel>(&m_fixture.sessions, &m_fixture.activity);
    LinkChooser::provide(m_model.get(), m_services);
    m_model->open(m_fixture.direct, m_fixture.database, m_fixture.relation(QStringLiteral("sightings")));
    QTRY_COMPARE(m_model->state(), RowsModel::State::Ready);
    QTRY_VERIFY(m_model->description() != nullptr);
}

void TestLinks::cleanup()
{
    m_model.reset();
    m_window.reset();
}

LinkChooser *TestLinks::open(int row, const char *name, const QString &search)
{
    LinkChooser *chooser = LinkChooser::open(m_window.get(), m_model.get(), cell(row, name), search);
    return chooser && isReady(chooser) ? chooser : nullptr;
}

void TestLinks::forward()
{
    const auto link = forwardLink(birdKey(), {{QStringLiteral("bird"), QStringLiteral("7")}});
    QVERIFY(link);
    QCOMPARE(link->table.name, QStringLiteral("birds"));
    QCOMPARE(link->filter.conditions, QList<FilterCondition>{equals(QStringLiteral("id"), QStringLiteral("7"))});
    QVERIFY(link->filter.where.isEmpty());
    QCOMPARE(link->title, QStringLiteral("birds, id 7"));
}

void TestLinks::nullLeadsNowhere()
{
    QVERIFY(!forwardLink(birdKey(), {{QStringLiteral("bird"), {}}}));
    QVERIFY(!forwardLink(birdKey(), {}));
    QVERIFY(!backwardLink(birdKey(), {{QStringLiteral("id"), {}}}));
    ForeignKey pair = birdKey();
    pair.columns += QStringLiteral("b");
    pair.toColumns += QStringLiteral("B");
    QVERIFY(!forwardLink(pair, {{QStringLiteral("bird"), QStringLiteral("1")}, {QStringLiteral("b"), {}}}));
    // The empty text is a value.
    QVERIFY(forwardLink(birdKey(), {{QStringLiteral("bird"), QString::fromLatin1("")}}));
}

void TestLinks::severalColumnsAndQuotedNames()
{
    ForeignKey key;
    key.columns = {QStringLiteral("k e y"), QStringLiteral("b")};
    key.to = {QStringLiteral("public"), QStringLiteral("odd \"names\"")};
    key.toColumns = {QStringLiteral("the key"), QStringLiteral("B")};
    const auto link = forwardLink(
        key, {{QStringLiteral("k e y"), QStringLiteral("a'b\nc")}, {QStringLiteral("b"), QStringLiteral("2")}});
    QVERIFY(link);
    const QList<FilterCondition> expected{equals(QStringLiteral("the key"), QStringLiteral("a'b\nc")),
                                          equals(QStringLiteral("B"), QStringLiteral("2"))};
    QCOMPARE(link->filter.conditions, expected);
    QCOMPARE(link->title, QStringLiteral("odd \"names\", the key a'b c, B 2"));
}

void TestLinks::backward()
{
    const auto link = backwardLink(birdKey(), {{QStringLiteral("id"), QStringLiteral("7")}});
    QVERIFY(link);
    QCOMPARE(link->table.name, QStringLiteral("sightings"));
    QCOMPARE(link->filter.conditions, QList<FilterCondition>{equals(QStringLiteral("bird"), QStringLiteral("7"))});
}

void TestLinks::ownColumnsLinksComeFirst()
{
    TableDescription table;
    ForeignKey pair = birdKey();
    pair.columns += QStringLiteral("b");
    table.links = {pair, birdKey()};
    const QList<CellLink> found = cellLinks(table, QStringLiteral("bird"));
    QCOMPARE(found.size(), 2);
    QVERIFY(found[0].isWhole);
    QVERIFY(!found[1].isWhole);
    QVERIFY(cellLinks(table, QStringLiteral("plain")).isEmpty());
}

void TestLinks::tellingColumns()
{
    const auto names = [](const LinkQuery &query) {
        QStringList found;
        for (const RowColumn &column : query.telling) {
            found += column.name;
        }
        return found;
    };
    const RowColumn id = column("id", "integer", 'N', true);
    QCOMPARE(names(LinkQuery::make(birdKey(), {id, column("note", "text", 'S'), column("title", "text", 'S'),
                                               column("name", "text", 'S')})),
             (QStringList{QStringLiteral("name"), QStringLiteral("title")}));
    QCOMPARE(names(LinkQuery::make(birdKey(), {id, column("remark", "text", 'S'), column("other", "text", 'S')})),
             QStringList{QStringLiteral("remark")});
    QCOMPARE(names(LinkQuery::make(birdKey(), {id, column("size", "integer", 'N')})), QStringList());
    QVERIFY(LinkQuery::make(birdKey(), {column("other", "integer", 'N')}).keyColumns.isEmpty());
}

void TestLinks::searchIsBoundAndEscaped()
{
    const LinkQuery query =
        LinkQuery::make(birdKey(), {column("id", "integer", 'N', true), column("na\"me", "text", 'S')});
    const QString evil = QStringLiteral("50%_\\'; DROP TABLE birds; --");
    const SqlStatement statement = query.statement(evil, {QStringLiteral("9")}, {});
    QVERIFY2(!statement.sql.contains(QStringLiteral("DROP")), qPrintable(statement.sql));
    QVERIFY(statement.sql.contains(QStringLiteral("\"na\"\"me\"")));
    QCOMPARE(statement.parameters.size(), 3);
    QCOMPARE(statement.parameters[0].toString(), QStringLiteral("%50\\%\\_\\\\'; DROP TABLE birds; --%"));
}

void TestLinks::linksOfARealRow()
{
    QCOMPARE(forwardLinks(*m_model, cell(0, "plain")).size(), 0);
    QCOMPARE(forwardLinks(*m_model, cell(0, "bird")).value(0).title, QStringLiteral("birds, id 7"));
    QCOMPARE(forwardLinks(*m_model, cell(1, "bird")).size(), 0); // NULL
    QCOMPARE(forwardLinks(*m_model, cell(0, "b")).value(0).title, QStringLiteral("odd \"names\", the key a'b, B 2"));
    QCOMPARE(forwardLinks(*m_model, cell(1, "k e y")).size(), 0); // half a key
    QVERIFY(backwardLinks(*m_model, 0).isEmpty());
}

void TestLinks::backwardFollowsWhatTheDatabaseHolds()
{
    RowsModel birds(&m_fixture.sessions, &m_fixture.activity);
    birds.open(m_fixture.direct, m_fixture.database, m_fixture.relation(QStringLiteral("birds")));
    QTRY_VERIFY(birds.state() == RowsModel::State::Ready && birds.description());
    const auto conditions = [&birds](int row) {
        QStringList found;
        const QList<TableLink> links = backwardLinks(birds, row);
        for (const TableLink &link : links) {
            found += link.filter.conditions.first().column + u'=' + link.filter.conditions.first().values.first();
        }
        found.sort();
        return found;
    };
    const QStringList both{QStringLiteral("bird=7"), QStringLiteral("must=7")};
    QCOMPARE(conditions(6), both);
    QVERIFY(birds.setData(birds.index(6, 0), QStringLiteral("1000")));
    QCOMPARE(conditions(6), both); // the new key is not there yet
    const int added = birds.addRow({{QStringLiteral("id"), QStringLiteral("5000")}});
    QVERIFY(backwardLinks(birds, added).isEmpty());
}

void TestLinks::chooserSearchesAndStages()
{
    LinkChooser *chooser = open(0, "bird");
    QVERIFY(chooser);
    const QPointer<LinkChooser> guard(chooser);
    const QAbstractItemModelTester tester(chooser->findChild<LinkRowsModel *>());
    auto *table = part<QTableView>(chooser, "rowsTable");
    auto *search = part<QLineEdit>(chooser, "searchEdit");
    QCOMPARE(shown(chooser).value(0), QStringLiteral("7")); // the current value first, and chosen
    QCOMPARE(table->currentIndex().row(), 0);
    QCOMPARE(shown(chooser).count(QStringLiteral("7")), 1);
    QTest::keyClicks(search, QStringLiteral("BIRD 24"));
    QTRY_COMPARE(shown(chooser),
                 (QStringList{"7", "24", "240", "241", "242", "243", "244", "245", "246", "247", "248", "249"}));
    QCOMPARE(table->currentIndex().row(), 1);
    QTest::keyClick(search, Qt::Key_Down);
    QTest::keyClick(search, Qt::Key_Down);
    QCOMPARE(table->currentIndex().row(), 3);
    QTest::keyClick(search, Qt::Key_Return);
    QTRY_VERIFY(!guard);
    QCOMPARE(m_model->value(0, m_model->columnOf(QStringLiteral("bird"))), CellValue(QStringLiteral("241")));
    QVERIFY(m_model->changes().canUndo());
    m_model->undo();
    QVERIFY(m_model->changes().isEmpty());

    // Percent and underline are themselves.
    LinkChooser *literal = open(1, "bird", QStringLiteral("100%"));
    QVERIFY(literal);
    QCOMPARE(shown(literal), QStringList{QStringLiteral("7")});
    part<QLineEdit>(literal, "searchEdit")->setText(QStringLiteral("r_a"));
    QTRY_COMPARE(shown(literal), QStringList{QStringLiteral("8")});
    part<QLineEdit>(literal, "searchEdit")->setText(QStringLiteral("no such bird"));
    QTRY_COMPARE(shown(literal), QStringList());
    QVERIFY(!part<QPushButton>(literal, "chooseButton")->isEnabled());
    literal->reject();
    QVERIFY(m_model->changes().isEmpty());
}

void TestLinks::chooserPages()
{
    LinkChooser *chooser = open(0, "must"); // 250: outside the first page
    QVERIFY(chooser);
    auto *rows = chooser->findChild<LinkRowsModel *>();
    QCOMPARE(rows->rowCount(), LinkQuery::pageSize + 1);
    QCOMPARE(shown(chooser).value(0), QStringLiteral("250"));
    QVERIFY(rows->hasMore());
    while (rows->canFetchMore({})) {
        rows->fetchMore({});
        QVERIFY(isReady(chooser));
    }
    QStringList all = shown(chooser);
    QCOMPARE(all.size(), 250);
    QCOMPARE(QSet<QString>(all.begin(), all.end()).size(), 250);
    chooser->reject();
}

void TestLinks::chooserSetsNullOnlyWhereItMay()
{
    LinkChooser *chooser = open(0, "must");
    QVERIFY(chooser);
    QVERIFY(part<QPushButton>(chooser, "nullButton")->isHidden());
    chooser->reject();
    chooser = open(0, "bird");
    QVERIFY(chooser);
    part<QPushButton>(chooser, "nullButton")->click();
    QCOMPARE(m_model->value(0, m_model->columnOf(QStringLiteral("bird"))), CellValue());
    QCOMPARE(m_model->changes().counts().changed, 1);
}

void TestLinks::chooserSetsAllColumnsInOneStep()
{
    LinkChooser *chooser = open(2, "b");
    QVERIFY(chooser);
    QCOMPARE(part<QTableView>(chooser, "rowsTable")->model()->columnCount(), 3); // two of the key, one that tells
    part<QLineEdit>(chooser, "searchEdit")->setText(QStringLiteral("second"));
    QTRY_COMPARE(shown(chooser), QStringList{QStringLiteral("a'b")});
    part<QPushButton>(chooser, "chooseButton")->click();
    QCOMPARE(cell(2, "k e y").data(RowsModel::FullTextRole).toString(), QStringLiteral("a'b"));
    QCOMPARE(cell(2, "b").data(RowsModel::FullTextRole).toString(), QStringLiteral("2"));
    m_model->undo(); // both at once
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY(!LinkChooser::isPossible(*m_model, cell(0, "plain")));
}

void TestLinks::newSearchStopsTheOldOne()
{
    // A search that the server would be busy with for long; the first page by key costs nothing.
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user;"
                                  "CREATE FUNCTION slow(integer) RETURNS text LANGUAGE plpgsql STABLE AS "
                                  "$$ BEGIN PERFORM pg_sleep(2); RETURN 'n'; END $$;"
                                  "CREATE VIEW lazy AS SELECT id, name, CASE WHEN id > 200 THEN slow(id) END AS title "
                                  "FROM birds"));
    ForeignKey key = birdKey();
    key.to.name = QStringLiteral("lazy");
    LinkRowsModel rows(&m_fixture.sessions, m_fixture.direct, m_fixture.database, key, {});
    rows.search(QStringLiteral("zzz"));
    QTRY_VERIFY(m_fixture.busySessions() > 0);
    QElapsedTimer clock;
    clock.start();
    rows.search(QString());
    QTRY_COMPARE(rows.state(), LinkRowsModel::State::Ready);
    QVERIFY2(clock.elapsed() < 4'000, qPrintable(QString::number(clock.elapsed()))); // not the 100 s of the first
    QCOMPARE(rows.rowCount(), LinkQuery::pageSize);
    QTRY_COMPARE(m_fixture.busySessions(), 0);
}

void TestLinks::chooserSaysWhatFailed()
{
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE kinds (id integer PRIMARY KEY);"
                                  "CREATE TABLE things (id integer PRIMARY KEY, kind integer REFERENCES kinds);"
                                  "INSERT INTO things VALUES (1, NULL)"));
    m_model->open(m_fixture.direct, m_fixture.database, m_fixture.relation(QStringLiteral("things")));
    QTRY_VERIFY(m_model->state() == RowsModel::State::Ready && m_model->description());
    m_fixture.psql(QStringLiteral("DROP TABLE things, kinds"));
    LinkChooser *chooser = LinkChooser::open(m_window.get(), m_model.get(), cell(0, "kind"));
    QVERIFY(chooser);
    QTRY_COMPARE(chooser->findChild<LinkRowsModel *>()->state(), LinkRowsModel::State::Failed);
    QVERIFY(!part<QLabel>(chooser, "stateLabel")->text().isEmpty());
    QVERIFY(!part<QPushButton>(chooser, "chooseButton")->isEnabled());
    chooser->reject();
}

QTEST_MAIN(TestLinks)
#include "tst_links.moc"
