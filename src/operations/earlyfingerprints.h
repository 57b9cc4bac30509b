#pragma once

#include "core/connectionparameters.h"
#include "postgres/identifier.h"
#include "postgres/manifest.h"

#include <QList>
#include <QMap>
#include <QString>

#include <condition_variable>
#include <mutex>
#include <thread>

namespace Roost {

class DatabaseConnection;

/// Fingerprints the tables that a restore has loaded, and renews their statistics, while it loads the next ones: the
/// tool leaves a processor idle. Only where each table is committed by itself and nobody else knows the database. It
/// has a thread and a connection of its own; whatever fails there is left to the check that follows. Owned by one
/// operation.
class EarlyFingerprints
{
public:
    struct Outcome
    {
        QMap<QString, TableFingerprint> tables; ///< by their keys in a manifest
        QList<TableId> analyzed;
    };

    EarlyFingerprints(ConnectionSpec target, Manifest::RowHash hash);
    ~EarlyFingerprints(); ///< gives up what is under way, and ends the connection
    Q_DISABLE_COPY_MOVE(EarlyFingerprints)

    void add(const TableId &table); ///< its rows are committed
    /// Waits for what is under way (not when `stop` is requested), and ends.
    [[nodiscard]] Outcome finish(const std::stop_token &stop);

private:
    void work(const std::stop_token &stop);
    bool read(DatabaseConnection &connection, const TableId &table, const std::stop_token &stop);
    bool takeNext(const std::stop_token &stop, TableId &table);
    bool isEnding();

    const ConnectionSpec m_target;
    const Manifest::RowHash m_hash;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    QList<TableId> m_waiting;
    bool m_isEnding = false;
    Outcome m_outcome;
    std::jthread m_thread; // last: it uses all of the above
};

} // namespace Roost
