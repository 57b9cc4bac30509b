#include "gui/jobs/jobrow.h"

#include "gui/theme/theme.h"
#include "gui/widgets/elidedlabel.h"
#include "jobs/job.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace Roost {

namespace {

constexpr int steps = 1000;

QPushButton *flatButton(const QString &name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(name);
    button->setProperty("kind", QStringLiteral("flat"));
    return button;
}

} // namespace

JobRow::JobRow(Job *job, QWidget *parent)
    : QWidget(parent)
    , m_job(job)
    , m_title(new ElidedLabel(job->title()))
    , m_bar(new QProgressBar)
    , m_pace(new QLabel)
    , m_text(new ElidedLabel)
    , m_details(flatButton(QStringLiteral("jobDetails"), tr("Details")))
    , m_cancel(flatButton(QStringLiteral("jobCancel"), tr("Cancel")))
{
    setObjectName(QStringLiteral("jobRow"));
    constexpr int titleWidth = 230;
    constexpr int textWidth = 340;
    m_title->setMinimumWidth(titleWidth);
    m_pace->setObjectName(QStringLiteral("jobPace"));
    m_pace->setTextFormat(Qt::PlainText);
    m_pace->setProperty("role", QStringLiteral("subtle"));
    m_bar->setRange(0, steps);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of %1").arg(job->title()));
    m_details->setAccessibleName(tr("Details of %1").arg(job->title()));
    m_cancel->setAccessibleName(tr("Cancel %1").arg(job->title()));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 1, 0, 1);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_title, 2);
    layout->addWidget(m_bar, 4);
    auto *words = new QWidget; // so that the bars of all jobs are equally long
    words->setMinimumWidth(textWidth);
    auto *wordsLayout = new QHBoxLayout(words);
    wordsLayout->setContentsMargins(0, 0, 0, 0);
    wordsLayout->setSpacing(Spacing::unit);
    wordsLayout->addWidget(m_text, 1);
    wordsLayout->addWidget(m_pace);
    layout->addWidget(words, 3);
    layout->addWidget(m_details);
    layout->addWidget(m_cancel);
    QSizePolicy keepsPlace = m_cancel->sizePolicy();
    keepsPlace.setRetainSizeWhenHidden(true);
    m_cancel->setSizePolicy(keepsPlace);
    connect(m_details, &QPushButton::clicked, this, &JobRow::opened);
    connect(m_cancel, &QPushButton::clicked, job, &Job::cancel);
    connect(job, &Job::changed, this, &JobRow::update);
    update();
}

QString JobRow::stateText() const
{
    switch (m_job->state()) {
    case Job::State::Running: {
        const Progress &progress = m_job->progress();
        QStringList parts;
        // The bar says how much; where there is a pace, its label needs the room.
        for (const QString &part : {progress.step, m_job->pace().text().isEmpty() ? progress.amount : QString()}) {
            if (!part.isEmpty()) {
                parts += part;
            }
        }
        return parts.isEmpty() ? tr("Running") : parts.join(QStringLiteral(" · "));
    }
    case Job::State::Cancelling:
        return tr("Cancelling…");
    case Job::State::Succeeded:
        return m_job->summary().isEmpty() ? tr("Done") : tr("Done · %1").arg(m_job->summary());
    case Job::State::Failed:
        return tr("Failed · %1").arg(m_job->error().message);
    case Job::State::Cancelled:
        return tr("Cancelled");
    }
    return {};
}

void JobRow::update()
{
    const double fraction = m_job->progress().fraction();
    const bool isEnded = m_job->isEnded();
    const bool isUnknown = !isEnded && fraction < 0;
    m_bar->setRange(0, isUnknown ? 0 : steps);
    if (!isUnknown) {
        m_bar->setValue(m_job->state() == Job::State::Succeeded ? steps : int(qMax(0.0, fraction) * steps));
    }
    const QString tone = m_job->state() == Job::State::Succeeded ? QStringLiteral("good")
                         : m_job->state() == Job::State::Failed  ? QStringLiteral("danger")
                                                                 : QString();
    if (m_bar->property("tone").toString() != tone) {
        m_bar->setProperty("tone", tone);
        m_text->setProperty("role", tone);
        Theme::restyle(m_bar);
        Theme::restyle(m_text);
    }
    if (tone.isEmpty() && m_text->property("role").toString().isEmpty()) {
        m_text->setProperty("role", QStringLiteral("subtle"));
        Theme::restyle(m_text);
    }
    const QString pace = m_job->state() == Job::State::Running ? m_job->pace().text() : QString();
    m_pace->setText(pace);
    m_pace->setVisible(!pace.isEmpty());
    m_text->setText(stateText());
    m_cancel->setVisible(!isEnded);
    m_cancel->setEnabled(m_job->state() == Job::State::Running);
}

} // namespace Roost
