#include "gui/expiry/reminderdialog.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "storage/settings.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTimeEdit>
#include <QVBoxLayout>

namespace Roost {

namespace {

struct Found
{
    ReminderTimers timers;
    Result<void> manager;
};

QCheckBox *check(const char *name, const QString &text)
{
    auto *box = new QCheckBox(text);
    box->setObjectName(QString::fromLatin1(name));
    return box;
}

} // namespace

ReminderDialog::ReminderDialog(Services &services, ScheduleHost host, bool hasTray, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_host(std::move(host))
    , m_program(check("remindProgram", tr("While Roost &runs")))
    , m_tray(check("remindTray", tr("&Keep Roost running in the tray when its window is closed")))
    , m_timer(check("remindTimer", tr("While Roost is c&losed, by a timer of this computer, every day at")))
    , m_stale(check("remindStale", tr("The same for databases without a &proven backup of the last")))
    , m_days(new QSpinBox)
    , m_time(new QTimeEdit)
    , m_notice(new Notice)
    , m_cron(new DetailView)
    , m_save(new QPushButton(tr("&Save")))
{
    setObjectName(QStringLiteral("reminderDialog"));
    setWindowTitle(tr("Reminders"));
    setMinimumWidth(600);
    m_notice->setObjectName(QStringLiteral("reminderNotice"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card + 4);
    column->setSpacing(Spacing::card - 4);
    column->addWidget(headingLabel(tr("Who reminds you of the end of a free database")));
    column->addWidget(paragraph(tr("A message on the desktop 10, 5, 2 and 1 days before it stops working, and every "
                                   "day until it is erased. Each is shown once, whoever shows it.")));
    column->addLayout(makeFields(hasTray));
    column->addWidget(m_notice);
    auto *fold = new Fold;
    fold->setObjectName(QStringLiteral("reminderCronFold"));
    fold->setTitle(tr("The same as lines for &cron"));
    m_cron->setObjectName(QStringLiteral("reminderCron"));
    m_cron->setVisibleLines(4);
    fold->setContent(m_cron);
    column->addWidget(fold);
    column->addSpacing(Spacing::unit);
    column->addLayout(makeButtons());
    update();
}

QLayout *ReminderDialog::makeFields(bool hasTray)
{
    const Settings *settings = m_services.settings;
    m_program->setChecked(!settings || settings->remindsOfExpiry());
    m_tray->setChecked(hasTray && settings && settings->keepsInTray());
    m_tray->setEnabled(hasTray);
    if (!hasTray) {
        m_tray->setText(m_tray->text() + tr(" (this desktop has no tray)"));
    }
    m_time->setObjectName(QStringLiteral("remindTime"));
    m_time->setAccessibleName(tr("Time of the timer"));
    m_time->setDisplayFormat(QStringLiteral("HH:mm"));
    m_time->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_time->setTime(m_timers.at);
    m_days->setObjectName(QStringLiteral("remindStaleDays"));
    m_days->setAccessibleName(tr("Age of a backup in days"));
    m_days->setButtonSymbols(QAbstractSpinBox::NoButtons);
    constexpr int mostDays = 365;
    constexpr int aWeek = 7;
    m_days->setRange(1, mostDays);
    m_days->setValue(aWeek);
    m_days->setSuffix(tr(" days"));
    auto *column = new QVBoxLayout;
    column->setSpacing(Spacing::unit + 2);
    column->addWidget(m_program);
    column->addWidget(m_tray);
    const auto row = [column](QCheckBox *box, QWidget *field) {
        auto *line = new QHBoxLayout;
        line->setSpacing(Spacing::unit);
        line->addWidget(box);
        line->addWidget(field);
        line->addStretch();
        column->addLayout(line);
        connect(box, &QCheckBox::toggled, field, &QWidget::setEnabled);
        field->setEnabled(false);
    };
    row(m_timer, m_time);
    row(m_stale, m_days);
    for (QCheckBox *box : {m_program, m_tray, m_timer, m_stale}) {
        connect(box, &QCheckBox::toggled, this, &ReminderDialog::update);
    }
    connect(m_time, &QTimeEdit::timeChanged, this, &ReminderDialog::update);
    connect(m_days, &QSpinBox::valueChanged, this, &ReminderDialog::update);
    return column;
}

QLayout *ReminderDialog::makeButtons()
{
    m_save->setObjectName(QStringLiteral("reminderSave"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &ReminderDialog::save);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    return buttons;
}

void ReminderDialog::showEvent(QShowEvent *event)
{
    Dialog::showEvent(event);
    if (!m_hasAsked) {
        load();
    }
}

void ReminderDialog::load()
{
    m_hasAsked = true;
    m_services.jobs->runQuietly<Found>(
        [host = m_host](JobContext &context) -> Result<Found> {
            return Found{readReminders(host), findUserManager(host, context)};
        },
        this,
        [this](const Result<Found> &found) {
            if (found) {
                setTimers(found->timers, found->manager);
            }
        });
}

void ReminderDialog::setTimers(const ReminderTimers &timers, const Result<void> &manager)
{
    m_hasAsked = true;
    m_timers = timers;
    m_manager = manager;
    m_timer->setChecked(timers.remindsOfExpiry);
    m_stale->setChecked(timers.staleDays > 0);
    if (timers.staleDays > 0) {
        m_days->setValue(timers.staleDays);
    }
    m_time->setTime(timers.at);
    if (!manager) {
        m_notice->say(Tone::Warning, tr("No timer can be made here."), manager.error().message, manager.error().detail);
        if (auto *fold = findChild<Fold *>(QStringLiteral("reminderCronFold"))) {
            fold->setOpen(true);
        }
    }
    update();
}

ReminderTimers ReminderDialog::wanted() const
{
    ReminderTimers timers;
    timers.remindsOfExpiry = m_timer->isChecked();
    timers.staleDays = m_stale->isChecked() ? m_days->value() : 0;
    timers.at = QTime(m_time->time().hour(), m_time->time().minute());
    return timers;
}

void ReminderDialog::update()
{
    const bool mayTime = m_manager.has_value() && !m_isBusy;
    m_timer->setEnabled(mayTime);
    m_stale->setEnabled(mayTime);
    m_save->setEnabled(!m_isBusy);
    m_time->setEnabled(m_timer->isChecked() || m_stale->isChecked());
    const ReminderTimers timers = wanted();
    m_cron->setText(cronLine(expiryTimer(timers.at), m_host) + u'\n' +
                    cronLine(staleTimer(m_days->value(), timers.at), m_host));
}

void ReminderDialog::save()
{
    if (Settings *settings = m_services.settings) {
        settings->setRemindsOfExpiry(m_program->isChecked());
        if (m_tray->isEnabled()) {
            settings->setKeepsInTray(m_tray->isChecked());
        }
    }
    emit saved();
    if (wanted() == m_timers || !m_manager) {
        accept();
        return;
    }
    m_isBusy = true;
    update();
    m_services.jobs->runQuietly<bool>(
        [timers = wanted(), host = m_host](JobContext &context) -> Result<bool> {
            return saveReminders(timers, host, context).map([] { return true; });
        },
        this,
        [this](const Result<bool> &done) {
            m_isBusy = false;
            update();
            if (done) {
                accept();
            } else {
                m_notice->sayError(tr("The timer was not set."), done.error());
            }
        });
}

} // namespace Roost
