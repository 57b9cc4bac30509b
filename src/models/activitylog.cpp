#include "models/activitylog.h"

namespace Roost {

void ActivityLog::add(const QString &title, const QString &command, const QString &sql)
{
    constexpr qsizetype longest = 500;
    if (m_entries.size() >= longest) {
        m_entries.removeFirst();
    }
    m_entries += Entry{QDateTime::currentDateTime(), title, command, sql};
    emit added(m_entries.last());
}

} // namespace Roost
