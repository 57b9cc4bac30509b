#include "gui/about/shortcutsdialog.h"
#include "gui/actions.h"
#include "gui/backup/backupdialog.h"
#include "gui/backup/resetdialog.h"
#include "gui/backup/restoredialog.h"
#include "gui/connection/secretclipboard.h"
#include "gui/database/databasenamedialog.h"
#include "gui/database/dropdatabasedialog.h"
#include "gui/dialogs/errordialog.h"
#include "gui/dialogs/joboutcome.h"
#include "gui/dialogs/jobprogressdialog.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/questiondialog.h"
#include "gui/dialogs/terminalline.h"
#include "gui/dialogs/toast.h"
#include "gui/theme/theme.h"
#include "operations/backup.h"
#include "postgres/connectionstring.h"
#include "postgres/environment.h"
#include "shots/dialogshots.h"
#include "support/sampledatabase.h"
#include "support/temporarycluster.h"
#include "widgetleaks.h"
#include "windowfixture.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QRadioButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

#include <semaphore>

using namespace Roost;
using namespace Roost::Testing;

namespace {

constexpr int patienceMs = 60'000;

template <class T>
T *part(const QWidget *in, const char *name)
{
    return in->findChild<T *>(QString::fromLatin1(name));
}

QPushButton *button(const QWidget *in, const char *name)
{
    return part<QPushButton>(in, name);
}

void type(QLineEdit *field, const QString &text)
{
    field->setFocus();
    field->selectAll();
    QTest::keyClick(field, Qt::Key_Delete);
    QTest::keyClicks(field, text);
}

} // namespace

/// The dialogs one by one, over a real server where they need one. The whole way through them: tst_mainjob.
class TestDialogs : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void everyDialogIsSafeAndNamed_data();
    void everyDialogIsSafeAndNamed();
    void serverTextIsPlain();
    void questionMustBeTyped();
    void destroyingIsNeverTheDefault();
    void errorsFoldAndCopy();
    void namesAreAdvisedOn();
    void createAndRename();
    void dropSaysWhoIsConnected();
    void backupNeverOverwrites();
    void backupInAGitWorkTree();
    void restoreLooksIntoTheFile();
    void restoreChoosesWhereTo();
    void resetNeedsItsName();
    void jobInTheBackground();
    void jobEndsAreTold();
    void copiesAreMarked();
    void linesForATerminal();
    void shortcutsComeFromTheActions();

private:
    DatabaseRef ref(const QString &database);
    TemporaryCluster m_cluster;
};

void TestDialogs::initTestCase()
{
    Theme::apply(*qApp, Theme::Mode::Light);
    QVERIFY2(m_cluster.start(), qPrintable(m_cluster.problem()));
}

DatabaseRef TestDialogs::ref(const QString &database)
{
    DatabaseRef ref;
    ref.spec = m_cluster.spec(database);
    ref.instance.id = QStringLiteral("here");
    ref.instance.name = QStringLiteral("my_instance");
    ref.instance.profile.id = ref.instance.id;
    ref.instance.profile.parameters = ref.spec.parameters;
    return ref;
}

void TestDialogs::everyDialogIsSafeAndNamed_data()
{
    QTest::addColumn<int>("index");
    WindowFixture fixture;
    const QList<Shot> shots = dialogShots(fixture.services);
    for (qsizetype i = 0; i < shots.size(); ++i) {
        QTest::newRow(qPrintable(shots.at(i).name)) << int(i);
    }
}

void TestDialogs::everyDialogIsSafeAndNamed()
{
    QFETCH(int, index);
    WindowFixture fixture;
    const QList<Shot> shots = dialogShots(fixture.services);
    std::unique_ptr<QWidget> widget(shots.at(index).make(nullptr));
    widget->setAttribute(Qt::WA_DeleteOnClose, false);
    widget->show();
    QVERIFY(QTest::qWaitForWindowExposed(widget.get()));
    const QList<QWidget *> children = widget->findChildren<QWidget *>();
    for (const QWidget *child : children) {
        const bool isInput = qobject_cast<const QLineEdit *>(child) || qobject_cast<const QPushButton *>(child) ||
                             qobject_cast<const QCheckBox *>(child) || qobject_cast<const QPlainTextEdit *>(child);
        if (!isInput || !child->isVisible() || child->objectName().startsWith(QStringLiteral("qt_"))) {
            continue;
        }
        QVERIFY2(!child->objectName().isEmpty(), child->metaObject()->className());
        const auto *abstractButton = qobject_cast<const QAbstractButton *>(child);
        const bool isSaid = abstractButton ? !abstractButton->text().isEmpty() : !child->accessibleName().isEmpty();
        QVERIFY2(isSaid, qPrintable(child->objectName() + QStringLiteral(" has no name for a screen reader")));
    }
    const QList<QLabel *> labels = widget->findChildren<QLabel *>();
    for (const QLabel *label : labels) {
        // Cut text shows as a label that is lower than its words need.
        if (label->isVisible() && label->wordWrap()) {
            QTRY_VERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
        }
    }
    if (auto *dialog = qobject_cast<QDialog *>(widget.get())) {
        QSignalSpy accepted(dialog, &QDialog::accepted);
        QTest::keyClick(dialog, Qt::Key_Escape);
        QTRY_VERIFY(!dialog->isVisible());
        QCOMPARE(accepted.size(), 0);
    }
}

void TestDialogs::serverTextIsPlain()
{
    const QString nasty = QStringLiteral("<b>bold</b><img src=http://127.0.0.1/x>");
    WindowFixture fixture;
    DatabaseRef database = ref(QStringLiteral("test"));
    database.spec.parameters.database = nasty;
    database.instance.name = nasty;
    Prompts::Question question;
    question.title = nasty;
    question.text = nasty;
    question.mustType = nasty;
    DumpFile dump;
    dump.database = nasty;
    dump.tables = {nasty};
    std::vector<std::unique_ptr<QWidget>> dialogs;
    dialogs.push_back(std::make_unique<ErrorDialog>(nasty, Error{ErrorCode::ServerRefused, nasty, nasty, "XX000"}));
    dialogs.push_back(std::make_unique<QuestionDialog>(question));
    dialogs.push_back(std::make_unique<DropDatabaseDialog>(fixture.services, database));
    dialogs.push_back(std::make_unique<ResetDialog>(fixture.services, database));
    auto restore = std::make_unique<RestoreDialog>(fixture.services, RestoreDialogRequest{database, {nasty}, {}});
    restore->setDump(dump);
    dialogs.push_back(std::move(restore));
    auto notice = std::make_unique<Notice>();
    notice->say(Tone::Danger, nasty, nasty, nasty);
    dialogs.push_back(std::move(notice));
    int seen = 0;
    for (const auto &dialog : dialogs) {
        const QList<QLabel *> labels = dialog->findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (label->text().contains(QStringLiteral("<b>"))) {
                ++seen;
                QVERIFY2(label->textFormat() == Qt::PlainText, qPrintable(label->objectName()));
            }
        }
    }
    QVERIFY(seen >= 10);
}

void TestDialogs::questionMustBeTyped()
{
    QWidget window;
    window.show();
    Prompts prompts;
    Prompts::Question question;
    question.title = QStringLiteral("Really?");
    question.accept = QStringLiteral("Do it");
    question.mustType = QStringLiteral("my db");
    question.isDestructive = true;
    QList<bool> answers;
    prompts.ask(&window, question, [&answers](bool yes) { answers += yes; });
    auto *dialog = window.findChild<QuestionDialog *>();
    QVERIFY(dialog);
    QVERIFY(!button(dialog, "acceptButton")->isEnabled());
    type(part<QLineEdit>(dialog, "typedName"), QStringLiteral("my D"));
    QVERIFY(!button(dialog, "acceptButton")->isEnabled());
    type(part<QLineEdit>(dialog, "typedName"), QStringLiteral("my db"));
    QVERIFY(button(dialog, "acceptButton")->isEnabled());
    QTest::keyClick(part<QLineEdit>(dialog, "typedName"), Qt::Key_Return); // the default does no harm
    QTRY_COMPARE(answers, QList<bool>{false});
    prompts.ask(&window, question, [&answers](bool yes) { answers += yes; });
    dialog = window.findChildren<QuestionDialog *>().last();
    type(part<QLineEdit>(dialog, "typedName"), QStringLiteral("my db"));
    button(dialog, "acceptButton")->click();
    QTRY_COMPARE(answers, (QList<bool>{false, true}));
}

void TestDialogs::destroyingIsNeverTheDefault()
{
    WindowFixture fixture;
    const QList<Shot> shots = dialogShots(fixture.services);
    int dangers = 0;
    for (const Shot &shot : shots) {
        const std::unique_ptr<QWidget> widget(shot.make(nullptr));
        const QList<QPushButton *> buttons = widget->findChildren<QPushButton *>();
        for (const QPushButton *each : buttons) {
            if (each->property("kind").toString() == QStringLiteral("danger")) {
                ++dangers;
                QVERIFY2(!each->isDefault() && !each->autoDefault(), qPrintable(shot.name));
            }
        }
    }
    QVERIFY(dangers >= 4);
}

void TestDialogs::errorsFoldAndCopy()
{
    const Error error{ErrorCode::ServerRefused, QStringLiteral("What to do."), QStringLiteral("raw text"), "55006"};
    ErrorDialog dialog(QStringLiteral("It failed"), error);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    auto *detail = part<QPlainTextEdit>(&dialog, "detailText");
    QVERIFY(!detail->isVisible());
    const int folded = dialog.height();
    part<QAbstractButton>(&dialog, "foldHeader")->click();
    QVERIFY(detail->isVisible());
    QTRY_VERIFY(dialog.height() > folded);
    part<QAbstractButton>(&dialog, "foldHeader")->click();
    QTRY_COMPARE(dialog.height(), folded);
    button(&dialog, "copyButton")->click();
    const QString copied = QGuiApplication::clipboard()->text();
    QVERIFY(copied.contains(QStringLiteral("What to do.")) && copied.contains(QStringLiteral("raw text")) &&
            copied.contains(QStringLiteral("55006")));
    Prompts prompts;
    QWidget window;
    prompts.showError(&window, QStringLiteral("x"), Error::cancelled());
    QVERIFY(!window.findChild<ErrorDialog *>());
}

void TestDialogs::namesAreAdvisedOn()
{
    WindowFixture fixture;
    DatabaseNameDialog dialog(
        fixture.services, {DatabaseNameRequest::Verb::Create, ref(QStringLiteral("test")), {QStringLiteral("taken")}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    auto *field = part<QLineEdit>(&dialog, "nameField");
    const auto *advice = part<QLabel>(&dialog, "adviceLabel");
    QVERIFY(!button(&dialog, "acceptButton")->isEnabled());
    type(field, QStringLiteral("bird-app"));
    QCOMPARE(advice->property("role").toString(), QStringLiteral("warning"));
    QVERIFY(advice->text().contains(QStringLiteral("hyphen")));
    QVERIFY(button(&dialog, "acceptButton")->isEnabled()); // a hint, no obstacle
    type(field, QStringLiteral("taken"));
    QCOMPARE(advice->property("role").toString(), QStringLiteral("danger"));
    QVERIFY(!button(&dialog, "acceptButton")->isEnabled());
    type(field, QStringLiteral("bird_app"));
    QVERIFY(button(&dialog, "acceptButton")->isEnabled());
}

void TestDialogs::createAndRename()
{
    WindowFixture fixture;
    QWidget window;
    window.show();
    QString created;
    Actions::createDatabase(fixture.services, &window, ref(QStringLiteral("test")), {},
                            [&created](const QString &name) { created = name; });
    auto *dialog = window.findChild<DatabaseNameDialog *>();
    type(part<QLineEdit>(dialog, "nameField"), QStringLiteral("Made \"here\""));
    button(dialog, "acceptButton")->click();
    QTRY_COMPARE_WITH_TIMEOUT(created, QStringLiteral("Made \"here\""), patienceMs);
    const QString list = QStringLiteral("SELECT datname FROM pg_database WHERE datname LIKE '%here%' ORDER BY 1");
    QCOMPARE(m_cluster.psql(list), QStringLiteral("Made \"here\""));
    QVERIFY(fixture.activity.entries().last().command.contains(QStringLiteral("createdb")));

    QString renamed;
    Actions::renameDatabase(fixture.services, &window, ref(created), {QStringLiteral("test"), created},
                            [&renamed](const QString &name) { renamed = name; });
    dialog = window.findChildren<DatabaseNameDialog *>().last();
    type(part<QLineEdit>(dialog, "nameField"), QStringLiteral("moved here"));
    QTest::keyClick(part<QLineEdit>(dialog, "nameField"), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(renamed, QStringLiteral("moved here"), patienceMs);
    QCOMPARE(m_cluster.psql(list), QStringLiteral("moved here"));
}

void TestDialogs::dropSaysWhoIsConnected()
{
    WindowFixture fixture;
    QWidget window;
    window.show();
    const DatabaseRef database = ref(QStringLiteral("doomed"));
    m_cluster.psql(QStringLiteral("CREATE TABLE t AS SELECT generate_series(1, 5) AS id"), QStringLiteral("doomed"));
    // Somebody who stays connected, until the server ends it.
    std::binary_semaphore isOpen(0);
    std::binary_semaphore mayEnd(0);
    std::jthread somebody([&] {
        const auto connection = DatabaseConnection::open(database.spec, {}, QStringLiteral("gunicorn"));
        isOpen.release();
        mayEnd.acquire();
    });
    isOpen.acquire();
    bool isDone = false;
    Actions::dropDatabase(fixture.services, &window, database, [&isDone] { isDone = true; });
    auto *dialog = window.findChild<DropDatabaseDialog *>();
    auto *end = part<QCheckBox>(dialog, "endSessionsCheck");
    QTRY_VERIFY_WITH_TIMEOUT(end->isVisible(), patienceMs);
    QVERIFY(part<QLabel>(dialog, "sessionsLabel")->text().contains(u'1'));
    QVERIFY(part<QLabel>(dialog, "whatLabel")->text().contains(u'5'));
    type(part<QLineEdit>(dialog, "typedName"), QStringLiteral("doomed"));
    QVERIFY(!button(dialog, "dropButton")->isEnabled());
    end->click();
    QVERIFY(button(dialog, "dropButton")->isEnabled());
    button(dialog, "dropButton")->click();
    QTRY_VERIFY_WITH_TIMEOUT(isDone, patienceMs);
    mayEnd.release();
    QCOMPARE(m_cluster.psql(QStringLiteral("SELECT count(*) FROM pg_database WHERE datname = 'doomed'")),
             QStringLiteral("0"));
}

void TestDialogs::backupNeverOverwrites()
{
    WindowFixture fixture;
    BackupDialog dialog(fixture.services, ref(QStringLiteral("test")));
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    auto *field = part<QLineEdit>(&dialog, "fileField");
    QTRY_VERIFY(button(&dialog, "backUpButton")->isEnabled()); // with a name that Roost suggests
    QVERIFY(QFileInfo(dialog.file()).fileName().startsWith(QStringLiteral("test-")));
    const QString taken = fixture.home.filePath(QStringLiteral("taken.dump"));
    QFile file(taken);
    QVERIFY(file.open(QIODevice::WriteOnly));
    type(field, taken);
    QVERIFY(!button(&dialog, "backUpButton")->isEnabled());
    auto *notice = part<Notice>(&dialog, "fileNotice");
    QTRY_COMPARE(notice->lead(), QStringLiteral("There is a file of this name"));
    button(&dialog, "anotherNameButton")->click();
    QTRY_VERIFY(button(&dialog, "backUpButton")->isEnabled());
    QCOMPARE(QFileInfo(dialog.file()).absolutePath(), QFileInfo(taken).absolutePath());
    type(field, QStringLiteral("/no/such/folder/x.dump"));
    QTRY_COMPARE(notice->lead(), QStringLiteral("There is no such folder"));
    QVERIFY(!button(&dialog, "backUpButton")->isEnabled());
}

void TestDialogs::backupInAGitWorkTree()
{
    WindowFixture fixture;
    const QDir tree(fixture.home.filePath(QStringLiteral("project")));
    QVERIFY(tree.mkpath(QStringLiteral(".git")));
    QFile head(tree.filePath(QStringLiteral(".git/HEAD")));
    QVERIFY(head.open(QIODevice::WriteOnly));
    head.write("ref: refs/heads/main\n");
    head.close();
    BackupDialog dialog(fixture.services, ref(QStringLiteral("test")));
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    type(part<QLineEdit>(&dialog, "fileField"), tree.filePath(QStringLiteral("birds.dump")));
    auto *notice = part<Notice>(&dialog, "fileNotice");
    QTRY_COMPARE(notice->tone(), Tone::Warning);
    QVERIFY(button(&dialog, "backUpButton")->isEnabled()); // a warning, no obstacle
    button(&dialog, "ignoreDumpsButton")->click();
    QTRY_COMPARE(notice->tone(), Tone::Good);
    QFile ignore(tree.filePath(QStringLiteral(".gitignore")));
    QVERIFY(ignore.open(QIODevice::ReadOnly));
    QVERIFY(ignore.readAll().contains("*.dump"));
}

void TestDialogs::restoreLooksIntoTheFile()
{
    WindowFixture fixture;
    RestoreDialog dialog(fixture.services, {ref(QStringLiteral("test")), {QStringLiteral("test")}, {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QFile plain(fixture.home.filePath(QStringLiteral("plain.dump"))); // the name says nothing
    QVERIFY(plain.open(QIODevice::WriteOnly));
    plain.write("--\n-- PostgreSQL database dump\n--\n\nSET statement_timeout = 0;\nCREATE TABLE t (id int);\n");
    plain.close();
    fixture.prompts.path = plain.fileName();
    button(&dialog, "chooseButton")->click();
    auto *notice = part<Notice>(&dialog, "fileNotice");
    QTRY_VERIFY_WITH_TIMEOUT(notice->isVisible(), patienceMs);
    QVERIFY(notice->text().contains(QStringLiteral("SQL")));
    QVERIFY(!button(&dialog, "restoreButton")->isEnabled());
    QVERIFY(!part<QWidget>(&dialog, "dumpCard")->isVisible());

    fillSampleDatabase(m_cluster, QStringLiteral("sample"));
    const QString file = fixture.home.filePath(QStringLiteral("sample.sql")); // nor does this one
    JobContext context;
    const auto backup = backUp({m_cluster.spec(QStringLiteral("sample")), file}, context);
    QVERIFY2(backup, qPrintable(backup ? QString() : backup.error().message));
    type(part<QLineEdit>(&dialog, "fileField"), file);
    QTRY_VERIFY_WITH_TIMEOUT(part<QWidget>(&dialog, "dumpCard")->isVisible(), patienceMs);
    QVERIFY(part<QLabel>(&dialog, "dumpHeading")->text().contains(QStringLiteral("sample")));
    QVERIFY(!notice->isVisible());
    QCOMPARE(part<QLineEdit>(&dialog, "newField")->text(), QStringLiteral("sample"));
}

void TestDialogs::restoreChoosesWhereTo()
{
    WindowFixture fixture;
    fillSampleDatabase(m_cluster, QStringLiteral("full"));
    m_cluster.spec(QStringLiteral("hollow"));
    RestoreDialog dialog(fixture.services,
                         {ref(QStringLiteral("full")), {QStringLiteral("full"), QStringLiteral("hollow")}, {}});
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    DumpFile dump;
    dump.database = QStringLiteral("full");
    dialog.setDump(dump);
    QCOMPARE(dialog.request().mode, RestoreMode::IntoNew);
    QCOMPARE(dialog.request().target.parameters.database, QStringLiteral("full_restored"));
    QVERIFY(button(&dialog, "restoreButton")->isEnabled());
    type(part<QLineEdit>(&dialog, "newField"), QStringLiteral("hollow"));
    QVERIFY(!button(&dialog, "restoreButton")->isEnabled()); // it is taken

    part<QRadioButton>(&dialog, "emptyRadio")->click();
    auto *notice = part<Notice>(&dialog, "targetNotice");
    QTRY_COMPARE_WITH_TIMEOUT(notice->lead(), QStringLiteral("full is not empty"), patienceMs);
    QVERIFY(!button(&dialog, "restoreButton")->isEnabled());
    part<QComboBox>(&dialog, "emptyCombo")->setCurrentText(QStringLiteral("hollow"));
    QTRY_VERIFY_WITH_TIMEOUT(button(&dialog, "restoreButton")->isEnabled(), patienceMs);
    QCOMPARE(dialog.request().mode, RestoreMode::IntoEmpty);

    part<QRadioButton>(&dialog, "replaceRadio")->click();
    QVERIFY(notice->text().contains(QStringLiteral("full_old_")));
    QVERIFY(!button(&dialog, "restoreButton")->isEnabled());
    type(part<QLineEdit>(&dialog, "typedName"), QStringLiteral("full"));
    QTRY_VERIFY_WITH_TIMEOUT(button(&dialog, "restoreButton")->isEnabled(), patienceMs);
    QCOMPARE(button(&dialog, "restoreButton")->text(), QStringLiteral("Replace full"));
    QVERIFY(!button(&dialog, "restoreButton")->isDefault());
    QCOMPARE(dialog.request().mode, RestoreMode::ReplaceExisting);
    part<QComboBox>(&dialog, "replaceCombo")->setCurrentText(QStringLiteral("hollow"));
    QVERIFY(!button(&dialog, "restoreButton")->isEnabled()); // another name has to be typed
}

void TestDialogs::resetNeedsItsName()
{
    WindowFixture fixture;
    fillSampleDatabase(m_cluster, QStringLiteral("reset_me"));
    ResetDialog dialog(fixture.services, ref(QStringLiteral("reset_me")));
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.show();
    QVERIFY(part<QCheckBox>(&dialog, "safetyCheck")->isChecked());
    QTRY_VERIFY_WITH_TIMEOUT(part<QLabel>(&dialog, "whatLabel")->text().contains(QStringLiteral("rows")), patienceMs);
    QTRY_VERIFY(!part<QLineEdit>(&dialog, "fileField")->text().isEmpty());
    type(part<QLineEdit>(&dialog, "typedName"), QStringLiteral("reset_m"));
    QVERIFY(!button(&dialog, "resetButton")->isEnabled());
    type(part<QLineEdit>(&dialog, "typedName"), QStringLiteral("reset_me"));
    QTRY_VERIFY(button(&dialog, "resetButton")->isEnabled());
    QCOMPARE(dialog.request().safetyBackupFile, part<QLineEdit>(&dialog, "fileField")->text());
    QCOMPARE(dialog.request().confirmation, QStringLiteral("reset_me"));
    part<QCheckBox>(&dialog, "safetyCheck")->click();
    QCOMPARE(part<QLabel>(&dialog, "safetyHint")->property("role").toString(), QStringLiteral("danger"));
    QVERIFY(dialog.request().safetyBackupFile.isEmpty());
}

void TestDialogs::jobInTheBackground()
{
    WindowFixture fixture;
    QWidget window;
    window.show();
    std::binary_semaphore mayEnd(0);
    Job *job = fixture.jobs.start(QStringLiteral("Copy birds"), [&mayEnd](JobContext &context) -> Result<void> {
        context.log(QStringLiteral("first line"));
        context.report({QStringLiteral("Copying"), 30, 120, QStringLiteral("30 of 120 rows")});
        mayEnd.acquire();
        return context.isCancelled() ? Result<void>(failure(Error::cancelled())) : Result<void>();
    });
    Actions::showJob(fixture.services, &window, job);
    QPointer<JobProgressDialog> dialog = window.findChild<JobProgressDialog *>();
    auto *bar = part<QProgressBar>(dialog, "progressBar");
    QTRY_COMPARE(bar->value() * 4, bar->maximum());
    QVERIFY(part<QLabel>(dialog, "amountLabel")->text().contains(QStringLiteral("25%")));
    QVERIFY(part<QPlainTextEdit>(dialog, "logView")->toPlainText().contains(QStringLiteral("first line")));
    button(dialog, "backgroundButton")->click();
    QTRY_VERIFY(!dialog);
    QVERIFY(!job->isEnded());
    Actions::showJob(fixture.services, &window, job); // and back from the Jobs panel
    dialog = window.findChild<JobProgressDialog *>();
    QVERIFY(part<QPlainTextEdit>(dialog, "logView")->toPlainText().contains(QStringLiteral("first line")));
    button(dialog, "cancelButton")->click();
    QVERIFY(!button(dialog, "cancelButton")->isEnabled());
    mayEnd.release();
    QTRY_COMPARE(part<Notice>(dialog, "resultNotice")->lead(), QStringLiteral("Cancelled"));
}

void TestDialogs::jobEndsAreTold()
{
    WindowFixture fixture;
    QWidget window;
    window.show();
    Job *good = fixture.jobs.start(QStringLiteral("Good"), [](JobContext &) -> Result<void> { return {}; });
    bool wasRun = false;
    JobOutcome::attach(
        good, {QStringLiteral("All there."),
               {},
               {{QStringLiteral("undoButton"), QStringLiteral("Undo"), [&wasRun](QWidget *) { wasRun = true; }}}});
    QTRY_VERIFY(good->isEnded());
    Actions::showJob(fixture.services, &window, good);
    QPointer<JobProgressDialog> dialog = window.findChild<JobProgressDialog *>();
    QCOMPARE(part<Notice>(dialog, "resultNotice")->tone(), Tone::Good);
    QCOMPARE(part<Notice>(dialog, "resultNotice")->text(), QStringLiteral("All there."));
    button(dialog, "undoButton")->click();
    QVERIFY(wasRun);
    QTRY_VERIFY(!dialog);
    Job *bad = fixture.jobs.start(QStringLiteral("Bad"), [](JobContext &) -> Result<void> {
        return failure(ErrorCode::ServerRefused, QStringLiteral("Do this next."), QStringLiteral("raw"), "XX000");
    });
    QTRY_VERIFY(bad->isEnded());
    Actions::showJob(fixture.services, &window, bad);
    dialog = window.findChild<JobProgressDialog *>();
    QCOMPARE(part<Notice>(dialog, "resultNotice")->tone(), Tone::Danger);
    QVERIFY(part<Notice>(dialog, "resultNotice")->text().contains(QStringLiteral("Do this next.")));
    QVERIFY(part<QPlainTextEdit>(part<Notice>(dialog, "resultNotice"), "detailText")
                ->toPlainText()
                .contains(QStringLiteral("XX000")));
}

void TestDialogs::copiesAreMarked()
{
    WindowFixture fixture;
    QWidget window;
    window.resize(800, 600);
    window.show();
    const DatabaseRef database = ref(QStringLiteral("test"));
    const QString password = database.spec.password.reveal();
    const LeakSearch search(password);
    using Form = Actions::CopyForm;
    for (const Form form : {Form::ExternalUrl, Form::PsqlCommand, Form::DatabaseUri, Form::EnvLine}) {
        Actions::copyConnection(fixture.services, &window, database, form);
        QVERIFY(search.isIn(QGuiApplication::clipboard()->text()));
        QVERIFY(window.findChild<Toast *>());
        QVERIFY(!search.isIn(fixture.activity.entries().last().command));
        const auto back = parseConnectionString(QGuiApplication::clipboard()->text());
        QVERIFY(back);
        QCOMPARE(back->parameters.port, database.spec.parameters.port);
        QVERIFY(back->password.isSameAs(database.spec.password));
    }
    QVERIFY(leaksInWidgets(search).isEmpty());
    SecretClipboard::instance().clear();
    QVERIFY(QGuiApplication::clipboard()->text().isEmpty());
}

void TestDialogs::linesForATerminal()
{
    ConnectionParameters parameters;
    parameters.host = QStringLiteral("h");
    parameters.user = QStringLiteral("o'hara");
    parameters.database = QStringLiteral("my db");
    QCOMPARE(
        TerminalLine::backUp(parameters, QStringLiteral("/tmp/a b.dump")),
        QStringLiteral(
            "PGPASSWORD=\"$PGPASSWORD\" pg_dump -h h -U 'o'\\''hara' --format=custom --compress=1 --no-acl --no-owner "
            "--verbose '--file=/tmp/a b.dump' 'my db'"));
    parameters.port = 6000;
    QVERIFY(TerminalLine::psql(parameters).contains(QStringLiteral("-p 6000")));
}

void TestDialogs::shortcutsComeFromTheActions()
{
    QMenu menu(QStringLiteral("&File"));
    menu.addAction(QStringLiteral("&Save && go…"))->setShortcut(QKeySequence(QStringLiteral("Ctrl+S")));
    menu.addAction(QStringLiteral("No shortcut"));
    ShortcutsDialog dialog(menu.actions());
    const auto *tree = part<QTreeWidget>(&dialog, "tree");
    QCOMPARE(tree->topLevelItemCount(), 1);
    QCOMPARE(tree->topLevelItem(0)->text(0), QStringLiteral("File"));
    QCOMPARE(tree->topLevelItem(0)->text(1), QStringLiteral("Save & go"));
    QCOMPARE(tree->topLevelItem(0)->text(2), QStringLiteral("Ctrl+S"));
    part<QLineEdit>(&dialog, "filterField")->setText(QStringLiteral("nothing like it"));
    QVERIFY(tree->topLevelItem(0)->isHidden());
}

int main(int argc, char **argv)
{
    clearPostgresEnvironment();
    QTemporaryDir home;
    qputenv("ROOST_HOME", home.path().toLocal8Bit());
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    TestDialogs test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_dialogs.moc"
