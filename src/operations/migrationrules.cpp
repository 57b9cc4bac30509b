#include "operations/expiry.h"
#include "operations/instancecreation.h"
#include "operations/migrationfacts.h"
#include "operations/phasedprogress.h"

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationRules)
};

constexpr qint64 megabyte = qint64(1) << 20;
constexpr qint64 freeBytes = 1024 * megabyte;
constexpr qint64 carefulBytes = 850 * megabyte;
constexpr int perMajor = 10000;

QString listed(const QStringList &names)
{
    return names.join(QStringLiteral(", "));
}

/// One judgement. On the operation's thread.
class Judging
{
public:
    Judging(const MigrationFacts &facts, MigrationPlan &plan)
        : m_facts(facts)
        , m_plan(plan)
    {
    }

    void run()
    {
        judgeReach();
        judgeExpiry();
        judgeInstance();
        if (m_facts.wasAsked()) {
            judgeDatabases();
            judgeRights();
            judgeSessions();
        }
        judgeServices();
        judgeProof();
        if (m_plan.path != MigrationPath::UpgradeInPlace) {
            judgeDraft();
            judgeSlot();
            judgeSize();
            judgeVersion();
        }
        m_plan.warnings += m_facts.gaps;
    }

private:
    void block(const QString &text) { m_plan.blockers += text; }
    void warn(const QString &text) { m_plan.warnings += text; }
    bool goesInPlace() const { return m_plan.path == MigrationPath::UpgradeInPlace; }

    void judgeReach();
    void judgeExpiry();
    void judgeInstance();
    void judgeDatabases();
    void judgeRights();
    void judgeSessions();
    void judgeServices();
    void judgeDraft();
    void judgeSlot();
    void judgeSize();
    void judgeProof();
    void judgeVersion();
    Expiry expiry() const { return m_facts.isByHand ? expiryOf(m_facts.profile) : expiryOf(m_plan.source); }

    const MigrationFacts &m_facts;
    MigrationPlan &m_plan;
};

/// Why the old instance or its account cannot be asked.
void Judging::judgeReach()
{
    if (m_facts.accountError) {
        block(m_facts.accountError->message);
    }
    if (!m_facts.serverError) {
        return;
    }
    if (expiry().isOver(m_facts.now)) {
        block(expiredText(expiry(), m_facts.now));
    } else if (m_facts.instance && m_facts.instance->isSuspended) {
        block(Text::tr("%1 is suspended (by: %2), so nothing can be backed up. Resume it first, then plan again.")
                  .arg(m_plan.source.name, listed(m_facts.instance->suspenders)));
    } else {
        block(Text::tr("%1 does not let Roost in, so nothing can be backed up. %2")
                  .arg(m_plan.source.name, m_facts.serverError->message));
    }
}

void Judging::judgeExpiry()
{
    constexpr int urgentDays = 5;
    if (m_facts.serverError || !expiry().isKnown()) {
        return;
    }
    const int left = expiry().daysLeft(m_facts.now);
    if (expiry().isOver(m_facts.now)) {
        warn(Text::tr("This free instance is over by the calendar and still answers. It may stop any minute: begin "
                      "now."));
    } else if (left <= urgentDays) {
        warn(Text::tr("%n day(s) left until %1 stops working.", nullptr, left).arg(m_plan.source.name));
    }
}

void Judging::judgeInstance()
{
    if (!m_facts.instance) {
        return;
    }
    const PostgresInstance &instance = *m_facts.instance;
    if (instance.role == u"replica") {
        block(Text::tr("%1 is a read replica. Move the instance that it is a copy of.").arg(instance.name));
    }
    if (goesInPlace()) {
        return;
    }
    if (!instance.replicas.isEmpty()) {
        warn(Text::tr("%1 has %n read replica(s), which do not move. Make new ones afterwards.", nullptr,
                      int(instance.replicas.size()))
                 .arg(instance.name));
    }
    if (instance.hasHighAvailability) {
        warn(Text::tr("%1 is highly available. Switch that on for the new instance afterwards.").arg(instance.name));
    }
    if (!instance.connectionPool.isEmpty() && instance.connectionPool != u"none") {
        warn(Text::tr("%1 has a connection pool. Switch that on for the new instance afterwards.").arg(instance.name));
    }
    if (!m_facts.furtherUsers.isEmpty()) {
        warn(Text::tr("%1 has further users: %2. The new instance gets its first user only; add the others "
                      "afterwards.")
                 .arg(instance.name, listed(m_facts.furtherUsers)));
    }
}

void Judging::judgeDatabases()
{
    if (m_plan.databases.isEmpty()) {
        block(Text::tr("There is no database on %1 to move.").arg(m_plan.source.name));
    }
    if (!m_facts.shutDatabases.isEmpty()) {
        block(Text::tr("These databases allow no connections, so they cannot be backed up, and would be lost: %1. "
                       "Allow connections (ALTER DATABASE … ALLOW_CONNECTIONS true), or drop them.")
                  .arg(listed(m_facts.shutDatabases)));
    }
    for (const QString &trouble : m_facts.troubles) {
        block(trouble);
    }
    if (goesInPlace()) {
        return;
    }
    QStringList others;
    for (const MigrationDatabase &database : m_plan.databases) {
        if (database.properties.owner != database.properties.user) {
            others += database.properties.name;
        }
    }
    if (!others.isEmpty()) {
        warn(Text::tr("These databases belong to another user than yours: %1. On the new instance they belong to its "
                      "first user.")
                 .arg(listed(others)));
    }
    if (m_plan.databases.size() > 1 && !m_facts.userMayCreate) {
        warn(Text::tr("This user may not create databases here. If the new instance's first user may not either, only "
                      "its own database can be restored, and Roost stops there and says so."));
    }
}

void Judging::judgeRights()
{
    if (!m_facts.hiddenRows.isEmpty()) {
        block(Text::tr("Row-level security hides some rows of these tables from this user, so a backup would lack "
                       "them: %1. Save a connection as a user who sees all rows (the owner, without FORCE ROW LEVEL "
                       "SECURITY), or switch it off for the move.")
                  .arg(listed(m_facts.hiddenRows)));
    }
    if (!m_facts.unreadable.isEmpty()) {
        block(Text::tr("This user may not read all of the instance: %1. Save a connection as the owner of these, or "
                       "let the owner grant SELECT on them.")
                  .arg(listed(m_facts.unreadable)));
    }
    if (goesInPlace()) {
        return;
    }
    QSet<QString> grantees;
    for (const MigrationDatabase &database : m_plan.databases) {
        for (const auto &privilege : database.properties.privileges) {
            if (!privilege.grantee.isEmpty() && privilege.grantee != database.properties.owner &&
                privilege.grantee != database.properties.user) {
                grantees += privilege.grantee;
            }
        }
    }
    if (!grantees.isEmpty()) {
        QStringList names(grantees.begin(), grantees.end());
        names.sort();
        warn(Text::tr("Rights of these users do not move, since the users do not: %1.").arg(listed(names)));
    }
}

void Judging::judgeSessions()
{
    if (goesInPlace() || m_plan.sessions.isEmpty()) {
        return;
    }
    QStringList who;
    for (const MigrationSession &session : m_plan.sessions) {
        const QString program = session.application.isEmpty() ? session.user : session.application;
        const QString text = session.address.isEmpty()
                                 ? Text::tr("%1 in %2").arg(program, session.database)
                                 : Text::tr("%1 in %2 from %3").arg(program, session.database, session.address);
        if (!who.contains(text)) {
            who += text;
        }
    }
    warn(Text::tr("Others are connected now: %1. Whatever of it is not one of the services below has to be stopped by "
                  "hand. What is written after the backup is found before anything is deleted.")
             .arg(listed(who)));
}

void Judging::judgeServices()
{
    if (!m_facts.unlinkedGroups.isEmpty() && !goesInPlace()) {
        warn(Text::tr("These variables lead to the old instance and stand in groups that no service uses, so they stay "
                      "as they are: %1.")
                 .arg(listed(m_facts.unlinkedGroups)));
    }
}

void Judging::judgeDraft()
{
    const PostgresDraft &draft = m_plan.draft;
    QStringList taken;
    for (const PostgresInstance &one : m_facts.instances) {
        const bool mayHaveIt = m_plan.path == MigrationPath::OneSlot && one.id == m_plan.source.id;
        if (one.owner.id == draft.ownerId && !mayHaveIt) {
            taken += one.name;
        }
    }
    for (const QString &problem : {instanceNameProblem(draft.name, taken), databaseWordProblem(draft.databaseName),
                                   databaseWordProblem(draft.databaseUser)}) {
        if (!problem.isEmpty()) {
            block(Text::tr("The new instance: %1").arg(problem));
        }
    }
    if (draft.allowedAddresses.isEmpty()) {
        block(Text::tr("The new instance would let nobody in from outside of Render, Roost neither. Put this "
                       "computer's address on its allow list."));
    }
}

/// Render allows one active free instance a workspace.
void Judging::judgeSlot()
{
    const PostgresDraft &draft = m_plan.draft;
    if (m_facts.isByHand || draft.plan != u"free") {
        return;
    }
    for (const PostgresInstance &one : activeFreeInstances(m_facts.instances, draft.ownerId)) {
        if (m_plan.path == MigrationPath::OneSlot && one.id == m_plan.source.id) {
            continue;
        }
        block(Text::tr("Render allows one active free instance a workspace, and %1 is there. Choose a paid plan for "
                       "the new one, another workspace, or the way of one slot.")
                  .arg(instanceInWords(one)));
    }
}

void Judging::judgeSize()
{
    const qint64 total = m_plan.totalBytes();
    const PostgresDraft &draft = m_plan.draft;
    if (draft.plan == u"free" && total > freeBytes) {
        block(Text::tr("The databases hold %1, and a free instance takes 1 GB. Choose a paid plan for the new one, or "
                       "delete what is not needed.")
                  .arg(amountText(total)));
    } else if (draft.plan == u"free" && total >= carefulBytes) {
        warn(Text::tr("The databases hold %1 of the 1 GB that a free instance takes. They will fit, since a restore "
                      "packs them anew, but soon not any more.")
                 .arg(amountText(total)));
    } else if (draft.diskSizeGb > 0 && total > qint64(draft.diskSizeGb) * freeBytes) {
        block(Text::tr("The databases hold %1, and the new instance gets a disk of %2 GB. Choose a larger one.")
                  .arg(amountText(total))
                  .arg(draft.diskSizeGb));
    }
}

/// Scratch databases take room, and have to be made.
void Judging::judgeProof()
{
    if (!m_plan.provesOnInstance) {
        return;
    }
    const qint64 total = m_plan.totalBytes();
    if (m_plan.source.isFree() && total + m_facts.largestBytes() > freeBytes) {
        block(Text::tr("There is no room on %1 to restore the largest database once more beside the others. Prove the "
                       "backups on this computer instead.")
                  .arg(m_plan.source.name));
    }
    if (m_facts.wasAsked() && !m_facts.userMayCreate) {
        block(Text::tr("This user may not create databases on %1, so the backups cannot be proven there. Prove them "
                       "on this computer instead.")
                  .arg(m_plan.source.name));
    }
}

void Judging::judgeVersion()
{
    if (!m_facts.wasAsked()) {
        return;
    }
    const int old = m_facts.serverVersion / perMajor;
    bool isNumber = false;
    const int wanted = m_plan.draft.version.toInt(&isNumber);
    if (!isNumber) {
        block(Text::tr("\"%1\" is no version of PostgreSQL for the new instance.").arg(m_plan.draft.version));
    } else if (wanted < old) {
        block(Text::tr("The old instance runs PostgreSQL %1, and the new one would run %2. There is no way back to an "
                       "older version: choose %1 or a newer one.")
                  .arg(old)
                  .arg(wanted));
    } else if (wanted > old) {
        warn(Text::tr("The new instance runs PostgreSQL %2 instead of %1. That is usually fine; try the app with it "
                      "in a rehearsal first.")
                 .arg(old)
                 .arg(wanted));
    }
}

} // namespace

void judgePlan(const MigrationFacts &facts, MigrationPlan &plan, const JobContext &context)
{
    Judging(facts, plan).run();
    judgeThisComputer(facts, plan, context);
}

} // namespace Roost
