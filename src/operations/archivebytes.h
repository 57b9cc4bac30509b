#pragma once

#include <QByteArray>

namespace Roost {

/// Reads an archive of pg_dump from a place on, in the archive's own numbers and texts. It fails once and for all: what
/// it gives then is nothing. Trusts no number in the file. Not at the descriptor's own position, so that several may
/// read one file.
class ArchiveBytes
{
public:
    ArchiveBytes(int descriptor, qint64 position, qint64 fileSize);

    bool isFine() const { return m_isFine; }
    void fail() { m_isFine = false; }
    qint64 position() const { return m_bufferAt + m_next; } ///< of the next byte
    quint8 byte();
    /// A sign and four bytes, the lowest first.
    int number();
    /// A flag and eight bytes: where something lies. The flag tells whether it is known.
    qint64 offset(quint8 &flag);
    /// A length and the bytes; no bytes where the archive has no text.
    QByteArray text();
    void skipText();
    /// As many of the next bytes as are there without reading on, at least one and at most `most`; valid until the next
    /// call. Empty at the end and after a failure.
    QByteArrayView some(qint64 most);

private:
    bool fill();
    void skip(qint64 size);

    const int m_descriptor;
    const qint64 m_fileSize;
    QByteArray m_buffer;
    qsizetype m_filled = 0;
    qsizetype m_next = 0;
    qint64 m_bufferAt;
    bool m_isFine = true;
};

} // namespace Roost
