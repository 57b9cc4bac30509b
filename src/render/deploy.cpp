#include "render/service.h"

#include <QStringList>

namespace Roost {

bool Deploy::isFailed() const
{
    return status.endsWith(u"_failed") || status == u"canceled";
}

bool Deploy::isOver() const
{
    return isLive() || isFailed() || status == u"deactivated";
}

} // namespace Roost
