#include "practice/practicefaults.h"

#include <QHash>

namespace Roost {

std::optional<PracticeFault> PracticeFault::from(const QJsonObject &object)
{
    static const QHash<QString, Kind> kinds{{QStringLiteral("drop_before"), Kind::DropBefore},
                                            {QStringLiteral("drop_after"), Kind::DropAfter},
                                            {QStringLiteral("error"), Kind::Error},
                                            {QStringLiteral("error_after"), Kind::ErrorAfter},
                                            {QStringLiteral("stall"), Kind::Stall},
                                            {QStringLiteral("stall_after"), Kind::StallAfter},
                                            {QStringLiteral("bad_json"), Kind::BadJson},
                                            {QStringLiteral("cut_body"), Kind::CutBody}};
    PracticeFault fault;
    fault.kind = kinds.value(object[u"kind"].toString(), Kind::None);
    if (fault.kind == Kind::None) {
        return std::nullopt;
    }
    fault.method = object[u"method"].toString().toLatin1();
    fault.path = object[u"path"].toString().split(u'/', Qt::SkipEmptyParts);
    fault.count = object[u"count"].toInt(1);
    fault.skip = object[u"skip"].toInt();
    fault.status = object[u"status"].toInt(500);
    fault.retryAfter = object[u"retryAfter"].toInt(-1);
    return fault;
}

bool PracticeFault::concerns(const PracticeCall &call) const
{
    if (!method.isEmpty() && method != call.method) {
        return false;
    }
    for (qsizetype i = 0; i < path.size(); ++i) {
        if (path.at(i) == u"**") {
            return true;
        }
        if (i >= call.path.size() || (path.at(i) != u"*" && path.at(i) != call.path.at(i))) {
            return false;
        }
    }
    return path.isEmpty() || path.size() == call.path.size();
}

PracticeFault PracticeFaults::take(const PracticeCall &call)
{
    for (qsizetype i = 0; i < m_faults.size(); ++i) {
        PracticeFault &fault = m_faults[i];
        if (!fault.concerns(call)) {
            continue;
        }
        if (fault.skip > 0) {
            --fault.skip;
            continue;
        }
        PracticeFault taken = fault;
        if (fault.count > 0 && --fault.count == 0) {
            m_faults.removeAt(i);
        }
        return taken;
    }
    return {};
}

} // namespace Roost
