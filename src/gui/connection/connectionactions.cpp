#include "gui/actions.h"
#include "gui/connection/connectiondialog.h"
#include "gui/connection/passworddialog.h"
#include "gui/connection/secretclipboard.h"
#include "gui/dialogs/terminalline.h"
#include "gui/dialogs/toast.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "models/activitylog.h"
#include "models/sessionpool.h"
#include "postgres/connectionstring.h"
#include "storage/profilestore.h"
#include "storage/secretstore.h"

#include <QCoreApplication>
#include <QPointer>
#include <QWidget>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionActions)
};

void openConnectionDialog(Services &services, QWidget *parent, const ConnectionDialogRequest &request,
                          std::function<void(const Profile &)> done)
{
    auto *dialog = new ConnectionDialog(services, request, parent);
    const QString title = request.existing ? Text::tr("Edit connection") : Text::tr("Add connection");
    QObject::connect(dialog, &ConnectionDialog::saved, dialog, [&services, dialog, title, done = std::move(done)] {
        const Profile &profile = dialog->profile();
        if (dialog->spec().password.isEmpty()) {
            services.sessions->forget(profile.id);
        } else {
            services.sessions->setSpec(profile.id, dialog->spec());
        }
        services.activity->add(title + u' ' + profile.name, TerminalLine::psql(profile.parameters));
        done(profile);
    });
    dialog->open();
}

QString copiedText(const ConnectionSpec &spec, Actions::CopyForm form)
{
    switch (form) {
    case Actions::CopyForm::ExternalUrl:
        return externalUrl(spec);
    case Actions::CopyForm::PsqlCommand:
        return psqlCommand(spec);
    case Actions::CopyForm::DatabaseUri:
        return databaseUri(spec);
    case Actions::CopyForm::EnvLine:
        return envLine(spec);
    }
    return {};
}

QString formName(Actions::CopyForm form)
{
    switch (form) {
    case Actions::CopyForm::ExternalUrl:
        return Text::tr("External URL");
    case Actions::CopyForm::PsqlCommand:
        return Text::tr("PSQL Command");
    case Actions::CopyForm::DatabaseUri:
        return Text::tr("DATABASE_URI");
    case Actions::CopyForm::EnvLine:
        return Text::tr("line for a .env file");
    }
    return {};
}

void forgetProfile(Services &services, QWidget *parent, const Profile &profile, const std::function<void()> &done)
{
    const auto removeSecret = [&services, parent, profile, done](const Result<void> &removed) {
        if (!removed) {
            services.prompts->showError(parent, Text::tr("%1 was not removed").arg(profile.name), removed.error());
            return;
        }
        services.sessions->forget(profile.id);
        services.secrets->remove(profile.id, parent, [&services, parent, profile](const Result<void> &secret) {
            if (!secret && profile.secretIsStored) {
                services.prompts->showError(
                    parent, Text::tr("The password of %1 is still in your keychain").arg(profile.name), secret.error());
            }
        });
        done();
    };
    services.jobs->runQuietly<void>(
        [profiles = services.profiles, id = profile.id](JobContext &) { return profiles->remove(id); }, parent,
        removeSecret);
}

} // namespace

void Actions::addConnection(Services &services, QWidget *parent, std::function<void(const Profile &)> done)
{
    openConnectionDialog(services, parent, {}, std::move(done));
}

void Actions::editConnection(Services &services, QWidget *parent, const Profile &profile,
                             std::function<void(const Profile &)> done)
{
    openConnectionDialog(services, parent, {profile, {}}, std::move(done));
}

void Actions::removeConnection(Services &services, QWidget *parent, const Profile &profile, std::function<void()> done)
{
    Prompts::Question question;
    question.title = Text::tr("Remove %1 from Roost?").arg(profile.name);
    question.text =
        Text::tr("Roost forgets the connection, and its password is taken out of your keychain. The instance "
                 "itself, its databases and your backups stay as they are.");
    question.accept = Text::tr("Remove %1").arg(profile.name);
    question.isDestructive = true;
    services.prompts->ask(parent, question,
                          [&services, parent = QPointer<QWidget>(parent), profile, done = std::move(done)](bool yes) {
                              if (yes && parent) {
                                  forgetProfile(services, parent, profile, done);
                              }
                          });
}

void Actions::askPassword(Services &services, QWidget *parent, const Instance &instance, const Error &why,
                          std::function<void(const std::optional<Secret> &)> done)
{
    auto *dialog = new PasswordDialog(services, instance, why, parent);
    QObject::connect(dialog, &QDialog::finished, dialog, [dialog, done = std::move(done)](int result) {
        done(result == QDialog::Accepted ? std::optional<Secret>(dialog->password()) : std::nullopt);
    });
    dialog->open();
}

void Actions::copyConnection(Services &services, QWidget *parent, const DatabaseRef &database, CopyForm form)
{
    SecretClipboard &clipboard = SecretClipboard::instance();
    clipboard.copy(copiedText(database.spec, form));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(clipboard.lifetime()).count();
    Toast::say(parent,
               Text::tr("Copied the %1 of %2. It is taken off the clipboard in %n seconds.", nullptr, int(seconds))
                   .arg(formName(form), database.database()));
    services.activity->add(Text::tr("Copy the %1 of %2").arg(formName(form), database.database()),
                           TerminalLine::psql(database.spec.parameters));
}

} // namespace Roost
