#include "gui/mainwindowtabs.h"

#include "gui/theme/theme.h"
#include "gui/widgets/page.h"

#include <QAbstractButton>
#include <QPainter>
#include <QPointer>
#include <QTabBar>
#include <QTabWidget>

namespace Roost {

namespace {

const char *const keyProperty = "tabKey";

/// A small cross that does not shout.
class TabCloseButton : public QAbstractButton
{
public:
    explicit TabCloseButton(QWidget *parent)
        : QAbstractButton(parent)
    {
        setFocusPolicy(Qt::NoFocus);
        setCursor(Qt::ArrowCursor);
        setToolTip(MainWindowTabs::tr("Close tab (Ctrl+W)"));
        setAccessibleName(MainWindowTabs::tr("Close tab"));
        setObjectName(QStringLiteral("closeTabButton"));
    }

    QSize sizeHint() const override { return {16, 16}; }

protected:
    void enterEvent(QEnterEvent *) override { update(); }
    void leaveEvent(QEvent *) override { update(); }

    void paintEvent(QPaintEvent *) override
    {
        constexpr double arm = 3.5;
        const Colors &colors = Theme::instance().colors();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (underMouse()) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(isDown() ? colors.selection : colors.track);
            painter.drawRoundedRect(rect(), 4, 4);
        }
        QPen pen(underMouse() ? colors.text : colors.subtle, 1.3);
        pen.setCapStyle(Qt::RoundCap);
        painter.setPen(pen);
        const QPointF center = QRectF(rect()).center();
        painter.drawLine(center + QPointF(-arm, -arm), center + QPointF(arm, arm));
        painter.drawLine(center + QPointF(-arm, arm), center + QPointF(arm, -arm));
    }
};

} // namespace

MainWindowTabs::MainWindowTabs(QWidget *backdrop, QWidget *parent)
    : QStackedWidget(parent)
    , m_backdrop(backdrop)
    , m_tabs(new QTabWidget)
{
    m_tabs->setObjectName(QStringLiteral("centralTabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->setMovable(true);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->tabBar()->setObjectName(QStringLiteral("centralTabBar"));
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
    addWidget(backdrop);
    addWidget(m_tabs);
    connect(m_tabs, &QTabWidget::currentChanged, this, &MainWindowTabs::changed);
}

QWidget *MainWindowTabs::open(const QString &key, const QString &iconName, const QString &title,
                              const std::function<QWidget *()> &make)
{
    QWidget *page = find(key);
    if (!page) {
        page = make();
        page->setProperty(keyProperty, key);
        const int index = m_tabs->addTab(page, Theme::icon(iconName), title);
        auto *button = new TabCloseButton(m_tabs->tabBar());
        connect(button, &QAbstractButton::clicked, page, [this, page] { askToClose(page); });
        m_tabs->tabBar()->setTabButton(index, QTabBar::RightSide, button);
    }
    m_tabs->setCurrentWidget(page);
    changed();
    return page;
}

QWidget *MainWindowTabs::find(const QString &key) const
{
    for (QWidget *page : all()) {
        if (page->property(keyProperty).toString() == key) {
            return page;
        }
    }
    return nullptr;
}

QList<QWidget *> MainWindowTabs::all() const
{
    QList<QWidget *> pages;
    for (int i = 0; i < m_tabs->count(); ++i) {
        pages += m_tabs->widget(i);
    }
    return pages;
}

QWidget *MainWindowTabs::current() const
{
    return m_tabs->currentWidget();
}

Page *MainWindowTabs::currentPage() const
{
    return qobject_cast<Page *>(m_tabs->currentWidget());
}

void MainWindowTabs::setTitle(QWidget *page, const QString &title)
{
    m_tabs->setTabText(m_tabs->indexOf(page), title);
}

QString MainWindowTabs::titleOf(const QWidget *page) const
{
    return m_tabs->tabText(m_tabs->indexOf(const_cast<QWidget *>(page)));
}

void MainWindowTabs::close(QWidget *page)
{
    const int index = m_tabs->indexOf(page);
    if (index < 0) {
        return;
    }
    emit closing(page);
    m_tabs->removeTab(index);
    page->deleteLater();
    changed();
}

void MainWindowTabs::askToClose(QWidget *widget)
{
    auto *page = qobject_cast<Page *>(widget);
    if (!page || !page->hasUnsaved()) {
        close(widget);
        return;
    }
    show(page);
    page->mayLeave([self = QPointer(this), page = QPointer(page)](bool mayLeave) {
        if (self && page && mayLeave) {
            self->close(page);
        }
    });
}

void MainWindowTabs::closeIf(const std::function<bool(const QWidget *)> &unwanted)
{
    for (QWidget *page : all()) {
        if (unwanted(page)) {
            close(page);
        }
    }
}

void MainWindowTabs::show(QWidget *page)
{
    m_tabs->setCurrentWidget(page);
}

void MainWindowTabs::step(int by)
{
    const int count = m_tabs->count();
    if (count > 0) {
        m_tabs->setCurrentIndex((m_tabs->currentIndex() + by + count) % count);
    }
}

void MainWindowTabs::choose(int index)
{
    if (index < m_tabs->count()) {
        m_tabs->setCurrentIndex(index);
    }
}

void MainWindowTabs::changed()
{
    setCurrentWidget(m_tabs->count() == 0 ? m_backdrop : static_cast<QWidget *>(m_tabs));
    emit currentChanged();
}

} // namespace Roost
