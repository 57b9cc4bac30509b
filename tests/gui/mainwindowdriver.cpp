#include "mainwindowdriver.h"

#include "gui/mainwindow.h"
#include "models/navigatormodel.h"

#include <QAbstractButton>
#include <QContextMenuEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QTreeView>

namespace Roost::Testing {

namespace {

bool missed(const QString &what)
{
    std::fprintf(stderr, "The test waited in vain for %s\n", qPrintable(what));
    return false;
}

QModelIndex childNamed(const QAbstractItemModel *model, const QModelIndex &parent, const QString &name)
{
    for (int row = 0; row < model->rowCount(parent); ++row) {
        const QModelIndex child = model->index(row, 0, parent);
        if (child.data().toString() == name) {
            return child;
        }
    }
    return {};
}

bool isLoading(const QModelIndex &parent)
{
    const QModelIndex first = parent.model()->index(0, 0, parent);
    return !first.isValid() || NodeMessage(first.data(NavigatorModel::MessageRole).toInt()) == NodeMessage::Loading;
}

QPoint middleOf(const QWidget *widget)
{
    return widget->rect().center();
}

} // namespace

MainWindowDriver::MainWindowDriver(MainWindow *window)
    : m_window(window)
{
}

QTreeView *MainWindowDriver::tree() const
{
    return m_window->findChild<QTreeView *>(QStringLiteral("navigatorTree"));
}

QModelIndex MainWindowDriver::row(const QStringList &path) const
{
    const QAbstractItemModel *model = tree()->model();
    for (int group = 0; group < model->rowCount(); ++group) {
        QModelIndex index = model->index(group, 0);
        for (const QString &name : path) {
            index = childNamed(model, index, name);
            if (!index.isValid()) {
                break;
            }
        }
        if (index.isValid()) {
            return index;
        }
    }
    return {};
}

QStringList MainWindowDriver::under(const QStringList &path) const
{
    QStringList names;
    const QModelIndex parent = row(path);
    for (int i = 0; parent.isValid() && i < parent.model()->rowCount(parent); ++i) {
        names += parent.model()->index(i, 0, parent).data().toString();
    }
    return names;
}

/// What the window manager does when a dialog has closed; there may be none here.
bool MainWindowDriver::comeToFront()
{
    if (!m_window->isActiveWindow() && !QApplication::activeModalWidget()) {
        m_window->activateWindow();
        return QTest::qWaitForWindowActive(m_window) || missed(QStringLiteral("the window to be active"));
    }
    return true;
}

bool MainWindowDriver::bringIntoView(const QStringList &path)
{
    if (!comeToFront()) {
        return false;
    }
    if (!QTest::qWaitFor([&] { return row(path).isValid() && tree()->isVisible(); }, patienceMs)) {
        return missed(QStringLiteral("the row ") + path.join(u'/'));
    }
    tree()->scrollTo(row(path));
    return true;
}

bool MainWindowDriver::click(const QStringList &path)
{
    if (!bringIntoView(path)) {
        return false;
    }
    QTest::mouseClick(tree()->viewport(), Qt::LeftButton, {}, tree()->visualRect(row(path)).center());
    return tree()->currentIndex() == row(path);
}

bool MainWindowDriver::doubleClick(const QStringList &path)
{
    if (!click(path)) {
        return false;
    }
    QTest::mouseDClick(tree()->viewport(), Qt::LeftButton, {}, tree()->visualRect(row(path)).center());
    return true;
}

bool MainWindowDriver::unfold(const QStringList &path)
{
    if (!bringIntoView(path) || (!tree()->isExpanded(row(path)) && !doubleClick(path))) {
        return false;
    }
    const bool isThere = QTest::qWaitFor(
        [&] { return row(path).isValid() && tree()->isExpanded(row(path)) && !isLoading(row(path)); }, patienceMs);
    return isThere || missed(QStringLiteral("what is in ") + path.join(u'/'));
}

bool MainWindowDriver::pick(QMenu *menu, const char *action)
{
    const QList<QAction *> actions = menu->actions();
    for (QAction *candidate : actions) {
        const QString name = candidate->menu() ? candidate->menu()->objectName() : candidate->objectName();
        if (name != QLatin1String(action)) {
            continue;
        }
        if (!QTest::qWaitFor([&] { return menu->isVisible() && candidate->isEnabled(); })) {
            return missed(QStringLiteral("the menu entry ") + name + QStringLiteral(" to be enabled"));
        }
        const QPoint place = menu->actionGeometry(candidate).center();
        QTest::mouseMove(menu, place);
        QTest::mouseClick(menu, Qt::LeftButton, {}, place);
        return true;
    }
    return missed(QStringLiteral("the menu entry ") + QLatin1String(action));
}

bool MainWindowDriver::chooseFor(const QStringList &path, const char *action, const char *submenu)
{
    if (!click(path)) {
        return false;
    }
    const QPoint place = tree()->visualRect(row(path)).center();
    QContextMenuEvent event(QContextMenuEvent::Mouse, place, tree()->viewport()->mapToGlobal(place));
    QApplication::sendEvent(tree()->viewport(), &event);
    auto *menu = part<QMenu>("nodeMenu");
    if (!menu || !submenu) {
        return menu && pick(menu, action);
    }
    auto *inner = pick(menu, submenu) ? part<QMenu>(submenu) : nullptr;
    return inner && pick(inner, action);
}

bool MainWindowDriver::choose(const char *menu, const char *action)
{
    auto *wanted = m_window->findChild<QMenu *>(QString::fromLatin1(menu));
    QMenuBar *bar = m_window->menuBar();
    if (!wanted || !comeToFront()) {
        return missed(QString::fromLatin1(menu));
    }
    QTest::mouseClick(bar, Qt::LeftButton, {}, bar->actionGeometry(wanted->menuAction()).center());
    return pick(wanted, action);
}

QWidget *MainWindowDriver::find(const char *name, const QWidget *in, const Fits &fits) const
{
    QWidget *found = nullptr;
    const QPointer<const QWidget> place = in ? in : m_window;
    const bool isThere = QTest::qWaitFor(
        [&] {
            const auto all = place ? place->findChildren<QWidget *>(QString::fromLatin1(name)) : QList<QWidget *>();
            const auto it = std::find_if(all.begin(), all.end(),
                                         [&fits](QWidget *widget) { return widget->isVisible() && fits(widget); });
            found = it == all.end() ? nullptr : *it;
            return found != nullptr || !place;
        },
        patienceMs);
    if (!isThere || !found) {
        missed(QString::fromLatin1(name));
    }
    return found;
}

bool MainWindowDriver::isOpen(const char *name) const
{
    const auto all = m_window->findChildren<QWidget *>(QString::fromLatin1(name));
    return std::any_of(all.begin(), all.end(), [](const QWidget *widget) { return widget->isVisible(); });
}

bool MainWindowDriver::press(const char *button, const QWidget *in) const
{
    auto *found = part<QAbstractButton>(button, in);
    const QPointer<QAbstractButton> guard(found);
    if (!found || !QTest::qWaitFor([&] { return !guard || guard->isEnabled(); }, patienceMs) || !guard) {
        return missed(QString::fromLatin1(button) + QStringLiteral(" to be enabled"));
    }
    // The window has its turn between down and up, as between a finger's.
    QTest::mousePress(found, Qt::LeftButton, {}, middleOf(found));
    QCoreApplication::processEvents();
    if (guard) {
        QTest::mouseRelease(found, Qt::LeftButton, {}, middleOf(found));
    }
    return true;
}

bool MainWindowDriver::type(const char *field, const QString &text, const QWidget *in) const
{
    auto *found = part<QLineEdit>(field, in);
    if (!found) {
        return false;
    }
    QTest::mouseClick(found, Qt::LeftButton, {}, middleOf(found));
    QTest::keyClick(found, Qt::Key_A, Qt::ControlModifier);
    QTest::keyClicks(found, text);
    return found->text() == text || missed(QStringLiteral("the text typed into ") + QLatin1String(field));
}

QStringList MainWindowDriver::notice(const char *name, const QWidget *in)
{
    const auto *notice = in->findChild<QWidget *>(QString::fromLatin1(name));
    if (!notice || !notice->isVisible()) {
        return {};
    }
    return {notice->findChild<QLabel *>(QStringLiteral("noticeLead"))->text(),
            notice->findChild<QLabel *>(QStringLiteral("noticeText"))->text()};
}

QStringList MainWindowDriver::outcome(QWidget *progress) const
{
    const QPointer<QWidget> guard(progress);
    const auto said = [&guard] { return guard ? notice("resultNotice", guard) : QStringList(); };
    if (!QTest::qWaitFor([&] { return !said().isEmpty(); }, patienceMs)) {
        missed(QStringLiteral("the end of the job"));
    }
    return said();
}

} // namespace Roost::Testing
