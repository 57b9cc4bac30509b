#pragma once

#include <QDebug>
#include <QString>

#include <memory>

namespace Roost {

/// A password or key. It cannot be printed, compared by accident or streamed; its own buffer is wiped when its last
/// copy ends. Whoever needs the text calls reveal(), which is easy to search for. As long as a copy lives, redact()
/// knows it.
class Secret
{
public:
    Secret() = default;
    explicit Secret(const QString &text);

    bool isEmpty() const { return !m_text; }
    bool isSameAs(const Secret &other) const;
    /// The text itself. Never pass it to a log, an argument list, a file or an error.
    QString reveal() const { return QString::fromUtf8(revealUtf8()); }
    QByteArray revealUtf8() const;

private:
    class Text;
    std::shared_ptr<const Text> m_text;
};

QDebug operator<<(QDebug, const Secret &) = delete;

} // namespace Roost
