#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"

#include <QString>
#include <QStringList>

#include <stop_token>

namespace Roost {

/// Where a server stands: the number after that of the last writing transaction that ended, since when it runs, and the
/// state of the sequences. Two marks that are equal say that nothing was written in between, in any database, without
/// reading it. Empty while an earlier transaction than that is still under way: its end would not show.
[[nodiscard]] Result<QString> readQuietMark(const ConnectionSpec &server, const QStringList &databases,
                                            const std::stop_token &stop);

} // namespace Roost
