#pragma once

#include <QString>
#include <QWidget>

namespace Roost {

/// A tab of the main window. Says what the status bar shows while it is in front.
class Page : public QWidget
{
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// Where the page is: the status bar's left part. Empty for pages that are nowhere.
    virtual QString instanceId() const { return {}; }
    virtual QString database() const { return {}; }
    /// "1,204,118 rows": the status bar's right part.
    virtual QString statusText() const { return {}; }
    /// Reads what it shows again.
    virtual void refresh() {}

signals:
    void statusChanged();
};

} // namespace Roost
