#pragma once

#include "gui/widgets/page.h"

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class Card;
class DatabasesModel;
class EmptyState;
class InstanceAccountCard;
class LastBackupCard;
class Notice;
class Pill;
class PlainTable;
struct Services;

/// An instance in a tab: what it is, when it ends, and its databases (`\l`).
class InstancePage : public Page
{
    Q_OBJECT

public:
    InstancePage(Services &services, const QString &instanceId, QWidget *parent = nullptr);

    QString instanceId() const override { return m_instanceId; }
    QString database() const override;
    QString statusText() const override;
    void refresh() override;
    void setShowsSystem(bool shows);
    /// Below its head.
    void addBanner(QWidget *banner);
    InstanceAccountCard *accountCard() const { return m_accountCard; }

signals:
    void doctorWanted(const QString &instanceId);
    void createDatabaseWanted(const QString &instanceId);
    void backUpWanted(const QString &instanceId, const QString &database);
    void databaseOpened(const QString &instanceId, const QString &database);
    void creationDateWanted(const QString &instanceId);
    void migrationWanted(const QString &instanceId);
    void practiceStopWanted();
    void practiceStartWanted();
    void backupsWanted();
    void closeWanted();

private:
    QLayout *buildHead();
    QLayout *buildCards();
    void buildDatabases(QVBoxLayout *column);
    void update();
    void updateHead();
    void updateExpiry();
    void updateStorage();
    void updateNotice();
    QString factsText() const;

    Services &m_services;
    QString m_instanceId;
    DatabasesModel *m_model;
    QLabel *m_title;
    Pill *m_badge;
    Pill *m_tlsBadge;
    QLabel *m_facts;
    Notice *m_notice;
    InstanceAccountCard *m_accountCard;
    Card *m_expiryCard;
    QLabel *m_expiryHead;
    QLabel *m_expiryDate;
    QLabel *m_expiryText;
    QPushButton *m_tellDate;
    LastBackupCard *m_backupCard;
    Card *m_storageCard;
    QLabel *m_storage;
    QLabel *m_storageText;
    PlainTable *m_table;
    QLabel *m_databasesHeading;
    QPushButton *m_create;
    QPushButton *m_backUp;
    QPushButton *m_move;
    QPushButton *m_practice;
    QVBoxLayout *m_column = nullptr;
};

} // namespace Roost
