#pragma once

#include <QStackedWidget>

#include <functional>

class QTabWidget;

namespace Roost {

class Page;

/// The centre of the window: tabs that can be closed, each known by a key; a backdrop while there are none.
class MainWindowTabs : public QStackedWidget
{
    Q_OBJECT

public:
    explicit MainWindowTabs(QWidget *backdrop, QWidget *parent = nullptr);

    /// Brings the tab with the key to the front; makes it first when there is none.
    QWidget *open(const QString &key, const QString &iconName, const QString &title,
                  const std::function<QWidget *()> &make);
    QWidget *find(const QString &key) const;
    QWidget *current() const; ///< null while the backdrop shows
    Page *currentPage() const;
    QList<QWidget *> all() const;
    void setTitle(QWidget *page, const QString &title);
    QString titleOf(const QWidget *page) const;
    void close(QWidget *page);
    void show(QWidget *page);
    using QStackedWidget::show;
    /// As the user closes it: a page that holds something unsaved asks first.
    void askToClose(QWidget *page);
    void closeIf(const std::function<bool(const QWidget *)> &unwanted);
    void step(int by);
    void choose(int index);

signals:
    void currentChanged();
    /// A tab's page is about to go.
    void closing(QWidget *page);

private:
    void changed();

    QWidget *m_backdrop;
    QTabWidget *m_tabs;
};

} // namespace Roost
