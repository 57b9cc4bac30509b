#pragma once

#include "gui/dialogs/dialog.h"
#include "operations/backupschedule.h"

class QComboBox;
class QLabel;
class QPushButton;
class QRadioButton;
class QSpinBox;
class QTimeEdit;
class QVBoxLayout;

namespace Roost {

class DetailView;
class Notice;
struct Services;

/// Lets the computer back up an instance every day or week: shows the schedule there is, how the last run ended and
/// when the next one comes; makes, changes and removes it. Asks systemd off the GUI thread.
class ScheduleDialog : public Dialog
{
    Q_OBJECT

public:
    /// `instance` may be empty. `host`: where timers are made; ScheduleHost::ofThisComputer() but for tests.
    ScheduleDialog(Services &services, const QString &instance, ScheduleHost host, QWidget *parent = nullptr);

    void setStates(const QList<ScheduleState> &states);
    /// Whether timers can be made; the answer of findUserManager().
    void setManager(const Result<void> &manager);

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *makeFields(const QString &instance);
    QWidget *makeButtons();
    void connectParts();
    BackupSchedule schedule() const;
    const ScheduleState *stateOf(const QString &instance) const;
    void load();
    void showInstance();
    void showState();
    void showNeeds();
    void update();
    void save();
    void remove();
    void setBusy(bool busy);
    void tellFailure(const QString &lead, const Error &error);

    Services &m_services;
    ScheduleHost m_host;
    QList<ScheduleState> m_states;
    Result<void> m_manager;
    QComboBox *m_instance;
    QRadioButton *m_daily;
    QRadioButton *m_weekly;
    QComboBox *m_day;
    QTimeEdit *m_time;
    QSpinBox *m_keep;
    QLabel *m_state;
    QLabel *m_needs;
    Notice *m_notice;
    DetailView *m_cron;
    QPushButton *m_remove;
    QPushButton *m_save;
    bool m_hasAsked = false;
    bool m_isBusy = false;
};

} // namespace Roost
