#pragma once

#include "core/result.h"
#include "gui/connection/connectiondraft.h"
#include "gui/dialogs/dialog.h"
#include "postgres/databaseconnection.h"
#include "storage/profilestore.h"

#include <QPointer>
#include <QStringList>

#include <memory>
#include <optional>

class QCheckBox;

namespace Roost {

class Job;
class Notice;
struct Services;
namespace Ui {
class ConnectionDialog;
}

struct ConnectionDialogRequest
{
    std::optional<Profile> existing; ///< edited; nothing: a new one
    QString text;                    ///< as if pasted, when it came by drag and drop or the command line
};

/// Adds or edits a saved connection: one field takes whatever the user has, what it says is shown as it is understood.
/// The password goes to the keychain; where that fails, to the session's memory, and the dialog says so.
class ConnectionDialog : public Dialog
{
    Q_OBJECT

public:
    ConnectionDialog(Services &services, const ConnectionDialogRequest &request, QWidget *parent = nullptr);
    ~ConnectionDialog() override;

    /// What was saved; the password is only in the spec, and only when it is known here.
    const Profile &profile() const { return m_profile; }
    const ConnectionSpec &spec() const { return m_spec; }
    void reject() override;

signals:
    void saved(); ///< once; the dialog may stay open to say what became of the password

private:
    void prepare();
    void prepareAdvanced();
    void readNames();
    void takeText(const QString &text);
    void settle();
    void showDraft();
    void showPasteNotice();
    void showCreated();
    void updateButtons();
    bool isReady() const;
    void setBusy(const QString &doing);

    using SpecGiven = std::function<void(const ConnectionSpec &)>;
    void withPassword(const SpecGiven &then);
    void test();
    void showTest(const ConnectionSpec &spec, const Result<ServerInfo> &info);
    void useMended(const ConnectionParameters &parameters);
    void save();
    void storeSecret();
    void saveProfile(const std::optional<Error> &keychainError);
    void finishSaving(const Result<void> &result, const std::optional<Error> &keychainError);

    Services &m_services;
    std::unique_ptr<Ui::ConnectionDialog> m_ui;
    QCheckBox *m_unverified = nullptr;
    Notice *m_unverifiedNotice = nullptr;
    ConnectionDraft m_draft;
    std::optional<Error> m_pasteError;
    Secret m_refusedText; ///< what was pasted, while it is masked because of an error
    QStringList m_takenNames;
    bool m_isEditing = false;
    bool m_nameIsTyped = false;
    bool m_isSaved = false;
    bool m_askForPassword = false;
    QString m_doing;
    QPointer<Job> m_test;
    Profile m_profile;
    ConnectionSpec m_spec;
};

} // namespace Roost
