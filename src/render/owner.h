#pragma once

#include <QString>

namespace Roost {

/// Whose key it is: GET /users.
struct RenderUser
{
    QString name;
    QString email;
};

/// A workspace: what instances and services belong to.
struct Owner
{
    QString id; ///< "tea-…"
    QString name;
    QString email;
    QString type; ///< "user", "team"
};

} // namespace Roost
