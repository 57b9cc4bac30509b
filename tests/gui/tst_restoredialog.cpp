#include "gui/backup/backupjobs.h"
#include "gui/backup/objectchoice.h"
#include "gui/backup/reseed.h"
#include "gui/backup/restoredialog.h"
#include "gui/backup/restoreoutcome.h"
#include "gui/birdapp/birdapppanel.h"
#include "gui/dialogs/fold.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "operations/backup.h"
#include "postgres/identifier.h"
#include "support/sampledatabase.h"
#include "windowfixture.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>
#include <QTreeWidget>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 60'000;

template <class T>
T *part(const QWidget *in, const QString &name)
{
    return in->findChild<T *>(name);
}

} // namespace

/// Some objects of a backup chosen in the dialog, what is told after a restore, and its undo: over a real server.
class TestRestoreDialog : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void allOfItAtFirst();
    void twoTablesByKeyboard();
    void chosenTablesAmongOthers();
    void replacedAndUndone();
    void safetyBackupCanBeLeftOut();
    void failureShowsItsMessages();
    void groupsUnfoldToRawLines();
    void nothingToLookAtIsSaid();
    void resetThenTheStructure();
    void resetThenTheSeeds();

private:
    DatabaseRef ref(const QString &database);
    void open(const QString &database, const QStringList &existing);
    QTreeWidgetItem *item(const QString &name) const;
    void check(const QStringList &names) const;
    /// Runs what the dialog asks for; returns the job's dialog once it has ended.
    JobProgressDialog *run();
    JobProgressDialog *ended();
    QString noticeText(const QWidget *dialog) const
    {
        return part<Notice>(dialog, QStringLiteral("resultNotice"))->text();
    }

    TemporaryCluster m_cluster;
    std::unique_ptr<WindowFixture> m_fixture;
    std::unique_ptr<QWidget> m_owner;
    std::unique_ptr<RestoreDialog> m_dialog;
    QTemporaryDir m_folder;
    QString m_file;
    QTreeWidget *m_tree = nullptr;
};

void TestRestoreDialog::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
    fillSampleDatabase(m_cluster, QStringLiteral("nature"));
    m_file = m_folder.filePath(QStringLiteral("nature.dump"));
    JobContext context;
    const auto backup = backUp({m_cluster.spec(QStringLiteral("nature")), m_file}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message));
}

void TestRestoreDialog::init()
{
    m_fixture = std::make_unique<WindowFixture>();
    qputenv("ROOST_HOME", m_fixture->home.path().toUtf8());
    m_owner = std::make_unique<QWidget>();
    m_owner->show();
}

void TestRestoreDialog::cleanup()
{
    m_dialog.reset();
    m_owner.reset();
    m_fixture.reset();
}

DatabaseRef TestRestoreDialog::ref(const QString &database)
{
    DatabaseRef ref;
    ref.spec = m_cluster.spec(database);
    ref.instance.id = QStringLiteral("here");
    ref.instance.name = QStringLiteral("my_instance");
    ref.instance.profile.id = ref.instance.id;
    ref.instance.profile.parameters = ref.spec.parameters;
    return ref;
}

void TestRestoreDialog::open(const QString &database, const QStringList &existing)
{
    m_dialog = std::make_unique<RestoreDialog>(m_fixture->services,
                                               RestoreDialogRequest{ref(database), existing, m_file}, m_owner.get());
    m_dialog->setAttribute(Qt::WA_DeleteOnClose, false);
    m_dialog->show();
    m_tree = part<QTreeWidget>(m_dialog.get(), QStringLiteral("objectTree"));
    QVERIFY(m_tree);
    QTRY_VERIFY_WITH_TIMEOUT(m_tree->topLevelItemCount() > 0, patienceMs);
}

QTreeWidgetItem *TestRestoreDialog::item(const QString &name) const
{
    return m_tree->findItems(name, Qt::MatchExactly | Qt::MatchRecursive).value(0);
}

void TestRestoreDialog::check(const QStringList &names) const
{
    part<QPushButton>(m_dialog.get(), QStringLiteral("noObjectsButton"))->click();
    for (const QString &name : names) {
        QVERIFY2(item(name), qPrintable(name));
        item(name)->setCheckState(0, Qt::Checked);
    }
}

JobProgressDialog *TestRestoreDialog::ended()
{
    JobProgressDialog *found = nullptr;
    [&] {
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     const auto dialogs = m_owner->findChildren<JobProgressDialog *>();
                                     for (JobProgressDialog *dialog : dialogs) {
                                         if (dialog->isVisible() &&
                                             part<Notice>(dialog, QStringLiteral("resultNotice"))->isVisible()) {
                                             found = dialog;
                                         }
                                     }
                                     return found != nullptr;
                                 }()),
                                 patienceMs);
    }();
    return found;
}

JobProgressDialog *TestRestoreDialog::run()
{
    auto *button = part<QPushButton>(m_dialog.get(), QStringLiteral("restoreButton"));
    [&] { QTRY_VERIFY_WITH_TIMEOUT(button->isEnabled(), patienceMs); }();
    const RestoreRequest request = m_dialog->request();
    button->click();
    startRestore(m_fixture->services, m_owner.get(), ref(QStringLiteral("nature")), request, {});
    return ended();
}

void TestRestoreDialog::allOfItAtFirst()
{
    open(QStringLiteral("nature"), {QStringLiteral("nature")});
    QVERIFY(m_dialog->request().chosen.isEmpty());
    auto *fold = part<Fold>(m_dialog.get(), QStringLiteral("choiceFold"));
    QVERIFY(fold->isVisible() && !fold->isOpen());
    QVERIFY2(fold->title().endsWith(QStringLiteral("all of it")), qPrintable(fold->title()));
    QVERIFY(item(QStringLiteral("public.birds"))->text(1).startsWith(QStringLiteral("3 row")));
    QCOMPARE(m_tree->topLevelItem(0)->text(0), QStringLiteral("Tables"));

    // Nothing at all cannot be restored.
    part<QPushButton>(m_dialog.get(), QStringLiteral("noObjectsButton"))->click();
    QVERIFY(!part<QPushButton>(m_dialog.get(), QStringLiteral("restoreButton"))->isEnabled());
    part<QPushButton>(m_dialog.get(), QStringLiteral("allObjectsButton"))->click();
    QVERIFY(part<QPushButton>(m_dialog.get(), QStringLiteral("restoreButton"))->isEnabled());
    QVERIFY(m_dialog->request().chosen.isEmpty());
    // Another file has other objects.
    part<QLineEdit>(m_dialog.get(), QStringLiteral("fileField"))->clear();
    QVERIFY(!fold->isVisible());
}

void TestRestoreDialog::twoTablesByKeyboard()
{
    open(QStringLiteral("nature"), {QStringLiteral("nature")});
    part<QPushButton>(m_dialog.get(), QStringLiteral("noObjectsButton"))->click();
    part<Fold>(m_dialog.get(), QStringLiteral("choiceFold"))->setOpen(true);
    m_tree->setFocus();
    for (const char *name : {"public.birds", "public.species"}) {
        m_tree->setCurrentItem(item(QLatin1String(name)));
        QTest::keyClick(m_tree, Qt::Key_Space);
    }
    QCOMPARE(m_tree->topLevelItem(0)->checkState(0), Qt::PartiallyChecked);
    QCOMPARE(m_dialog->request().chosen.size(), 2);
    QVERIFY(part<Fold>(m_dialog.get(), QStringLiteral("choiceFold"))->title().contains(QStringLiteral("2 of ")));
    part<QLineEdit>(m_dialog.get(), QStringLiteral("newField"))->setText(QStringLiteral("two"));
    JobProgressDialog *dialog = run();
    QVERIFY(dialog);
    const QString text = noticeText(dialog);
    QVERIFY2(text.startsWith(QStringLiteral("2 table")) && text.contains(QStringLiteral("restored into two")),
             qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("Proven")), qPrintable(text));
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM birds JOIN species s ON s.id = species_id"),
                            QStringLiteral("two")),
             QStringLiteral("3"));
}

void TestRestoreDialog::chosenTablesAmongOthers()
{
    m_cluster.psql(QStringLiteral("CREATE DATABASE lost TEMPLATE nature"));
    m_cluster.psql(
        QStringLiteral("ALTER DATABASE lost OWNER TO %1").arg(quoteIdentifier(m_cluster.spec().parameters.user)));
    const QString before = databaseFingerprint(m_cluster, QStringLiteral("lost"));
    m_cluster.psql(QStringLiteral("DROP TABLE birds CASCADE"), QStringLiteral("lost"));
    open(QStringLiteral("lost"), {QStringLiteral("lost"), QStringLiteral("nature")});
    part<QRadioButton>(m_dialog.get(), QStringLiteral("emptyRadio"))->click();
    auto *notice = part<Notice>(m_dialog.get(), QStringLiteral("targetNotice"));
    QTRY_COMPARE_WITH_TIMEOUT(notice->lead(), QStringLiteral("lost is not empty"), patienceMs);
    QVERIFY(part<QComboBox>(m_dialog.get(), QStringLiteral("emptyCombo"))->isEnabled());
    check({QStringLiteral("public.birds"), QStringLiteral("public.counts")});
    QCOMPARE(m_dialog->request().mode, RestoreMode::IntoExisting);
    QCOMPARE(notice->lead(), QStringLiteral("They are added to what is in lost"));
    JobProgressDialog *dialog = run();
    QVERIFY(dialog);
    QCOMPARE(databaseFingerprint(m_cluster, QStringLiteral("lost")), before);
    // What was used as it was there is to be looked at.
    auto *title = part<QLabel>(dialog, QStringLiteral("groupTitle0"));
    QVERIFY2(title && title->text().contains(QStringLiteral("Look at this · 1")), "no group");
    QVERIFY(part<QLabel>(dialog, QStringLiteral("groupText0"))->text().contains(QStringLiteral("nest.shout()")));
    QVERIFY(!part<Fold>(dialog, QStringLiteral("groupRaw0"))); // Roost's own remark has no raw line
}

void TestRestoreDialog::replacedAndUndone()
{
    QVERIFY(m_cluster.createDatabase(QStringLiteral("live")));
    m_cluster.psql(QStringLiteral("SET ROLE %1; CREATE TABLE old_life AS SELECT 5 AS i")
                       .arg(quoteIdentifier(m_cluster.spec().parameters.user)),
                   QStringLiteral("live"));
    const QString before = databaseFingerprint(m_cluster, QStringLiteral("live"));
    open(QStringLiteral("live"), {QStringLiteral("live")});
    part<QRadioButton>(m_dialog.get(), QStringLiteral("replaceRadio"))->click();
    QVERIFY(part<QCheckBox>(m_dialog.get(), QStringLiteral("safetyCheck"))->isChecked());
    part<QLineEdit>(m_dialog.get(), QStringLiteral("typedName"))->setText(QStringLiteral("live"));
    auto *hint = part<QLabel>(m_dialog.get(), QStringLiteral("safetyHint"));
    QTRY_VERIFY_WITH_TIMEOUT(hint->text().endsWith(QStringLiteral(".dump")), patienceMs);
    JobProgressDialog *dialog = run();
    QVERIFY(dialog);
    QCOMPARE(databaseFingerprint(m_cluster, QStringLiteral("live")),
             databaseFingerprint(m_cluster, QStringLiteral("nature")));
    const QString safety = hint->text().section(QStringLiteral("into "), -1);
    QVERIFY2(noticeText(dialog).contains(safety), qPrintable(noticeText(dialog)));
    QVERIFY2(manifestOf(safety).has_value(), qPrintable(safety));

    part<QPushButton>(dialog, QStringLiteral("undoRestoreButton"))->click();
    dialog = ended();
    QVERIFY(dialog);
    QVERIFY2(noticeText(dialog).contains(QStringLiteral("live_undone_")), qPrintable(noticeText(dialog)));
    QCOMPARE(databaseFingerprint(m_cluster, QStringLiteral("live")), before);
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_database WHERE datname LIKE 'live_old%'")),
             QStringLiteral("0"));
}

void TestRestoreDialog::safetyBackupCanBeLeftOut()
{
    QVERIFY(m_cluster.createDatabase(QStringLiteral("spare")));
    open(QStringLiteral("spare"), {QStringLiteral("spare")});
    part<QRadioButton>(m_dialog.get(), QStringLiteral("replaceRadio"))->click();
    part<QCheckBox>(m_dialog.get(), QStringLiteral("safetyCheck"))->click();
    QVERIFY(m_dialog->request().safetyBackupFile.isEmpty());
    part<QCheckBox>(m_dialog.get(), QStringLiteral("jobsCheck"))->setChecked(true);
    QCOMPARE(m_dialog->request().jobs, 2);
    part<QRadioButton>(m_dialog.get(), QStringLiteral("emptyRadio"))->click();
    QCOMPARE(m_dialog->request().jobs, 1); // into an empty one it is all or nothing
}

/// A rule that the rows do not keep: the restore fails, and says so in the group.
void TestRestoreDialog::failureShowsItsMessages()
{
    (void)m_cluster.spec(QStringLiteral("small"));
    m_cluster.psql(QStringLiteral("SET ROLE %1; CREATE TABLE species (id int PRIMARY KEY)")
                       .arg(quoteIdentifier(m_cluster.spec().parameters.user)),
                   QStringLiteral("small"));
    open(QStringLiteral("small"), {QStringLiteral("small")});
    check({QStringLiteral("public.birds")});
    part<QRadioButton>(m_dialog.get(), QStringLiteral("emptyRadio"))->click();
    JobProgressDialog *dialog = run();
    QVERIFY(dialog);
    QCOMPARE(part<Notice>(dialog, QStringLiteral("resultNotice"))->lead(), QStringLiteral("It failed"));
    QVERIFY2(noticeText(dialog).contains(QStringLiteral("“small” is as it was")), qPrintable(noticeText(dialog)));
    auto *title = part<QLabel>(dialog, QStringLiteral("groupTitle0"));
    QVERIFY2(title && title->text().contains(QStringLiteral("Data would be lost")), "no group");
    auto *raw = part<Fold>(dialog, QStringLiteral("groupRaw0"));
    QVERIFY(raw && !raw->isOpen());
    raw->setOpen(true);
    QVERIFY(raw->findChild<QPlainTextEdit *>()->toPlainText().contains(QStringLiteral("birds_species_id_fkey")));
}

void TestRestoreDialog::groupsUnfoldToRawLines()
{
    const QString harmless = QStringLiteral("pg_restore: error: could not execute query: ERROR:  schema \"public\" "
                                            "already exists\nCommand was: CREATE SCHEMA public;");
    const auto groups = messageGroups({weighed(QStringLiteral("pg_restore: error: COPY failed for table \"t\"")),
                                       weighed(harmless),
                                       {RestoreMessage::Weight::LookAtThis, QStringLiteral("left out"), {}}});
    QCOMPARE(groups.size(), 3);
    QCOMPARE(groups.at(0).tone, Tone::Danger);
    QCOMPARE(groups.at(1).title, QStringLiteral("Look at this"));
    QCOMPARE(groups.at(2).lines.size(), 1);
    MessageGroups shown(groups);
    shown.resize(500, 400);
    shown.show();
    auto *raw = part<Fold>(&shown, QStringLiteral("groupRaw2"));
    QVERIFY(raw && raw->isVisible());
    QVERIFY(!part<Fold>(&shown, QStringLiteral("groupRaw1")));
    raw->setOpen(true);
    QVERIFY(raw->findChild<QPlainTextEdit *>()->toPlainText().contains(QStringLiteral("CREATE SCHEMA public;")));
}

void TestRestoreDialog::nothingToLookAtIsSaid()
{
    RestoreReport report;
    report.database = QStringLiteral("x");
    report.tables = 1;
    report.isProven = true;
    const JobOutcome quiet = restoreOutcome({}, report, {});
    QVERIFY2(quiet.text.contains(QStringLiteral("nothing to look at")), qPrintable(quiet.text));
    QVERIFY(quiet.groups.isEmpty() && quiet.isQuiet && quiet.next.isEmpty());
    report.warnings = {QStringLiteral("Not as in the source: index i is missing.")};
    const JobOutcome told = restoreOutcome({}, report, {});
    QVERIFY(!told.isQuiet);
    QCOMPARE(told.groups.size(), 1);
}

void TestRestoreDialog::resetThenTheStructure()
{
    m_cluster.psql(QStringLiteral("CREATE DATABASE bare TEMPLATE nature OWNER %1")
                       .arg(quoteIdentifier(m_cluster.spec().parameters.user)));
    ResetRequest request;
    request.target = ref(QStringLiteral("bare")).spec;
    request.confirmation = QStringLiteral("bare");
    request.safetyBackupFile = m_folder.filePath(QStringLiteral("bare.dump"));
    startReset(m_fixture->services, m_owner.get(), ref(QStringLiteral("bare")), request, {});
    JobProgressDialog *dialog = ended();
    QVERIFY(dialog);
    QVERIFY(part<QPushButton>(dialog, QStringLiteral("undoResetButton")));
    QVERIFY(!part<QPushButton>(dialog, QStringLiteral("seedsButton"))); // no app is open for it
    part<QPushButton>(dialog, QStringLiteral("structureButton"))->click();
    dialog = ended();
    QVERIFY(dialog);
    QVERIFY2(noticeText(dialog).contains(QStringLiteral("without rows")), qPrintable(noticeText(dialog)));
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*), (SELECT count(*) FROM species) FROM birds"),
                            QStringLiteral("bare")),
             QStringLiteral("0|0"));
}

void TestRestoreDialog::resetThenTheSeeds()
{
    const DatabaseRef database = ref(QStringLiteral("flock"));
    const QString folder = m_fixture->home.filePath(QStringLiteral("bird-app"));
    QVERIFY(createBirdApp(folder).has_value());
    BirdAppPanel panel(m_fixture->services, folder, database, m_owner.get());
    panel.show();
    QTRY_VERIFY_WITH_TIMEOUT(seededAppFor(m_owner.get(), database).has_value(), patienceMs);
    QVERIFY(!seededAppFor(m_owner.get(), ref(QStringLiteral("nature"))).has_value());
    ResetRequest request;
    request.target = database.spec;
    request.confirmation = QStringLiteral("flock");
    startReset(m_fixture->services, m_owner.get(), database, request, {});
    JobProgressDialog *dialog = ended();
    QVERIFY(dialog);
    part<QPushButton>(dialog, QStringLiteral("seedsButton"))->click();
    dialog = ended();
    QVERIFY(dialog);
    QVERIFY2(noticeText(dialog).contains(QStringLiteral("The seed is in flock")), qPrintable(noticeText(dialog)));
    QVERIFY(m_cluster.psql(QStringLiteral("SELECT count(*) FROM birds"), QStringLiteral("flock")).toInt() > 0);
}

QTEST_MAIN(TestRestoreDialog)
#include "tst_restoredialog.moc"
