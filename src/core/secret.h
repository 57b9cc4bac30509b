#pragma once

#include <QString>

class QDebug;

namespace Roost {

/// A password or key. It cannot be printed, compared by accident or streamed; its own buffer is wiped when it ends.
/// Whoever needs the text calls reveal(), which is easy to search for. Every secret is made known to redact().
class Secret
{
public:
    Secret() = default;
    explicit Secret(const QString &text);
    Secret(const Secret &other);
    Secret(Secret &&other) noexcept;
    Secret &operator=(const Secret &other);
    Secret &operator=(Secret &&other) noexcept;
    ~Secret();

    bool isEmpty() const { return m_utf8.isEmpty(); }
    bool isSameAs(const Secret &other) const { return m_utf8 == other.m_utf8; }
    /// The text itself. Never pass it to a log, an argument list, a file or an error.
    QString reveal() const { return QString::fromUtf8(m_utf8); }
    QByteArray revealUtf8() const { return QByteArray(m_utf8.constData(), m_utf8.size()); }

private:
    void wipe();
    QByteArray m_utf8;
};

QDebug operator<<(QDebug, const Secret &) = delete;

} // namespace Roost
