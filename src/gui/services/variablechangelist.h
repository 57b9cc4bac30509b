#pragma once

#include "operations/pointservice.h"

#include <QWidget>

class QCheckBox;
class QVBoxLayout;

namespace Roost {

/// What a plan changes: for each variable a check box, who has it, and the old and the new value, passwords masked.
class VariableChangeList : public QWidget
{
    Q_OBJECT

public:
    explicit VariableChangeList(QWidget *parent = nullptr);

    void setPlan(const VariablePlan &plan);
    /// With what is checked as wanted.
    VariablePlan plan() const;
    bool hasWanted() const;

signals:
    void changed();

private:
    QWidget *rowFor(int index, const VariableChange &change);

    VariablePlan m_plan;
    QVBoxLayout *m_column;
    QList<QCheckBox *> m_checks;
};

} // namespace Roost
