#include "operations/archivereading.h"

#include "operations/archiveblockreader.h"
#include "operations/archivemap.h"

#include <algorithm>
#include <chrono>
#include <future>
#include <numeric>
#include <thread>
#include <vector>

namespace Roost {

namespace {

constexpr unsigned mostThreads = 4;
constexpr auto reportInterval = std::chrono::milliseconds(100);

/// Blocks of one archive, taken by several threads, the longest first.
class BlocksReading
{
public:
    BlocksReading(int descriptor, qint64 fileSize, const ArchiveMap &map, const std::stop_token &stop)
        : m_descriptor(descriptor)
        , m_fileSize(fileSize)
        , m_map(map)
        , m_onStop(stop, [this] { m_stop.request_stop(); })
        , m_order(size_t(map.blocks.size()))
        , m_found(size_t(map.blocks.size()))
    {
        std::iota(m_order.begin(), m_order.end(), qsizetype(0));
        std::sort(m_order.begin(), m_order.end(), [&map](qsizetype a, qsizetype b) {
            const ArchiveMap::Block &first = map.blocks.at(a);
            const ArchiveMap::Block &second = map.blocks.at(b);
            return first.to - first.from > second.to - second.from;
        });
    }

    /// One thread's work; false when a block is not as it should be.
    bool work()
    {
        for (size_t next = m_next++; next < m_order.size(); next = m_next++) {
            const qsizetype index = m_order[next];
            const ArchiveMap::Block &block = m_map.blocks.at(index);
            ArchiveBlockReader reader(m_descriptor, m_map, block, m_fileSize, m_bytesRead, m_bytesUnpacked);
            if (!reader.run(m_stop.get_token())) {
                m_stop.request_stop(); // the others need not go on
                return false;
            }
            if (block.table) {
                m_found[size_t(index)] = {block.table->schema, block.table->name, reader.rows(), reader.bytes()};
            }
        }
        return true;
    }

    double fraction() const { return double(m_bytesRead) / double(std::max<qint64>(m_fileSize, 1)); }
    qint64 bytesUnpacked() const { return m_bytesUnpacked; }
    QList<ArchivedTable> tables() const
    {
        QList<ArchivedTable> tables;
        for (qsizetype i = 0; i < m_map.blocks.size(); ++i) {
            if (m_map.blocks.at(i).table) {
                tables += m_found[size_t(i)];
            }
        }
        return tables;
    }

private:
    const int m_descriptor;
    const qint64 m_fileSize;
    const ArchiveMap &m_map;
    std::stop_source m_stop;
    std::stop_callback<std::function<void()>> m_onStop;
    std::vector<qsizetype> m_order;
    std::vector<ArchivedTable> m_found; ///< by block; each is written by one thread
    std::atomic<size_t> m_next = 0;
    std::atomic<qint64> m_bytesRead = 0;
    std::atomic<qint64> m_bytesUnpacked = 0;
};

} // namespace

std::optional<QList<ArchivedTable>> readArchiveBlocks(int descriptor, qint64 fileSize, const JobContext &context,
                                                      const ArchiveFile::ReadProgress &onProgress)
{
    const auto map = ArchiveMap::read(descriptor, fileSize);
    if (!map) {
        return {};
    }
    BlocksReading reading(descriptor, fileSize, *map, context.stopToken());
    const auto threads = std::clamp<qsizetype>(std::thread::hardware_concurrency(), 1, mostThreads);
    std::vector<std::future<bool>> results;
    for (qsizetype i = 0; i < std::min<qsizetype>(threads, map->blocks.size()); ++i) {
        results.push_back(std::async(std::launch::async, [&reading] { return reading.work(); }));
    }
    bool isFine = true;
    for (std::future<bool> &result : results) {
        while (result.wait_for(reportInterval) != std::future_status::ready) {
            if (onProgress) {
                onProgress(reading.fraction(), reading.bytesUnpacked());
            }
        }
        isFine = result.get() && isFine;
    }
    return isFine ? std::optional(reading.tables()) : std::nullopt;
}

} // namespace Roost
