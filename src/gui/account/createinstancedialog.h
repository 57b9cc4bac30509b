#pragma once

#include "gui/dialogs/dialog.h"
#include "operations/accountoverview.h"
#include "operations/instancecreation.h"

class QComboBox;
class QGridLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace Roost {

class Notice;

/// What a new instance is to be: checked as it is typed, with what its plan means, and what in the workspace speaks
/// against it. Only fills the request.
class CreateInstanceDialog : public Dialog
{
    Q_OBJECT

public:
    /// `ownerId`: the workspace that is chosen at first.
    CreateInstanceDialog(const AccountOverview &overview, const QString &ownerId, QWidget *parent = nullptr);

    PostgresDraft draft() const;

private:
    void buildForm(QGridLayout *form);
    void fillChoices(const QString &ownerId);
    QComboBox *addChoice(QGridLayout *form, const char *name, const QString &label);
    QLineEdit *addField(QGridLayout *form, const char *name, const QString &label, const QString &placeholder);
    void update();
    void updatePlan();
    QString problem() const;
    QStringList takenNames() const;

    AccountOverview m_overview;
    QLineEdit *m_name = nullptr;
    QComboBox *m_owner = nullptr;
    QComboBox *m_region = nullptr;
    QComboBox *m_version = nullptr;
    QComboBox *m_plan = nullptr;
    QLineEdit *m_database = nullptr;
    QLineEdit *m_user = nullptr;
    QLabel *m_planText;
    QLabel *m_problem;
    Notice *m_notice;
    QPushButton *m_create;
};

} // namespace Roost
