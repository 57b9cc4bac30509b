#include "core/connectionparameters.h"

#include <QRegularExpression>

namespace Roost {

bool ConnectionParameters::isLoopback() const
{
    // Digits only: "127.0.0.example.org" is somebody else's host.
    static const QRegularExpression v4(QStringLiteral(R"(\A127(\.\d{1,3}){3}\z)"));
    return host == u"localhost" || host == u"::1" || v4.match(host).hasMatch();
}

ConnectionSpec ConnectionSpec::withDatabase(const QString &database) const
{
    ConnectionSpec other = *this;
    other.parameters.database = database;
    return other;
}

} // namespace Roost
