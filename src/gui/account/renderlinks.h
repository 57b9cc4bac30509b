#pragma once

#include <QString>
#include <QUrl>

namespace Roost {

/// Where API keys are made.
[[nodiscard]] QUrl apiKeysPage();
/// True for pages of Render's own: https, render.com or below it, and no user, port or password in it. What an API
/// answers is somebody's text until then.
[[nodiscard]] bool isRenderPage(const QUrl &url);
/// In the user's browser; false when it is no page of Render's.
bool openRenderPage(const QUrl &url);

} // namespace Roost
