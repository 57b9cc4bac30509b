#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/manifest.h"

#include <QString>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

namespace Roost {

/// Holds a database still for pg_dump, and reads its manifest in the very same snapshot meanwhile. It has a thread and
/// a session of its own; both end with it. Owned by one operation.
class SnapshotProof
{
public:
    SnapshotProof(const ConnectionSpec &spec, const JobContext &context);
    ~SnapshotProof();
    SnapshotProof(const SnapshotProof &) = delete;
    SnapshotProof &operator=(const SnapshotProof &) = delete;

    /// What `pg_dump --snapshot` takes. Waits for the connection.
    [[nodiscard]] Result<QString> snapshot();
    /// After the dump: waits for what is not read yet; `onWait` gets how far it is (0 … 1), a few times a second.
    [[nodiscard]] Result<Manifest> take(const std::function<void(double fraction)> &onWait);

private:
    void work(const ConnectionSpec &spec);

    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_onCancel;
    std::promise<Result<QString>> m_snapshot;
    std::promise<Result<Manifest>> m_manifest;
    std::promise<void> m_dumped; ///< the snapshot is needed no longer
    std::future<Result<Manifest>> m_taken;
    std::atomic<double> m_fraction = 0;
    std::thread m_thread; // last: it uses all of the above
};

} // namespace Roost
