#include "gui/mainwindowverbs.h"

#include "gui/overview/creationdatedialog.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"

#include <QWidget>

namespace Roost {

MainWindowVerbs::MainWindowVerbs(Services &services, QWidget *window)
    : QObject(window)
    , m_services(services)
    , m_window(window)
{
}

void MainWindowVerbs::withDatabase(const QString &instanceId, const QString &database,
                                   const std::function<void(const DatabaseRef &)> &then)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (!entry) {
        return;
    }
    const Instance instance = entry->instance;
    m_services.sessions->withSpec(instance, this, [this, instance, database, then](const Result<ConnectionSpec> &spec) {
        if (!spec) {
            m_services.prompts->showError(m_window, tr("No connection to %1").arg(instance.name), spec.error());
            return;
        }
        then(DatabaseRef{instance, database.isEmpty() ? *spec : spec->withDatabase(database)});
    });
}

QStringList MainWindowVerbs::existing(const QString &instanceId) const
{
    QStringList names;
    if (const InstanceList::Entry *entry = m_services.instances->find(instanceId)) {
        for (const DatabaseInfo &database : entry->databases) {
            names += database.name;
        }
    }
    return names;
}

void MainWindowVerbs::addConnection()
{
    Actions::addConnection(m_services, m_window, [this](const Profile &profile) { emit connectionSaved(profile.id); });
}

void MainWindowVerbs::editConnection(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (entry && !entry->instance.isPractice) {
        Actions::editConnection(m_services, m_window, entry->instance.profile,
                                [this](const Profile &profile) { emit connectionSaved(profile.id); });
    }
}

void MainWindowVerbs::removeConnection(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (entry && !entry->instance.isPractice) {
        Actions::removeConnection(m_services, m_window, entry->instance.profile,
                                  [this, instanceId] { emit instanceGone(instanceId); });
    }
}

void MainWindowVerbs::disconnectInstance(const QString &instanceId)
{
    m_services.instances->close(instanceId);
}

void MainWindowVerbs::copyConnection(const QString &instanceId, const QString &database, Actions::CopyForm form)
{
    withDatabase(instanceId, database,
                 [this, form](const DatabaseRef &ref) { Actions::copyConnection(m_services, m_window, ref, form); });
}

void MainWindowVerbs::examine(const QString &instanceId)
{
    if (const InstanceList::Entry *entry = m_services.instances->find(instanceId)) {
        Actions::examineConnection(m_services, m_window, entry->instance,
                                   [this](const QString &id) { emit connectionMended(id); });
    }
}

void MainWindowVerbs::createDatabase(const QString &instanceId)
{
    withDatabase(instanceId, {}, [this, instanceId](const DatabaseRef &ref) {
        Actions::createDatabase(m_services, m_window, ref, existing(instanceId),
                                [this, instanceId](const QString &name) { emit databaseMade(instanceId, name); });
    });
}

void MainWindowVerbs::renameDatabase(const QString &instanceId, const QString &database)
{
    withDatabase(instanceId, database, [this, instanceId, database](const DatabaseRef &ref) {
        Actions::renameDatabase(m_services, m_window, ref, existing(instanceId),
                                [this, instanceId, database](const QString &name) {
                                    emit databaseGone(instanceId, database);
                                    emit databaseMade(instanceId, name);
                                });
    });
}

void MainWindowVerbs::dropDatabase(const QString &instanceId, const QString &database)
{
    withDatabase(instanceId, database, [this, instanceId, database](const DatabaseRef &ref) {
        Actions::dropDatabase(m_services, m_window, ref,
                              [this, instanceId, database] { emit databaseGone(instanceId, database); });
    });
}

void MainWindowVerbs::backUp(const QString &instanceId, const QString &database)
{
    withDatabase(instanceId, database,
                 [this](const DatabaseRef &ref) { Actions::backUpDatabase(m_services, m_window, ref); });
}

void MainWindowVerbs::backUpAll(const QString &instanceId)
{
    withDatabase(instanceId, {}, [this, instanceId](const DatabaseRef &ref) {
        QStringList names = existing(instanceId);
        for (const char *system : {"template0", "template1", "postgres"}) {
            names.removeOne(QString::fromLatin1(system));
        }
        Actions::backUpInstance(m_services, m_window, ref, names);
    });
}

void MainWindowVerbs::restore(const QString &instanceId, const QString &database, const QString &file)
{
    withDatabase(instanceId, database, [this, instanceId, file](const DatabaseRef &ref) {
        Actions::restoreDatabase(
            m_services, m_window, ref, existing(instanceId), file,
            [this, instanceId](const QString &filled) { emit databaseChanged(instanceId, filled); });
    });
}

void MainWindowVerbs::resetDatabase(const QString &instanceId, const QString &database)
{
    withDatabase(instanceId, database, [this, instanceId, database](const DatabaseRef &ref) {
        Actions::resetDatabase(m_services, m_window, ref,
                               [this, instanceId, database] { emit databaseChanged(instanceId, database); });
    });
}

void MainWindowVerbs::askCreationDate(const QString &instanceId)
{
    const InstanceList::Entry *entry = m_services.instances->find(instanceId);
    if (entry && !entry->instance.isPractice) {
        auto *dialog = new CreationDateDialog(m_services, entry->instance.profile, m_window);
        connect(dialog, &CreationDateDialog::saved, this, [this] { m_services.instances->reload(); });
        dialog->open();
    }
}

} // namespace Roost
