#include "core/secret.h"

#include "core/redact.h"

#include <cstring>

namespace Roost {

Secret::Secret(const QString &text)
    : m_utf8(text.toUtf8())
{
    rememberForRedaction(text);
}

Secret::Secret(const Secret &other)
    : m_utf8(other.m_utf8.constData(), other.m_utf8.size())
{
}

Secret::Secret(Secret &&other) noexcept
    : m_utf8(std::move(other.m_utf8))
{
    other.m_utf8.clear();
}

Secret &Secret::operator=(const Secret &other)
{
    if (this != &other) {
        wipe();
        m_utf8 = QByteArray(other.m_utf8.constData(), other.m_utf8.size());
    }
    return *this;
}

Secret &Secret::operator=(Secret &&other) noexcept
{
    if (this != &other) {
        wipe();
        m_utf8 = std::move(other.m_utf8);
        other.m_utf8.clear();
    }
    return *this;
}

Secret::~Secret()
{
    wipe();
}

void Secret::wipe()
{
    if (!m_utf8.isEmpty()) {
        explicit_bzero(m_utf8.data(), size_t(m_utf8.size()));
    }
    m_utf8.clear();
}

} // namespace Roost
