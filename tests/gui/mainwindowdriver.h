#pragma once

#include <QApplication>
#include <QModelIndex>
#include <QPointer>
#include <QStringList>
#include <QTest>
#include <QWidget>

#include <chrono>
#include <future>

class QMenu;
class QTreeView;

namespace Roost {
class Job;
class MainWindow;
} // namespace Roost

namespace Roost::Testing {

constexpr int patienceMs = 90'000; ///< for what a busy machine may take long to do

/// The main window as a user has it: its tree, menus, dialogs and docks, found by their names and worked with mouse and
/// keyboard. What is asked for is waited for; a call that gives up says on standard error what it missed.
class MainWindowDriver
{
public:
    explicit MainWindowDriver(MainWindow *window);

    // The tree. A path begins below the groups: {"practice", "my_database", "public", "birds"}.
    QModelIndex row(const QStringList &path) const;   ///< invalid when it is not listed
    QStringList under(const QStringList &path) const; ///< the names below, in their order
    bool click(const QStringList &path);
    bool doubleClick(const QStringList &path);
    bool unfold(const QStringList &path); ///< until what is below is there
    /// Right click, then the action with this name, through `submenu` when it is in one.
    bool chooseFor(const QStringList &path, const char *action, const char *submenu = nullptr);
    /// From the menu bar: "menuFile", "actionAddConnection".
    bool choose(const char *menu, const char *action);

    /// A part by its name, once it is visible.
    template <class T = QWidget>
    T *part(const char *name, const QWidget *in = nullptr) const
    {
        return static_cast<T *>(find(name, in, [](QWidget *widget) { return dynamic_cast<T *>(widget) != nullptr; }));
    }
    /// Clicks a button once it can be clicked.
    bool press(const char *button, const QWidget *in = nullptr) const;
    /// Clicks into a field and types, in place of what is there.
    bool type(const char *field, const QString &text, const QWidget *in = nullptr) const;
    /// A dialog by its form's name, once it is open.
    QWidget *dialog(const char *name) const { return part<QWidget>(name); }
    bool isOpen(const char *name) const;

    /// Waits in the job's dialog for the end; what it says then, its lead first.
    QStringList outcome(QWidget *progress) const;
    /// Lead and text of a notice.
    static QStringList notice(const char *name, const QWidget *in);

    /// The work of a test that blocks, off the GUI thread.
    template <class F>
    static auto besides(F work)
    {
        auto future = std::async(std::launch::async, std::move(work));
        [[maybe_unused]] const bool ended = QTest::qWaitFor(
            [&future] { return future.wait_for(std::chrono::seconds(0)) == std::future_status::ready; }, patienceMs);
        return future.get();
    }

private:
    using Fits = std::function<bool(QWidget *)>;
    QWidget *find(const char *name, const QWidget *in, const Fits &fits) const;
    QTreeView *tree() const;
    bool comeToFront();
    bool bringIntoView(const QStringList &path);
    static bool pick(QMenu *menu, const char *action);

    MainWindow *m_window;
};

} // namespace Roost::Testing
