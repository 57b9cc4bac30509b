#pragma once

#include "core/error.h"
#include "core/secret.h"
#include "gui/dialogs/dialog.h"
#include "models/instance.h"

#include <memory>

namespace Roost {

struct Services;
namespace Ui {
class PasswordDialog;
}

/// Asks for the password of a saved connection, and says why: the keychain is locked, absent or refuses, it holds no
/// such entry, or the server did not take it. Nothing is written to the keychain unless the user says so.
class PasswordDialog : public Dialog
{
    Q_OBJECT

public:
    PasswordDialog(Services &services, const Instance &instance, const Error &why, QWidget *parent = nullptr);
    ~PasswordDialog() override;

    const Secret &password() const { return m_password; } ///< once accepted

private:
    void explain(const Error &why);
    void tryAgain();
    void use();
    void store();
    void updateButtons();

    Services &m_services;
    Instance m_instance;
    std::unique_ptr<Ui::PasswordDialog> m_ui;
    Secret m_password;
    bool m_isBusy = false;
    bool m_isDone = false;
};

} // namespace Roost
