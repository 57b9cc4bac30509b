#pragma once

#include "gui/widgets/page.h"
#include "operations/expirylist.h"

#include <QHash>

class QLabel;
class QPushButton;
class QStackedWidget;
class QVBoxLayout;

namespace Roost {

class ClockNotices;
class EmptyState;
class ExpiryCard;
class Notice;
struct Services;

/// All free instances by their end, with what can be done about it.
class ExpiryPage : public Page
{
    Q_OBJECT

public:
    explicit ExpiryPage(Services &services, QWidget *parent = nullptr);

    void refresh() override;
    /// Above the list.
    void addBanner(QWidget *banner);
    /// Shows “Move…” on each instance.
    void setCanMove(bool can);
    QList<ExpiringInstance> instances() const { return m_instances; }

signals:
    void instanceOpened(const QString &instanceId);
    void backUpWanted(const QString &instanceId);
    void migrationWanted(const QString &instanceId);
    void creationDateWanted(const QString &instanceId);
    void dashboardWanted(const QString &renderId);
    void remindersWanted();
    void addWanted();

protected:
    void showEvent(QShowEvent *event) override;

private:
    QLayout *buildBar();
    QWidget *buildList();
    ExpiryCard *makeCard(const QString &id);
    void readBackups();
    void update();
    void saveCalendar();
    QStringList databasesOf(const Profile &profile) const;

    Services &m_services;
    QList<ExpiringInstance> m_instances;
    QHash<QString, ExpiryCard *> m_cards;
    QList<ListedBackup> m_backups;
    bool m_hasBackups = false;
    bool m_canMove = false;
    QPushButton *m_calendar;
    Notice *m_notice;
    ClockNotices *m_clocks;
    EmptyState *m_empty;
    QStackedWidget *m_stack;
    QVBoxLayout *m_column = nullptr;
    QVBoxLayout *m_outer = nullptr;
};

} // namespace Roost
