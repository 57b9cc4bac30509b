#include "gui/expiry/trayicon.h"

#include "gui/services.h"
#include "models/instancelist.h"
#include "operations/expirylist.h"
#include "storage/settings.h"

#include <QAction>
#include <QMenu>
#include <QSystemTrayIcon>

namespace Roost {

TrayIcon::TrayIcon(Services &services, QWidget *window)
    : QObject(window)
    , m_services(services)
{
    connect(services.instances, &InstanceList::listed, this, &TrayIcon::update);
    connect(services.instances, &InstanceList::changed, this, &TrayIcon::update);
    update();
}

TrayIcon::~TrayIcon() = default;

bool TrayIcon::keepsRunning() const
{
    return m_icon && m_icon->isVisible();
}

QString TrayIcon::nextText() const
{
    QList<Profile> profiles;
    for (const InstanceList::Entry &entry : m_services.instances->entries()) {
        if (!entry.instance.isPractice) {
            profiles += entry.instance.profile;
        }
    }
    const QList<ExpiringInstance> instances = expiringInstances(profiles, {}, m_services.instances->clock());
    if (instances.isEmpty() || !instances.constFirst().expiry.isKnown()) {
        return {};
    }
    const ExpiringInstance &next = instances.constFirst();
    return tr("%1: %2", "an instance and its badge").arg(next.profile.name, next.expiry.badge(next.now));
}

void TrayIcon::make()
{
    m_menu = std::make_unique<QMenu>();
    m_menu->setObjectName(QStringLiteral("trayMenu"));
    m_next = m_menu->addAction(QString());
    connect(m_next, &QAction::triggered, this, &TrayIcon::expiryWanted);
    m_menu->addSeparator();
    connect(m_menu->addAction(tr("&Open Roost")), &QAction::triggered, this, &TrayIcon::openWanted);
    connect(m_menu->addAction(tr("&Quit")), &QAction::triggered, this, &TrayIcon::quitWanted);
    m_icon = new QSystemTrayIcon(QIcon(QStringLiteral(":/icons/roost.svg")), this);
    m_icon->setContextMenu(m_menu.get());
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger) {
            emit openWanted();
        }
    });
}

void TrayIcon::update()
{
    const bool isWanted =
        m_services.settings && m_services.settings->keepsInTray() && QSystemTrayIcon::isSystemTrayAvailable();
    if (!isWanted) {
        delete m_icon;
        m_icon = nullptr;
        m_menu.reset();
        return;
    }
    if (!m_icon) {
        make();
    }
    const QString next = nextText();
    m_next->setText(next.isEmpty() ? tr("Nothing is known to expire") : next);
    m_icon->setToolTip(next.isEmpty() ? QStringLiteral("Roost") : QStringLiteral("Roost – ") + next);
    m_icon->show();
}

} // namespace Roost
