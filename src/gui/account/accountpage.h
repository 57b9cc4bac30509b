#pragma once

#include "gui/widgets/page.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class Notice;
class Pill;
class PlainTable;
struct Services;

/// An account in a tab: whose it is, its workspaces, its instances and services.
class AccountPage : public Page
{
    Q_OBJECT

public:
    AccountPage(Services &services, const QString &accountId, QWidget *parent = nullptr);

    const QString &accountId() const { return m_accountId; }
    QString statusText() const override;
    void refresh() override;

signals:
    void createInstanceWanted(const QString &accountId, const QString &ownerId);
    void instanceOpened(const QString &renderId);
    void serviceOpened(const QString &accountId, const QString &serviceId);
    void keyWanted(const QString &accountId);
    void practiceWanted(const QString &accountId);
    void removeWanted(const QString &accountId);
    void closeWanted();

private:
    QLayout *buildHead();
    void buildTables(QVBoxLayout *column);
    void update();
    void updateNotice();
    void fillTables();

    Services &m_services;
    QString m_accountId;
    QLabel *m_title;
    Pill *m_pill;
    QLabel *m_facts;
    Notice *m_notice;
    QPushButton *m_create;
    QPushButton *m_refresh;
    QPushButton *m_remove;
    QLabel *m_instancesHeading;
    PlainTable *m_instances;
    QLabel *m_servicesHeading;
    PlainTable *m_servicesTable;
};

} // namespace Roost
