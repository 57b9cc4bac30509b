// The inspector: values looked at and edited, through the real panel on a real server.

#include "gui/table/inspector/jsontext.h"
#include "gui/table/links/linkchooser.h"
#include "inspectorfixture.h"

#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>

using namespace Roost;
using namespace Roost::Testing;

class TestInspector : public InspectorFixture
{
    Q_OBJECT

private slots:
    void initTestCase() { start(); }
    void init() { begin(); }
    void cleanup() { end(); }
    void factsOfACell();
    void textIsEditedAndStaged();
    void leavingStages();
    void whatCannotBeStagedWaits();
    void invalidJsonIsRefusedWithItsPlace();
    void jsonIsStagedAsWritten();
    void treeShowsAndCopies();
    void nullAndRevert();
    void readOnlySaysWhy();
    void arrayAsAList();
    void linksAreFollowed();
    void sameCellElsewhereKeepsTheDraft();
    void shots();
};

void TestInspector::factsOfACell()
{
    QVERIFY(open("birds"));
    look(0, "name");
    QCOMPARE(part<QLabel>("inspectorType")->text(), QStringLiteral("character varying(20)"));
    QCOMPARE(fact("Comment"), QStringLiteral("What people <b>call</b> it"));
    QVERIFY(fact("Default").contains(QStringLiteral("'bird'")));
    QVERIFY2(fact("Rules").startsWith(QStringLiteral("not null, at most 20 character")), qPrintable(fact("Rules")));
    QCOMPARE(fact("Size"), QStringLiteral("7 characters"));
    look(0, "weight");
    QVERIFY2(fact("Rules").contains(QStringLiteral("CHECK")), qPrintable(fact("Rules")));
    QCOMPARE(fact("Reads"), QLocale().toString(1234567) + QLocale().decimalPoint() + QStringLiteral("50"));
    look(0, "id");
    QVERIFY(fact("Rules").contains(QStringLiteral("part of the key")));
    look(0, "note");
    QCOMPARE(text()->exact(), QStringLiteral("one\r\ntwo"));
    QVERIFY(m_model->setData(cell(0, "note"), QStringLiteral("new")));
    QCOMPARE(text()->exact(), QStringLiteral("new"));
    QCOMPARE(fact("Before"), QStringLiteral("one\r\ntwo"));
    m_panel->setCurrent({});
    QVERIFY(!text()->isVisible());
}

void TestInspector::textIsEditedAndStaged()
{
    QVERIFY(open("birds"));
    look(0, "note");
    QVERIFY(!part<QPushButton>("inspectorStage")->isEnabled());
    text()->moveCursor(QTextCursor::End);
    QTest::keyClicks(text(), QStringLiteral("!"));
    QVERIFY(m_panel->hasDraft());
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY(part<QPushButton>("inspectorStage")->isEnabled());
    QTest::keyClick(text(), Qt::Key_Return, Qt::ControlModifier);
    QVERIFY(!m_panel->hasDraft());
    QCOMPARE(value(0, "note"), CellValue(QStringLiteral("one\r\ntwo!"))); // the other line end is as it was
    QCOMPARE(m_model->changes().counts().changed, 1);
    // Back to what it was: nothing is staged any more.
    replace(QStringLiteral("x"));
    m_panel->revert();
    QCOMPARE(text()->exact(), QStringLiteral("one\r\ntwo!"));
    m_panel->revert();
    QCOMPARE(text()->exact(), QStringLiteral("one\r\ntwo"));
    QVERIFY(m_model->changes().isEmpty());
}

void TestInspector::leavingStages()
{
    QVERIFY(open("birds"));
    look(1, "name");
    replace(QStringLiteral("Mourning Dove"));
    look(2, "name");
    QCOMPARE(value(1, "name"), CellValue(QStringLiteral("Mourning Dove")));
    QCOMPARE(text()->exact(), QStringLiteral("Wren"));
    // What was typed and taken back is no edit.
    QTest::keyClicks(text(), QStringLiteral("x"));
    QTest::keyClick(text(), Qt::Key_Backspace);
    look(0, "name");
    QCOMPARE(m_model->changes().counts().changed, 1);
}

void TestInspector::whatCannotBeStagedWaits()
{
    QVERIFY(open("birds"));
    look(1, "name");
    const QString tooLong(21, u'x');
    replace(tooLong);
    QVERIFY(notice()->isVisible());
    QVERIFY(!part<QPushButton>("inspectorStage")->isEnabled());
    QVERIFY(!m_panel->stage());
    look(2, "name");
    QVERIFY(m_model->changes().isEmpty());
    QCOMPARE(text()->exact(), QStringLiteral("Wren"));
    QVERIFY(!notice()->isVisible());
    look(1, "name");
    QCOMPARE(text()->exact(), tooLong);
    QVERIFY(m_panel->hasDraft());
    QVERIFY(notice()->isVisible());
    m_panel->revert();
    QCOMPARE(text()->exact(), QStringLiteral("Dove"));
    look(1, "weight");
    replace(QString());
    QVERIFY(!m_panel->stage()); // nothing is no number
    m_panel->revert();
}

void TestInspector::invalidJsonIsRefusedWithItsPlace()
{
    QVERIFY(open("birds"));
    look(0, "raw");
    QCOMPARE(text()->exact(), QString::fromLatin1(jsonText));
    replace(QStringLiteral("{\n  \"a\": 1,\n  \"b\": 2,\n}"));
    QVERIFY(!m_panel->stage());
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY2(notice()->text().startsWith(QStringLiteral("Line 4, column 1:")), qPrintable(notice()->text()));
    auto *show = notice()->findChild<QPushButton *>(QStringLiteral("inspectorGoToProblem"));
    QVERIFY(show);
    show->click();
    QCOMPARE(text()->textCursor().blockNumber(), 3);
    replace(QStringLiteral("[\"\\u0000\"]"));
    QVERIFY(m_panel->stage()); // json takes it
    look(0, "data");
    replace(QStringLiteral("[\"\\u0000\"]"));
    QVERIFY(!m_panel->stage()); // jsonb does not
    m_panel->revert();
}

void TestInspector::jsonIsStagedAsWritten()
{
    QVERIFY(open("birds"));
    look(2, "raw");
    const QString written = QStringLiteral("{ \"n\": 12345678901234567890.1230, \"a\":1,\t\"a\":2 }");
    replace(written);
    QVERIFY(m_panel->stage());
    QVERIFY(apply());
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT raw FROM birds WHERE id = 3")), written);
    // "Format" changes the blanks only, and only when asked.
    part<QToolButton>("inspectorFormat")->click();
    QVERIFY(m_panel->hasDraft());
    QVERIFY(m_panel->stage());
    QCOMPARE(value(2, "raw"), CellValue(prettyJson(written)));
    m_model->discardChanges();
    m_fixture.psql(QStringLiteral("UPDATE birds SET raw = '[]' WHERE id = 3"));
}

void TestInspector::treeShowsAndCopies()
{
    QVERIFY(open("birds"));
    look(0, "raw");
    part<QPushButton>("inspectorViewTree")->click();
    auto *tree = part<QTreeView>("inspectorTree");
    QVERIFY(tree && tree->isVisible());
    QTRY_COMPARE(tree->model()->rowCount(), 1);
    const QModelIndex root = tree->model()->index(0, 0);
    QCOMPARE(tree->model()->rowCount(root), 4);
    tree->setCurrentIndex(tree->model()->index(3, 0, root));
    QCOMPARE(part<QLineEdit>("inspectorPath")->text(), QStringLiteral("\"raw\"->>'big'"));
    part<QPushButton>("inspectorCopyPath")->click();
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("\"raw\"->>'big'"));
    // The tree stays in front for the next JSON value, and shows what is edited, too.
    look(2, "raw");
    QVERIFY(part<QTreeView>("inspectorTree")->isVisible());
    QTRY_COMPARE(tree->model()->rowCount(tree->model()->index(0, 0)), 0);
    look(0, "note");
    QVERIFY(text()->isVisible());
    look(1, "raw"); // NULL
    QTRY_COMPARE(tree->model()->rowCount(), 0);
    part<QPushButton>("inspectorViewText")->click();
}

void TestInspector::nullAndRevert()
{
    QVERIFY(open("birds"));
    look(0, "note");
    QTest::keyClick(text(), Qt::Key_0, Qt::ControlModifier);
    QCOMPARE(value(0, "note"), CellValue());
    QCOMPARE(text()->placeholderText(), QStringLiteral("NULL"));
    QVERIFY(text()->font().italic());
    QCOMPARE(m_model->changes().counts().changed, 1);
    QTest::keyClicks(text(), QStringLiteral("a"));
    QTest::keyClick(text(), Qt::Key_Backspace);
    QVERIFY(m_panel->stage());
    QCOMPARE(value(0, "note"), CellValue(QString::fromLatin1("")));
    QCOMPARE(text()->placeholderText(), QStringLiteral("empty"));
    part<QPushButton>("inspectorRevert")->click();
    QCOMPARE(value(0, "note"), CellValue(QStringLiteral("one\r\ntwo")));
    look(0, "name");
    QVERIFY(!part<QPushButton>("inspectorNull")->isEnabled());
    QTest::keyClick(text(), Qt::Key_0, Qt::ControlModifier);
    QVERIFY(m_model->changes().isEmpty());
    QVERIFY(notice()->text().contains(QStringLiteral("NOT NULL")));
}

void TestInspector::readOnlySaysWhy()
{
    QVERIFY(open("birds"));
    look(0, "twice");
    QVERIFY(text()->isReadOnly());
    QVERIFY(notice()->isVisible());
    QCOMPARE(notice()->text(), m_model->readOnlyReason(m_model->columnOf(QStringLiteral("twice"))));
    QVERIFY(!part<QPushButton>("inspectorStage")->isVisible());
    QTest::keyClick(text(), Qt::Key_0, Qt::ControlModifier);
    QVERIFY(m_model->changes().isEmpty());
    look(0, "name");
    QVERIFY(!text()->isReadOnly());
}

void TestInspector::arrayAsAList()
{
    QVERIFY(open("birds"));
    look(0, "tags");
    part<QPushButton>("inspectorViewList")->click();
    auto *list = part<QTableView>("inspectorList");
    QVERIFY(list && list->isVisible());
    QCOMPARE(list->model()->rowCount(), 4);
    QCOMPARE(list->model()->index(0, 1).data().toString(), QStringLiteral("a,b"));
    QCOMPARE(list->model()->index(2, 1).data().toString(), QStringLiteral("NULL"));
    QCOMPARE(list->model()->index(3, 0).data().toString(), QStringLiteral("[4]"));
    look(1, "tags");
    QCOMPARE(list->model()->rowCount(), 0);
    look(2, "tags");
    QCOMPARE(list->model()->rowCount(), 0);
    part<QPushButton>("inspectorViewText")->click();
}

void TestInspector::linksAreFollowed()
{
    QVERIFY(open("birds"));
    QSignalSpy spy(m_panel.get(), &InspectorPanel::linkActivated);
    look(1, "parent");
    auto *link = part<QPushButton>("inspectorLink");
    QVERIFY(link && link->isVisible());
    link->click();
    QCOMPARE(spy.size(), 1);
    const auto target = spy.takeFirst().first().value<TableLink>();
    QCOMPARE(target.table.name, QStringLiteral("birds"));
    QCOMPARE(target.filter.conditions.first().values, QStringList{QStringLiteral("1")});
    // Three foreign keys refer to a bird: a menu.
    part<QPushButton>("inspectorReferring")->click();
    QMenu *menu = m_panel->findChild<QMenu *>(QStringLiteral("inspectorReferringMenu"));
    QTRY_VERIFY((menu = m_panel->findChild<QMenu *>(QStringLiteral("inspectorReferringMenu"))) && menu->isVisible());
    QCOMPARE(menu->actions().size(), 3);
    menu->actions().first()->trigger();
    QCOMPARE(spy.size(), 1);
    menu->close();
    look(0, "parent"); // NULL
    QVERIFY(!m_panel->findChild<QPushButton *>(QStringLiteral("inspectorLink")));
    auto *choose = part<QPushButton>("inspectorChoose");
    QVERIFY(choose->isVisible());
    choose->click();
    auto *chooser = m_panel->window()->findChild<LinkChooser *>();
    QVERIFY(chooser);
    chooser->reject();
}

void TestInspector::sameCellElsewhereKeepsTheDraft()
{
    QVERIFY(open("birds"));
    look(1, "name");
    replace(QStringLiteral("half"));
    m_panel->setCurrent(cell(1, "name")); // the grid says again where it is
    QVERIFY(m_panel->hasDraft());
    QCOMPARE(text()->exact(), QStringLiteral("half"));
    m_model->setSort({{QStringLiteral("id"), true}}); // from the first row anew: the cell is gone for now
    QTRY_VERIFY(m_model->state() == RowsModel::State::Ready && value(0, "id") == CellValue(QStringLiteral("3")));
    QVERIFY(!m_panel->hasDraft());
    look(1, "name"); // and found again
    QCOMPARE(text()->exact(), QStringLiteral("half"));
    QVERIFY(m_panel->stage());
    QCOMPARE(value(1, "name"), CellValue(QStringLiteral("half")));
}

void TestInspector::shots()
{
    const QTemporaryDir thrownAway; // they are looked at only when somebody names a folder
    const QString folder = qEnvironmentVariable("ROOST_SHOTS", thrownAway.path());
    QVERIFY(open("birds"));
    m_model->setData(cell(0, "name"), QStringLiteral("Boat-tailed"));
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        Theme::instance().setMode(mode);
        const QString prefix = mode == Theme::Mode::Dark ? QStringLiteral("dark") : QStringLiteral("light");
        const auto save = [&](const char *name) {
            QTest::qWait(150);
            QVERIFY(m_panel->grab().save(
                QStringLiteral("%1/%2-inspector-%3.png").arg(folder, prefix, QLatin1String(name))));
        };
        look(0, "name");
        save("text");
        look(0, "raw");
        part<QPushButton>("inspectorViewText")->click();
        save("json");
        part<QPushButton>("inspectorViewTree")->click();
        save("tree");
        part<QPushButton>("inspectorViewText")->click();
        replace(QStringLiteral("{\n  \"a\": 1,\n}"));
        save("json-wrong");
        m_panel->revert();
        look(0, "picture");
        QTest::qWait(200);
        part<QPushButton>("inspectorViewPicture")->click();
        save("picture");
        part<QPushButton>("inspectorViewHex")->click();
        save("hex");
        part<QPushButton>("inspectorViewPicture")->click();
        look(1, "note");
        save("null");
        look(0, "tags");
        part<QPushButton>("inspectorViewList")->click();
        save("list");
        part<QPushButton>("inspectorViewText")->click();
        look(0, "twice");
        save("readonly");
        look(1, "parent");
        save("link");
        LinkChooser *chooser = LinkChooser::open(m_panel.get(), m_model.get(), cell(1, "parent"));
        QTest::qWait(300);
        QVERIFY(chooser->grab().save(QStringLiteral("%1/%2-chooser.png").arg(folder, prefix)));
        chooser->reject();
    }
    Theme::instance().setMode(Theme::Mode::Light);
}

QTEST_MAIN(TestInspector)
#include "tst_inspector.moc"
