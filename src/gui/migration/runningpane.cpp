#include "gui/migration/runningpane.h"

#include "gui/dialogs/fold.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/job.h"

#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

constexpr int parts = 1000; ///< of the bar
constexpr int logLines = 14;

} // namespace

RunningPane::RunningPane(QWidget *parent)
    : MigrationPane({}, parent)
    , m_position(subtleLabel({}))
    , m_what(paragraph({}))
    , m_bar(new QProgressBar)
    , m_amount(subtleLabel({}))
    , m_time(subtleLabel({}))
    , m_log(new QPlainTextEdit)
{
    setObjectName(QStringLiteral("migrationRunning"));
    m_position->setObjectName(QStringLiteral("runningPosition"));
    m_what->setObjectName(QStringLiteral("runningWhat"));
    m_bar->setObjectName(QStringLiteral("runningBar"));
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("How far this step is"));
    m_amount->setObjectName(QStringLiteral("runningAmount"));
    m_time->setObjectName(QStringLiteral("runningTime"));
    m_log->setObjectName(QStringLiteral("runningLog"));
    m_log->setAccessibleName(tr("Log"));
    m_log->setReadOnly(true);
    m_log->setTabChangesFocus(true);
    m_log->setMaximumBlockCount(10'000);
    m_log->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_log->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_log->setFixedHeight(m_log->fontMetrics().lineSpacing() * logLines);
    auto *card = new Card;
    card->body()->setSpacing(Spacing::unit);
    card->body()->addWidget(m_what);
    card->body()->addWidget(m_bar);
    auto *facts = new QHBoxLayout;
    facts->addWidget(m_amount);
    facts->addStretch();
    facts->addWidget(m_time);
    card->body()->addLayout(facts);
    auto *fold = new Fold;
    fold->setTitle(tr("&Log"));
    fold->setContent(m_log);
    body()->addWidget(m_position);
    body()->addWidget(card);
    QLabel *calm = paragraph(tr("Each step is written down before and after it. Whatever happens – this tab closed, "
                                "the network gone, the computer off – the move goes on from here later, and nothing is "
                                "done twice."));
    calm->setProperty("role", QStringLiteral("subtle"));
    body()->addWidget(calm);
    body()->addWidget(fold);
    m_stop = addButton("stopMigration", tr("&Stop here"));
    m_stop->setToolTip(tr("Ends this step where it can. You can go on later."));
    connect(m_stop, &QPushButton::clicked, this, &RunningPane::stopWanted);
    connect(&m_clock, &QTimer::timeout, this, &RunningPane::showTime);
    setFocusProxy(m_stop);
}

void RunningPane::follow(Job *job)
{
    if (m_job) {
        m_job->disconnect(this);
    }
    m_job = job;
    m_log->clear();
    if (!job) {
        m_clock.stop();
        return;
    }
    appendLog(job->log());
    connect(job, &Job::changed, this, &RunningPane::showProgress);
    connect(job, &Job::logged, this, &RunningPane::appendLog);
    m_clock.start(1000);
    showProgress();
}

void RunningPane::setStep(const QString &name, const QString &position)
{
    setHeading(name);
    m_position->setText(position);
    showProgress();
}

void RunningPane::showProgress()
{
    if (!m_job || m_job->isEnded()) {
        return;
    }
    const Progress &progress = m_job->progress();
    const double fraction = progress.fraction();
    const bool isCancelling = m_job->state() == Job::State::Cancelling;
    m_what->setText(isCancelling              ? tr("Stopping, and leaving all in a state to go on from…")
                    : progress.step.isEmpty() ? tr("Looking how far it is…")
                                              : progress.step);
    m_stop->setEnabled(!isCancelling);
    m_bar->setRange(0, fraction < 0 ? 0 : parts);
    if (fraction >= 0) {
        m_bar->setValue(int(fraction * parts));
    }
    QString amount = progress.amount;
    if (fraction >= 0) {
        constexpr int hundred = 100;
        const QString percent = QLocale().toString(int(fraction * hundred)) + QLocale().percent();
        amount = amount.isEmpty() ? percent : percent + QStringLiteral(" · ") + amount;
    }
    m_amount->setText(amount);
    showTime();
}

void RunningPane::showTime()
{
    if (!m_job || m_job->isEnded()) {
        return;
    }
    const QString soFar = tr("%1 so far").arg(Pace::durationText(m_job->elapsedMs()));
    const QString pace = m_job->pace().text();
    m_time->setText(pace.isEmpty() ? soFar : pace + QStringLiteral(" · ") + soFar);
}

void RunningPane::appendLog(const QStringList &lines)
{
    if (!lines.isEmpty()) {
        m_log->appendPlainText(lines.join(u'\n'));
    }
}

} // namespace Roost
