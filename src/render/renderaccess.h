#pragma once

#include "core/secret.h"

#include <QString>
#include <QUrl>

#include <chrono>

namespace Roost {

/// Where an account's API is and with which key.
struct RenderAccess
{
    QUrl api; ///< "https://api.render.com/v1"; http only on loopback
    Secret key;
};

/// How patient a client is. Tests are less patient.
struct RenderTimes
{
    std::chrono::milliseconds answer = std::chrono::seconds(30); ///< that nothing may come, until a request is stalled
    std::chrono::milliseconds pause = std::chrono::milliseconds(500); ///< before the second try; then doubled
    std::chrono::milliseconds trying = std::chrono::seconds(75);      ///< after which no new try begins
    std::chrono::milliseconds waiting = std::chrono::seconds(90); ///< that is waited at most when Render asks for it
};

/// Render's API unless ROOST_RENDER_API in the environment names another one.
[[nodiscard]] QUrl defaultRenderApi();
/// Why the API is not used at this address (not https and not loopback, user or query in it), translated; empty if
/// fine.
[[nodiscard]] QString renderApiProblem(const QUrl &api);
/// Whether `id` is an id of this kind ("dpg", "srv", "evg" …). A request is never sent with another one, because an
/// empty id would mean all of them.
[[nodiscard]] bool isRenderId(const QString &id, const char *kind);

} // namespace Roost
