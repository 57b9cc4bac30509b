#include "gui/account/accountverbs.h"

#include "gui/account/addaccountdialog.h"
#include "gui/account/practiceaccount.h"
#include "gui/account/renderlinks.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/accountconnections.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "storage/accountstore.h"
#include "storage/secretstore.h"

#include <QPointer>
#include <QUrl>
#include <QWidget>

namespace Roost {

AccountVerbs::AccountVerbs(Services &services, AccountConnections *connections, QWidget *window)
    : QObject(window)
    , m_services(services)
    , m_connections(connections)
    , m_window(window)
{
}

void AccountVerbs::addAccount()
{
    openAccountDialog(nullptr);
}

void AccountVerbs::renewKey(const QString &accountId)
{
    if (const AccountList::Entry *entry = m_services.accounts->find(accountId)) {
        openAccountDialog(&entry->account);
    }
}

void AccountVerbs::usePractice()
{
    for (const AccountList::Entry &entry : m_services.accounts->entries()) {
        if (entry.account.isPractice) {
            startPractice(entry.account.id);
            emit accountSaved(entry.account.id);
            return;
        }
    }
    openAccountDialog(nullptr)->usePractice();
}

AddAccountDialog *AccountVerbs::openAccountDialog(const Account *existing)
{
    auto *dialog =
        new AddAccountDialog(m_services, existing ? std::optional(*existing) : std::optional<Account>(), m_window);
    connect(dialog, &AddAccountDialog::saved, this, [this, dialog] {
        const QString id = dialog->account().id;
        connect(
            m_services.accounts, &AccountList::listed, this, [this, id] { emit accountSaved(id); },
            Qt::SingleShotConnection);
        m_services.accounts->reload();
    });
    dialog->open();
    return dialog;
}

void AccountVerbs::startPractice(const QString &accountId)
{
    m_services.jobs->start<RenderAccess>(
        tr("Start the practice account"), [](JobContext &context) { return startPracticeAccount(context); }, this,
        [this, accountId](const Result<RenderAccess> &access) {
            if (!access) {
                m_services.prompts->showError(m_window, tr("The practice account could not be started"),
                                              access.error());
                return;
            }
            findPracticeAccount(m_services, this, [this, accountId] {
                m_services.accounts->reload();
                m_services.accounts->refresh(accountId);
            });
        });
}

void AccountVerbs::removeAccount(const QString &accountId)
{
    const AccountList::Entry *entry = m_services.accounts->find(accountId);
    if (!entry) {
        return;
    }
    Prompts::Question question;
    question.title = tr("Remove the account %1 from Roost?").arg(entry->account.name);
    question.text =
        tr("Roost forgets the account, and its key is taken out of your keychain. At Render nothing changes; "
           "connections and backups stay, too. A key that you need no more is best revoked in Render's "
           "dashboard.");
    question.accept = tr("Remove %1").arg(entry->account.name);
    question.isDestructive = true;
    m_services.prompts->ask(m_window, question, [self = QPointer(this), accountId](bool accepted) {
        if (accepted && self) {
            self->forgetAccount(accountId);
        }
    });
}

void AccountVerbs::forgetAccount(const QString &accountId)
{
    const AccountList::Entry *entry = m_services.accounts->find(accountId);
    const QString name = entry ? entry->account.name : QString();
    const bool wasStored = entry && entry->account.secretIsStored;
    m_services.jobs->runQuietly<void>(
        [store = m_services.accountStore, accountId](JobContext &) { return store->remove(accountId); }, this,
        [this, accountId, name, wasStored](const Result<void> &removed) {
            if (!removed) {
                m_services.prompts->showError(m_window, tr("%1 was not removed").arg(name), removed.error());
                return;
            }
            m_services.secrets->remove(accountId, this, [this, name, wasStored](const Result<void> &secret) {
                if (!secret && wasStored) {
                    m_services.prompts->showError(m_window, tr("The key of %1 is still in your keychain").arg(name),
                                                  secret.error());
                }
            });
            emit accountGone(accountId);
            m_services.accounts->reload();
            m_services.instances->reload();
        });
}

QString AccountVerbs::connectionOf(const QString &renderId) const
{
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (!renderId.isEmpty() && entry.instance.profile.renderId == renderId) {
            return entry.instance.id;
        }
    }
    return {};
}

void AccountVerbs::withInstance(const QString &renderId, const WithInstance &then)
{
    const auto [entry, instance] = m_services.accounts->instance(renderId);
    if (!entry) {
        return;
    }
    const QString accountId = entry->account.id;
    m_services.accounts->access(
        accountId, this, [this, accountId, instance = *instance, then](const Result<RenderAccess> &access) {
            if (!access) {
                m_services.prompts->showError(m_window, tr("The key of the account is not at hand"), access.error());
                return;
            }
            then(accountId, instance, *access);
        });
}

std::function<void()> AccountVerbs::refresher(const QString &accountId)
{
    return [accounts = QPointer(m_services.accounts), accountId] {
        if (accounts) {
            accounts->refresh(accountId);
        }
    };
}

void AccountVerbs::fetchConnection(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    const Instance instance = entry->instance;
    m_connections->fetch(instance, [this, instance](const Result<ConnectionSpec> &spec) {
        if (!spec) {
            m_services.prompts->showError(m_window, tr("The connection of %1 was not taken").arg(instance.name),
                                          spec.error());
            return;
        }
        m_services.sessions->setSpec(instance.id, *spec);
        m_services.instances->open(instance.id);
    });
}

void AccountVerbs::openDashboard(const QString &renderId)
{
    if (const PostgresInstance *instance = m_services.accounts->instance(renderId).second) {
        openRenderPage(QUrl(instance->dashboardUrl, QUrl::StrictMode));
    }
}

} // namespace Roost
