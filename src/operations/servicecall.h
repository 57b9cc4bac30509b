#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QByteArray>
#include <QString>
#include <QUrl>

#include <chrono>

namespace Roost {

struct ServiceCall
{
    QUrl service;                            ///< its public URL: https, or http on loopback
    QString path = QStringLiteral("/birds"); ///< with query
    QString name;                            ///< for what is said
    bool maySleep = true;                    ///< a free web service sleeps after 15 idle minutes
    std::chrono::milliseconds patience = std::chrono::seconds(90);
};

struct ServiceAnswer
{
    QUrl url;
    int status = 0;
    QByteArray contentType;
    QByteArray body; ///< the first 256 kB
    bool isWhole = true;
    qint64 elapsedMs = 0;
    int attempts = 1; ///< more than one when it had to wake up

    bool isFine() const { return status >= 200 && status < 400; }
};

/// GET on a service's public URL. A sleeping service is waited for, and the progress says so. Any status of the app's
/// is an answer; 502, 503 and 504 are tried again until the patience ends, as Render gives them while a service starts.
/// InvalidInput (no such URL), ConnectionFailed, TlsFailed, TimedOut, Cancelled.
[[nodiscard]] Result<ServiceAnswer> callService(const ServiceCall &call, const JobContext &context);

} // namespace Roost
