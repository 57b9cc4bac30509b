#pragma once

#include "gui/dialogs/dialog.h"
#include "operations/deployapp.h"
#include "operations/deploycheck.h"

#include <QMap>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace Roost {

class Notice;
struct Services;

/// Deploy the bird app: a check list for the folder's git repository, and what the new service is to be.
class DeployAppDialog : public Dialog
{
    Q_OBJECT

public:
    DeployAppDialog(Services &services, const QString &accountId, QWidget *parent = nullptr);

    DeployAppRequest request() const;
    void setFolder(const QString &folder);
    void accept() override;

private:
    void build();
    void buildService(QGridLayout *grid);
    void fillInstances();
    void fillDatabases();
    void check();
    void take(const Result<DeployCheck> &check);
    void showItems();
    QWidget *rowFor(const DeployCheckItem &item);
    void ignoreLines();
    void updateButtons();
    const PostgresInstance *instance() const;

    Services &m_services;
    QString m_accountId;
    DeployCheck m_check;
    QList<EnvironmentVariable> m_variables;
    QLineEdit *m_folder;
    QCheckBox *m_online;
    QVBoxLayout *m_items;
    QLineEdit *m_name;
    QComboBox *m_instance;
    QComboBox *m_database;
    QLabel *m_where;
    QLineEdit *m_build;
    QLineEdit *m_start;
    Notice *m_notice;
    QPushButton *m_again;
    QPushButton *m_create;
    int m_generation = 0;
    bool m_isBusy = false;
};

} // namespace Roost
