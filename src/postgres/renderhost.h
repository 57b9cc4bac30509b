#pragma once

#include <QString>
#include <QStringList>

namespace Roost {

/// Render's regions as they stand in host names, in the order of Render's dashboard.
[[nodiscard]] QStringList renderRegions();
/// True for `dpg-…` without a domain, for `dpg-….REGION-postgres.render.com`, and for the older
/// `REGION-postgres.render.com`.
[[nodiscard]] bool isRenderHost(const QString &host);
/// True for `dpg-…` without a domain: a name that only computers inside Render can find.
[[nodiscard]] bool isInternalRenderHost(const QString &host);
/// "oregon" for `dpg-xyz-a.oregon-postgres.render.com`; empty when the host does not say.
[[nodiscard]] QString regionOfRenderHost(const QString &host);
/// `dpg-xyz-a` and "oregon" give `dpg-xyz-a.oregon-postgres.render.com`.
[[nodiscard]] QString externalRenderHost(const QString &internalHost, const QString &region);

} // namespace Roost
