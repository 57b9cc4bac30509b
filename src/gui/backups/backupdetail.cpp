#include "gui/backups/backupdetail.h"

#include "gui/backups/backupverbs.h"
#include "gui/backups/worthtone.h"
#include "gui/dialogs/detailview.h"
#include "gui/dialogs/notice.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/pill.h"
#include "models/plaintext.h"
#include "models/timewithage.h"

#include <QAction>
#include <QFileInfo>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace Roost {

namespace {

QString proofLead(BackupsModel::Worth worth)
{
    switch (worth) {
    case BackupsModel::Worth::Restored:
        return BackupDetail::tr("Proven by a restore");
    case BackupsModel::Worth::Read:
        return BackupDetail::tr("Read back whole");
    case BackupsModel::Worth::Unproven:
        return BackupDetail::tr("Nothing is proven");
    case BackupsModel::Worth::Missing:
        return BackupDetail::tr("The file is missing");
    case BackupsModel::Worth::Broken:
        return BackupDetail::tr("Do not rely on it");
    case BackupsModel::Worth::Failed:
        return BackupDetail::tr("No backup was made");
    }
    return {};
}

QString proofText(const ListedBackup &backup)
{
    const BackupRecord &record = backup.record;
    switch (BackupsModel::worthOf(backup)) {
    case BackupsModel::Worth::Restored:
        return BackupDetail::tr("Restored into a scratch database and compared on %1: every table, sequence and object "
                                "was what the source held.")
            .arg(timeWithAge(record.provenAt));
    case BackupsModel::Worth::Read:
        return BackupDetail::tr("When it was made, and counted against what the source held at that instant. Verify it "
                                "to have it restored and compared, too.");
    case BackupsModel::Worth::Unproven:
        return BackupDetail::tr("Nothing beside it says what its database held, as with every dump that Roost did not "
                                "make. It can be restored, but not proven.");
    case BackupsModel::Worth::Missing:
        return BackupDetail::tr(
            "The file is not there, or has another size than when it was made. Perhaps it was moved, "
            "or lies on a disk that is not connected.");
    case BackupsModel::Worth::Broken:
        return record.problem;
    case BackupsModel::Worth::Failed:
        break;
    }
    return {};
}

QLabel *factLabel()
{
    auto *label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

BackupDetail::BackupDetail(BackupVerbs *verbs, QWidget *parent)
    : QFrame(parent)
    , m_verbs(verbs)
    , m_title(headingLabel({}))
    , m_pill(new Pill)
    , m_notice(new Notice)
    , m_facts(new QWidget)
    , m_grid(new QGridLayout(m_facts))
    , m_name(new QLineEdit)
    , m_note(new QLineEdit)
    , m_source(factLabel())
    , m_taken(factLabel())
    , m_content(factLabel())
    , m_versions(factLabel())
    , m_place(factLabel())
    , m_second(factLabel())
    , m_log(new DetailView)
    , m_buttons(new QWidget)
{
    setObjectName(QStringLiteral("backupDetail"));
    build();
    show(nullptr);
}

void BackupDetail::build()
{
    m_name->setObjectName(QStringLiteral("backupName"));
    m_note->setObjectName(QStringLiteral("backupNote"));
    m_note->setPlaceholderText(tr("for example: before the exam"));
    m_notice->setObjectName(QStringLiteral("backupNotice"));
    m_log->setObjectName(QStringLiteral("backupLog"));
    m_log->setAccessibleText(tr("Log of the failed backup"));
    m_title->setWordWrap(true);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(Spacing::card);
    m_grid->setVerticalSpacing(Spacing::unit);
    m_grid->setColumnStretch(1, 1);
    addField(tr("Name"), m_name);
    addField(tr("Note"), m_note);
    addField(tr("From"), m_source);
    addField(tr("Taken"), m_taken);
    addField(tr("Holds"), m_content);
    addField(tr("Made by"), m_versions);
    addField(tr("Folder"), m_place);
    addField(tr("Second copy"), m_second);

    auto *restore = buttonFor(m_verbs->restoreMenu()->menuAction());
    restore->setMenu(m_verbs->restoreMenu());
    restore->setProperty("kind", QStringLiteral("primary"));
    auto *grid = new QGridLayout(m_buttons);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(Spacing::unit);
    grid->addWidget(restore, 0, 0);
    grid->addWidget(buttonFor(m_verbs->verify), 0, 1);
    grid->addWidget(buttonFor(m_verbs->inside), 1, 0);
    grid->addWidget(buttonFor(m_verbs->compare), 1, 1);
    grid->addWidget(buttonFor(m_verbs->copyTo), 2, 0);
    grid->addWidget(buttonFor(m_verbs->reveal), 2, 1);

    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_pill, 0, Qt::AlignTop);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(Spacing::card, Spacing::card, Spacing::card, Spacing::card);
    column->setSpacing(Spacing::card - 4);
    column->addLayout(head);
    column->addWidget(m_notice);
    column->addWidget(m_buttons);
    column->addWidget(m_facts);
    column->addWidget(m_log, 1);
    column->addStretch();
    auto *foot = new QHBoxLayout;
    foot->addStretch();
    foot->addWidget(buttonFor(m_verbs->remove));
    column->addLayout(foot);

    connect(m_name, &QLineEdit::editingFinished, this, [this] {
        const QString before = m_backup ? QFileInfo(m_backup->record.file).fileName() : QString();
        if (m_backup && m_name->text().trimmed() != before) {
            m_verbs->setName(m_backup->record, m_name->text());
        }
    });
    connect(m_note, &QLineEdit::editingFinished, this, [this] {
        if (m_backup && m_note->text().trimmed() != m_backup->record.note) {
            m_verbs->setNote(m_backup->record, m_note->text().trimmed());
        }
    });
}

void BackupDetail::addField(const QString &title, QWidget *field)
{
    QLabel *label = subtleLabel(title);
    label->setBuddy(field);
    field->setAccessibleName(title);
    const int row = m_grid->rowCount();
    m_grid->addWidget(label, row, 0, Qt::AlignLeft | (qobject_cast<QLabel *>(field) ? Qt::AlignTop : Qt::AlignVCenter));
    m_grid->addWidget(field, row, 1);
    m_titles.insert(field, label);
}

void BackupDetail::setFieldVisible(QWidget *field, bool visible)
{
    field->setVisible(visible);
    m_titles.value(field)->setVisible(visible);
}

QPushButton *BackupDetail::buttonFor(QAction *action)
{
    auto *button = new QPushButton(action->text());
    const QString name = action->objectName();
    button->setObjectName(name.isEmpty() ? QStringLiteral("restoreBackupButton") : name + QStringLiteral("Button"));
    const auto follow = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setText(action->text());
        button->setToolTip(action->toolTip());
    };
    connect(action, &QAction::changed, button, follow);
    connect(button, &QPushButton::clicked, action, [button, action] {
        if (!button->menu()) {
            action->trigger();
        }
    });
    follow();
    return button;
}

void BackupDetail::show(const ListedBackup *backup)
{
    m_backup = backup ? std::optional(*backup) : std::nullopt;
    setVisible(backup != nullptr);
    if (!backup) {
        return;
    }
    const auto worth = BackupsModel::worthOf(*backup);
    m_pill->setText(BackupsModel::worthText(worth));
    m_pill->setTone(toneOf(worth));
    m_title->setText(backup->record.database.isEmpty() ? backup->record.id() : backup->record.database);
    const bool isFailure = backup->record.isFailure();
    m_buttons->setVisible(!isFailure);
    m_log->setVisible(isFailure && !backup->record.log.trimmed().isEmpty());
    isFailure ? showFailure(backup->record) : showBackup(*backup);
}

void BackupDetail::setFact(QLabel *label, const QString &text)
{
    label->setText(text);
    setFieldVisible(label, !text.isEmpty());
}

void BackupDetail::showFailure(const BackupRecord &record)
{
    m_notice->say(Tone::Danger, proofLead(BackupsModel::Worth::Failed), record.problem);
    m_log->setText(record.log);
    for (QLabel *label : {m_content, m_versions, m_place, m_second}) {
        setFact(label, {});
    }
    for (QLineEdit *field : {m_name, m_note}) {
        setFieldVisible(field, false);
    }
    setFact(m_source, tr("%1 on %2").arg(record.database, record.instanceName));
    setFact(m_taken, timeWithAge(record.takenAt));
}

void BackupDetail::showBackup(const ListedBackup &backup)
{
    const BackupRecord &record = backup.record;
    const auto worth = BackupsModel::worthOf(backup);
    m_notice->say(toneOf(worth), proofLead(worth), proofText(backup));
    for (QLineEdit *field : {m_name, m_note}) {
        setFieldVisible(field, true);
    }
    m_name->setText(QFileInfo(record.file).fileName());
    m_name->setEnabled(backup.isThere);
    m_note->setText(record.note);
    setFact(m_source, record.instanceName.isEmpty() || record.instanceName == record.host
                          ? record.host
                          : tr("%1, %2").arg(record.instanceName, record.host));
    setFact(m_taken, timeWithAge(record.takenAt));
    const QString size = sizeText(record.sizeBytes);
    setFact(m_content, record.rows < 0
                           ? tr("%n table(s), %1", nullptr, record.tables).arg(size)
                           : tr("%n table(s), %1 rows, %2", nullptr, record.tables).arg(countText(record.rows), size));
    setFact(m_versions, record.toolVersion.isEmpty()
                            ? QString()
                            : tr("pg_dump %1 from PostgreSQL %2").arg(record.toolVersion, record.serverVersion));
    setFact(m_place, QFileInfo(record.file).path());
    setFact(m_second, record.secondCopy);
}

void BackupDetail::focusName()
{
    m_name->setFocus();
    m_name->setSelection(0, int(QFileInfo(m_name->text()).completeBaseName().size()));
}

} // namespace Roost
