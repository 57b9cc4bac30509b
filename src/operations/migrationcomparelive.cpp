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

/// One step, of several rounds. On the operation's thread.
class LiveComparison
{
public:
    LiveComparison(MigrationWork &work, ConnectionSpec source)
        : m_work(work)
        , m_source(std::move(source))
        , m_names(databaseNames(work.plan()))
        , m_waiting(m_names)
    {
    }

    Result<StepOutcome> run();

private:
    Result<void> round(bool mayTakeFresh);
    /// Compares one, and backs it up again where it differs. True when it was equal.
    Result<bool> compareOne(const QString &name, bool mayTakeFresh, JobContext &context);

    MigrationWork &m_work;
    const ConnectionSpec m_source;
    const QStringList m_names;
    QStringList m_waiting; ///< that are not known to be equal
    QStringList m_told;    ///< in what they differed in the last round
    int m_fresh = 0;
};

Result<StepOutcome> LiveComparison::run()
{
    for (int done = 0; done <= rounds && !m_waiting.isEmpty(); ++done) {
        if (const auto looked = round(done < rounds); !looked) {
            return failure(looked.error());
        }
    }
    if (!m_waiting.isEmpty()) {
        const auto sessions = readMigrationSessions(m_source, m_work.stopToken());
        return StepOutcome(stillWritten(m_told, sessions ? *sessions : QList<MigrationSession>()));
    }
    m_work.setSummary(m_fresh == 0
                          ? Text::tr("Nothing was written since the backups")
                          : Text::tr("Written since: %n fresh backup(s), proven; now equal", nullptr, m_fresh));
    return StepOutcome();
}

Result<void> LiveComparison::round(bool mayTakeFresh)
{
    const auto mark = readQuietMark(m_source, m_names, m_work.stopToken());
    if (!mark) {
        return failure(mark.error());
    }
    const bool looksAtAll = m_waiting.size() == m_names.size();
    QStringList changed;
    m_told.clear();
    for (int i = 0; i < m_waiting.size(); ++i) {
        JobContext part = m_work.part(m_waiting.at(i), i, int(m_waiting.size()));
        const auto isEqual = compareOne(m_waiting.at(i), mayTakeFresh, part);
        if (!isEqual) {
            return failure(isEqual.error());
        }
        if (!*isEqual) {
            changed += m_waiting.at(i);
        }
    }
    // The mark speaks for all of them, or not at all.
    const QString valid = looksAtAll && changed.isEmpty() ? *mark : QString();
    m_waiting = changed;
    return m_work.note(MigrationStep::CompareLive, {{QStringLiteral("mark"), valid}});
}

Result<bool> LiveComparison::compareOne(const QString &name, bool mayTakeFresh, JobContext &context)
{
    if (const auto ensured = ensureProvenBackup(m_work, m_source, name, context); !ensured) {
        return failure(ensured.error());
    }
    const auto changes = liveChanges(m_work, m_source, name, context);
    if (!changes) {
        return failure(changes.error());
    }
    if (changes->isEmpty()) {
        return noteEqual(m_work, name).map([] { return true; });
    }
    m_told += Text::tr("%1 was changed after its backup: %2").arg(name, changes->join(QStringLiteral("; ")));
    context.log(m_told.last());
    if (!mayTakeFresh) {
        return false;
    }
    ++m_fresh;
    return noteLateChanges(m_work, name, *changes)
        .and_then([&] { return takeMigrationBackup(m_work, m_source, name, context); })
        .and_then([&] { return proveMigrationBackup(m_work, m_source, name, context); })
        .map([] { return false; });
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
    const auto source = work.source();
    if (!source) {
        return failure(source.error());
    }
    return LiveComparison(work, *source).run();
}

} // namespace Roost
