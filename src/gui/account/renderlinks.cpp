#include "gui/account/renderlinks.h"

#include <QDesktopServices>

namespace Roost {

QUrl apiKeysPage()
{
    return QUrl(QStringLiteral("https://dashboard.render.com/settings#api-keys"));
}

bool isRenderPage(const QUrl &url)
{
    const QString host = url.host();
    return url.isValid() && url.scheme() == u"https" && url.userInfo().isEmpty() && url.port() < 0 &&
           (host == u"render.com" || host.endsWith(QStringLiteral(".render.com")));
}

bool openRenderPage(const QUrl &url)
{
    return isRenderPage(url) && QDesktopServices::openUrl(url);
}

} // namespace Roost
