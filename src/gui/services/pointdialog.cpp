#include "gui/services/pointdialog.h"

#include "gui/dialogs/notice.h"
#include "gui/services.h"
#include "gui/services/variablechangelist.h"
#include "gui/theme/theme.h"
#include "gui/widgets/card.h"
#include "jobs/jobrunner.h"
#include "models/accountnodes.h"
#include "models/instancelist.h"
#include "operations/deployapp.h"

#include <QCheckBox>
#include <QComboBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace Roost {

namespace {

/// What one look at Render gives the dialog.
struct Look
{
    PointTarget target;
    VariablePlan plan;
};

/// The saved connection that an instance of the account is.
const InstanceList::Entry *entryOf(const Services &services, const QString &renderId)
{
    for (const InstanceList::Entry &entry : services.instances->entries()) {
        if (!renderId.isEmpty() && entry.instance.profile.renderId == renderId) {
            return &entry;
        }
    }
    return nullptr;
}

QMap<QString, QString> addressesIn(const Services &services)
{
    QMap<QString, QString> addresses;
    for (const InstanceList::Entry &entry : services.instances->entries()) {
        const Profile &profile = entry.instance.profile;
        if (!profile.renderId.isEmpty() && !profile.parameters.host.isEmpty()) {
            addresses.insert(profile.parameters.host + u':' + QString::number(profile.parameters.port),
                             profile.renderId);
        }
    }
    return addresses;
}

} // namespace

PointDialog::PointDialog(Services &services, const QString &accountId, const Service &service, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_accountId(accountId)
    , m_service(service)
{
    setObjectName(QStringLiteral("pointDialog"));
    setWindowTitle(tr("Point %1 to a database").arg(service.name));
    m_instance = new QComboBox;
    m_database = new QComboBox;
    build(tr("Point %1 to a database").arg(service.name));
    m_accept->setText(tr("Set the variables"));
    fillInstances();
    fillDatabases();
    connect(m_instance, &QComboBox::currentIndexChanged, this, [this] {
        fillDatabases();
        look();
    });
    connect(m_database, &QComboBox::currentIndexChanged, this, &PointDialog::look);
    connect(services.instances, &InstanceList::changed, this, &PointDialog::fillDatabases);
    look();
    m_instance->setFocus();
}

PointDialog::PointDialog(Services &services, const VariablePlan &undo, QWidget *parent)
    : Dialog(parent)
    , m_services(services)
    , m_service(undo.service)
{
    setObjectName(QStringLiteral("undoPointDialog"));
    setWindowTitle(tr("Put the old values back"));
    build(tr("Put the variables of %1 back").arg(undo.service.name));
    m_accept->setText(tr("Put the old values back"));
    take(undo);
}

void PointDialog::build(const QString &heading)
{
    constexpr int usualWidth = 720;
    setMinimumWidth(usualWidth);
    m_why = paragraph({});
    m_why->setObjectName(QStringLiteral("pointWhy"));
    m_changes = new VariableChangeList;
    m_notice = new Notice;
    m_notice->setObjectName(QStringLiteral("pointNotice"));
    m_warnings = new Notice;
    m_warnings->setObjectName(QStringLiteral("pointWarnings"));
    m_deploy = new QCheckBox(tr("&Deploy afterwards: the last build again, with the new values"));
    m_deploy->setObjectName(QStringLiteral("deployAfterwards"));
    m_deploy->setChecked(true);
    m_deploy->setToolTip(tr("Until it is deployed the service runs on with the old values"));
    m_accept = new QPushButton;
    m_accept->setObjectName(QStringLiteral("acceptButton"));
    m_accept->setProperty("kind", QStringLiteral("primary"));
    m_accept->setDefault(true);
    auto *cancel = new QPushButton(tr("Cancel"));
    cancel->setObjectName(QStringLiteral("cancelButton"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(24, 24, 24, 20);
    column->setSpacing(12);
    auto *title = headingLabel(heading);
    title->setWordWrap(true);
    column->addWidget(title);
    if (m_instance) {
        auto *grid = new QGridLayout;
        grid->setHorizontalSpacing(Spacing::card);
        grid->setVerticalSpacing(Spacing::unit);
        grid->setColumnStretch(1, 1);
        auto *instanceLabel = new QLabel(tr("&Instance"));
        auto *databaseLabel = new QLabel(tr("Data&base"));
        m_instance->setObjectName(QStringLiteral("pointInstance"));
        m_database->setObjectName(QStringLiteral("pointDatabase"));
        instanceLabel->setBuddy(m_instance);
        databaseLabel->setBuddy(m_database);
        grid->addWidget(instanceLabel, 0, 0);
        grid->addWidget(m_instance, 0, 1);
        grid->addWidget(databaseLabel, 1, 0);
        grid->addWidget(m_database, 1, 1);
        column->addLayout(grid);
    }
    column->addWidget(m_why);
    column->addWidget(m_notice);
    column->addWidget(m_changes);
    column->addWidget(m_warnings);
    column->addWidget(m_deploy);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(cancel);
    buttons->addWidget(m_accept);
    column->addLayout(buttons);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_accept, &QPushButton::clicked, this, &QDialog::accept);
    connect(m_changes, &VariableChangeList::changed, this, &PointDialog::updateButtons);
}

QString PointDialog::chosenInstance() const
{
    return m_instance ? m_instance->currentData().toString() : QString();
}

void PointDialog::fillInstances()
{
    const AccountList::Entry *account = m_services.accounts->find(m_accountId);
    if (!account || !account->overview) {
        return;
    }
    for (const PostgresInstance &instance : account->overview->instances) {
        if (instance.isAvailable()) {
            m_instance->addItem(
                tr("%1 (%2, %3)").arg(instance.name, regionText(instance.region), planText(instance.plan)),
                instance.id);
        }
    }
}

/// Keeps what is chosen; where the databases are not known yet, they are read.
void PointDialog::fillDatabases()
{
    const InstanceList::Entry *entry = entryOf(m_services, chosenInstance());
    QStringList names = entry ? m_services.instances->databaseNames(entry->instance.id) : QStringList();
    QStringList shown{QString()};
    shown += names;
    QStringList before;
    for (int i = 0; i < m_database->count(); ++i) {
        before += m_database->itemData(i).toString();
    }
    if (before != shown) {
        const QString chosen = m_database->currentData().toString();
        const QSignalBlocker blocker(m_database);
        m_database->clear();
        m_database->addItem(tr("As each variable names it now"), QString());
        for (const QString &name : std::as_const(names)) {
            m_database->addItem(name, name);
        }
        m_database->setCurrentIndex(std::max(0, m_database->findData(chosen)));
    }
    if (entry && entry->state == InstanceList::State::Closed) {
        m_services.instances->open(entry->instance.id);
    }
}

void PointDialog::look()
{
    m_notice->clear();
    if (chosenInstance().isEmpty()) {
        m_notice->say(Tone::Warning, tr("There is no instance that could be used"),
                      tr("Create one first, or resume the one that is suspended."));
        updateButtons();
        return;
    }
    m_isReading = true;
    m_why->setText(tr("Reading the variables…"));
    updateButtons();
    const int generation = ++m_generation;
    m_services.accounts->access(m_accountId, this, [this, generation](const Result<RenderAccess> &access) {
        if (!access) {
            m_isReading = false;
            m_why->clear();
            m_notice->sayError(tr("The variables could not be read"), access.error());
            return;
        }
        readPlan(*access, generation);
    });
}

void PointDialog::readPlan(const RenderAccess &access, int generation)
{
    PointRequest request;
    request.serviceId = m_service.id;
    request.database = m_database->currentData().toString();
    request.addresses = addressesIn(m_services);
    if (const AccountList::Entry *account = m_services.accounts->find(m_accountId); account && account->overview) {
        request.instances = account->overview->instances;
    }
    const QString instance = chosenInstance();
    if (const InstanceList::Entry *entry = entryOf(m_services, instance)) {
        request.existing = m_services.instances->databaseNames(entry->instance.id);
    }
    request.target = m_targets.value(instance);
    m_services.jobs->runQuietly<Look>(
        [access, request, instance](JobContext &context) mutable -> Result<Look> {
            RenderClient client(access, context);
            if (request.target.instanceId.isEmpty()) {
                const Result<PointTarget> target = readPointTarget(client, instance);
                if (!target) {
                    return failure(target.error());
                }
                request.target = *target;
            }
            const Result<VariablePlan> plan = planPoint(client, request, context);
            return plan ? Result<Look>(Look{request.target, *plan}) : Result<Look>(failure(plan.error()));
        },
        this,
        [this, generation, instance](const Result<Look> &look) {
            if (generation != m_generation) { // something else was chosen meanwhile
                return;
            }
            if (look) {
                m_targets.insert(instance, look->target);
            }
            take(look ? Result<VariablePlan>(look->plan) : Result<VariablePlan>(failure(look.error())));
        });
}

void PointDialog::take(const Result<VariablePlan> &plan)
{
    m_isReading = false;
    m_warnings->clear();
    if (!plan) {
        m_why->clear();
        m_changes->setPlan({});
        m_notice->sayError(tr("The variables could not be read"), plan.error());
        updateButtons();
        return;
    }
    m_why->setText(plan->why);
    m_why->setVisible(!plan->why.isEmpty());
    m_changes->setPlan(*plan);
    if (!plan->warnings.isEmpty()) {
        m_warnings->say(Tone::Warning, tr("Look at this first"), plan->warnings.join(QStringLiteral("\n")));
    }
    if (plan->changes.isEmpty()) {
        m_notice->say(Tone::Good, tr("Nothing has to be changed"), tr("The variables have these values already."));
    }
    updateButtons();
}

void PointDialog::updateButtons()
{
    m_accept->setEnabled(!m_isReading && m_changes->hasWanted());
    m_changes->setEnabled(!m_isReading);
}

VariablePlan PointDialog::plan() const
{
    return m_changes->plan();
}

bool PointDialog::deploys() const
{
    return m_deploy->isChecked();
}

QString PointDialog::databaseText() const
{
    const QString name = m_targets.value(chosenInstance()).instanceName;
    const QString database = m_database ? m_database->currentData().toString() : QString();
    return database.isEmpty() ? name : name + u'/' + database;
}

} // namespace Roost
