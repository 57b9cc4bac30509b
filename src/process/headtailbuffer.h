#pragma once

#include <QByteArray>

namespace Roost {

/// Keeps the first and the last bytes of a stream of any length: a tool's first complaint is usually the cause, its
/// last lines say how it ended. Owned by one process run, used on its thread.
class HeadTailBuffer
{
public:
    explicit HeadTailBuffer(qsizetype each = qsizetype(64) * 1024)
        : m_each(each)
    {
    }

    void append(QByteArrayView bytes);
    /// What was kept, with a line that says how much was left out between head and tail.
    QByteArray contents() const;

private:
    void trimTail();

    qsizetype m_each;
    qint64 m_dropped = 0;
    QByteArray m_head;
    QByteArray m_tail;
};

} // namespace Roost
