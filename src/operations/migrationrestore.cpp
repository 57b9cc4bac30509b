#include "operations/migrationrestore.h"

#include "operations/backup.h"
#include "operations/databasecompare.h"
#include "operations/maintenance.h"
#include "operations/restore.h"
#include "operations/targetcontents.h"
#include "postgres/databaseadmin.h"
#include "postgres/identifier.h"

#include <QCoreApplication>
#include <QFileInfo>
#include <QJsonArray>
#include <QLocale>
#include <QSet>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationRestore)
};

QString entryOf(const QJsonObject &fact)
{
    return fact[u"file"].toString();
}

/// One database, on its way to the new instance. On the operation's thread.
class DatabaseRun
{
public:
    DatabaseRun(MigrationWork &work, const ConnectionSpec &target, const MigrationDatabase &database,
                JobContext &context)
        : m_work(work)
        , m_target(target.withDatabase(database.properties.name))
        , m_database(database)
        , m_name(database.properties.name)
        , m_context(context)
    {
    }

    Result<void> run();

private:
    enum class Found {
        Nothing, ///< there is no such database
        Empty,   ///<
        Whole,   ///< all that the backup holds, and nothing else
        Other    ///< what an earlier try left
    };
    Result<Found> look();
    Result<Found> compare();
    Result<void> adapt(DatabaseConnection &beside);
    Result<void> fill(Found found);
    Result<void> fillFrom(const QString &file, RestoreMode mode);
    Result<void> drop();
    Result<void> finish();
    bool mayBeReplaced() const;

    MigrationWork &m_work;
    const ConnectionSpec m_target;
    const MigrationDatabase &m_database;
    const QString m_name;
    JobContext &m_context;
    QString m_file;
    Manifest m_manifest;
    DatabaseProperties m_wanted; ///< of the old one, with roles that the new instance has
    std::optional<DatabaseProperties> m_present;
    QStringList m_warnings;
};

Result<void> DatabaseRun::run()
{
    const auto file = backupFileOf(m_work.state(), m_name);
    if (!file) {
        return failure(file.error());
    }
    m_file = *file;
    auto manifest = manifestOf(m_file);
    if (!manifest) {
        return failure(manifest.error());
    }
    m_manifest = std::move(*manifest);
    const auto found = look();
    if (!found) {
        return failure(found.error());
    }
    if (*found != Found::Whole) {
        if (const auto filled = fill(*found); !filled) {
            return filled;
        }
    }
    return finish();
}

Result<DatabaseRun::Found> DatabaseRun::look()
{
    m_context.report({Text::tr("Looking what is there"), 0, 0, {}, -1});
    const auto beside = openBeside(m_target, m_context);
    if (!beside) {
        return failure(beside.error());
    }
    if (const auto adapted = adapt(**beside); !adapted) {
        return failure(adapted.error());
    }
    const auto properties = readDatabaseProperties(**beside, m_name, m_context.stopToken());
    if (!properties) {
        return properties.error().code == ErrorCode::NotFound ? Result<Found>(Found::Nothing)
                                                              : failure(properties.error());
    }
    m_present = *properties;
    const auto connection = DatabaseConnection::open(m_target, m_context.stopToken());
    const auto objects = connection ? userObjects(**connection, m_context.stopToken()) : failure(connection.error());
    if (!objects) {
        return failure(objects.error());
    }
    return objects->isEmpty() ? Result<Found>(Found::Empty) : compare();
}

Result<DatabaseRun::Found> DatabaseRun::compare()
{
    const auto compared = compareDatabases({m_file, {}}, {{}, m_target}, m_context);
    if (compared) {
        return isProven(compared->differences) ? Found::Whole : Found::Other;
    }
    const bool isOfLink = compared.error().isCancelled() || compared.error().code == ErrorCode::ConnectionFailed ||
                          compared.error().code == ErrorCode::ConnectionLost;
    return isOfLink ? Result<Found>(failure(compared.error())) : Found::Other;
}

/// The old instance's own user is another one on the new one; other roles count only where they exist.
Result<void> DatabaseRun::adapt(DatabaseConnection &beside)
{
    auto rows = beside.query(QStringLiteral("SELECT rolname FROM pg_catalog.pg_roles"), {}, m_context.stopToken());
    if (!rows) {
        return failure(rows.error());
    }
    QSet<QString> roles;
    while (rows->next()) {
        roles += rows->value(0).toString();
    }
    const QString user = m_target.parameters.user;
    const QString before = m_work.plan().connection.user;
    const auto renamed = [&](const QString &role) { return role == before ? user : role; };
    m_wanted = m_database.properties;
    m_wanted.owner = user;
    m_wanted.user = user;
    m_wanted.tablespace.clear();
    m_wanted.connectionLimit = -1; // set at the end: it may let in fewer than a restore needs
    QSet<QString> missing;
    const auto isMissing = [&](const QString &role) {
        if (role.isEmpty() || roles.contains(role)) {
            return false;
        }
        missing += role;
        return true;
    };
    for (auto &one : m_wanted.settings) {
        one.role = renamed(one.role);
    }
    for (auto &one : m_wanted.privileges) {
        one.grantee = renamed(one.grantee);
    }
    m_wanted.settings.removeIf([&](const auto &one) { return isMissing(one.role); });
    m_wanted.privileges.removeIf([&](const auto &one) { return isMissing(one.grantee); });
    if (!missing.isEmpty()) {
        m_warnings += Text::tr("The new instance does not have these users, so their settings and rights in “%1” were "
                               "left out: %2.")
                          .arg(m_name, QStringList(missing.cbegin(), missing.cend()).join(QStringLiteral(", ")));
    }
    return {};
}

bool DatabaseRun::mayBeReplaced() const
{
    return m_name != u"postgres" && m_present && m_present->userOwnsIt && m_present->userMayCreate;
}

Result<void> DatabaseRun::fill(Found found)
{
    const bool isOwn = m_name == m_work.state().facts.value(MigrationStep::CreateNew)[u"databaseName"].toString();
    const bool isFit = m_present && m_present->encoding == m_wanted.encoding;
    RestoreMode mode = RestoreMode::IntoNew;
    if (found == Found::Empty && ((isOwn && isFit) || !mayBeReplaced())) {
        mode = RestoreMode::IntoEmpty;
    } else if (found != Found::Nothing) {
        if (const auto dropped = drop(); !dropped) {
            return dropped;
        }
    }
    auto filled = fillFrom(m_file, mode);
    const QString copy = entryOf(m_work.state().secondCopyOf(m_name));
    const bool isOfFile =
        !filled && (filled.error().code == ErrorCode::InvalidInput || filled.error().code == ErrorCode::FileFailed ||
                    filled.error().code == ErrorCode::NotFound);
    if (isOfFile && !copy.isEmpty() && copy != m_file && QFileInfo::exists(copy)) {
        m_context.log(filled.error().message);
        m_warnings += Text::tr("The backup %1 could not be read; “%2” was restored from its second copy, %3.")
                          .arg(m_file, m_name, copy);
        filled = fillFrom(copy, mode);
    }
    return filled;
}

/// What is on the new instance before everything there was compared is what an earlier try left.
Result<void> DatabaseRun::drop()
{
    if (!mayBeReplaced()) {
        return failure(
            ErrorCode::NotAllowed,
            Text::tr("“%1” on the new instance holds something else than the backup, and the user %2 may not "
                     "drop it. Empty it, or delete the new instance in Render's dashboard; then go on.")
                .arg(m_name, m_target.parameters.user));
    }
    m_context.log(Text::tr("“%1” on the new instance is what an earlier try left; it is made anew.").arg(m_name));
    // Not to be cancelled in the middle: it is quick, and half of an answer is worse than all of it.
    const auto beside = openBeside(m_target, m_context);
    const auto dropped = beside ? DatabaseAdmin::drop(**beside, m_name, true) : Result<void>(failure(beside.error()));
    return dropped || dropped.error().code == ErrorCode::NotFound ? Result<void>() : dropped;
}

Result<void> DatabaseRun::fillFrom(const QString &file, RestoreMode mode)
{
    RestoreRequest request;
    request.file = file;
    request.target = m_target;
    request.mode = mode;
    if (mode == RestoreMode::IntoNew) {
        request.like = m_wanted;
    }
    const auto report = restore(request, m_context);
    if (!report) {
        return failure(report.error());
    }
    m_warnings += report->warnings + report->leftOut;
    return {};
}

Result<void> DatabaseRun::finish()
{
    const auto beside = openBeside(m_target, m_context);
    if (!beside) {
        return failure(beside.error());
    }
    m_warnings += applyDatabaseExtras(**beside, m_wanted, m_name);
    if (m_database.properties.connectionLimit >= 0) {
        const auto limited = (*beside)->execute(QStringLiteral("ALTER DATABASE %1 CONNECTION LIMIT %2")
                                                    .arg(quoteIdentifier(m_name))
                                                    .arg(m_database.properties.connectionLimit));
        if (!limited) {
            m_warnings += Text::tr("How many may connect to “%1” could not be limited again.").arg(m_name);
        }
    }
    if (!(*beside)->isOpen()) {
        return failure(ErrorCode::ConnectionLost,
                       Text::tr("The connection to the new instance ended while the settings of “%1” were made. Go on: "
                                "what is restored is not restored again.")
                           .arg(m_name));
    }
    for (const QString &warning : std::as_const(m_warnings)) {
        m_context.log(warning);
    }
    const QJsonObject done{{QStringLiteral("rows"), m_manifest.rowCount()},
                           {QStringLiteral("tables"), m_manifest.tables.size()},
                           {QStringLiteral("restoredAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                           {QStringLiteral("as"), m_name},
                           {QStringLiteral("differs"), false},
                           {QStringLiteral("warnings"), QJsonArray::fromStringList(m_warnings)}};
    return m_work.note(MigrationStep::Restore, {{QStringLiteral("databases"), QJsonObject{{m_name, done}}}});
}

} // namespace

Result<QString> backupFileOf(const MigrationState &state, const QString &database)
{
    const QString sha256 = state.proofOf(database)[u"sha256"].toString();
    QStringList tried;
    for (const QJsonObject &fact : {state.backupOf(database), state.secondCopyOf(database)}) {
        const QString file = entryOf(fact);
        const auto manifest = file.isEmpty() || !QFileInfo::exists(file)
                                  ? Result<Manifest>(failure(ErrorCode::NotFound, file))
                                  : manifestOf(file);
        if (manifest && !sha256.isEmpty() && QString::fromLatin1(manifest->dumpSha256) == sha256) {
            return file;
        }
        tried += file;
    }
    tried.removeAll(QString());
    return failure(ErrorCode::NotFound,
                   Text::tr("The proven backup of “%1” is not where it was (%2), nor is its second copy, or the proof "
                            "beside it is another one. Connect the disk that it is on, or put it back; then go on.")
                       .arg(database, tried.isEmpty() ? Text::tr("none is known") : tried.join(QStringLiteral(", "))));
}

QString restoredName(const MigrationState &state, const QString &database)
{
    const QString name = state.facts.value(MigrationStep::Restore)[u"databases"][database][u"as"].toString();
    return name.isEmpty() ? database : name;
}

Result<void> restoreDatabase(MigrationWork &work, const ConnectionSpec &target, const MigrationDatabase &database,
                             JobContext &context)
{
    return DatabaseRun(work, target, database, context).run();
}

Result<StepOutcome> restoreAll(MigrationWork &work)
{
    const auto target = newTarget(work);
    if (!target) {
        return failure(target.error());
    }
    const QList<MigrationDatabase> databases = work.plan().databases;
    qint64 rows = 0;
    QStringList names;
    for (int i = 0; i < databases.size(); ++i) {
        const QString name = databases.at(i).properties.name;
        const auto fact = [&] { return work.state().facts.value(MigrationStep::Restore)[u"databases"][name]; };
        if (fact()[u"restoredAt"].toString().isEmpty() || fact()[u"differs"].toBool()) {
            JobContext context = work.part(name, i, int(databases.size()));
            if (const auto done = restoreDatabase(work, *target, databases.at(i), context); !done) {
                return failure(done.error());
            }
        }
        rows += fact()[u"rows"].toInteger();
        names += name;
    }
    work.setSummary(Text::tr("%1: %L2 rows").arg(names.join(QStringLiteral(", "))).arg(rows));
    return StepOutcome();
}

} // namespace Roost
