#include "operations/migrationgate.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationGate)
};

/// What is to be done about a backup that cannot be relied on.
QString freshBackup(const GateFacts &facts, const GateFacts::Database &database)
{
    if (!facts.sourceIsGone) {
        return Text::tr("Go on, and Roost takes a fresh backup and proves it.");
    }
    if (database.second.isRight && database.second.manifestFits) {
        return Text::tr(
                   "The old instance is kept. Put the second copy (%1, and the file .json beside it) in its place, "
                   "then go on.")
            .arg(database.second.file);
    }
    return Text::tr("The old instance is kept: resume it at Render's dashboard, and back this database up again.");
}

void addBackupProblems(QStringList &problems, const GateFacts &facts, const GateFacts::Database &database)
{
    const GateFacts::File &backup = database.backup;
    const QString remedy = freshBackup(facts, database);
    if (backup.file.isEmpty()) {
        problems += Text::tr("There is no backup of %1 yet. %2").arg(database.name, remedy);
    } else if (!backup.isThere) {
        problems +=
            Text::tr("The backup of %1 is not where it was made (%2): it was moved or removed, or its disk is not "
                     "connected. %3")
                .arg(database.name, backup.file, remedy);
    } else if (!backup.isRight) {
        problems +=
            Text::tr("The backup of %1 (%2) is not the file that was made and proven any more: a program changed "
                     "it, or the disk is failing. %3")
                .arg(database.name, backup.file, remedy);
    } else if (!backup.manifestFits) {
        problems += Text::tr("The proof beside the backup of %1 (%2.json) is missing, damaged or of another backup, so "
                             "nothing says what the database held. %3")
                        .arg(database.name, backup.file, remedy);
    }
    if (!database.isProven) {
        problems +=
            Text::tr("The backup of %1 is not proven: no restored copy of this very file was found equal to what "
                     "the database held. %2")
                .arg(database.name, remedy);
    }
}

void addSecondProblems(QStringList &problems, const GateFacts::Database &database)
{
    const GateFacts::File &second = database.second;
    const QString remedy = Text::tr("Go on, and Roost copies it again.");
    if (second.file.isEmpty()) {
        problems += Text::tr("There is no second copy of the backup of %1. %2").arg(database.name, remedy);
        return;
    }
    if (!second.isThere) {
        problems +=
            Text::tr("The second copy of the backup of %1 is not where it was made (%2): it was moved or removed, "
                     "or its disk is not connected. Connect it, then go on; or go on without it, and Roost copies "
                     "it again.")
                .arg(database.name, second.file);
    } else if (!second.isRight || !second.manifestFits) {
        problems +=
            Text::tr("The second copy of the backup of %1 (%2), or the proof beside it, is not what was copied any "
                     "more: a program changed it, or the disk is failing. %3")
                .arg(database.name, second.file, remedy);
    }
    if (!database.secondIsOfBackup) {
        problems += Text::tr("The second copy of the backup of %1 (%2) is of an earlier backup. %3")
                        .arg(database.name, second.file, remedy);
    }
    if (!database.secondIsApart) {
        problems +=
            Text::tr("The second copy of the backup of %1 (%2) is the backup itself under another name, so both "
                     "would be lost together. Choose another folder for second copies.")
                .arg(database.name, second.file);
    }
}

void addLiveProblems(QStringList &problems, const GateFacts::Database &database)
{
    if (!database.isCompared) {
        problems += Text::tr("%1 on the old instance was not held against its latest backup yet. Go on, and Roost does "
                             "that.")
                        .arg(database.name);
    }
    if (!database.trouble.isEmpty()) {
        problems +=
            Text::tr("Nobody knows whether %1 on the old instance was changed after its backup, because it could "
                     "not be read now: %2 Go on when it can.")
                .arg(database.name, database.trouble);
    } else if (!database.isUnchanged) {
        problems +=
            Text::tr("%1 on the old instance was changed after its backup (%2). Somebody still writes: stop them, "
                     "then go on, and Roost takes a fresh backup.")
                .arg(database.name, database.changes.join(QStringLiteral("; ")));
    }
}

void addInstanceProblems(QStringList &problems, const GateFacts &facts)
{
    if (!facts.isByHand && !facts.instanceTrouble.isEmpty()) {
        problems += Text::tr("Nobody knows whether the instance at Render is still the %1 of the plan, because Render "
                             "could not be asked: %2 Go on when it answers.")
                        .arg(facts.instance, facts.instanceTrouble);
    } else if (!facts.isByHand && !facts.isTheInstance) {
        problems +=
            Text::tr("The instance at Render is not %1 as it was when this was planned (%2). Nothing is done to "
                     "it. Look at the dashboard; if it is another one, give this migration up and plan a new one.")
                .arg(facts.instance, facts.strange.join(QStringLiteral("; ")));
    }
    if (facts.databases.isEmpty()) {
        problems +=
            Text::tr("The plan for %1 names no database, so there is no backup of anything. Give this migration "
                     "up and plan a new one.")
                .arg(facts.instance);
    }
    if (facts.sourceIsGone) {
        return;
    }
    if (!facts.databasesWereListed) {
        problems +=
            Text::tr("Nobody knows whether there are new databases on %1, because it could not be asked: %2 Go on "
                     "when it answers.")
                .arg(facts.instance, facts.listTrouble);
    }
    for (const QString &name : facts.unplanned) {
        problems +=
            Text::tr("There is a database %1 on %2 that is in no backup: it was made after this was planned, or "
                     "allows no connections. Drop it if nobody needs it, or give this migration up and plan a new "
                     "one; the backups stay.")
                .arg(name, facts.instance);
    }
}

} // namespace

QStringList problemsOf(const GateFacts &facts)
{
    QStringList problems;
    addInstanceProblems(problems, facts);
    for (const GateFacts::Database &database : facts.databases) {
        addBackupProblems(problems, facts, database);
        addSecondProblems(problems, database);
        if (!facts.sourceIsGone) {
            addLiveProblems(problems, database);
        }
    }
    if (facts.wantsName && facts.typedName != facts.instance) {
        problems += facts.typedName.isEmpty()
                        ? Text::tr("The name of the instance was not typed yet. Type %1.").arg(facts.instance)
                        : Text::tr("You typed “%1”, but the instance is called “%2”. Nothing was done. Type its name "
                                   "exactly, with capitals and hyphens as they are.")
                              .arg(facts.typedName, facts.instance);
    }
    return problems;
}

} // namespace Roost
