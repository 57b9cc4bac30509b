// The grid over a real table, on a server 70 ms away, and on one that does not answer.

#include "gui/table/editors/celleditor.h"
#include "gui/table/gridview.h"
#include "gui/table/rowsheader.h"
#include "gui/theme/theme.h"
#include "models/rowsfixture.h"
#include "stallprobe.h"

#include <QApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int rowsInTable = 60'000;
constexpr int patience = 20'000;
constexpr int longestStall = 50; // ms

} // namespace

class TestGridRows : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void draggingTheBarNeverWaits();
    void endAndStartAreReached();
    void wrongEstimateMovesNothingInSight_data();
    void wrongEstimateMovesNothingInSight();
    void sortByClick();
    void editsWhileTheServerIsSilent();

private:
    void open(const QString &table);
    int idAt(int row) const { return m_model->index(row, 0).data(RowsModel::FullTextRole).toInt(); }
    /// What is in sight is here, and each row follows the one before it.
    bool isWhole() const
    {
        const int first = m_grid->firstVisibleRow();
        for (int row = first; row <= m_grid->lastVisibleRow(); ++row) {
            const QModelIndex cell = m_model->index(row, 0);
            if (!cell.data(RowsModel::LoadedRole).toBool() || (row > first && idAt(row) != idAt(row - 1) + 1)) {
                return false;
            }
        }
        return first >= 0;
    }

    RowsFixture m_fixture;
    std::unique_ptr<RowsModel> m_model;
    std::unique_ptr<GridView> m_grid;
};

void TestGridRows::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_fixture.start(), qPrintable(m_fixture.cluster.problem()));
    // What the server believes: "late" begins at 20001, "shrunk" still has its first half.
    m_fixture.psql(QStringLiteral("SET ROLE my_database_user;"
                                  "CREATE TABLE big (id bigint PRIMARY KEY, name text, kind int);"
                                  "INSERT INTO big SELECT n, 'name ' || n, n % 10 FROM generate_series(1, %1) n;"
                                  "CREATE TABLE late (id bigint PRIMARY KEY, name text)"
                                  "  WITH (autovacuum_enabled = off);"
                                  "INSERT INTO late SELECT n, 'name ' || n FROM generate_series(20001, 60000) n;"
                                  "CREATE TABLE shrunk (id bigint PRIMARY KEY, name text)"
                                  "  WITH (autovacuum_enabled = off);"
                                  "INSERT INTO shrunk SELECT n, 'name ' || n FROM generate_series(1, 60000) n;"
                                  "ANALYZE big, late, shrunk;"
                                  "INSERT INTO late SELECT n, 'name ' || n FROM generate_series(1, 20000) n;"
                                  "DELETE FROM shrunk WHERE id <= 30000;")
                       .arg(rowsInTable));
    m_fixture.proxy->setDelayMs(35);
}

void TestGridRows::init()
{
    m_model = std::make_unique<RowsModel>(&m_fixture.sessions, &m_fixture.activity);
    m_grid = std::make_unique<GridView>();
    m_grid->resize(900, 600);
    m_grid->setModel(m_model.get());
    m_grid->show();
    m_grid->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_grid.get()));
    m_grid->setFocus();
}

void TestGridRows::cleanup()
{
    m_grid.reset();
    m_model.reset();
}

void TestGridRows::open(const QString &table)
{
    m_model->open(m_fixture.slow, m_fixture.database, m_fixture.relation(table));
    QTRY_VERIFY_WITH_TIMEOUT(m_model->state() == RowsModel::State::Ready && m_model->description(), patience);
    m_grid->fitColumns();
    QTRY_VERIFY_WITH_TIMEOUT(isWhole(), patience);
}

void TestGridRows::draggingTheBarNeverWaits()
{
    open(QStringLiteral("big"));
    StallProbe probe;
    QScrollBar *bar = m_grid->verticalScrollBar();
    bar->setSliderDown(true);
    constexpr int steps = 120;
    for (int step = 0; step <= steps; ++step) {
        bar->setSliderPosition(int(qint64(bar->maximum()) * step / steps * 2 / 3));
        QApplication::processEvents();
    }
    bar->setSliderDown(false);
    QTRY_VERIFY_WITH_TIMEOUT(isWhole(), patience);
    QVERIFY2(probe.worst() < longestStall, qPrintable(QString::number(probe.worst())));
    const int id = idAt(m_grid->firstVisibleRow());
    QVERIFY2(qAbs(id - rowsInTable * 2 / 3) < rowsInTable / 10, qPrintable(QString::number(id)));
    // A page at a time, as somebody reads.
    for (int page = 0; page < 15; ++page) {
        QTest::keyClick(m_grid.get(), page < 8 ? Qt::Key_PageDown : Qt::Key_PageUp);
        QTRY_VERIFY_WITH_TIMEOUT(isWhole(), patience);
    }
    QVERIFY2(probe.worst() < longestStall, qPrintable(QString::number(probe.worst())));
}

void TestGridRows::endAndStartAreReached()
{
    open(QStringLiteral("big"));
    QTest::keyClick(m_grid.get(), Qt::Key_End, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(isWhole(), patience);
    QTRY_COMPARE_WITH_TIMEOUT(idAt(m_grid->lastVisibleRow()), rowsInTable, patience);
    QTest::keyClick(m_grid.get(), Qt::Key_Home, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(isWhole() && idAt(0) == 1, patience);
    QCOMPARE(m_grid->currentIndex(), m_model->index(0, 0));
    QCOMPARE(m_grid->rowNumber(0).number, 1);
    QVERIFY(m_grid->rowNumber(0).isExact);
}

void TestGridRows::wrongEstimateMovesNothingInSight_data()
{
    QTest::addColumn<int>("part"); // of a hundred
    QTest::newRow("late") << 4;
    QTest::newRow("shrunk") << 25;
}

/// Rows that turn out to stand elsewhere stay where they are seen, and what is chosen stays chosen.
void TestGridRows::wrongEstimateMovesNothingInSight()
{
    QFETCH(int, part);
    const QString table = QString::fromLatin1(QTest::currentDataTag());
    open(table);
    const int least = m_fixture.psql(QStringLiteral("SELECT min(id) FROM %1").arg(table)).toInt();
    QSignalSpy moved(m_model.get(), &RowsModel::rowsMoved);
    QScrollBar *bar = m_grid->verticalScrollBar();
    bar->setValue(int(qint64(bar->maximum()) * part / 100));
    QTRY_VERIFY_WITH_TIMEOUT(isWhole() && !m_model->isLoading(), patience);
    m_grid->goTo(m_grid->firstVisibleRow() + 3, 1);
    const int chosen = idAt(m_grid->currentIndex().row());
    QVERIFY(!m_grid->rowNumber(m_grid->firstVisibleRow()).isExact);
    // Upward, as somebody scrolls, until it turns out where they are.
    constexpr int mostSteps = 200;
    constexpr int step = 17;
    for (int turn = 0; turn < mostSteps && moved.isEmpty(); ++turn) {
        const int top = idAt(m_grid->firstVisibleRow());
        const int offset = m_grid->currentIndex().row() - m_grid->firstVisibleRow();
        bar->setValue(bar->value() - step);
        QTRY_VERIFY_WITH_TIMEOUT(isWhole() && !m_model->isLoading(), patience);
        const int now = idAt(m_grid->firstVisibleRow());
        QVERIFY2(now == top - step || now == least, qPrintable(QStringLiteral("%1 after %2").arg(now).arg(top)));
        QCOMPARE(idAt(m_grid->currentIndex().row()), chosen);
        QCOMPARE(m_grid->currentIndex().row() - m_grid->firstVisibleRow(), offset + top - now);
        QCOMPARE(m_grid->selectedRows(), QList<int>{m_grid->currentIndex().row()});
    }
    QVERIFY2(!moved.isEmpty(), "nothing had to be moved: this table shows nothing");
    // And to the end.
    QTest::keyClick(m_grid.get(), Qt::Key_End, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(isWhole() && idAt(m_grid->lastVisibleRow()) == rowsInTable, patience);
}

void TestGridRows::sortByClick()
{
    open(QStringLiteral("big"));
    connect(m_grid.get(), &GridView::sortRequested, m_model.get(), &RowsModel::setSort);
    m_grid->goTo(1000, 2);
    RowsHeader *header = m_grid->header();
    const QPoint onKind(header->sectionViewportPosition(2) + header->sectionSize(2) / 2, 10);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, Qt::NoModifier, onKind);
    QCOMPARE(header->sort(), (QList<SortColumn>{{QStringLiteral("kind"), false}}));
    QTRY_COMPARE_WITH_TIMEOUT(idAt(0), 10, patience);
    QCOMPARE(m_grid->firstVisibleRow(), 0);
    m_grid->requestSort(0, true);
    m_grid->requestSort(0, true);
    QTRY_COMPARE_WITH_TIMEOUT(idAt(0), rowsInTable, patience);
    QCOMPARE(header->sort().size(), 2);
}

void TestGridRows::editsWhileTheServerIsSilent()
{
    open(QStringLiteral("big"));
    m_grid->goTo(2, 1);
    m_fixture.proxy->stall(true);
    StallProbe probe;
    // Pages are on their way and will not come while this is typed.
    m_grid->verticalScrollBar()->setValue(30'000);
    QApplication::processEvents();
    m_grid->verticalScrollBar()->setValue(0);
    QTest::keyClick(m_grid.get(), Qt::Key_F2);
    QTRY_VERIFY(m_grid->isEditing());
    auto *editor = m_grid->viewport()->findChild<CellEditor *>();
    QVERIFY(editor);
    QWidget *part = editor->focusProxy();
    QTest::keyClick(part, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(part, QStringLiteral("wren"));
    m_fixture.proxy->stall(false);
    QTest::qWait(200);
    QVERIFY(m_grid->isEditing()); // what arrives leaves it alone
    QTest::keyClick(part, Qt::Key_Return);
    QTRY_VERIFY(!m_grid->isEditing());
    QCOMPARE(m_model->value(2, 1), CellValue(QStringLiteral("wren")));
    QCOMPARE(m_model->changes().counts().changed, 1);
    QCOMPARE(m_grid->currentIndex().row(), 3);
    QVERIFY2(probe.worst() < longestStall, qPrintable(QString::number(probe.worst())));
    QCOMPARE(m_fixture.psql(QStringLiteral("SELECT name FROM big WHERE id = 3")), QStringLiteral("name 3"));
}

QTEST_MAIN(TestGridRows)
#include "tst_gridrows.moc"
