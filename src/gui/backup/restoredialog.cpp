#include "gui/backup/restoredialog.h"

#include "gui/backup/objectchoice.h"
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

#include <QCheckBox>
#include <QFileInfo>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

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
    , m_choice(new ObjectChoice(this))
    , m_jobsCheck(new QCheckBox(tr("Load over t&wo connections at the same time"), this))
    , m_extensionCheck(new QCheckBox(tr("Leave out what needs e&xtensions that the server does not have"), this))
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
    prepareFolds();
    m_pause.setSingleShot(true);
    m_pause.setInterval(typingPauseMs);
    connect(&m_pause, &QTimer::timeout, this, &RestoreDialog::inspect);
    connect(m_ui->fileField, &QLineEdit::textChanged, this, [this] {
        m_dump.reset();
        m_ui->dumpCard->hide();
        setObjects({});
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

void RestoreDialog::prepareFolds()
{
    m_command->setVisibleLines(5);
    m_ui->commandFold->setTitle(tr("What does the same in a &terminal"));
    m_ui->commandFold->setContent(m_command);
    m_ui->choiceFold->setContent(m_choice);
    m_ui->choiceFold->hide();
    connect(m_choice, &ObjectChoice::changed, this, &RestoreDialog::choiceChanged);
    m_jobsCheck->setObjectName(QStringLiteral("jobsCheck"));
    m_jobsCheck->setToolTip(tr("Faster where there are several big tables. A small instance has no more to give."));
    m_extensionCheck->setObjectName(QStringLiteral("extensionCheck"));
    m_extensionCheck->setToolTip(tr("Otherwise such a restore is refused, naming what needs them."));
    auto *options = new QWidget;
    auto *layout = new QVBoxLayout(options);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Spacing::unit);
    layout->addWidget(m_jobsCheck);
    layout->addWidget(m_extensionCheck);
    m_ui->optionsFold->setTitle(tr("&Options"));
    m_ui->optionsFold->setContent(options);
    connect(m_ui->safetyCheck, &QCheckBox::toggled, this, &RestoreDialog::showTarget);
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
    return m_ui->emptyRadio->isChecked()     ? (isPart() ? RestoreMode::IntoExisting : RestoreMode::IntoEmpty)
           : m_ui->replaceRadio->isChecked() ? RestoreMode::ReplaceExisting
                                             : RestoreMode::IntoNew;
}

QString RestoreDialog::targetName() const
{
    switch (mode()) {
    case RestoreMode::IntoEmpty:
    case RestoreMode::IntoExisting:
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
                                                      readObjects(file);
                                                  }
                                              });
}

/// Takes a moment longer than the look at the file, and is not waited for: all of it can be restored without.
void RestoreDialog::readObjects(const QString &file)
{
    if (m_listing) {
        m_listing->cancel();
    }
    if (!m_dump) {
        return;
    }
    m_listing = m_services.jobs->runQuietly<QList<SelectableObject>>(
        [file](JobContext &context) { return readSelectable(file, context); }, this,
        [this, file](const Result<QList<SelectableObject>> &objects) {
            if (objects && file == m_ui->fileField->text().trimmed()) {
                setObjects(*objects);
            }
        });
}

void RestoreDialog::setObjects(const QList<SelectableObject> &objects)
{
    m_ui->choiceFold->setVisible(!objects.isEmpty());
    m_choice->setObjects(objects);
}

bool RestoreDialog::isPart() const
{
    return !m_choice->isAll();
}

void RestoreDialog::choiceChanged()
{
    m_ui->choiceFold->setTitle(tr("W&hat to restore: %1").arg(m_choice->summary()));
    m_ui->emptyRadio->setText(isPart() ? tr("A database without the&m") : tr("An e&mpty database"));
    showTarget();
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

void RestoreDialog::updateButtons()
{
    const QString name = targetName();
    bool isReady = m_dump.has_value() && !name.isEmpty() && !m_choice->isNone();
    switch (mode()) {
    case RestoreMode::IntoNew:
        isReady = isReady && !DatabaseAdmin::adviseName(name, m_request.existing).isError;
        break;
    case RestoreMode::IntoEmpty:
        isReady = isReady && m_targetIsEmpty != false;
        break;
    case RestoreMode::IntoExisting:
        break;
    case RestoreMode::ReplaceExisting:
        isReady = isReady && m_ui->typedName->matches() && m_ui->sessionList->isClear() &&
                  (!m_ui->safetyCheck->isChecked() || !m_safetyFile.isEmpty());
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
    const QString file = m_ui->fileField->text();
    QString lines = TerminalLine::restore(m_request.target.spec.withDatabase(name).parameters, file);
    if (isPart()) {
        lines = QStringLiteral("pg_restore --list %1 > contents  # %2\n%3 --use-list=contents")
                    .arg(TerminalLine::quoted(file), tr("then delete the lines you do not want"), lines);
    }
    m_command->setText(lines);
}

RestoreRequest RestoreDialog::request() const
{
    RestoreRequest request;
    request.file = m_ui->fileField->text().trimmed();
    request.target = m_request.target.spec.withDatabase(targetName());
    request.mode = mode();
    const bool replaces = mode() == RestoreMode::ReplaceExisting;
    request.endSessions = replaces && m_ui->sessionList->endSessions();
    request.safetyBackupFile = replaces && m_ui->safetyCheck->isChecked() ? m_safetyFile : QString();
    request.chosen = m_choice->chosen();
    request.leavesOutMissingExtensions = m_extensionCheck->isChecked();
    request.jobs = m_jobsCheck->isChecked() && m_jobsCheck->isEnabled() ? 2 : 1;
    return request;
}

} // namespace Roost
