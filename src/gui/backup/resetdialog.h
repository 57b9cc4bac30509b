#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"
#include "operations/restore.h"

#include <memory>

namespace Roost {

class TargetField;
struct DatabaseFacts;
struct Services;
namespace Ui {
class ResetDialog;
}

/// Asks before a database is dropped and created again: what would be lost, who is connected, where the safety backup
/// goes; and for the name, typed.
class ResetDialog : public Dialog
{
    Q_OBJECT

public:
    ResetDialog(Services &services, const DatabaseRef &database, QWidget *parent = nullptr);
    ~ResetDialog() override;

    ResetRequest request() const; ///< once accepted
    void setFacts(const Result<DatabaseFacts> &facts);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void updateSafety();
    void updateButtons();

    Services &m_services;
    DatabaseRef m_database;
    std::unique_ptr<Ui::ResetDialog> m_ui;
    TargetField *m_target;
    bool m_hasAsked = false;
};

} // namespace Roost
