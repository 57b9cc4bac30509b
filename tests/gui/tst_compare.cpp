// Comparing in the real window: from the menu to the rows side by side.

#include "gui/actions.h"
#include "gui/compare/comparepage.h"
#include "gui/mainwindowtabs.h"
#include "gui/navigator/navigatorpanel.h"
#include "gui/theme/theme.h"
#include "operations/backup.h"
#include "postgres/environment.h"
#include "stallprobe.h"
#include "support/tcpproxy.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>
#include <QTreeView>

using namespace Roost;
using namespace Roost::Testing;

class TestCompare : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void fromTheMenu();
    void sinceABackup();
    void equal();
    void sameSideTwice();
    void definitions();
    void cancelled();
    void lostConnection();
    void unreadableBackup();
    void closedWhileItRuns();
    void byKeyboard();

private:
    template <class T>
    T *part(const char *name) const
    {
        return page() ? page()->findChild<T *>(QString::fromLatin1(name)) : nullptr;
    }
    ComparePage *page() const { return qobject_cast<ComparePage *>(m_fixture->window->tabs()->current()); }
    CompareSide side(const QString &database) const { return CompareSide::ofDatabase(m_profile.id, database); }
    void open(const CompareSide &first, const CompareSide &second)
    {
        Actions::openCompare(m_fixture->window.get(), first, second);
    }
    /// Shown as it stands: "# Tables|birds +1".
    QStringList differences() const;
    QStringList rows() const;
    bool isShown(const char *name) const
    {
        const auto *widget = part<QWidget>(name);
        return widget && widget->isVisible();
    }

    TemporaryCluster m_cluster;
    QTemporaryDir m_home;
    QString m_backup;
    std::unique_ptr<WindowFixture> m_fixture;
    Profile m_profile;
};

void TestCompare::initTestCase()
{
    qputenv("ROOST_HOME", m_home.path().toUtf8());
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    for (const char *name : {"shop", "twin", "copy"}) {
        const QString database = QString::fromLatin1(name);
        m_cluster.spec(database);
        m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id int PRIMARY KEY, name text, "
                                      "note text); INSERT INTO birds SELECT n, 'bird ' || n, '' FROM "
                                      "generate_series(1, 500) n; CREATE TABLE calm (id int); CREATE INDEX by_name ON "
                                      "birds (name); CREATE VIEW few AS SELECT * FROM birds WHERE id < 5"),
                       database);
    }
    JobContext context;
    const auto backup =
        backUp({m_cluster.spec(QStringLiteral("shop")), m_home.filePath(QStringLiteral("shop.dump"))}, context);
    QVERIFY(backup);
    m_backup = backup->file;
    m_cluster.psql(
        QStringLiteral("SET ROLE my_database_user; UPDATE birds SET name = 'wren' WHERE id = 7; UPDATE "
                       "birds SET note = NULL, name = 'owl' WHERE id = 12; INSERT INTO birds VALUES (501, "
                       "'kiwi', NULL); DELETE FROM birds WHERE id = 3; DROP INDEX by_name; CREATE OR REPLACE "
                       "VIEW few AS SELECT * FROM birds WHERE id < 6"),
        QStringLiteral("twin"));
}

void TestCompare::init()
{
    m_fixture = std::make_unique<WindowFixture>();
    m_profile = m_fixture->save(QStringLiteral("home"), m_cluster.spec(QStringLiteral("shop")));
    m_fixture->open();
    QTRY_VERIFY(m_fixture->instances.find(m_profile.id));
}

void TestCompare::cleanup()
{
    m_fixture.reset();
}

QStringList TestCompare::differences() const
{
    QStringList lines;
    const auto *list = part<QListView>("differenceList");
    for (int row = 0; list && list->isVisible() && row < list->model()->rowCount(); ++row) {
        lines += list->model()->index(row, 0).data(Qt::AccessibleTextRole).toString();
    }
    return lines;
}

QStringList TestCompare::rows() const
{
    QStringList lines;
    const auto *view = part<QTableView>("differingRows");
    for (int row = 0; view && view->isVisible() && row < view->model()->rowCount(); ++row) {
        QStringList words;
        for (int column = 0; column < view->model()->columnCount(); ++column) {
            words += view->model()->index(row, column).data().toString();
        }
        lines += words.join(u'|');
    }
    return lines;
}

void TestCompare::fromTheMenu()
{
    StallProbe probe;
    auto *action = m_fixture->part<QAction>("actionCompare");
    QVERIFY(!action->isEnabled());
    m_fixture->window->openInstance(m_profile.id);
    QTRY_VERIFY(m_fixture->instances.databaseNames(m_profile.id).contains(QStringLiteral("twin")));
    m_fixture->window->navigator()->reveal(m_profile.id, QStringLiteral("twin"));
    m_fixture->part<QTreeView>("navigatorTree")->setFocus();
    QTRY_VERIFY(action->isEnabled());
    QCOMPARE(action->text().remove(u'&'), QStringLiteral("Compare twin with…"));
    action->trigger();
    QVERIFY(page());
    QTRY_COMPARE(part<QComboBox>("secondDatabase")->currentText(), QStringLiteral("twin"));
    QCOMPARE(part<QComboBox>("firstSource")->currentText(), QStringLiteral("A backup"));
    QCOMPARE(m_fixture->window->focusWidget(), part<QComboBox>("firstSource"));
    auto *compare = part<QPushButton>("compareNow");
    QVERIFY(!compare->isEnabled());
    QVERIFY(isShown("nothingCompared"));

    auto *source = part<QComboBox>("firstSource");
    source->setCurrentIndex(source->findText(QStringLiteral("home")));
    auto *database = part<QComboBox>("firstDatabase");
    QTRY_VERIFY(database->findText(QStringLiteral("shop")) >= 0);
    QVERIFY(!compare->isEnabled());
    database->setCurrentIndex(database->findText(QStringLiteral("shop")));
    QVERIFY(compare->isEnabled());
    QTest::mouseClick(compare, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(differences(),
                              QStringList({"Tables", "birds +1 −1 ~2", "Structure", "index public.by_name missing",
                                           "view public.few changed"}),
                              20000);
    QCOMPARE(rows(), QStringList({"~ changed|7|name|bird 7|wren", "~ changed|12|name|bird 12|owl", "||note||NULL",
                                  "+ added|501|name||kiwi", "||note||NULL", "− removed|3|name|bird 3|", "||note||"}));
    QCOMPARE(part<QLabel>("rowsWords")->text(), QStringLiteral("1 row(s) more, 1 missing, 2 changed"));
    QVERIFY(part<QLabel>("compareSummary")->text().contains(QStringLiteral("birds +1 −1 row(s), 2 changed")));
    QTest::mouseClick(part<QPushButton>("showAdded"), Qt::LeftButton);
    QCOMPARE(rows(), QStringList({"+ added|501|name||kiwi", "||note||NULL"}));
    QTest::mouseClick(part<QPushButton>("showChanged"), Qt::LeftButton);
    part<QCheckBox>("showEqual")->click();
    QCOMPARE(rows(), QStringList({"~ changed|7|name|bird 7|wren", "||note||", "~ changed|12|name|bird 12|owl",
                                  "||note||NULL"}));
    // The other way round.
    QTest::mouseClick(part<QPushButton>("swapSides"), Qt::LeftButton);
    QCOMPARE(part<QComboBox>("secondDatabase")->currentText(), QStringLiteral("shop"));
    QTest::mouseClick(compare, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(rows().contains(QStringLiteral("− removed|501|name|kiwi|")), 20000);
    QVERIFY2(probe.worst() < 100, qPrintable(QString::number(probe.worst())));
}

void TestCompare::sinceABackup()
{
    open({}, side(QStringLiteral("twin")));
    m_fixture->prompts.path = m_backup;
    QTest::mouseClick(part<QPushButton>("firstChoose"), Qt::LeftButton);
    QCOMPARE(part<QLineEdit>("firstFile")->text(), m_backup);
    QTRY_VERIFY(part<QPushButton>("compareNow")->isEnabled());
    QTest::mouseClick(part<QPushButton>("compareNow"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(differences().contains(QStringLiteral("birds +1 −1 ~2")), 20000);
    const QString summary = part<QLabel>("compareSummary")->text();
    QVERIFY2(summary.startsWith(QStringLiteral("Since this backup (")), qPrintable(summary));
    const auto *view = part<QTableView>("differingRows");
    QCOMPARE(view->model()->headerData(3, Qt::Horizontal).toString(), QStringLiteral("shop.dump"));
    QCOMPARE(view->model()->headerData(4, Qt::Horizontal).toString(), QStringLiteral("twin on home"));
}

/// Two sides that are known begin by themselves, and a second call comes back to the same tab.
void TestCompare::equal()
{
    open(CompareSide::ofFile(m_backup), side(QStringLiteral("copy")));
    QTRY_VERIFY_WITH_TIMEOUT(isShown("comparedEqual"), 20000);
    QVERIFY(!isShown("compareSplitter"));
    QStringList texts;
    for (const QLabel *label : part<QWidget>("comparedEqual")->findChildren<QLabel *>()) {
        texts += label->text();
    }
    QVERIFY2(texts.join(u'\n').contains(QStringLiteral("2 tables, 500 rows")), qPrintable(texts.join(u'\n')));
    const QWidget *first = page();
    open(CompareSide::ofFile(m_backup), side(QStringLiteral("copy")));
    QCOMPARE(page(), first);
}

void TestCompare::sameSideTwice()
{
    open(side(QStringLiteral("shop")), side(QStringLiteral("shop")));
    QTRY_VERIFY(isShown("compareNotice"));
    QVERIFY(!part<QPushButton>("compareNow")->isEnabled());
    auto *database = part<QComboBox>("firstDatabase");
    QTRY_VERIFY(database->findText(QStringLiteral("twin")) >= 0);
    database->setCurrentIndex(database->findText(QStringLiteral("twin")));
    QVERIFY(part<QPushButton>("compareNow")->isEnabled());
    QVERIFY(!isShown("compareNotice"));
}

void TestCompare::definitions()
{
    open(side(QStringLiteral("shop")), side(QStringLiteral("twin")));
    QTRY_VERIFY_WITH_TIMEOUT(differences().size() == 5, 20000);
    auto *list = part<QListView>("differenceList");
    list->setCurrentIndex(list->model()->index(4, 0));
    QVERIFY(isShown("definitionView"));
    QVERIFY(part<QPlainTextEdit>("firstDefinition")->toPlainText().contains(QStringLiteral("id < 5")));
    QVERIFY(part<QPlainTextEdit>("secondDefinition")->toPlainText().contains(QStringLiteral("id < 6")));
    list->setCurrentIndex(list->model()->index(3, 0));
    QVERIFY(part<QPlainTextEdit>("firstDefinition")->toPlainText().contains(QStringLiteral("CREATE INDEX by_name")));
    QCOMPARE(part<QPlainTextEdit>("secondDefinition")->toPlainText(), QString());
    QVERIFY(!part<QPlainTextEdit>("secondDefinition")->placeholderText().isEmpty());
    list->setCurrentIndex(list->model()->index(1, 0));
    QVERIFY(isShown("differingRows"));
}

/// A table that is locked keeps it waiting, for as long as the test wants.
void TestCompare::cancelled()
{
    auto lock = DatabaseConnection::open(m_cluster.spec(QStringLiteral("twin")));
    QVERIFY(lock && (*lock)->execute(QStringLiteral("BEGIN")) &&
            (*lock)->execute(QStringLiteral("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE")));
    open(side(QStringLiteral("shop")), side(QStringLiteral("twin")));
    QTRY_VERIFY(isShown("compareProgress"));
    QVERIFY(!part<QPushButton>("compareNow")->isEnabled());
    QTRY_VERIFY(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted")) != u"0");
    QTest::mouseClick(part<QPushButton>("cancelCompare"), Qt::LeftButton);
    QTRY_VERIFY(!isShown("compareProgress"));
    QVERIFY(!isShown("compareNotice"));
    QVERIFY(isShown("nothingCompared"));
    QVERIFY(part<QPushButton>("compareNow")->isEnabled());
    lock->reset();
    QTest::mouseClick(part<QPushButton>("compareNow"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(differences().size() == 5, 20000);
}

void TestCompare::lostConnection()
{
    TcpProxy proxy(m_cluster.port());
    ConnectionSpec far = m_cluster.spec(QStringLiteral("shop"));
    far.parameters.port = proxy.port();
    const Profile profile = m_fixture->save(QStringLiteral("far"), far);
    m_fixture->instances.reload();
    QTRY_VERIFY(m_fixture->instances.find(profile.id));
    auto lock = DatabaseConnection::open(m_cluster.spec(QStringLiteral("twin")));
    QVERIFY(lock && (*lock)->execute(QStringLiteral("BEGIN")) &&
            (*lock)->execute(QStringLiteral("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE")));
    open(CompareSide::ofFile(m_backup), CompareSide::ofDatabase(profile.id, QStringLiteral("twin")));
    QTRY_VERIFY(isShown("compareProgress"));
    QTRY_VERIFY(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_locks WHERE NOT granted")) != u"0");
    proxy.cut();
    QTRY_VERIFY(isShown("compareNotice"));
    QStringList texts;
    for (const QLabel *label : part<QWidget>("compareNotice")->findChildren<QLabel *>()) {
        texts += label->text();
    }
    QVERIFY2(texts.join(u'\n').contains(QStringLiteral("only reads, so nothing was changed")),
             qPrintable(texts.join(u'\n')));
    lock->reset();
    QTest::mouseClick(part<QPushButton>("compareNow"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(differences().size() == 5, 20000);
    QVERIFY(!isShown("compareNotice"));
}

void TestCompare::unreadableBackup()
{
    open(CompareSide::ofFile(m_home.filePath(QStringLiteral("no such.dump"))), side(QStringLiteral("twin")));
    QTRY_VERIFY(isShown("compareNotice"));
    QVERIFY(part<QPushButton>("compareNow")->isEnabled());
}

void TestCompare::closedWhileItRuns()
{
    auto lock = DatabaseConnection::open(m_cluster.spec(QStringLiteral("twin")));
    QVERIFY(lock && (*lock)->execute(QStringLiteral("BEGIN")) &&
            (*lock)->execute(QStringLiteral("LOCK TABLE birds IN ACCESS EXCLUSIVE MODE")));
    open(side(QStringLiteral("shop")), side(QStringLiteral("twin")));
    QTRY_VERIFY(isShown("compareProgress"));
    QCOMPARE(m_fixture->jobs.runningCount(), 1);
    m_fixture->window->tabs()->close(page());
    QTRY_COMPARE(m_fixture->jobs.runningCount(), 0);
}

void TestCompare::byKeyboard()
{
    open(side(QStringLiteral("shop")), side(QStringLiteral("twin")));
    QTRY_VERIFY_WITH_TIMEOUT(differences().size() == 5, 20000);
    m_fixture->window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_fixture->window.get()));
    auto *list = part<QListView>("differenceList");
    QTRY_VERIFY(list->hasFocus());
    QTest::keyClick(list, Qt::Key_Down); // over the heading
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("index public.by_name"));
    QTest::keyClick(list, Qt::Key_Up);
    QCOMPARE(list->currentIndex().data().toString(), QStringLiteral("birds"));
    auto *view = part<QTableView>("differingRows");
    view->setFocus();
    QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("bird 7"));
    for (QWidget *widget : page()->findChildren<QWidget *>()) {
        if (widget->focusPolicy() & Qt::TabFocus && widget->isVisible() && !widget->objectName().startsWith(u"qt_")) {
            const bool isNamed = !widget->accessibleName().isEmpty() || qobject_cast<QAbstractButton *>(widget);
            QVERIFY2(isNamed, qPrintable(widget->objectName() + widget->metaObject()->className()));
        }
    }
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestCompare test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_compare.moc"
