#include "practice/practicelimits.h"

#include <algorithm>

namespace Roost {

namespace {

struct Rule
{
    QString name; ///< in the settings
    QString bucket;
    int limit = 0;
    int seconds = 0;
};

Rule ruleFor(const PracticeCall &call)
{
    constexpr int minute = 60;
    constexpr int hour = 3600;
    const QString service = QStringLiteral("service");
    if (call.method == "GET") {
        return {QStringLiteral("get"), QStringLiteral("get"), 400, minute};
    }
    if (call.matches("POST", {QStringLiteral("postgres")}) || call.matches("POST", {QStringLiteral("services")})) {
        return {QStringLiteral("create"), QStringLiteral("create ") + call.part(0), 20, hour};
    }
    const QStringList verbs{QStringLiteral("deploys"), QStringLiteral("scale"), QStringLiteral("suspend"),
                            QStringLiteral("resume")};
    const bool isVerb = call.path.size() == 3 && call.method == "POST" && verbs.contains(call.part(2));
    const bool isPatch = call.path.size() == 2 && call.method == "PATCH";
    if (call.part(0) == u"services" && (isVerb || isPatch)) {
        return {service, service + u' ' + call.part(1), 10, minute};
    }
    return {QStringLiteral("write"), QStringLiteral("write"), 100, minute};
}

} // namespace

PracticeLimits::Verdict PracticeLimits::count(const PracticeCall &call, const QDateTime &now, const QJsonObject &limits)
{
    const Rule rule = ruleFor(call);
    Bucket &bucket = m_buckets[rule.bucket];
    const qint64 age = bucket.since.isValid() ? bucket.since.secsTo(now) : rule.seconds;
    if (age < 0 || age >= rule.seconds) {
        bucket = {now, 0};
    }
    Verdict verdict;
    verdict.limit = limits[rule.name].toInt(rule.limit);
    verdict.isExceeded = bucket.used >= verdict.limit;
    bucket.used += verdict.isExceeded ? 0 : 1;
    verdict.remaining = std::max(0, verdict.limit - bucket.used);
    verdict.resetSeconds = int(std::max<qint64>(0, rule.seconds - 1 - bucket.since.secsTo(now)));
    return verdict;
}

} // namespace Roost
