#pragma once

#include "render/renderclient.h"
#include "render/renderjson.h"
#include "render/renderlink.h"

namespace Roost {

/// What the methods of RenderClient have in common. Only for renderclient*.cpp.
class RenderClient::Private
{
public:
    Private(RenderAccess access, JobContext context, RenderTimes times)
        : link(std::move(access), std::move(context), times)
    {
    }

    RenderLink link;

    template <class T>
    Result<T> one(const RenderCall &call, Read<T> (*reader)(const QJsonValue &))
    {
        const Result<QJsonValue> json = link.send(call);
        return json ? as<T>(call, reader(*json)) : failure(json.error());
    }

    /// A list in pages of items that may be wrapped.
    template <class T>
    Result<QList<T>> all(const RenderCall &call, const char *wrapper, Read<T> (*reader)(const QJsonValue &))
    {
        const Result<QJsonArray> items = link.sendPaged(call);
        return items ? as<QList<T>>(call, readList(*items, QLatin1String(wrapper), reader)) : failure(items.error());
    }

    /// A list that comes in one piece, by itself or as the member `name` of an object.
    template <class T>
    Result<QList<T>> list(const RenderCall &call, const char *name, Read<T> (*reader)(const QJsonValue &))
    {
        const Result<QJsonValue> json = link.send(call);
        if (!json) {
            return failure(json.error());
        }
        const QJsonValue items = json->isObject() ? json->toObject().value(QLatin1String(name)) : *json;
        if (!items.isArray() && !items.isNull()) {
            return failure(link.wrongShape(call, QStringLiteral("not a list")));
        }
        return as<QList<T>>(call, readList(items.toArray(), QLatin1String(name), reader));
    }

    Result<void> done(const RenderCall &call)
    {
        const Result<QJsonValue> json = link.send(call);
        return json ? Result<void>() : failure(json.error());
    }

private:
    template <class T>
    Result<T> as(const RenderCall &call, Read<T> read) const
    {
        return read ? Result<T>(std::move(*read)) : failure(link.wrongShape(call, read.error()));
    }
};

/// A part of a path that a person may have named; empty if it cannot be one.
[[nodiscard]] QString pathPart(const QString &name);
[[nodiscard]] tl::unexpected<Error> notAnId(const QString &id);
[[nodiscard]] tl::unexpected<Error> notAName(const QString &name);
[[nodiscard]] bool isOwnerId(const QString &id);
[[nodiscard]] bool isServiceId(const QString &id);

} // namespace Roost
