#include "operations/instancechanges.h"

#include "operations/instancecreation.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QHostAddress>
#include <QRegularExpression>

#include <algorithm>
#include <functional>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(InstanceChanges)
};

JobContext unstoppable(const JobContext &context)
{
    return JobContext({}, {}, [&context](const QString &line) { context.log(line); });
}

bool isSameInstance(const PostgresInstance &seen, const PostgresInstance &now)
{
    return seen.id == now.id && seen.name == now.name && seen.region == now.region && seen.owner.id == now.owner.id &&
           seen.createdAt == now.createdAt;
}

bool hasSameAddresses(QList<AllowedAddresses> left, QList<AllowedAddresses> right)
{
    const auto before = [](const AllowedAddresses &one, const AllowedAddresses &other) {
        return one.cidrBlock != other.cidrBlock ? one.cidrBlock < other.cidrBlock : one.description < other.description;
    };
    std::sort(left.begin(), left.end(), before);
    std::sort(right.begin(), right.end(), before);
    return left == right;
}

/// One change to one instance. On the operation's thread.
class ChangeRun
{
public:
    using Send = std::function<Result<void>(RenderClient &)>;
    /// Nothing: the instance is gone.
    using IsDone = std::function<bool(const PostgresInstance *now)>;

    ChangeRun(const RenderAccess &access, const PostgresInstance &seen, const RenderPatience &patience,
              JobContext &context, QString change)
        : m_seen(seen)
        , m_patience(patience)
        , m_context(context)
        , m_change(std::move(change))
        , m_client(access, context, patience.times)
        , m_sender(access, unstoppable(context), patience.times)
    {
    }

    /// The instance as it is, if it is the one that was seen.
    Result<PostgresInstance> look();
    /// Sends once, then reads until it is done. The instance as it was read last; an empty one when it is gone.
    Result<PostgresInstance> change(const Send &send, const IsDone &isDone);
    RenderClient &client() { return m_client; }

private:
    Result<PostgresInstance> readBack(const std::optional<Error> &unanswered, const IsDone &isDone);
    Error undecided(const std::optional<Error> &unanswered, const std::optional<PostgresInstance> &last,
                    const QString &trouble) const;

    const PostgresInstance &m_seen;
    const RenderPatience m_patience;
    JobContext &m_context;
    const QString m_change; ///< "delete birds"
    RenderClient m_client;
    RenderClient m_sender;
};

Result<PostgresInstance> ChangeRun::look()
{
    if (!isRenderId(m_seen.id, "dpg")) {
        return failure(ErrorCode::InvalidInput, Text::tr("\"%1\" is no id of an instance.").arg(m_seen.id));
    }
    m_context.report({Text::tr("Looking at %1 once more").arg(m_seen.name), 0, 0, {}, -1});
    const Result<PostgresInstance> now = m_client.instance(m_seen.id);
    if (!now) {
        Error error = now.error();
        if (error.code == ErrorCode::NotFound) {
            error.message = Text::tr("%1 (%2) is no longer there, or this key may not see it. Nothing was changed.")
                                .arg(m_seen.name, m_seen.id);
        } else if (!error.isCancelled()) {
            error.message =
                Text::tr("Nothing was changed: %1 could not be looked at first. %2").arg(m_seen.name, error.message);
        }
        return failure(error);
    }
    if (!isSameInstance(m_seen, *now)) {
        return failure(
            ErrorCode::Conflict,
            Text::tr("Nothing was changed: %1 is not the instance that was shown, but %2. Refresh the account "
                     "and look again.")
                .arg(m_seen.id, instanceInWords(*now)));
    }
    return now;
}

Result<PostgresInstance> ChangeRun::change(const Send &send, const IsDone &isDone)
{
    if (m_context.isCancelled()) {
        return failure(Error::cancelled());
    }
    m_context.report({Text::tr("Asking Render to %1").arg(m_change), 0, 0, {}, -1});
    const Result<void> sent = send(m_sender);
    if (sent) {
        return readBack(std::nullopt, isDone);
    }
    if (mayHaveHappened(sent.error())) {
        m_context.log(Text::tr("No whole answer: %1").arg(sent.error().message));
        return readBack(sent.error(), isDone);
    }
    Error error = sent.error();
    error.message = Text::tr("Render did not %1: %2").arg(m_change, error.message);
    return failure(error);
}

Result<PostgresInstance> ChangeRun::readBack(const std::optional<Error> &unanswered, const IsDone &isDone)
{
    QElapsedTimer clock;
    clock.start();
    std::optional<PostgresInstance> last;
    QString trouble;
    do {
        m_context.report({unanswered
                              ? Text::tr("Render gave no whole answer; looking what became of %1").arg(m_seen.name)
                              : Text::tr("Looking what became of %1").arg(m_seen.name),
                          0,
                          0,
                          {},
                          -1});
        const Result<PostgresInstance> now = m_sender.instance(m_seen.id);
        trouble = now ? QString() : now.error().message;
        if (now) {
            last = *now;
        }
        const bool isGone = !now && now.error().code == ErrorCode::NotFound;
        if ((now || isGone) && isDone(isGone ? nullptr : &*now)) {
            return isGone ? PostgresInstance() : *now;
        }
        if (isGone) {
            return failure(
                ErrorCode::NotFound,
                Text::tr("%1 (%2) is no longer there: somebody deleted it meanwhile.").arg(m_seen.name, m_seen.id));
        }
    } while (clock.elapsed() < m_patience.lookFor.count() && sleepFor(m_patience.lookEvery, m_context.stopToken()));
    return failure(undecided(unanswered, last, trouble));
}

Error ChangeRun::undecided(const std::optional<Error> &unanswered, const std::optional<PostgresInstance> &last,
                           const QString &trouble) const
{
    Error error;
    error.code = ErrorCode::OutcomeUnknown;
    error.message = unanswered ? Text::tr("Render was asked once to %1 and gave no whole answer.").arg(m_change)
                               : Text::tr("Render took the request to %1.").arg(m_change);
    error.message += u' ';
    if (last) {
        error.message += Text::tr("When Roost looked last, %1 was still there, with the status \"%2\"; the change may "
                                  "still come. Refresh the account before you try again.")
                             .arg(instanceInWords(*last), last->status);
    } else {
        error.message += Text::tr("Roost could not look since, so it is not known whether that happened (%1). Refresh "
                                  "the account when Render can be reached again, before you try again.")
                             .arg(trouble);
    }
    if (unanswered) {
        error.detail = unanswered->message + (unanswered->detail.isEmpty() ? QString() : u'\n' + unanswered->detail);
        error.httpStatus = unanswered->httpStatus;
    }
    return error;
}

} // namespace

Result<void> deleteInstance(const RenderAccess &access, const DeleteInstanceRequest &request, JobContext &context)
{
    const QString name = request.seen.name;
    if (name.isEmpty() || request.confirmation != name) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("Nothing was deleted: the name that was typed is not \"%1\".").arg(name));
    }
    ChangeRun run(access, request.seen, request.patience, context, Text::tr("delete %1").arg(name));
    if (const auto now = run.look(); !now) {
        return failure(now.error());
    }
    const auto gone = run.change([&](RenderClient &client) { return client.deleteInstance(request.seen.id); },
                                 [](const PostgresInstance *now) { return !now; });
    if (!gone) {
        return failure(gone.error());
    }
    context.log(Text::tr("%1 (%2) is gone.").arg(name, request.seen.id));
    return {};
}

Result<PostgresInstance> suspendInstance(const RenderAccess &access, const InstanceChangeRequest &request,
                                         JobContext &context)
{
    ChangeRun run(access, request.seen, request.patience, context, Text::tr("suspend %1").arg(request.seen.name));
    const auto now = run.look();
    if (!now || now->isSuspended) {
        return now;
    }
    return run.change([&](RenderClient &client) { return client.suspendInstance(request.seen.id); },
                      [](const PostgresInstance *read) { return read && read->isSuspended; });
}

Result<PostgresInstance> resumeInstance(const RenderAccess &access, const InstanceChangeRequest &request,
                                        JobContext &context)
{
    ChangeRun run(access, request.seen, request.patience, context, Text::tr("resume %1").arg(request.seen.name));
    const auto now = run.look();
    if (!now || now->isAvailable()) {
        return now;
    }
    if (now->isSuspended) {
        const auto awake = run.change([&](RenderClient &client) { return client.resumeInstance(request.seen.id); },
                                      [](const PostgresInstance *read) { return read && !read->isSuspended; });
        if (!awake) {
            return awake;
        }
        return waitUntilAvailable(run.client(), *awake, request.patience, context);
    }
    return waitUntilAvailable(run.client(), *now, request.patience, context);
}

Result<PostgresInstance> setAllowedAddresses(const RenderAccess &access, const InstanceChangeRequest &request,
                                             const QList<AllowedAddresses> &addresses, JobContext &context)
{
    for (const AllowedAddresses &one : addresses) {
        if (const QString problem = cidrProblem(one.cidrBlock); !problem.isEmpty()) {
            return failure(ErrorCode::InvalidInput, problem);
        }
    }
    ChangeRun run(access, request.seen, request.patience, context,
                  Text::tr("change who may connect to %1").arg(request.seen.name));
    const auto now = run.look();
    if (!now || hasSameAddresses(now->allowedAddresses, addresses)) {
        return now;
    }
    if (!hasSameAddresses(now->allowedAddresses, request.seen.allowedAddresses)) {
        return failure(ErrorCode::Conflict,
                       Text::tr("Nothing was changed: the allow list of %1 is another one than was shown. Refresh the "
                                "account and look again.")
                           .arg(request.seen.name));
    }
    PostgresChanges changes;
    changes.allowedAddresses = addresses;
    return run.change(
        [&](RenderClient &client) -> Result<void> {
            const auto updated = client.updateInstance(request.seen.id, changes);
            if (!updated) {
                return failure(updated.error());
            }
            return {};
        },
        [&](const PostgresInstance *read) { return read && hasSameAddresses(read->allowedAddresses, addresses); });
}

QString cidrProblem(const QString &cidr)
{
    static const QRegularExpression form(QStringLiteral("\\A\\d{1,3}(\\.\\d{1,3}){3}/\\d{1,2}\\z"));
    const auto [address, bits] = QHostAddress::parseSubnet(cidr);
    if (!form.match(cidr).hasMatch() || bits < 0 || address.protocol() != QAbstractSocket::IPv4Protocol) {
        return Text::tr(
                   "\"%1\" is no range of addresses. Write an IPv4 address and the number of bits that count, such "
                   "as 203.0.113.7/32 for one address.")
            .arg(cidr);
    }
    return {};
}

bool isAllowed(const QString &address, const QList<AllowedAddresses> &ranges)
{
    const QHostAddress wanted(address);
    return std::any_of(ranges.begin(), ranges.end(), [&](const AllowedAddresses &one) {
        const auto subnet = QHostAddress::parseSubnet(one.cidrBlock);
        return subnet.second >= 0 && !wanted.isNull() && wanted.isInSubnet(subnet);
    });
}

} // namespace Roost
