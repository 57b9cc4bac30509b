#pragma once

#include "gui/dialogs/dialog.h"
#include "models/instance.h"
#include "operations/archiveselection.h"
#include "operations/backup.h"
#include "operations/restore.h"

#include <QPointer>
#include <QStringList>
#include <QTimer>

#include <memory>
#include <optional>

class QCheckBox;

namespace Roost {

class DetailView;
class Job;
class ObjectChoice;
struct DatabaseFacts;
struct Services;
namespace Ui {
class RestoreDialog;
}

struct RestoreDialogRequest
{
    DatabaseRef target;   ///< the database it was asked for; a proposal
    QStringList existing; ///< the databases of the instance, without the system's
    QString file;         ///< may be empty
};

/// Asks what to restore, having looked what is in the file, all of it or some objects; and where to: into a new
/// database, an empty one (chosen objects: any that lacks them), or in place of one, whose name is then typed.
class RestoreDialog : public Dialog
{
    Q_OBJECT

public:
    RestoreDialog(Services &services, const RestoreDialogRequest &request, QWidget *parent = nullptr);
    ~RestoreDialog() override;

    RestoreRequest request() const; ///< once accepted
    void setDump(const Result<DumpFile> &dump);
    void setFacts(const Result<DatabaseFacts> &facts);
    void setObjects(const QList<SelectableObject> &objects);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void prepare();
    void prepareFolds();
    void readObjects(const QString &file);
    void choiceChanged();
    void suggestSafetyFile();
    bool isPart() const;
    void sayReplaced();
    void sayNotEmpty();
    RestoreMode mode() const;
    QString targetName() const;
    void chooseFile();
    void inspect();
    void proposeName();
    void targetChanged();
    void lookAtTarget();
    void showTarget();
    void updateButtons();

    Services &m_services;
    RestoreDialogRequest m_request;
    std::unique_ptr<Ui::RestoreDialog> m_ui;
    DetailView *m_command;
    ObjectChoice *m_choice;
    QCheckBox *m_jobsCheck;
    QCheckBox *m_extensionCheck;
    QString m_safetyFile; ///< proposed for m_safetyOf
    QString m_safetyOf;
    QTimer m_pause;
    QPointer<Job> m_inspection;
    QPointer<Job> m_listing;
    std::optional<DumpFile> m_dump;
    QString m_factsOf; ///< the database that is being looked at, or was
    std::optional<bool> m_targetIsEmpty;
    QString m_targetContent;
    bool m_nameIsTyped = false;
    bool m_modeIsChosen = false;
    bool m_hasAsked = false;
};

} // namespace Roost
