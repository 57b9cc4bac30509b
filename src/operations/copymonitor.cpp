#include "operations/copymonitor.h"

#include "postgres/databaseconnection.h"

#include <QCoreApplication>

#include <chrono>

namespace Roost {

namespace {

using namespace std::chrono_literals;

constexpr auto pollInterval = 250ms;
constexpr auto reconnectInterval = 2s;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(CopyMonitor)
};

/// pg_stat_progress_copy came with version 14; before that there is only the state of the session.
QString pollStatement(int serverVersion)
{
    const bool hasProgress = serverVersion >= 140000;
    const QString columns =
        hasProgress ? QStringLiteral("c.relid, c.bytes_processed, c.tuples_processed") : QStringLiteral("0, 0, 0");
    const QString join =
        hasProgress ? QStringLiteral("LEFT JOIN pg_catalog.pg_stat_progress_copy c ON c.pid = a.pid ") : QString();
    return QStringLiteral("SELECT a.pid, %1, "
                          "a.state = 'active' AND coalesce(a.wait_event_type, '') NOT IN ('Client', 'Lock'), "
                          "(SELECT pg_catalog.concat_ws(' ', b.pid, b.usename, nullif(b.application_name, '')) "
                          "FROM pg_catalog.pg_stat_activity b WHERE a.wait_event_type = 'Lock' "
                          "AND b.pid = ANY (pg_catalog.pg_blocking_pids(a.pid)) LIMIT 1) "
                          "FROM pg_catalog.pg_stat_activity a %2"
                          "WHERE a.application_name = $1 AND a.usename = current_user ORDER BY 2 DESC NULLS LAST")
        .arg(columns, join);
}

Result<CopyMonitor::State> poll(DatabaseConnection &connection, const QString &applicationName,
                                const std::stop_token &stop)
{
    auto rows = connection.query(pollStatement(connection.server().version), {applicationName}, stop);
    if (!rows) {
        return tl::unexpected(rows.error());
    }
    CopyMonitor::State state;
    while (rows->next()) {
        if (state.pid == 0) {
            state.pid = rows->value(0).toInt();
            state.relation = rows->value(1).toUInt();
        }
        state.bytes += rows->value(2).toLongLong();
        state.rows += rows->value(3).toLongLong();
        state.isWorking = state.isWorking || rows->value(4).toString() == u"t";
        state.waitsFor = state.waitsFor.isEmpty() ? rows->value(5).toString() : state.waitsFor;
    }
    return state;
}

void endBackendOf(DatabaseConnection &connection, const QString &applicationName, const std::stop_token &stop)
{
    // Terminated rather than cancelled: a tool that goes on after errors would only start its next statement.
    (void)connection.execute(QStringLiteral("SELECT pg_catalog.pg_terminate_backend(pid) "
                                            "FROM pg_catalog.pg_stat_activity "
                                            "WHERE application_name = $1 AND usename = current_user"),
                             {applicationName}, stop);
}

} // namespace

CopyMonitor::CopyMonitor(ConnectionSpec spec, QString applicationName)
    : m_spec(std::move(spec))
    , m_applicationName(std::move(applicationName))
    , m_thread([this](const std::stop_token &stop) { watch(stop); })
{
}

CopyMonitor::~CopyMonitor() = default;

CopyMonitor::State CopyMonitor::state() const
{
    const std::scoped_lock lock(m_mutex);
    return m_state;
}

void CopyMonitor::endBackend(int waitMs)
{
    std::unique_lock lock(m_mutex);
    m_endRequested = true;
    m_changed.notify_all();
    m_changed.wait_for(lock, std::chrono::milliseconds(waitMs), [this] { return m_endDone; });
}

void CopyMonitor::watch(const std::stop_token &stop)
{
    std::unique_ptr<DatabaseConnection> connection;
    while (!stop.stop_requested()) {
        bool endNow = false;
        {
            const std::scoped_lock lock(m_mutex);
            endNow = m_endRequested && !m_endDone;
        }
        if (!connection || !connection->isOpen()) {
            auto opened = DatabaseConnection::open(m_spec, stop, m_applicationName + QStringLiteral("-watch"));
            connection = opened ? std::move(*opened) : nullptr;
        }
        if (connection && endNow) {
            endBackendOf(*connection, m_applicationName, stop);
        } else if (connection) {
            if (const auto seen = poll(*connection, m_applicationName, stop)) {
                const std::scoped_lock lock(m_mutex);
                const quint64 polls = m_state.polls + 1;
                m_state = *seen;
                m_state.polls = polls;
            }
        }
        std::unique_lock lock(m_mutex);
        if (endNow) {
            m_endDone = true;
            m_changed.notify_all();
        }
        const auto pause = connection ? std::chrono::milliseconds(pollInterval) : reconnectInterval;
        m_changed.wait_for(lock, stop, pause, [this] { return m_endRequested && !m_endDone; });
    }
}

} // namespace Roost
