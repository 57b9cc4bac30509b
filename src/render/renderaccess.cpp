#include "render/renderaccess.h"

#include "render/httpclient.h"

#include <QCoreApplication>
#include <QRegularExpression>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RenderClient)
};

constexpr qsizetype longestId = 64;

} // namespace

QUrl defaultRenderApi()
{
    const QString named = qEnvironmentVariable("ROOST_RENDER_API").trimmed();
    return QUrl(named.isEmpty() ? QStringLiteral("https://api.render.com/v1") : named, QUrl::StrictMode);
}

QString renderApiProblem(const QUrl &api)
{
    if (!api.isValid() || api.host().isEmpty()) {
        return Text::tr("The address of the API is not a URL. Render's own is https://api.render.com/v1.");
    }
    if (!api.userInfo().isEmpty() || api.hasQuery() || api.hasFragment()) {
        return Text::tr("The address of the API may hold a host, a port and a path, and nothing else: no user, no "
                        "password, no “?” and no “#”.");
    }
    if (api.scheme() == QLatin1String("https") || (api.scheme() == QLatin1String("http") && isLoopback(api))) {
        return {};
    }
    return Text::tr("The API key is sent over https only; http is for an API on this computer. Write https:// in "
                    "front of %1.")
        .arg(api.host());
}

bool isRenderId(const QString &id, const char *kind)
{
    static const QRegularExpression form(QStringLiteral("^[A-Za-z0-9]+(-[A-Za-z0-9]+)*\\z"));
    const QString start = QLatin1String(kind) + u'-';
    return id.size() <= longestId && id.startsWith(start) && form.match(id.sliced(start.size())).hasMatch();
}

} // namespace Roost
