#include "gui/table/celldelegate.h"
#include "gui/table/filterrow.h"
#include "gui/table/findbar.h"
#include "gui/table/gridview.h"
#include "gui/table/rownumbers.h"
#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "hugemodel.h"
#include "stallprobe.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScreen>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <QVBoxLayout>

#include <memory>

using namespace Roost;
using namespace Roost::Testing;

/// The grid over a table of ten million rows that exists only as numbers.
class TestGridView : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void rowsHaveOneHeightAndBarCountsThem();
    void paintsOnlyWhatIsSeen();
    void rowsNotHereAreNotAskedForValues();
    void keysMove_data();
    void keysMove();
    void tabGoesRowAfterRowAndLeavesAtTheEnds();
    void shiftExtendsFromTheAnchor();
    void mouseChooses();
    void draggingBelowTheEdgeScrolls();
    void gutterChoosesRows();
    void cornerChoosesAll();
    void wholeRowAndColumnByKey();
    void wheelMovesThreeRows();
    void barTellsTheRowWhileDragged();
    void memoryStaysFlat();
    void rowNumbersSayWhatTheyAre();
    void sortClicks();
    void headerEdgeFitsColumn();
    void editingByKeys();
    void typingStartsEditing();
    void escapeTakesBack();
    void clickElsewhereStages();
    void pagesDoNotTouchAnOpenEditor();
    void scrollingAwayStages();
    void resetStages();
    void refusedStaysOpen();
    void readOnlyCellAsksForTheLargeView();
    void movedRowsStayInSight_data();
    void movedRowsStayInSight();
    void movedRowsTakeTheEditorAlong();
    void linksAreFollowed();
    void copyTakesTheBlock();
    void copyOfManyRowsDoesNotHoldUpTheWindow();
    void selectedBlockIsBounded();
    void visibleRowsAreTold();
    void filterRowFollowsTheColumns();
    void filterRowAnnounces();
    void filterRowKeepsWrongText();
    void filterRowKeys();
    void filterRowOperators();
    void findBarAsks();
    void themeAndZoom();
    void whatLiesOverTheRowsStays();
    void screenReaders();
    void shots();

private:
    QPoint at(int row, int column) const { return m_view->visualRect(m_model->index(row, column)).center(); }
    void click(int row, int column, Qt::KeyboardModifiers modifiers = Qt::NoModifier)
    {
        QTest::mouseClick(m_view->viewport(), Qt::LeftButton, modifiers, at(row, column));
    }
    QLineEdit *editor() const
    {
        // Those that are closed wait for the event loop to go.
        const auto all = m_view->viewport()->findChildren<QLineEdit *>(QStringLiteral("cellEditor"));
        const auto open = std::find_if(all.begin(), all.end(), [](const QLineEdit *line) { return !line->isHidden(); });
        return open == all.end() ? nullptr : *open;
    }
    QPoint current() const { return {m_view->currentIndex().row(), m_view->currentIndex().column()}; }

    std::unique_ptr<HugeModel> m_model;
    std::unique_ptr<QWidget> m_window;
    GridView *m_view = nullptr;
    QLineEdit *m_other = nullptr;
};

static constexpr int rows = 10'000'000;

static qint64 residentKilobytes()
{
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly)) {
        return -1;
    }
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("VmRSS:")) {
            return line.mid(6).simplified().split(' ').first().toLongLong();
        }
    }
    return -1;
}

void TestGridView::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    Theme::apply(*qApp, Theme::Mode::Light);
}

void TestGridView::init()
{
    m_model = std::make_unique<HugeModel>(rows);
    m_window = std::make_unique<QWidget>();
    auto *layout = new QVBoxLayout(m_window.get());
    layout->setContentsMargins(0, 0, 0, 0);
    m_other = new QLineEdit;
    m_view = new GridView(m_window.get());
    layout->addWidget(m_other);
    layout->addWidget(m_view);
    m_view->setModel(m_model.get());
    m_window->resize(1100, 700);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_view->setFocus();
    m_view->goTo(0, 0);
    m_view->fitColumns();
}

void TestGridView::cleanup()
{
    m_window.reset();
    m_model.reset();
}

void TestGridView::rowsHaveOneHeightAndBarCountsThem()
{
    const int full = m_view->viewport()->height() / m_view->rowHeight();
    QVERIFY(full > 15);
    QCOMPARE(m_view->verticalScrollBar()->maximum(), rows - full);
    QCOMPARE(m_view->firstVisibleRow(), 0);
    m_view->verticalScrollBar()->setValue(5'000'000);
    QCOMPARE(m_view->firstVisibleRow(), 5'000'000);
    QCOMPARE(m_view->visualRect(m_model->index(5'000'002, 0)).top(), 2 * m_view->rowHeight());
    QCOMPARE(m_view->indexAt(at(5'000'003, 2)), m_model->index(5'000'003, 2));
    m_view->verticalScrollBar()->setValue(rows);
    QCOMPARE(m_view->lastVisibleRow(), rows - 1);
    QVERIFY(m_view->visualRect(m_model->index(rows - 1, 0)).bottom() <= m_view->viewport()->height());
}

/// 60 rows of 20 columns: what is asked of the model is counted, not timed.
void TestGridView::paintsOnlyWhatIsSeen()
{
    for (int column = 0; column < m_model->columnCount(); ++column) {
        m_view->header()->resizeSection(column, 60);
    }
    m_window->resize(1100 + 300, 61 * m_view->rowHeight() + 150);
    QTRY_VERIFY(m_view->lastVisibleRow() - m_view->firstVisibleRow() >= 59);
    QApplication::processEvents();
    m_model->calls = 0;
    m_view->viewport()->repaint();
    const int seen = m_view->lastVisibleRow() - m_view->firstVisibleRow() + 1;
    QVERIFY2(m_model->calls <= seen * (20 * 4 + 1), qPrintable(QString::number(m_model->calls)));
    QVERIFY(m_model->calls >= seen * 20);
    // A row further: one row is painted, the rest is moved. Before that the window system has to have its say.
    const auto callsInATurn = [this] {
        m_model->calls = 0;
        QApplication::processEvents();
        return m_model->calls;
    };
    QTRY_COMPARE(callsInATurn(), 0);
    QTRY_COMPARE(callsInATurn(), 0);
    m_model->calls = 0;
    m_view->verticalScrollBar()->setValue(1);
    QApplication::processEvents();
    QVERIFY2(m_model->calls <= 4 * (20 * 4 + 4) + 4 * seen, qPrintable(QString::number(m_model->calls)));
    // One changed cell far away: nothing.
    m_model->calls = 0;
    m_model->tellChanged(9'000'000, 9'000'400);
    QApplication::processEvents();
    QCOMPARE(m_model->calls, 0);
}

void TestGridView::rowsNotHereAreNotAskedForValues()
{
    QApplication::processEvents();
    m_model->loadedFrom = m_model->loadedTo = -1;
    m_model->calls = 0;
    m_view->viewport()->repaint();
    const int seen = m_view->lastVisibleRow() + 1;
    QCOMPARE(m_model->calls, seen); // whether it is loaded, and no more
}

void TestGridView::keysMove_data()
{
    QTest::addColumn<QPoint>("from");
    QTest::addColumn<int>("key");
    QTest::addColumn<bool>("ctrl");
    QTest::addColumn<QPoint>("to");
    QTest::newRow("down") << QPoint(5, 2) << int(Qt::Key_Down) << false << QPoint(6, 2);
    QTest::newRow("up") << QPoint(5, 2) << int(Qt::Key_Up) << false << QPoint(4, 2);
    QTest::newRow("up at the top") << QPoint(0, 2) << int(Qt::Key_Up) << false << QPoint(0, 2);
    QTest::newRow("left") << QPoint(5, 2) << int(Qt::Key_Left) << false << QPoint(5, 1);
    QTest::newRow("right at the end") << QPoint(5, 19) << int(Qt::Key_Right) << false << QPoint(5, 19);
    QTest::newRow("home") << QPoint(5, 7) << int(Qt::Key_Home) << false << QPoint(5, 0);
    QTest::newRow("end") << QPoint(5, 7) << int(Qt::Key_End) << false << QPoint(5, 19);
    QTest::newRow("ctrl home") << QPoint(7'000'000, 7) << int(Qt::Key_Home) << true << QPoint(0, 0);
    QTest::newRow("ctrl end") << QPoint(5, 7) << int(Qt::Key_End) << true << QPoint(rows - 1, 19);
    QTest::newRow("ctrl down") << QPoint(5, 7) << int(Qt::Key_Down) << true << QPoint(rows - 1, 7);
}

void TestGridView::keysMove()
{
    QFETCH(QPoint, from);
    QFETCH(int, key);
    QFETCH(bool, ctrl);
    QFETCH(QPoint, to);
    m_view->goTo(from.x(), from.y());
    QTest::keyClick(m_view, Qt::Key(key), ctrl ? Qt::ControlModifier : Qt::NoModifier);
    QCOMPARE(current(), to);
    QVERIFY(m_view->viewport()->rect().contains(m_view->visualRect(m_view->currentIndex()).center()));
    QCOMPARE(m_view->selectedBlock().rows, QList<int>{to.x()});
    // A page and back is the same place.
    QTest::keyClick(m_view, Qt::Key_PageDown);
    QTest::keyClick(m_view, Qt::Key_PageUp);
    QVERIFY(qAbs(current().x() - to.x()) <= m_view->viewport()->height() / m_view->rowHeight());
}

void TestGridView::tabGoesRowAfterRowAndLeavesAtTheEnds()
{
    m_view->goTo(3, 18);
    QTest::keyClick(m_view, Qt::Key_Tab);
    QCOMPARE(current(), QPoint(3, 19));
    QTest::keyClick(m_view, Qt::Key_Tab);
    QCOMPARE(current(), QPoint(4, 0));
    QTest::keyClick(m_view, Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(current(), QPoint(3, 19));
    m_view->header()->hideSection(18);
    QTest::keyClick(m_view, Qt::Key_Backtab, Qt::ShiftModifier);
    QCOMPARE(current(), QPoint(3, 17));
    m_view->goTo(0, 0);
    QTest::keyClick(m_view, Qt::Key_Backtab, Qt::ShiftModifier);
    QVERIFY(!m_view->hasFocus());
    m_view->setFocus();
    QTest::keyClick(m_view, Qt::Key_F6);
    QVERIFY(!m_view->hasFocus());
}

void TestGridView::shiftExtendsFromTheAnchor()
{
    m_view->goTo(10, 3);
    QTest::keyClick(m_view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(m_view, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedBlock().rows, (QList<int>{10, 11}));
    QCOMPARE(m_view->selectedBlock().columns, (QList<int>{3, 4}));
    QTest::keyClick(m_view, Qt::Key_Up, Qt::ShiftModifier);
    QTest::keyClick(m_view, Qt::Key_Up, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedBlock().rows, (QList<int>{9, 10}));
    QTest::keyClick(m_view, Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_view->selectedRowCount(), qint64(rows) - 10);
    QCOMPARE(m_view->selectionModel()->selection().size(), 1);
    QTest::keyClick(m_view, Qt::Key_Left);
    QCOMPARE(m_view->selectedRowCount(), 1);
}

void TestGridView::mouseChooses()
{
    click(2, 1);
    QCOMPARE(current(), QPoint(2, 1));
    click(5, 2, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedBlock().rows, (QList<int>{2, 3, 4, 5}));
    QCOMPARE(m_view->selectedBlock().columns, (QList<int>{1, 2}));
    click(8, 3, Qt::ControlModifier);
    QCOMPARE(m_view->selectedRows(), (QList<int>{2, 3, 4, 5, 8}));
    click(8, 3, Qt::ControlModifier);
    QCOMPARE(m_view->selectedRows(), (QList<int>{2, 3, 4, 5}));
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, at(1, 1));
    QTest::mouseMove(m_view->viewport(), at(3, 2));
    QMouseEvent move(QEvent::MouseMove, at(4, 2), m_view->viewport()->mapToGlobal(at(4, 2)), Qt::NoButton,
                     Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_view->viewport(), &move);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, at(4, 2));
    QCOMPARE(m_view->selectedBlock().rows, (QList<int>{1, 2, 3, 4}));
    QCOMPARE(m_view->selectedBlock().columns, (QList<int>{1, 2}));
    // The other button keeps what is chosen where it hits it, and takes the cell where not.
    QSignalSpy menus(m_view, &GridView::menuRequested);
    QTest::mouseClick(m_view->viewport(), Qt::RightButton, Qt::NoModifier, at(2, 1));
    QCOMPARE(m_view->selectedRows().size(), 4);
    QContextMenuEvent menu(QContextMenuEvent::Mouse, at(2, 1), m_view->viewport()->mapToGlobal(at(2, 1)));
    QApplication::sendEvent(m_view->viewport(), &menu);
    QCOMPARE(menus.size(), 1);
    QCOMPARE(menus.first().first().value<QModelIndex>(), m_model->index(2, 1));
    QTest::mouseClick(m_view->viewport(), Qt::RightButton, Qt::NoModifier, at(7, 1));
    QCOMPARE(m_view->selectedRows(), QList<int>{7});
}

void TestGridView::draggingBelowTheEdgeScrolls()
{
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, at(1, 1));
    const QPoint below(at(1, 1).x(), m_view->viewport()->height() + 40);
    QMouseEvent move(QEvent::MouseMove, below, m_view->viewport()->mapToGlobal(below), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    QApplication::sendEvent(m_view->viewport(), &move);
    QTRY_VERIFY(m_view->firstVisibleRow() > 5);
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, below);
    const int stopped = m_view->firstVisibleRow();
    QCOMPARE(m_view->selectedRows().first(), 1);
    QVERIFY(m_view->selectedRows().last() > 20);
    QApplication::processEvents();
    QCOMPARE(m_view->firstVisibleRow(), stopped);
}

void TestGridView::gutterChoosesRows()
{
    auto *gutter = m_view->findChild<QWidget *>(QStringLiteral("rowNumbers"));
    const auto place = [&](int row) { return QPoint(10, at(row, 0).y()); };
    QTest::mouseClick(gutter, Qt::LeftButton, Qt::NoModifier, place(3));
    QCOMPARE(m_view->selectedBlock().rows, QList<int>{3});
    QCOMPARE(m_view->selectedBlock().columns.size(), 20);
    QTest::mouseClick(gutter, Qt::LeftButton, Qt::ShiftModifier, place(6));
    QCOMPARE(m_view->selectedRows(), (QList<int>{3, 4, 5, 6}));
    QTest::mouseClick(gutter, Qt::LeftButton, Qt::ControlModifier, place(9));
    QCOMPARE(m_view->selectedRows(), (QList<int>{3, 4, 5, 6, 9}));
    QTest::mouseClick(gutter, Qt::LeftButton, Qt::ControlModifier, place(4));
    QCOMPARE(m_view->selectedRows(), (QList<int>{3, 5, 6, 9}));
    QTest::mousePress(gutter, Qt::LeftButton, Qt::NoModifier, place(1));
    QMouseEvent move(QEvent::MouseMove, place(4), gutter->mapToGlobal(place(4)), Qt::NoButton, Qt::LeftButton,
                     Qt::NoModifier);
    QApplication::sendEvent(gutter, &move);
    QTest::mouseRelease(gutter, Qt::LeftButton, Qt::NoModifier, place(4));
    QCOMPARE(m_view->selectedRows(), (QList<int>{1, 2, 3, 4}));
    QVERIFY(m_view->hasFocus());
}

void TestGridView::cornerChoosesAll()
{
    auto *corner = m_view->findChild<QAbstractButton *>(QStringLiteral("selectAllRows"));
    m_model->calls = 0;
    QTest::mouseClick(corner, Qt::LeftButton);
    QCOMPARE(m_view->selectedRowCount(), rows);
    QCOMPARE(m_view->selectionModel()->selection().size(), 1);
    QTest::keyClick(m_view, Qt::Key_Down);
    QCOMPARE(m_view->selectedRowCount(), 1);
    QTest::keyClick(m_view, Qt::Key_A, Qt::ControlModifier);
    QCOMPARE(m_view->selectedRowCount(), rows);
    QApplication::processEvents();
    QVERIFY2(m_model->calls < 20000, qPrintable(QString::number(m_model->calls)));
}

void TestGridView::wholeRowAndColumnByKey()
{
    m_view->goTo(5, 2);
    QTest::keyClick(m_view, Qt::Key_Space, Qt::ControlModifier);
    QCOMPARE(m_view->selectedRowCount(), rows);
    QCOMPARE(m_view->selectedBlock(3).columns, QList<int>{2});
    QTest::keyClick(m_view, Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedBlock(3).columns, (QList<int>{2, 3}));
    QCOMPARE(m_view->selectedRowCount(), rows);
    m_view->goTo(5, 2);
    QTest::keyClick(m_view, Qt::Key_Space, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedRows(), QList<int>{5});
    QCOMPARE(m_view->selectedBlock().columns.size(), 20);
    QTest::keyClick(m_view, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedRows(), (QList<int>{5, 6}));
    QCOMPARE(m_view->selectedBlock().columns.size(), 20);
}

void TestGridView::wheelMovesThreeRows()
{
    const auto turn = [this](int angle, Qt::KeyboardModifiers modifiers) {
        const QPointF place = m_view->viewport()->rect().center();
        QWheelEvent wheel(place, m_view->viewport()->mapToGlobal(place), {}, {0, angle}, Qt::NoButton, modifiers,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_view->viewport(), &wheel);
        return wheel.isAccepted();
    };
    turn(-120, Qt::NoModifier);
    QCOMPARE(m_view->firstVisibleRow(), 3);
    turn(120, Qt::NoModifier);
    QCOMPARE(m_view->firstVisibleRow(), 0);
    turn(-120, Qt::ShiftModifier);
    QVERIFY(m_view->horizontalScrollBar()->value() > 0);
    QCOMPARE(m_view->firstVisibleRow(), 0);
    QVERIFY(!turn(-120, Qt::ControlModifier)); // left to the window, which zooms
    QCOMPARE(m_view->firstVisibleRow(), 0);
}

void TestGridView::barTellsTheRowWhileDragged()
{
    auto *hint = m_view->findChild<QLabel *>(QStringLiteral("scrollHint"));
    QVERIFY(hint->isHidden());
    m_view->setRowNumbers([](int row) { return GridView::RowNumber{row + 1, row < 1000}; });
    QScrollBar *bar = m_view->verticalScrollBar();
    bar->setSliderDown(true);
    bar->setSliderPosition(500);
    QVERIFY(hint->isVisible());
    QCOMPARE(hint->text(), QStringLiteral("Row 501"));
    bar->setSliderPosition(7'000'000);
    QCOMPARE(hint->text(), QStringLiteral("Row ≈ 7,000,001"));
    QVERIFY(m_view->viewport()->geometry().contains(hint->geometry()));
    bar->setSliderDown(false);
    QVERIFY(hint->isHidden());
}

void TestGridView::memoryStaysFlat()
{
    m_view->viewport()->repaint();
    const qint64 before = residentKilobytes();
    QVERIFY(before > 0);
    for (int step = 0; step < 200; ++step) {
        m_view->verticalScrollBar()->setValue(step * 49'999);
        m_view->viewport()->repaint();
    }
    m_view->selectAll();
    for (int step = 0; step < 100; ++step) {
        m_view->goTo((step * 7'654'321LL) % rows, step % 20);
        QTest::keyClick(m_view, Qt::Key_End, Qt::ControlModifier | Qt::ShiftModifier);
        QTest::keyClick(m_view, Qt::Key_A, Qt::ControlModifier);
        m_view->selectionModel()->select(m_model->index(step * 1000, 1), QItemSelectionModel::Deselect);
    }
    QVERIFY(m_view->selectedRows(1000).size() == 1000);
    QTest::keyClick(m_view, Qt::Key_Space, Qt::ControlModifier);
    const qint64 grown = residentKilobytes() - before;
    QVERIFY2(grown < 20 * 1024, qPrintable(QStringLiteral("%1 kB").arg(grown)));
}

void TestGridView::rowNumbersSayWhatTheyAre()
{
    const auto *gutter = m_view->findChild<RowNumbers *>(QStringLiteral("rowNumbers"));
    m_view->setRowNumbers([](int row) { return GridView::RowNumber{row + 1LL, row < 1'000'000}; });
    m_model->rowStates.insert(7, RowsModel::CellState::DeletedRow);
    m_model->rowStates.insert(rows - 1, RowsModel::CellState::NewRow);
    QCOMPARE(gutter->text(1203), QStringLiteral("1,204"));
    QCOMPARE(gutter->text(5'000'000), QStringLiteral("~ 5,000,001"));
    QCOMPARE(gutter->text(7), QStringLiteral("−"));
    QCOMPARE(gutter->text(rows - 1), QStringLiteral("+"));
    QVERIFY(gutter->width() >= gutter->fontMetrics().horizontalAdvance(gutter->text(9'999'998)));
}

void TestGridView::sortClicks()
{
    using Sort = QList<SortColumn>;
    RowsHeader *header = m_view->header();
    QList<Sort> asked;
    connect(m_view, &GridView::sortRequested, m_window.get(), [&](const Sort &sort) {
        asked += sort;
        header->setSort(sort); // as a model that agrees
    });
    const auto click = [&](int column, Qt::KeyboardModifiers modifiers) {
        const QPoint place(header->sectionViewportPosition(column) + header->sectionSize(column) / 2, 10);
        QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers, place);
        // Not a double click of the next one.
        QTest::mouseMove(m_other);
        QTest::mouseClick(m_other, Qt::LeftButton);
    };
    click(1, Qt::NoModifier);
    click(1, Qt::NoModifier);
    click(1, Qt::NoModifier);
    QCOMPARE(asked, (QList<Sort>{{{"name", false}}, {{"name", true}}, {}}));
    asked.clear();
    click(1, Qt::NoModifier);
    click(2, Qt::ShiftModifier);
    click(2, Qt::ShiftModifier);
    click(0, Qt::NoModifier);
    QCOMPARE(asked.value(1), (Sort{{"name", false}, {"species", false}}));
    QCOMPARE(asked.value(2), (Sort{{"name", false}, {"species", true}}));
    QCOMPARE(asked.value(3), (Sort{{"id", false}}));
    // Two quick clicks are two clicks.
    asked.clear();
    const QPoint name(header->sectionViewportPosition(2) + 30, 10);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, Qt::NoModifier, name);
    QTest::mouseDClick(header->viewport(), Qt::LeftButton, Qt::NoModifier, name);
    QTest::mouseRelease(header->viewport(), Qt::LeftButton, Qt::NoModifier, name);
    QCOMPARE(asked.size(), 2);
    QCOMPARE(asked.last(), (Sort{{"species", true}}));
    // What is shown is what was set, not what was clicked.
    header->setSort({});
    m_view->requestSort(3, true);
    QCOMPARE(asked.last(), (Sort{{"seen_at", false}}));
    QSignalSpy menus(m_view, &GridView::headerMenuRequested);
    m_view->goTo(0, 2);
    QTest::keyClick(m_view, Qt::Key_Down, Qt::AltModifier);
    QCOMPARE(menus.size(), 1);
    QCOMPARE(menus.first().first().toInt(), 2);
}

void TestGridView::headerEdgeFitsColumn()
{
    RowsHeader *header = m_view->header();
    header->resizeSection(2, 60);
    const QPoint edge(header->sectionViewportPosition(2) + 59, 10);
    QTest::mouseMove(header->viewport(), edge);
    QTest::mouseDClick(header->viewport(), Qt::LeftButton, Qt::NoModifier, edge);
    QTRY_VERIFY(header->sectionSize(2) > 100);
    const int needed = m_view->fontMetrics().horizontalAdvance(QStringLiteral("Poecile atricapillus"));
    QVERIFY(header->sectionSize(2) > needed && header->sectionSize(2) < needed + 60);
}

void TestGridView::editingByKeys()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QVERIFY(editor());
    QCOMPARE(editor()->text(), QStringLiteral("bird 3"));
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("wren"));
    QCOMPARE(current(), QPoint(3, 1)); // Enter goes down
    QTest::keyClick(m_view, Qt::Key_Return);
    QVERIFY(editor());
    QTest::keyClicks(editor(), QStringLiteral("owl"));
    QTest::keyClick(editor(), Qt::Key_Tab);
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.value({3, 1}).toString(), QStringLiteral("owl"));
    QCOMPARE(current(), QPoint(3, 2)); // Tab goes right
    QTRY_VERIFY(m_view->hasFocus());
    // Looking into a cell stages nothing, and NULL stays NULL.
    m_view->goTo(4, 3);
    QVERIFY(m_view->currentIndex().data(RowsModel::NullRole).toBool());
    QTest::keyClick(m_view, Qt::Key_F2);
    QVERIFY(editor());
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.size(), 2);
    QSignalSpy large(m_view, &GridView::largeEditRequested);
    QTest::keyClick(m_view, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(large.size(), 1);
    QVERIFY(!m_view->isEditing());
}

void TestGridView::typingStartsEditing()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_X);
    QVERIFY(editor());
    QCOMPARE(editor()->text(), QStringLiteral("x")); // in place of what was there
    QTest::keyClicks(editor(), QStringLiteral("yz"));
    QTest::keyClick(editor(), Qt::Key_Down); // as in a spreadsheet
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("xyz"));
    QCOMPARE(current(), QPoint(3, 1));
    QTest::keyClick(m_view, Qt::Key_X, Qt::ControlModifier);
    QVERIFY(!m_view->isEditing());
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, at(5, 2));
    QVERIFY(editor());
}

void TestGridView::escapeTakesBack()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    QTest::keyClick(editor(), Qt::Key_Escape);
    QTRY_VERIFY(!m_view->isEditing());
    QVERIFY(m_model->edits.isEmpty());
    QCOMPARE(current(), QPoint(2, 1));
}

void TestGridView::clickElsewhereStages()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    click(6, 2);
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("wren"));
    QCOMPARE(current(), QPoint(6, 2));
    // Into another field, and what the whole window does when another one comes before it.
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("owl"));
    m_other->setFocus();
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.value({6, 2}).toString(), QStringLiteral("owl"));
    m_view->setFocus();
    m_view->goTo(8, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("tit"));
    QWidget another;
    another.show();
    another.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&another));
    QTRY_COMPARE(m_model->edits.value({8, 1}).toString(), QStringLiteral("tit"));
}

void TestGridView::pagesDoNotTouchAnOpenEditor()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    const QPointer<QLineEdit> open = editor();
    m_model->tellChanged(0, 200);
    m_model->tellChanged(2, 2);
    emit m_model->dataChanged(m_model->index(2, 1), m_model->index(2, 1));
    QApplication::processEvents();
    QVERIFY(open && open->isVisible());
    QCOMPARE(open->text(), QStringLiteral("wren"));
    QTest::keyClick(open, Qt::Key_Return);
    QTRY_COMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("wren"));
}

void TestGridView::scrollingAwayStages()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    m_view->verticalScrollBar()->setValue(1);
    QVERIFY(m_view->isEditing());
    QCOMPARE(editor()->geometry().top(), m_view->visualRect(m_model->index(2, 1)).top());
    m_view->verticalScrollBar()->setValue(500'000);
    QCOMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("wren"));
    QVERIFY(!m_view->isEditing());
    QCOMPARE(m_view->firstVisibleRow(), 500'000);
}

void TestGridView::resetStages()
{
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    m_model->reset(50);
    QCOMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("wren"));
    QVERIFY(!m_view->isEditing());
    QCOMPARE(m_view->firstVisibleRow(), 0);
    QTRY_COMPARE(current(), QPoint(0, 1)); // the keyboard has somewhere to go on
}

void TestGridView::refusedStaysOpen()
{
    m_model->refuses = true;
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    QTest::keyClick(editor(), Qt::Key_Return);
    QApplication::processEvents();
    QVERIFY(m_view->isEditing());
    QCOMPARE(editor()->text(), QStringLiteral("wren"));
    QVERIFY(!m_view->commitEditor());
    m_view->verticalScrollBar()->setValue(500'000);
    QVERIFY(m_view->isEditing());
    m_view->goTo(700'000, 2);
    m_view->setFocus();
    QTest::keyClick(m_view, Qt::Key_F2); // back to what waits
    QCOMPARE(current(), QPoint(2, 1));
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(editor()));
    m_model->refuses = false;
    QTest::keyClick(editor(), Qt::Key_Return);
    QTRY_VERIFY(!m_view->isEditing());
    QCOMPARE(m_model->edits.value({2, 1}).toString(), QStringLiteral("wren"));
}

void TestGridView::readOnlyCellAsksForTheLargeView()
{
    QSignalSpy large(m_view, &GridView::largeEditRequested);
    m_view->goTo(2, 0);
    QTest::keyClick(m_view, Qt::Key_Return);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, at(3, 0));
    QCOMPARE(large.size(), 2);
    QVERIFY(!m_view->isEditing());
}

void TestGridView::movedRowsStayInSight_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<int>("from");
    QTest::newRow("down") << 700 << 5'000'000;
    QTest::newRow("up") << -700 << 5'000'000;
    QTest::newRow("up, from the end") << -700 << rows;
    QTest::newRow("down, from the end") << 700 << rows;
}

void TestGridView::movedRowsStayInSight()
{
    QFETCH(int, by);
    QFETCH(int, from);
    m_view->verticalScrollBar()->setValue(from);
    const int first = m_view->firstVisibleRow();
    m_view->goTo(first + 4, 2);
    QTest::keyClick(m_view, Qt::Key_Down, Qt::ShiftModifier);
    const QString seen = m_view->indexAt({m_view->header()->sectionViewportPosition(0) + 5, 1}).data().toString();
    const QRect place = m_view->visualRect(m_view->currentIndex());
    QApplication::processEvents();
    QSignalSpy told(m_view, &GridView::visibleRowsChanged);
    m_model->shiftRows(by);
    m_view->moveRows(by);
    QCOMPARE(m_view->firstVisibleRow(), first + by);
    QCOMPARE(m_view->indexAt({m_view->header()->sectionViewportPosition(0) + 5, 1}).data().toString(), seen);
    QCOMPARE(current(), QPoint(first + 5 + by, 2));
    QCOMPARE(m_view->visualRect(m_view->currentIndex()), place);
    QCOMPARE(m_view->selectedRows(), (QList<int>{first + 4 + by, first + 5 + by}));
    // A later step extends from where the range began.
    QTest::keyClick(m_view, Qt::Key_Down, Qt::ShiftModifier);
    QCOMPARE(m_view->selectedRows(), (QList<int>{first + 4 + by, first + 5 + by, first + 6 + by}));
    QApplication::processEvents();
    for (const QList<QVariant> &visible : std::as_const(told)) {
        QVERIFY(visible.first().toInt() >= first + by && visible.first().toInt() <= first + by + 1);
    }
    // The next removal is judged by itself.
    const int now = m_view->firstVisibleRow();
    m_model->shiftRows(-50);
    m_view->moveRows(-50);
    QCOMPARE(m_view->firstVisibleRow(), now - 50);
}

void TestGridView::movedRowsTakeTheEditorAlong()
{
    m_view->goTo(5'000'000, 1);
    QTest::keyClick(m_view, Qt::Key_F2);
    QTest::keyClicks(editor(), QStringLiteral("wren"));
    const QPointer<QLineEdit> open = editor();
    const QRect place = open->geometry();
    m_model->shiftRows(300);
    m_view->moveRows(300);
    QVERIFY(open);
    QCOMPARE(open->geometry(), place);
    QTest::keyClick(open, Qt::Key_Return);
    QTRY_COMPARE(m_model->edits.value({5'000'300, 1}).toString(), QStringLiteral("wren"));
}

void TestGridView::linksAreFollowed()
{
    QSignalSpy links(m_view, &GridView::linkActivated);
    click(2, 2, Qt::ControlModifier);
    QCOMPARE(links.size(), 0); // no predicate yet: it only toggles
    m_view->setLinkPredicate([](const QModelIndex &cell) { return cell.column() == 2; });
    click(3, 2, Qt::ControlModifier);
    QCOMPARE(links.size(), 1);
    QCOMPARE(links.first().first().value<QModelIndex>(), m_model->index(3, 2));
    click(3, 1, Qt::ControlModifier);
    QCOMPARE(links.size(), 1);
    // The sign under the pointer.
    const QRect cell = m_view->visualRect(m_model->index(4, 2));
    const QImage before = m_view->viewport()->grab(cell).toImage();
    QMouseEvent move(QEvent::MouseMove, cell.center(), m_view->viewport()->mapToGlobal(cell.center()), Qt::NoButton,
                     Qt::NoButton, Qt::NoModifier);
    QApplication::sendEvent(m_view->viewport(), &move);
    QVERIFY(m_view->viewport()->grab(cell).toImage() != before);
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, Qt::NoModifier, CellDelegate::linkRect(cell, false).center());
    QCOMPARE(links.size(), 2);
}

void TestGridView::copyTakesTheBlock()
{
    QSignalSpy copied(m_view, &GridView::copied);
    m_model->edits.insert({1, 1}, QStringLiteral("say \"tit\"\tor\nnot"));
    m_view->goTo(0, 0);
    QTest::keyClick(m_view, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(m_view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(m_view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("1\tbird 1\n2\t\"say \"\"tit\"\"\tor\nnot\""));
    QTest::keyClick(m_view, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QApplication::clipboard()->text().section(u'\n', 0, 0), QStringLiteral("id\tname"));
    QCOMPARE(copied.size(), 2);
    QCOMPARE(copied.last().first().toLongLong(), 2);
    // Only what is chosen, and only what is here; what is left out is said.
    m_model->loadedTo = 5;
    click(4, 0);
    click(5, 1, Qt::ControlModifier);
    click(7, 0, Qt::ControlModifier);
    m_view->copySelection(false);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("5\t\n\tbird 6"));
    QCOMPARE(copied.last().at(0).toLongLong(), 2);
    QCOMPARE(copied.last().at(1).toLongLong(), 1);
}

void TestGridView::copyOfManyRowsDoesNotHoldUpTheWindow()
{
    QSignalSpy copied(m_view, &GridView::copied);
    m_view->goTo(0, 0);
    m_view->selectionModel()->select(QItemSelection(m_model->index(0, 0), m_model->index(49'999, 5)),
                                     QItemSelectionModel::ClearAndSelect);
    StallProbe probe;
    m_view->copySelection(false);
    QVERIFY(copied.isEmpty()); // goes on by itself
    QTRY_COMPARE_WITH_TIMEOUT(copied.size(), 1, 30000);
    QVERIFY2(probe.worst() < 50, qPrintable(QString::number(probe.worst())));
    QCOMPARE(copied.first().first().toLongLong(), 50'000);
    QCOMPARE(QApplication::clipboard()->text().count(u'\n'), 49'999);
    // Begun and then overtaken by another one: the last one counts.
    m_view->copySelection(false);
    click(0, 1);
    m_view->copySelection(false);
    QApplication::processEvents();
    QApplication::processEvents();
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("bird 1"));
}

void TestGridView::selectedBlockIsBounded()
{
    m_view->selectAll();
    QCOMPARE(m_view->selectedBlock().rows.size(), 100'000);
    QCOMPARE(m_view->selectedRows(7), (QList<int>{0, 1, 2, 3, 4, 5, 6}));
    QCOMPARE(m_view->selectedRowCount(), rows);
}

void TestGridView::visibleRowsAreTold()
{
    QSignalSpy told(m_view, &GridView::visibleRowsChanged);
    m_view->verticalScrollBar()->setValue(4'000'000);
    QCOMPARE(told.last().first().toInt(), 4'000'000);
    QCOMPARE(told.last().last().toInt(), m_view->lastVisibleRow());
    QVERIFY(m_view->lastVisibleRow() > 4'000'010);
    m_window->resize(1100, 300);
    QTRY_COMPARE(told.last().last().toInt(), m_view->lastVisibleRow());
    m_model->reset(5);
    QTRY_COMPARE(told.last(), (QList<QVariant>{0, 4}));
    m_model->reset(0);
    QCOMPARE(m_view->firstVisibleRow(), -1);
    QCOMPARE(m_view->lastVisibleRow(), -1);
    m_view->viewport()->repaint();
    QTest::keyClick(m_view, Qt::Key_Down);
    m_view->copySelection(false);
    QVERIFY(m_view->selectedRows().isEmpty());
}

void TestGridView::filterRowFollowsTheColumns()
{
    QVERIFY(!m_view->isFilterRowVisible());
    const int before = m_view->viewport()->height();
    m_view->setFilterRowVisible(true);
    FilterRow *filter = m_view->filterRow();
    QVERIFY(m_view->viewport()->height() < before);
    const auto isAligned = [&](int column) {
        const QRect field = filter->field(column)->geometry();
        const int left = m_view->header()->sectionViewportPosition(column);
        return field.left() >= left && field.right() <= left + m_view->header()->sectionSize(column) &&
               field.width() > m_view->header()->sectionSize(column) - 12;
    };
    QVERIFY(isAligned(0) && isAligned(3));
    m_view->header()->resizeSection(1, 300);
    QVERIFY(isAligned(1) && isAligned(2));
    m_view->horizontalScrollBar()->setValue(120);
    QVERIFY(isAligned(1) && isAligned(2));
    QCOMPARE(filter->field(1)->accessibleName(), QStringLiteral("Filter for name"));
    QVERIFY(filter->field(0)->placeholderText().contains(QStringLiteral("1..10")));
    // A field that gets the cursor comes in sight.
    filter->focusColumn(18);
    QVERIFY(m_view->viewport()->rect().contains(at(0, 18)));
    QTest::keyClick(filter->field(18), Qt::Key_Tab);
    QTRY_COMPARE(QApplication::focusWidget(), static_cast<QWidget *>(filter->field(19)));
    QVERIFY(filter->field(19)->visibleRegion().boundingRect().width() > 20);
    m_view->setFilterRowVisible(false);
    QCOMPARE(m_view->viewport()->height(), before);
}

void TestGridView::filterRowAnnounces()
{
    m_view->setFilterRowVisible(true);
    FilterRow *filter = m_view->filterRow();
    QSignalSpy told(filter, &FilterRow::conditionsChanged);
    QTest::keyClicks(filter->field(0), QStringLiteral("1..10"));
    QCOMPARE(told.size(), 0); // not while typing
    QTRY_COMPARE(told.size(), 1);
    FilterCondition between{
        QStringLiteral("id"), FilterCondition::Operator::Between, {QStringLiteral("1"), QStringLiteral("10")}};
    QCOMPARE(filter->conditions(), QList<FilterCondition>{between});
    QTest::keyClicks(filter->field(1), QStringLiteral("wren"));
    QTest::keyClick(filter->field(1), Qt::Key_Return);
    QCOMPARE(told.size(), 2); // at once
    QCOMPARE(filter->conditions().value(1).op, FilterCondition::Operator::Contains);
    QTest::keyClick(filter->field(1), Qt::Key_Return);
    QCOMPARE(told.size(), 2); // nothing new
    filter->setConditions({between});
    QCOMPARE(told.size(), 2);
    QVERIFY(filter->field(1)->text().isEmpty());
    QCOMPARE(filter->field(0)->text(), conditionText(between));
    // Rows that are read again leave the fields alone.
    QTest::keyClicks(filter->field(2), QStringLiteral("x"));
    m_model->reset(100);
    QCOMPARE(filter->field(2)->text(), QStringLiteral("x"));
    filter->clear();
    QCOMPARE(filter->conditions(), QList<FilterCondition>());
    QCOMPARE(told.size(), 3);
}

void TestGridView::filterRowKeepsWrongText()
{
    m_view->setFilterRowVisible(true);
    FilterRow *filter = m_view->filterRow();
    QTest::keyClicks(filter->field(0), QStringLiteral("> 3"));
    QTest::keyClick(filter->field(0), Qt::Key_Return);
    QSignalSpy told(filter, &FilterRow::conditionsChanged);
    filter->field(0)->clear();
    QTest::keyClicks(filter->field(0), QStringLiteral("< "));
    QTest::keyClick(filter->field(0), Qt::Key_Return);
    QCOMPARE(filter->field(0)->text(), QStringLiteral("< "));
    QCOMPARE(filter->field(0)->property("state").toString(), QStringLiteral("error"));
    QVERIFY(!filter->field(0)->toolTip().isEmpty());
    QVERIFY(!filter->field(0)->accessibleDescription().isEmpty());
    QCOMPARE(told.size(), 0);
    QCOMPARE(filter->conditions().size(), 1); // the rows are still the ones asked for before
    QTest::keyClicks(filter->field(0), QStringLiteral("7"));
    QTest::keyClick(filter->field(0), Qt::Key_Return);
    QCOMPARE(told.size(), 1);
    QVERIFY(filter->field(0)->property("state").toString().isEmpty());
    QVERIFY(filter->field(0)->toolTip().isEmpty());
}

void TestGridView::filterRowKeys()
{
    m_view->setFilterRowVisible(true);
    FilterRow *filter = m_view->filterRow();
    filter->focusColumn(1);
    QTest::keyClicks(filter->field(1), QStringLiteral("wren"));
    QTest::keyClick(filter->field(1), Qt::Key_Return);
    QCOMPARE(filter->conditions().size(), 1);
    QTest::keyClick(filter->field(1), Qt::Key_Escape);
    QVERIFY(filter->field(1)->text().isEmpty());
    QCOMPARE(filter->conditions().size(), 0);
    QTest::keyClick(filter->field(1), Qt::Key_Escape);
    QVERIFY(m_view->hasFocus());
}

void TestGridView::filterRowOperators()
{
    m_view->setFilterRowVisible(true);
    FilterRow *filter = m_view->filterRow();
    auto *button = filter->findChild<QToolButton *>(QStringLiteral("operators_name"));
    QCOMPARE(button->accessibleName(), QStringLiteral("Operators for name"));
    QTest::keyClicks(filter->field(1), QStringLiteral("wren"));
    QTest::keyClick(filter->field(1), Qt::Key_Down, Qt::AltModifier);
    auto *menu = filter->findChild<QMenu *>(QStringLiteral("filterOperators"));
    QVERIFY(menu && menu->isVisible());
    QVERIFY(menu->actions().size() > 10);
    menu->actions().value(1)->trigger();
    menu->close();
    QCOMPARE(filter->field(1)->text(), QStringLiteral("<> wren"));
    QCOMPARE(filter->conditions().value(0).op, FilterCondition::Operator::NotEqual);
}

void TestGridView::findBarAsks()
{
    FindBar bar;
    bar.show();
    bar.hide();
    QSignalSpy asked(&bar, &FindBar::findRequested);
    QSignalSpy marked(&bar, &FindBar::textChanged);
    QSignalSpy closed(&bar, &FindBar::closed);
    bar.open();
    auto *line = bar.findChild<QLineEdit *>(QStringLiteral("findText"));
    QTest::keyClicks(line, QStringLiteral("tit"));
    QCOMPARE(asked.size(), 3); // with each key
    QCOMPARE(asked.last(), (QList<QVariant>{QStringLiteral("tit"), false, false}));
    QTest::keyClick(line, Qt::Key_Return);
    QTest::keyClick(line, Qt::Key_F3, Qt::ShiftModifier);
    QCOMPARE(asked.last(), (QList<QVariant>{QStringLiteral("tit"), true, false}));
    bar.findChild<QAbstractButton *>(QStringLiteral("findWholeTable"))->click();
    QCOMPARE(asked.last(), (QList<QVariant>{QStringLiteral("tit"), false, true}));
    bar.showResult(QStringLiteral("<b>3</b> of 12"));
    QCOMPARE(bar.findChild<QLabel *>(QStringLiteral("findResult"))->textFormat(), Qt::PlainText);
    QTest::keyClick(line, Qt::Key_Escape);
    QVERIFY(bar.isHidden());
    QCOMPARE(closed.size(), 1);
    QCOMPARE(marked.last().first().toString(), QString());
    // What is found is marked in the cells.
    const QImage before = m_view->viewport()->grab().toImage();
    m_view->setFindText(QStringLiteral("BIRD 3"));
    const QImage after = m_view->viewport()->grab().toImage();
    const QRect cell = m_view->visualRect(m_model->index(2, 1));
    const QRect other = m_view->visualRect(m_model->index(3, 1));
    QVERIFY(before.copy(cell) != after.copy(cell));
    QCOMPARE(before.copy(other), after.copy(other));
}

void TestGridView::themeAndZoom()
{
    const int height = m_view->rowHeight();
    const QImage light = m_view->grab().toImage();
    Theme::instance().setMode(Theme::Mode::Dark);
    QApplication::processEvents();
    const QImage dark = m_view->grab().toImage();
    QCOMPARE(dark.pixelColor(dark.width() / 2, dark.height() / 2).lightness() < 128, true);
    QVERIFY(light.pixelColor(3, 3) != dark.pixelColor(3, 3));
    Theme::instance().setMode(Theme::Mode::Light);
    const int gutter = m_view->findChild<QWidget *>(QStringLiteral("rowNumbers"))->width();
    Theme::instance().setZoom(180);
    QTRY_VERIFY(m_view->rowHeight() > height);
    QTRY_VERIFY(m_view->findChild<QWidget *>(QStringLiteral("rowNumbers"))->width() > gutter);
    QVERIFY(m_view->header()->height() >= m_view->header()->sizeHint().height());
    Theme::instance().setZoom(100);
    QTRY_COMPARE(m_view->rowHeight(), height);
}

/// What the page lays over the rows stays where it is while they scroll below it, and leaves no trace.
void TestGridView::whatLiesOverTheRowsStays()
{
    QLabel note(QStringLiteral("Loading"), m_view->viewport());
    note.setAutoFillBackground(true);
    note.setGeometry(200, 120, 150, 40);
    note.show();
    QTest::qWait(50);
    for (int step = 1; step <= 3; ++step) {
        m_view->verticalScrollBar()->setValue(step);
        QTest::qWait(20);
    }
    QCOMPARE(note.geometry(), QRect(200, 120, 150, 40));
    const auto onScreen = [this] {
        const QRect place(m_view->viewport()->mapTo(m_window.get(), QPoint()), m_view->viewport()->size());
        return m_window->screen()
            ->grabWindow(m_window->winId(), place.x(), place.y(), place.width(), place.height())
            .toImage();
    };
    const QImage scrolled = onScreen();
    m_view->viewport()->repaint();
    QTest::qWait(50);
    QCOMPARE(scrolled, onScreen());
}

void TestGridView::screenReaders()
{
    m_model->calls = 0;
    QAccessibleInterface *grid = QAccessible::queryAccessibleInterface(m_view);
    QVERIFY(grid);
    QCOMPARE(grid->role(), QAccessible::Table);
    QCOMPARE(grid->text(QAccessible::Name), QStringLiteral("Rows"));
    QAccessibleTableInterface *table = grid->tableInterface();
    QVERIFY(table);
    QCOMPARE(table->rowCount(), rows);
    QCOMPARE(table->columnCount(), 20);
    QCOMPARE(table->cellAt(2, 1)->text(QAccessible::Name), QStringLiteral("bird 3"));
    QCOMPARE(table->cellAt(4, 3)->text(QAccessible::Name), QStringLiteral("null"));
    QCOMPARE(table->cellAt(4, 3)->role(), QAccessible::Cell);
    QCOMPARE(table->cellAt(9'000'000, 1)->text(QAccessible::Name), QStringLiteral("bird 9000001"));
    QVERIFY(!table->cellAt(rows, 0));
    QVERIFY(!table->cellAt(0, 20));
    m_view->header()->setSort({{QStringLiteral("id"), true}});
    QCOMPARE(grid->child(0)->role(), QAccessible::ColumnHeader);
    QCOMPARE(grid->child(0)->text(QAccessible::Name), QStringLiteral("id"));
    QVERIFY(!grid->child(0)->text(QAccessible::Description).isEmpty());
    QAccessibleInterface *cell = table->cellAt(3, 2);
    QCOMPARE(grid->child(grid->indexOfChild(cell)), cell);
    QCOMPARE(cell->tableCellInterface()->columnHeaderCells().first()->text(QAccessible::Name),
             QStringLiteral("species"));
    QVERIFY(!cell->state().selected);
    m_view->goTo(3, 2);
    QVERIFY(cell->state().selected);
    QVERIFY(cell->state().focused);
    QVERIFY(table->cellAt(9'000'000, 1)->state().offscreen);
    m_model->edits.insert({3, 2}, QStringLiteral("wren"));
    QVERIFY(!cell->text(QAccessible::Description).isEmpty());
    QCOMPARE(grid->childAt(cell->rect().center().x(), cell->rect().center().y()), cell);
    m_view->selectAll();
    QCOMPARE(table->selectedRowCount(), rows);
    QVERIFY(table->selectedCells().size() <= 1000);
    QVERIFY(table->selectedRows().size() <= 1000);
    QCOMPARE(table->selectedCellCount(), 200'000'000);
    QVERIFY(table->isColumnSelected(3));
    QVERIFY(table->isRowSelected(77));
    QVERIFY2(m_model->calls < 1000, qPrintable(QString::number(m_model->calls)));
    QAccessible::setActive(true);
    QTest::keyClick(m_view, Qt::Key_Down);
    m_model->reset(10);
    QCOMPARE(table->rowCount(), 10);
    QCOMPARE(table->cellAt(1, 1)->text(QAccessible::Name), QStringLiteral("bird 2"));
    QAccessible::setActive(false);
}

/// Pictures to look at, where ROOST_SHOTS names a folder.
void TestGridView::shots()
{
    const QString folder = qEnvironmentVariable("ROOST_SHOTS");
    m_model->edits.insert({3, 1}, QStringLiteral("Common Grackle"));
    m_model->edits.insert({4, 2}, QStringLiteral("nobody knows"));
    m_model->refusals.insert({4, 2}, QStringLiteral("value too long for type character varying(10)"));
    m_model->rowStates.insert(6, RowsModel::CellState::DeletedRow);
    m_model->rowStates.insert(8, RowsModel::CellState::NewRow);
    m_model->loadedTo = 17;
    m_view->setLinkPredicate([](const QModelIndex &cell) { return cell.column() == 2; });
    m_view->header()->setSort({{QStringLiteral("species"), false}, {QStringLiteral("name"), true}});
    m_view->setRowNumbers([](int row) { return GridView::RowNumber{row + 1LL, row < 10}; });
    m_view->setFilterRowVisible(true);
    m_view->filterRow()->setConditions({{QStringLiteral("name"), FilterCondition::Operator::Contains, {"bird"}}});
    QTest::keyClicks(m_view->filterRow()->field(0), QStringLiteral(">"));
    QTest::keyClick(m_view->filterRow()->field(0), Qt::Key_Return);
    m_view->setFindText(QStringLiteral("bird 1"));
    auto *bar = new FindBar;
    m_window->layout()->addWidget(bar);
    bar->setText(QStringLiteral("bird 1"));
    bar->open();
    bar->showResult(QStringLiteral("9 matches in the rows that are loaded"));
    m_view->goTo(2, 1);
    QTest::keyClick(m_view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(m_view, Qt::Key_Right, Qt::ShiftModifier);
    m_view->setFocus();
    const QPoint pointer = at(5, 2);
    QMouseEvent move(QEvent::MouseMove, pointer, m_view->viewport()->mapToGlobal(pointer), Qt::NoButton, Qt::NoButton,
                     Qt::NoModifier);
    for (const auto mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
        Theme::instance().setMode(mode);
        QApplication::processEvents();
        QApplication::sendEvent(m_view->viewport(), &move);
        const QImage image = m_window->grab().toImage();
        QVERIFY(!image.isNull());
        if (!folder.isEmpty()) {
            image.save(QStringLiteral("%1/grid-%2.png").arg(folder, mode == Theme::Mode::Light ? "light" : "dark"));
        }
    }
    Theme::instance().setMode(Theme::Mode::Light);
}

QTEST_MAIN(TestGridView)
#include "tst_gridview.moc"
