// The part of PlanPane that says what was found out.
#include "gui/dialogs/notice.h"
#include "gui/migration/migrationdocuments.h"
#include "gui/migration/planchoices.h"
#include "gui/migration/plandraft.h"
#include "gui/migration/planpane.h"
#include "gui/migration/rehearsing.h"
#include "gui/services.h"
#include "gui/widgets/card.h"
#include "gui/widgets/plaintable.h"
#include "jobs/job.h"
#include "models/plaintext.h"
#include "operations/migrationreport.h"

#include <QLabel>
#include <QPushButton>
#include <QStandardItemModel>

#include <numeric>

namespace Roost {

void PlanPane::connectDocuments()
{
    connect(m_save, &QPushButton::clicked, this, [this] { saveDocument(m_services, this, document(), m_notice); });
    connect(m_print, &QPushButton::clicked, this, [this] { printDocument(m_services, this, document(), m_notice); });
}

QString PlanPane::leadText() const
{
    constexpr qint64 second = 1000;
    const int all = std::accumulate(m_planned->seconds.begin(), m_planned->seconds.end(), 0);
    QStringList text;
    if (all > 0) {
        text += tr("About %1 from start to finish.").arg(Pace::durationText(all * second));
    }
    text += m_planned->downtimeSeconds > 0
                ? tr("Users of your app notice about %1.").arg(Pace::durationText(m_planned->downtimeSeconds * second))
                : tr("Users of your app notice nothing.");
    if (m_planned->plan.path == MigrationPath::UpgradeInPlace) {
        text += tr("The instance stays, with its address and content; backups are made and proven before.");
    } else {
        text += tr("The old instance is not touched before every backup is proven and you typed its name.");
    }
    if (m_planned->plan.isByHand()) {
        text += tr("Roost has no API key for it, so it tells you what to press in the dashboard, and checks it.");
    }
    return text.join(u' ');
}

void PlanPane::showDatabases()
{
    const MigrationPlan &plan = m_planned->plan;
    auto *model = qobject_cast<QStandardItemModel *>(m_databases->model());
    model->setRowCount(0);
    for (const MigrationDatabase &database : plan.databases) {
        m_databases->addRow({database.properties.name, sizeText(database.sizeBytes),
                             database.isDefault ? tr("the instance's own") : database.properties.comment});
        model->item(model->rowCount() - 1, 1)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    model->horizontalHeaderItem(1)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_databases->fit();
    const QString count = tr("%n database(s) move", nullptr, int(plan.databases.size()));
    QStringList facts{count, sizeText(plan.totalBytes())};
    if (!plan.serverVersion.isEmpty()) {
        facts += plan.path == MigrationPath::UpgradeInPlace || plan.draft.version.isEmpty()
                     ? tr("PostgreSQL %1").arg(plan.serverVersion)
                     : tr("PostgreSQL %1 to %2").arg(plan.serverVersion, plan.draft.version);
    }
    m_databasesHead->setText(facts.join(QStringLiteral(" · ")));
}

void PlanPane::showConnected()
{
    QStringList lines;
    for (const MigrationSession &session : std::as_const(m_planned->plan.sessions)) {
        QStringList words{tr("%1 in %2").arg(session.user, session.database)};
        for (const QString &word : {session.application, session.address}) {
            if (!word.isEmpty()) {
                words += word;
            }
        }
        if (session.count > 1) {
            words += tr("%1 times").arg(session.count);
        }
        lines += words.join(QStringLiteral(" · "));
    }
    m_connected->setText(lines.isEmpty() ? tr("Nobody but Roost.") : lines.join(u'\n'));
    m_connected->setProperty("role", QStringLiteral("subtle"));
}

QString PlanPane::reason() const
{
    if (!m_planned) {
        return m_isLooking ? QString() : tr("It cannot begin before it was looked at.");
    }
    if (m_isLooking) {
        return tr("Looking again, since something was chosen…");
    }
    if (const QString problem = m_draft->problem(); !problem.isEmpty()) {
        return problem;
    }
    const auto blockers = int(m_planned->plan.blockers.size());
    return blockers > 0 ? tr("It cannot begin yet: %n thing(s) in the way, see above.", nullptr, blockers) : QString();
}

void PlanPane::updateBegin()
{
    const QString why = reason();
    const bool isWaiting = m_isLooking || !m_planned;
    setFooter(why, isWaiting ? "subtle" : "danger");
    m_begin->setEnabled(m_planned && !m_isLooking && why.isEmpty());
    m_begin->setToolTip(why);
    const MigrationPath path = m_planned ? m_planned->plan.path : MigrationPath::OneSlot;
    m_begin->setText(path == MigrationPath::OneSlot      ? tr("Begin: &back up and prove")
                     : path == MigrationPath::SideBySide ? tr("Begin: create the &new instance")
                                                         : tr("Begin: &back up, then upgrade"));
    // What is practised needs no rehearsal.
    m_rehearse->setVisible(canRehearse() && !(m_planned && m_planned->plan.isPractice));
    for (QPushButton *button : {m_save, m_print, m_rehearse}) {
        button->setEnabled(m_planned.has_value());
    }
}

MigrationPlan PlanPane::plan() const
{
    MigrationPlan plan = m_planned->plan;
    plan.services = m_servicesCard->services();
    return plan;
}

MigrationDocument PlanPane::document() const
{
    return {tr("Plan of moving %1").arg(m_name), QStringLiteral("plan-move-") + m_name,
            [plan = plan()] { return planAsMarkdown(plan); }, [plan = plan()] { return planAsHtml(plan); }};
}

} // namespace Roost
