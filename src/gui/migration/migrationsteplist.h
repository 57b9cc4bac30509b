#pragma once

#include <QListView>

namespace Roost {

class MigrationStepsModel;

/// The steps at the left of a migration's page: a disc with a number or a tick, the name, and below it what came of it.
/// The current one is kept in sight.
class MigrationStepList : public QListView
{
    Q_OBJECT

public:
    explicit MigrationStepList(MigrationStepsModel *model, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void showCurrent();
    MigrationStepsModel *m_model;
};

} // namespace Roost
