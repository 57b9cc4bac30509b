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

void EarlyFingerprints::endLoading()
{
    enter(Phase::Indexing);
}

EarlyFingerprints::Outcome EarlyFingerprints::finish(const std::stop_token &stop)
{
    enter(Phase::Ending);
    const std::stop_callback passOn(stop, [this] { m_thread.request_stop(); });
    m_thread.join();
    return std::move(m_outcome);
}

void EarlyFingerprints::enter(Phase phase)
{
    const std::lock_guard lock(m_mutex);
    m_phase = phase;
    m_changed.notify_all();
}

EarlyFingerprints::Phase EarlyFingerprints::phase()
{
    const std::lock_guard lock(m_mutex);
    return m_phase;
}

/// False when nothing more is to be begun.
bool EarlyFingerprints::takeNext(const std::stop_token &stop, TableId &table)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, stop, [this] { return !m_waiting.isEmpty() || m_phase != Phase::Loading; });
    if (m_waiting.isEmpty() || m_phase == Phase::Ending || stop.stop_requested()) {
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
    // Loading has the other processor; and what an index is being made of is left to the end.
    if (!connection || !(*connection)->execute(QStringLiteral("SET max_parallel_workers_per_gather = 0"), {}, stop) ||
        !(*connection)->execute(QStringLiteral("SET lock_timeout = '50ms'"), {}, stop)) {
        return;
    }
    TableId table;
    while (takeNext(stop, table)) {
        if (phase() == Phase::Loading && !read(**connection, table, stop)) {
            return;
        }
        if (phase() != Phase::Ending && (*connection)->execute(QStringLiteral("ANALYZE ") + table.quoted(), {}, stop)) {
            m_outcome.analyzed += table;
        }
    }
}

} // namespace Roost
