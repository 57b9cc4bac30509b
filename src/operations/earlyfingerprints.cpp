#include "operations/earlyfingerprints.h"

#include "postgres/databaseconnection.h"
#include "postgres/manifestreader.h"

namespace Roost {

EarlyFingerprints::EarlyFingerprints(ConnectionSpec target, Manifest::RowHash hash)
    : m_target(std::move(target))
    , m_hash(hash)
    , m_thread([this](const std::stop_token &stop) { work(stop); })
{
}

EarlyFingerprints::~EarlyFingerprints() = default; // the thread is asked to stop, and waited for

void EarlyFingerprints::add(const TableId &table)
{
    const std::lock_guard lock(m_mutex);
    m_waiting += table;
    m_changed.notify_all();
}

EarlyFingerprints::Outcome EarlyFingerprints::finish(const std::stop_token &stop)
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
        m_changed.notify_all();
    }
    const std::stop_callback passOn(stop, [this] { m_thread.request_stop(); });
    m_thread.join();
    return std::move(m_outcome);
}

bool EarlyFingerprints::isEnding()
{
    const std::lock_guard lock(m_mutex);
    return m_isEnding;
}

/// False when nothing more is to be begun.
bool EarlyFingerprints::takeNext(const std::stop_token &stop, TableId &table)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, stop, [this] { return !m_waiting.isEmpty() || m_isEnding; });
    if (m_isEnding || stop.stop_requested()) {
        return false;
    }
    table = m_waiting.takeFirst();
    return true;
}

/// A transaction a table: locks on several could get into the way of pg_restore's own.
bool EarlyFingerprints::read(DatabaseConnection &connection, const TableId &table, const std::stop_token &stop)
{
    const auto read = readFingerprints(connection, m_hash, {table}, stop);
    if (!read) {
        return false;
    }
    m_outcome.tables.insert(*read);
    return true;
}

void EarlyFingerprints::work(const std::stop_token &stop)
{
    const auto connection = DatabaseConnection::open(m_target, stop);
    // Loading has the other processor; and what is locked by the making of an index is left to the end.
    if (!connection || !(*connection)->execute(QStringLiteral("SET max_parallel_workers_per_gather = 0"), {}, stop) ||
        !(*connection)->execute(QStringLiteral("SET lock_timeout = '50ms'"), {}, stop)) {
        return;
    }
    TableId table;
    while (takeNext(stop, table)) {
        // First, while no index of it is being made yet: that would exclude it.
        if ((*connection)->execute(QStringLiteral("ANALYZE ") + table.quoted(), {}, stop)) {
            m_outcome.analyzed += table;
        }
        if (isEnding() || !read(**connection, table, stop)) {
            return;
        }
    }
}

} // namespace Roost
