#pragma once

#include <QByteArray>
#include <QString>

namespace Roost {

// What gives a finished file its final name. Paths as the system takes them (QFile::encodeName).

/// Renames without ever replacing: 0, or errno (EEXIST).
[[nodiscard]] int renameExclusively(const QByteArray &from, const QByteArray &to);
/// Renames in place of what is there: 0, or errno.
[[nodiscard]] int renameOver(const QByteArray &from, const QByteArray &to);
/// Makes the names in a folder last: false with errno set when the system does not confirm it.
[[nodiscard]] bool flushFolder(const QString &folder);

} // namespace Roost
