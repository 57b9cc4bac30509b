#include "gui/account/addaccountdialog.h"

#include "gui/account/practiceaccount.h"
#include "gui/account/renderlinks.h"
#include "gui/connection/keychaintext.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/accountlist.h"
#include "storage/secretstore.h"

#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QUuid>

namespace Roost {

namespace {

constexpr int fieldWidth = 420;

QPushButton *namedButton(const char *name, const QString &text)
{
    auto *button = new QPushButton(text);
    button->setObjectName(QString::fromLatin1(name));
    button->setAutoDefault(false);
    return button;
}

} // namespace

AddAccountDialog::AddAccountDialog(Services &services, const std::optional<Account> &existing, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_account(existing.value_or(Account()))
    , m_isRenewing(existing.has_value())
    , m_key(new QLineEdit)
    , m_name(new QLineEdit)
    , m_busy(subtleLabel({}))
    , m_notice(new Notice)
    , m_practice(namedButton("practiceAccountButton", tr("&Try with a practice account")))
    , m_save(namedButton("saveAccount", m_isRenewing ? tr("&Use this key") : tr("&Add account")))
{
    setObjectName(QStringLiteral("addAccountDialog"));
    setWindowTitle(m_isRenewing ? tr("API key of %1").arg(m_account.name) : tr("Add a Render account"));
    if (m_account.id.isEmpty()) {
        m_account.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    }
    m_notice->setObjectName(QStringLiteral("accountNotice"));
    m_busy->setObjectName(QStringLiteral("accountBusy"));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::card - 4);
    layout->addWidget(headingLabel(windowTitle()));
    QLabel *intro = paragraph(tr("With an API key Roost sees your instances and services at Render: how many days they "
                                 "have left, how to connect to them, and which variables point to them. The key goes "
                                 "into your keychain and nowhere else."));
    intro->setProperty("role", QStringLiteral("subtle"));
    layout->addWidget(intro);
    layout->addLayout(buildForm());
    layout->addWidget(m_notice);
    layout->addStretch();
    layout->addLayout(buildButtons());

    constexpr int pauseMs = 500;
    m_pause.setSingleShot(true);
    m_pause.setInterval(pauseMs);
    connect(&m_pause, &QTimer::timeout, this, &AddAccountDialog::check);
    connect(m_key, &QLineEdit::textChanged, this, &AddAccountDialog::keyEdited);
    connect(m_key, &QLineEdit::returnPressed, this, &AddAccountDialog::check);
    connect(m_name, &QLineEdit::textChanged, this, &AddAccountDialog::updateButtons);
    m_key->setFocus();
    updateButtons();
}

QLayout *AddAccountDialog::buildForm()
{
    m_key->setObjectName(QStringLiteral("apiKeyField"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setPlaceholderText(QStringLiteral("rnd_…"));
    m_key->setMinimumWidth(fieldWidth);
    m_key->setAccessibleDescription(tr("Made in Render's dashboard under Account Settings, API Keys"));
    m_name->setObjectName(QStringLiteral("accountName"));
    m_name->setText(m_account.name);
    auto *keyLabel = new QLabel(tr("API &key"));
    keyLabel->setBuddy(m_key);
    auto *nameLabel = new QLabel(tr("&Name in Roost"));
    nameLabel->setBuddy(m_name);
    QPushButton *link = namedButton("apiKeyLink", tr("Make a key: dashboard.render.com, Account Settings, API Keys"));
    link->setProperty("kind", QStringLiteral("link"));
    connect(link, &QPushButton::clicked, this, [] { openRenderPage(apiKeysPage()); });
    auto *form = new QGridLayout;
    form->setHorizontalSpacing(Spacing::card);
    form->setVerticalSpacing(Spacing::unit);
    form->addWidget(keyLabel, 0, 0);
    form->addWidget(m_key, 0, 1);
    form->addWidget(link, 1, 1, Qt::AlignLeft);
    form->addWidget(nameLabel, 2, 0);
    form->addWidget(m_name, 2, 1);
    form->setColumnStretch(1, 1);
    return form;
}

QLayout *AddAccountDialog::buildButtons()
{
    auto *cancel = namedButton("cancelButton", tr("Cancel"));
    m_save->setProperty("kind", QStringLiteral("primary"));
    m_save->setDefault(true);
    m_practice->setToolTip(tr("A stand-in for Render on this computer: no key, no card, nothing that could be lost"));
    m_practice->setVisible(!m_isRenewing || m_account.isPractice);
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::unit);
    row->addWidget(m_practice);
    row->addWidget(m_busy);
    row->addStretch();
    row->addWidget(cancel);
    row->addWidget(m_save);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_save, &QPushButton::clicked, this, &AddAccountDialog::save);
    connect(m_practice, &QPushButton::clicked, this, &AddAccountDialog::usePractice);
    return row;
}

void AddAccountDialog::keyEdited()
{
    if (m_check) {
        m_check->cancel();
    }
    m_overview.reset();
    m_notice->clear();
    setBusy({});
    if (m_key->text().trimmed().isEmpty()) {
        m_pause.stop();
    } else {
        m_pause.start();
    }
    updateButtons();
}

void AddAccountDialog::check()
{
    m_pause.stop();
    const QString key = m_key->text().trimmed();
    if (key.isEmpty() || m_isBusy || m_overview) {
        return;
    }
    m_access = {m_account.api.isEmpty() ? defaultRenderApi() : m_account.api, Secret(key)};
    m_account.isPractice = m_isRenewing && m_account.isPractice;
    setBusy(tr("Asking Render whose key it is…"));
    m_check = m_services.jobs->runQuietly<AccountOverview>(
        [access = m_access](JobContext &context) { return readAccount(access, context); }, this,
        [this, key = m_access.key](const Result<AccountOverview> &overview) {
            if (key.isSameAs(m_access.key) && (overview || !overview.error().isCancelled())) {
                checked(overview);
            }
        });
}

void AddAccountDialog::checked(const Result<AccountOverview> &overview)
{
    setBusy({});
    if (!overview) {
        m_notice->sayError(overview.error().httpStatus == 401 ? tr("Render does not take this key")
                                                              : tr("The key could not be checked"),
                           overview.error());
        connect(m_notice->addButton(QStringLiteral("checkAgain"), tr("Check again")), &QPushButton::clicked, this,
                &AddAccountDialog::check);
        updateButtons();
        return;
    }
    m_overview = *overview;
    m_account.email = overview->user.email;
    showWhose();
    updateButtons();
}

void AddAccountDialog::showWhose()
{
    QStringList workspaces;
    for (const Owner &owner : std::as_const(m_overview->owners)) {
        workspaces += owner.name;
    }
    const RenderUser &user = m_overview->user;
    const QString who =
        user.name.isEmpty() || user.name == user.email ? user.email : tr("%1 (%2)").arg(user.name, user.email);
    QString text = workspaces.isEmpty() ? tr("It sees no workspace.")
                                        : tr("Workspaces: %1.").arg(workspaces.join(QStringLiteral(", ")));
    text += u' ' + tr("In them: %1, %2.")
                       .arg(tr("%n instance(s)", nullptr, int(m_overview->instances.size())),
                            tr("%n service(s)", nullptr, int(m_overview->services.size())));
    if (!m_overview->gaps.isEmpty()) {
        text += u' ' + m_overview->gaps.join(u' ');
    }
    for (const AccountList::Entry &entry : m_services.accounts->entries()) {
        const bool isSame = entry.account.email == user.email && entry.account.api == m_account.api &&
                            entry.account.isPractice == m_account.isPractice;
        if (isSame && entry.account.id != m_account.id && !m_isRenewing) {
            m_account = entry.account;
            m_name->setText(m_account.name);
            text += u' ' + tr("Roost has this account already, as %1: its key is replaced.").arg(m_account.name);
        }
    }
    m_notice->say(Tone::Good, m_account.isPractice ? tr("A practice account") : tr("The key of %1").arg(who), text);
    if (m_name->text().trimmed().isEmpty()) {
        m_name->setText(m_account.isPractice   ? QStringLiteral("practice-account")
                        : !user.name.isEmpty() ? user.name
                                               : user.email);
    }
}

void AddAccountDialog::usePractice()
{
    setBusy(tr("Starting the practice account…"));
    m_notice->clear();
    m_services.jobs->start<RenderAccess>(
        tr("Start the practice account"), [](JobContext &context) { return startPracticeAccount(context); }, this,
        [this](const Result<RenderAccess> &access) { practiceReady(access); });
}

void AddAccountDialog::practiceReady(const Result<RenderAccess> &access)
{
    setBusy({});
    if (!access) {
        m_notice->sayError(tr("The practice account could not be started"), access.error());
        return;
    }
    m_access = *access;
    m_account.isPractice = true;
    m_account.api = access->api;
    for (const AccountList::Entry &entry : m_services.accounts->entries()) {
        if (entry.account.isPractice) { // the one that there is; its port may be another one now
            m_account = entry.account;
            m_account.api = access->api;
        }
    }
    m_name->setText(m_account.name);
    setBusy(tr("Looking at what is in it…"));
    m_services.jobs->runQuietly<AccountOverview>(
        [access = m_access](JobContext &context) { return readAccount(access, context); }, this,
        [this](const Result<AccountOverview> &overview) {
            checked(overview);
            if (overview) {
                save(); // one click
            }
        });
}

void AddAccountDialog::save()
{
    if (m_isDone) {
        accept();
        return;
    }
    if (!m_overview || m_isBusy) {
        return;
    }
    m_account.name = m_name->text().trimmed();
    setBusy(tr("Waiting for your keychain…"));
    m_services.secrets->store(m_account.id, m_access.key, this, [this](const Result<void> &stored) { keep(stored); });
}

void AddAccountDialog::keep(const Result<void> &stored)
{
    m_account.secretIsStored = stored.has_value();
    m_notStored = stored ? std::nullopt : std::optional(stored.error());
    m_services.jobs->runQuietly<void>(
        [store = m_services.accountStore, account = m_account](JobContext &) { return store->save(account); }, this,
        [this](const Result<void> &saved) {
            setBusy({});
            if (!saved) {
                m_notice->sayError(tr("The account was not saved"), saved.error());
                return;
            }
            m_key->clear();
            emit this->saved();
            if (!m_notStored || m_account.isPractice) { // practice's key lies with practice
                accept();
                return;
            }
            m_isDone = true;
            m_notice->say(Tone::Warning, keychainLead(m_notStored->code),
                          tr("The account is there, but its key will be asked for in the next session.") + u' ' +
                              m_notStored->message,
                          m_notStored->detail);
            m_save->setText(tr("&Go on"));
            updateButtons();
        });
}

void AddAccountDialog::setBusy(const QString &text)
{
    m_isBusy = !text.isEmpty();
    m_busy->setText(text);
    updateButtons();
}

void AddAccountDialog::updateButtons()
{
    m_save->setEnabled(m_isDone || (!m_isBusy && m_overview && !m_name->text().trimmed().isEmpty()));
    m_practice->setEnabled(!m_isBusy && !m_isDone);
    m_key->setEnabled(!m_isDone);
}

} // namespace Roost
