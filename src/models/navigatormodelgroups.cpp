// The part of NavigatorModel that makes its groups: the workspaces of accounts, the connections, practice, apps.
#include "models/accountlist.h"
#include "models/accountnodes.h"
#include "models/navigatormodel.h"

namespace Roost {

namespace {

const QString connectionsKey = QStringLiteral("connections");
const QString practiceKey = QStringLiteral("practice");
const QString computerKey = QStringLiteral("computer");

} // namespace

void NavigatorModel::setAccounts(AccountList *accounts)
{
    m_accounts = accounts;
    connect(accounts, &AccountList::listed, this, &NavigatorModel::updateGroups);
    connect(accounts, &AccountList::changed, this, &NavigatorModel::updateGroups);
    updateGroups();
}

QModelIndex NavigatorModel::indexOfAccount(const QString &accountId) const
{
    const NavigatorNode *group = m_root->child(QStringLiteral("account:") + accountId);
    return group ? indexFor(group->child(QStringLiteral("account"))) : QModelIndex();
}

void NavigatorModel::updateGroups()
{
    NavigatorNodes groups;
    NavigatorNodes accounts = m_accounts ? accountGroups(*m_accounts, *m_instances) : NavigatorNodes();
    std::vector<std::pair<QString, NavigatorNodes>> rows;
    for (auto &group : accounts) {
        rows.emplace_back(group->key, std::move(group->children));
        group->children.clear();
        groups.push_back(std::move(group));
    }
    groups.push_back(groupNode(connectionsKey, tr("CONNECTIONS")));
    groups.push_back(groupNode(practiceKey, tr("PRACTICE")));
    if (!m_apps.isEmpty()) {
        groups.push_back(groupNode(computerKey, tr("ON THIS COMPUTER")));
    }
    merge(m_root.get(), std::move(groups));
    for (auto &[key, children] : rows) {
        merge(m_root->child(key), std::move(children));
    }
    fillGroups();
}

void NavigatorModel::fillGroups()
{
    NavigatorNodes saved;
    NavigatorNodes practice;
    for (const InstanceList::Entry &entry : m_instances->entries()) {
        if (!m_accounts || !isInAccountGroup(*m_accounts, entry.instance.profile)) {
            (entry.instance.isPractice ? practice : saved)
                .push_back(accountInstanceNode(entry, *m_instances, m_accounts));
        }
    }
    if (m_instances->loadError()) {
        saved.clear();
        saved.push_back(messageNode(NodeMessage::Failed, tr("The connections could not be read"),
                                    m_instances->loadError()->message));
    } else if (saved.empty()) {
        saved.push_back(m_instances->isLoaded() ? messageNode(NodeMessage::Empty, tr("No connections yet"))
                                                : messageNode(NodeMessage::Loading, tr("Loading…")));
    }
    merge(m_root->child(connectionsKey), std::move(saved));
    merge(m_root->child(practiceKey), std::move(practice));
    if (NavigatorNode *computer = m_root->child(computerKey)) {
        NavigatorNodes apps;
        for (const AppFolder &app : std::as_const(m_apps)) {
            apps.push_back(appNode(app.folder, app.address, app.isRunning));
        }
        merge(computer, std::move(apps));
    }
    for (const InstanceList::Entry &entry : m_instances->entries()) {
        updateInstance(entry.instance.id);
    }
}

} // namespace Roost
