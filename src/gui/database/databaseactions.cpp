#include "gui/actions.h"
#include "gui/database/databasenamedialog.h"
#include "gui/database/dropdatabasedialog.h"

namespace Roost {

namespace {

void openNameDialog(Services &services, QWidget *parent, const DatabaseNameRequest &request,
                    std::function<void(const QString &)> done)
{
    auto *dialog = new DatabaseNameDialog(services, request, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog, [dialog, done = std::move(done)] { done(dialog->name()); });
    dialog->open();
}

} // namespace

void Actions::createDatabase(Services &services, QWidget *parent, const DatabaseRef &instance,
                             const QStringList &existing, std::function<void(const QString &name)> done)
{
    openNameDialog(services, parent, {DatabaseNameRequest::Verb::Create, instance, existing}, std::move(done));
}

void Actions::renameDatabase(Services &services, QWidget *parent, const DatabaseRef &database,
                             const QStringList &existing, std::function<void(const QString &name)> done)
{
    openNameDialog(services, parent, {DatabaseNameRequest::Verb::Rename, database, existing}, std::move(done));
}

void Actions::dropDatabase(Services &services, QWidget *parent, const DatabaseRef &database, std::function<void()> done)
{
    auto *dialog = new DropDatabaseDialog(services, database, parent);
    QObject::connect(dialog, &QDialog::accepted, dialog, [done = std::move(done)] { done(); });
    dialog->open();
}

} // namespace Roost
