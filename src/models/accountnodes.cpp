#include "models/accountnodes.h"

#include "operations/expiry.h"

#include <QCoreApplication>
#include <QRegularExpression>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(AccountNodes)
};

QString capitalised(const QString &word)
{
    return word.left(1).toUpper() + word.mid(1);
}

QString groupKey(const AccountList::Entry &entry, qsizetype workspace)
{
    // The first workspace has the account's own group: rows stay where they are when it is read.
    const QString key = QStringLiteral("account:") + entry.account.id;
    return workspace == 0 ? key : key + u'/' + entry.overview->owners[workspace].id;
}

/// Which of the account's workspaces an instance is in; the first one when that is not known.
qsizetype workspaceOf(const AccountList::Entry &entry, const Profile &profile)
{
    if (!entry.overview) {
        return 0;
    }
    const PostgresInstance *instance = entry.overview->instance(profile.renderId);
    const QList<Owner> &owners = entry.overview->owners;
    const auto found = std::find_if(owners.begin(), owners.end(),
                                    [&](const Owner &owner) { return instance && owner.id == instance->owner.id; });
    return found == owners.end() ? 0 : found - owners.begin();
}

QString countsText(const AccountOverview &overview, const QString &ownerId)
{
    const auto instances = std::count_if(overview.instances.begin(), overview.instances.end(),
                                         [&](const PostgresInstance &one) { return one.owner.id == ownerId; });
    const auto services = std::count_if(overview.services.begin(), overview.services.end(),
                                        [&](const Service &one) { return one.ownerId == ownerId; });
    return Text::tr("%1 · %2").arg(Text::tr("%n instance(s)", nullptr, int(instances)),
                                   Text::tr("%n service(s)", nullptr, int(services)));
}

std::unique_ptr<NavigatorNode> accountNode(const AccountList::Entry &entry, const Owner &owner)
{
    auto node = std::make_unique<NavigatorNode>();
    node->kind = NodeKind::Account;
    node->key = QStringLiteral("account");
    node->name = Text::tr("Overview");
    node->iconName = QStringLiteral("internet-services");
    node->accountId = entry.account.id;
    node->ownerId = owner.id;
    QStringList lines{Text::tr("Account %1").arg(entry.account.name)};
    if (!entry.account.email.isEmpty()) {
        lines += entry.account.email;
    }
    if (entry.isReading) {
        node->secondary = Text::tr("reading…");
    } else if (entry.hasFailed) {
        node->badges += NodeBadge{Text::tr("not read"), BadgeTone::Danger};
        lines += entry.error.message;
    } else if (entry.overview) {
        node->secondary = countsText(*entry.overview, owner.id);
        if (!entry.overview->gaps.isEmpty()) {
            node->badges += NodeBadge{Text::tr("incomplete"), BadgeTone::Warning};
            lines += entry.overview->gaps;
        }
    }
    node->toolTip = lines.join(u'\n');
    return node;
}

QString groupName(const AccountList &accounts, const AccountList::Entry &entry, const Owner &owner)
{
    if (owner.name.isEmpty()) {
        return entry.account.name;
    }
    const auto namesakes = std::count_if(accounts.entries().begin(), accounts.entries().end(), [&](const auto &other) {
        return other.overview && std::any_of(other.overview->owners.begin(), other.overview->owners.end(),
                                             [&](const Owner &one) { return one.name == owner.name; });
    });
    return namesakes > 1 ? Text::tr("%1 (%2)").arg(owner.name, entry.account.name) : owner.name;
}

} // namespace

QString planText(const QString &plan)
{
    static const QRegularExpression size(QStringLiteral("\\A(\\d+)(mb|gb)\\z"));
    QStringList words = plan.split(u'_', Qt::SkipEmptyParts);
    for (QString &word : words) {
        const auto match = size.match(word);
        word = match.hasMatch() ? match.captured(1) + QChar(QChar::Nbsp) + match.captured(2).toUpper() : word;
    }
    return capitalised(words.join(u' '));
}

QString regionText(const QString &region)
{
    return capitalised(region);
}

QString instanceStatusText(const PostgresInstance &instance)
{
    if (instance.isSuspended || instance.status == u"suspended") {
        return instance.suspenders.contains(QStringLiteral("billing")) ? Text::tr("suspended for billing")
               : instance.suspenders.contains(QStringLiteral("admin")) ? Text::tr("suspended by Render")
                                                                       : Text::tr("suspended");
    }
    if (instance.status == u"creating") {
        return Text::tr("being created");
    }
    QString status = instance.status;
    return status.isEmpty() ? Text::tr("unknown") : status.replace(u'_', u' ');
}

BadgeTone instanceStatusTone(const PostgresInstance &instance)
{
    if (instance.isAvailable()) {
        return BadgeTone::Good;
    }
    if (instance.isSuspended || instance.status == u"suspended" || instance.status == u"unavailable") {
        return BadgeTone::Warning;
    }
    return instance.status == u"recovery_failed" ? BadgeTone::Danger : BadgeTone::Neutral;
}

std::unique_ptr<NavigatorNode> accountInstanceNode(const InstanceList::Entry &entry, const InstanceList &instances,
                                                   const AccountList *accounts)
{
    auto node = instanceNode(entry, instances.practice(), instances.now(entry.instance.profile));
    const QString &renderId = entry.instance.profile.renderId;
    if (!accounts || renderId.isEmpty()) {
        return node;
    }
    const auto [account, instance] = accounts->instance(renderId);
    if (!instance) {
        const AccountList::Entry *own = accounts->find(entry.instance.profile.accountId);
        if (own && own->overview && own->overview->instancesAreKnown) {
            node->badges.prepend({Text::tr("no longer there"), BadgeTone::Danger});
            node->toolTip += (node->toolTip.isEmpty() ? QString() : QStringLiteral("\n")) +
                             Text::tr("The account has no instance %1 any more; Roost keeps the connection and the "
                                      "backups.")
                                 .arg(renderId);
        }
        return node;
    }
    node->secondary = planText(instance->plan);
    if (!instance->isAvailable()) {
        // Why nothing connects says more than that nothing does; and the name needs its place.
        node->secondary.clear();
        // Render suspends what has expired; the badge of its end says so already.
        if (!expiryOf(entry.instance.profile).isOver(instances.now(entry.instance.profile))) {
            if (entry.state == InstanceList::State::Failed && !node->badges.isEmpty()) {
                node->badges.removeLast();
            }
            node->badges.prepend({instanceStatusText(*instance), instanceStatusTone(*instance)});
        }
    }
    const QStringList facts{Text::tr("%1, PostgreSQL %2, %3")
                                .arg(planText(instance->plan), instance->version, regionText(instance->region)),
                            Text::tr("Status: %1").arg(instanceStatusText(*instance)), node->toolTip};
    node->toolTip = facts.join(u'\n').trimmed();
    return node;
}

bool mayConnect(const AccountList *accounts, const Profile &profile)
{
    const PostgresInstance *instance = accounts ? accounts->instance(profile.renderId).second : nullptr;
    return !instance || (!instance->isSuspended && instance->status != u"creating");
}

bool isInAccountGroup(const AccountList &accounts, const Profile &profile)
{
    return !profile.accountId.isEmpty() && accounts.find(profile.accountId);
}

NavigatorNodes accountGroups(const AccountList &accounts, const InstanceList &instances)
{
    NavigatorNodes groups;
    for (const AccountList::Entry &entry : accounts.entries()) {
        const QList<Owner> owners =
            entry.overview && !entry.overview->owners.isEmpty() ? entry.overview->owners : QList<Owner>{Owner()};
        for (qsizetype i = 0; i < owners.size(); ++i) {
            auto group = groupNode(groupKey(entry, i), groupName(accounts, entry, owners[i]).toUpper());
            group->accountId = entry.account.id;
            group->ownerId = owners[i].id;
            group->children.push_back(accountNode(entry, owners[i]));
            for (const InstanceList::Entry &one : instances.entries()) {
                const Profile &profile = one.instance.profile;
                if (profile.accountId == entry.account.id && workspaceOf(entry, profile) == i) {
                    group->children.push_back(accountInstanceNode(one, instances, &accounts));
                }
            }
            groups.push_back(std::move(group));
        }
    }
    return groups;
}

} // namespace Roost
