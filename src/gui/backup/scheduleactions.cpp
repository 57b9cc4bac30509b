#include "gui/actions.h"
#include "gui/backup/scheduledialog.h"

namespace Roost {

void Actions::scheduleBackups(Services &services, QWidget *parent, const QString &instance)
{
    (new ScheduleDialog(services, instance, ScheduleHost::ofThisComputer(), parent))->open();
}

} // namespace Roost
