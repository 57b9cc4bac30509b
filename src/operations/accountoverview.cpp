#include "operations/accountoverview.h"

#include <QCoreApplication>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(AccountOverview)
};

void report(const JobContext &context, const QString &step, int done)
{
    constexpr int steps = 4;
    context.report(Progress{step, done, steps, {}, -1});
}

/// Takes a list, or says in `gaps` why there is none. False when the operation was cancelled.
template <class T>
bool take(const Result<QList<T>> &read, QList<T> &into, bool &isKnown, QStringList &gaps, const QString &what)
{
    isKnown = read.has_value();
    if (read) {
        into = *read;
        return true;
    }
    gaps += Text::tr("%1 could not be read: %2").arg(what, read.error().message);
    return !read.error().isCancelled();
}

template <class T>
void sortByName(QList<T> &list)
{
    std::sort(list.begin(), list.end(), [](const T &left, const T &right) {
        const int order = left.name.compare(right.name, Qt::CaseInsensitive);
        return order != 0 ? order < 0 : left.id < right.id;
    });
}

} // namespace

const PostgresInstance *AccountOverview::instance(const QString &id) const
{
    const auto found =
        std::find_if(instances.cbegin(), instances.cend(), [&id](const PostgresInstance &one) { return one.id == id; });
    return found == instances.cend() ? nullptr : &*found;
}

Result<AccountOverview> readAccount(const RenderAccess &access, JobContext &context, const RenderTimes &times)
{
    RenderClient client(access, context, times);
    AccountOverview overview;
    report(context, Text::tr("Asking whose key it is"), 0);
    const Result<RenderUser> user = client.user();
    if (!user) {
        return failure(user.error());
    }
    overview.user = *user;
    report(context, Text::tr("Reading the workspaces"), 1);
    bool ownersAreKnown = true;
    bool goesOn = take(client.owners(), overview.owners, ownersAreKnown, overview.gaps, Text::tr("The workspaces"));
    if (goesOn) {
        report(context, Text::tr("Reading the instances"), 2);
        goesOn = take(client.instances(), overview.instances, overview.instancesAreKnown, overview.gaps,
                      Text::tr("The instances"));
    }
    if (goesOn) {
        report(context, Text::tr("Reading the services"), 3);
        goesOn = take(client.services(), overview.services, overview.servicesAreKnown, overview.gaps,
                      Text::tr("The services"));
    }
    if (!goesOn) {
        return failure(Error::cancelled());
    }
    sortByName(overview.owners);
    sortByName(overview.instances);
    sortByName(overview.services);
    overview.readAt = QDateTime::currentDateTimeUtc();
    overview.clockOffset = client.clockOffset().value_or(std::chrono::seconds(0));
    return overview;
}

} // namespace Roost
