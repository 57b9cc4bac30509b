#include "operations/migrationreport.h"

#include "operations/migrationdocument.h"
#include "operations/migrationestimate.h"
#include "operations/migrationrecipe.h"
#include "operations/phasedprogress.h"

#include <QCoreApplication>
#include <QLocale>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationReport)
};

QString totalInWords(const MigrationPlan &plan)
{
    int sum = 0;
    for (const RecipeStep &step : recipeOf(plan)) {
        sum += step.seconds;
    }
    return durationInWords(sum);
}

void addIntroduction(MigrationDocument &page, const MigrationPlan &plan)
{
    page.addParagraph(Text::tr("Plan %1, made on %2. Nothing has been done yet.")
                          .arg(plan.id, QLocale().toString(plan.madeAt.toLocalTime(), QLocale::ShortFormat)));
    page.addParagraph(Text::tr("All of it takes %1. %2").arg(totalInWords(plan), downtimeInWords(plan)));
    for (const QString &blocker : plan.blockers) {
        page.addNotice(Text::tr("In the way: %1").arg(blocker));
    }
    if (!plan.blockers.isEmpty()) {
        page.addParagraph(Text::tr("The move cannot begin before this is settled. Then plan again."));
    }
    if (!plan.warnings.isEmpty()) {
        page.addHeading(Text::tr("Good to know"));
        page.addList(plan.warnings);
    }
}

QString addressesInWords(const QList<AllowedAddresses> &ranges)
{
    QStringList blocks;
    for (const AllowedAddresses &range : ranges) {
        blocks += range.cidrBlock;
    }
    return blocks.isEmpty() ? Text::tr("nobody") : blocks.join(QStringLiteral(", "));
}

/// Old and new, side by side.
void addInstances(MigrationDocument &page, const MigrationPlan &plan)
{
    const PostgresInstance &old = plan.source;
    const PostgresDraft &draft = plan.draft;
    const auto known = [](const QString &text) { return text.isEmpty() ? QStringLiteral("–") : text; };
    page.addHeading(Text::tr("From where to where"));
    const bool staysInPlace = plan.path == MigrationPath::UpgradeInPlace;
    QList<QStringList> rows{
        {Text::tr("Name"), old.name, draft.name},
        {Text::tr("Id"), known(old.id), staysInPlace ? known(old.id) : Text::tr("a new one")},
        {Text::tr("Plan"), known(old.plan), draft.plan},
        {Text::tr("Region"), known(old.region), known(draft.region)},
        {Text::tr("PostgreSQL"), known(plan.serverVersion), staysInPlace ? known(plan.serverVersion) : draft.version},
        {Text::tr("Own database"), known(old.databaseName), known(draft.databaseName)},
        {Text::tr("User"), known(old.databaseUser), known(draft.databaseUser)}};
    if (!plan.isByHand()) {
        rows +=
            {Text::tr("May connect"), addressesInWords(old.allowedAddresses), addressesInWords(draft.allowedAddresses)};
    }
    page.addTable({QString(), Text::tr("Old"), Text::tr("New")}, rows);
}

void addContents(MigrationDocument &page, const MigrationPlan &plan)
{
    page.addHeading(Text::tr("What moves"));
    QList<QStringList> databases;
    for (const MigrationDatabase &database : plan.databases) {
        databases += {database.properties.name, amountText(database.sizeBytes), database.properties.encoding,
                      database.properties.collation};
    }
    page.addTable({Text::tr("Database"), Text::tr("Size"), Text::tr("Encoding"), Text::tr("Collation")}, databases);
    QList<QStringList> services;
    for (const MigrationService &service : plan.services) {
        const QString meanwhile = service.isSuspended ? Text::tr("is suspended, and stays so")
                                  : service.isFrozen  ? Text::tr("suspended")
                                                      : Text::tr("runs on");
        services += {service.name, service.variables.join(QStringLiteral(", ")), meanwhile};
    }
    page.addTable({Text::tr("Service"), Text::tr("Variables that lead here"), Text::tr("Meanwhile")}, services);
    page.addParagraph(Text::tr("Backups: %1").arg(plan.backupFolder));
    page.addParagraph(Text::tr("Second copies: %1")
                          .arg(plan.secondFolder.isEmpty() ? Text::tr("asked for on the way") : plan.secondFolder));
}

void addSteps(MigrationDocument &page, const MigrationPlan &plan)
{
    page.addHeading(Text::tr("Step by step"));
    int number = 0;
    for (const RecipeStep &step : recipeOf(plan)) {
        page.addHeading(
            Text::tr("%1. %2 – %3").arg(QString::number(++number), step.name, durationInWords(step.seconds)), 3);
        page.addParagraph(step.does);
        if (!step.cannotUndo.isEmpty()) {
            page.addNotice(Text::tr("Cannot be undone: %1").arg(step.cannotUndo));
        }
    }
    page.addHeading(Text::tr("If something interrupts it"));
    page.addParagraph(
        plan.path == MigrationPath::UpgradeInPlace
            ? Text::tr("Every step is written down before and after. After a crash, a lost network or a reboot Roost "
                       "goes on where it was, and does nothing twice. Until the plan is changed everything can be left "
                       "as it is.")
            : Text::tr("Every step is written down before and after. After a crash, a lost network, a full disk or a "
                       "reboot Roost goes on where it was, today or in a week, and does nothing twice. Until the gate "
                       "you can go back: what was suspended runs again, and nothing is lost."));
}

MigrationDocument documentOf(const MigrationPlan &plan)
{
    const QString rehearsal = plan.isPractice ? Text::tr(" (a rehearsal)") : QString();
    MigrationDocument page(plan.path == MigrationPath::UpgradeInPlace
                               ? Text::tr("Upgrading %1 in place").arg(plan.source.name) + rehearsal
                               : Text::tr("Moving %1 to a new instance").arg(plan.source.name) + rehearsal);
    addIntroduction(page, plan);
    addInstances(page, plan);
    addContents(page, plan);
    addSteps(page, plan);
    return page;
}

} // namespace

QString planAsMarkdown(const MigrationPlan &plan)
{
    return documentOf(plan).markdown();
}

QString planAsHtml(const MigrationPlan &plan)
{
    return documentOf(plan).html();
}

} // namespace Roost
