#include "operations/instancecreation.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QLocale>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(InstanceCreation)
};

constexpr int cardNeeded = 402;

/// The changes of this operation are sent whatever the user does meanwhile: a cancelled request would leave nobody
/// knowing what became of it.
JobContext unstoppable(const JobContext &context)
{
    return JobContext({}, {}, [&context](const QString &line) { context.log(line); });
}

/// One creation. On the operation's thread.
class CreationRun
{
public:
    CreationRun(const RenderAccess &access, const CreateInstanceRequest &request, JobContext &context)
        : m_request(request)
        , m_draft(request.draft)
        , m_context(context)
        , m_client(access, context, request.patience.times)
        , m_sender(access, unstoppable(context), request.patience.times)
    {
    }

    Result<CreatedInstance> run();

private:
    Result<void> checkRequest() const;
    Result<void> lookFirst();
    Result<PostgresInstance> create();
    Result<PostgresInstance> lookForIt(const Error &why);
    Result<PostgresInstance> judge(const QList<PostgresInstance> &hits) const;
    Error refusal(Error error) const;
    Error unknown(const Error &why, bool couldLook) const;
    QList<PostgresInstance> newOnes(const QList<PostgresInstance> &named) const;
    bool isAsAskedFor(const PostgresInstance &instance) const;

    const CreateInstanceRequest &m_request;
    const PostgresDraft &m_draft;
    JobContext &m_context;
    RenderClient m_client;
    RenderClient m_sender;
    QList<PostgresInstance> m_before; ///< of the workspace
    QSet<QString> m_idsBefore;
    bool m_wasFound = false;
};

Result<CreatedInstance> CreationRun::run()
{
    if (const auto fits = checkRequest(); !fits) {
        return failure(fits.error());
    }
    m_context.report({Text::tr("Looking at what is in the workspace"), 0, 0, {}, -1});
    if (const auto looked = lookFirst(); !looked) {
        return failure(looked.error());
    }
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (m_request.onAsking) {
        if (const auto noted = m_request.onAsking(m_before); !noted) {
            return failure(noted.error());
        }
    }
    m_context.report({Text::tr("Asking Render to create %1").arg(m_draft.name), 0, 0, {}, -1});
    const Result<PostgresInstance> created = create();
    if (!created) {
        return failure(created.error());
    }
    m_context.log(Text::tr("%1 is there: %2.").arg(m_draft.name, created->id));
    if (!m_request.waits) {
        return CreatedInstance{*created, m_wasFound};
    }
    const Result<PostgresInstance> ready = waitUntilAvailable(m_client, *created, m_request.patience, m_context);
    if (!ready) {
        return failure(ready.error());
    }
    return CreatedInstance{*ready, m_wasFound};
}

Result<void> CreationRun::checkRequest() const
{
    if (!isRenderId(m_draft.ownerId, "tea") && !isRenderId(m_draft.ownerId, "own")) {
        return failure(ErrorCode::InvalidInput, Text::tr("Choose the workspace that the instance is to belong to."));
    }
    for (const QString &problem : {instanceNameProblem(m_draft.name), databaseWordProblem(m_draft.databaseName),
                                   databaseWordProblem(m_draft.databaseUser)}) {
        if (!problem.isEmpty()) {
            return failure(ErrorCode::InvalidInput, problem);
        }
    }
    return {};
}

Result<void> CreationRun::lookFirst()
{
    auto instances = m_client.instances(m_draft.ownerId);
    if (!instances) {
        Error error = instances.error();
        if (!error.isCancelled()) {
            error.message =
                Text::tr("Nothing was created: Roost could not see what is in the workspace. %1").arg(error.message);
        }
        return failure(error);
    }
    m_before = *instances;
    for (const PostgresInstance &one : std::as_const(m_before)) {
        m_idsBefore += one.id;
        if (one.name == m_draft.name && one.id != m_request.ignoredId) {
            return failure(
                ErrorCode::AlreadyExists,
                Text::tr("Nothing was created: an instance named %1 is already in this workspace, %2. Choose "
                         "another name.")
                    .arg(m_draft.name, instanceInWords(one)));
        }
    }
    const QList<PostgresInstance> free = activeFreeInstances(m_before, m_draft.ownerId);
    if (m_draft.plan == u"free" && !free.isEmpty() && !m_request.triesBesideFree) {
        return failure(ErrorCode::Conflict,
                       Text::tr("Nothing was created: Render allows one active free instance a workspace, and there is "
                                "%1. Back it up and suspend or delete it first, choose a paid plan, or take another "
                                "workspace.")
                           .arg(instanceInWords(free.first())));
    }
    return {};
}

Result<PostgresInstance> CreationRun::create()
{
    Result<PostgresInstance> created = m_sender.createInstance(m_draft);
    if (created && isRenderId(created->id, "dpg")) {
        return created;
    }
    if (created) {
        return lookForIt({ErrorCode::OutcomeUnknown, Text::tr("Render's answer has no id in it."), {}, {}});
    }
    return mayHaveHappened(created.error()) ? lookForIt(created.error()) : failure(refusal(created.error()));
}

Error CreationRun::refusal(Error error) const
{
    if (error.isCancelled()) {
        return error;
    }
    error.message = Text::tr("Render did not create %1: %2").arg(m_draft.name, error.message);
    QStringList free;
    for (const PostgresInstance &one : m_before) {
        if (one.isFree()) {
            free += instanceInWords(one);
        }
    }
    if (error.httpStatus == cardNeeded) {
        error.message += u' ' + Text::tr("Render asks for a payment card before it creates this; a card is added on "
                                         "dashboard.render.com/billing.");
    } else if (m_draft.plan == u"free" && !free.isEmpty() && error.code != ErrorCode::RateLimited) {
        error.message += u' ' + Text::tr("Free instances in this workspace: %1. A suspended one may count, too.")
                                    .arg(free.join(QStringLiteral(", ")));
    }
    return error;
}

QList<PostgresInstance> CreationRun::newOnes(const QList<PostgresInstance> &named) const
{
    QList<PostgresInstance> hits;
    for (const PostgresInstance &one : named) {
        if (one.name == m_draft.name && !m_idsBefore.contains(one.id)) {
            hits += one;
        }
    }
    return hits;
}

bool CreationRun::isAsAskedFor(const PostgresInstance &instance) const
{
    return instance.plan == m_draft.plan && (m_draft.version.isEmpty() || instance.version == m_draft.version) &&
           (m_draft.region.isEmpty() || instance.region == m_draft.region);
}

Result<PostgresInstance> CreationRun::judge(const QList<PostgresInstance> &hits) const
{
    if (hits.size() == 1 && isAsAskedFor(hits.first())) {
        return hits.first();
    }
    QStringList names;
    for (const PostgresInstance &one : hits) {
        names += instanceInWords(one);
    }
    return failure(
        ErrorCode::Conflict,
        Text::tr("Render gave no whole answer to the creation of %1, and what is in the workspace now is not "
                 "clearly it: %2. Roost sent the request once and takes none of them; look at them in "
                 "Render's dashboard.")
            .arg(m_draft.name, names.join(QStringLiteral(", "))));
}

Result<PostgresInstance> CreationRun::lookForIt(const Error &why)
{
    m_context.log(Text::tr("No whole answer to the creation: %1").arg(why.message));
    const RenderPatience &patience = m_request.patience;
    QElapsedTimer clock;
    clock.start();
    bool couldLook = false;
    do {
        m_context.report(
            {Text::tr("Render gave no whole answer; looking whether %1 was created").arg(m_draft.name), 0, 0, {}, -1});
        if (const auto named = m_client.instances(m_draft.ownerId, m_draft.name)) {
            couldLook = true;
            if (const QList<PostgresInstance> hits = newOnes(*named); !hits.isEmpty()) {
                m_wasFound = true;
                return judge(hits);
            }
        }
    } while (clock.elapsed() < patience.lookFor.count() && sleepFor(patience.lookEvery, m_context.stopToken()));
    return failure(unknown(why, couldLook));
}

Error CreationRun::unknown(const Error &why, bool couldLook) const
{
    Error error;
    error.code = ErrorCode::OutcomeUnknown;
    error.message =
        Text::tr("Render was asked once to create %1 and gave no whole answer.").arg(m_draft.name) + u' ' +
        (couldLook
             ? Text::tr("It is not in the workspace so far; it may still appear. Look at the list in a few minutes "
                        "before you create it again.")
             : Text::tr("Roost could not see the workspace since, so it is not known whether it was created. Look "
                        "at the list when Render can be reached again, before you create it again."));
    error.detail = why.message + (why.detail.isEmpty() ? QString() : u'\n' + why.detail);
    error.httpStatus = why.httpStatus;
    return error;
}

} // namespace

QString instanceNameProblem(const QString &name, const QStringList &taken)
{
    constexpr qsizetype longest = 60;
    if (name.trimmed().isEmpty()) {
        return Text::tr("Give the instance a name.");
    }
    if (name != name.trimmed()) {
        return Text::tr("The name begins or ends with a blank.");
    }
    if (name.size() > longest) {
        return Text::tr("The name is longer than %1 characters.").arg(longest);
    }
    static const QRegularExpression fits(QStringLiteral("\\A[A-Za-z0-9][A-Za-z0-9 ._-]*\\z"));
    if (!fits.match(name).hasMatch()) {
        return Text::tr("A name begins with a letter or digit, and holds letters of the English alphabet, digits, "
                        "hyphens, underscores, full stops and blanks.");
    }
    if (taken.contains(name)) {
        return Text::tr("An instance of this name is already in the workspace.");
    }
    return {};
}

QString databaseWordProblem(const QString &word)
{
    constexpr qsizetype longest = 58; // Render may add five characters to it
    static const QRegularExpression fits(QStringLiteral("\\A[a-z_][a-z0-9_]*\\z"));
    if (word.isEmpty()) {
        return {};
    }
    if (word.size() > longest) {
        return Text::tr("Names of databases and users have at most %1 characters.").arg(longest);
    }
    if (!fits.match(word).hasMatch()) {
        return Text::tr("Names of databases and users hold small letters, digits and underscores (no hyphens), and "
                        "begin with a letter.");
    }
    return {};
}

QList<PostgresInstance> activeFreeInstances(const QList<PostgresInstance> &instances, const QString &ownerId)
{
    QList<PostgresInstance> free;
    std::copy_if(instances.begin(), instances.end(), std::back_inserter(free), [&](const PostgresInstance &one) {
        return one.isFree() && !one.isSuspended && one.owner.id == ownerId;
    });
    return free;
}

QString instanceInWords(const PostgresInstance &instance)
{
    QStringList facts{instance.id};
    if (!instance.region.isEmpty()) {
        facts += instance.region;
    }
    if (instance.isSuspended) {
        facts += Text::tr("suspended");
    }
    if (instance.expiresAt.isValid()) {
        facts += Text::tr("expires %1")
                     .arg(QLocale().toString(instance.expiresAt.toLocalTime().date(), QStringLiteral("d MMM yyyy")));
    }
    return Text::tr("%1 (%2)").arg(instance.name, facts.join(QStringLiteral(", ")));
}

Result<CreatedInstance> createInstance(const RenderAccess &access, const CreateInstanceRequest &request,
                                       JobContext &context)
{
    return CreationRun(access, request, context).run();
}

Result<PostgresInstance> waitUntilAvailable(RenderClient &client, const PostgresInstance &instance,
                                            const RenderPatience &patience, const JobContext &context)
{
    constexpr int perSecond = 1000;
    PostgresInstance last = instance;
    QString trouble;
    QElapsedTimer clock;
    clock.start();
    for (auto pause = patience.firstPoll;; pause = patience.nextPoll(pause)) {
        const Result<PostgresInstance> read = client.instance(instance.id);
        if (read) {
            last = *read;
            trouble.clear();
        } else if (read.error().isCancelled()) {
            return last;
        } else if (read.error().code == ErrorCode::NotAllowed || read.error().code == ErrorCode::NotFound) {
            Error error = read.error();
            error.message = Text::tr("%1 was created as %2, but Roost cannot see it any more: %3")
                                .arg(instance.name, instance.id, error.message);
            return failure(error);
        } else {
            trouble = read.error().message;
        }
        if (read && last.isAvailable()) {
            return last;
        }
        if (read && (last.isSuspended || last.status == u"recovery_failed")) {
            return failure(ErrorCode::Conflict,
                           Text::tr("%1 (%2) is there, but not usable: Render says \"%3\".")
                               .arg(last.name, last.id, last.isSuspended ? Text::tr("suspended") : last.status));
        }
        const qint64 waited = clock.elapsed();
        if (waited >= patience.waitFor.count()) {
            break;
        }
        context.report({Text::tr("Waiting until %1 is ready: Render says \"%2\", %3 s so far")
                            .arg(last.name, trouble.isEmpty() ? last.status : trouble)
                            .arg(waited / perSecond),
                        0,
                        0,
                        {},
                        -1});
        if (!sleepFor(pause, context.stopToken())) {
            return last;
        }
    }
    return failure(ErrorCode::TimedOut,
                   Text::tr("%1 was created as %2, but was not ready in time: Render last said \"%3\". It may still "
                            "become ready; refresh the account to see.")
                       .arg(last.name, last.id, trouble.isEmpty() ? last.status : trouble));
}

} // namespace Roost
