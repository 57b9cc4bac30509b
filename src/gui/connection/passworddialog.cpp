#include "gui/connection/passworddialog.h"

#include "gui/connection/keychaintext.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "jobs/jobrunner.h"
#include "storage/secretstore.h"

#include "ui_passworddialog.h"

namespace Roost {

PasswordDialog::PasswordDialog(Services &services, const Instance &instance, const Error &why, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_instance(instance)
    , m_ui(std::make_unique<Ui::PasswordDialog>())
{
    m_ui->setupUi(this);
    m_ui->headingLabel->setText(tr("Password for %1").arg(instance.name));
    const ConnectionParameters &parameters = instance.profile.parameters;
    m_ui->addressLabel->setText(tr("%1 at %2").arg(parameters.user, parameters.host));
    connect(m_ui->passwordField, &QLineEdit::textChanged, this, &PasswordDialog::updateButtons);
    connect(m_ui->retryButton, &QPushButton::clicked, this, &PasswordDialog::tryAgain);
    connect(m_ui->useButton, &QPushButton::clicked, this, &PasswordDialog::use);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &QDialog::reject);
    explain(why);
    m_ui->passwordField->setFocus();
}

PasswordDialog::~PasswordDialog() = default;

void PasswordDialog::explain(const Error &why)
{
    const bool isKeychain = why.code == ErrorCode::KeychainLocked || why.code == ErrorCode::KeychainRefused ||
                            why.code == ErrorCode::KeychainAbsent || why.code == ErrorCode::TimedOut ||
                            why.code == ErrorCode::SecretMissing;
    const bool canStore = why.code == ErrorCode::SecretMissing || !isKeychain;
    m_ui->reasonLabel->setText(keychainLead(why.code) + u'.' +
                               (why.message.isEmpty() ? QString() : u' ' + why.message));
    m_ui->retryButton->setVisible(isKeychain);
    m_ui->storeCheck->setVisible(canStore && m_services.secrets);
    m_ui->storeCheck->setText(isKeychain ? tr("Also &put it into the keychain again")
                                         : tr("Also &put it into the keychain, in place of the old one"));
    updateButtons();
}

void PasswordDialog::updateButtons()
{
    if (m_isDone) {
        return;
    }
    m_ui->useButton->setEnabled(!m_isBusy && !m_ui->passwordField->text().isEmpty());
    m_ui->retryButton->setEnabled(!m_isBusy);
}

void PasswordDialog::tryAgain()
{
    m_isBusy = true;
    updateButtons();
    m_ui->notice->say(Tone::Neutral, tr("Waiting for your keychain…"),
                      tr("It may ask you to unlock it in a window of its own."));
    m_services.secrets->load(m_instance.id, this, [this](const Result<Secret> &secret) {
        m_isBusy = false;
        m_ui->notice->clear();
        if (!secret) {
            explain(secret.error());
            m_ui->notice->sayError(tr("Still no password"), secret.error());
            return;
        }
        m_password = *secret;
        accept();
    });
}

void PasswordDialog::use()
{
    if (m_isDone) {
        accept();
        return;
    }
    m_password = Secret(m_ui->passwordField->text());
    m_services.secrets->keepForSession(m_instance.id, m_password);
    if (m_ui->storeCheck->isVisible() && m_ui->storeCheck->isChecked()) {
        store();
    } else {
        accept();
    }
}

void PasswordDialog::store()
{
    m_isBusy = true;
    updateButtons();
    m_ui->notice->say(Tone::Neutral, tr("Waiting for your keychain…"));
    m_services.secrets->store(m_instance.id, m_password, this, [this](const Result<void> &stored) {
        m_isBusy = false;
        if (stored) {
            if (!m_instance.profile.secretIsStored && m_services.profiles && m_services.jobs) {
                m_instance.profile.secretIsStored = true;
                m_services.jobs->runQuietly<void>([profiles = m_services.profiles, profile = m_instance.profile](
                                                      JobContext &) { return profiles->save(profile); },
                                                  nullptr, {});
            }
            accept();
            return;
        }
        m_isDone = true;
        m_ui->notice->say(Tone::Warning, keychainLead(stored.error().code),
                          stored.error().message + u' ' + sessionOnlyText(), stored.error().detail);
        m_ui->useButton->setText(tr("&Go on"));
        m_ui->useButton->setEnabled(true);
        m_ui->useButton->setFocus();
    });
}

} // namespace Roost
