#include "operations/archivebytes.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <unistd.h>

namespace Roost {

namespace {

constexpr qsizetype bufferSize = qsizetype(256) << 10;
constexpr int numberBytes = 4;
constexpr int offsetBytes = 8;

} // namespace

ArchiveBytes::ArchiveBytes(int descriptor, qint64 position, qint64 fileSize)
    : m_descriptor(descriptor)
    , m_fileSize(fileSize)
    , m_buffer(bufferSize, Qt::Uninitialized)
    , m_bufferAt(position)
{
}

bool ArchiveBytes::fill()
{
    m_bufferAt += m_next;
    m_next = 0;
    m_filled = 0;
    while (m_isFine && m_filled == 0) {
        const ssize_t count = ::pread(m_descriptor, m_buffer.data(), size_t(m_buffer.size()), m_bufferAt);
        if (count == 0 || (count < 0 && errno != EINTR)) {
            m_isFine = false;
        }
        m_filled = std::max<ssize_t>(count, 0);
    }
    return m_isFine;
}

QByteArrayView ArchiveBytes::some(qint64 most)
{
    if (!m_isFine || most <= 0 || (m_next == m_filled && !fill())) {
        return {};
    }
    const qint64 size = std::min<qint64>(most, m_filled - m_next);
    const QByteArrayView bytes = QByteArrayView(m_buffer).sliced(m_next, qsizetype(size));
    m_next += qsizetype(size);
    return bytes;
}

quint8 ArchiveBytes::byte()
{
    const QByteArrayView one = some(1);
    return one.isEmpty() ? 0 : quint8(one.front());
}

int ArchiveBytes::number()
{
    const bool isNegative = byte() != 0;
    qint64 value = 0;
    for (int i = 0; i < numberBytes; ++i) {
        value |= qint64(byte()) << (8 * i);
    }
    if (value > std::numeric_limits<int>::max()) {
        fail();
    }
    return m_isFine ? int(isNegative ? -value : value) : 0;
}

qint64 ArchiveBytes::offset(quint8 &flag)
{
    flag = byte();
    quint64 value = 0;
    for (int i = 0; i < offsetBytes; ++i) {
        value |= quint64(byte()) << (8 * i);
    }
    return m_isFine ? qint64(value) : 0;
}

QByteArray ArchiveBytes::text()
{
    const qint64 size = number();
    if (size > m_fileSize - position()) {
        fail();
    }
    QByteArray bytes;
    while (m_isFine && bytes.size() < size) {
        bytes += some(size - bytes.size());
    }
    return bytes;
}

void ArchiveBytes::skipText()
{
    skip(number());
}

void ArchiveBytes::skip(qint64 size)
{
    while (m_isFine && size > 0) {
        size -= some(size).size();
    }
}

} // namespace Roost
