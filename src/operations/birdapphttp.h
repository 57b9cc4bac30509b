#pragma once

#include <QString>
#include <QTcpSocket>

namespace Roost {

/// Asks the app that we started whether it answers already, and knows it from another program on the same port by a
/// header that only our run sends. Never waits long.
class ReadinessProbe
{
public:
    ReadinessProbe(int port, QString runId);
    /// True once the app has answered anything at all. Called again and again until then.
    bool answers();

private:
    int m_port;
    QString m_runId;
    QTcpSocket m_socket;
    QByteArray m_answer;
};

} // namespace Roost
