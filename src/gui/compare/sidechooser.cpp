#include "gui/compare/sidechooser.h"

#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "models/instancelist.h"
#include "storage/paths.h"

#include <QComboBox>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace Roost {

namespace {

enum Place { OfFile, OfDatabase };

} // namespace

SideChooser::SideChooser(Services &services, const QString &name, const QString &title, QWidget *parent)
    : Card(parent)
    , m_services(services)
    , m_source(new QComboBox)
    , m_database(new QComboBox)
    , m_file(new QLineEdit)
    , m_stack(new QStackedWidget)
    , m_state(roleLabel({}, "small"))
{
    build(name, title);
    connect(m_source, &QComboBox::currentIndexChanged, this, &SideChooser::sourceChosen);
    connect(m_database, &QComboBox::currentIndexChanged, this, [this] {
        if (!m_isListing) {
            m_wanted.database = m_database->currentText();
            emit changed();
        }
    });
    connect(m_file, &QLineEdit::textChanged, this, [this] {
        m_file->setToolTip(m_file->text());
        emit changed();
    });
    connect(services.instances, &InstanceList::listed, this, &SideChooser::listSources);
    connect(services.instances, &InstanceList::practiceChanged, this, &SideChooser::listSources);
    connect(services.instances, &InstanceList::changed, this, [this](const QString &id) {
        if (id == instanceId()) {
            listDatabases();
        }
    });
    listSources();
}

void SideChooser::build(const QString &name, const QString &title)
{
    setObjectName(name + QStringLiteral("Side"));
    setFocusProxy(m_source);
    auto *heading = roleLabel(title, "strong");
    heading->setBuddy(m_source);
    m_source->setObjectName(name + QStringLiteral("Source"));
    m_source->setAccessibleName(tr("%1: where it comes from").arg(title).remove(u'&'));
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_database->setObjectName(name + QStringLiteral("Database"));
    m_database->setAccessibleName(tr("%1: database").arg(title).remove(u'&'));
    m_database->setPlaceholderText(tr("Database"));
    m_database->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_file->setObjectName(name + QStringLiteral("File"));
    m_file->setAccessibleName(tr("%1: file of the backup").arg(title).remove(u'&'));
    m_file->setPlaceholderText(tr("File of a backup"));
    auto *choose = new QPushButton(tr("Choose…"));
    choose->setObjectName(name + QStringLiteral("Choose"));
    choose->setAccessibleName(tr("%1: choose the file of a backup").arg(title).remove(u'&'));
    connect(choose, &QPushButton::clicked, this, &SideChooser::chooseFile);
    auto *ofFile = new QWidget;
    auto *row = new QHBoxLayout(ofFile);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Spacing::unit);
    row->addWidget(m_file, 1);
    row->addWidget(choose);
    auto *ofDatabase = new QWidget;
    auto *column = new QVBoxLayout(ofDatabase);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_database);
    column->addStretch();
    m_stack->addWidget(ofFile);
    m_stack->addWidget(ofDatabase);
    m_stack->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_state->setObjectName(name + QStringLiteral("State"));
    m_state->setWordWrap(true);
    m_state->hide();
    body()->setSpacing(Spacing::unit);
    body()->addWidget(heading);
    body()->addWidget(m_source);
    body()->addWidget(m_stack);
    body()->addWidget(m_state);
}

QString SideChooser::instanceId() const
{
    return m_source->currentData().toString();
}

void SideChooser::listSources()
{
    const QString before = m_wanted.isFile() ? QString() : m_wanted.instanceId;
    {
        const QScopedValueRollback listing(m_isListing, true);
        m_source->clear();
        m_source->addItem(Theme::icon(QStringLiteral("archive-insert")), tr("A backup"), QString());
        for (const InstanceList::Entry &entry : m_services.instances->entries()) {
            m_source->addItem(Theme::icon(QStringLiteral("network-server")), entry.instance.name, entry.instance.id);
        }
        m_source->setCurrentIndex(qMax(0, m_source->findData(before)));
    }
    m_stack->setCurrentIndex(instanceId().isEmpty() ? OfFile : OfDatabase);
    listDatabases();
}

void SideChooser::sourceChosen()
{
    if (m_isListing) {
        return;
    }
    m_wanted.instanceId = instanceId();
    m_wanted.database.clear();
    m_stack->setCurrentIndex(instanceId().isEmpty() ? OfFile : OfDatabase);
    listDatabases();
}

/// Connects to the instance if need be; its databases come with its next change.
void SideChooser::listDatabases()
{
    const QString id = instanceId();
    const InstanceList::Entry *entry = id.isEmpty() ? nullptr : m_services.instances->find(id);
    QString state;
    if (entry && entry->databases.isEmpty()) {
        const bool isPracticeOff =
            entry->instance.isPractice && m_services.instances->practice() != InstanceList::Practice::Running;
        if (isPracticeOff) {
            state = tr("Practice is not running. Start it from the menu Tools.");
        } else if (entry->state == InstanceList::State::Failed) {
            state = entry->error.message;
        } else {
            state = tr("Connecting…");
            if (entry->state == InstanceList::State::Closed) {
                m_services.instances->open(id);
            }
        }
    }
    {
        const QScopedValueRollback listing(m_isListing, true);
        m_database->clear();
        m_database->addItems(m_services.instances->databaseNames(id));
        m_database->setCurrentIndex(
            m_database->findText(m_wanted.database, Qt::MatchFixedString | Qt::MatchCaseSensitive));
    }
    m_state->setText(state);
    m_state->setVisible(!state.isEmpty());
    emit changed();
}

CompareSide SideChooser::side() const
{
    if (instanceId().isEmpty()) {
        return CompareSide::ofFile(m_file->text().trimmed());
    }
    // Before the databases are listed, what was asked for counts.
    const bool isListed = m_database->currentIndex() >= 0;
    return CompareSide::ofDatabase(instanceId(), isListed ? m_database->currentText() : m_wanted.database);
}

void SideChooser::setSide(const CompareSide &side)
{
    m_wanted = side;
    m_file->setText(side.file);
    listSources();
}

QString SideChooser::shown() const
{
    const CompareSide chosen = side();
    return chosen.isFile() ? QFileInfo(chosen.file).fileName()
                           : tr("%1 on %2").arg(chosen.database, m_source->currentText());
}

QString SideChooser::commandWord() const
{
    const CompareSide chosen = side();
    return chosen.isFile() ? chosen.file : m_source->currentText() + u'/' + chosen.database;
}

void SideChooser::chooseFile()
{
    const QString folder = m_file->text().isEmpty() ? Paths::backups() : QFileInfo(m_file->text()).absolutePath();
    m_services.prompts->openFile(this, tr("Backup to compare"), folder, tr("Backups (*.dump);;All files (*)"),
                                 [field = QPointer<QLineEdit>(m_file)](const QString &path) {
                                     if (field) {
                                         field->setText(path);
                                     }
                                 });
}

} // namespace Roost
