#pragma once

#include "gui/theme/colors.h"
#include "operations/expiry.h"

namespace Roost {

/// The tone of a badge of days.
[[nodiscard]] inline Tone toneOf(Expiry::Stage stage)
{
    switch (stage) {
    case Expiry::Stage::Fine:
        return Tone::Neutral;
    case Expiry::Stage::Soon:
        return Tone::Warning;
    case Expiry::Stage::Urgent:
    case Expiry::Stage::Grace:
    case Expiry::Stage::Gone:
        return Tone::Danger;
    }
    return Tone::Neutral;
}

} // namespace Roost
