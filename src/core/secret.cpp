#include "core/secret.h"

#include "core/redact.h"

#include <cstring>

namespace Roost {

class Secret::Text
{
public:
    explicit Text(const QString &text)
        : m_utf8(text.toUtf8())
    {
        rememberForRedaction(text);
    }
    ~Text()
    {
        forgetForRedaction(QString::fromUtf8(m_utf8));
        explicit_bzero(m_utf8.data(), size_t(m_utf8.size()));
    }
    Q_DISABLE_COPY_MOVE(Text)

    /// A deep copy, so that wiping ours never detaches from somebody else's.
    QByteArray copy() const { return QByteArray(m_utf8.constData(), m_utf8.size()); }

private:
    QByteArray m_utf8;
};

Secret::Secret(const QString &text)
    : m_text(text.isEmpty() ? nullptr : std::make_shared<const Text>(text))
{
}

bool Secret::isSameAs(const Secret &other) const
{
    return m_text == other.m_text || revealUtf8() == other.revealUtf8();
}

QByteArray Secret::revealUtf8() const
{
    return m_text ? m_text->copy() : QByteArray();
}

} // namespace Roost
