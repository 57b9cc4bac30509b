#pragma once

#include "support/leaksearch.h"

#include <QObject>
#include <QSet>
#include <QTimer>

namespace Roost::Testing {

/// Everything that any living widget of this process shows, tells a screen reader or keeps ready to be shown, and in
/// which the password stands: "QLabel noticeText: text". In the GUI thread.
QStringList leaksInWidgets(const LeakSearch &search);

/// Looks at all widgets again and again, so that what is shown for a moment is seen too. Lives in the GUI thread.
class WidgetSampler : public QObject
{
public:
    explicit WidgetSampler(const LeakSearch &search);

    QStringList leaks() const { return m_leaks.values(); }
    int rounds() const { return m_rounds; }

private:
    const LeakSearch m_search;
    QTimer m_timer;
    QSet<QString> m_leaks;
    int m_rounds = 0;
};

} // namespace Roost::Testing
