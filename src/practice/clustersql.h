#pragma once

#include "core/connectionparameters.h"
#include "core/result.h"

#include <QStringList>

#include <stop_token>

namespace Roost {

/// Opens a connection, runs the statements one after the other, and closes it. The first error ends it.
[[nodiscard]] Result<void> runStatements(const ConnectionSpec &spec, const QStringList &statements,
                                         const std::stop_token &stop);
/// The first column of a query's rows.
[[nodiscard]] Result<QStringList> queryColumn(const ConnectionSpec &spec, const QString &sql,
                                              const std::stop_token &stop);

} // namespace Roost
