#pragma once

#include "render/owner.h"
#include "render/postgresinstance.h"
#include "render/service.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>

#include <tl/expected.hpp>

namespace Roost {

/// What an answer of Render's says; the error is what is wrong with its shape, raw: "postgres.id is missing".
template <class T>
using Read = tl::expected<T, QString>;

[[nodiscard]] Read<RenderUser> readUser(const QJsonValue &json);
[[nodiscard]] Read<Owner> readOwner(const QJsonValue &json);
[[nodiscard]] Read<PostgresInstance> readInstance(const QJsonValue &json);
[[nodiscard]] Read<PostgresConnectionInfo> readConnectionInfo(const QJsonValue &json);
[[nodiscard]] Read<PostgresCredential> readCredential(const QJsonValue &json);
[[nodiscard]] Read<PostgresSize> readSize(const QJsonValue &json);
[[nodiscard]] Read<PostgresProcess> readProcess(const QJsonValue &json);
[[nodiscard]] Read<PostgresExport> readExport(const QJsonValue &json);
[[nodiscard]] Read<Service> readService(const QJsonValue &json);
/// A service as POST /services answers: with its first deploy's id beside it, or alone.
[[nodiscard]] Read<Service> readCreatedService(const QJsonValue &json);
[[nodiscard]] Read<EnvironmentVariable> readVariable(const QJsonValue &json);
[[nodiscard]] Read<EnvironmentGroup> readGroup(const QJsonValue &json);
[[nodiscard]] Read<Deploy> readDeploy(const QJsonValue &json);
[[nodiscard]] Read<MetricSeries> readSeries(const QJsonValue &json);

/// The body that creates it.
[[nodiscard]] QJsonObject bodyOf(const PostgresDraft &draft);
[[nodiscard]] QJsonObject bodyOf(const PostgresChanges &changes);
[[nodiscard]] QJsonObject bodyOf(const ServiceDraft &draft);
[[nodiscard]] QJsonObject bodyOf(const DeployRequest &request);

/// All of a list of which each item is read by `reader`. Each item may be wrapped: {"cursor": …, "postgres": {…}}.
template <class T>
[[nodiscard]] Read<QList<T>> readList(const QJsonArray &items, const QString &wrapper,
                                      Read<T> (*reader)(const QJsonValue &))
{
    QList<T> all;
    all.reserve(items.size());
    for (const QJsonValue &item : items) {
        const QJsonValue inner = item.toObject().value(wrapper);
        Read<T> one = reader(inner.isObject() ? inner : item);
        if (!one) {
            return tl::unexpected(one.error());
        }
        all += std::move(*one);
    }
    return all;
}

} // namespace Roost
