#pragma once

#include <QList>
#include <QString>

#include <functional>

class QWidget;

namespace Roost {

class JobContext;
struct Services;

/// A window or dialog in a state worth a picture, filled with made-up facts: nothing is connected to.
struct Shot
{
    QString name;
    std::function<QWidget *(QWidget *parent)> make; ///< not shown yet; the caller owns it
};

/// Reports as a backup does that copies 11 MB a second, until it is cancelled. `from`: of the whole (0 … 1).
void copySlowly(const JobContext &context, double from);

/// Every dialog, and the page of the bird app. `services` needs the parts that dialogs take for granted (jobs,
/// profiles, secrets, prompts, sessions, activity, instances).
[[nodiscard]] QList<Shot> dialogShots(Services &services);

} // namespace Roost
