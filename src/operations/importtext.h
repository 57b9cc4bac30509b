#pragma once

#include "core/result.h"

#include <QCoreApplication>

namespace Roost {

/// The translation context of the import.
struct ImportText
{
    Q_DECLARE_TR_FUNCTIONS(TableImport)
};

/// Something wrong in a file: "Line 17: …".
[[nodiscard]] inline Error lineError(qint64 line, const QString &reason)
{
    return {ErrorCode::InvalidInput, ImportText::tr("Line %1: %2").arg(line).arg(reason), {}, {}};
}

} // namespace Roost
