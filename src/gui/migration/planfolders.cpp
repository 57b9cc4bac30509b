#include "gui/migration/planfolders.h"

#include "gui/prompts.h"
#include "gui/services.h"
#include "gui/theme/theme.h"
#include "jobs/jobrunner.h"

#include <QCheckBox>
#include <QDir>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStorageInfo>
#include <QVBoxLayout>

namespace Roost {

namespace {

/// Of the folder, or of the nearest one above it that is there.
QByteArray diskOf(const QString &folder)
{
    QString path = QDir::cleanPath(folder);
    while (!QFileInfo::exists(path) && path.contains(u'/') && path != u"/") {
        path = path.section(u'/', 0, -2);
        path = path.isEmpty() ? QStringLiteral("/") : path;
    }
    return QStorageInfo(path).device();
}

} // namespace

PlanFolders::PlanFolders(Services &services, QWidget *parent)
    : Card(parent)
    , m_services(services)
    , m_disks(paragraph({}))
    , m_proves(new QCheckBox(tr("&Prove in scratch databases on the instance itself")))
{
    setObjectName(QStringLiteral("planFolders"));
    body()->setSpacing(Spacing::unit);
    body()->addWidget(roleLabel(tr("Backups and proof"), "strong"));
    m_backups = addFolder("planBackupFolder", tr("&Backups go to"), tr("Folder for the backups"));
    m_second = addFolder("planSecondFolder", tr("Se&cond copies go to"), tr("Folder for the second copies"));
    m_disks->setObjectName(QStringLiteral("planDisks"));
    m_disks->setProperty("role", QStringLiteral("warning"));
    m_disks->hide();
    m_proves->setObjectName(QStringLiteral("planProvesOnInstance"));
    m_proves->setToolTip(tr("Otherwise on the practice server of this computer, which the instance does not notice"));
    body()->addWidget(m_disks);
    body()->addWidget(m_proves);
    connect(m_proves, &QCheckBox::clicked, this, &PlanFolders::changed);
}

QLineEdit *PlanFolders::addFolder(const char *name, const QString &label, const QString &title)
{
    constexpr int labelWidth = 150;
    auto *field = new QLineEdit;
    field->setObjectName(QString::fromLatin1(name));
    auto *words = new QLabel(label);
    words->setBuddy(field);
    words->setMinimumWidth(labelWidth);
    auto *browse = new QPushButton(tr("Browse…"));
    browse->setObjectName(QString::fromLatin1(name) + QStringLiteral("Browse"));
    browse->setAccessibleName(title);
    auto *row = new QHBoxLayout;
    row->setSpacing(Spacing::unit);
    row->addWidget(words);
    row->addWidget(field, 1);
    row->addWidget(browse);
    body()->addLayout(row);
    connect(field, &QLineEdit::editingFinished, this, [this, field] {
        if (field->isModified()) {
            field->setModified(false);
            lookAtDisks();
            emit changed();
        }
    });
    connect(browse, &QPushButton::clicked, this, [this, field, title] {
        m_services.prompts->chooseFolder(this, title, field->text(), [this, field](const QString &folder) {
            field->setText(folder);
            lookAtDisks();
            emit changed();
        });
    });
    return field;
}

void PlanFolders::show(const MigrationPlan &plan)
{
    for (const auto &[field, folder] : {std::pair{m_backups, plan.backupFolder}, {m_second, plan.secondFolder}}) {
        if (!field->hasFocus() && field->text() != folder) {
            field->setText(folder);
        }
    }
    m_proves->setChecked(plan.provesOnInstance);
    lookAtDisks();
}

void PlanFolders::lookAtDisks()
{
    const int look = ++m_looks;
    m_services.jobs->runQuietly<bool>(
        [first = m_backups->text(), second = m_second->text()](JobContext &) -> Result<bool> {
            return !first.isEmpty() && !second.isEmpty() && diskOf(first) == diskOf(second);
        },
        this,
        [this, look](const Result<bool> &isSame) {
            if (look != m_looks) {
                return;
            }
            m_disks->setText(tr("Both folders are on the same disk: if it breaks, both copies are gone. A USB stick or "
                                "a synchronised folder is better."));
            m_disks->setVisible(isSame && *isSame);
        });
}

QString PlanFolders::backupFolder() const
{
    return m_backups->text();
}

QString PlanFolders::secondFolder() const
{
    return m_second->text();
}

bool PlanFolders::provesOnInstance() const
{
    return m_proves->isChecked();
}

} // namespace Roost
