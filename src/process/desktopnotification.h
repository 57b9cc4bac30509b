#pragma once

#include "core/result.h"

#include <QString>

namespace Roost {

struct DesktopNotification
{
    enum class Urgency { Normal, Critical };

    QString title; ///< plain text, as the body; no secrets: both pass redact()
    QString body;
    Urgency urgency = Urgency::Critical;
};

/// Shows a message of the desktop (org.freedesktop.Notifications on the session's bus); a critical one stays until it
/// is dismissed. Blocking for seconds at most, on any thread. NotFound without a session or a desktop that shows
/// messages; TimedOut.
[[nodiscard]] Result<void> notifyDesktop(const DesktopNotification &notification);

} // namespace Roost
