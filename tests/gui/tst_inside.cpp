#include "gui/backup/insidepage.h"
#include "gui/dialogs/notice.h"
#include "gui/mainwindowtabs.h"
#include "gui/theme/theme.h"
#include "gui/widgets/pill.h"
#include "models/archiverowsmodel.h"
#include "operations/backup.h"
#include "postgres/environment.h"
#include "practice/localcluster.h"
#include "stallprobe.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"
#include "windowfixture.h"

#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollBar>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTreeWidget>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 90'000;
constexpr int manyRows = 2500;

QTreeWidgetItem *thing(const QWidget *page, const QString &name)
{
    for (QTreeWidgetItem *item :
         page->findChild<QTreeWidget *>("insideTree")->findItems(name, Qt::MatchExactly | Qt::MatchRecursive)) {
        if (item->parent()) {
            return item;
        }
    }
    return nullptr;
}

} // namespace

/// Looks into real dumps through the window, no server running where none is needed, and verifies them.
class TestInside : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void whatIsInIt();
    void rowsAreThoseOfTheDatabase();
    void rowsComeAsTheyAreWanted();
    void rowsGoIntoAFile();
    void closingStopsTheReading();
    void definitions();
    void theFilter();
    void proofInWords();
    void restoreLeadsToItsDialog();
    void damagedFiles();
    void draggedOntoTheWindow();
    void verifyFile();
    void verifyContent();
    void verifyOnPractice();
    void verifyFindsOtherContent();
    void verifyFindsAFlippedByte();

private:
    InsidePage *openPage(const QString &file);
    QWidget *verdict(const char *radio, const QString &where = QStringLiteral("my_instance"));
    QString copyOfBackup(const QString &name, bool withProof);
    ArchiveRowsModel *rowsOf(InsidePage *page, const QString &table);

    TemporaryCluster m_cluster;
    QTemporaryDir m_folder;
    QString m_backup;
    std::unique_ptr<WindowFixture> m_fixture;
};

void TestInside::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    fillSampleDatabase(m_cluster, "sample");
    const ConnectionSpec spec = m_cluster.spec("sample");
    m_cluster.psql(
        QStringLiteral("SET ROLE \"%1\"; CREATE TABLE many (id int PRIMARY KEY, word text, tall text);"
                       "INSERT INTO many SELECT n, CASE n %% 3 WHEN 0 THEN NULL WHEN 1 THEN '' ELSE 'w' || n "
                       "END, CASE WHEN n = 7 THEN repeat('ä', 100000) ELSE E'a\\nb' END "
                       "FROM generate_series(1, %2) n")
            .arg(spec.parameters.user)
            .arg(manyRows)
            .replace("%%", "%"),
        "sample");
    JobContext context;
    m_backup = m_folder.filePath("sample.dump");
    const Result<Backup> backup = backUp({spec, m_backup}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message + backup.error().detail));
}

void TestInside::init()
{
    m_fixture = std::make_unique<WindowFixture>();
    m_fixture->save("my_instance", m_cluster.spec("postgres"));
    m_fixture->open();
    QTRY_VERIFY(m_fixture->instances.isLoaded());
}

void TestInside::cleanup()
{
    m_fixture.reset();
}

InsidePage *TestInside::openPage(const QString &file)
{
    m_fixture->window->openBackup(file);
    return qobject_cast<InsidePage *>(m_fixture->window->tabs()->current());
}

ArchiveRowsModel *TestInside::rowsOf(InsidePage *page, const QString &table)
{
    [[maybe_unused]] const bool isThere =
        QTest::qWaitFor([&] { return page->isVisible() && thing(page, table); }, patienceMs);
    page->findChild<QTreeWidget *>("insideTree")->setCurrentItem(thing(page, table));
    return qobject_cast<ArchiveRowsModel *>(page->findChild<QTableView *>("insideRows")->model());
}

QString TestInside::copyOfBackup(const QString &name, bool withProof)
{
    const QString copy = m_folder.filePath(name);
    QFile::copy(m_backup, copy);
    if (withProof) {
        QFile::copy(manifestFileOf(m_backup), manifestFileOf(copy));
    }
    return copy;
}

void TestInside::whatIsInIt()
{
    InsidePage *page = openPage(m_backup);
    QVERIFY(page);
    auto *tree = page->findChild<QTreeWidget *>("insideTree");
    QTRY_VERIFY_WITH_TIMEOUT(tree->topLevelItemCount() > 0, patienceMs);
    QStringList groups;
    for (int i = 0; i < tree->topLevelItemCount(); ++i) {
        groups += tree->topLevelItem(i)->text(0);
    }
    for (const char *group : {"Tables", "Views", "Sequences", "Functions", "Types", "Indexes", "Keys and constraints",
                              "Triggers and rules", "Schemas and extensions", "Comments"}) {
        QVERIFY2(groups.contains(group), qPrintable(groups.join(", ")));
    }
    // With the counts of the proof, by their exact names.
    QCOMPARE(thing(page, "many")->text(1), QLocale().toString(manyRows));
    QCOMPARE(thing(page, "birds")->text(1), QString("3"));
    QVERIFY(thing(page, "nest.\"Odd \"\"name\"\" here\""));
    QVERIFY(thing(page, "nest.empty_one"));
    QVERIFY(thing(page, "counts"));
    QVERIFY(thing(page, "species_id_seq"));
    QVERIFY(thing(page, "nest.shout()"));
    QVERIFY(thing(page, "nest"));
    QVERIFY(page->findChild<QLabel *>("insideFacts")->text().contains("just now") ||
            page->findChild<QLabel *>("insideFacts")->text().contains("ago"));
    QCOMPARE(page->findChild<QLabel *>("insideTitle")->text(), QString("sample"));
    QVERIFY(m_fixture->window->tabs()->titleOf(page).startsWith("sample, "));
    // Opened again, it is the same tab.
    QCOMPARE(openPage(m_backup), page);
}

void TestInside::rowsAreThoseOfTheDatabase()
{
    InsidePage *page = openPage(m_backup);
    const struct
    {
        const char *table;
        const char *sql;
    } tables[]{{"birds", "SELECT * FROM birds"},
               {"species", "SELECT * FROM species"},
               {"nest.\"Odd \"\"name\"\" here\"", "SELECT * FROM nest.\"Odd \"\"name\"\" here\""},
               {"nest.empty_one", "SELECT * FROM nest.empty_one"}};
    for (const auto &each : tables) {
        ArchiveRowsModel *model = rowsOf(page, each.table);
        QTRY_COMPARE_WITH_TIMEOUT(model->state(), ArchiveRowsModel::State::Complete, patienceMs);
        // Each value in its own words between marks that are in none of them, NULL told apart.
        const QString live = m_cluster.psql(
            QStringLiteral(
                "SET timezone = 'UTC'; \\pset fieldsep '\x1f' \\pset recordsep '\x1e'\n\\pset null '\x1d'\n%1")
                .arg(each.sql),
            "sample");
        QStringList rows;
        for (int row = 0; row < model->rowCount(); ++row) {
            QStringList cells;
            for (int column = 0; column < model->columnCount(); ++column) {
                const QModelIndex cell = model->index(row, column);
                cells += cell.data(ArchiveRowsModel::NullRole).toBool()
                             ? QString("\x1d")
                             : cell.data(ArchiveRowsModel::FullTextRole).toString();
            }
            rows += cells.join('\x1f');
        }
        QCOMPARE(rows.join('\x1e').trimmed(), live.trimmed());
    }
}

void TestInside::rowsComeAsTheyAreWanted()
{
    StallProbe probe;
    InsidePage *page = openPage(m_backup);
    ArchiveRowsModel *model = rowsOf(page, "many");
    QTRY_COMPARE_WITH_TIMEOUT(model->state(), ArchiveRowsModel::State::Waiting, patienceMs);
    QCOMPARE(model->rowCount(), ArchiveRowsModel::batch);
    auto *count = page->findChild<QLabel *>("insideRowsCount");
    QCOMPARE(count->text(), QString("1,000 of 2,500 rows"));
    QTest::mouseClick(page->findChild<QPushButton *>("insideMoreRows"), Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(model->rowCount(), 2 * ArchiveRowsModel::batch, patienceMs);
    // Scrolling to the end fetches the rest.
    QTRY_COMPARE(model->state(), ArchiveRowsModel::State::Waiting);
    auto *grid = page->findChild<QTableView *>("insideRows");
    grid->verticalScrollBar()->setValue(grid->verticalScrollBar()->maximum());
    QTRY_COMPARE_WITH_TIMEOUT(model->state(), ArchiveRowsModel::State::Complete, patienceMs);
    QCOMPARE(model->rowCount(), manyRows);
    QCOMPARE(count->text(), QString("All 2,500 row(s)")); // English has its plurals from a file
    QCOMPARE(page->statusText(), count->text());
    for (int row = 0; row < manyRows; ++row) {
        QCOMPARE(model->index(row, 0).data().toString(), QString::number(row + 1));
        QCOMPARE(model->index(row, 1).data(ArchiveRowsModel::NullRole).toBool(), (row + 1) % 3 == 0);
    }
    // NULL is told from an empty text, a long value from its beginning, and lines stay on one.
    QCOMPARE(model->index(2, 1).data().toString(), QString("NULL"));
    QCOMPARE(model->index(0, 1).data().toString(), QString());
    QCOMPARE(model->index(6, 2).data(ArchiveRowsModel::BytesRole).toLongLong(), 200'000);
    QVERIFY(model->index(6, 2).data().toString().size() < 400);
    QVERIFY(!model->index(0, 2).data().toString().contains('\n'));
    grid->setCurrentIndex(model->index(0, 2));
    QCOMPARE(page->findChild<QPlainTextEdit *>("insideValue")->toPlainText(), QString("a\nb"));
    grid->setCurrentIndex(model->index(2, 1));
    QVERIFY(page->findChild<QLabel *>("insideValueTitle")->text().contains("NULL"));
    QVERIFY2(probe.worst() < 100, qPrintable(QString::number(probe.worst())));
}

void TestInside::rowsGoIntoAFile()
{
    InsidePage *page = openPage(m_backup);
    rowsOf(page, "many");
    m_fixture->prompts.path = m_folder.filePath("many.csv");
    QTest::mouseClick(page->findChild<QPushButton *>("insideExport"), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(!m_fixture->jobs.jobs().isEmpty() && m_fixture->jobs.jobs().last()->isEnded(), patienceMs);
    QVERIFY2(m_fixture->jobs.jobs().last()->state() == Job::State::Succeeded,
             qPrintable(m_fixture->jobs.jobs().last()->error().message));
    QFile file(m_fixture->prompts.path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    // Byte for byte what the server writes of the live table.
    const QString live = m_cluster.psql("COPY many TO STDOUT (FORMAT csv, HEADER)", "sample");
    QCOMPARE(QString::fromUtf8(file.readAll()).trimmed(), live.trimmed());
}

void TestInside::closingStopsTheReading()
{
    InsidePage *page = openPage(m_backup);
    ArchiveRowsModel *model = rowsOf(page, "many");
    QTRY_COMPARE_WITH_TIMEOUT(model->state(), ArchiveRowsModel::State::Waiting, patienceMs);
    QVERIFY(!m_fixture->jobs.isIdle()); // the tool waits to be asked for more
    m_fixture->window->tabs()->askToClose(page);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->jobs.isIdle(), patienceMs);
}

void TestInside::definitions()
{
    InsidePage *page = openPage(m_backup);
    rowsOf(page, "birds");
    auto *tabs = page->findChild<QTabWidget *>("insideTabs");
    QVERIFY(tabs->isTabVisible(0));
    tabs->setCurrentIndex(1);
    auto *sql = page->findChild<QWidget *>("insideDefinition")->findChild<QPlainTextEdit *>("sqlText");
    QTRY_VERIFY_WITH_TIMEOUT(sql->toPlainText().contains("CREATE TABLE public.birds"), patienceMs);
    QVERIFY2(sql->toPlainText().contains("FOREIGN KEY"), qPrintable(sql->toPlainText()));
    QVERIFY(!sql->toPlainText().contains("SET statement_timeout"));
    QVERIFY(!sql->toPlainText().contains("restrict "));
    QVERIFY(!sql->toPlainText().contains("COPY public"));
    // What has no rows has its definition only.
    auto *tree = page->findChild<QTreeWidget *>("insideTree");
    tree->setCurrentItem(thing(page, "nest.shout()"));
    QTRY_VERIFY_WITH_TIMEOUT(sql->toPlainText().contains("upper(new.note)"), patienceMs);
    QVERIFY(!tabs->isTabVisible(0));
    tree->setCurrentItem(thing(page, "species_id_seq"));
    QTRY_VERIFY_WITH_TIMEOUT(sql->toPlainText().contains("41, true"), patienceMs);
}

void TestInside::theFilter()
{
    InsidePage *page = openPage(m_backup);
    rowsOf(page, "birds");
    auto *filter = page->findChild<QLineEdit *>("insideFilter");
    QTest::keyClicks(filter, "SPECIES_ID");
    QVERIFY(!thing(page, "species_id_seq")->isHidden());
    QVERIFY(thing(page, "birds")->isHidden());
    QVERIFY(thing(page, "birds")->parent()->isHidden());
    QTest::keyClick(filter, Qt::Key_Escape);
    QVERIFY(!thing(page, "birds")->isHidden());
}

void TestInside::proofInWords()
{
    const auto pillOf = [](InsidePage *page) { return page->findChild<Pill *>("insideProofPill"); };
    InsidePage *good = openPage(m_backup);
    QTRY_COMPARE_WITH_TIMEOUT(pillOf(good)->text(), QString("read back"), patienceMs);
    QVERIFY(pillOf(good)->tone() == Tone::Neutral); // only a restore proves more
    InsidePage *without = openPage(copyOfBackup("without.dump", false));
    QTRY_COMPARE_WITH_TIMEOUT(pillOf(without)->text(), QString("no proof"), patienceMs);
    const QString changed = copyOfBackup("longer.dump", true);
    QFile file(changed);
    QVERIFY(file.open(QIODevice::Append) && file.write("x") == 1);
    file.close();
    InsidePage *other = openPage(changed);
    QTRY_COMPARE_WITH_TIMEOUT(pillOf(other)->text(), QString("changed"), patienceMs);
    QVERIFY(pillOf(other)->tone() == Tone::Danger);
    QVERIFY(other->findChild<QLabel *>("insideProof")->text().startsWith("Changed since it was made"));
}

void TestInside::restoreLeadsToItsDialog()
{
    InsidePage *page = openPage(m_backup);
    auto *restore = page->findChild<QPushButton *>("insideRestore");
    QTest::mouseClick(restore, Qt::LeftButton);
    QCOMPARE(m_fixture->prompts.errors.size(), 1); // no instance is open
    m_fixture->instances.open("id-my_instance");
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->instances.find("id-my_instance")->state == InstanceList::State::Open,
                             patienceMs);
    QTest::mouseClick(restore, Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(m_fixture->window->findChild<QWidget *>("RestoreDialog"), patienceMs);
    QCOMPARE(m_fixture->window->findChild<QWidget *>("RestoreDialog")->findChild<QLineEdit *>("fileField")->text(),
             m_backup);
}

void TestInside::damagedFiles()
{
    QFile text(m_folder.filePath("text.dump"));
    QVERIFY(text.open(QIODevice::WriteOnly) && text.write("CREATE TABLE x ();\n") > 0);
    text.close();
    InsidePage *page = openPage(text.fileName());
    auto *notice = page->findChild<Notice *>("insideNotice");
    QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), patienceMs);
    QVERIFY(!page->findChild<QTreeWidget *>("insideTree")->isVisible());
    QVERIFY(page->findChild<QPushButton *>("insideRetry"));

    // Cut within the rows: the objects are listed, and the rows before the damage are shown.
    const QString cut = copyOfBackup("cut.dump", false);
    QFile file(cut);
    QVERIFY(file.resize(QFileInfo(m_backup).size() * 9 / 10));
    InsidePage *half = openPage(cut);
    auto *tree = half->findChild<QTreeWidget *>("insideTree");
    QTRY_VERIFY_WITH_TIMEOUT(tree->topLevelItemCount() > 0, patienceMs);
    bool anyFailed = false;
    for (const char *table : {"many", "birds", "species", "nest.logbook"}) {
        ArchiveRowsModel *model = rowsOf(half, table);
        QTRY_VERIFY_WITH_TIMEOUT(model->state() != ArchiveRowsModel::State::Reading, patienceMs);
        if (model->state() == ArchiveRowsModel::State::Failed) {
            anyFailed = true;
            QVERIFY(half->findChild<Notice *>("insideRowsNotice")->isVisible());
        }
    }
    QVERIFY(anyFailed);
}

void TestInside::draggedOntoTheWindow()
{
    QMimeData dragged;
    dragged.setUrls({QUrl::fromLocalFile(m_backup)});
    QDragEnterEvent enter({50, 50}, Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_fixture->window.get(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop({50, 50}, Qt::CopyAction, &dragged, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_fixture->window.get(), &drop);
    QVERIFY(qobject_cast<InsidePage *>(m_fixture->window->tabs()->current()));
    QMimeData other;
    other.setUrls({QUrl::fromLocalFile("/tmp/picture.png")});
    QDragEnterEvent wrong({50, 50}, Qt::CopyAction, &other, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_fixture->window.get(), &wrong);
    QVERIFY(!wrong.isAccepted());
}

/// Presses Verify… in the page in front, chooses, and waits for the verdict.
QWidget *TestInside::verdict(const char *radio, const QString &where)
{
    auto *page = qobject_cast<InsidePage *>(m_fixture->window->tabs()->current());
    QTest::mouseClick(page->findChild<QPushButton *>("insideVerify"), Qt::LeftButton);
    auto *dialog = m_fixture->window->findChild<QWidget *>("verifyDialog");
    dialog->findChild<QRadioButton *>(radio)->click();
    auto *place = dialog->findChild<QComboBox *>("verifyPlace");
    place->setCurrentIndex(place->findText(where, Qt::MatchStartsWith));
    QTest::mouseClick(dialog->findChild<QPushButton *>("verifyButton"), Qt::LeftButton);
    QWidget *verdict = nullptr;
    [[maybe_unused]] const bool isThere = QTest::qWaitFor(
        [&] {
            verdict = m_fixture->window->findChild<QWidget *>("verdictDialog");
            return verdict && verdict->isVisible();
        },
        patienceMs);
    return verdict;
}

void TestInside::verifyFile()
{
    openPage(m_backup);
    QWidget *dialog = verdict("verifyFileRadio");
    QVERIFY(dialog);
    auto *notice = dialog->findChild<Notice *>("verdictNotice");
    QCOMPARE(notice->lead(), QString("Proven: it is the file that was made, byte for byte."));
    QVERIFY(notice->tone() == Tone::Good);
    QCOMPARE(m_fixture->jobs.jobs().last()->summary(), notice->lead());
}

void TestInside::verifyContent()
{
    const QString before = m_cluster.psql("SELECT string_agg(datname, ',' ORDER BY 1) FROM pg_database");
    openPage(m_backup);
    QWidget *dialog = verdict("verifyContentRadio");
    QVERIFY(dialog);
    auto *notice = dialog->findChild<Notice *>("verdictNotice");
    QVERIFY2(notice->tone() == Tone::Good, qPrintable(notice->lead() + notice->text()));
    QCOMPARE(notice->lead(), QString("Proven: all of it is what the source held."));
    const QString tables = m_cluster.psql("SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
                                          "WHERE relkind IN ('r', 'm') AND nspname IN ('public', 'nest')",
                                          "sample");
    QVERIFY(dialog->findChild<QLabel *>("verdictTables")->text().toInt() >= tables.toInt() - 1); // the view's rows
    QCOMPARE(dialog->findChild<QLabel *>("verdictSequences")->text(), QString("2"));
    QCOMPARE(m_cluster.psql("SELECT string_agg(datname, ',' ORDER BY 1) FROM pg_database"), before);
}

void TestInside::verifyOnPractice()
{
    QVERIFY(!practiceCluster().status().isRunning);
    openPage(m_backup);
    QWidget *dialog = verdict("verifyContentRadio", "the practice server");
    QVERIFY(dialog);
    auto *notice = dialog->findChild<Notice *>("verdictNotice");
    QVERIFY2(notice->tone() == Tone::Good, qPrintable(notice->lead() + notice->text()));
    // Started for this only, and gone again with its scratch.
    QVERIFY(!practiceCluster().status().isRunning);
    QVERIFY(m_fixture->instances.practice() == InstanceList::Practice::Stopped);
}

void TestInside::verifyFindsOtherContent()
{
    // A proof that says something else than the dump holds, whole in itself: as if a restore had lost something.
    const QString file = copyOfBackup("other.dump", true);
    Result<Manifest> manifest = manifestOf(file);
    QVERIFY(manifest);
    manifest->tables["public.birds"].rows += 1;
    manifest->sequences["public.species_id_seq"].lastValue = 40;
    manifest->objects["index public.birds_gone"] = "CREATE INDEX birds_gone ON public.birds USING btree (note)";
    QFile json(manifestFileOf(file));
    QVERIFY(json.open(QIODevice::WriteOnly | QIODevice::Truncate) && json.write(manifest->toJson()) > 0);
    json.close();
    openPage(file);
    QWidget *dialog = verdict("verifyContentRadio");
    QVERIFY(dialog);
    auto *notice = dialog->findChild<Notice *>("verdictNotice");
    QVERIFY(notice->tone() == Tone::Danger);
    QCOMPARE(notice->lead(), QString("Not proven: 3 difference(s).")); // English has its plurals from a file
    auto *list = dialog->findChild<QTreeWidget *>("verdictDifferences");
    QCOMPARE(list->topLevelItemCount(), 3);
    const QList<QTreeWidgetItem *> index = list->findItems("birds_gone", Qt::MatchContains);
    QCOMPARE(index.size(), 1);
    list->setCurrentItem(index.first());
    QVERIFY(dialog->findChild<QPlainTextEdit *>("verdictBeforeAfter")->toPlainText().contains("USING btree (note)"));
    QVERIFY(dialog->findChild<QLabel *>("verdictNext")->text().contains("take another backup"));
}

void TestInside::verifyFindsAFlippedByte()
{
    const QString path = copyOfBackup("flipped.dump", true);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadWrite) && file.seek(file.size() / 2));
    const char byte = file.read(1).at(0) ^ 4;
    QVERIFY(file.seek(file.size() / 2) && file.write(&byte, 1) == 1);
    file.close();
    openPage(path);
    QWidget *dialog = verdict("verifyFileRadio");
    QVERIFY(dialog);
    auto *notice = dialog->findChild<Notice *>("verdictNotice");
    QVERIFY(notice->tone() == Tone::Danger);
    QCOMPARE(notice->lead(), QString("Not proven: this is not the file that was made."));
    QVERIFY2(notice->text().contains("Do not rely on it"), qPrintable(notice->text()));
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toUtf8());
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    TestInside test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_inside.moc"
