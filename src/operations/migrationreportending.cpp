#include "operations/migrationreport.h"
#include "operations/migrationreportparts.h"

#include <QCoreApplication>
#include <QLocale>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationReport)
};

QString none()
{
    return QStringLiteral("–");
}

QString orNone(const QString &text)
{
    return text.isEmpty() ? none() : text;
}

QString addressText(const std::optional<ConnectionParameters> &connection)
{
    return connection ? QStringLiteral("%1:%2").arg(connection->host).arg(connection->port) : none();
}

bool isAllEqual(const MigrationState &state)
{
    for (const MigrationDatabase &database : state.plan.databases) {
        if (!state.facts.value(MigrationStep::Compare)[u"databases"][database.properties.name][u"equal"].toBool()) {
            return false;
        }
    }
    return !state.plan.databases.isEmpty();
}

void addSummary(MigrationDocument &page, const MigrationState &state)
{
    using Status = MigrationStepState::Status;
    const MigrationPlan &plan = state.plan;
    if (plan.isPractice) {
        page.addParagraph(Text::tr("This was a rehearsal on the practice account: nothing at Render was touched."));
    }
    if (state.end == MigrationState::End::GivenUp) {
        page.addNotice(Text::tr("This migration was given up before the gate. The old instance is as it was."));
        return;
    }
    const bool isEqual = isAllEqual(state);
    qint64 rows = 0;
    for (const MigrationDatabase &database : plan.databases) {
        rows += state.backupOf(database.properties.name)[u"rows"].toInteger();
    }
    if (isEqual) {
        page.addParagraph(
            Text::tr("%1 with %2 rows: every table, sequence and object of the new instance was compared "
                     "with the backup of the old one, and all are equal.")
                .arg(Text::tr("%n database(s)", nullptr, int(plan.databases.size())), reportedNumber(rows)));
    }
    const auto next = state.next();
    if (next && *next != MigrationStep::Report) {
        page.addNotice(state.step(*next).status == Status::Failed
                           ? Text::tr("Not finished: “%1” has failed. %2").arg(nameOf(*next), state.step(*next).problem)
                           : Text::tr("Not finished: the next step is “%1”.").arg(nameOf(*next)));
    }
}

QString fateText(const MigrationState &state)
{
    const QString fate = state.fateOfOld();
    if (fate == u"deleted") {
        return Text::tr("deleted");
    }
    if (fate == u"suspended") {
        return Text::tr("suspended");
    }
    return fate == u"deleting" ? Text::tr("being deleted")
           : fate.isEmpty()    ? Text::tr("as it was")
                               : Text::tr("being suspended");
}

void addInstances(MigrationDocument &page, const MigrationState &state)
{
    const MigrationPlan &plan = state.plan;
    const QJsonObject made = state.facts.value(MigrationStep::CreateNew);
    const QJsonObject awaited = state.facts.value(MigrationStep::AwaitNew);
    page.addHeading(Text::tr("From where to where"));
    const auto row = [](const QString &what, const QString &before, const QString &now) {
        return QStringList{what, orNone(before), orNone(now)};
    };
    if (plan.path == MigrationPath::UpgradeInPlace) {
        page.addTable({QString(), Text::tr("Before"), Text::tr("Now")},
                      {row(Text::tr("Instance"), plan.source.name, plan.source.name),
                       row(Text::tr("Id"), plan.source.id, plan.source.id),
                       row(Text::tr("Plan"), plan.source.plan, plan.draft.plan),
                       row(Text::tr("PostgreSQL"), plan.serverVersion, plan.serverVersion),
                       row(Text::tr("Address"), addressText(plan.connection), addressText(plan.connection))});
        return;
    }
    page.addTable({QString(), Text::tr("Old"), Text::tr("New")},
                  {row(Text::tr("Instance"), plan.source.name, made[u"name"].toString(plan.draft.name)),
                   row(Text::tr("Id"), plan.source.id, state.newInstanceId()),
                   row(Text::tr("Region"), plan.source.region, made[u"region"].toString()),
                   row(Text::tr("Plan"), plan.source.plan, plan.draft.plan),
                   row(Text::tr("PostgreSQL"), plan.serverVersion, awaited[u"serverVersion"].toString()),
                   row(Text::tr("Address"), addressText(plan.connection), addressText(state.newConnection())),
                   row(Text::tr("Default database"), plan.source.databaseName, made[u"databaseName"].toString()),
                   row(Text::tr("User"), plan.connection.user, made[u"databaseUser"].toString()),
                   row(Text::tr("State"), fateText(state),
                       state.newConnection() ? Text::tr("available") : Text::tr("not there yet"))});
}

QString durationText(const MigrationStepState &step)
{
    if (!step.begunAt.isValid() || !step.endedAt.isValid()) {
        return none();
    }
    constexpr qint64 shortMs = 60'000;
    const qint64 ms = std::max<qint64>(0, step.begunAt.msecsTo(step.endedAt));
    return ms < shortMs ? Text::tr("%1 s").arg(QLocale().toString(double(ms) / 1000, 'f', 1))
                        : Text::tr("%1 min %2 s").arg(ms / shortMs).arg(ms % shortMs / 1000);
}

QString resultText(const MigrationStepState &step)
{
    using Status = MigrationStepState::Status;
    switch (step.status) {
    case Status::Waiting:
        return Text::tr("not begun");
    case Status::Begun:
        return Text::tr("under way");
    case Status::Asked:
        return Text::tr("waits for you");
    case Status::Failed:
        return Text::tr("failed: %1").arg(step.problem);
    case Status::Done:
        return step.summary.isEmpty() ? Text::tr("done") : step.summary;
    }
    return {};
}

void addSteps(MigrationDocument &page, const MigrationState &state)
{
    page.addHeading(Text::tr("Steps"));
    QList<QStringList> rows;
    for (const MigrationStep each : stepsOf(state.plan.path)) {
        if (each == MigrationStep::Report) {
            continue; // this page
        }
        const MigrationStepState &step = state.step(each);
        rows += QStringList{nameOf(each), reportedTime(step.begunAt), durationText(step),
                            QString::number(step.attempts), resultText(step)};
    }
    page.addTable(
        {Text::tr("Step"), Text::tr("Begun"), Text::tr("Took"), Text::tr("Attempts"), Text::tr("What came of it")},
        rows);
    page.addParagraph(Text::tr("Times are of the last attempt. The plan was made at %1; the last thing happened at %2.")
                          .arg(reportedTime(state.plan.madeAt), reportedTime(state.lastAt)));
}

void addBackups(MigrationDocument &page, const MigrationState &state)
{
    page.addHeading(Text::tr("Backups"));
    for (const MigrationDatabase &database : state.plan.databases) {
        const QString name = database.properties.name;
        const QJsonObject backup = state.backupOf(name);
        if (backup.isEmpty()) {
            continue;
        }
        const QJsonObject proof = state.proofOf(name);
        const QString sha256 = backup[u"sha256"].toString();
        const bool isProven = !sha256.isEmpty() && proof[u"sha256"].toString() == sha256;
        page.addHeading(name, 3);
        QStringList items{
            Text::tr("Backup: %1").arg(backup[u"file"].toString()),
            Text::tr("%1, taken at %2")
                .arg(QLocale().formattedDataSize(backup[u"size"].toInteger(), 1, QLocale::DataSizeTraditionalFormat),
                     reportedTime(QDateTime::fromString(backup[u"takenAt"].toString(), Qt::ISODateWithMs))),
            Text::tr("SHA-256: %1").arg(sha256),
            isProven ? Text::tr("Proven by a restore and a comparison at %1")
                           .arg(reportedTime(QDateTime::fromString(proof[u"provenAt"].toString(), Qt::ISODateWithMs)))
                     : Text::tr("Not proven by a restore yet")};
        if (const QString copy = state.secondCopyOf(name)[u"file"].toString(); !copy.isEmpty()) {
            items += Text::tr("Second copy: %1").arg(copy);
        }
        page.addList(items);
    }
    page.addParagraph(Text::tr("Beside each backup lies its proof, a file with “.json” behind the name: what the old "
                               "instance held at that instant. Keep the two together."));
}

MigrationDocument documentOf(const MigrationState &state)
{
    MigrationDocument page(state.plan.path == MigrationPath::UpgradeInPlace
                               ? Text::tr("Upgrade of %1: report").arg(state.plan.source.name)
                               : Text::tr("Migration of %1: report").arg(state.plan.source.name));
    addSummary(page, state);
    addInstances(page, state);
    addReportedData(page, state);
    addReportedServices(page, state);
    addSteps(page, state);
    addBackups(page, state);
    addReportedRest(page, state);
    page.addParagraph(Text::tr("Written by Roost %1. Migration %2.").arg(QStringLiteral(ROOST_VERSION), state.plan.id));
    return page;
}

} // namespace

QString reportedTime(const QDateTime &time)
{
    return time.isValid() ? time.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm:ss")) + QStringLiteral(" UTC")
                          : none();
}

QString reportedNumber(qint64 number)
{
    return number < 0 ? none() : QLocale().toString(number);
}

QString reportAsMarkdown(const MigrationState &state)
{
    return documentOf(state).markdown();
}

QString reportAsHtml(const MigrationState &state)
{
    return documentOf(state).html();
}

} // namespace Roost
