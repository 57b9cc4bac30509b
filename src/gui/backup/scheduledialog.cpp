#include "gui/backup/scheduledialog.h"

#include "gui/dialogs/detailview.h"
#include "gui/dialogs/fold.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/instancelist.h"
#include "models/timewithage.h"

#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QRadioButton>
#include <QSpinBox>
#include <QTimeEdit>
#include <QVBoxLayout>

namespace Roost {

namespace {

struct Known
{
    Result<void> manager;
    QList<ScheduleState> states;
};

QString nextText(const QDateTime &next)
{
    const QDateTime local = next.toLocalTime();
    const qint64 days = QDate::currentDate().daysTo(local.date());
    const QString time = local.toString(QStringLiteral("HH:mm"));
    return days == 0   ? ScheduleDialog::tr("today at %1").arg(time)
           : days == 1 ? ScheduleDialog::tr("tomorrow at %1").arg(time)
                       : ScheduleDialog::tr("%1 at %2")
                             .arg(QLocale().toString(local.date(), QStringLiteral("ddd d MMM")), time);
}

QString lastText(const ScheduleState &state)
{
    if (state.lastResult == ScheduleState::LastResult::Running) {
        return ScheduleDialog::tr("It is running now.");
    }
    if (!state.lastRun.isValid()) {
        return ScheduleDialog::tr("It has not run yet.");
    }
    const QString when = timeWithAge(state.lastRun);
    switch (state.lastResult) {
    case ScheduleState::LastResult::Succeeded:
        return ScheduleDialog::tr("Last: %1, and it went well.").arg(when);
    case ScheduleState::LastResult::Failed:
        return ScheduleDialog::tr("Last: %1, and it failed. The list of backups has the reason.").arg(when);
    default:
        return ScheduleDialog::tr("Last: %1.").arg(when);
    }
}

} // namespace

ScheduleDialog::ScheduleDialog(Services &services, const QString &instance, ScheduleHost host, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_host(std::move(host))
    , m_instance(new QComboBox)
    , m_daily(new QRadioButton(tr("Every &day")))
    , m_weekly(new QRadioButton(tr("Every &week, on")))
    , m_day(new QComboBox)
    , m_time(new QTimeEdit(QTime(3, 30)))
    , m_keep(new QSpinBox)
    , m_state(paragraph(tr("Asking systemd…")))
    , m_needs(paragraph({}))
    , m_notice(new Notice)
    , m_cron(new DetailView)
    , m_remove(new QPushButton(tr("&Remove the schedule")))
    , m_save(new QPushButton(tr("&Schedule")))
{
    setObjectName(QStringLiteral("scheduleDialog"));
    setWindowTitle(tr("Schedule backups"));
    setMinimumWidth(620);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card + 4);
    column->setSpacing(Spacing::card - 4);
    column->addWidget(headingLabel(tr("Let this computer back up an instance by itself")));
    column->addWidget(paragraph(tr("All its databases, each with its proof, into Roost's own folder. What was missed "
                                   "while the computer was off is made up for.")));
    column->addWidget(makeFields(instance));
    m_state->setObjectName(QStringLiteral("scheduleState"));
    auto *card = new Card;
    card->body()->addWidget(m_state);
    column->addWidget(card);
    m_notice->setObjectName(QStringLiteral("scheduleNotice"));
    column->addWidget(m_notice);
    m_needs->setObjectName(QStringLiteral("scheduleNeeds"));
    column->addWidget(m_needs);
    auto *fold = new Fold;
    fold->setObjectName(QStringLiteral("scheduleCronFold"));
    fold->setTitle(tr("The same as a line for &cron"));
    m_cron->setObjectName(QStringLiteral("scheduleCron"));
    m_cron->setVisibleLines(4);
    fold->setContent(m_cron);
    column->addWidget(fold);
    column->addSpacing(Spacing::unit);
    column->addWidget(makeButtons());
    connectParts();
    showInstance();
}

QWidget *ScheduleDialog::makeFields(const QString &instance)
{
    m_instance->setObjectName(QStringLiteral("scheduleInstance"));
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (!entry.instance.isPractice) {
            m_instance->addItem(entry.instance.name);
        }
    }
    m_instance->setCurrentText(instance);
    m_daily->setObjectName(QStringLiteral("scheduleDaily"));
    m_weekly->setObjectName(QStringLiteral("scheduleWeekly"));
    m_daily->setChecked(true);
    m_day->setObjectName(QStringLiteral("scheduleDay"));
    m_day->setAccessibleName(tr("Day of the week"));
    for (int day = 1; day <= 7; ++day) {
        m_day->addItem(QLocale().dayName(day), day);
    }
    m_time->setObjectName(QStringLiteral("scheduleTime"));
    m_time->setDisplayFormat(QStringLiteral("HH:mm"));
    m_time->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_keep->setObjectName(QStringLiteral("scheduleKeep"));
    m_keep->setRange(1, 999);
    m_keep->setButtonSymbols(QAbstractSpinBox::NoButtons);
    m_keep->setValue(BackupSchedule().keep);
    m_keep->setToolTip(
        tr("Older ones made by the schedule are removed; never the last proven one, nor one with a note"));
    auto *fields = new QWidget;
    auto *grid = new QGridLayout(fields);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setHorizontalSpacing(Spacing::card);
    grid->setVerticalSpacing(Spacing::unit + 2);
    const auto label = [grid](int row, const QString &text, QWidget *buddy) {
        auto *made = new QLabel(text);
        made->setBuddy(buddy);
        grid->addWidget(made, row, 0);
    };
    label(0, tr("&Instance"), m_instance);
    grid->addWidget(m_instance, 0, 1, 1, 2);
    label(1, tr("How often"), m_daily);
    grid->addWidget(m_daily, 1, 1);
    auto *week = new QHBoxLayout;
    week->setSpacing(Spacing::unit);
    week->addWidget(m_weekly);
    week->addWidget(m_day);
    week->addStretch();
    grid->addLayout(week, 1, 2);
    label(2, tr("&At"), m_time);
    grid->addWidget(m_time, 2, 1, Qt::AlignLeft);
    label(3, tr("&Keep of each database"), m_keep);
    auto *keep = new QHBoxLayout;
    keep->setSpacing(Spacing::unit);
    keep->addWidget(m_keep);
    keep->addWidget(subtleLabel(tr("backups, and always the last one that was proven")));
    keep->addStretch();
    grid->addLayout(keep, 3, 1, 1, 2);
    grid->setColumnStretch(2, 1);
    return fields;
}

QWidget *ScheduleDialog::makeButtons()
{
    m_remove->setObjectName(QStringLiteral("scheduleRemove"));
    m_remove->setAutoDefault(false);
    m_save->setObjectName(QStringLiteral("scheduleSave"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    auto *close = new QPushButton(tr("Close"));
    close->setObjectName(QStringLiteral("closeButton"));
    close->setAutoDefault(false);
    connect(close, &QPushButton::clicked, this, &QDialog::reject);
    auto *row = new QWidget;
    auto *buttons = new QHBoxLayout(row);
    buttons->setContentsMargins(0, 0, 0, 0);
    buttons->addWidget(m_remove);
    buttons->addStretch();
    buttons->addWidget(close);
    buttons->addWidget(m_save);
    return row;
}

void ScheduleDialog::connectParts()
{
    connect(m_instance, &QComboBox::currentIndexChanged, this, &ScheduleDialog::showInstance);
    connect(m_daily, &QRadioButton::toggled, this, &ScheduleDialog::update);
    connect(m_day, &QComboBox::currentIndexChanged, this, &ScheduleDialog::update);
    connect(m_time, &QTimeEdit::timeChanged, this, &ScheduleDialog::update);
    connect(m_keep, &QSpinBox::valueChanged, this, &ScheduleDialog::update);
    connect(m_save, &QPushButton::clicked, this, &ScheduleDialog::save);
    connect(m_remove, &QPushButton::clicked, this, &ScheduleDialog::remove);
}

void ScheduleDialog::showEvent(QShowEvent *event)
{
    Dialog::showEvent(event);
    if (!m_hasAsked) {
        load();
    }
}

void ScheduleDialog::load()
{
    m_hasAsked = true;
    m_services.jobs->runQuietly<Known>(
        [host = m_host](JobContext &context) -> Result<Known> {
            Known known{findUserManager(host, context), {}};
            auto states = listSchedules(host, context);
            if (!states) {
                return failure(states.error());
            }
            known.states = std::move(*states);
            return known;
        },
        this,
        [this](const Result<Known> &known) {
            if (known) {
                setManager(known->manager);
                setStates(known->states);
            }
        });
}

void ScheduleDialog::setManager(const Result<void> &manager)
{
    m_hasAsked = true;
    m_manager = manager;
    if (!manager) {
        m_notice->say(Tone::Warning, tr("No timer can be made here."), manager.error().message, manager.error().detail);
        if (auto *fold = findChild<Fold *>(QStringLiteral("scheduleCronFold"))) {
            fold->setOpen(true);
        }
    }
    update();
}

void ScheduleDialog::setStates(const QList<ScheduleState> &states)
{
    m_hasAsked = true;
    m_states = states;
    showInstance();
}

const ScheduleState *ScheduleDialog::stateOf(const QString &instance) const
{
    const auto found = std::find_if(m_states.begin(), m_states.end(), [&instance](const ScheduleState &each) {
        return each.schedule.instance == instance;
    });
    return found == m_states.end() ? nullptr : &*found;
}

void ScheduleDialog::showInstance()
{
    if (const ScheduleState *state = stateOf(m_instance->currentText())) {
        const BackupSchedule &schedule = state->schedule;
        (schedule.rhythm == BackupSchedule::Rhythm::Daily ? m_daily : m_weekly)->setChecked(true);
        m_day->setCurrentIndex(schedule.weekday - 1);
        m_time->setTime(schedule.at);
        m_keep->setValue(schedule.keep);
    }
    showState();
    showNeeds();
    update();
}

void ScheduleDialog::showNeeds()
{
    const QString name = m_instance->currentText();
    const auto &entries = m_services.instances->entries();
    const bool lacksPassword = std::any_of(entries.begin(), entries.end(), [&name](const InstanceList::Entry &entry) {
        return entry.instance.name == name && !entry.instance.isPractice && !entry.instance.profile.secretIsStored;
    });
    m_needs->setText(lacksPassword
                         ? tr("The password of %1 is not stored in your keyring, and a timer cannot ask you for it: "
                              "edit the connection and store it, or each of these backups fails.")
                               .arg(name)
                         : tr("It runs while you are logged in, and needs your keyring unlocked to read the password. "
                              "If a backup fails, a notification says so."));
    m_needs->setProperty("role", lacksPassword ? QStringLiteral("warning") : QStringLiteral("subtle"));
    Theme::restyle(m_needs);
}

void ScheduleDialog::showState()
{
    const ScheduleState *state = stateOf(m_instance->currentText());
    if (m_instance->count() == 0) {
        m_state->setText(tr("There is no saved connection yet. Add one first."));
    } else if (!state) {
        m_state->setText(tr("%1 is not backed up by itself yet.").arg(m_instance->currentText()));
    } else if (!state->isAskedOf) {
        m_state->setText(tr("%1 is scheduled %2; systemd does not say whether it runs.")
                             .arg(state->schedule.instance, scheduleText(state->schedule)));
    } else if (!state->isActive) {
        m_state->setText(tr("%1 is scheduled %2, but the timer is switched off. Saving switches it on.")
                             .arg(state->schedule.instance, scheduleText(state->schedule)));
    } else {
        m_state->setText(tr("%1 is backed up %2. Next: %3. %4")
                             .arg(state->schedule.instance, scheduleText(state->schedule), nextText(state->nextRun),
                                  lastText(*state)));
    }
}

BackupSchedule ScheduleDialog::schedule() const
{
    BackupSchedule schedule;
    schedule.instance = m_instance->currentText();
    schedule.rhythm = m_weekly->isChecked() ? BackupSchedule::Rhythm::Weekly : BackupSchedule::Rhythm::Daily;
    schedule.weekday = m_day->currentData().toInt();
    schedule.at = QTime(m_time->time().hour(), m_time->time().minute());
    schedule.keep = m_keep->value();
    return schedule;
}

void ScheduleDialog::update()
{
    const ScheduleState *state = stateOf(m_instance->currentText());
    const bool hasInstance = m_instance->count() > 0;
    m_day->setEnabled(m_weekly->isChecked());
    m_remove->setVisible(state != nullptr);
    m_remove->setEnabled(!m_isBusy);
    m_save->setText(state ? tr("&Save changes") : tr("&Schedule"));
    BackupSchedule saved = state ? state->schedule : BackupSchedule();
    saved.weekday = m_weekly->isChecked() ? saved.weekday : schedule().weekday; // means nothing where it is daily
    const bool isChanged = !state || !state->isActive || !(saved == schedule());
    m_save->setEnabled(hasInstance && isChanged && !m_isBusy && m_manager.has_value());
    m_cron->setText(hasInstance ? cronLine(schedule(), m_host) : QString());
}

void ScheduleDialog::setBusy(bool busy)
{
    m_isBusy = busy;
    update();
}

void ScheduleDialog::tellFailure(const QString &lead, const Error &error)
{
    m_notice->sayError(lead, error);
}

void ScheduleDialog::save()
{
    setBusy(true);
    m_services.jobs->runQuietly<ScheduleState>(
        [wanted = schedule(), host = m_host](JobContext &context) { return saveSchedule(wanted, host, context); }, this,
        [this](const Result<ScheduleState> &state) {
            if (state) {
                m_notice->say(Tone::Good,
                              tr("%1 is backed up %2.").arg(state->schedule.instance, scheduleText(state->schedule)),
                              tr("The next time %1.").arg(nextText(state->nextRun)));
                load();
            } else {
                tellFailure(tr("Nothing was scheduled."), state.error());
            }
            setBusy(false);
        });
}

void ScheduleDialog::remove()
{
    setBusy(true);
    const QString instance = m_instance->currentText();
    m_services.jobs->runQuietly<bool>(
        [instance, host = m_host](JobContext &context) -> Result<bool> {
            return removeSchedule(instance, host, context).map([] { return true; });
        },
        this,
        [this, instance](const Result<bool> &removed) {
            if (removed) {
                m_notice->say(Tone::Neutral, tr("%1 is not backed up by itself any more.").arg(instance),
                              tr("The backups that were made stay."));
                load();
            } else {
                tellFailure(tr("The schedule could not be removed."), removed.error());
            }
            setBusy(false);
        });
}

} // namespace Roost
