#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"

#include <QPointer>

#include <memory>

namespace Roost {

class Job;
struct DatabaseFacts;
struct Services;
namespace Ui {
class DropDatabaseDialog;
}

/// Drops a database, after saying what is lost and who is connected, and after its name was typed.
class DropDatabaseDialog : public Dialog
{
    Q_OBJECT

public:
    DropDatabaseDialog(Services &services, const DatabaseRef &database, QWidget *parent = nullptr);
    ~DropDatabaseDialog() override;

    void setFacts(const Result<DatabaseFacts> &facts);
    void reject() override;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void updateButtons();
    void start();
    void finish(const Result<void> &result);

    Services &m_services;
    DatabaseRef m_database;
    std::unique_ptr<Ui::DropDatabaseDialog> m_ui;
    QPointer<Job> m_job;
    bool m_hasAsked = false;
};

} // namespace Roost
