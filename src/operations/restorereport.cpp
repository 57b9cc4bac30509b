#include "operations/restore.h"

#include <algorithm>

namespace Roost {

QList<RestoreMessage> allMessages(const RestoreReport &report)
{
    QList<RestoreMessage> all = report.messages;
    for (const QString &text : report.leftOut + report.warnings) {
        all += {RestoreMessage::Weight::LookAtThis, text, {}};
    }
    std::stable_sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.weight > b.weight; });
    return all;
}

} // namespace Roost
