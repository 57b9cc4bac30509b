#pragma once

#include "gui/dialogs/dialog.h"
#include "models/accountlist.h"
#include "operations/pointservice.h"

#include <QMap>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;

namespace Roost {

class Notice;
class VariableChangeList;
struct Services;

/// Chooses the database that a service shall use, and shows what that changes before anything is changed. Also asks
/// whether old values are to be put back.
class PointDialog : public Dialog
{
    Q_OBJECT

public:
    PointDialog(Services &services, const QString &accountId, const Service &service, QWidget *parent = nullptr);
    /// For undoing: nothing is to be chosen.
    PointDialog(Services &services, const VariablePlan &undo, QWidget *parent = nullptr);

    VariablePlan plan() const;
    bool deploys() const;
    QString databaseText() const; ///< "class-db/bird_app_db", for the job's title

private:
    void build(const QString &heading);
    void fillInstances();
    void fillDatabases();
    /// Reads what the choice would change.
    void look();
    void readPlan(const RenderAccess &access, int generation);
    void take(const Result<VariablePlan> &plan);
    void updateButtons();
    QString chosenInstance() const;

    Services &m_services;
    QString m_accountId;
    Service m_service;
    QMap<QString, PointTarget> m_targets; ///< read once: Render records who asks for passwords
    QComboBox *m_instance = nullptr;
    QComboBox *m_database = nullptr;
    QLabel *m_why;
    VariableChangeList *m_changes;
    Notice *m_notice;
    Notice *m_warnings;
    QCheckBox *m_deploy;
    QPushButton *m_accept;
    int m_generation = 0;
    bool m_isReading = false;
};

} // namespace Roost
