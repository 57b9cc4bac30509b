#include "gui/mainwindow.h"

#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/table/tablepage.h"
#include "gui/theme/theme.h"
#include "models/rowsmodel.h"
#include "postgres/environment.h"
#include "practice/localcluster.h"
#include "stallprobe.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPushButton>
#include <QScrollBar>
#include <QSet>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <QToolButton>
#include <QTreeView>

#include <semaphore>

using namespace Roost;
using namespace Roost::Testing;

/// The real main window, driven by the names of its widgets, over a real server.
class TestMainWindow : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void firstStart();
    void actionsAreNamedAndReachable();
    void widgetsAreNamedForScreenReaders();
    void browseByKeyboard();
    void scrollingLoadsMore();
    void copiesCells();
    void filterFindsATable();
    void filterOpensTheBestMatch();
    void headingsStayOpen();
    void unreachableInstance();
    void contextMenusEndWithWhatDestroys();
    void themeIsKept();
    void closingAsksWhileJobsRun();
    void practiceStartsAndEndsWithTheWindow();

private:
    QTreeView *tree(const WindowFixture &fixture) const { return fixture.part<QTreeView>("navigatorTree"); }
    bool choose(const WindowFixture &fixture, const QString &name) const;
    TablePage *openTable(WindowFixture &fixture, const QString &table);

    TemporaryCluster m_cluster;
    QTemporaryDir m_home;
};

void TestMainWindow::initTestCase()
{
    qputenv("ROOST_HOME", m_home.path().toUtf8());
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("shop"));
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id int PRIMARY KEY, name text, species text);"
                       "INSERT INTO birds VALUES (1, 'Chickadee', NULL), (2, 'Grackle', '');"
                       "CREATE TABLE many (id int PRIMARY KEY, note text);"
                       "INSERT INTO many SELECT n, repeat('x', n % 50) FROM generate_series(1, 20000) n;"
                       "CREATE TABLE nothing (id int); ANALYZE many;"),
        QStringLiteral("shop"));
}

/// Chooses the row with this name, anywhere in the open tree.
bool TestMainWindow::choose(const WindowFixture &fixture, const QString &name) const
{
    QTreeView *view = tree(fixture);
    const auto find = [&] {
        const QModelIndexList found = view->model()->match(view->model()->index(0, 0), Qt::DisplayRole, name, 1,
                                                           Qt::MatchExactly | Qt::MatchRecursive);
        return found.value(0);
    };
    if (!QTest::qWaitFor([&] { return find().isValid(); })) {
        return false;
    }
    view->setCurrentIndex(find());
    view->setFocus();
    return true;
}

TablePage *TestMainWindow::openTable(WindowFixture &fixture, const QString &table)
{
    const Profile profile = fixture.save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    fixture.open();
    if (!QTest::qWaitFor([&] { return fixture.instances.hasSaved(); }) || !choose(fixture, QStringLiteral("home"))) {
        return nullptr;
    }
    QTest::keyClick(tree(fixture), Qt::Key_Right);
    if (!choose(fixture, QStringLiteral("shop"))) {
        return nullptr;
    }
    QTest::keyClick(tree(fixture), Qt::Key_Right);
    if (!choose(fixture, table)) {
        return nullptr;
    }
    QTest::keyClick(tree(fixture), Qt::Key_Return);
    auto *page = qobject_cast<TablePage *>(fixture.window->tabs()->current());
    const bool isReady = page && QTest::qWaitFor([page] { return page->rows()->state() == RowsModel::State::Ready; });
    return isReady ? page : nullptr;
}

void TestMainWindow::firstStart()
{
    WindowFixture fixture;
    fixture.open();
    QVERIFY(QTest::qWaitForWindowExposed(fixture.window.get()));
    QTRY_VERIFY(fixture.instances.isLoaded());
    QTRY_VERIFY(fixture.part<QPushButton>("emptyStartPractice")->isVisible());
    QVERIFY(fixture.part<QPushButton>("emptyAddConnection")->isVisible());
    QVERIFY(fixture.part<QWidget>("welcomePage")->isVisible());
    QVERIFY(!fixture.part<QAction>("actionDropDatabase")->isEnabled());
    QVERIFY(!fixture.part<QAction>("actionBackUp")->isEnabled());
    QVERIFY(fixture.part<QAction>("actionAddConnection")->isEnabled());
    // What nobody has looked at is not made.
    QVERIFY(!fixture.part<QWidget>("jobsPanel"));
    QVERIFY(!fixture.part<QWidget>("lensPanel"));
}

void TestMainWindow::actionsAreNamedAndReachable()
{
    WindowFixture fixture;
    fixture.open();
    QSet<QAction *> inMenus;
    const std::function<void(const QList<QAction *> &)> collect = [&](const QList<QAction *> &actions) {
        for (QAction *action : actions) {
            if (action->menu()) {
                collect(action->menu()->actions());
            } else if (!action->isSeparator()) {
                inMenus.insert(action);
            }
        }
    };
    collect(fixture.window->menuBar()->actions());
    QStringList keys;
    for (QAction *action : fixture.window->actions()) {
        QVERIFY2(inMenus.contains(action), qPrintable(action->text()));
        QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
        QVERIFY2(!action->toolTip().isEmpty(), qPrintable(action->text()));
        if (!action->shortcut().isEmpty()) {
            QVERIFY2(action->toolTip().contains(action->shortcut().toString(QKeySequence::NativeText)),
                     qPrintable(action->toolTip()));
        }
    }
    for (const QAction *action : std::as_const(inMenus)) { // those of tables, too: a key that two claim does nothing
        for (const QKeySequence &key : action->shortcuts()) {
            QVERIFY2(!keys.contains(key.toString()), qPrintable(key.toString()));
            keys += key.toString();
        }
    }
    QVERIFY(inMenus.size() >= 35);
    QSet<QChar> letters; // of the menus
    for (const QAction *menu : fixture.window->menuBar()->actions()) {
        const qsizetype at = menu->text().indexOf(u'&');
        QVERIFY2(at >= 0, qPrintable(menu->text()));
        QVERIFY(!letters.contains(menu->text()[at + 1].toLower()));
        letters.insert(menu->text()[at + 1].toLower());
    }
}

void TestMainWindow::widgetsAreNamedForScreenReaders()
{
    WindowFixture fixture;
    QVERIFY(openTable(fixture, QStringLiteral("birds")));
    fixture.part<QAction>("actionShowLens")->trigger();
    fixture.part<QPushButton>("structureSegment")->click();
    QTRY_VERIFY(fixture.part<QWidget>("structureColumns"));
    int looked = 0;
    for (const QWidget *widget : fixture.window->findChildren<QWidget *>()) {
        const bool isControl = qobject_cast<const QAbstractButton *>(widget) ||
                               qobject_cast<const QLineEdit *>(widget) ||
                               qobject_cast<const QAbstractItemView *>(widget);
        const bool isOurs = !widget->objectName().startsWith(QStringLiteral("qt_")) &&
                            !QByteArrayView(widget->metaObject()->className()).startsWith("QLineEdit") &&
                            !qobject_cast<const QHeaderView *>(widget) &&
                            QByteArrayView(widget->metaObject()->className()) != "QTableCornerButton" &&
                            !qobject_cast<const QMenu *>(widget);
        if (!isControl || !isOurs || !widget->isVisible()) {
            continue;
        }
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const bool isNamed = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
        const bool isInTabBar = qobject_cast<const QTabBar *>(widget->parentWidget());
        QVERIFY2(isNamed || isInTabBar, widget->metaObject()->className());
        QVERIFY2(!widget->objectName().isEmpty() || isInTabBar, widget->metaObject()->className());
        ++looked;
    }
    QVERIFY(looked > 8);
}

void TestMainWindow::browseByKeyboard()
{
    WindowFixture fixture;
    TablePage *page = openTable(fixture, QStringLiteral("birds"));
    QVERIFY(page);
    StallProbe probe;
    const auto *view = page->findChild<QAbstractItemView *>(QStringLiteral("gridView"));
    QVERIFY(view->isVisible());
    QCOMPARE(view->model()->rowCount(), 2);
    QVERIFY(view->model()->index(0, 2).data(RowsModel::NullRole).toBool());
    QVERIFY(!view->model()->index(1, 2).data(RowsModel::NullRole).toBool());
    QCOMPARE(fixture.part<QLabel>("rowCount")->text(), QStringLiteral("2 rows"));
    QTRY_VERIFY(fixture.part<QLabel>("statusPlace")->text().startsWith(QStringLiteral("shop on home")));
    QCOMPARE(fixture.part<QLabel>("statusRows")->text(), QStringLiteral("2 rows"));
    QVERIFY(fixture.window->windowTitle().startsWith(QStringLiteral("birds – shop")));

    m_cluster.psql(QStringLiteral("INSERT INTO birds VALUES (3, 'Dove', 'Zenaida')"), QStringLiteral("shop"));
    page->setFocus();
    fixture.part<QAction>("actionRefresh")->trigger();
    QTRY_COMPARE(view->model()->rowCount(), 3);
    m_cluster.psql(QStringLiteral("DELETE FROM birds WHERE id = 3"), QStringLiteral("shop"));

    fixture.part<QPushButton>("structureSegment")->click();
    QTRY_VERIFY(fixture.part<QTableView>("structureColumns"));
    QCOMPARE(fixture.part<QTableView>("structureColumns")->model()->rowCount(), 3);
    QVERIFY(fixture.part<QWidget>("structureIndexes"));

    QVERIFY(choose(fixture, QStringLiteral("nothing")));
    QTest::keyClick(tree(fixture), Qt::Key_Return);
    QTRY_VERIFY(fixture.window->tabs()->current() != page);
    QTRY_VERIFY(fixture.window->tabs()->current()->findChild<QWidget *>(QStringLiteral("emptyTable"))->isVisible());
    fixture.part<QAction>("actionCloseTab")->trigger();
    QCOMPARE(fixture.window->tabs()->current(), page);
    fixture.part<QAction>("actionCloseTab")->trigger();
    QTRY_VERIFY(fixture.part<QWidget>("welcomePage")->isVisible());
    QVERIFY2(probe.worst() < 100, qPrintable(QString::number(probe.worst())));
}

void TestMainWindow::scrollingLoadsMore()
{
    WindowFixture fixture;
    TablePage *page = openTable(fixture, QStringLiteral("many"));
    QVERIFY(page);
    StallProbe probe;
    auto *view = page->findChild<QAbstractItemView *>(QStringLiteral("gridView"));
    QCOMPARE(page->rows()->rowCount(), 20000);
    QCOMPARE(fixture.part<QLabel>("rowCount")->text(), QStringLiteral("~ 20 k rows"));
    const auto isLoaded = [page](int row) { return page->rows()->index(row, 0).data(RowsModel::LoadedRole).toBool(); };
    QVERIFY(isLoaded(0) && !isLoaded(19999));
    view->verticalScrollBar()->setValue(view->verticalScrollBar()->maximum());
    QTRY_VERIFY(isLoaded(19999));
    fixture.part<QPushButton>("countExactly")->click();
    QTRY_COMPARE(fixture.part<QLabel>("rowCount")->text(), QStringLiteral("20,000 rows"));
    QVERIFY(!fixture.part<QPushButton>("countExactly")->isVisible());
    QVERIFY2(probe.worst() < 100, qPrintable(QString::number(probe.worst())));
}

void TestMainWindow::copiesCells()
{
    WindowFixture fixture;
    TablePage *page = openTable(fixture, QStringLiteral("birds"));
    QVERIFY(page);
    page->findChild<QAbstractItemView *>(QStringLiteral("gridView"))->selectAll();
    fixture.part<QAction>("actionCopyWithHeaders")->trigger();
    QTRY_COMPARE(QApplication::clipboard()->text(), QStringLiteral("id\tname\tspecies\n1\tChickadee\t\n2\tGrackle\t"));
}

void TestMainWindow::filterFindsATable()
{
    WindowFixture fixture;
    QVERIFY(openTable(fixture, QStringLiteral("birds")));
    fixture.part<QAction>("actionFind")->trigger();
    auto *field = fixture.part<QLineEdit>("navigatorFilter");
    QTest::keyClicks(field, QStringLiteral("many"));
    const QAbstractItemModel *model = tree(fixture)->model();
    const auto has = [&](const QString &name) {
        return !model->match(model->index(0, 0), Qt::DisplayRole, name, 1, Qt::MatchExactly | Qt::MatchRecursive)
                    .isEmpty();
    };
    QVERIFY(has(QStringLiteral("many")));
    QVERIFY(!has(QStringLiteral("birds")));
    field->clear();
    QVERIFY(has(QStringLiteral("birds")));
}

void TestMainWindow::filterOpensTheBestMatch()
{
    WindowFixture fixture;
    QVERIFY(openTable(fixture, QStringLiteral("birds")));
    fixture.part<QAction>("actionFind")->trigger();
    auto *field = fixture.part<QLineEdit>("navigatorFilter");
    QTest::keyClicks(field, QStringLiteral("MANY"));
    QTest::keyClick(field, Qt::Key_Return);
    QTRY_VERIFY(fixture.window->windowTitle().startsWith(QStringLiteral("many – shop")));
}

void TestMainWindow::headingsStayOpen()
{
    WindowFixture fixture;
    QVERIFY(openTable(fixture, QStringLiteral("birds")));
    const QModelIndex heading = tree(fixture)->model()->index(0, 0);
    tree(fixture)->setCurrentIndex(heading);
    QTest::keyClick(tree(fixture), Qt::Key_Minus);
    QVERIFY(tree(fixture)->isExpanded(heading));
}

void TestMainWindow::unreachableInstance()
{
    WindowFixture fixture;
    ConnectionSpec nowhere = m_cluster.spec(QStringLiteral("shop"));
    nowhere.parameters.port = 1;
    fixture.save(QStringLiteral("nowhere"), nowhere);
    fixture.open();
    QVERIFY(choose(fixture, QStringLiteral("nowhere")));
    QTest::keyClick(tree(fixture), Qt::Key_Return);
    QTRY_VERIFY(fixture.part<QPushButton>("retryConnect"));
    QVERIFY(fixture.part<QWidget>("instanceNotice")->isVisible());
    QVERIFY(fixture.prompts.errors.isEmpty()); // inline, no box
}

void TestMainWindow::contextMenusEndWithWhatDestroys()
{
    WindowFixture fixture;
    QVERIFY(openTable(fixture, QStringLiteral("birds")));
    QVERIFY(choose(fixture, QStringLiteral("shop")));
    QTreeView *view = tree(fixture);
    emit view->customContextMenuRequested(view->visualRect(view->currentIndex()).center());
    QTRY_VERIFY(fixture.part<QMenu>("nodeMenu"));
    auto *menu = fixture.part<QMenu>("nodeMenu");
    const QList<QAction *> actions = menu->actions();
    QCOMPARE(actions.last()->objectName(), QStringLiteral("actionDropDatabase"));
    QCOMPARE(actions[actions.size() - 2]->objectName(), QStringLiteral("actionResetDatabase"));
    QVERIFY(actions[actions.size() - 3]->isSeparator());
    QVERIFY(actions.last()->isEnabled());
    menu->close();
}

void TestMainWindow::themeIsKept()
{
    WindowFixture fixture;
    fixture.open();
    fixture.part<QAction>("actionThemeDark")->trigger();
    QVERIFY(Theme::instance().isDark());
    QCOMPARE(fixture.window->palette().color(QPalette::Window), Colors::dark().panel);
    QCOMPARE(fixture.settings.theme(), ThemeChoice::Dark);
    fixture.part<QAction>("actionThemeLight")->trigger();
    QCOMPARE(fixture.window->palette().color(QPalette::Window), Colors::light().panel);
}

void TestMainWindow::closingAsksWhileJobsRun()
{
    WindowFixture fixture;
    fixture.open();
    QSignalSpy finished(fixture.window.get(), &MainWindow::finished);
    std::binary_semaphore gate(0);
    Job *job = fixture.jobs.start(QStringLiteral("Long"), [&gate](JobContext &context) -> Result<void> {
        while (!context.isCancelled()) {
            [[maybe_unused]] const bool woken = gate.try_acquire_for(std::chrono::milliseconds(5));
        }
        return failure(Error::cancelled());
    });
    QTRY_VERIFY(fixture.part<QWidget>("jobsPanel"));
    QTRY_VERIFY(fixture.part<QWidget>("jobRow")->isVisible());
    fixture.prompts.answer = false;
    fixture.window->close();
    QCOMPARE(fixture.prompts.asked.size(), 1);
    QVERIFY(fixture.window->isVisible());
    QCOMPARE(job->state(), Job::State::Running);
    fixture.prompts.answer = true;
    fixture.part<QAction>("actionQuit")->trigger();
    QCOMPARE(fixture.prompts.asked.size(), 2);
    QVERIFY(!fixture.window->isVisible());
    QTRY_COMPARE(finished.size(), 1);
    QCOMPARE(job->state(), Job::State::Cancelled);
}

void TestMainWindow::practiceStartsAndEndsWithTheWindow()
{
    constexpr int patience = 60'000; // initdb, and a busy machine
    WindowFixture fixture;
    fixture.open();
    QTRY_VERIFY(fixture.instances.isLoaded());
    QSignalSpy finished(fixture.window.get(), &MainWindow::finished);
    StallProbe probe;
    fixture.part<QPushButton>("emptyStartPractice")->click();
    QTRY_COMPARE_WITH_TIMEOUT(fixture.instances.practice(), InstanceList::Practice::Running, patience);
    QTRY_VERIFY(fixture.instances.databaseNames(Instance::practiceId()).contains(QStringLiteral("bird_app_db")));
    QTRY_VERIFY(fixture.part<QTableView>("databasesTable")->isVisible());
    QVERIFY(fixture.part<QAction>("actionStopPractice")->isEnabled());
    QVERIFY(practiceCluster().status().isRunning);
    fixture.window->close();
    QTRY_COMPARE_WITH_TIMEOUT(finished.size(), 1, patience);
    QVERIFY(!practiceCluster().status().isRunning);
    QVERIFY2(probe.worst() < 100, qPrintable(QString::number(probe.worst())));
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestMainWindow test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_mainwindow.moc"
