#include "operations/databasecompare.h"
#include "operations/migrationrestore.h"
#include "postgres/databaseconnection.h"

#include <QCoreApplication>
#include <QJsonArray>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationCompare)
};

constexpr qsizetype namedAtMost = 5;

QString inWords(const QList<ManifestDifference> &differences, bool isNotes)
{
    QStringList words;
    for (const ManifestDifference &one : differences) {
        if ((one.weight == ManifestDifference::Weight::Note) == isNotes) {
            words += one.what + u' ' + one.text;
        }
    }
    const qsizetype more = words.size() - namedAtMost;
    words = words.mid(0, namedAtMost);
    if (more > 0) {
        words += Text::tr("and %1 more").arg(more);
    }
    return words.join(QStringLiteral("; "));
}

/// What was changed in place goes on being written to: rows may have come and gone since the backup, but no table.
QList<ManifestDifference> grave(const DatabaseComparison &comparison, bool isInUse)
{
    QList<ManifestDifference> left = comparison.differences;
    left.removeIf([&](const ManifestDifference &one) {
        const QString table = one.what.startsWith(u"table ") ? one.what.mid(6) : QString();
        const bool isRowsOnly = one.weight == ManifestDifference::Weight::Data &&
                                (table.isEmpty() || comparison.second.tables.contains(table));
        return one.weight == ManifestDifference::Weight::Note || (isInUse && isRowsOnly);
    });
    return left;
}

/// Compares all databases, and says of all what differs. On the operation's thread.
class CompareRun
{
public:
    CompareRun(MigrationWork &work, ConnectionSpec target)
        : m_work(work)
        , m_target(std::move(target))
    {
    }

    Result<StepOutcome> run();

private:
    bool isInPlace() const { return m_work.plan().path == MigrationPath::UpgradeInPlace; }
    Result<void> compare(const MigrationDatabase &database, JobContext &context);
    Result<void> note(const QString &name, const DatabaseComparison &comparison);

    MigrationWork &m_work;
    const ConnectionSpec m_target;
    QStringList m_differences; ///< that are grave, a text a database
    QStringList m_notes;
};

Result<void> CompareRun::note(const QString &name, const DatabaseComparison &comparison)
{
    const QString notes = inWords(comparison.differences, true);
    QStringList texts = QStringList{notes} + comparison.second.unproven;
    texts.removeAll(QString());
    const QString text = texts.join(QStringLiteral("; "));
    if (!text.isEmpty()) {
        m_notes += QStringLiteral("%1: %2").arg(name, text);
    }
    const QJsonObject fact{{QStringLiteral("equal"), true},
                           {QStringLiteral("rows"), comparison.second.rowCount()},
                           {QStringLiteral("tables"), comparison.second.tables.size()},
                           {QStringLiteral("comparedAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                           {QStringLiteral("notes"), text}};
    return m_work.note(MigrationStep::Compare, {{QStringLiteral("databases"), QJsonObject{{name, fact}}}});
}

Result<void> CompareRun::compare(const MigrationDatabase &database, JobContext &context)
{
    const QString name = database.properties.name;
    const auto restored = m_work.state().facts.value(MigrationStep::Restore)[u"databases"][name];
    if (!isInPlace() && restored[u"differs"].toBool()) { // found by the last comparison
        if (const auto again = restoreDatabase(m_work, m_target, database, context); !again) {
            return again;
        }
    }
    const auto file = backupFileOf(m_work.state(), name);
    if (!file) {
        return failure(file.error());
    }
    const auto comparison =
        compareDatabases({*file, {}}, {{}, m_target.withDatabase(restoredName(m_work.state(), name))}, context);
    const bool isMissing = !comparison && comparison.error().code == ErrorCode::NotFound;
    if (!comparison && !isMissing) {
        return failure(comparison.error());
    }
    const QString text = isMissing ? Text::tr("it is not there") : inWords(grave(*comparison, isInPlace()), false);
    if (text.isEmpty()) {
        return note(name, *comparison);
    }
    m_differences += QStringLiteral("“%1”: %2").arg(name, text);
    if (isInPlace()) {
        return {};
    }
    const QJsonObject fact{{name, QJsonObject{{QStringLiteral("differs"), true}}}};
    return m_work.note(MigrationStep::Restore, {{QStringLiteral("databases"), fact}});
}

Result<StepOutcome> CompareRun::run()
{
    const QList<MigrationDatabase> databases = m_work.plan().databases;
    for (int i = 0; i < databases.size(); ++i) {
        const QString name = databases.at(i).properties.name;
        if (m_work.state().facts.value(MigrationStep::Compare)[u"databases"][name][u"equal"].toBool()) {
            continue;
        }
        JobContext context = m_work.part(name, i, int(databases.size()));
        if (const auto compared = compare(databases.at(i), context); !compared) {
            return failure(compared.error());
        }
    }
    if (!m_differences.isEmpty()) {
        const QString what = m_differences.join(u' ');
        return failure(
            ErrorCode::Conflict,
            isInPlace()
                ? Text::tr("After the change of the plan, not everything is there that was in the backups. %1. "
                           "The backups are proven; look at what is missing, and restore it.")
                      .arg(what)
                : Text::tr("The new instance does not hold what the backups hold. %1. No service was pointed at "
                           "it, and the backups are proven. Go on, and what differs is restored once more.")
                      .arg(what));
    }
    m_work.setSummary(m_notes.isEmpty()
                          ? Text::tr("all equal")
                          : Text::tr("all equal; to be known: %1").arg(m_notes.join(QStringLiteral(" "))));
    return StepOutcome();
}

} // namespace

Result<StepOutcome> compareNew(MigrationWork &work)
{
    const bool isInPlace = work.plan().path == MigrationPath::UpgradeInPlace;
    auto target = isInPlace ? work.source() : newTarget(work);
    return target ? CompareRun(work, std::move(*target)).run() : failure(target.error());
}

Result<StepOutcome> analyzeNew(MigrationWork &work)
{
    const auto target = newTarget(work);
    if (!target) {
        return failure(target.error());
    }
    const QList<MigrationDatabase> databases = work.plan().databases;
    QStringList names;
    for (int i = 0; i < databases.size(); ++i) {
        const QString name = databases.at(i).properties.name;
        const JobContext context = work.part(name, i, int(databases.size()));
        context.report({Text::tr("Renewing the statistics"), 0, 0, {}, -1});
        const auto connection =
            DatabaseConnection::open(target->withDatabase(restoredName(work.state(), name)), context.stopToken());
        if (!connection) {
            return failure(connection.error());
        }
        const auto analyzed = (*connection)->execute(QStringLiteral("ANALYZE"), {}, context.stopToken());
        const auto counted = analyzed ? (*connection)->takeNotices() : QList<ServerMessage>();
        if (!analyzed) {
            return failure(analyzed.error());
        }
        for (const ServerMessage &one : counted) {
            context.log(one.text);
        }
        names += name;
    }
    work.setSummary(names.join(QStringLiteral(", ")));
    return StepOutcome();
}

} // namespace Roost
