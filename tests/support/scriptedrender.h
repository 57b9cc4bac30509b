#pragma once

#include "support/scriptedserver.h"

#include <QJsonObject>

namespace Roost::Testing {

/// The id of the instance in instanceJson().
inline const QString scriptedInstanceId = QStringLiteral("dpg-c0ffee00000000000002-a");

/// An instance as Render's API tells of it: in Frankfurt, available, open to all, with these members other than that.
[[nodiscard]] QJsonObject instanceJson(const QJsonObject &members = {});

/// Answers every request with this, whatever it asks for.
[[nodiscard]] ScriptedServer::Script httpAnswer(const QJsonObject &body, const QByteArray &status = "200 OK");

/// Answers every request with the instance; a PATCH changes its members.
[[nodiscard]] ScriptedServer::Script instanceAnswer(const QJsonObject &members = {});

} // namespace Roost::Testing
