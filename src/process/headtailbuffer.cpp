#include "process/headtailbuffer.h"

#include <algorithm>

namespace Roost {

void HeadTailBuffer::append(QByteArrayView bytes)
{
    const qsizetype toHead = std::min(m_each - m_head.size(), bytes.size());
    if (toHead > 0) {
        m_head.append(bytes.first(toHead));
        bytes = bytes.sliced(toHead);
    }
    m_tail.append(bytes);
    // Cutting in steps of a whole buffer keeps the cost of a long stream linear.
    if (m_tail.size() > 2 * m_each) {
        trimTail();
    }
}

void HeadTailBuffer::trimTail()
{
    const qsizetype surplus = m_tail.size() - m_each;
    if (surplus > 0) {
        m_dropped += surplus;
        m_tail.remove(0, surplus);
    }
}

QByteArray HeadTailBuffer::contents() const
{
    HeadTailBuffer copy = *this;
    copy.trimTail();
    if (copy.m_dropped == 0) {
        return copy.m_head + copy.m_tail;
    }
    return copy.m_head + "\n[" + QByteArray::number(copy.m_dropped) + " bytes left out]\n" + copy.m_tail;
}

} // namespace Roost
