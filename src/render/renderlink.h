#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "render/httpclient.h"
#include "render/ratelimits.h"
#include "render/renderaccess.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QList>

#include <chrono>
#include <optional>
#include <utility>

namespace Roost {

/// A request to Render's API and what may be done when it fails.
struct RenderCall
{
    enum class Kind {
        Read, ///< tried again
        Set,  ///< likewise: done twice it is as if done once
        Once  ///< written to the network once; only when Render refused it (429) it may be asked again
    };
    Kind kind = Kind::Read;
    HttpRequest request;
    QString doing;     ///< translated, for errors: "list the databases"
    QByteArray bucket; ///< of Render's limits

    static RenderCall read(const QString &path, QString doing);
    static RenderCall write(Kind kind, const QByteArray &verb, const QString &path, QString doing);
    RenderCall &with(const QJsonObject &body);
    RenderCall &inBucket(const QByteArray &name);
    /// Adds ?name=value, percent-encoded.
    RenderCall &ask(const QByteArray &name, const QString &value);
};

/// The road to Render: tries again where that is safe, waits where Render asks for it, and puts what fails into words.
/// On one worker thread.
class RenderLink
{
public:
    RenderLink(RenderAccess access, JobContext context, RenderTimes times);

    /// What a 2xx answer holds; undefined when its body is empty.
    [[nodiscard]] Result<QJsonValue> send(const RenderCall &call);
    /// All items of a list, page by page.
    [[nodiscard]] Result<QJsonArray> sendPaged(const RenderCall &call);
    /// For a 2xx answer that is JSON of another shape than it should be.
    [[nodiscard]] Error wrongShape(const RenderCall &call, const QString &problem) const;

    std::optional<std::chrono::seconds> clockOffset() const { return m_clockOffset; }

private:
    /// How a try ended: with a value, or with an error and whether another try may help.
    struct Try
    {
        Result<QJsonValue> result;
        bool mayTryAgain = false;
        std::optional<std::chrono::seconds> wait; ///< that Render asks for
    };
    Try tryOnce(const RenderCall &call);
    Try judge(const RenderCall &call, const HttpAnswer &answer);
    Try judge(const RenderCall &call, const HttpFault &fault);
    bool mayGoOn(const RenderCall &call, const Try &tried, int tries, std::chrono::milliseconds pause);
    void waitForRoom(std::chrono::milliseconds time) const;
    std::optional<Error> refusal() const;
    void noteDate(const HttpAnswer &answer);
    QString clockHint(const HttpFault &fault);

    RenderAccess m_access;
    JobContext m_context;
    RenderTimes m_times;
    HttpClient m_http;
    RateLimits m_limits;
    std::optional<std::chrono::seconds> m_clockOffset;
    std::chrono::milliseconds m_waited = std::chrono::milliseconds(0); ///< in this call, because Render asked for it
    std::chrono::steady_clock::time_point m_begun;                     ///< of this call
};

} // namespace Roost
