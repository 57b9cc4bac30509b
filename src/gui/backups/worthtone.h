#pragma once

#include "gui/theme/colors.h"
#include "models/backupsmodel.h"

namespace Roost {

/// The tone of what a backup is worth.
inline Tone toneOf(BackupsModel::Worth worth)
{
    switch (worth) {
    case BackupsModel::Worth::Failed:
    case BackupsModel::Worth::Missing:
    case BackupsModel::Worth::Broken:
        return Tone::Danger;
    case BackupsModel::Worth::Unproven:
        return Tone::Warning;
    case BackupsModel::Worth::Read:
        return Tone::Neutral;
    case BackupsModel::Worth::Restored:
        return Tone::Good;
    }
    return Tone::Neutral;
}

} // namespace Roost
