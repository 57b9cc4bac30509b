#include "runningroost.h"

#include "core/translations.h"
#include "gui/theme/theme.h"
#include "practice/localcluster.h"
#include "storage/paths.h"

#include <QDir>
#include <QRadioButton>
#include <QSignalSpy>

namespace Roost::Testing {

void prepareAsMain(QApplication &application)
{
    qputenv("LC_ALL", "C.UTF-8");
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    QApplication::setQuitOnLastWindowClosed(false);
    installTranslations(application);
    Theme::apply(application, Theme::Mode::Light);
}

RunningRoost::RunningRoost()
{
    qputenv("ROOST_HOME", home().toUtf8());
    log->open(Paths::logs());
    fixture.open();
    window = std::make_unique<MainWindowDriver>(fixture.window.get());
    [[maybe_unused]] const bool isActive = QTest::qWaitForWindowActive(fixture.window.get());
}

RunningRoost::~RunningRoost()
{
    // Also after a test that failed half way: nothing of it may go on running.
    fixture.window.reset();
    JobContext context;
    if (const auto stopped = practiceCluster().stop(context); !stopped) {
        std::fprintf(stderr, "%s\n", qPrintable(stopped.error().message));
    }
}

QString RunningRoost::folder(const QString &name) const
{
    QDir(home()).mkpath(name);
    return QDir(home()).filePath(name);
}

bool RunningRoost::startBackup(const QStringList &database, const QString &file)
{
    QWidget *dialog = window->chooseFor(database, "actionBackUp") ? window->dialog("BackupDialog") : nullptr;
    fixture.prompts.path = file;
    return dialog && window->press("chooseButton", dialog) && window->press("backUpButton", dialog);
}

QStringList RunningRoost::backUp(const QStringList &database, const QString &file)
{
    return startBackup(database, file) ? ending() : QStringList();
}

QStringList RunningRoost::reset(const QStringList &database, const char *thenPress)
{
    QWidget *dialog = window->chooseFor(database, "actionResetDatabase") ? window->dialog("ResetDialog") : nullptr;
    const bool isStarted =
        dialog && window->type("typedName", database.last(), dialog) && window->press("resetButton", dialog);
    return isStarted ? ending(thenPress) : QStringList();
}

QStringList RunningRoost::restoreIntoEmpty(const QStringList &database, const QString &file)
{
    QWidget *dialog = window->chooseFor(database, "actionRestore") ? window->dialog("RestoreDialog") : nullptr;
    fixture.prompts.path = file;
    if (!dialog || !window->press("chooseButton", dialog)) {
        return {};
    }
    // That the database is empty is found out by the dialog, and then proposed.
    const auto *empty = window->part<QRadioButton>("emptyRadio", dialog);
    const bool isProposed = empty && QTest::qWaitFor([empty] { return empty->isChecked(); }, patienceMs);
    return isProposed && window->press("restoreButton", dialog) ? ending() : QStringList();
}

QStringList RunningRoost::ending(const char *thenPress)
{
    QWidget *progress = window->dialog("JobProgressDialog");
    if (!progress) {
        return {};
    }
    const QPointer<QWidget> guard(progress);
    QStringList said = window->outcome(progress);
    const bool isLeft = guard && window->press(thenPress, progress) &&
                        QTest::qWaitFor([&guard] { return !guard || !guard->isVisible(); }, patienceMs);
    return isLeft ? said : QStringList();
}

bool RunningRoost::close()
{
    QSignalSpy finished(fixture.window.get(), &MainWindow::finished);
    fixture.window->close();
    return QTest::qWaitFor([&finished] { return !finished.isEmpty(); }, patienceMs);
}

} // namespace Roost::Testing
