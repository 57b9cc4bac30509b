#pragma once

#include <QHash>
#include <QWidget>

#include <functional>

class QTabWidget;

namespace Roost {

/// The panel below the tabs: Jobs, Terminal lens, Bird app log. Each is made when it is first shown.
class MainWindowBottom : public QWidget
{
    Q_OBJECT

public:
    enum Panel { Jobs, Lens, AppLog };
    using Maker = std::function<QWidget *(QWidget *parent)>;

    explicit MainWindowBottom(QWidget *parent = nullptr);

    void add(Panel panel, const QString &title, const QString &hint, const Maker &maker);
    void showPanel(Panel panel);
    /// The panel in front, or -1 while hidden.
    int shown() const;

signals:
    void changed();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void fill(int index);

    QTabWidget *m_tabs;
    QHash<int, Maker> m_makers;
};

} // namespace Roost
