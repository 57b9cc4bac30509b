#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"

#include <memory>

namespace Roost {

class DetailView;
class TargetField;
struct DatabaseFacts;
struct Services;
namespace Ui {
class BackupDialog;
}

/// Asks where a backup of one database goes. The file is a new one: nothing is ever overwritten.
class BackupDialog : public Dialog
{
    Q_OBJECT

public:
    BackupDialog(Services &services, const DatabaseRef &database, QWidget *parent = nullptr);
    ~BackupDialog() override;

    QString file() const; ///< once accepted
    void setFacts(const Result<DatabaseFacts> &facts);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void updateButtons();

    Services &m_services;
    DatabaseRef m_database;
    std::unique_ptr<Ui::BackupDialog> m_ui;
    TargetField *m_target;
    DetailView *m_command;
    qint64 m_size = 0;
    bool m_hasAsked = false;
};

} // namespace Roost
