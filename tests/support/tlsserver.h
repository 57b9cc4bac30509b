#pragma once

#include <QString>

namespace Roost::Testing {

class TemporaryCluster;

/// Makes a running server show NAME.crt of the folder (see Certificates) from its next connection on; an empty name
/// switches TLS off. False with a warning when it cannot.
[[nodiscard]] bool serveCertificate(const TemporaryCluster &cluster, const QString &folder, const QString &name);

} // namespace Roost::Testing
