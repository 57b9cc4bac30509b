#include "gui/dialogs/jobprogressdialog.h"

#include "gui/dialogs/fold.h"
#include "gui/dialogs/joboutcome.h"
#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "jobs/job.h"

#include "ui_jobprogressdialog.h"

#include <QFontDatabase>
#include <QLocale>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int logLines = 10;
constexpr int steps = 1000; ///< of the bar

} // namespace

JobProgressDialog::JobProgressDialog(Job *job, QWidget *parent)
    : Dialog(parent)
    , m_job(job)
    , m_ui(std::make_unique<Ui::JobProgressDialog>())
    , m_log(new QPlainTextEdit(this))
{
    m_ui->setupUi(this);
    setWindowTitle(job->title());
    m_ui->headingLabel->setText(job->title());
    m_log->setObjectName(QStringLiteral("logView"));
    m_log->setReadOnly(true);
    m_log->setTabChangesFocus(true);
    m_log->setMaximumBlockCount(10'000);
    m_log->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->setFixedHeight(m_log->fontMetrics().lineSpacing() * logLines);
    m_log->setAccessibleName(tr("Log"));
    m_ui->logFold->setTitle(tr("&Log"));
    m_ui->logFold->setContent(m_log);
    appendLog(job->log());

    connect(job, &Job::changed, this, &JobProgressDialog::showProgress);
    connect(job, &Job::logged, this, &JobProgressDialog::appendLog);
    // Queued: the one who started the job attaches its outcome right after the end.
    connect(job, &Job::ended, this, &JobProgressDialog::showEnd, Qt::QueuedConnection);
    connect(job, &QObject::destroyed, this, &QWidget::close);
    connect(m_ui->cancelButton, &QPushButton::clicked, job, &Job::cancel);
    connect(m_ui->backgroundButton, &QPushButton::clicked, this, &QDialog::reject);
    connect(&m_clock, &QTimer::timeout, this, &JobProgressDialog::showTime);
    m_clock.start(1000);
    m_ui->backgroundButton->setFocus();
    showProgress();
    if (job->isEnded()) {
        showEnd();
    }
}

JobProgressDialog::~JobProgressDialog() = default;

void JobProgressDialog::showProgress()
{
    if (!m_job || m_job->isEnded()) {
        return;
    }
    const Progress &progress = m_job->progress();
    const double fraction = progress.fraction();
    const bool isCancelling = m_job->state() == Job::State::Cancelling;
    m_ui->stepLabel->setText(isCancelling              ? tr("Stopping, and cleaning up…")
                             : progress.step.isEmpty() ? tr("Starting…")
                                                       : progress.step);
    m_ui->cancelButton->setEnabled(!isCancelling);
    if (fraction < 0) {
        m_ui->progressBar->setRange(0, 0);
    } else {
        m_ui->progressBar->setRange(0, steps);
        m_ui->progressBar->setValue(int(fraction * steps));
    }
    QString amount = progress.amount;
    if (fraction >= 0) {
        const QString percent = QLocale().toString(int(fraction * 100)) + QLocale().percent();
        amount = amount.isEmpty() ? percent : percent + QStringLiteral(" · ") + amount;
    }
    m_ui->amountLabel->setText(amount);
    showTime();
}

void JobProgressDialog::showTime()
{
    if (!m_job || m_job->isEnded()) {
        return;
    }
    const QString soFar = tr("%1 so far").arg(Pace::durationText(m_job->elapsedMs()));
    const QString pace = m_job->pace().text();
    m_ui->timeLabel->setText(pace.isEmpty() ? soFar : soFar + QStringLiteral(" · ") + pace);
}

void JobProgressDialog::appendLog(const QStringList &lines)
{
    if (!lines.isEmpty()) {
        m_log->appendPlainText(lines.join(u'\n'));
    }
}

void JobProgressDialog::showEnd()
{
    if (!m_job) {
        return;
    }
    m_clock.stop();
    m_ui->progressBar->setRange(0, steps);
    m_ui->amountLabel->clear();
    m_ui->timeLabel->setText(Pace::durationText(m_job->elapsedMs()));
    m_ui->cancelButton->hide();
    m_ui->backgroundButton->setText(tr("Close"));
    m_ui->stepLabel->hide();
    switch (m_job->state()) {
    case Job::State::Succeeded:
        m_ui->progressBar->setValue(steps);
        showSuccess();
        break;
    case Job::State::Cancelled:
        m_ui->progressBar->hide();
        m_ui->resultNotice->say(Tone::Neutral, tr("Cancelled"), tr("It was stopped at your request."));
        break;
    default:
        m_ui->progressBar->hide();
        m_ui->resultNotice->sayError(tr("It failed"), m_job->error());
        break;
    }
    showGroups();
    m_ui->backgroundButton->setFocus();
}

void JobProgressDialog::showGroups()
{
    const QList<MessageGroup> groups = JobOutcome::of(m_job).groups;
    if (!groups.isEmpty()) {
        auto *column = qobject_cast<QVBoxLayout *>(layout());
        column->insertWidget(column->indexOf(m_ui->resultNotice) + 1, new MessageGroups(groups, this));
    }
}

void JobProgressDialog::showSuccess()
{
    const JobOutcome outcome = JobOutcome::of(m_job);
    QStringList text;
    if (outcome.text.isEmpty()) {
        text += m_job->summary();
    } else {
        text += outcome.text;
    }
    text += outcome.notes;
    text.removeAll(QString());
    const bool isQuiet = outcome.notes.isEmpty() && outcome.isQuiet;
    m_ui->resultNotice->say(isQuiet ? Tone::Good : Tone::Warning,
                            isQuiet ? tr("Done") : tr("Done, with something to know"), text.join(u'\n'));
    if (outcome.next.size() > 2) {
        // They have no room beside the button that closes.
        auto *column = qobject_cast<QVBoxLayout *>(layout());
        column->insertWidget(column->indexOf(m_ui->resultNotice) + 1, m_ui->nextActions, 0, Qt::AlignLeft);
    }
    for (const JobOutcome::Action &action : outcome.next) {
        auto *button = new QPushButton(action.text, this);
        button->setObjectName(action.objectName);
        button->setAutoDefault(false);
        m_ui->nextActions->layout()->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, run = action.run] {
            QWidget *owner = parentWidget();
            close();
            run(owner);
        });
    }
}

} // namespace Roost
