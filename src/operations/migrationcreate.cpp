#include "operations/instancecreation.h"
#include "operations/migrationinstances.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QSet>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(MigrationCreate)
};

QString inWords(const QList<PostgresInstance> &instances)
{
    QStringList words;
    for (const PostgresInstance &one : instances) {
        words += instanceInWords(one);
    }
    return words.join(QStringLiteral(", "));
}

/// Render's answer, and not a doubt of ours: there can be only one free instance.
bool isForThePlace(const Error &error)
{
    return error.code == ErrorCode::Conflict && error.httpStatus != 0;
}

/// Creates the new instance through Render's API, or finds the one that was created. On the operation's thread.
class CreateRun
{
public:
    CreateRun(MigrationWork &work, RenderAccess access)
        : m_work(work)
        , m_access(std::move(access))
        , m_patience(work.environment().patience)
        , m_client(m_access, work.context(), m_patience.times)
    {
    }

    Result<StepOutcome> run();

private:
    const MigrationPlan &plan() const { return m_work.plan(); }
    QJsonObject facts() const { return m_work.state().facts.value(MigrationStep::CreateNew); }
    Result<std::optional<PostgresInstance>> known();
    Result<std::optional<PostgresInstance>> adopt();
    Result<std::optional<PostgresInstance>> judge(const QList<PostgresInstance> &hits) const;
    std::chrono::milliseconds stillToCome() const;
    Result<PostgresInstance> ask();
    Result<PostgresInstance> askPatiently();
    Result<StepOutcome> takeOver(const PostgresInstance &instance, bool wasFound);
    Result<void> checkOthers();
    Error explained(Error error) const;

    MigrationWork &m_work;
    const RenderAccess m_access;
    const RenderPatience m_patience;
    RenderClient m_client;
    bool m_wasFound = false; ///< the answer was lost, and it was found by its name
};

/// What was created and written down before.
Result<std::optional<PostgresInstance>> CreateRun::known()
{
    const QString id = m_work.state().newInstanceId();
    if (id.isEmpty()) {
        return std::optional<PostgresInstance>();
    }
    const auto instance = m_client.instance(id);
    if (instance) {
        return std::optional(*instance);
    }
    if (instance.error().code != ErrorCode::NotFound) {
        return failure(instance.error());
    }
    if (const auto owner = m_client.owner(plan().draft.ownerId); !owner) {
        return failure(owner.error()); // a key that sees nothing says nothing
    }
    m_work.context().log(
        Text::tr("%1 (%2) is gone: somebody deleted it. Another one is created.").arg(plan().draft.name, id));
    const auto noted =
        m_work.note(MigrationStep::CreateNew, {{QStringLiteral("id"), QString()}, {QStringLiteral("asked"), false}});
    return noted ? Result<std::optional<PostgresInstance>>(std::nullopt) : failure(noted.error());
}

/// How long a request that was sent just before the program ended may take to show.
std::chrono::milliseconds CreateRun::stillToCome() const
{
    const QDateTime asked = QDateTime::fromString(facts()[u"askedAt"].toString(), Qt::ISODateWithMs);
    const std::chrono::milliseconds since(asked.msecsTo(QDateTime::currentDateTimeUtc()));
    return since >= std::chrono::milliseconds(0) && since < m_patience.lookFor ? m_patience.lookFor - since
                                                                               : std::chrono::milliseconds(0);
}

/// An instance of the new one's name that was not there when Render was asked for it.
Result<std::optional<PostgresInstance>> CreateRun::adopt()
{
    if (!facts()[u"asked"].toBool() || !facts().contains(u"idsBefore")) {
        return std::optional<PostgresInstance>();
    }
    QSet<QString> before{plan().source.id};
    for (const QJsonValue one : facts()[u"idsBefore"].toArray()) {
        before += one.toString();
    }
    const auto wait = stillToCome();
    QElapsedTimer clock;
    clock.start();
    do { // by Render's own list and clock: this computer's may be wrong
        m_work.context().report({Text::tr("Looking whether %1 was created").arg(plan().draft.name), 0, 0, {}, -1});
        auto named = m_client.instances(plan().draft.ownerId, plan().draft.name);
        if (!named) {
            return failure(named.error());
        }
        named->removeIf([&](const PostgresInstance &one) {
            return one.name != plan().draft.name || before.contains(one.id) || one.createdAt <= plan().source.createdAt;
        });
        if (!named->isEmpty()) {
            return judge(*named);
        }
    } while (clock.elapsed() < wait.count() && sleepFor(m_patience.lookEvery, m_work.stopToken()));
    return m_work.context().isCancelled() ? Result<std::optional<PostgresInstance>>(failure(Error::cancelled()))
                                          : std::optional<PostgresInstance>();
}

Result<std::optional<PostgresInstance>> CreateRun::judge(const QList<PostgresInstance> &hits) const
{
    const PostgresDraft &draft = plan().draft;
    const PostgresInstance &first = hits.first();
    if (hits.size() == 1 && first.plan == draft.plan && (draft.region.isEmpty() || first.region == draft.region)) {
        return std::optional(first);
    }
    return failure(ErrorCode::Conflict,
                   hits.size() == 1
                       ? Text::tr("Render was asked to create %1, and what is there of that name is not what was asked "
                                  "for: %2, plan %3. Roost takes and deletes none. Look at it in Render's dashboard, "
                                  "rename or delete it there if it is not needed, then go on.")
                             .arg(draft.name, instanceInWords(first), first.plan)
                       : Text::tr("Render was asked once to create %1, and there are several of that name now: %2. "
                                  "Roost takes and deletes none of them. Delete or rename in Render's dashboard those "
                                  "that are not needed, then go on.")
                             .arg(draft.name, inWords(hits)));
}

Result<PostgresInstance> CreateRun::ask()
{
    CreateInstanceRequest request;
    request.draft = plan().draft;
    request.triesBesideFree = true;
    request.patience = m_patience;
    request.ignoredId = plan().source.id;
    request.waits = false;
    request.onAsking = [this](const QList<PostgresInstance> &before) {
        QJsonArray ids;
        for (const PostgresInstance &one : before) {
            ids += one.id;
        }
        return m_work.note(MigrationStep::CreateNew,
                           {{QStringLiteral("asked"), true},
                            {QStringLiteral("askedAt"), QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs)},
                            {QStringLiteral("idsBefore"), ids}});
    };
    const bool wasAsked = facts()[u"asked"].toBool();
    const auto created = createInstance(m_access, request, m_work.context());
    if (created) {
        m_wasFound = created->wasFound;
        return created->instance;
    }
    const Error &error = created.error();
    if (!wasAsked && facts()[u"asked"].toBool() && error.httpStatus != 0 && !mayHaveHappened(error)) {
        // Render said no: whatever appears under this name is not ours.
        if (const auto noted = m_work.note(MigrationStep::CreateNew, {{QStringLiteral("asked"), false}}); !noted) {
            return failure(noted.error());
        }
    }
    return failure(error);
}

/// After the old one was deleted: Render may take a moment to see its place free. It allows twenty creations an hour.
Result<PostgresInstance> CreateRun::askPatiently()
{
    QElapsedTimer clock;
    clock.start();
    auto created = ask();
    while (!created && isForThePlace(created.error()) && clock.elapsed() < m_patience.lookFor.count() &&
           sleepFor(m_patience.longestPoll, m_work.stopToken())) {
        created = ask();
    }
    return created;
}

/// Deleting the old one must make place. It would not if another free instance takes it.
Result<void> CreateRun::checkOthers()
{
    auto all = m_client.instances(plan().draft.ownerId);
    if (!all) {
        return failure(all.error());
    }
    all->removeIf([this](const PostgresInstance &one) { return !one.isFree() || one.id == plan().source.id; });
    if (all->isEmpty()) {
        return {};
    }
    return failure(ErrorCode::Conflict,
                   Text::tr("Render allows one free instance a workspace, and there is another one beside %1: %2. "
                            "Deleting %1 would not make place, so nothing was deleted. Delete or upgrade the other "
                            "one, or begin with another way of migrating; then go on.")
                       .arg(plan().source.name, inWords(*all)));
}

Error CreateRun::explained(Error error) const
{
    if (error.isCancelled() || plan().path != MigrationPath::OneSlot) {
        return error;
    }
    const QString name = plan().source.name;
    error.message +=
        u' ' + (m_work.state().fateOfOld() == u"deleted"
                    ? Text::tr("Nothing is lost: %1 is deleted, and everything in it is in the proven backups in %2. "
                               "Go on as soon as the cause is gone.")
                          .arg(name, plan().backupFolder)
                    : Text::tr("Nothing is lost: %1 is suspended with all that is in it, and the backups in %2 are "
                               "proven. Go on as soon as the cause is gone; or resume %1 in Render's dashboard to have "
                               "everything as it was.")
                          .arg(name, plan().backupFolder));
    return error;
}

Result<StepOutcome> CreateRun::takeOver(const PostgresInstance &instance, bool wasFound)
{
    if (const auto noted = noteNew(m_work, instance, wasFound); !noted) {
        return failure(noted.error());
    }
    m_work.setSummary(instanceInWords(instance));
    return StepOutcome();
}

Result<StepOutcome> CreateRun::run()
{
    if (const auto settled = settleDeletion(m_work); !settled) {
        return failure(settled.error());
    }
    auto known = this->known();
    if (!known) {
        return failure(known.error());
    }
    if (*known) {
        return takeOver(**known, facts()[u"wasFound"].toBool());
    }
    const auto adopted = adopt();
    if (!adopted) {
        return failure(adopted.error());
    }
    if (*adopted) {
        return takeOver(**adopted, true);
    }
    const bool wasAsked = facts()[u"asked"].toBool();
    auto created = ask();
    const bool canMakePlace = plan().path == MigrationPath::OneSlot && plan().source.isFree();
    if (!created && isForThePlace(created.error()) && canMakePlace) {
        m_work.context().log(created.error().message);
        // What was asked for earlier without an answer may be what takes the place.
        const auto late = wasAsked ? adopt() : Result<std::optional<PostgresInstance>>(std::nullopt);
        if (!late) {
            return failure(late.error());
        }
        if (*late) {
            return takeOver(**late, true);
        }
        if (const auto alone = checkOthers(); !alone) {
            return failure(alone.error());
        }
        auto place = deleteOld(m_work);
        if (!place || *place) {
            return place;
        }
        created = askPatiently();
    }
    return created ? takeOver(*created, m_wasFound) : failure(explained(created.error()));
}

Result<StepOutcome> createByHand(MigrationWork &work)
{
    if (const auto answer = work.takeAnswer(MigrationQuestion::NewConnection)) {
        const auto problems = takePasted(work, *answer);
        if (!problems) {
            return failure(problems.error());
        }
        if (!problems->isEmpty()) {
            return askForNew(work, MigrationStep::CreateNew, *problems);
        }
        work.setSummary(work.plan().draft.name);
        return StepOutcome();
    }
    // The text tells the user when to delete the old one, so all has to be proven now.
    if (work.plan().path == MigrationPath::OneSlot) {
        const auto problems = gateProblems(work, true);
        if (!problems) {
            return failure(problems.error());
        }
        if (!problems->isEmpty()) {
            return closeGate(work, *problems);
        }
    }
    return askForNew(work, MigrationStep::CreateNew, {});
}

} // namespace

Result<void> noteNew(MigrationWork &work, const PostgresInstance &instance, bool wasFound)
{
    if (instance.id == work.plan().source.id) {
        return failure(ErrorCode::Conflict, Text::tr("%1 is the old instance, not a new one.").arg(instance.id));
    }
    return work.note(MigrationStep::CreateNew, {{QStringLiteral("id"), instance.id},
                                                {QStringLiteral("name"), instance.name},
                                                {QStringLiteral("databaseName"), instance.databaseName},
                                                {QStringLiteral("databaseUser"), instance.databaseUser},
                                                {QStringLiteral("region"), instance.region},
                                                {QStringLiteral("version"), instance.version},
                                                {QStringLiteral("ownerId"), instance.owner.id},
                                                {QStringLiteral("wasFound"), wasFound}});
}

Result<StepOutcome> createNew(MigrationWork &work)
{
    if (work.plan().isByHand()) {
        return createByHand(work);
    }
    const auto access = work.access();
    return access ? CreateRun(work, *access).run() : failure(access.error());
}

} // namespace Roost
