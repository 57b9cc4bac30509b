#include "operations/migrationcomparelive.h"
#include "operations/databasecompare.h"
#include "operations/migrationbackups.h"
#include "operations/migrationmark.h"
#include "operations/migrationsessions.h"

#include <QCoreApplication>
#include <QDateTime>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationCompareLive)
};

constexpr int rounds = 3; ///< of fresh backups, before the user is asked to stop whoever writes
constexpr int toldChanges = 5;

Result<void> noteEqual(MigrationWork &work, const QString &database)
{
    const QJsonObject fact{{QStringLiteral("sha256"), work.state().backupOf(database)[u"sha256"]},
                           {QStringLiteral("comparedAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                           {QStringLiteral("equal"), true}};
    return work.note(MigrationStep::CompareLive, {{QStringLiteral("databases"), QJsonObject{{database, fact}}}});
}

/// What was written after the data had moved, which only the fresh backup has.
Result<void> noteLateChanges(MigrationWork &work, const QString &database, const QStringList &changes)
{
    if (!work.state().isDone(MigrationStep::Restore)) {
        return {};
    }
    return work.note(MigrationStep::CompareLive,
                     {{QStringLiteral("late"), QJsonObject{{database, changes.join(QStringLiteral("; "))}}}});
}

MigrationPause stillWritten(const QStringList &changes, const QList<MigrationSession> &sessions)
{
    MigrationPause pause;
    pause.step = MigrationStep::CompareLive;
    pause.question = MigrationQuestion::StillWritten;
    pause.text = Text::tr("The old instance changes faster than it can be backed up: after %1 fresh backups it was "
                          "different again. Whatever is written now would be missing on the new instance. Stop whoever "
                          "writes, then try again. Nothing is lost by waiting.")
                     .arg(rounds);
    pause.doing = {Text::tr("Stop every program that writes: the app on your own computer, scheduled jobs, colleagues' "
                            "tools, services that Roost did not suspend."),
                   Text::tr("Then try again.")};
    pause.problems = changes;
    for (const MigrationSession &session : sessions) {
        pause.problems += Text::tr("Connected now: %1").arg(textOf(session));
    }
    return pause;
}

} // namespace

Result<QStringList> liveChanges(const MigrationWork &work, const ConnectionSpec &source, const QString &database,
                                JobContext &context)
{
    const auto compared = compareDatabases({work.state().backupOf(database)[u"file"].toString(), {}},
                                           {{}, source.withDatabase(database)}, context);
    if (!compared) {
        return failure(compared.error());
    }
    QStringList changes;
    int more = 0;
    for (const ManifestDifference &difference : compared->differences) {
        if (difference.weight == ManifestDifference::Weight::Note) {
            continue;
        }
        if (changes.size() < toldChanges) {
            changes += QStringLiteral("%1: %2").arg(difference.what, difference.text);
        } else {
            ++more;
        }
    }
    if (more > 0) {
        changes += Text::tr("and %1 more").arg(more);
    }
    return changes;
}

Result<StepOutcome> compareWithLive(MigrationWork &work)
{
    (void)work.takeAnswer(MigrationQuestion::StillWritten); // it only says: look again
    const QStringList names = databaseNames(work.plan());
    const auto source = work.source();
    if (!source) {
        return failure(source.error());
    }
    QStringList waiting = names; // that are not known to be equal
    QStringList told;
    int fresh = 0;
    for (int round = 0; round <= rounds && !waiting.isEmpty(); ++round) {
        const auto mark = readQuietMark(*source, names, work.stopToken());
        if (!mark) {
            return failure(mark.error());
        }
        const bool looksAtAll = waiting.size() == names.size();
        QStringList changed;
        told.clear();
        for (int i = 0; i < waiting.size(); ++i) {
            const QString &name = waiting.at(i);
            JobContext part = work.part(name, i, int(waiting.size()));
            if (const auto ensured = ensureProvenBackup(work, *source, name, part); !ensured) {
                return failure(ensured.error());
            }
            const auto changes = liveChanges(work, *source, name, part);
            if (!changes) {
                return failure(changes.error());
            }
            if (changes->isEmpty()) {
                if (const auto noted = noteEqual(work, name); !noted) {
                    return failure(noted.error());
                }
                continue;
            }
            changed += name;
            told += Text::tr("%1 was changed after its backup: %2").arg(name, changes->join(QStringLiteral("; ")));
            work.context().log(told.last());
            if (round == rounds) {
                continue;
            }
            if (const auto noted = noteLateChanges(work, name, *changes); !noted) {
                return failure(noted.error());
            }
            ++fresh;
            const auto taken = takeMigrationBackup(work, *source, name, part).and_then([&] {
                return proveMigrationBackup(work, *source, name, part);
            });
            if (!taken) {
                return failure(taken.error());
            }
        }
        const QString valid = looksAtAll && changed.isEmpty() ? *mark : QString();
        if (const auto noted = work.note(MigrationStep::CompareLive, {{QStringLiteral("mark"), valid}}); !noted) {
            return failure(noted.error());
        }
        waiting = changed;
    }
    if (!waiting.isEmpty()) {
        const auto sessions = readMigrationSessions(*source, work.stopToken());
        return StepOutcome(stillWritten(told, sessions ? *sessions : QList<MigrationSession>()));
    }
    work.setSummary(fresh == 0 ? Text::tr("Nothing was written since the backups")
                               : Text::tr("Written since: %n fresh backup(s), proven; now equal", nullptr, fresh));
    return StepOutcome();
}

} // namespace Roost
