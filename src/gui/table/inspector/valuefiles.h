#pragma once

#include "core/jobcontext.h"
#include "core/result.h"

#include <QString>

namespace Roost {

// A cell's value out to a file and in from one; blocking, for a job.

/// The largest file that is taken as a value; the server's limit is 1 GB, half of it for bytes in hexadecimal.
constexpr qint64 largestValueFile = qint64(200) * 1024 * 1024;

/// The bytes of `\x…`, or the text as UTF-8. The file is whole under its name, or as it was before.
[[nodiscard]] Result<qint64> saveValue(const QString &value, bool isBytes, const QString &file, JobContext &context);
/// A file's bytes as `\x…`, or its text, which must be UTF-8 without NUL (a byte order mark is left out).
[[nodiscard]] Result<QString> loadValue(const QString &file, bool isBytes, JobContext &context);
/// The bytes of `\x…`; empty where it is none.
[[nodiscard]] QByteArray bytesOf(const QString &hex);

} // namespace Roost
