#include "gui/actions.h"

namespace Roost {

void Actions::scheduleBackups(Services &, QWidget *, const QString &)
{
}

} // namespace Roost
