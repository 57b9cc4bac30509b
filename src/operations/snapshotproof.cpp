#include "operations/snapshotproof.h"

#include "postgres/databaseconnection.h"
#include "postgres/manifestreader.h"

namespace Roost {

SnapshotProof::SnapshotProof(const ConnectionSpec &spec, const JobContext &context)
    : m_onCancel(context.stopToken(), [this] { m_stop.request_stop(); })
    , m_taken(m_manifest.get_future())
    , m_thread([this, spec] { work(spec); })
{
}

SnapshotProof::~SnapshotProof()
{
    m_stop.request_stop();
    try {
        m_dumped.set_value();
    } catch (const std::future_error &) {
        // take() has said so already
    }
    m_thread.join();
}

void SnapshotProof::work(const ConnectionSpec &spec)
{
    const std::stop_token stop = m_stop.get_token();
    auto connection = DatabaseConnection::open(spec, stop);
    Result<QString> snapshot = connection ? beginSnapshot(**connection, stop) : failure(connection.error());
    const bool isHeld = snapshot.has_value();
    m_snapshot.set_value(std::move(snapshot));
    if (!isHeld) {
        m_manifest.set_value(failure(ErrorCode::Internal, {}));
        return;
    }
    ManifestOptions options;
    options.onProgress = [this](qint64 done, qint64 all) { m_fraction = all > 0 ? double(done) / double(all) : 1; };
    m_manifest.set_value(readManifest(**connection, options, stop));
    // A small database is read before pg_dump has come to take the snapshot over.
    m_dumped.get_future().wait();
}

Result<QString> SnapshotProof::snapshot()
{
    return m_snapshot.get_future().get();
}

Result<Manifest> SnapshotProof::take(const std::function<void(double fraction)> &onWait)
{
    m_dumped.set_value();
    while (m_taken.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) {
        onWait(m_fraction);
    }
    return m_taken.get();
}

} // namespace Roost
