#pragma once

#include <QCoreApplication>

namespace Roost {

/// The translation context of the command line's texts.
struct CliText
{
    Q_DECLARE_TR_FUNCTIONS(CliText)
};

} // namespace Roost
