#include "widgetleaks.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QGroupBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QStatusBar>
#include <QTabBar>
#include <QTextEdit>

namespace Roost::Testing {

namespace {

/// What is told of a widget or action, and where it stood.
struct Told
{
    const char *where;
    QString text;
};

QList<Told> ofAnyWidget(const QWidget *widget)
{
    return {{"window title", widget->windowTitle()},       {"icon text", widget->windowIconText()},
            {"file path", widget->windowFilePath()},       {"tool tip", widget->toolTip()},
            {"status tip", widget->statusTip()},           {"what's this", widget->whatsThis()},
            {"accessible name", widget->accessibleName()}, {"accessible description", widget->accessibleDescription()},
            {"object name", widget->objectName()}};
}

QList<Told> ofActions(const QWidget *widget)
{
    QList<Told> told;
    for (const QAction *action : widget->actions()) {
        told += {{"action", action->text()},
                 {"action's tool tip", action->toolTip()},
                 {"action's status tip", action->statusTip()},
                 {"action's data", action->data().toString()}};
    }
    return told;
}

QList<Told> ofItems(const QAbstractItemModel *model, const QModelIndex &parent)
{
    QList<Told> told;
    for (int row = 0; model && row < model->rowCount(parent); ++row) {
        for (int column = 0; column < model->columnCount(parent); ++column) {
            const QModelIndex index = model->index(row, column, parent);
            for (const int role :
                 {int(Qt::DisplayRole), int(Qt::EditRole), int(Qt::ToolTipRole), int(Qt::StatusTipRole),
                  int(Qt::AccessibleTextRole), int(Qt::UserRole), int(Qt::UserRole) + 1, int(Qt::UserRole) + 2}) {
                told.append(Told{"item", index.data(role).toString()});
            }
            told += ofItems(model, index);
        }
    }
    return told;
}

QList<Told> ofFields(const QWidget *widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(widget)) {
        return {{"text", label->text()}};
    }
    if (const auto *button = qobject_cast<const QAbstractButton *>(widget)) {
        return {{"text", button->text()}};
    }
    if (const auto *field = qobject_cast<const QLineEdit *>(widget)) {
        // A field for passwords holds one, and shows dots.
        return {{"text", field->displayText()}, {"placeholder", field->placeholderText()}};
    }
    if (const auto *field = qobject_cast<const QPlainTextEdit *>(widget)) {
        return {{"text", field->toPlainText()}, {"placeholder", field->placeholderText()}};
    }
    if (const auto *field = qobject_cast<const QTextEdit *>(widget)) {
        return {{"text", field->toHtml()}, {"placeholder", field->placeholderText()}};
    }
    if (const auto *group = qobject_cast<const QGroupBox *>(widget)) {
        return {{"title", group->title()}};
    }
    if (const auto *menu = qobject_cast<const QMenu *>(widget)) {
        return {{"title", menu->title()}};
    }
    if (const auto *bar = qobject_cast<const QProgressBar *>(widget)) {
        return {{"text", bar->text()}, {"format", bar->format()}};
    }
    if (const auto *bar = qobject_cast<const QStatusBar *>(widget)) {
        return {{"message", bar->currentMessage()}};
    }
    if (const auto *combo = qobject_cast<const QComboBox *>(widget)) {
        return ofItems(combo->model(), {});
    }
    if (const auto *view = qobject_cast<const QAbstractItemView *>(widget)) {
        return ofItems(view->model(), {});
    }
    QList<Told> told;
    if (const auto *bar = qobject_cast<const QTabBar *>(widget)) {
        for (int i = 0; i < bar->count(); ++i) {
            told += {{"tab", bar->tabText(i)}, {"tab's tool tip", bar->tabToolTip(i)}};
        }
    }
    return told;
}

} // namespace

QStringList leaksInWidgets(const LeakSearch &search)
{
    QStringList leaks;
    const QWidgetList widgets = QApplication::allWidgets();
    for (const QWidget *widget : widgets) {
        const QList<Told> all = ofAnyWidget(widget) + ofActions(widget) + ofFields(widget);
        for (const Told &told : all) {
            if (!told.text.isEmpty() && search.isIn(told.text)) {
                leaks += QStringLiteral("%1 %2: %3")
                             .arg(QString::fromLatin1(widget->metaObject()->className()), widget->objectName(),
                                  QString::fromLatin1(told.where));
            }
        }
    }
    return leaks;
}

WidgetSampler::WidgetSampler(const LeakSearch &search)
    : m_search(search)
{
    constexpr int interval = 40;
    connect(&m_timer, &QTimer::timeout, this, [this] {
        const QStringList leaks = leaksInWidgets(m_search);
        m_leaks += QSet<QString>(leaks.begin(), leaks.end());
        ++m_rounds;
    });
    m_timer.start(interval);
}

} // namespace Roost::Testing
