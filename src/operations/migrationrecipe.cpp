#include "operations/migrationrecipe.h"

#include "operations/migrationestimate.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationRecipe)
};

/// The words of one plan. Pure.
class Recipe
{
public:
    explicit Recipe(const MigrationPlan &plan)
        : m_plan(plan)
    {
        for (const MigrationDatabase &database : plan.databases) {
            m_databases += database.properties.name;
        }
        for (const MigrationService &service : plan.services) {
            m_services += service.name;
            if (service.isFrozen && !service.isSuspended) {
                m_frozen += service.name;
            }
        }
    }

    QString doing(MigrationStep step) const;
    QString cannotUndo(MigrationStep step) const;

private:
    QString freeze() const;
    QString backUp() const;
    QString secondCopy() const;
    QString gate() const;
    QString retire() const;
    QString create() const;
    QString ofServices(MigrationStep step) const;
    QString call() const;
    static QString listed(const QStringList &names) { return names.join(QStringLiteral(", ")); }
    const QString &old() const { return m_plan.source.name; }
    bool isByHand() const { return m_plan.isByHand(); }

    const MigrationPlan &m_plan;
    QStringList m_databases;
    QStringList m_services;
    QStringList m_frozen;
};

QString Recipe::doing(MigrationStep step) const
{
    switch (step) {
    case MigrationStep::Freeze:
        return freeze();
    case MigrationStep::BackUp:
        return backUp();
    case MigrationStep::Prove:
        return (m_plan.provesOnInstance
                    ? Text::tr("Restores each backup into a scratch database on %1, compares every table, sequence and "
                               "object with what the source had, and drops the scratch again.")
                    : Text::tr("Restores each backup into a scratch database on this computer, compares every table, "
                               "sequence and object with what %1 had, and drops the scratch again."))
            .arg(old());
    case MigrationStep::CompareLive:
        return Text::tr("Reads %1 once more and compares it with the backups. If somebody wrote meanwhile, that "
                        "database is backed up and proven again.")
            .arg(old());
    case MigrationStep::SecondCopy:
        return secondCopy();
    case MigrationStep::Gate:
        return gate();
    case MigrationStep::Upgrade:
        return Text::tr("Asks Render to put %1 on the plan %2, and waits until it lets Roost in again. Address, "
                        "password and data stay.")
            .arg(old(), m_plan.draft.plan);
    case MigrationStep::RetireOld:
        return retire();
    case MigrationStep::CreateNew:
        return create();
    case MigrationStep::AwaitNew:
        return isByHand() ? Text::tr("You paste the new instance's connection string, and Roost checks that it is a "
                                     "new one and lets it in.")
                          : Text::tr("Waits until %1 is available and lets Roost in. Its password goes into the "
                                     "keychain.")
                                .arg(m_plan.draft.name);
    case MigrationStep::Restore:
        return Text::tr("Creates the databases (%1) with encoding, collation, comments and settings as before, and "
                        "restores each from its backup.")
            .arg(listed(m_databases));
    case MigrationStep::Compare:
        return m_plan.path == MigrationPath::UpgradeInPlace
                   ? Text::tr("Compares the upgraded instance with the backups: every table, row count and "
                              "fingerprint.")
                   : Text::tr("Compares the new instance with the backups: every table, row count, fingerprint, "
                              "sequence and object. Only if all is equal does the move go on.");
    case MigrationStep::Analyze:
        return Text::tr("Lets the server gather its statistics, so that the app is not slow on its first day.");
    case MigrationStep::Variables:
    case MigrationStep::Deploy:
    case MigrationStep::Resume:
        return ofServices(step);
    case MigrationStep::Call:
        return call();
    case MigrationStep::Connections:
        return m_plan.path == MigrationPath::UpgradeInPlace
                   ? Text::tr("Notes in the saved connection %1 that the instance no longer ends.")
                         .arg(m_plan.profileName)
                   : Text::tr("Lets the saved connection %1 lead to the new instance, and puts its password into the "
                              "keychain.")
                         .arg(m_plan.profileName);
    case MigrationStep::Report:
        return Text::tr("Writes down what was moved, with counts and fingerprints, and where the backups lie.");
    }
    return {};
}

QString Recipe::freeze() const
{
    if (isByHand()) {
        return Text::tr("You stop whatever writes to %1 (suspend its services in Render's dashboard), and tell Roost "
                        "so.")
            .arg(old());
    }
    if (m_frozen.isEmpty()) {
        return Text::tr("No service is suspended. What is written meanwhile is found before anything is deleted, and "
                        "backed up anew.");
    }
    return Text::tr("Suspends what uses %1, so that nobody writes any more: %2. Before that it remembers how the app "
                    "answers.")
        .arg(old(), listed(m_frozen));
}

QString Recipe::backUp() const
{
    return Text::tr("Backs up every database (%1) into %2: one instant each, with the row count and fingerprint of "
                    "every table, and each file is read back whole.")
        .arg(listed(m_databases), m_plan.backupFolder);
}

QString Recipe::secondCopy() const
{
    return m_plan.secondFolder.isEmpty()
               ? Text::tr("Asks for a folder, best on another disk, copies every backup there and reads it back.")
               : Text::tr("Copies every backup to %1 and reads it back.").arg(m_plan.secondFolder);
}

QString Recipe::gate() const
{
    return Text::tr("Looks at everything once more: each backup proven, files and copies hashed now, nothing written "
                    "since. It shows what will be gone, and opens only when you type “%1”. You can stop here and go "
                    "on days later.")
        .arg(old());
}

QString Recipe::retire() const
{
    if (isByHand()) {
        return Text::tr("You suspend %1 in Render's dashboard, and Roost checks that it lets nobody in any more.")
            .arg(old());
    }
    if (m_plan.path == MigrationPath::SideBySide) {
        return Text::tr("Suspends %1. It is not deleted: do that yourself in some days, when you miss nothing.")
            .arg(old());
    }
    return Text::tr("Suspends %1. Nothing of it is gone yet.").arg(old());
}

QString Recipe::create() const
{
    const PostgresDraft &draft = m_plan.draft;
    const QString what =
        Text::tr("%1 (plan %2, region %3, PostgreSQL %4)")
            .arg(draft.name, draft.plan, draft.region.isEmpty() ? QStringLiteral("–") : draft.region, draft.version);
    if (isByHand()) {
        return Text::tr("You create %1 in Render's dashboard; Roost shows each value to type.").arg(what);
    }
    if (m_plan.path == MigrationPath::SideBySide) {
        return Text::tr("Asks Render for %1, while the old one goes on.").arg(what);
    }
    return Text::tr("Asks Render for %1. If Render refuses because the suspended one still takes the free place, Roost "
                    "checks all backups once more, deletes %2, and asks again.")
        .arg(what, old());
}

QString Recipe::ofServices(MigrationStep step) const
{
    if (isByHand()) {
        switch (step) {
        case MigrationStep::Variables:
            return Text::tr("Shows each value that your services need, to copy into Render's dashboard.");
        case MigrationStep::Deploy:
            return Text::tr("You deploy the services with their new values in the dashboard.");
        default:
            return Text::tr("You resume in the dashboard what you suspended.");
        }
    }
    if (m_services.isEmpty()) {
        return Text::tr("Nothing to do: no service of the account leads to %1.").arg(old());
    }
    switch (step) {
    case MigrationStep::Variables: {
        QStringList places;
        for (const MigrationService &service : m_plan.services) {
            places += Text::tr("%1 (%2)").arg(service.name, listed(service.variables));
        }
        return Text::tr("Lets these variables lead to the new instance, and reads each back: %1. Driver, database and "
                        "options in them stay; the old values are kept in the keychain.")
            .arg(places.join(QStringLiteral("; ")));
    }
    case MigrationStep::Deploy:
        return Text::tr("Deploys with the new values, without building anew, and follows until each is live: %1.")
            .arg(listed(m_services));
    default:
        return Text::tr("Lets run again what was suspended for the move. What was suspended before stays so.");
    }
}

QString Recipe::call() const
{
    QStringList birds;
    for (const MigrationService &service : m_plan.services) {
        if (service.answersBirds) {
            birds += service.name;
        }
    }
    const QString text = isByHand() ? Text::tr("Asks you whether your services answer.")
                                    : Text::tr("Calls each service and checks that it answers.");
    return birds.isEmpty() ? text
                           : text + u' ' + Text::tr("Compares /birds with what it was before: %1.").arg(listed(birds));
}

QString Recipe::cannotUndo(MigrationStep step) const
{
    switch (step) {
    case MigrationStep::Upgrade:
        return Text::tr("A paid plan cannot become a free one again, and is paid for from now on.");
    case MigrationStep::RetireOld:
        return m_plan.path == MigrationPath::OneSlot
                   ? Text::tr(
                         "From here on Roost no longer offers to go back: your data is in the proven backups. Until "
                         "it is deleted, the suspended instance can be resumed in Render's dashboard.")
                   : QString();
    case MigrationStep::CreateNew:
        return m_plan.path == MigrationPath::OneSlot
                   ? Text::tr("If %1 has to be deleted, it is gone for ever, with Render's copy of all that is in it. "
                              "The backups are what remains.")
                         .arg(old())
                   : QString();
    case MigrationStep::Deploy:
        return m_plan.path == MigrationPath::SideBySide
                   ? Text::tr("What the app writes from here on is on the new instance only.")
                   : QString();
    default:
        return {};
    }
}

} // namespace

QList<RecipeStep> recipeOf(const MigrationPlan &plan)
{
    const Recipe recipe(plan);
    const auto seconds = estimatedSeconds(plan);
    QList<RecipeStep> steps;
    for (const MigrationStep step : stepsOf(plan.path)) {
        steps += {step, nameOf(step), recipe.doing(step), recipe.cannotUndo(step), seconds.value(step)};
    }
    return steps;
}

QString downtimeInWords(const MigrationPlan &plan)
{
    const QString time = durationInWords(estimatedDowntime(plan, estimatedSeconds(plan)));
    if (plan.path == MigrationPath::UpgradeInPlace) {
        return Text::tr("Users of the app see errors for %1, while the server starts anew.").arg(time);
    }
    const bool freezes = std::any_of(plan.services.begin(), plan.services.end(),
                                     [](const MigrationService &one) { return one.isFrozen && !one.isSuspended; });
    if (!plan.isByHand() && plan.services.isEmpty()) {
        return Text::tr("No service of the account uses the instance. Whatever else does cannot reach its data for %1, "
                        "and needs the new address then.")
            .arg(time);
    }
    if (plan.path == MigrationPath::OneSlot) {
        return freezes || plan.isByHand()
                   ? Text::tr("Users of the app get no answer for %1, and as long as you take at the gate.").arg(time)
                   : Text::tr("Users of the app see errors for %1, from the moment the old instance is suspended.")
                         .arg(time);
    }
    return freezes || plan.isByHand()
               ? Text::tr("Users of the app get no answer for %1, while the data moves.").arg(time)
               : Text::tr(
                     "Users of the app see hardly anything; what they write while the data moves is found, and the "
                     "data moved again.");
}

} // namespace Roost
