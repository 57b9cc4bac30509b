#include "core/error.h"

#include <QCoreApplication>

namespace Roost {

Error Error::cancelled()
{
    return {ErrorCode::Cancelled, QCoreApplication::translate("Error", "Cancelled."), {}, {}};
}

} // namespace Roost
