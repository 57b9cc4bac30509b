#pragma once

#include "operations/archivebytes.h"
#include "operations/archivemap.h"

#include <QByteArray>

#include <atomic>
#include <functional>
#include <stop_token>

struct z_stream_s;

namespace Roost {

/// Unpacks the data of one table of an archive, or its large objects, to the last byte: zlib's checksum included. Keeps
/// none of it; counts rows. On one thread; several may read the same file.
class ArchiveBlockReader
{
public:
    /// `bytesRead` gets what was read of the file as it is read; several readers may add to it.
    ArchiveBlockReader(int descriptor, const ArchiveMap &map, const ArchiveMap::Block &block, qint64 fileSize,
                       std::atomic<qint64> &bytesRead, std::atomic<qint64> &bytesUnpacked);

    /// False when it is not what its map says, is damaged, or when it was stopped.
    [[nodiscard]] bool run(const std::stop_token &stop);
    qint64 rows() const { return m_rows; }
    qint64 bytes() const { return m_bytes; } ///< of the rows as text

private:
    bool takeStream();
    bool inflateStream();
    bool inflatePiece(z_stream_s &stream, QByteArrayView piece, bool &isAtEnd);
    bool copyStream();
    /// Calls `take` with the pieces of one stream, which the archive stores in chunks.
    bool forEachPiece(const std::function<bool(QByteArrayView)> &take);
    void takeText(QByteArrayView text);
    bool endsRows();

    const ArchiveMap &m_map;
    const ArchiveMap::Block &m_block;
    ArchiveBytes m_file;
    std::stop_token m_stop;
    std::atomic<qint64> &m_bytesRead;
    std::atomic<qint64> &m_bytesUnpacked;
    QByteArray m_unpacked;
    QByteArray m_tail; ///< the last bytes of the text
    qint64 m_rows = 0;
    qint64 m_bytes = 0;
};

} // namespace Roost
