#include "operations/archiveblockreader.h"

#include <QScopeGuard>

#include <algorithm>
#include <zlib.h>

namespace Roost {

namespace {

constexpr quint8 rowsFollow = 1;
constexpr quint8 largeObjectsFollow = 3;
constexpr qsizetype unpackedSize = qsizetype(256) << 10;
const QByteArray endOfRows = QByteArrayLiteral("\\.\n\n\n"); // that pg_dump writes behind the last row

} // namespace

ArchiveBlockReader::ArchiveBlockReader(int descriptor, const ArchiveMap &map, const ArchiveMap::Block &block,
                                       qint64 fileSize, std::atomic<qint64> &bytesRead,
                                       std::atomic<qint64> &bytesUnpacked)
    : m_map(map)
    , m_block(block)
    , m_file(descriptor, block.from, fileSize)
    , m_bytesRead(bytesRead)
    , m_bytesUnpacked(bytesUnpacked)
    , m_unpacked(unpackedSize, Qt::Uninitialized)
{
}

bool ArchiveBlockReader::run(const std::stop_token &stop)
{
    m_stop = stop;
    const quint8 kind = m_file.byte();
    if (m_file.number() != m_block.entry) {
        return false;
    }
    if (m_block.isLargeObjects) {
        if (kind != largeObjectsFollow) {
            return false;
        }
        while (m_file.number() != 0) { // the next object's
            if (!takeStream()) {
                return false;
            }
        }
    } else if (kind != rowsFollow || !takeStream() || !endsRows()) {
        return false;
    }
    return m_file.isFine() && m_file.position() == m_block.to;
}

bool ArchiveBlockReader::takeStream()
{
    return m_map.isCompressed ? inflateStream() : copyStream();
}

bool ArchiveBlockReader::forEachPiece(const std::function<bool(QByteArrayView)> &take)
{
    for (qint64 left = m_file.number(); left != 0; left = m_file.number()) {
        if (left < 0 || left > m_block.to - m_file.position()) {
            return false;
        }
        while (left > 0) {
            const QByteArrayView piece = m_file.some(left);
            if (piece.isEmpty() || m_stop.stop_requested() || !take(piece)) {
                return false;
            }
            left -= piece.size();
            m_bytesRead += piece.size();
        }
    }
    return m_file.isFine();
}

bool ArchiveBlockReader::copyStream()
{
    return forEachPiece([this](QByteArrayView piece) {
        takeText(piece);
        return true;
    });
}

bool ArchiveBlockReader::inflateStream()
{
    z_stream stream = {};
    if (inflateInit(&stream) != Z_OK) {
        return false;
    }
    const auto end = qScopeGuard([&stream] { inflateEnd(&stream); });
    bool isAtEnd = false;
    bool isEmpty = true; // newer pg_dumps write nothing at all for an empty large object
    return forEachPiece([&](QByteArrayView piece) {
               isEmpty = false;
               return inflatePiece(stream, piece, isAtEnd);
           }) &&
           (isAtEnd || isEmpty);
}

bool ArchiveBlockReader::inflatePiece(z_stream &stream, QByteArrayView piece, bool &isAtEnd)
{
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(piece.data())); // zlib only reads there
    stream.avail_in = uInt(piece.size());
    do {
        if (isAtEnd) {
            return false; // something follows the end
        }
        stream.next_out = reinterpret_cast<Bytef *>(m_unpacked.data());
        stream.avail_out = uInt(m_unpacked.size());
        const int state = inflate(&stream, Z_NO_FLUSH);
        if (state == Z_BUF_ERROR) {
            break; // it had filled what it was given, and there was no more
        }
        if (state != Z_OK && state != Z_STREAM_END) {
            return false;
        }
        takeText(QByteArrayView(m_unpacked).first(m_unpacked.size() - qsizetype(stream.avail_out)));
        isAtEnd = state == Z_STREAM_END;
    } while (stream.avail_in > 0 || (stream.avail_out == 0 && !isAtEnd));
    return true;
}

void ArchiveBlockReader::takeText(QByteArrayView text)
{
    m_bytes += text.size();
    m_bytesUnpacked += text.size();
    if (!m_block.table) {
        return;
    }
    for (qsizetype at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
        ++m_rows;
    }
    const qsizetype kept = endOfRows.size() + 1;
    m_tail += text.last(std::min(text.size(), kept));
    m_tail = m_tail.last(std::min(m_tail.size(), kept));
}

/// The rows end with their mark; without it pg_dump did not come to their end.
bool ArchiveBlockReader::endsRows()
{
    const bool isMarked = m_tail.endsWith(endOfRows) && (m_bytes == endOfRows.size() || m_tail.front() == '\n');
    m_rows -= endOfRows.count('\n');
    m_bytes -= endOfRows.size();
    return isMarked;
}

} // namespace Roost
