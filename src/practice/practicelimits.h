#pragma once

#include "practice/practicecall.h"

#include <QDateTime>
#include <QHash>
#include <QJsonObject>

namespace Roost {

/// How many calls of a kind Render takes in a stretch of time.
class PracticeLimits
{
public:
    struct Verdict
    {
        int limit = 0;
        int remaining = 0;
        int resetSeconds = 0; ///< until the bucket is full again
        bool isExceeded = false;
    };
    /// Counts the call. `limits`: what replaces the usual ones, by bucket: "get", "write", "create", "service".
    Verdict count(const PracticeCall &call, const QDateTime &now, const QJsonObject &limits);

private:
    struct Bucket
    {
        QDateTime since;
        int used = 0;
    };
    QHash<QString, Bucket> m_buckets;
};

} // namespace Roost
