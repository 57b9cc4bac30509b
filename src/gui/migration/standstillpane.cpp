#include "gui/migration/standstillpane.h"

#include "gui/dialogs/notice.h"
#include "gui/widgets/card.h"
#include "models/timewithage.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace Roost {

StandstillPane::StandstillPane(QWidget *parent)
    : MigrationPane({}, parent)
    , m_notice(new Notice)
    , m_text(paragraph({}))
    , m_stop(addButton("standStop", tr("&Stop here")))
    , m_back(addButton("standGoBack", tr("Go &back…")))
    , m_backups(addButton("standBackups", tr("Show &backups")))
    , m_look(addButton("standLookAgain", tr("&Look again"), true, "primary"))
    , m_plan(addButton("standPlan", tr("&Plan a new move"), true, "primary"))
    , m_goOn(addButton("standGoOn", tr("&Go on"), true, "primary"))
{
    setObjectName(QStringLiteral("migrationStandstill"));
    m_notice->setObjectName(QStringLiteral("standNotice"));
    m_text->setObjectName(QStringLiteral("standText"));
    m_stop->setToolTip(tr("All is written down already; go on whenever you like"));
    m_back->setToolTip(tr("Lets the services run again and gives the move up; the backups stay"));
    offer({}); // six in a row would make the page wide
    body()->addWidget(m_notice);
    body()->addWidget(m_text);
    connect(m_stop, &QPushButton::clicked, this, &StandstillPane::stopWanted);
    connect(m_back, &QPushButton::clicked, this, &StandstillPane::goBackWanted);
    connect(m_backups, &QPushButton::clicked, this, &StandstillPane::backupsWanted);
    connect(m_look, &QPushButton::clicked, this, &StandstillPane::lookAgainWanted);
    connect(m_plan, &QPushButton::clicked, this, &StandstillPane::planWanted);
    connect(m_goOn, &QPushButton::clicked, this, &StandstillPane::goOnWanted);
}

void StandstillPane::offer(std::initializer_list<QPushButton *> buttons)
{
    QPushButton *primary = nullptr;
    for (QPushButton *button : {m_stop, m_back, m_backups, m_look, m_plan, m_goOn}) {
        const bool isOffered = std::find(buttons.begin(), buttons.end(), button) != buttons.end();
        button->setVisible(isOffered);
        primary = isOffered ? button : primary;
    }
    setFocusProxy(primary);
    scrollToTop();
}

QString StandstillPane::safetyText(const MigrationState &state)
{
    if (!state.isPastGate()) {
        return tr("The old instance is untouched: everything done so far can be undone, and the backups stay in any "
                  "case.");
    }
    return tr("Every database is in backups that were proven before the old instance was touched. Going on finishes "
              "the move from them; there is nothing left to go back to.");
}

void StandstillPane::showFailure(const MigrationState &state, const Error &error)
{
    const auto step = state.next();
    setHeading(step ? tr("“%1” did not work").arg(nameOf(*step)) : tr("It did not work"));
    m_notice->sayError(tr("What happened"), error);
    m_text->setText(safetyText(state) + u' ' + tr("Trying again looks first what is done already."));
    m_goOn->setText(tr("&Try again"));
    state.isPastGate() ? offer({m_stop, m_backups, m_goOn}) : offer({m_stop, m_back, m_goOn});
}

void StandstillPane::showStanding(const MigrationState &state)
{
    const auto step = state.next();
    const bool isInterrupted = step && state.step(*step).status == MigrationStepState::Status::Begun;
    setHeading(tr("This move is not finished"));
    m_notice->clear();
    QStringList text;
    if (step && isInterrupted) {
        text += tr("“%1” was interrupted. Going on looks what of it is done, and does the rest.").arg(nameOf(*step));
    } else if (step) {
        text += tr("Next: %1.").arg(nameOf(*step));
    }
    if (state.lastAt.isValid()) {
        text += tr("Last written down: %1.").arg(timeWithAge(state.lastAt));
    }
    text += safetyText(state);
    m_text->setText(text.join(QStringLiteral("\n\n")));
    m_goOn->setText(tr("&Go on"));
    state.isPastGate() ? offer({m_backups, m_goOn}) : offer({m_back, m_goOn});
}

void StandstillPane::showElsewhere(const MigrationState &, qint64 process)
{
    setHeading(tr("This move runs in another program"));
    m_notice->say(Tone::Warning, tr("Process %1 on this computer has it open").arg(process),
                  tr("It is another window of Roost, or roost-cli in a terminal. Two at once could do things twice, so "
                     "here it can only be looked at. The steps are as they were when this was read."));
    m_text->clear();
    offer({m_look});
}

void StandstillPane::showUnreadable(const Error &error)
{
    setHeading(tr("The journal of this move cannot be read"));
    m_notice->sayError(tr("What happened"), error);
    m_text->setText(tr("The backups that it made are in the list of backups, with what was proven of them."));
    offer({m_backups, m_look});
}

void StandstillPane::showGivenUp(const MigrationState &state)
{
    setHeading(tr("This move was given up"));
    m_notice->say(Tone::Neutral, tr("%1 stays where it is").arg(state.plan.source.name),
                  tr("What was suspended for the move runs again. The backups that were made stay."));
    m_text->clear();
    offer({m_backups, m_plan});
}

} // namespace Roost
