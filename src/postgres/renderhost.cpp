#include "postgres/renderhost.h"

#include <QRegularExpression>

namespace Roost {

namespace {

QRegularExpressionMatch matchRenderHost(const QString &host)
{
    // Any region: a host in one that Render opened after this was written is still Render's.
    static const QRegularExpression pattern(
        QStringLiteral(R"(\A(?:(dpg-[0-9a-z]+(?:-[a-z])?)(?:\.([a-z]+)-postgres\.render\.com)?)"
                       R"(|([a-z]+)-postgres\.render\.com)\z)"),
        QRegularExpression::CaseInsensitiveOption);
    return pattern.match(host);
}

} // namespace

QStringList renderRegions()
{
    return {QStringLiteral("oregon"), QStringLiteral("ohio"), QStringLiteral("virginia"), QStringLiteral("frankfurt"),
            QStringLiteral("singapore")};
}

bool isRenderHost(const QString &host)
{
    return matchRenderHost(host).hasMatch();
}

bool isInternalRenderHost(const QString &host)
{
    return isRenderHost(host) && !host.contains(u'.');
}

QString regionOfRenderHost(const QString &host)
{
    const QRegularExpressionMatch match = matchRenderHost(host);
    const QString region = match.captured(2).isEmpty() ? match.captured(3) : match.captured(2);
    return region.toLower();
}

QString externalRenderHost(const QString &internalHost, const QString &region)
{
    return QStringLiteral("%1.%2-postgres.render.com").arg(internalHost.section(u'.', 0, 0), region);
}

} // namespace Roost
