#include "render/oncedevice.h"

#include <algorithm>

namespace Roost {

OnceDevice::OnceDevice(QByteArray content)
    : m_content(std::move(content))
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 OnceDevice::readData(char *data, qint64 most)
{
    if (atEnd()) {
        return -1;
    }
    const qint64 size = std::min(most, m_content.size() - m_at);
    std::copy_n(m_content.constData() + m_at, size, data);
    m_at += size;
    return size;
}

qint64 OnceDevice::writeData(const char * /*data*/, qint64 /*size*/)
{
    return -1;
}

} // namespace Roost
