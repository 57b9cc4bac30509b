#include "gui/mainwindowstatus.h"

#include "gui/services.h"
#include "gui/widgets/page.h"
#include "jobs/jobrunner.h"
#include "models/instancelist.h"
#include "models/sessionpool.h"
#include "operations/expirylist.h"

#include <QLabel>

namespace Roost {

namespace {

QString keyOf(const QString &instanceId, const QString &database)
{
    return instanceId + QLatin1Char('/') + database;
}

QLabel *fact(const char *name)
{
    auto *label = new QLabel;
    label->setObjectName(QString::fromLatin1(name));
    label->setTextFormat(Qt::PlainText);
    label->setContentsMargins(4, 0, 4, 0);
    return label;
}

} // namespace

MainWindowStatus::MainWindowStatus(Services &services, QWidget *parent)
    : QStatusBar(parent)
    , m_services(services)
    , m_place(fact("statusPlace"))
    , m_expiry(fact("statusExpiry"))
    , m_jobs(fact("statusJobs"))
    , m_rows(fact("statusRows"))
{
    setObjectName(QStringLiteral("statusBar"));
    setSizeGripEnabled(false);
    addWidget(m_place, 1);
    addPermanentWidget(m_expiry);
    addPermanentWidget(m_jobs);
    addPermanentWidget(m_rows);
    connect(services.sessions, &SessionPool::measured, this,
            [this](const QString &instanceId, const QString &database, qint64 ms) {
                m_latency.insert(keyOf(instanceId, database), ms);
                update();
            });
    connect(services.sessions, &SessionPool::opened, this, &MainWindowStatus::update);
    connect(services.sessions, &SessionPool::lost, this, &MainWindowStatus::update);
    connect(services.sessions, &SessionPool::closed, this, &MainWindowStatus::update);
    connect(services.instances, &InstanceList::listed, this, &MainWindowStatus::updateExpiry);
    connect(services.instances, &InstanceList::changed, this, &MainWindowStatus::updateExpiry);
    connect(services.jobs, &JobRunner::added, this, [this](Job *job) {
        connect(job, &Job::ended, this, &MainWindowStatus::update);
        update();
    });
    update();
    updateExpiry();
}

void MainWindowStatus::showPage(const Page *page)
{
    m_instanceId = page ? page->instanceId() : QString();
    m_database = page ? page->database() : QString();
    m_pageText = page ? page->statusText() : QString();
    update();
}

QString MainWindowStatus::placeText() const
{
    const InstanceList::Entry *entry = m_services.instances->find(m_instanceId);
    if (!entry) {
        return {};
    }
    QStringList facts{tr("%1 on %2").arg(m_database, entry->instance.name)};
    const auto server = m_services.sessions->server(m_instanceId, m_database);
    if (!server) {
        facts += tr("not connected");
        return facts.join(QStringLiteral("  ·  "));
    }
    if (server->tls.isEmpty()) {
        facts += tr("not encrypted, on this computer");
    } else {
        const bool isChecked = entry->instance.profile.parameters.tls == TlsMode::Verified;
        facts += isChecked ? tr("%1, certificate checked").arg(server->tls)
                           : tr("%1, certificate not checked").arg(server->tls);
    }
    const auto latency = m_latency.constFind(keyOf(m_instanceId, m_database));
    if (latency != m_latency.constEnd()) {
        facts += *latency == 0 ? tr("under 1 ms") : tr("%1 ms").arg(*latency);
    }
    return facts.join(QStringLiteral("  ·  "));
}

void MainWindowStatus::updateExpiry()
{
    QList<Profile> profiles;
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (!entry.instance.isPractice) {
            profiles += entry.instance.profile;
        }
    }
    const QList<ExpiringInstance> instances = expiringInstances(profiles, {}, m_services.instances->clock());
    const bool isNear = !instances.isEmpty() && instances.constFirst().expiry.isKnown() &&
                        instances.constFirst().expiry.stage(instances.constFirst().now) != Expiry::Stage::Fine &&
                        instances.constFirst().expiry.stage(instances.constFirst().now) != Expiry::Stage::Gone;
    m_expiry->setVisible(isNear);
    if (isNear) {
        const ExpiringInstance &next = instances.constFirst();
        m_expiry->setText(
            tr("%1: %2", "an instance and its badge").arg(next.profile.name, next.expiry.badge(next.now)));
    }
}

void MainWindowStatus::update()
{
    m_place->setText(placeText());
    m_rows->setText(m_pageText);
    const int running = m_services.jobs->runningCount();
    m_jobs->setText(running == 0 ? QString() : running == 1 ? tr("1 job running") : tr("%1 jobs running").arg(running));
    m_jobs->setVisible(running > 0);
}

} // namespace Roost
