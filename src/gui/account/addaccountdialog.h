#pragma once

#include "core/secret.h"
#include "gui/dialogs/dialog.h"
#include "operations/accountoverview.h"
#include "storage/accountstore.h"

#include <QPointer>
#include <QTimer>

#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;

namespace Roost {

class Job;
class Notice;
struct Services;

/// Takes an API key, asks Render at once whose it is and what it sees, and keeps it: the key in the keychain, the rest
/// in Roost's file. Or makes a practice account, which needs no key.
class AddAccountDialog : public Dialog
{
    Q_OBJECT

public:
    /// `existing`: the account whose key is to be given anew.
    AddAccountDialog(Services &services, const std::optional<Account> &existing, QWidget *parent = nullptr);

    const Account &account() const { return m_account; } ///< once accepted
    /// Starts the stand-in for Render, and saves its account at once.
    void usePractice();

signals:
    void saved();

private:
    QLayout *buildForm();
    QLayout *buildButtons();
    void keyEdited();
    void check();
    void checked(const Result<AccountOverview> &overview);
    void showWhose();
    void practiceReady(const Result<RenderAccess> &access);
    void save();
    void keep(const Result<void> &stored);
    void updateButtons();
    void setBusy(const QString &text);

    Services &m_services;
    Account m_account;
    bool m_isRenewing;
    RenderAccess m_access; ///< what was checked
    std::optional<AccountOverview> m_overview;
    std::optional<Error> m_notStored;
    QPointer<Job> m_check;
    QTimer m_pause; ///< after the last key
    bool m_isBusy = false;
    bool m_isDone = false;
    QLineEdit *m_key;
    QLineEdit *m_name;
    QLabel *m_busy;
    Notice *m_notice;
    QPushButton *m_practice;
    QPushButton *m_save;
};

} // namespace Roost
