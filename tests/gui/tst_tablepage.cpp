#include "gui/dialogs/notice.h"
#include "gui/table/filterrow.h"
#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "postgres/environment.h"
#include "support/temporarycluster.h"
#include "tablefixture.h"

#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QDialog>
#include <QElapsedTimer>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace Roost;
using namespace Roost::Testing;

namespace {

const char *const schema = R"(
SET ROLE my_database_user;
CREATE TABLE species (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO species SELECT n, 'Species ' || n FROM generate_series(1, 5) n;
CREATE TABLE birds (id integer PRIMARY KEY, name text NOT NULL, species_id integer REFERENCES species, weight numeric(8,2));
INSERT INTO birds SELECT n, 'Bird ' || n, 1 + n % 5, CASE WHEN n % 7 = 0 THEN NULL ELSE n + 0.25 END FROM generate_series(1, 60) n;
CREATE TABLE many (id integer PRIMARY KEY, note text, other integer);
INSERT INTO many SELECT n, 'note ' || n, (n * 7919) % 260000 FROM generate_series(1, 260000) n;
CREATE INDEX ON many (note);
CREATE TABLE keyless (line text);
INSERT INTO keyless SELECT 'line ' || n FROM generate_series(1, 30) n;
CREATE TABLE empty (id serial PRIMARY KEY, name text);
SET client_min_messages = error;
ANALYZE;
)";

} // namespace

/// Looking at tables through the real window: filters, sorting, links, finding, counting, cancelling.
class TestTablePage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void filterRow();
    void whereBox();
    void whereRefusedByTheServer();
    void whereHistory();
    void filterByValue();
    void filtersMeet();
    void sortByHeaderAndMenu();
    void bigSortAsksFirst();
    void linksBothWays();
    void linkToATableThatIsNotListed();
    void findsInRowsAndTable();
    void goesToNumberAndKey();
    void goesToTheEnd();
    void counts();
    void cancelReallyStops();
    void cancelledFirstLoad();
    void emptyTable();
    void withoutKeyIsSaid();
    void statusTellsTheSelection();
    void copiesAs();
    void copiesNullsForPasting();
    void structureAndDdl();
    void shortcutsReachTheirVerbs();
    void fromTheTreeByKeyboard();
    void menusFollowThePage();
    void headerMenu();
    void cellMenu();

private:
    QLineEdit *where() const { return TableFixture::in<QLineEdit>(m_page, "whereBox"); }
    QLabel *problem() const { return TableFixture::in<QLabel>(m_page, "whereProblem"); }
    bool open(const char *table)
    {
        m_page = m_fixture->openTable(QString::fromLatin1(table));
        return m_page != nullptr;
    }
    void applyWhere(const QString &text) const
    {
        where()->setFocus();
        where()->selectAll();
        QTest::keyClicks(where(), text);
        QTest::keyClick(where(), Qt::Key_Return);
    }
    bool settles() const
    {
        return QTest::qWaitFor(
            [this] { return m_page->rows()->state() == RowsModel::State::Ready && !m_page->rows()->isLoading(); });
    }
    int sleepers() const
    {
        return m_cluster
            .psql(
                QStringLiteral("SELECT count(*) FROM pg_stat_activity WHERE datname = 'shop' AND state = 'active' AND "
                               "query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()"))
            .toInt();
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<TableFixture> m_fixture;
    TablePage *m_page = nullptr;
    QTemporaryDir m_home;
};

void TestTablePage::initTestCase()
{
    qputenv("ROOST_HOME", m_home.path().toUtf8());
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("shop"));
    m_cluster.psql(QString::fromLatin1(schema), QStringLiteral("shop"));
}

void TestTablePage::init()
{
    m_fixture = std::make_unique<TableFixture>(m_cluster.spec(QStringLiteral("shop")));
}

void TestTablePage::cleanup()
{
    m_fixture.reset();
}

void TestTablePage::filterRow()
{
    QVERIFY(open("birds"));
    QVERIFY(!m_page->grid()->isFilterRowVisible());
    m_fixture->action("actionFilterRow")->trigger();
    QVERIFY(m_page->grid()->isFilterRowVisible());
    QVERIFY(m_fixture->action("actionFilterRow")->isChecked());
    QVERIFY(TableFixture::in<QAbstractButton>(m_page, "toggleFilterRow")->isChecked());
    QLineEdit *field = m_page->grid()->filterRow()->field(0);
    QTest::keyClicks(field, QStringLiteral("10..12"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(m_page->rows()->rowCount(), 3);
    QCOMPARE(cellText(m_page, 0, 0), QStringLiteral("10"));
    m_fixture->action("actionClearFilter")->trigger();
    QTRY_COMPARE(m_page->rows()->rowCount(), 60);
    QVERIFY(field->text().isEmpty());
    QVERIFY(!m_fixture->action("actionClearFilter")->isEnabled());
}

void TestTablePage::whereBox()
{
    QVERIFY(open("birds"));
    m_page->grid()->setFocus();
    QTest::keyClick(m_page->grid(), Qt::Key_L, Qt::ControlModifier);
    QTRY_VERIFY(where()->hasFocus());
    applyWhere(QStringLiteral("weight > 40 and name like '%1'"));
    QTRY_COMPARE(m_page->rows()->rowCount(), 2); // 41 and 51
    QVERIFY(!problem()->isVisible());
    QTest::keyClick(where(), Qt::Key_Escape);
    QTRY_VERIFY(m_page->grid()->hasFocus());
    // What is no expression is told before the server is asked, and the rows stay.
    applyWhere(QStringLiteral("weight > 40; drop table birds"));
    QTRY_VERIFY(problem()->isVisible());
    QCOMPARE(where()->text(), QStringLiteral("weight > 40; drop table birds"));
    QCOMPARE(m_page->rows()->rowCount(), 2);
    QTest::keyClicks(where(), QStringLiteral("x"));
    QVERIFY(!problem()->isVisible());
    where()->clear();
    QTest::keyClick(where(), Qt::Key_Return);
    QTRY_COMPARE(m_page->rows()->rowCount(), 60);
}

void TestTablePage::whereRefusedByTheServer()
{
    QVERIFY(open("birds"));
    applyWhere(QStringLiteral("no_such_column > 1"));
    QTRY_VERIFY(problem()->isVisible());
    QVERIFY2(problem()->text().contains(QStringLiteral("no_such_column")), qPrintable(problem()->text()));
    QCOMPARE(where()->text(), QStringLiteral("no_such_column > 1"));
    QCOMPARE(m_page->rows()->rowCount(), 60); // the rows are still there
    QVERIFY(!TableFixture::in<Notice>(m_page, "tableNotice")->isVisible());
    applyWhere(QStringLiteral("id = 7"));
    QTRY_COMPARE(m_page->rows()->rowCount(), 1);
    QVERIFY(!problem()->isVisible());
}

void TestTablePage::whereHistory()
{
    QVERIFY(open("birds"));
    applyWhere(QStringLiteral("id = 3"));
    QTRY_COMPARE(m_page->rows()->rowCount(), 1);
    applyWhere(QStringLiteral("id < 3"));
    QTRY_COMPARE(m_page->rows()->rowCount(), 2);
    QTest::keyClick(where(), Qt::Key_Down);
    QTRY_VERIFY(m_page->findChild<QMenu *>(QStringLiteral("whereHistory")));
    auto *menu = m_page->findChild<QMenu *>(QStringLiteral("whereHistory"));
    QCOMPARE(menu->actions().value(0)->text(), QStringLiteral("id < 3"));
    QCOMPARE(menu->actions().value(1)->text(), QStringLiteral("id = 3"));
    menu->actions().value(1)->trigger();
    menu->close();
    QTRY_COMPARE(m_page->rows()->rowCount(), 1);
    QCOMPARE(where()->text(), QStringLiteral("id = 3"));
}

void TestTablePage::filterByValue()
{
    QVERIFY(open("birds"));
    m_page->grid()->goTo(2, 2); // species 4
    m_fixture->action("actionFilterByValue")->trigger();
    QTRY_COMPARE(m_page->rows()->rowCount(), 12);
    QVERIFY(m_page->grid()->isFilterRowVisible());
    QCOMPARE(m_page->grid()->filterRow()->field(2)->text(), QStringLiteral("= 4"));
    m_fixture->action("actionClearFilter")->trigger();
    QTRY_COMPARE(m_page->rows()->rowCount(), 60);
    m_page->grid()->goTo(6, 3); // NULL
    m_fixture->action("actionExcludeValue")->trigger();
    QTRY_COMPARE(m_page->rows()->rowCount(), 52);
    m_page->grid()->goTo(0, 2); // species 2, besides
    m_fixture->action("actionExcludeValue")->trigger();
    QTRY_VERIFY(m_page->rows()->rowCount() < 52);
    QVERIFY(settles());
    for (int row = 0; row < m_page->rows()->rowCount(); ++row) {
        QVERIFY(cellText(m_page, row, 2) != QStringLiteral("2"));
        QVERIFY(cellText(m_page, row, 3) != QStringLiteral("NULL"));
    }
}

/// Filter row, WHERE box and a link's condition count together.
void TestTablePage::filtersMeet()
{
    QVERIFY(open("birds"));
    m_page->showLink({m_page->relation().id,
                      {{{QStringLiteral("species_id"), FilterCondition::Operator::Equal, {QStringLiteral("2")}}}, {}},
                      {}});
    QTRY_COMPARE(m_page->rows()->rowCount(), 12);
    applyWhere(QStringLiteral("id > 20"));
    QTRY_COMPARE(m_page->rows()->rowCount(), 8);
    m_page->run(TableVerb::FilterRow);
    QLineEdit *field = m_page->grid()->filterRow()->field(0);
    QTest::keyClicks(field, QStringLiteral("< 40"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_COMPARE(m_page->rows()->rowCount(), 4); // 21, 26, 31, 36
    auto *chip = TableFixture::in<QPushButton>(m_page, "filterChip");
    QVERIFY(chip && chip->isVisible());
    QVERIFY2(chip->text().startsWith(QStringLiteral("species_id = 2")), qPrintable(chip->text()));
    QTest::mouseClick(chip, Qt::LeftButton);
    QTRY_COMPARE(m_page->rows()->rowCount(), 19); // 21 … 39
    QVERIFY(!TableFixture::in<QPushButton>(m_page, "filterChip"));
}

void TestTablePage::sortByHeaderAndMenu()
{
    QVERIFY(open("birds"));
    RowsHeader *header = m_page->grid()->header();
    const QPoint place(header->sectionViewportPosition(2) + 20, header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, {}, place);
    QTRY_COMPARE(m_page->rows()->sort(), QList<SortColumn>({{QStringLiteral("species_id"), false}}));
    QVERIFY(settles());
    QTRY_COMPARE(cellText(m_page, 0, 2), QStringLiteral("1"));
    m_page->grid()->goTo(0, 0);
    m_fixture->action("actionSortDescending")->trigger();
    QTRY_COMPARE(cellText(m_page, 0, 0), QStringLiteral("60"));
    QCOMPARE(header->sort(), QList<SortColumn>({{QStringLiteral("id"), true}}));
    m_fixture->action("actionClearSort")->trigger();
    QTRY_COMPARE(cellText(m_page, 0, 0), QStringLiteral("1"));
    QVERIFY(!m_fixture->action("actionClearSort")->isEnabled());
}

void TestTablePage::bigSortAsksFirst()
{
    QVERIFY(open("many"));
    auto *notice = TableFixture::in<Notice>(m_page, "sortNotice");
    m_page->grid()->goTo(0, 2);
    m_fixture->action("actionSortAscending")->trigger();
    QTRY_VERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("~ 260 k rows")), qPrintable(notice->text()));
    QVERIFY(m_page->rows()->sort().isEmpty());
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "doNotSort"), Qt::LeftButton);
    QVERIFY(!notice->isVisible());
    QVERIFY(m_page->rows()->sort().isEmpty());
    m_fixture->action("actionSortAscending")->trigger();
    QTRY_VERIFY(notice->isVisible());
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "sortAnyway"), Qt::LeftButton);
    QTRY_COMPARE(cellText(m_page, 0, 2), QStringLiteral("0"));
    // With an index nothing is asked.
    m_page->grid()->goTo(0, 1);
    m_fixture->action("actionSortDescending")->trigger();
    QTRY_COMPARE(cellText(m_page, 0, 1), QStringLiteral("note 99999"));
    QVERIFY(!notice->isVisible());
}

void TestTablePage::linksBothWays()
{
    QVERIFY(open("birds"));
    TablePage *birds = m_page;
    m_page->grid()->goTo(2, 2); // species 4
    QVERIFY(m_fixture->action("actionFollowLink")->isEnabled());
    const QRect cell = m_page->grid()->visualRect(m_page->rows()->index(2, 2));
    QTest::mouseClick(m_page->grid()->viewport(), Qt::LeftButton, Qt::ControlModifier, cell.center());
    QTRY_VERIFY(m_fixture->currentPage() != birds);
    TablePage *species = m_fixture->currentPage();
    QCOMPARE(species->relation().id.name, QStringLiteral("species"));
    QTRY_COMPARE(species->rows()->rowCount(), 1);
    QTRY_COMPARE(cellText(species, 0, 0), QStringLiteral("4"));
    QTRY_VERIFY(species->rows()->description());
    // And back, by the menu of the row.
    species->grid()->goTo(0, 0);
    emit species->grid()->menuRequested(species->rows()->index(0, 0), species->mapToGlobal(QPoint(50, 50)));
    QTRY_VERIFY(species->findChild<QMenu *>(QStringLiteral("incomingMenu")));
    auto *menu = species->findChild<QMenu *>(QStringLiteral("incomingMenu"));
    QCOMPARE(menu->actions().size(), 1);
    menu->actions().first()->trigger();
    species->findChild<QMenu *>(QStringLiteral("cellMenu"))->close();
    QTRY_COMPARE(m_fixture->currentPage(), birds);
    QTRY_COMPARE(birds->rows()->rowCount(), 12);
    // The chip takes the filter away again.
    auto *chip = TableFixture::in<QPushButton>(birds, "filterChip");
    QVERIFY(chip && chip->isVisible());
    QTest::mouseClick(chip, Qt::LeftButton);
    QTRY_COMPARE(birds->rows()->rowCount(), 60);
    // By keyboard, too.
    birds->grid()->goTo(0, 2);
    birds->grid()->setFocus();
    QTest::keyClick(birds->grid(), Qt::Key_Return, Qt::ControlModifier);
    QTRY_COMPARE(m_fixture->currentPage(), species);
    QTRY_COMPARE(cellText(species, 0, 0), QStringLiteral("2"));
}

void TestTablePage::linkToATableThatIsNotListed()
{
    QVERIFY(open("birds"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE later (id int PRIMARY KEY);"
                                  "INSERT INTO later VALUES (9)"),
                   QStringLiteral("shop"));
    emit m_page->openRequested({{QStringLiteral("public"), QStringLiteral("later")}, {}, {}});
    QTRY_VERIFY(m_fixture->currentPage() && m_fixture->currentPage() != m_page);
    QTRY_COMPARE(m_fixture->currentPage()->rows()->rowCount(), 1);
    m_cluster.psql(QStringLiteral("DROP TABLE later"), QStringLiteral("shop"));
}

void TestTablePage::findsInRowsAndTable()
{
    QVERIFY(open("many"));
    m_page->grid()->setFocus();
    m_page->grid()->goTo(0, 0);
    QTest::keyClick(m_page->grid(), Qt::Key_F, Qt::ControlModifier);
    auto *field = TableFixture::in<QLineEdit>(m_page, "findText");
    QTRY_VERIFY(field->hasFocus());
    QTest::keyClicks(field, QStringLiteral("NOTE 15"));
    QCOMPARE(m_page->grid()->currentIndex(), m_page->rows()->index(14, 1));
    QTest::keyClick(field, Qt::Key_F3);
    QCOMPARE(m_page->grid()->currentIndex().row(), 149);
    field->setText(QStringLiteral("note 251234"));
    auto *result = TableFixture::in<QLabel>(m_page, "findResult");
    QVERIFY2(result->text().contains(QStringLiteral("loaded")), qPrintable(result->text()));
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "findWholeTable"), Qt::LeftButton);
    QTRY_COMPARE(result->text(), QStringLiteral("Found"));
    const QModelIndex found = m_page->grid()->currentIndex();
    QCOMPARE(cellText(m_page, found.row(), 1), QStringLiteral("note 251234"));
    QCOMPARE(found.column(), 1);
    field->setText(QStringLiteral("no such text"));
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "findWholeTable"), Qt::LeftButton);
    QTRY_VERIFY(result->text().startsWith(QStringLiteral("Nothing")));
    QTest::keyClick(field, Qt::Key_Escape);
    QTRY_VERIFY(m_page->grid()->hasFocus());
}

void TestTablePage::goesToNumberAndKey()
{
    QVERIFY(open("many"));
    m_page->grid()->setFocus();
    QTest::keyClick(m_page->grid(), Qt::Key_G, Qt::ControlModifier);
    QTRY_VERIFY(m_fixture->part<QDialog>("GoToRow"));
    auto *dialog = m_fixture->part<QDialog>("GoToRow");
    TableFixture::in<QLineEdit>(dialog, "keyField_id")->clear();
    QVERIFY(!TableFixture::in<QPushButton>(dialog, "goButton")->isEnabled());
    QTest::keyClicks(TableFixture::in<QLineEdit>(dialog, "rowNumberField"), QStringLiteral("120"));
    QTest::mouseClick(TableFixture::in<QPushButton>(dialog, "goButton"), Qt::LeftButton);
    QTRY_COMPARE(m_page->grid()->currentIndex().row(), 119);
    QTRY_VERIFY(!m_fixture->part<QDialog>("GoToRow"));

    m_fixture->action("actionGoTo")->trigger();
    dialog = m_fixture->part<QDialog>("GoToRow");
    QVERIFY(dialog);
    auto *key = TableFixture::in<QLineEdit>(dialog, "keyField_id");
    QCOMPARE(key->text(), QStringLiteral("120")); // where one stands
    key->setText(QStringLiteral("200123"));
    QTest::mouseClick(TableFixture::in<QPushButton>(dialog, "goButton"), Qt::LeftButton);
    QTRY_COMPARE(cellText(m_page, m_page->grid()->currentIndex().row(), 0), QStringLiteral("200123"));
    QVERIFY(!TableFixture::in<Notice>(m_page, "tableNotice")->isVisible());
}

void TestTablePage::goesToTheEnd()
{
    QVERIFY(open("many"));
    m_fixture->action("actionGoToEnd")->trigger();
    QTRY_COMPARE(cellText(m_page, m_page->grid()->currentIndex().row(), 0), QStringLiteral("260000"));
}

void TestTablePage::counts()
{
    QVERIFY(open("many"));
    auto *count = TableFixture::in<QLabel>(m_page, "rowCount");
    QCOMPARE(count->text(), QStringLiteral("~ 260 k rows"));
    QVERIFY(count->isVisible());
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "countExactly"), Qt::LeftButton);
    QTRY_COMPARE(count->text(), QStringLiteral("260,000 rows"));
    QVERIFY(!TableFixture::in<QPushButton>(m_page, "countExactly")->isVisible());
    QTRY_COMPARE(m_fixture->part<QLabel>("statusRows")->text(), QStringLiteral("260,000 rows"));
    applyWhere(QStringLiteral("other < 1000"));
    QTRY_COMPARE(count->text(), QStringLiteral("rows not counted"));
    m_fixture->action("actionCountExactly")->trigger();
    QTRY_COMPARE(count->text(), QStringLiteral("1,000 rows"));
}

void TestTablePage::cancelReallyStops()
{
    QVERIFY(open("birds"));
    applyWhere(QStringLiteral("pg_sleep(30) IS NULL"));
    auto *cancel = TableFixture::in<QPushButton>(m_page, "cancelLoading");
    QTRY_VERIFY(cancel->isVisible());
    QCOMPARE(m_page->rows()->rowCount(), 60); // still there to be seen
    QTRY_VERIFY(sleepers() > 0);
    QElapsedTimer clock;
    clock.start();
    QTest::mouseClick(cancel, Qt::LeftButton);
    QTRY_COMPARE(sleepers(), 0);
    QVERIFY(clock.elapsed() < 5000);
    QVERIFY(!m_page->rows()->isLoading());
    QVERIFY(!cancel->isVisible());
    QCOMPARE(m_page->rows()->state(), RowsModel::State::Ready);
    QCOMPARE(m_page->rows()->rowCount(), 60);
    QCOMPARE(where()->text(), QStringLiteral("pg_sleep(30) IS NULL")); // to be mended
    // And it goes on.
    applyWhere(QStringLiteral("id = 2"));
    QTRY_COMPARE(m_page->rows()->rowCount(), 1);
}

void TestTablePage::cancelledFirstLoad()
{
    m_cluster.psql(
        QStringLiteral("CREATE VIEW slow AS SELECT id, pg_sleep(30)::text AS pause FROM birds; GRANT SELECT ON slow TO "
                       "my_database_user"),
        QStringLiteral("shop"));
    m_page = m_fixture->beginTable(QStringLiteral("slow"));
    QVERIFY(m_page);
    auto *cancel = TableFixture::in<QPushButton>(m_page, "cancelLoading");
    QTRY_VERIFY(cancel->isVisible());
    QTest::mouseClick(cancel, Qt::LeftButton);
    QTRY_COMPARE(sleepers(), 0);
    auto *again = TableFixture::in<QPushButton>(m_page, "emptyTableButton");
    QTRY_VERIFY(again->isVisible());
    QVERIFY(!TableFixture::in<Notice>(m_page, "tableNotice")->isVisible());
    m_cluster.psql(QStringLiteral("CREATE OR REPLACE VIEW slow AS SELECT id, pg_sleep(0)::text AS pause FROM birds"),
                   QStringLiteral("shop"));
    QTest::mouseClick(again, Qt::LeftButton);
    QTRY_COMPARE(m_page->rows()->state(), RowsModel::State::Ready);
    QVERIFY(!again->isVisible());
    m_cluster.psql(QStringLiteral("DROP VIEW slow"), QStringLiteral("shop"));
}

void TestTablePage::emptyTable()
{
    QVERIFY(open("empty"));
    QVERIFY(TableFixture::in<QWidget>(m_page, "emptyTable")->isVisible());
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "emptyTableButton"), Qt::LeftButton);
    QCOMPARE(m_page->rows()->rowCount(), 1);
    QVERIFY(!TableFixture::in<QWidget>(m_page, "emptyTable")->isVisible());
    QCOMPARE(m_page->grid()->currentIndex(), m_page->rows()->index(0, 1)); // not the key, which comes by itself
    m_page->run(TableVerb::Undo);
    QVERIFY(TableFixture::in<QWidget>(m_page, "emptyTable")->isVisible());
    applyWhere(QStringLiteral("id = 3"));
    QVERIFY(settles());
    auto *button = TableFixture::in<QPushButton>(m_page, "emptyTableButton");
    QTRY_COMPARE(button->text(), QStringLiteral("Show all rows"));
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_COMPARE(button->text(), QStringLiteral("Insert a row"));
    QVERIFY(where()->text().isEmpty());
}

void TestTablePage::withoutKeyIsSaid()
{
    QVERIFY(open("keyless"));
    auto *note = TableFixture::in<QLabel>(m_page, "tableNote");
    QVERIFY(note->isVisible());
    QVERIFY2(note->text().contains(QStringLiteral("No key")), qPrintable(note->text()));
    QTest::mouseClick(TableFixture::in<QPushButton>(m_page, "whyReadOnly"), Qt::LeftButton);
    auto *notice = TableFixture::in<Notice>(m_page, "tableNotice");
    QVERIFY(notice->isVisible());
    QVERIFY2(notice->text().contains(QStringLiteral("ALTER TABLE")), qPrintable(notice->text()));
    QTest::mouseClick(TableFixture::in<QPushButton>(notice, "closeNotice"), Qt::LeftButton);
    QVERIFY(!notice->isVisible());
    // An edit says the same.
    m_page->grid()->goTo(0, 0);
    m_page->run(TableVerb::InsertRow);
    QVERIFY(notice->isVisible());
    QVERIFY(m_page->rows()->changes().isEmpty());
}

void TestTablePage::statusTellsTheSelection()
{
    QVERIFY(open("birds"));
    auto *status = m_fixture->part<QLabel>("statusRows");
    m_page->grid()->goTo(0, 3);
    QTest::keyClick(m_page->grid(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(m_page->grid(), Qt::Key_Down, Qt::ShiftModifier);
    QTRY_COMPARE(status->text(), QStringLiteral("60 rows  ·  3 cells, sum 6.75"));
    QTest::keyClick(m_page->grid(), Qt::Key_Left, Qt::ShiftModifier);
    QTRY_VERIFY(status->text().contains(QStringLiteral("6 cells, sum")));
    QTest::keyClick(m_page->grid(), Qt::Key_Left, Qt::ShiftModifier); // a text among them
    QTRY_COMPARE(status->text(), QStringLiteral("60 rows  ·  9 cells"));
    m_page->grid()->goTo(0, 0);
    QTRY_COMPARE(status->text(), QStringLiteral("60 rows"));
}

void TestTablePage::copiesAs()
{
    QVERIFY(open("birds"));
    m_page->grid()->goTo(5, 1);
    QTest::keyClick(m_page->grid(), Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(m_page->grid(), Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(m_page->grid(), Qt::Key_Right, Qt::ShiftModifier);
    const auto copied = [this](const char *action) {
        QApplication::clipboard()->clear();
        m_fixture->action(action)->trigger();
        [[maybe_unused]] const bool isHere =
            QTest::qWaitFor([] { return !QApplication::clipboard()->text().isEmpty(); });
        return QApplication::clipboard()->text();
    };
    QCOMPARE(copied("actionCopy"), QStringLiteral("Bird 6\t2\t6.25\nBird 7\t3\t"));
    QCOMPARE(copied("actionCopyWithHeaders"), QStringLiteral("name\tspecies_id\tweight\nBird 6\t2\t6.25\nBird 7\t3\t"));
    QVERIFY(copied("actionCopyCsv").startsWith(QStringLiteral("name,species_id,weight")));
    QVERIFY(copied("actionCopyJson").contains(QStringLiteral("null")));
    QVERIFY(copied("actionCopyMarkdown").contains(QStringLiteral("| Bird 6 |")));
    const QString insert = copied("actionCopyInsert");
    QVERIFY2(insert.contains(QStringLiteral("INSERT INTO")) && insert.contains(QStringLiteral("NULL")),
             qPrintable(insert));
}

void TestTablePage::copiesNullsForPasting()
{
    QVERIFY(open("birds"));
    m_page->grid()->setFocus();
    m_page->grid()->goTo(6, 3); // NULL
    QTest::keyClick(m_page->grid(), Qt::Key_C, Qt::ControlModifier);
    m_page->grid()->goTo(7, 3);
    QTest::qWait(50); // the clipboard is filled from another thread: nothing of it can be seen in the text of a NULL
    QTest::keyClick(m_page->grid(), Qt::Key_V, Qt::ControlModifier);
    QTRY_COMPARE(cellText(m_page, 7, 3), QStringLiteral("NULL"));
    QCOMPARE(m_page->rows()->changes().counts().changed, 1);
}

void TestTablePage::structureAndDdl()
{
    QVERIFY(open("birds"));
    TableFixture::in<QPushButton>(m_page, "structureSegment")->click();
    QTRY_VERIFY(TableFixture::in<QWidget>(m_page, "structureColumns"));
    QVERIFY(!where()->isEnabled());
    QVERIFY(!m_fixture->action("actionInsertRow")->isEnabled());
    TableFixture::in<QPushButton>(m_page, "ddlSegment")->click();
    QTRY_VERIFY(!m_page->findChildren<QPlainTextEdit *>().isEmpty());
    const auto hasDdl = [this] {
        for (const QPlainTextEdit *text : m_page->findChildren<QPlainTextEdit *>()) {
            if (text->toPlainText().contains(QStringLiteral("CREATE TABLE"))) {
                return true;
            }
        }
        return false;
    };
    QTRY_VERIFY(hasDdl());
    TableFixture::in<QPushButton>(m_page, "dataSegment")->click();
    QVERIFY(where()->isEnabled());
    QVERIFY(m_fixture->action("actionInsertRow")->isEnabled());
}

void TestTablePage::shortcutsReachTheirVerbs()
{
    QVERIFY(open("birds"));
    QVERIFY(QTest::qWaitForWindowExposed(m_fixture->window.get()));
    m_page->grid()->setFocus();
    m_page->grid()->goTo(0, 1);
    QTest::keyClick(m_page->grid(), Qt::Key_I, Qt::ControlModifier);
    QTRY_VERIFY(TableFixture::in<QWidget>(m_page, "inspectorPanel") &&
                TableFixture::in<QWidget>(m_page, "inspectorPanel")->isVisible());
    QVERIFY(m_fixture->action("actionInspector")->isChecked());
    QTest::keyClick(m_page->grid(), Qt::Key_I, Qt::ControlModifier);
    QTRY_VERIFY(!TableFixture::in<QWidget>(m_page, "inspectorPanel")->isVisible());
    QTest::keyClick(m_page->grid(), Qt::Key_Insert);
    QTRY_COMPARE(m_page->rows()->changes().counts().added, 1);
    QTest::keyClick(m_page->grid(), Qt::Key_Z, Qt::ControlModifier);
    QTRY_VERIFY(m_page->rows()->changes().isEmpty());
    QTest::keyClick(m_page->grid(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QTRY_COMPARE(m_page->rows()->changes().counts().added, 1);
    // In a text field the same keys are the field's.
    where()->setFocus();
    QTest::keyClicks(where(), QStringLiteral("ab"));
    QTest::keyClick(where(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_page->rows()->changes().counts().added, 1);
    QVERIFY(where()->text() != QStringLiteral("ab"));
    QTest::keyClick(where(), Qt::Key_Delete, Qt::ControlModifier);
    QCOMPARE(m_page->rows()->changes().counts().removed, 0);
    m_page->run(TableVerb::Discard);
    // F2 edits a cell here, and renames a database elsewhere.
    m_page->grid()->setFocus();
    m_page->grid()->goTo(0, 1);
    QTest::keyClick(m_page->grid(), Qt::Key_F2);
    QTRY_VERIFY(m_page->grid()->isEditing());
    QVERIFY(!m_fixture->part<QDialog>("DatabaseNameDialog"));
}

/// Enter in the tree leads to the rows, where the next key is meant; and F2 on a table is no way to its database's name.
void TestTablePage::fromTheTreeByKeyboard()
{
    QVERIFY(open("birds"));
    auto *tree = m_fixture->window->navigator()->findChild<QTreeView *>();
    QVERIFY(tree);
    tree->setFocus();
    QTRY_VERIFY(tree->hasFocus());
    QCOMPARE(tree->currentIndex().data().toString(), QStringLiteral("birds"));
    QTest::keyClick(tree, Qt::Key_F2);
    QTest::qWait(50);
    QVERIFY(!m_fixture->part<QDialog>("DatabaseNameDialog"));
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_VERIFY(m_page->grid()->hasFocus());
    // And in a new tab.
    m_fixture->action("actionCloseTab")->trigger();
    QTRY_VERIFY(!m_fixture->currentPage());
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Return);
    QTRY_VERIFY(m_fixture->currentPage() && m_fixture->currentPage()->grid()->hasFocus());
}

void TestTablePage::menusFollowThePage()
{
    m_fixture->window->openInstance(m_fixture->profile.id);
    QVERIFY(!m_fixture->action("actionInsertRow")->isEnabled());
    QVERIFY(open("birds"));
    QVERIFY(m_fixture->action("actionInsertRow")->isEnabled());
    QVERIFY(!m_fixture->action("actionUndo")->isEnabled());
    QVERIFY(!m_fixture->action("actionApply")->isEnabled());
    QVERIFY(m_page->rows()->replaceValue(m_page->rows()->index(0, 1), QStringLiteral("x")));
    QVERIFY(m_fixture->action("actionUndo")->isEnabled());
    QVERIFY(m_fixture->action("actionApply")->isEnabled());
    QVERIFY(m_fixture->openTable(QStringLiteral("species")));
    QVERIFY(!m_fixture->action("actionApply")->isEnabled());
    m_page->run(TableVerb::Discard);
}

void TestTablePage::headerMenu()
{
    QVERIFY(open("birds"));
    emit m_page->grid()->headerMenuRequested(3, m_page->mapToGlobal(QPoint(50, 50)));
    auto *menu = m_page->findChild<QMenu *>(QStringLiteral("headerMenu"));
    QVERIFY(menu);
    menu->findChild<QAction *>(QStringLiteral("sortDescending"))->trigger();
    menu->close();
    QTRY_COMPARE(m_page->rows()->sort(), QList<SortColumn>({{QStringLiteral("weight"), true}}));
    emit m_page->grid()->headerMenuRequested(1, m_page->mapToGlobal(QPoint(50, 50)));
    QTRY_VERIFY(m_page->findChild<QMenu *>(QStringLiteral("headerMenu")) != menu);
    menu = m_page->findChild<QMenu *>(QStringLiteral("headerMenu"));
    menu->findChild<QAction *>(QStringLiteral("thenAscending"))->trigger();
    menu->close();
    QTRY_COMPARE(m_page->rows()->sort().size(), 2);
}

void TestTablePage::cellMenu()
{
    QVERIFY(open("birds"));
    m_page->grid()->goTo(0, 1);
    QContextMenuEvent event(QContextMenuEvent::Keyboard, QPoint(), QPoint());
    QApplication::sendEvent(m_page->grid(), &event);
    auto *menu = m_page->findChild<QMenu *>(QStringLiteral("cellMenu"));
    QVERIFY(menu);
    QStringList names;
    for (const QAction *action : menu->actions()) {
        names += action->menu() ? action->menu()->objectName() : action->objectName();
    }
    for (const char *name : {"actionCopy", "menuCopyRowsAs", "actionPaste", "actionSetNull", "actionFilterByValue",
                             "actionInsertRow", "actionDuplicateRows"}) {
        QVERIFY2(names.contains(QString::fromLatin1(name)), name);
    }
    QCOMPARE(names.last(), QStringLiteral("actionDeleteRows"));
    menu->close();
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestTablePage test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_tablepage.moc"
