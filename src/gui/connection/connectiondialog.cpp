#include "gui/connection/connectiondialog.h"

#include "core/redact.h"
#include "gui/actions.h"
#include "gui/connection/keychaintext.h"
#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/pill.h"
#include "jobs/jobrunner.h"
#include "operations/expiry.h"
#include "operations/maintenance.h"
#include "storage/secretstore.h"

#include "ui_connectiondialog.h"

#include <QCheckBox>
#include <QUuid>
#include <QVBoxLayout>

namespace Roost {

namespace {

QDate today()
{
    return QDate::currentDate();
}

void setRole(QLabel *label, const QString &role)
{
    label->setProperty("role", role);
    Theme::restyle(label);
}

} // namespace

ConnectionDialog::ConnectionDialog(Services &services, const ConnectionDialogRequest &request, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_ui(std::make_unique<Ui::ConnectionDialog>())
    , m_isEditing(request.existing.has_value())
{
    m_ui->setupUi(this);
    if (m_isEditing) {
        m_profile = *request.existing;
        m_draft = ConnectionDraft(m_profile);
        m_nameIsTyped = true;
    } else {
        m_profile.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    }
    prepareAdvanced();
    prepare();
    showDraft();
    if (!request.text.isEmpty()) {
        m_ui->pasteField->paste(request.text);
    }
}

ConnectionDialog::~ConnectionDialog() = default;

void ConnectionDialog::prepare()
{
    if (m_isEditing) {
        setWindowTitle(tr("Edit connection"));
        m_ui->headingLabel->setText(tr("Edit %1").arg(m_profile.name));
        m_ui->introLabel->setText(tr("Paste a new connection string when the address or the password has changed."));
    } else {
        m_ui->headingLabel->setText(tr("Add a connection"));
    }
    const QStringList regions = renderRegions();
    m_ui->regionCombo->addItem(tr("Choose the region…"), QString());
    for (const QString &region : regions) {
        m_ui->regionCombo->addItem(region.left(1).toUpper() + region.mid(1), region);
    }
    m_ui->nameField->setText(m_profile.name);
    m_ui->createdDate->setMaximumDate(today());
    m_ui->createdDate->setDate(m_profile.createdOn.isValid() ? m_profile.createdOn : today());
    m_ui->createdDate->setDisplayFormat(QStringLiteral("d MMM yyyy"));
    m_ui->createdDate->setMinimumWidth(fontMetrics().horizontalAdvance(QStringLiteral("00 MMM 0000")) + 56);
    m_ui->createdCheck->setChecked(m_profile.createdOn.isValid());
    m_ui->createdDate->setEnabled(m_profile.createdOn.isValid());

    connect(m_ui->pasteField, &PasteField::edited, this, &ConnectionDialog::takeText);
    connect(m_ui->pasteField, &PasteField::settled, this, &ConnectionDialog::settle);
    connect(m_ui->regionCombo, &QComboBox::currentIndexChanged, this, [this] {
        m_draft.setRegion(m_ui->regionCombo->currentData().toString());
        showDraft();
        settle();
    });
    connect(m_ui->passwordField, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_draft.setPassword(Secret(text));
        updateButtons();
    });
    connect(m_ui->nameField, &QLineEdit::textEdited, this, [this](const QString &text) {
        m_nameIsTyped = !text.isEmpty();
        updateButtons();
    });
    connect(m_ui->createdCheck, &QCheckBox::toggled, this, [this](bool on) {
        m_ui->createdDate->setEnabled(on);
        showCreated();
    });
    connect(m_ui->createdDate, &QDateEdit::dateChanged, this, &ConnectionDialog::showCreated);
    connect(m_ui->testButton, &QPushButton::clicked, this, &ConnectionDialog::test);
    connect(m_ui->saveButton, &QPushButton::clicked, this, &ConnectionDialog::save);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &ConnectionDialog::reject);
    showCreated();
    readNames();
}

void ConnectionDialog::prepareAdvanced()
{
    auto *content = new QWidget(this);
    m_unverified = new QCheckBox(tr("Connect &without checking the server's identity"), content);
    m_unverified->setObjectName(QStringLiteral("unverifiedCheck"));
    m_unverified->setChecked(m_profile.parameters.tls == TlsMode::Unverified);
    m_unverifiedNotice = new Notice(content);
    m_unverifiedNotice->setObjectName(QStringLiteral("unverifiedNotice"));
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_unverified);
    layout->addWidget(m_unverifiedNotice);
    m_ui->advancedFold->setTitle(tr("&Advanced"));
    m_ui->advancedFold->setContent(content);
    m_ui->advancedFold->setOpen(m_unverified->isChecked());
    connect(m_unverified, &QCheckBox::toggled, this, [this](bool on) {
        m_draft.setUnverified(on);
        showDraft();
        settle();
    });
}

void ConnectionDialog::readNames()
{
    if (!m_services.jobs || !m_services.profiles) {
        return;
    }
    m_services.jobs->runQuietly<QList<Profile>>(
        [profiles = m_services.profiles](JobContext &) { return profiles->all(); }, this,
        [this](const Result<QList<Profile>> &profiles) {
            // Saving checks the names again, and says so.
            for (const Profile &profile : profiles.value_or(QList<Profile>())) {
                if (profile.id != m_profile.id) {
                    m_takenNames += profile.name;
                }
            }
            showDraft();
        });
}

void ConnectionDialog::takeText(const QString &text)
{
    const Result<void> taken = m_draft.take(text);
    m_pasteError = taken ? std::nullopt : std::optional<Error>(taken.error());
    m_draft.setUnverified(m_unverified->isChecked());
    m_refusedText = {};
    m_askForPassword = false;
    m_ui->passwordField->clear();
    m_ui->regionCombo->setCurrentIndex(0);
    m_ui->resultNotice->clear();
    showDraft();
}

void ConnectionDialog::settle()
{
    // Nobody types any more: the text is shown without the password from here on.
    PasteField *field = m_ui->pasteField;
    if (m_pasteError && !field->isMasked()) {
        const QString raw = field->toPlainText();
        const QString masked = redact(raw);
        if (masked != raw) {
            m_refusedText = Secret(raw);
            field->showMasked(masked);
            showPasteNotice();
        }
    } else if (m_draft.hasAddress() && (field->isMasked() || !field->toPlainText().isEmpty())) {
        field->showMasked(m_draft.maskedText());
    }
}

void ConnectionDialog::showDraft()
{
    const ConnectionParameters parameters = m_draft.parameters();
    m_ui->parsedStack->setCurrentWidget(m_draft.hasAddress() ? m_ui->resultPage : m_ui->hintPage);
    m_ui->hostValue->setText(parameters.host);
    m_ui->portValue->setText(QString::number(parameters.port));
    m_ui->databaseValue->setText(parameters.database);
    m_ui->userValue->setText(parameters.user);
    const bool isKept = m_isEditing && !m_draft.hasPassword();
    m_ui->passwordValue->setText(m_draft.hasPassword() ? ConnectionDraft::passwordDots()
                                 : isKept              ? tr("as saved")
                                                       : tr("not given"));
    m_ui->linkValue->setText(ConnectionDraft::linkText(parameters.tls));
    setRole(m_ui->linkValue, parameters.tls == TlsMode::Unverified ? toneName(Tone::Warning)
                             : parameters.tls == TlsMode::Verified ? toneName(Tone::Good)
                                                                   : QString());
    m_ui->regionRow->setVisible(m_draft.isInternal());
    m_ui->advancedFold->setVisible(!parameters.isLoopback() || !m_draft.hasAddress());
    if (m_unverified->isChecked()) {
        m_unverifiedNotice->say(Tone::Warning, tr("Anyone in between could read along"),
                                tr("The link is encrypted, but it is not known with whom: somebody on the way could "
                                   "pose as the server and take the password and the data. Render's certificates check "
                                   "out, so this is not needed for Render."));
    } else {
        m_unverifiedNotice->clear();
    }
    if (!m_nameIsTyped) {
        m_ui->nameField->setText(m_draft.hasAddress() ? m_draft.suggestedName(m_takenNames) : QString());
    }
    showPasteNotice();
    updateButtons();
}

void ConnectionDialog::showPasteNotice()
{
    const QString hints = m_draft.notices().join(u'\n');
    if (m_pasteError) {
        m_ui->pasteNotice->sayError(tr("This cannot be used as a connection"), *m_pasteError);
        if (!m_refusedText.isEmpty()) {
            if (!withEncodedPassword(m_refusedText.reveal()).isEmpty()) {
                connect(m_ui->pasteNotice->addButton(QStringLiteral("encodeButton"), tr("&Encode the password")),
                        &QPushButton::clicked, this,
                        [this] { m_ui->pasteField->paste(withEncodedPassword(m_refusedText.reveal())); });
            }
            connect(m_ui->pasteNotice->addButton(QStringLiteral("mendButton"), tr("Show the text and &mend it")),
                    &QPushButton::clicked, this, [this] { m_ui->pasteField->showRaw(m_refusedText.reveal()); });
        }
    } else if (m_draft.needsRegion()) {
        QString text =
            tr("It only works between services inside Render. To reach the instance from this computer, Roost "
               "turns it into the external form. For that it has to know the region the instance is in: it "
               "stands on the instance's page in the dashboard.");
        m_ui->pasteNotice->say(Tone::Warning, tr("This is Render's Internal URL"), text);
    } else if (m_draft.isInternal()) {
        m_ui->pasteNotice->say(Tone::Good, tr("Turned into the External URL"), hints);
    } else if (!hints.isEmpty()) {
        m_ui->pasteNotice->say(Tone::Neutral, tr("What Roost made of it"), hints);
    } else {
        m_ui->pasteNotice->clear();
    }
}

void ConnectionDialog::showCreated()
{
    if (!m_ui->createdCheck->isChecked()) {
        m_ui->createdHint->setText(tr("Free instances stop after %1 days. With the day, Roost counts down for you.")
                                       .arg(Expiry::usualLifetimeDays));
        return;
    }
    const QDate end = expiryFrom(m_ui->createdDate->date(), m_profile.lifetimeDays).stopsOn();
    const QString day = QLocale().toString(end, QStringLiteral("d MMMM yyyy"));
    m_ui->createdHint->setText(end < today() ? tr("It stopped working on %1, unless it was upgraded.").arg(day)
                                             : tr("It stops working on %1.").arg(day));
}

bool ConnectionDialog::isReady() const
{
    return m_draft.hasAddress() && !m_draft.needsRegion() && (m_draft.hasPassword() || m_isEditing);
}

void ConnectionDialog::updateButtons()
{
    if (m_isSaved) {
        return;
    }
    const QString name = m_ui->nameField->text();
    const QString problem = connectionNameProblem(name, m_takenNames);
    const bool sayIt = !problem.isEmpty() && (m_nameIsTyped || !name.isEmpty());
    m_ui->nameHint->setText(problem);
    m_ui->nameHint->setVisible(sayIt);
    m_ui->nameField->setProperty("state", sayIt ? QStringLiteral("error") : QString());
    Theme::restyle(m_ui->nameField);
    const bool needsPassword = m_draft.hasAddress() && !m_draft.needsRegion() && !m_draft.cameWithPassword() &&
                               (!m_isEditing || m_askForPassword);
    m_ui->passwordRow->setVisible(needsPassword);
    const bool isFree = m_doing.isEmpty();
    m_ui->testButton->setEnabled(isReady() && isFree);
    m_ui->saveButton->setEnabled(isReady() && isFree && problem.isEmpty());
}

void ConnectionDialog::setBusy(const QString &doing)
{
    m_doing = doing;
    m_ui->busyLabel->setText(doing);
    updateButtons();
}

void ConnectionDialog::withPassword(const SpecGiven &then)
{
    ConnectionSpec spec = m_draft.spec();
    if (!spec.password.isEmpty()) {
        then(spec);
        return;
    }
    setBusy(tr("Waiting for your keychain…"));
    m_services.secrets->load(m_profile.id, this, [this, spec, then](const Result<Secret> &secret) {
        setBusy({});
        if (!secret) {
            m_askForPassword = true;
            m_ui->resultNotice->sayError(keychainLead(secret.error().code), secret.error());
            updateButtons();
            m_ui->passwordField->setFocus();
            return;
        }
        then({spec.parameters, *secret});
    });
}

void ConnectionDialog::test()
{
    if (!isReady() || !m_doing.isEmpty()) {
        return;
    }
    m_ui->resultNotice->clear();
    withPassword([this](const ConnectionSpec &spec) {
        setBusy(tr("Connecting…"));
        m_test = m_services.jobs->runQuietly<ServerInfo>(
            [spec](JobContext &context) { return testConnection(spec, context); }, this,
            [this, spec](const Result<ServerInfo> &info) { showTest(spec, info); });
    });
}

void ConnectionDialog::showTest(const ConnectionSpec &spec, const Result<ServerInfo> &info)
{
    setBusy({});
    if (!info) {
        m_ui->resultNotice->sayError(tr("It does not connect"), info.error());
        if (!info.error().isCancelled()) {
            connect(m_ui->resultNotice->addButton(QStringLiteral("doctorButton"), tr("&Find out why…")),
                    &QPushButton::clicked, this, [this, spec] {
                        Actions::examineDraft(m_services, this, spec,
                                              [this](const ConnectionParameters &mended) { useMended(mended); });
                    });
        }
        return;
    }
    QStringList facts{tr("PostgreSQL %1").arg(info->versionText)};
    if (info->tls.isEmpty()) {
        facts += tr("not encrypted");
    } else {
        QString version = info->tls;
        facts += version.replace(QStringLiteral("TLSv"), QStringLiteral("TLS "));
        facts += spec.parameters.tls == TlsMode::Verified ? tr("certificate checked") : tr("certificate not checked");
    }
    facts += tr("connected in %1 ms").arg(QLocale().toString(info->connectMs));
    m_ui->resultNotice->say(Tone::Good, tr("It works"), facts.join(QStringLiteral(" · ")));
}

/// As the connection doctor says it should be.
void ConnectionDialog::useMended(const ConnectionParameters &parameters)
{
    m_draft.setParameters(parameters);
    m_unverified->setChecked(parameters.tls == TlsMode::Unverified);
    m_ui->resultNotice->clear();
    showDraft();
}

void ConnectionDialog::save()
{
    if (m_isSaved) {
        accept();
        return;
    }
    if (!m_ui->saveButton->isEnabled()) {
        return;
    }
    m_profile.name = m_ui->nameField->text().trimmed();
    m_profile.parameters = m_draft.parameters();
    m_profile.createdOn = m_ui->createdCheck->isChecked() ? m_ui->createdDate->date() : QDate();
    m_spec = m_draft.spec();
    m_ui->resultNotice->clear();
    if (m_draft.hasPassword()) {
        storeSecret();
    } else {
        saveProfile({});
    }
}

void ConnectionDialog::storeSecret()
{
    setBusy(tr("Waiting for your keychain…"));
    m_services.secrets->store(m_profile.id, m_spec.password, this, [this](const Result<void> &stored) {
        m_profile.secretIsStored = stored.has_value();
        saveProfile(stored ? std::nullopt : std::optional<Error>(stored.error()));
    });
}

void ConnectionDialog::saveProfile(const std::optional<Error> &keychainError)
{
    setBusy(tr("Saving…"));
    m_services.jobs->runQuietly<void>(
        [profiles = m_services.profiles, profile = m_profile](JobContext &) { return profiles->save(profile); }, this,
        [this, keychainError](const Result<void> &result) { finishSaving(result, keychainError); });
}

void ConnectionDialog::finishSaving(const Result<void> &result, const std::optional<Error> &keychainError)
{
    setBusy({});
    if (!result) {
        m_ui->resultNotice->sayError(tr("It was not saved"), result.error());
        return;
    }
    m_isSaved = true;
    emit saved();
    if (!keychainError) {
        accept();
        return;
    }
    m_ui->resultNotice->say(Tone::Warning, keychainLead(keychainError->code),
                            keychainError->message + u' ' + sessionOnlyText(), keychainError->detail);
    m_ui->keychainLabel->hide();
    m_ui->cancelButton->hide();
    m_ui->testButton->setEnabled(false);
    m_ui->saveButton->setText(tr("&Close"));
    m_ui->saveButton->setEnabled(true);
    m_ui->saveButton->setFocus();
}

void ConnectionDialog::reject()
{
    if (m_test) {
        m_test->cancel();
    }
    if (m_isSaved) {
        accept();
        return;
    }
    Dialog::reject();
}

} // namespace Roost
