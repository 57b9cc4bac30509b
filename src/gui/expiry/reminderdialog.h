#pragma once

#include "gui/dialogs/dialog.h"
#include "operations/remindertimer.h"

class QCheckBox;
class QLabel;
class QPushButton;
class QSpinBox;
class QTimeEdit;

namespace Roost {

class DetailView;
class Notice;
struct Services;

/// Who reminds the user of the end of free instances: the running program, the tray, and timers of the computer.
class ReminderDialog : public Dialog
{
    Q_OBJECT

public:
    ReminderDialog(Services &services, ScheduleHost host, bool hasTray, QWidget *parent = nullptr);

    /// What was found out on another thread; for pictures, too.
    void setTimers(const ReminderTimers &timers, const Result<void> &manager);

signals:
    void saved(); ///< settings may be other than before

protected:
    void showEvent(QShowEvent *event) override;

private:
    QLayout *makeFields(bool hasTray);
    QLayout *makeButtons();
    ReminderTimers wanted() const;
    void load();
    void update();
    void save();

    Services &m_services;
    ScheduleHost m_host;
    ReminderTimers m_timers;
    Result<void> m_manager;
    bool m_hasAsked = false;
    bool m_isBusy = false;
    QCheckBox *m_program;
    QCheckBox *m_tray;
    QCheckBox *m_timer;
    QCheckBox *m_stale;
    QSpinBox *m_days;
    QTimeEdit *m_time;
    Notice *m_notice;
    DetailView *m_cron;
    QPushButton *m_save;
};

} // namespace Roost
