#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"

#include <QString>
#include <QStringList>

#include <stop_token>

namespace Roost {

/// Where a server stands: the number that the next writing transaction gets, since when it runs, and the state of the
/// sequences. Two marks that are equal say that nothing was written in between, in any database, without reading it.
/// Empty when a writing transaction is under way: then no mark says anything.
[[nodiscard]] Result<QString> readQuietMark(const ConnectionSpec &server, const QStringList &databases,
                                            const std::stop_token &stop);

} // namespace Roost
