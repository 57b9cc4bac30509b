#pragma once

#include "gui/widgets/card.h"
#include "operations/instancedisk.h"
#include "render/postgresinstance.h"
#include "storage/profilestore.h"

#include <QPointer>

#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace Roost {

class Notice;
class Pill;
struct Services;

/// What Render says of an instance of an account, in its page: status, plan, region, version, disk, who may connect;
/// and what can be done about it there. Hidden for instances of no account.
class InstanceAccountCard : public Card
{
    Q_OBJECT

public:
    InstanceAccountCard(Services &services, const QString &instanceId, QWidget *parent = nullptr);

    void refresh();

signals:
    void suspendWanted(const QString &renderId);
    void resumeWanted(const QString &renderId);
    void deleteWanted(const QString &renderId);
    void allowListWanted(const QString &renderId);
    void ownAddressWanted(const QString &renderId, const QString &address);
    void fetchWanted(const QString &instanceId);

private:
    void build();
    QLayout *buildFacts();
    QLayout *buildButtons();
    const PostgresInstance *instance() const;
    Profile profile() const;
    QString renderId() const;
    bool hasExpired(const PostgresInstance &shown) const;
    void update();
    void updateAccess(const PostgresInstance &instance);
    void updateDisk();
    void readDisk();

    Services &m_services;
    QString m_instanceId;
    QString m_diskOf; ///< the instance that the disk was read of
    std::optional<InstanceDisk> m_disk;
    Pill *m_status;
    QLabel *m_facts;
    QLabel *m_access;
    QLabel *m_diskText;
    QProgressBar *m_diskBar;
    Notice *m_notice;
    QPushButton *m_suspend;
    QPushButton *m_resume;
    QPushButton *m_allow;
    QPushButton *m_fetch;
    QPushButton *m_dashboard;
    QPushButton *m_delete;
};

} // namespace Roost
