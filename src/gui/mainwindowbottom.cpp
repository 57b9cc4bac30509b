#include "gui/mainwindowbottom.h"

#include "gui/theme/theme.h"

#include <QTabBar>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

namespace Roost {

MainWindowBottom::MainWindowBottom(QWidget *parent)
    : QWidget(parent)
    , m_tabs(new QTabWidget)
{
    setObjectName(QStringLiteral("bottomPanel"));
    setAttribute(Qt::WA_StyledBackground);
    m_tabs->setObjectName(QStringLiteral("bottomTabs"));
    m_tabs->tabBar()->setObjectName(QStringLiteral("bottomTabBar"));
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
    auto *hideButton = new QToolButton;
    hideButton->setObjectName(QStringLiteral("hideBottomPanel"));
    hideButton->setIcon(Theme::icon(QStringLiteral("go-down")));
    hideButton->setToolTip(tr("Hide this panel"));
    hideButton->setAccessibleName(tr("Hide this panel"));
    connect(hideButton, &QToolButton::clicked, this, &QWidget::hide);
    m_tabs->setCornerWidget(hideButton);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::unit / 2, 0, Spacing::unit / 2, 0);
    layout->addWidget(m_tabs);
    connect(m_tabs, &QTabWidget::currentChanged, this, [this](int index) {
        if (isVisible()) {
            fill(index);
        }
        emit changed();
    });
}

void MainWindowBottom::add(Panel panel, const QString &title, const QString &hint, const Maker &maker)
{
    auto *place = new QWidget;
    auto *layout = new QVBoxLayout(place);
    layout->setContentsMargins(0, 0, 0, 0);
    m_makers.insert(panel, maker);
    m_tabs->insertTab(panel, place, title);
    m_tabs->setTabToolTip(panel, hint);
}

void MainWindowBottom::fill(int index)
{
    if (const Maker maker = m_makers.take(index)) {
        QWidget *place = m_tabs->widget(index);
        place->layout()->addWidget(maker(place));
    }
}

void MainWindowBottom::showPanel(Panel panel)
{
    m_tabs->setCurrentIndex(panel);
    show();
}

int MainWindowBottom::shown() const
{
    return isHidden() ? -1 : m_tabs->currentIndex();
}

void MainWindowBottom::showEvent(QShowEvent *event)
{
    // In its own turn: it comes up with a click that has other things to show.
    QTimer::singleShot(0, this, [this] { fill(m_tabs->currentIndex()); });
    QWidget::showEvent(event);
    emit changed();
}

void MainWindowBottom::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    emit changed();
}

} // namespace Roost
