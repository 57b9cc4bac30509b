#include "gui/account/deleteinstancedialog.h"

#include "gui/dialogs/notice.h"
#include "gui/dialogs/typedname.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "gui/widgets/plaintable.h"
#include "jobs/jobrunner.h"
#include "models/accountnodes.h"
#include "models/instancelist.h"
#include "models/plaintext.h"
#include "models/sessionpool.h"
#include "operations/instancecreation.h"
#include "storage/paths.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace Roost {

DeleteInstanceDialog::DeleteInstanceDialog(Services &services, const PostgresInstance &instance,
                                           const QString &instanceId, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_instance(instance)
    , m_instanceId(instanceId)
    , m_what(paragraph({}))
    , m_table(new PlainTable({tr("Database"), tr("Size"), tr("Tables"), tr("Rows"), tr("Last proven backup")}))
    , m_notice(new Notice)
    , m_typed(new TypedName)
    , m_delete(new QPushButton)
{
    build();
    readBackups();
    readDatabases();
    showFacts();
}

void DeleteInstanceDialog::build()
{
    setObjectName(QStringLiteral("deleteInstanceDialog"));
    setWindowTitle(tr("Delete %1?").arg(m_instance.name));
    m_what->setObjectName(QStringLiteral("deleteWhat"));
    m_table->setObjectName(QStringLiteral("deleteDatabases"));
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleName(tr("What would be lost"));
    m_notice->setObjectName(QStringLiteral("deleteNotice"));
    m_typed->setObjectName(QStringLiteral("deleteTyped"));
    m_typed->setExpected(m_instance.name, tr("to delete it"));
    QString shown = m_instance.name;
    m_delete->setText(tr("Delete %1").arg(shown.replace(u'&', QStringLiteral("&&"))));
    m_delete->setObjectName(QStringLiteral("deleteInstanceButton"));
    m_delete->setProperty("kind", QStringLiteral("danger"));
    m_delete->setAutoDefault(false);
    m_delete->setEnabled(false);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    cancel->setDefault(true);
    auto *heading = headingLabel(windowTitle());
    heading->setWordWrap(true);
    constexpr int width = 720;
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Spacing::page - 4, Spacing::page - 4, Spacing::page - 4, Spacing::card);
    layout->setSpacing(Spacing::card - 4);
    layout->addWidget(heading);
    layout->addWidget(m_what);
    layout->addWidget(m_table);
    layout->addWidget(m_notice);
    layout->addWidget(m_typed);
    layout->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(Spacing::unit);
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_delete);
    layout->addLayout(buttons);
    setMinimumWidth(width);
    connect(m_typed, &TypedName::changed, m_delete, &QWidget::setEnabled);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_delete, &QPushButton::clicked, this, &QDialog::accept);
    m_typed->setFocus();
}

QString DeleteInstanceDialog::confirmation() const
{
    return m_typed->field()->text();
}

void DeleteInstanceDialog::readBackups()
{
    if (!m_services.backups) {
        return;
    }
    m_services.jobs->runQuietly<QList<ListedBackup>>(
        [catalog = *m_services.backups](JobContext &) { return listBackups(catalog, Paths::backups()); }, this,
        [this](const Result<QList<ListedBackup>> &backups) {
            m_backupsAreRead = backups.has_value();
            m_backups = backups.value_or(QList<ListedBackup>());
            showFacts();
        });
}

void DeleteInstanceDialog::readDatabases()
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    if (!entry) {
        m_trouble = tr("Roost has no connection to it");
    } else if (!m_instance.isAvailable()) {
        m_trouble = tr("it is %1").arg(instanceStatusText(m_instance));
    } else {
        m_isLooking = true;
        connect(m_services.instances, &InstanceList::changed, this, &DeleteInstanceDialog::databasesChanged);
        if (entry->state == InstanceList::State::Open) {
            databasesChanged(m_instanceId);
        } else {
            m_services.instances->open(m_instanceId);
        }
    }
}

void DeleteInstanceDialog::databasesChanged(const QString &changedId)
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    if (changedId != m_instanceId || !entry || !m_isLooking || entry->state == InstanceList::State::Opening) {
        return;
    }
    m_isLooking = false;
    if (entry->state != InstanceList::State::Open) {
        m_trouble = entry->error.message;
    } else {
        m_databases = m_services.instances->databaseNames(m_instanceId);
        for (const DatabaseInfo &database : entry->databases) {
            m_sizes.insert(database.name, database.sizeBytes);
        }
        readFacts();
    }
    showFacts();
}

void DeleteInstanceDialog::readFacts()
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    m_services.sessions->withSpec(entry->instance, this, [this](const Result<ConnectionSpec> &spec) {
        if (!spec) {
            return;
        }
        for (const QString &database : std::as_const(m_databases)) {
            readDatabaseFacts(m_services, spec->withDatabase(database), this,
                              [this, database](const Result<DatabaseFacts> &facts) {
                                  if (facts) {
                                      m_facts.insert(database, *facts);
                                      showFacts();
                                  }
                              });
        }
    });
}

void DeleteInstanceDialog::showFacts()
{
    const QString where = instanceInWords(m_instance);
    m_what->setText(m_isLooking ? tr("%1 goes for good, with everything in it. Looking at what that is…").arg(where)
                    : !m_trouble.isEmpty()
                        ? tr("%1 goes for good, with everything in it. Roost cannot look at what that is: %2.")
                              .arg(where, m_trouble)
                    : m_databases.isEmpty() ? tr("%1 goes for good. There is no database in it.").arg(where)
                                            : tr("%1 goes for good, and with it:").arg(where));
    m_table->setVisible(!m_databases.isEmpty());
    auto *rows = qobject_cast<QStandardItemModel *>(m_table->model());
    rows->setRowCount(0);
    const QDateTime now = QDateTime::currentDateTimeUtc();
    for (const QString &database : std::as_const(m_databases)) {
        const auto facts = m_facts.constFind(database);
        const bool isKnown = facts != m_facts.constEnd();
        const BackupRecord last = lastProven(m_backups, m_instanceId, database);
        m_table->addRow({database, sizeText(m_sizes.value(database, -1)),
                         isKnown ? countText(facts->tables) : QStringLiteral("…"),
                         !isKnown              ? QString()
                         : facts->rowsAreExact ? countText(facts->rows)
                                               : estimateText(facts->rows),
                         !m_backupsAreRead  ? QStringLiteral("…")
                         : last.number == 0 ? tr("none")
                                            : tr("%1, %2").arg(last.id(), ageText(last.takenAt, now))});
    }
    m_table->fit();
    showBackups();
}

void DeleteInstanceDialog::showBackups()
{
    QStringList without;
    for (const QString &database : std::as_const(m_databases)) {
        if (lastProven(m_backups, m_instanceId, database).number == 0) {
            without += database;
        }
    }
    const bool canBackUp = m_instance.isAvailable() && !m_instanceId.isEmpty();
    if (!m_trouble.isEmpty()) {
        m_notice->say(Tone::Warning, tr("Render keeps no backup of a deleted instance"),
                      tr("Whatever was not backed up before cannot be brought back."));
    } else if (m_backupsAreRead && !without.isEmpty()) {
        m_notice->say(Tone::Danger, tr("No proven backup of %1").arg(without.join(QStringLiteral(", "))),
                      tr("Nothing could bring that back: Render keeps no backup of a deleted instance."));
        if (canBackUp) {
            connect(m_notice->addButton(QStringLiteral("deleteBackUp"), tr("Back up first…")), &QPushButton::clicked,
                    this, [this] {
                        emit backUpWanted(m_instanceId);
                        reject();
                    });
        }
    } else {
        m_notice->clear();
    }
}

} // namespace Roost
