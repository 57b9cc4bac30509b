#include "gui/dialogs/notice.h"
#include "gui/table/filterrow.h"
#include "gui/theme/theme.h"
#include "jobs/job.h"
#include "postgres/environment.h"
#include "stallprobe.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"
#include "tablefixture.h"

#include <QApplication>
#include <QClipboard>
#include <QDialog>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr qint64 mostMs = 50;
constexpr int patience = 30'000;

const char *const schema = R"(
SET ROLE my_database_user;
CREATE TABLE species (id integer PRIMARY KEY, name text NOT NULL);
INSERT INTO species SELECT n, 'Species ' || n FROM generate_series(1, 50) n;
CREATE TABLE birds (id bigint PRIMARY KEY, uid uuid NOT NULL DEFAULT gen_random_uuid(), name text, weight numeric(12,4),
    seen timestamptz, ringed boolean, traits jsonb, note text, species_id integer REFERENCES species);
INSERT INTO birds SELECT n, gen_random_uuid(), 'Bird ' || n, n * 1.5, timestamptz '2026-01-01' + n * interval '1 second', n % 2 = 0,
    jsonb_build_object('n', n, 'text', repeat('x', n % 200)), CASE WHEN n % 3 = 0 THEN repeat('long text ', n % 300) END, 1 + n % 50
    FROM generate_series(1, 210000) n;
SET client_min_messages = error;
ANALYZE;
)";

} // namespace

/// No action of a table's page holds up the window, however slow the server is to answer.
class TestTableStalls : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void overASlowLink();
    void whileNothingComes();
    void filesOverASlowLink();

private:
    /// One thing that the user does; `isDone` says when its answer is there.
    struct Action
    {
        const char *name;
        std::function<void()> start;
        std::function<bool()> isDone;
    };
    /// Presses the button of a dialog, lets the link die for a while, and waits for the job; false unless it succeeded.
    bool transfers(QDialog *dialog, const char *button, TcpProxy &proxy) const;
    QList<Action> actions();
    QList<Action> looking();
    QList<Action> editing();
    void fillClipboard() const;
    RowsModel *rows() const { return m_page->rows(); }
    bool isSettled() const { return rows()->state() == RowsModel::State::Ready && !rows()->isLoading(); }
    QLineEdit *where() const { return TableFixture::in<QLineEdit>(m_page, "whereBox"); }
    void applyWhere(const char *text) const
    {
        where()->setText(QString::fromLatin1(text));
        QTest::keyClick(where(), Qt::Key_Return);
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<TableFixture> m_fixture;
    TablePage *m_page = nullptr;
    QTemporaryDir m_home;
};

void TestTableStalls::initTestCase()
{
    qputenv("ROOST_HOME", m_home.path().toUtf8());
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("shop"));
    m_cluster.psql(QString::fromLatin1(schema), QStringLiteral("shop"));
}

void TestTableStalls::fillClipboard() const
{
    QString text = QStringLiteral("name\tweight\tnote\n");
    for (int i = 0; i < 1000; ++i) {
        text += QStringLiteral("Pasted %1\t%1.25\tnote %1\n").arg(i);
    }
    QApplication::clipboard()->setText(text);
}

QList<TestTableStalls::Action> TestTableStalls::looking()
{
    GridView *grid = m_page->grid();
    QScrollBar *bar = grid->verticalScrollBar();
    const auto settled = [this] { return isSettled(); };
    const auto isVisibleLoaded = [this, grid] {
        return rows()->index(grid->firstVisibleRow(), 0).data(RowsModel::LoadedRole).toBool();
    };
    return {
        {"scroll a page", [bar] { bar->triggerAction(QAbstractSlider::SliderPageStepAdd); }, isVisibleLoaded},
        {"drag to the middle",
         [bar] {
             for (int i = 1; i <= 20; ++i) {
                 bar->setValue(bar->maximum() / 40 * i);
             }
         },
         isVisibleLoaded},
        {"to the end", [this] { m_page->run(TableVerb::GoToEnd); }, isVisibleLoaded},
        {"back to the top", [bar] { bar->setValue(0); }, isVisibleLoaded},
        {"sort",
         [this, grid] {
             grid->goTo(0, 0);
             m_page->run(TableVerb::SortDescending);
         },
         [this] { return isSettled() && cellText(m_page, 0, 0) == QStringLiteral("210000"); }},
        {"sort without an index, asked first",
         [this, grid] {
             grid->goTo(0, 2);
             m_page->run(TableVerb::SortAscending);
         },
         [this] { return TableFixture::in<Notice>(m_page, "sortNotice")->isVisible(); }},
        {"do not sort", [this] { m_page->run(TableVerb::ClearSort); }, settled},
        {"WHERE", [this] { applyWhere("id % 1000 = 7"); },
         [this] { return isSettled() && cellText(m_page, 0, 0) == QStringLiteral("7"); }},
        {"filter row",
         [this, grid] {
             m_page->run(TableVerb::FilterRow);
             QLineEdit *field = grid->filterRow()->field(0);
             QTest::keyClicks(field, QStringLiteral("> 100000"));
             QTest::keyClick(field, Qt::Key_Return);
         },
         [this] { return isSettled() && cellText(m_page, 0, 0) == QStringLiteral("100007"); }},
        {"show all rows", [this] { m_page->run(TableVerb::ClearFilter); },
         [this] { return isSettled() && cellText(m_page, 0, 0) == QStringLiteral("1"); }},
        {"find in the rows",
         [this] {
             m_page->run(TableVerb::Find);
             QTest::keyClicks(TableFixture::in<QLineEdit>(m_page, "findText"), QStringLiteral("ird 17"));
         },
         settled},
        {"find in the table",
         [this] {
             TableFixture::in<QLineEdit>(m_page, "findText")->setText(QStringLiteral("Bird 150123"));
             TableFixture::in<QPushButton>(m_page, "findWholeTable")->click();
         },
         [this, grid] { return cellText(m_page, grid->currentIndex().row(), 2) == QStringLiteral("Bird 150123"); }},
        {"inspector", [this] { m_page->run(TableVerb::Inspector); }, settled},
        {"walk with the inspector open",
         [grid] {
             for (int column = 0; column < 9; ++column) {
                 grid->goTo(grid->currentIndex().row() + 1, column);
             }
         },
         settled},
        {"close the inspector", [this] { m_page->run(TableVerb::Inspector); }, settled},
        {"count", [this] { m_page->run(TableVerb::CountExactly); }, [this] { return rows()->count().isExact; }},
        {"select all",
         [grid] {
             grid->selectAll();
             grid->goTo(0, 0);
         },
         settled},
        {"structure", [this] { m_page->showStructure(); },
         [this] { return TableFixture::in<QWidget>(m_page, "structureColumns"); }},
        {"DDL", [this] { TableFixture::in<QPushButton>(m_page, "ddlSegment")->click(); },
         [this] {
             const auto texts = m_page->findChildren<QPlainTextEdit *>();
             return std::any_of(texts.begin(), texts.end(), [](const QPlainTextEdit *text) {
                 return text->toPlainText().contains(QStringLiteral("CREATE TABLE"));
             });
         }},
        {"back to the rows", [this] { TableFixture::in<QPushButton>(m_page, "dataSegment")->click(); }, settled},
        {"refresh", [this] { m_page->refresh(); }, settled},
    };
}

QList<TestTableStalls::Action> TestTableStalls::editing()
{
    GridView *grid = m_page->grid();
    const auto isApplied = [this] { return rows()->changes().isEmpty() && !rows()->isApplying() && isSettled(); };
    return {
        {"edit",
         [this, grid] {
             grid->setFocus();
             grid->goTo(3, 2);
             QTest::keyClick(grid, Qt::Key_F2);
             QTest::keyClicks(QApplication::focusWidget(), QStringLiteral(" edited"));
             QTest::keyClick(QApplication::focusWidget(), Qt::Key_Return);
         },
         [this] { return rows()->changes().counts().changed == 1; }},
        {"apply one", [this] { m_page->run(TableVerb::Apply); }, isApplied},
        {"paste 1,000 rows", [this] { m_page->run(TableVerb::PasteRows); },
         [this] { return rows()->changes().counts().added == 1000 && rows()->changes().canUndo(); }},
        {"undo", [this] { m_page->run(TableVerb::Undo); }, [this] { return rows()->changes().isEmpty(); }},
        {"redo", [this] { m_page->run(TableVerb::Redo); }, [this] { return rows()->changes().counts().added == 1000; }},
        {"show SQL", [this] { m_page->run(TableVerb::ShowSql); },
         [this] {
             const auto *dialog = m_fixture->part<QDialog>("SqlPreviewDialog");
             const auto *text = dialog ? dialog->findChild<QPlainTextEdit *>(QStringLiteral("sqlText")) : nullptr;
             return text && text->toPlainText().contains(QStringLiteral("INSERT"));
         }},
        {"close the preview", [this] { m_fixture->part<QDialog>("SqlPreviewDialog")->reject(); },
         [this] { return !m_fixture->part<QDialog>("SqlPreviewDialog"); }},
        {"number the rows", // so that they have keys
         [this] {
             for (int i = 0; i < 1000; ++i) {
                 const int row = rows()->rowCount() - 1000 + i;
                 rows()->replaceValue(rows()->index(row, 0), QString::number(1'000'000 + i));
                 if (i % 50 == 0) {
                     QCoreApplication::processEvents();
                 }
             }
         },
         [] { return true; }},
        {"apply 1,000 rows", [this] { m_page->run(TableVerb::Apply); }, isApplied},
        {"go up", [grid] { grid->goTo(5, 0); },
         [this] { return rows()->index(5, 0).data(RowsModel::LoadedRole).toBool(); }},
        {"delete", [this] { m_page->run(TableVerb::DeleteRows); },
         [this] { return rows()->changes().counts().removed == 1; }},
        {"discard", [this] { m_page->run(TableVerb::Discard); }, isApplied},
        {"copy",
         [this, grid] {
             for (int i = 0; i < 50; ++i) {
                 QTest::keyClick(grid, Qt::Key_Down, Qt::ShiftModifier);
                 QCoreApplication::processEvents(); // a keyboard is not faster than the window
             }
             m_page->run(TableVerb::CopyInsert);
         },
         [] { return QApplication::clipboard()->text().contains(QStringLiteral("INSERT")); }},
        {"cancel a slow load", [this] { applyWhere("pg_sleep(30) IS NULL"); },
         [this] {
             auto *cancel = TableFixture::in<QPushButton>(m_page, "cancelLoading");
             if (!cancel->isVisible()) {
                 return false;
             }
             cancel->click();
             return !rows()->isLoading();
         }},
        {"follow a link",
         [this, grid] {
             applyWhere("");
             grid->goTo(2, 8);
             m_page->run(TableVerb::FollowLink);
         },
         [this] {
             const TablePage *page = m_fixture->currentPage();
             return page && page != m_page && page->rows()->rowCount() == 1 &&
                    page->rows()->state() == RowsModel::State::Ready;
         }},
    };
}

QList<TestTableStalls::Action> TestTableStalls::actions()
{
    return looking() + editing();
}

void TestTableStalls::overASlowLink()
{
    TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    spec.parameters.port = proxy.port();
    proxy.setDelayMs(35);
    m_fixture = std::make_unique<TableFixture>(spec);
    QVERIFY(m_fixture->openTable(QStringLiteral("species"))); // the window itself is there
    StallProbe probe;
    m_page = m_fixture->openTable(QStringLiteral("birds"));
    QVERIFY(m_page);
    QStringList report{QStringLiteral("open %1").arg(probe.worst())};
    QStringList tooLong;
    if (probe.worst() > mostMs) {
        tooLong += report.last();
    }
    fillClipboard();
    const QList<Action> all = actions();
    for (const Action &action : all) {
        QTest::qWait(0);
        probe.restart();
        action.start();
        const bool isDone = QTest::qWaitFor(action.isDone, patience);
        QVERIFY2(isDone, action.name);
        QTest::qWait(30); // what follows at once
        const qint64 worst = probe.worst();
        report += QStringLiteral("%1 %2").arg(QLatin1String(action.name)).arg(worst);
        if (worst > mostMs) {
            tooLong += report.last();
        }
    }
    std::fprintf(stderr, "Longest stalls, ms: %s\n", qPrintable(report.join(QStringLiteral(", "))));
    QVERIFY2(tooLong.isEmpty(), qPrintable(tooLong.join(QStringLiteral(", "))));
    m_fixture.reset();
}

/// The link is dead for ten seconds, and the user goes on as if it was not.
void TestTableStalls::whileNothingComes()
{
    constexpr int stallMs = 10'000;
    TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    spec.parameters.port = proxy.port();
    m_fixture = std::make_unique<TableFixture>(spec);
    QVERIFY(m_fixture->openTable(QStringLiteral("species")));
    m_page = m_fixture->openTable(QStringLiteral("birds"));
    QVERIFY(m_page);
    TablePage *page = m_page;
    fillClipboard();
    const QList<Action> all = actions();
    QStringList report;
    QStringList tooLong;
    StallProbe probe;
    QElapsedTimer clock;
    clock.start();
    proxy.stall(true);
    for (const Action &action : all) {
        if (QLatin1String(action.name) == QLatin1String("close the preview") &&
            !m_fixture->part<QDialog>("SqlPreviewDialog")) {
            continue;
        }
        probe.restart();
        action.start();
        QTest::qWait(stallMs / int(all.size()));
        const qint64 worst = probe.worst();
        report += QStringLiteral("%1 %2").arg(QLatin1String(action.name)).arg(worst);
        if (worst > mostMs) {
            tooLong += report.last();
        }
    }
    QVERIFY(clock.elapsed() >= stallMs * 9 / 10);
    probe.restart();
    proxy.stall(false);
    // And it is a table again: what was asked for last is answered, or can be asked for again.
    QTRY_VERIFY_WITH_TIMEOUT(!page->rows()->isLoading() && !page->rows()->isApplying(), patience);
    page->run(TableVerb::Discard);
    page->run(TableVerb::ClearFilter);
    QTRY_VERIFY_WITH_TIMEOUT(page->rows()->state() == RowsModel::State::Ready && !page->rows()->isLoading() &&
                                 cellText(page, 0, 0) == QStringLiteral("1"),
                             patience);
    report += QStringLiteral("going on %1").arg(probe.worst());
    if (probe.worst() > mostMs) {
        tooLong += report.last();
    }
    std::fprintf(stderr, "Longest stalls while nothing came, ms: %s\n", qPrintable(report.join(QStringLiteral(", "))));
    QVERIFY2(tooLong.isEmpty(), qPrintable(tooLong.join(QStringLiteral(", "))));
    m_fixture.reset();
}

bool TestTableStalls::transfers(QDialog *dialog, const char *button, TcpProxy &proxy) const
{
    constexpr int stallMs = 10'000;
    auto *go = TableFixture::in<QPushButton>(dialog, button);
    if (!QTest::qWaitFor([go] { return go->isEnabled(); }, patience)) {
        return false;
    }
    const qsizetype before = m_fixture->jobs.jobs().size();
    go->click();
    if (!QTest::qWaitFor([&] { return m_fixture->jobs.jobs().size() > before; }, patience)) {
        return false;
    }
    const QPointer<Job> job = m_fixture->jobs.jobs().last();
    const auto isMoving = [&job] { return job->progress().done > 0 || job->isEnded(); };
    if (!QTest::qWaitFor(isMoving, patience) || job->isEnded()) {
        return false; // it was to be caught on its way
    }
    proxy.stall(true);
    QTest::qWait(stallMs);
    proxy.stall(false);
    return QTest::qWaitFor([&job] { return job->isEnded(); }, 2 * patience) && job->state() == Job::State::Succeeded;
}

/// Rows go out into a file and in again, and the link dies for ten seconds in the middle of each.
void TestTableStalls::filesOverASlowLink()
{
    TcpProxy proxy(m_cluster.port());
    ConnectionSpec spec = m_cluster.spec(QStringLiteral("shop"));
    spec.parameters.port = proxy.port();
    proxy.setDelayMs(35);
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; DROP TABLE IF EXISTS copies;"
                                  "CREATE TABLE copies (LIKE birds INCLUDING ALL)"),
                   QStringLiteral("shop"));
    m_fixture = std::make_unique<TableFixture>(spec);
    m_page = m_fixture->openTable(QStringLiteral("birds"));
    QVERIFY(m_page);
    StallProbe probe;
    m_page->run(TableVerb::Export);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->part<QDialog>("ExportDialog"), patience);
    auto *dialog = m_fixture->part<QDialog>("ExportDialog");
    const QString file = m_home.filePath(QStringLiteral("birds.csv"));
    TableFixture::in<QLineEdit>(dialog, "fileField")->setText(file);
    QVERIFY(transfers(dialog, "exportButton", proxy));
    const qint64 exported = probe.worst();

    m_page = m_fixture->openTable(QStringLiteral("copies"));
    QVERIFY(m_page);
    probe.restart();
    m_fixture->prompts.path = file;
    m_page->run(TableVerb::Import);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->part<QDialog>("importDialog"), patience);
    QVERIFY(transfers(m_fixture->part<QDialog>("importDialog"), "importButton", proxy));
    const qint64 imported = probe.worst();
    const QString rows = QStringLiteral("SELECT count(*), sum(id), md5(string_agg(b::text, '' ORDER BY id)) FROM %1 b");
    QCOMPARE(m_cluster.psql(rows.arg(QStringLiteral("copies")), QStringLiteral("shop")),
             m_cluster.psql(rows.arg(QStringLiteral("birds")), QStringLiteral("shop")));
    std::fprintf(stderr, "Longest stalls, ms: export %lld, import %lld\n", exported, imported);
    QVERIFY2(exported <= mostMs && imported <= mostMs, qPrintable(QStringLiteral("%1 %2").arg(exported).arg(imported)));
    m_fixture.reset();
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestTableStalls test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_tablestalls.moc"
