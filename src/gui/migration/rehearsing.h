#pragma once

#include "gui/migration/migrationenvironment.h"

#include <QString>

#include <functional>
#include <memory>

class QWidget;

namespace Roost {

struct Services;

/// Whether moves can be rehearsed by this program.
[[nodiscard]] bool canRehearse();
/// Makes an instance on the stand-in for Render from the data of the plan's, in a job that a dialog of `parent` shows.
/// `done` gets the id that the stand-in gave it; not called when that failed, which the dialog says.
void startRehearsal(Services &services, QWidget *parent, const MigrationPlan &plan,
                    const std::shared_ptr<MigrationGround> &ground, std::function<void(const QString &renderId)> done);

} // namespace Roost
