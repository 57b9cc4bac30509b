// The list of backups in the window: what is made is listed, and what can be done with it.

#include "gui/backups/backupspage.h"
#include "gui/mainwindowtabs.h"
#include "models/backupsmodel.h"
#include "operations/backup.h"
#include "operations/backupfileverbs.h"
#include "operations/listedbackup.h"
#include "storage/paths.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QRadioButton>
#include <QTableView>
#include <QTest>

using namespace Roost;
using namespace Roost::Testing;

class TestBackupsPage : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_fixture.reset(); }
    void emptySaysWhatToDo();
    void listedAndDescribed();
    void nameAndNoteInPlace();
    void deletedAfterAQuestion();
    void copiedAndImported();
    void failureIsShownWithItsReason();
    void filterAndKeys();
    void restoreAsksForTheInstance();
    void vanishedFileIsSaid();
    void allOfAnInstance();
    void againstTheDatabaseNow();

private:
    Result<Backup> take(const QString &name, const QString &database = QStringLiteral("birds"))
    {
        JobContext context;
        return backUpListed({{m_cluster.spec(database), Paths::backups() + u'/' + name},
                             BackupRecord::Origin::Made,
                             m_profile.id,
                             m_profile.name,
                             {}},
                            m_fixture->backups, context);
    }
    void openPage(int rows)
    {
        m_fixture->part<QAction>("actionBackups")->trigger();
        QTRY_COMPARE(table()->model()->rowCount(), rows);
    }
    QTableView *table() const { return m_fixture->part<QTableView>("backupsTable"); }
    QString cell(int column, int row = 0) const { return table()->model()->index(row, column).data().toString(); }
    QAction *verb(const char *name) const { return m_fixture->part<QAction>(name); }

    TemporaryCluster m_cluster;
    std::unique_ptr<WindowFixture> m_fixture;
    Profile m_profile;
};

void TestBackupsPage::initTestCase()
{
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    m_cluster.spec(QStringLiteral("birds"));
    m_cluster.psql(QStringLiteral("SET ROLE my_database_user; CREATE TABLE birds (id serial PRIMARY KEY, name text);"
                                  "INSERT INTO birds (name) VALUES ('robin'), ('wren')"),
                   QStringLiteral("birds"));
    m_cluster.spec(QStringLiteral("closed"));
    m_cluster.psql(QStringLiteral("CREATE TABLE secret (id int)"), QStringLiteral("closed"));
}

void TestBackupsPage::init()
{
    m_fixture = std::make_unique<WindowFixture>();
    qputenv("ROOST_HOME", QFile::encodeName(m_fixture->home.path()));
    QVERIFY(Paths::ensureFolder(Paths::backups()));
    m_profile = m_fixture->save(QStringLiteral("class"), m_cluster.spec(QStringLiteral("birds")));
    m_fixture->open();
    m_fixture->window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_fixture->window.get()));
}

void TestBackupsPage::emptySaysWhatToDo()
{
    openPage(0);
    QTRY_VERIFY(m_fixture->part<QPushButton>("importFirstBackup")->isVisible());
    // A backup that is made while the page is open shows up by itself.
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    m_fixture->jobs.start<int>(QStringLiteral("any"), [](JobContext &) -> Result<int> { return 1; });
    QTRY_COMPARE(table()->model()->rowCount(), 1);
    QVERIFY(table()->isVisible());
}

void TestBackupsPage::listedAndDescribed()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    openPage(1);
    new QAbstractItemModelTester(table()->model(), QAbstractItemModelTester::FailureReportingMode::QtTest, this);
    QCOMPARE(cell(BackupsModel::Database), QStringLiteral("birds"));
    QCOMPARE(cell(BackupsModel::Instance), QStringLiteral("class"));
    QCOMPARE(cell(BackupsModel::Rows), QStringLiteral("2"));
    QCOMPARE(cell(BackupsModel::Proof), QStringLiteral("read back"));
    QTRY_COMPARE(m_fixture->part<QLineEdit>("backupName")->text(), QStringLiteral("a.dump"));
    QVERIFY(verb("verifyBackup")->isEnabled());
    QVERIFY(verb("insideBackup")->isEnabled());
    QCOMPARE(m_fixture->window->tabs()->currentPage()->statusText().left(8), QStringLiteral("1 backup"));
}

void TestBackupsPage::nameAndNoteInPlace()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    openPage(1);
    auto *note = m_fixture->part<QLineEdit>("backupNote");
    QTRY_VERIFY(note->isVisible());
    note->setFocus();
    QTest::keyClicks(note, QStringLiteral("before the exam"));
    QTest::keyClick(note, Qt::Key_Return);
    QTRY_COMPARE(cell(BackupsModel::Note), QStringLiteral("before the exam"));
    table()->setFocus();
    QTest::keyClick(table(), Qt::Key_F2);
    auto *name = m_fixture->part<QLineEdit>("backupName");
    QTRY_VERIFY(name->hasFocus());
    QTest::keyClicks(name, QStringLiteral("exam")); // the ending is not selected
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_VERIFY(QFile::exists(Paths::backups() + QStringLiteral("/exam.dump")));
    QTRY_COMPARE(name->text(), QStringLiteral("exam.dump"));
    QVERIFY(manifestOf(Paths::backups() + QStringLiteral("/exam.dump")).has_value());
    // A name that cannot be is refused, and the old one stands there again.
    name->setFocus();
    name->setText(QStringLiteral("a/b"));
    QTest::keyClick(name, Qt::Key_Return);
    QTRY_COMPARE(m_fixture->prompts.errors.size(), 1);
    QTRY_COMPARE(name->text(), QStringLiteral("exam.dump"));
}

void TestBackupsPage::deletedAfterAQuestion()
{
    QVERIFY(QDir(m_fixture->home.path()).mkdir(QStringLiteral("data"))); // where the trash is
    qputenv("XDG_DATA_HOME", QFile::encodeName(m_fixture->home.filePath(QStringLiteral("data"))));
    const auto backup = take(QStringLiteral("a.dump"));
    QVERIFY(backup.has_value());
    openPage(1);
    table()->setFocus();
    QTRY_VERIFY(verb("removeBackup")->isEnabled());
    m_fixture->prompts.answer = false;
    QTest::keyClick(table(), Qt::Key_Delete);
    QCOMPARE(m_fixture->prompts.asked.size(), 1);
    QVERIFY(m_fixture->prompts.asked.first().isDestructive);
    QVERIFY(QFile::exists(backup->file));
    m_fixture->prompts.answer = true;
    QTest::keyClick(table(), Qt::Key_Delete);
    QTRY_COMPARE(table()->model()->rowCount(), 0);
    QVERIFY2(m_fixture->prompts.errors.isEmpty(),
             qPrintable(m_fixture->prompts.errors.isEmpty() ? QString() : m_fixture->prompts.errors.first().message));
    QVERIFY(!QFile::exists(backup->file));
    QVERIFY(!QFile::exists(manifestFileOf(backup->file)));
    QVERIFY(QFile::exists(m_fixture->home.filePath(QStringLiteral("data/Trash/files/a.dump"))));
}

void TestBackupsPage::copiedAndImported()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    openPage(1);
    const QString stick = m_fixture->home.filePath(QStringLiteral("stick"));
    QVERIFY(QDir().mkdir(stick));
    m_fixture->prompts.path = stick;
    verb("copyBackup")->trigger();
    QTRY_VERIFY(QFile::exists(stick + QStringLiteral("/a.dump")));
    QTRY_COMPARE(m_fixture->backups.all()->first().secondCopy, stick + QStringLiteral("/a.dump"));
    m_fixture->prompts.path = stick + QStringLiteral("/a.dump");
    m_fixture->part<QPushButton>("importBackupButton")->click();
    QTRY_COMPARE(table()->model()->rowCount(), 2);
    QCOMPARE(cell(BackupsModel::Proof), QStringLiteral("read back"));
}

void TestBackupsPage::failureIsShownWithItsReason()
{
    QVERIFY(!take(QStringLiteral("a.dump"), QStringLiteral("closed")).has_value());
    openPage(1);
    QCOMPARE(cell(BackupsModel::Proof), QStringLiteral("failed"));
    QVERIFY(cell(BackupsModel::Note).contains(QStringLiteral("secret")));
    QVERIFY(!verb("insideBackup")->isEnabled());
    QVERIFY(!m_fixture->part<QLineEdit>("backupName")->isVisible());
    verb("removeBackup")->trigger(); // from the list only: there is nothing to ask about
    QTRY_COMPARE(table()->model()->rowCount(), 0);
    QVERIFY(m_fixture->prompts.asked.isEmpty());
}

void TestBackupsPage::filterAndKeys()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    QVERIFY(!take(QStringLiteral("b.dump"), QStringLiteral("closed")).has_value());
    openPage(2);
    QTest::keyClicks(m_fixture->part<QLineEdit>("backupsFilter"), QStringLiteral("BIRD"));
    QCOMPARE(table()->model()->rowCount(), 1);
    m_fixture->part<QLineEdit>("backupsFilter")->clear();
    QCOMPARE(table()->model()->rowCount(), 2);
    table()->sortByColumn(BackupsModel::Database, Qt::AscendingOrder);
    QCOMPARE(cell(BackupsModel::Database), QStringLiteral("birds"));
    table()->setFocus();
    QTest::keyClick(table(), Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(table()->currentIndex().row(), 0);
    QTRY_COMPARE(m_fixture->part<QLineEdit>("backupName")->text(), QStringLiteral("a.dump"));
}

void TestBackupsPage::restoreAsksForTheInstance()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    openPage(1);
    auto *menu = m_fixture->part<QMenu>("restoreBackupMenu");
    QTRY_VERIFY(menu->menuAction()->isEnabled());
    emit menu->aboutToShow();
    QCOMPARE(menu->actions().size(), 2); // the saved one, and practice
    QVERIFY(menu->actions().first()->text().startsWith(QStringLiteral("class")));
    menu->actions().first()->trigger();
    QTRY_VERIFY(m_fixture->part<QDialog>("RestoreDialog"));
}

void TestBackupsPage::vanishedFileIsSaid()
{
    const auto backup = take(QStringLiteral("a.dump"));
    QVERIFY(backup.has_value());
    QVERIFY(QFile::remove(backup->file));
    openPage(1);
    QCOMPARE(cell(BackupsModel::Proof), QStringLiteral("missing"));
    QVERIFY(!verb("verifyBackup")->isEnabled());
    QVERIFY(verb("removeBackup")->isEnabled());
}

void TestBackupsPage::allOfAnInstance()
{
    QTRY_VERIFY(m_fixture->instances.find(m_profile.id));
    m_fixture->window->openInstance(m_profile.id);
    QTRY_VERIFY(verb("actionBackUpAll")->isEnabled());
    verb("actionBackUpAll")->trigger();
    QTRY_COMPARE(m_fixture->prompts.asked.size(), 1);
    QVERIFY(m_fixture->prompts.asked.first().text.contains(QStringLiteral("birds, closed")));
    // One of them has a table that this user may not read: the other is backed up, and both are listed.
    QTRY_COMPARE_WITH_TIMEOUT(m_fixture->jobs.runningCount(), 0, 20'000);
    openPage(2);
    table()->sortByColumn(BackupsModel::Database, Qt::AscendingOrder);
    QCOMPARE(cell(BackupsModel::Proof, 0), QStringLiteral("read back"));
    QCOMPARE(cell(BackupsModel::Proof, 1), QStringLiteral("failed"));
}

void TestBackupsPage::againstTheDatabaseNow()
{
    QVERIFY(take(QStringLiteral("a.dump")).has_value());
    openPage(1);
    QTRY_VERIFY(verb("verifyBackup")->isEnabled());
    verb("verifyBackup")->trigger();
    QTRY_VERIFY(m_fixture->part<QRadioButton>("verifyLiveRadio"));
    m_fixture->part<QRadioButton>("verifyLiveRadio")->click();
    m_fixture->part<QPushButton>("verifyButton")->click();
    // Both sides are known, so it begins at once.
    QTRY_VERIFY(m_fixture->window->tabs()->currentPage()->objectName() == u"comparePage");
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->part<QWidget>("comparedEqual")->isVisible(), 20'000);
}

QTEST_MAIN(TestBackupsPage)
#include "tst_backupspage.moc"
