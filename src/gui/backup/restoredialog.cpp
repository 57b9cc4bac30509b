#include "gui/backup/restoredialog.h"

#include "gui/database/databasefacts.h"
#include "gui/dialogs/detailview.h"
#include "gui/dialogs/notice.h"
#include "gui/dialogs/terminalline.h"
#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"
#include "postgres/databaseadmin.h"
#include "storage/paths.h"

#include "ui_restoredialog.h"

#include <QFileInfo>
#include <QLineEdit>
#include <QLocale>

namespace Roost {

namespace {

constexpr int typingPauseMs = 200;
constexpr qsizetype namedTables = 6;

QString dumpHeading(const DumpFile &dump)
{
    const QString taken = QLocale().toString(dump.takenAt.toLocalTime(), QLocale::ShortFormat);
    return dump.takenAt.isValid() ? RestoreDialog::tr("%1, as it was on %2").arg(dump.database, taken) : dump.database;
}

QString dumpFacts(const DumpFile &dump)
{
    QStringList names = dump.tables.mid(0, namedTables);
    if (dump.tables.size() > namedTables) {
        names += QStringLiteral("…");
    }
    QString text = dump.tables.isEmpty()
                       ? RestoreDialog::tr("No table with data in it")
                       : RestoreDialog::tr("%n table(s) with data: %1", nullptr, int(dump.tables.size()))
                             .arg(names.join(QStringLiteral(", ")));
    text += u'\n' +
            RestoreDialog::tr("From PostgreSQL %1, written by pg_dump %2").arg(dump.serverVersion, dump.toolVersion);
    return text;
}

} // namespace

RestoreDialog::RestoreDialog(Services &services, const RestoreDialogRequest &request, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_request(request)
    , m_ui(std::make_unique<Ui::RestoreDialog>())
    , m_command(new DetailView(this))
{
    m_ui->setupUi(this);
    prepare();
    m_ui->fileField->setText(request.file);
    targetChanged();
    m_ui->fileField->setFocus();
}

RestoreDialog::~RestoreDialog() = default;

void RestoreDialog::prepare()
{
    setWindowTitle(tr("Restore"));
    m_ui->headingLabel->setText(tr("Restore a backup on %1").arg(m_request.target.instance.name));
    m_ui->dumpCard->hide();
    m_ui->emptyCombo->addItems(m_request.existing);
    m_ui->replaceCombo->addItems(m_request.existing);
    m_ui->emptyCombo->setCurrentText(m_request.target.database());
    m_ui->replaceCombo->setCurrentText(m_request.target.database());
    m_ui->emptyRadio->setEnabled(!m_request.existing.isEmpty());
    m_ui->replaceRadio->setEnabled(!m_request.existing.isEmpty());
    m_command->setVisibleLines(5);
    m_ui->commandFold->setTitle(tr("What does the same in a &terminal"));
    m_ui->commandFold->setContent(m_command);
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RestoreDialog::inspect);
    connect(m_ui->fileField, &QLineEdit::textChanged, this, [this] {
        m_dump.reset();
        m_ui->dumpCard->hide();
        m_ui->fileNotice->clear();
        m_pause.start();
        updateButtons();
    });
    connect(m_ui->chooseButton, &QPushButton::clicked, this, &RestoreDialog::chooseFile);
    connect(m_ui->newField, &QLineEdit::textEdited, this, [this] { m_nameIsTyped = true; });
    connect(m_ui->newField, &QLineEdit::textChanged, this, &RestoreDialog::targetChanged);
    const QList<QRadioButton *> radios{m_ui->newRadio, m_ui->emptyRadio, m_ui->replaceRadio};
    for (QRadioButton *radio : radios) {
        connect(radio, &QRadioButton::clicked, this, [this] { m_modeIsChosen = true; });
        connect(radio, &QRadioButton::toggled, this, [this](bool on) {
            if (on) {
                targetChanged();
            }
        });
    }
    connect(m_ui->emptyCombo, &QComboBox::currentIndexChanged, this, &RestoreDialog::targetChanged);
    connect(m_ui->replaceCombo, &QComboBox::currentIndexChanged, this, &RestoreDialog::targetChanged);
    connect(m_ui->typedName, &TypedName::changed, this, &RestoreDialog::updateButtons);
    connect(m_ui->sessionList, &SessionList::changed, this, &RestoreDialog::updateButtons);
    connect(m_ui->restoreButton, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_ui->cancelButton, &QPushButton::clicked, this, &QDialog::reject);
}

void RestoreDialog::showEvent(QShowEvent *event)
{
    Dialog::showEvent(event);
    if (m_hasAsked) {
        return;
    }
    m_hasAsked = true;
    if (!m_request.file.isEmpty()) {
        inspect();
    }
    // Where it was asked for may be empty: then that is what is meant.
    if (m_request.existing.contains(m_request.target.database())) {
        m_factsOf = m_request.target.database();
        readDatabaseFacts(m_services, m_request.target.spec, this, [this](const Result<DatabaseFacts> &facts) {
            if (!m_modeIsChosen && facts && facts->tables == 0) {
                m_ui->emptyRadio->setChecked(true);
                setFacts(facts);
            }
        });
    }
}

RestoreMode RestoreDialog::mode() const
{
    return m_ui->emptyRadio->isChecked()     ? RestoreMode::IntoEmpty
           : m_ui->replaceRadio->isChecked() ? RestoreMode::ReplaceExisting
                                             : RestoreMode::IntoNew;
}

QString RestoreDialog::targetName() const
{
    switch (mode()) {
    case RestoreMode::IntoEmpty:
        return m_ui->emptyCombo->currentText();
    case RestoreMode::ReplaceExisting:
        return m_ui->replaceCombo->currentText();
    case RestoreMode::IntoNew:
        break;
    }
    return m_ui->newField->text();
}

void RestoreDialog::chooseFile()
{
    const QString current = m_ui->fileField->text();
    const QString folder = current.isEmpty() ? Paths::backups() : QFileInfo(current).absolutePath();
    m_services.prompts->openFile(this, tr("Choose a backup"), folder,
                                 tr("Backups (*.dump *.backup *.sql *.pgdump);;All files (*)"),
                                 [dialog = QPointer<RestoreDialog>(this)](const QString &file) {
                                     if (dialog) {
                                         dialog->m_ui->fileField->setText(file);
                                     }
                                 });
}

void RestoreDialog::inspect()
{
    m_pause.stop();
    if (m_inspection) {
        m_inspection->cancel();
    }
    const QString file = m_ui->fileField->text().trimmed();
    if (file.isEmpty()) {
        return;
    }
    m_inspection =
        m_services.jobs->runQuietly<DumpFile>([file](JobContext &context) { return inspectDump(file, context); }, this,
                                              [this, file](const Result<DumpFile> &dump) {
                                                  if (file == m_ui->fileField->text().trimmed()) {
                                                      setDump(dump);
                                                  }
                                              });
}

void RestoreDialog::setDump(const Result<DumpFile> &dump)
{
    m_ui->dumpCard->setVisible(dump.has_value());
    if (!dump) {
        m_dump.reset();
        m_ui->fileNotice->sayError(tr("This file cannot be restored"), dump.error());
        updateButtons();
        return;
    }
    m_dump = *dump;
    m_ui->fileNotice->clear();
    m_ui->dumpHeading->setText(dumpHeading(*dump));
    m_ui->dumpFacts->setText(dumpFacts(*dump));
    proposeName();
    updateButtons();
}

void RestoreDialog::proposeName()
{
    if (m_nameIsTyped || !m_dump) {
        return;
    }
    const QString base = m_dump->database.isEmpty() ? QStringLiteral("restored") : m_dump->database;
    QString name = base;
    for (int number = 1; m_request.existing.contains(name); ++number) {
        name = base + QStringLiteral("_restored") + (number == 1 ? QString() : QString::number(number));
    }
    m_ui->newField->setText(name);
}

void RestoreDialog::targetChanged()
{
    m_ui->newField->setEnabled(mode() == RestoreMode::IntoNew);
    m_ui->emptyCombo->setEnabled(mode() == RestoreMode::IntoEmpty);
    m_ui->replaceCombo->setEnabled(mode() == RestoreMode::ReplaceExisting);
    const bool replaces = mode() == RestoreMode::ReplaceExisting;
    m_ui->typedName->setVisible(replaces);
    m_ui->sessionList->setVisible(replaces);
    if (replaces) {
        m_ui->typedName->setExpected(targetName(), tr("to replace it"));
    }
    m_targetIsEmpty.reset();
    m_factsOf.clear();
    if (mode() != RestoreMode::IntoNew) {
        lookAtTarget();
    }
    showTarget();
}

void RestoreDialog::lookAtTarget()
{
    const QString name = targetName();
    m_factsOf = name;
    m_ui->sessionList->setWaiting();
    if (!m_hasAsked) {
        return; // not shown yet
    }
    readDatabaseFacts(m_services, m_request.target.spec.withDatabase(name), this,
                      [this, name](const Result<DatabaseFacts> &facts) {
                          if (m_factsOf == name) {
                              setFacts(facts);
                          }
                      });
}

void RestoreDialog::setFacts(const Result<DatabaseFacts> &facts)
{
    if (facts) {
        m_targetIsEmpty = facts->tables == 0;
        m_targetContent = facts->contentText();
        m_ui->sessionList->setSessions(facts->sessions);
    } else {
        m_targetContent = facts.error().message;
        m_ui->sessionList->setError(facts.error());
    }
    showTarget();
}

void RestoreDialog::showTarget()
{
    const QString name = targetName();
    m_ui->targetNotice->clear();
    if (mode() == RestoreMode::IntoNew) {
        const DatabaseAdmin::NameAdvice advice = DatabaseAdmin::adviseName(name, m_request.existing);
        if (!advice.text.isEmpty() && !name.isEmpty()) {
            m_ui->targetNotice->say(advice.isError ? Tone::Danger : Tone::Warning,
                                    advice.isError ? tr("This name cannot be used") : tr("About this name"),
                                    advice.text);
        }
    } else if (mode() == RestoreMode::ReplaceExisting) {
        const QString now = m_targetContent.isEmpty() ? tr("what is in it now") : m_targetContent;
        m_ui->targetNotice->say(
            Tone::Warning, tr("What happens to %1").arg(name),
            tr("The backup goes into a new database beside it. Once all of it is in, the two change "
               "places. The old content (%1) stays on the instance as %2_old_…, until you drop it.")
                .arg(now, name));
    } else if (m_targetIsEmpty == false) {
        m_ui->targetNotice->say(
            Tone::Danger, tr("%1 is not empty").arg(name),
            tr("It holds %1. A backup restored over it would mix with that. Choose an empty database, "
               "a new one, or let the backup take its place.")
                .arg(m_targetContent));
    }
    updateButtons();
}

void RestoreDialog::updateButtons()
{
    const QString name = targetName();
    bool isReady = m_dump.has_value() && !name.isEmpty();
    switch (mode()) {
    case RestoreMode::IntoNew:
        isReady = isReady && !DatabaseAdmin::adviseName(name, m_request.existing).isError;
        break;
    case RestoreMode::IntoEmpty:
        isReady = isReady && m_targetIsEmpty != false;
        break;
    case RestoreMode::ReplaceExisting:
        isReady = isReady && m_ui->typedName->matches() && m_ui->sessionList->isClear();
        break;
    }
    const bool replaces = mode() == RestoreMode::ReplaceExisting;
    m_ui->restoreButton->setText(replaces ? tr("Replace %1").arg(name) : tr("&Restore"));
    m_ui->restoreButton->setProperty("kind", replaces ? QStringLiteral("danger") : QStringLiteral("primary"));
    m_ui->restoreButton->setAutoDefault(!replaces);
    m_ui->restoreButton->setDefault(!replaces);
    m_ui->cancelButton->setDefault(replaces);
    Theme::restyle(m_ui->restoreButton);
    m_ui->restoreButton->setEnabled(isReady);
    m_command->setText(
        TerminalLine::restore(m_request.target.spec.withDatabase(name).parameters, m_ui->fileField->text()));
}

RestoreRequest RestoreDialog::request() const
{
    RestoreRequest request;
    request.file = m_ui->fileField->text().trimmed();
    request.target = m_request.target.spec.withDatabase(targetName());
    request.mode = mode();
    request.endSessions = mode() == RestoreMode::ReplaceExisting && m_ui->sessionList->endSessions();
    return request;
}

} // namespace Roost
