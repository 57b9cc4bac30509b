#pragma once

#include "core/error.h"

#include <tl/expected.hpp>

namespace Roost {

/// The value of an operation, or why there is none. Must be looked at.
template <class T>
using Result = tl::expected<T, Error>;

/// Shorthand for returning a failure: `return failure(ErrorCode::NotFound, tr("…"));`
[[nodiscard]] inline tl::unexpected<Error> failure(ErrorCode code, QString message, QString detail = {},
                                                   QByteArray sqlState = {})
{
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail), std::move(sqlState)});
}

[[nodiscard]] inline tl::unexpected<Error> failure(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

} // namespace Roost
