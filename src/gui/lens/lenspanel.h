#pragma once

#include "models/activitylog.h"

#include <QWidget>

class QListWidget;
class QPlainTextEdit;
class QStackedWidget;

namespace Roost {

/// The terminal lens: for each thing Roost did, what does the same in a terminal, and the SQL that was sent. Copyable.
class LensPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LensPanel(ActivityLog *activity, QWidget *parent = nullptr);

private:
    void add(const ActivityLog::Entry &entry);
    void showCurrent();
    void copy(QPlainTextEdit *from) const;

    ActivityLog *m_activity;
    QStackedWidget *m_stack;
    QListWidget *m_list;
    QPlainTextEdit *m_text;
};

} // namespace Roost
