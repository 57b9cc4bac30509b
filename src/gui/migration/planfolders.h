#pragma once

#include "gui/widgets/card.h"
#include "operations/migrationplanning.h"

class QCheckBox;
class QLineEdit;
class QVBoxLayout;

namespace Roost {

struct Services;

/// Where the backups go, where their second copies go, and where the backups are proven.
class PlanFolders : public Card
{
    Q_OBJECT

public:
    explicit PlanFolders(Services &services, QWidget *parent = nullptr);
    void show(const MigrationPlan &plan);
    using QWidget::show;
    QString backupFolder() const;
    QString secondFolder() const;
    bool provesOnInstance() const;

signals:
    void changed();

private:
    QLineEdit *addFolder(const char *name, const QString &label, const QString &title);
    void lookAtDisks();

    Services &m_services;
    QLineEdit *m_backups;
    QLineEdit *m_second;
    QLabel *m_disks;
    QCheckBox *m_proves;
    int m_looks = 0;
};

} // namespace Roost
