#pragma once

#include <QString>
#include <QWidget>

#include <functional>

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
    /// There is something in it that is gone with the page.
    virtual bool hasUnsaved() const { return false; }
    /// Asks the user what is to become of it; `done` gets true when the page may go.
    virtual void mayLeave(std::function<void(bool)> done) { done(true); }

signals:
    void statusChanged();
};

} // namespace Roost
