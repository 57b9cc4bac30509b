#pragma once

#include <QByteArray>
#include <QIODevice>

namespace Roost {

/// The body of a request that must not be sent twice: it cannot be rewound, so Qt gives up where it would send the
/// request again.
class OnceDevice : public QIODevice
{
public:
    explicit OnceDevice(QByteArray content);

    bool isSequential() const override { return true; }
    bool atEnd() const override { return m_at >= m_content.size(); }
    bool reset() override { return false; }
    qint64 size() const override { return m_content.size(); }
    qint64 bytesAvailable() const override { return m_content.size() - m_at; }

protected:
    qint64 readData(char *data, qint64 most) override;
    qint64 writeData(const char *data, qint64 size) override;

private:
    const QByteArray m_content;
    qint64 m_at = 0;
};

} // namespace Roost
