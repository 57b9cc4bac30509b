#include "operations/migrationgatelook.h"

#include "operations/migrationbackups.h"
#include "operations/migrationcomparelive.h"
#include "operations/migrationmark.h"
#include "postgres/catalogreader.h"
#include "postgres/databaseconnection.h"
#include "render/renderclient.h"

#include <QCoreApplication>
#include <QFile>
#include <QRegularExpression>

#include <algorithm>
#include <sys/stat.h>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationGate)
};

bool isAnotherFile(const QString &one, const QString &other)
{
    struct stat first = {};
    struct stat second = {};
    return ::stat(QFile::encodeName(one).constData(), &first) == 0 &&
           ::stat(QFile::encodeName(other).constData(), &second) == 0 &&
           (first.st_dev != second.st_dev || first.st_ino != second.st_ino);
}

/// One look. On the operation's thread.
class GateLook
{
public:
    GateLook(MigrationWork &work, bool sourceIsGone)
        : m_work(work)
        , m_plan(work.plan())
        , m_names(databaseNames(work.plan()))
    {
        m_facts.sourceIsGone = sourceIsGone;
    }

    Result<GateFacts> run();

private:
    Result<void> lookAtInstance();
    Result<void> lookAtFiles();
    Result<void> lookAtFile(GateFacts::File &file, const QJsonObject &noted, const QByteArray &sum,
                            const QString &database, JobContext &context);
    Result<void> lookAtServer(const ConnectionSpec &source);
    Result<bool> isEmptyByDesign(const ConnectionSpec &source, const DatabaseInfo &info);
    Result<void> lookAtLive();
    Result<void> compareLive(const ConnectionSpec &source, const QString &mark);
    /// Remembers why something could not be looked at; a cancel ends it all.
    Result<void> trouble(const Error &error, QString &into);

    MigrationWork &m_work;
    const MigrationPlan m_plan; ///< the work's own changes place with each note
    const QStringList m_names;
    GateFacts m_facts;
};

Result<GateFacts> GateLook::run()
{
    m_facts.instance = m_plan.source.name;
    m_facts.isByHand = m_plan.isByHand();
    m_facts.typedName = m_work.state().facts.value(MigrationStep::Gate)[u"typedName"].toString();
    for (const QString &name : m_names) {
        GateFacts::Database database;
        database.name = name;
        m_facts.databases += database;
    }
    return lookAtInstance()
        .and_then([this] { return lookAtFiles(); })
        .and_then([this] { return m_facts.sourceIsGone ? Result<void>() : lookAtLive(); })
        .map([this] { return m_facts; });
}

Result<void> GateLook::trouble(const Error &error, QString &into)
{
    into = error.message;
    return error.isCancelled() ? failure(error) : Result<void>();
}

Result<void> GateLook::lookAtInstance()
{
    if (m_plan.isByHand()) {
        return {};
    }
    const auto access = m_work.access();
    if (!access) {
        return trouble(access.error(), m_facts.instanceTrouble);
    }
    RenderClient client(*access, m_work.context(), m_work.environment().patience.times);
    const auto now = client.instance(m_plan.source.id);
    if (!now && now.error().code == ErrorCode::NotFound) {
        m_facts.strange += Text::tr("it is not there any more");
        return {};
    }
    if (!now) {
        return trouble(now.error(), m_facts.instanceTrouble);
    }
    const PostgresInstance &then = m_plan.source;
    const auto compare = [this](const QString &what, const QString &before, const QString &after) {
        if (before != after) {
            m_facts.strange += Text::tr("%1: “%2” instead of “%3”").arg(what, after, before);
        }
    };
    compare(Text::tr("id"), then.id, now->id);
    compare(Text::tr("name"), then.name, now->name);
    compare(Text::tr("workspace"), then.owner.id, now->owner.id);
    if (then.createdAt.isValid()) {
        compare(Text::tr("created"), then.createdAt.toUTC().toString(Qt::ISODate),
                now->createdAt.toUTC().toString(Qt::ISODate));
    }
    m_facts.isTheInstance = m_facts.strange.isEmpty();
    return {};
}

Result<void> GateLook::lookAtFile(GateFacts::File &file, const QJsonObject &noted, const QByteArray &sum,
                                  const QString &database, JobContext &context)
{
    file.file = noted[u"file"].toString();
    const auto found = lookAtBackup(file.file, sum, database, context);
    if (!found) {
        return failure(found.error());
    }
    file.isThere = found->isThere;
    file.isRight = found->isRight;
    file.manifestFits = found->manifestFits;
    return {};
}

Result<void> GateLook::lookAtFiles()
{
    const MigrationState &state = m_work.state();
    for (int i = 0; i < m_names.size(); ++i) {
        GateFacts::Database &database = m_facts.databases[i];
        const QJsonObject backup = state.backupOf(database.name);
        const QJsonObject second = state.secondCopyOf(database.name);
        const QJsonObject compared =
            state.facts.value(MigrationStep::CompareLive)[u"databases"][database.name].toObject();
        const QString sum = backup[u"sha256"].toString();
        JobContext part = m_work.part(database.name, i, int(m_names.size()));
        part.report({Text::tr("Reading backup and second copy"), 0, 0, {}, -1});
        const auto looked = lookAtFile(database.backup, backup, sum.toLatin1(), database.name, part).and_then([&] {
            return lookAtFile(database.second, second, second[u"sha256"].toString().toLatin1(), database.name, part);
        });
        if (!looked) {
            return looked;
        }
        database.isProven = isProvenBackup(state, database.name);
        database.isCompared = !sum.isEmpty() && compared[u"sha256"].toString() == sum && compared[u"equal"].toBool();
        database.secondIsOfBackup = !sum.isEmpty() && second[u"sha256"].toString() == sum;
        // One that is gone is no other name of anything; that it is gone is said by itself.
        database.secondIsApart = !database.second.isThere || !database.backup.isThere ||
                                 isAnotherFile(database.backup.file, database.second.file);
    }
    return {};
}

/// `postgres` is there for connecting through; somebody may have put tables into it all the same.
Result<bool> GateLook::isEmptyByDesign(const ConnectionSpec &source, const DatabaseInfo &info)
{
    if (info.name != u"postgres") {
        return false;
    }
    const auto connection = DatabaseConnection::open(source.withDatabase(info.name), m_work.stopToken());
    if (!connection) {
        // Where the plan's user may not look, it had nothing to lose either.
        return connection.error().code == ErrorCode::NotAllowed ? Result<bool>(true) : failure(connection.error());
    }
    const auto relations = CatalogReader::relations(**connection, m_work.stopToken());
    return relations ? Result<bool>(relations->isEmpty()) : failure(relations.error());
}

Result<void> GateLook::lookAtServer(const ConnectionSpec &source)
{
    static const QRegularExpression scratch(QStringLiteral("\\Aroost_proof_[0-9a-f]{8}\\z")); // of a proof cut off
    const auto connection = DatabaseConnection::open(source, m_work.stopToken());
    if (!connection) {
        return trouble(connection.error(), m_facts.listTrouble);
    }
    const auto listed = CatalogReader::databases(**connection, m_work.stopToken());
    if (!listed) {
        return trouble(listed.error(), m_facts.listTrouble);
    }
    for (const DatabaseInfo &info : *listed) {
        if (m_names.contains(info.name) || info.name == u"template0" || info.name == u"template1" ||
            scratch.match(info.name).hasMatch()) {
            continue;
        }
        const auto isEmpty = isEmptyByDesign(source, info);
        if (!isEmpty) {
            return trouble(isEmpty.error(), m_facts.listTrouble);
        }
        if (!*isEmpty) {
            m_facts.unplanned += info.name;
        }
    }
    m_facts.databasesWereListed = true;
    return {};
}

Result<void> GateLook::lookAtLive()
{
    const auto source = m_work.source();
    if (!source) {
        for (GateFacts::Database &database : m_facts.databases) {
            database.trouble = source.error().message;
        }
        return trouble(source.error(), m_facts.listTrouble);
    }
    if (const auto looked = lookAtServer(*source); !looked) {
        return looked;
    }
    const auto mark = readQuietMark(*source, m_names, m_work.stopToken());
    if (!mark && mark.error().isCancelled()) {
        return failure(mark.error());
    }
    const QString noted = m_work.state().facts.value(MigrationStep::CompareLive)[u"mark"].toString();
    const bool areCompared = std::all_of(m_facts.databases.begin(), m_facts.databases.end(),
                                         [](const GateFacts::Database &database) { return database.isCompared; });
    if (mark && !mark->isEmpty() && *mark == noted && areCompared) {
        for (GateFacts::Database &database : m_facts.databases) {
            database.isUnchanged = true;
        }
        return {};
    }
    return compareLive(*source, mark ? *mark : QString());
}

Result<void> GateLook::compareLive(const ConnectionSpec &source, const QString &mark)
{
    bool areUnchanged = true;
    for (int i = 0; i < m_names.size(); ++i) {
        GateFacts::Database &database = m_facts.databases[i];
        if (!database.backup.manifestFits) {
            database.trouble = Text::tr("there is no proof to hold it against.");
            areUnchanged = false;
            continue;
        }
        JobContext part = m_work.part(database.name, i, int(m_names.size()));
        const auto changes = liveChanges(m_work, source, database.name, part);
        if (!changes) {
            if (const auto told = trouble(changes.error(), database.trouble); !told) {
                return told;
            }
        }
        database.changes = changes ? *changes : QStringList();
        database.isUnchanged = changes && changes->isEmpty();
        areUnchanged = areUnchanged && database.isUnchanged && database.isCompared;
    }
    // The next look need not read it all again.
    return areUnchanged && !mark.isEmpty() ? m_work.note(MigrationStep::CompareLive, {{QStringLiteral("mark"), mark}})
                                           : Result<void>();
}

} // namespace

Result<GateFacts> lookAtGate(MigrationWork &work, bool sourceIsGone)
{
    return GateLook(work, sourceIsGone).run();
}

} // namespace Roost
