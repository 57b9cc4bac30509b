// The part of AccountVerbs that creates, deletes and changes instances.
#include "gui/account/accountverbs.h"
#include "gui/account/allowlistdialog.h"
#include "gui/account/createinstancedialog.h"
#include "gui/account/deleteinstancedialog.h"
#include "gui/dialogs/shownjob.h"
#include "gui/prompts.h"
#include "models/accountlist.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"

#include <QPointer>
#include <QWidget>

namespace Roost {

void AccountVerbs::createInstance(const QString &accountId, const QString &ownerId)
{
    const AccountList::Entry *entry = m_services.accounts->find(accountId);
    if (!entry || !entry->overview) {
        return;
    }
    auto *dialog = new CreateInstanceDialog(*entry->overview, ownerId, m_window);
    connect(dialog, &QDialog::accepted, this, [this, dialog, accountId] {
        m_services.accounts->access(
            accountId, this, [this, accountId, draft = dialog->draft()](const Result<RenderAccess> &access) {
                if (!access) {
                    m_services.prompts->showError(m_window, tr("%1 was not created").arg(draft.name), access.error());
                    return;
                }
                startCreation(accountId, *access, CreateInstanceRequest{draft, false, {}});
            });
    });
    dialog->open();
}

void AccountVerbs::startCreation(const QString &accountId, const RenderAccess &access,
                                 const CreateInstanceRequest &request)
{
    const auto refresh = refresher(accountId);
    const QPointer<AccountVerbs> self(this);
    ShownJob<CreatedInstance> job;
    job.title = tr("Create %1").arg(request.draft.name);
    job.work = [access, request](JobContext &context) { return Roost::createInstance(access, request, context); };
    job.summary = [](const CreatedInstance &created) {
        return created.instance.isAvailable() ? tr("%1 is ready").arg(created.instance.name)
                                              : tr("%1 was created, and is not ready yet").arg(created.instance.name);
    };
    job.succeeded = [self, refresh, accountId](const CreatedInstance &created) {
        const PostgresInstance &made = created.instance;
        JobOutcome outcome;
        outcome.text = tr("Render calls it %1. Its first database is %2.").arg(made.id, made.databaseName);
        if (created.wasFound) {
            outcome.notes += tr("Render's answer was lost on the way; Roost found the instance by its name. It was "
                                "created once.");
        }
        if (!made.isAvailable()) {
            outcome.notes += tr("You stopped waiting. Render goes on making it ready; refresh the account to see.");
        }
        outcome.next += {QStringLiteral("openCreated"), tr("&Open %1").arg(made.name), [self, id = made.id](QWidget *) {
                             if (self) {
                                 emit self->instanceOpenWanted(id);
                             }
                         }};
        refresh();
        if (self) {
            emit self->instanceMade(accountId, made.id);
        }
        return outcome;
    };
    job.failed = [refresh](const Error &) {
        refresh();
        return JobOutcome();
    };
    startShown(m_services, m_window, job);
}

void AccountVerbs::deleteInstance(const QString &renderId)
{
    withInstance(renderId,
                 [this](const QString &accountId, const PostgresInstance &instance, const RenderAccess &access) {
                     auto *dialog = new DeleteInstanceDialog(m_services, instance, connectionOf(instance.id), m_window);
                     connect(dialog, &DeleteInstanceDialog::backUpWanted, this, &AccountVerbs::backUpWanted);
                     connect(dialog, &QDialog::accepted, this, [this, dialog, accountId, instance, access] {
                         startDeletion(accountId, access, instance, dialog->confirmation());
                     });
                     dialog->open();
                 });
}

void AccountVerbs::startDeletion(const QString &accountId, const RenderAccess &access, const PostgresInstance &instance,
                                 const QString &confirmation)
{
    if (const QString known = connectionOf(instance.id); !known.isEmpty()) {
        m_services.instances->close(known);
    }
    const auto refresh = refresher(accountId);
    const DeleteInstanceRequest request{instance, confirmation, {}};
    ShownJob<bool> job;
    job.title = tr("Delete %1").arg(instance.name);
    job.work = [access, request](JobContext &context) -> Result<bool> {
        if (const auto gone = Roost::deleteInstance(access, request, context); !gone) {
            return failure(gone.error());
        }
        return true;
    };
    job.summary = [name = instance.name](bool) { return tr("%1 is deleted").arg(name); };
    job.succeeded = [refresh, instance](bool) {
        refresh();
        JobOutcome outcome;
        outcome.text = tr("%1 (%2) is gone at Render. Its backups on this computer stay, and so does the connection in "
                          "Roost, until you remove it.")
                           .arg(instance.name, instance.id);
        return outcome;
    };
    job.failed = [refresh](const Error &) {
        refresh();
        return JobOutcome();
    };
    startShown(m_services, m_window, job);
}

void AccountVerbs::change(const QString &renderId, const QString &title, const Change &change)
{
    withInstance(renderId, [this, title, change](const QString &accountId, const PostgresInstance &instance,
                                                 const RenderAccess &access) {
        const auto refresh = refresher(accountId);
        ShownJob<PostgresInstance> job;
        job.title = title.arg(instance.name);
        job.work = [access, change, request = InstanceChangeRequest{instance, {}}](JobContext &context) {
            return change(access, request, context);
        };
        job.summary = [](const PostgresInstance &now) {
            return now.isSuspended ? tr("%1 is suspended").arg(now.name) : tr("%1 is %2").arg(now.name, now.status);
        };
        job.succeeded = [refresh](const PostgresInstance &) {
            refresh();
            return JobOutcome();
        };
        job.failed = [refresh](const Error &) {
            refresh();
            return JobOutcome();
        };
        startShown(m_services, m_window, job);
    });
}

void AccountVerbs::suspendInstance(const QString &renderId)
{
    const PostgresInstance *instance = m_services.accounts->instance(renderId).second;
    if (!instance) {
        return;
    }
    Prompts::Question question;
    question.title = tr("Suspend %1?").arg(instance->name);
    question.text = tr("Nothing can connect to it until it is resumed: neither Roost nor the services that use it. Its "
                       "data is kept; the days of a free instance go on counting.");
    question.accept = tr("Suspend %1").arg(instance->name);
    question.isDestructive = true;
    m_services.prompts->ask(m_window, question, [self = QPointer(this), renderId](bool accepted) {
        if (!accepted || !self) {
            return;
        }
        if (const QString known = self->connectionOf(renderId); !known.isEmpty()) {
            self->m_services.instances->close(known);
        }
        self->change(renderId, tr("Suspend %1"), &Roost::suspendInstance);
    });
}

void AccountVerbs::resumeInstance(const QString &renderId)
{
    change(renderId, tr("Resume %1"), &Roost::resumeInstance);
}

void AccountVerbs::editAllowList(const QString &renderId)
{
    const auto [entry, instance] = m_services.accounts->instance(renderId);
    if (!instance) {
        return;
    }
    auto *dialog = new AllowListDialog(*instance, ownAddresses(entry->account.api), m_window);
    connect(dialog, &QDialog::accepted, this,
            [this, dialog, renderId] { setAllowList(renderId, dialog->addresses()); });
    dialog->open();
}

void AccountVerbs::addOwnAddress(const QString &renderId, const QString &address)
{
    const PostgresInstance *instance = m_services.accounts->instance(renderId).second;
    if (!instance) {
        return;
    }
    QList<AllowedAddresses> addresses = instance->allowedAddresses;
    addresses += AllowedAddresses{address + QStringLiteral("/32"), tr("added by Roost")};
    setAllowList(renderId, addresses);
}

void AccountVerbs::setAllowList(const QString &renderId, const QList<AllowedAddresses> &addresses)
{
    change(renderId, tr("Change who may connect to %1"),
           [addresses](const RenderAccess &access, const InstanceChangeRequest &request, JobContext &context) {
               return setAllowedAddresses(access, request, addresses, context);
           });
}

} // namespace Roost
