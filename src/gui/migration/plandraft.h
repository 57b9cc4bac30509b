#pragma once

#include "gui/widgets/card.h"
#include "operations/migrationplanning.h"

class QComboBox;
class QLineEdit;

namespace Roost {

/// What the new instance is to be: name, version and plan can be chosen; region, database and user stay.
class PlanDraft : public Card
{
    Q_OBJECT

public:
    explicit PlanDraft(QWidget *parent = nullptr);
    void show(const MigrationPlan &plan);
    using QWidget::show;
    /// Of the plan that was shown last, with what the user chose.
    PostgresDraft draft() const;
    QString problem() const; ///< translated; empty: none

signals:
    void changed();

private:
    PostgresDraft m_draft;
    QLineEdit *m_name;
    QComboBox *m_version;
    QComboBox *m_plan;
    QLabel *m_fixed;
    QLabel *m_problem;
};

} // namespace Roost
