#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <QString>

namespace Roost {

/// A password in libpq's password file format, for one child process. On Linux it is a memfd: on no disk, in no
/// argument and in no environment; elsewhere a 0600 file that ends with this object. Owned by one process run.
class PasswordFile
{
public:
    PasswordFile() = default;
    ~PasswordFile();
    PasswordFile(PasswordFile &&other) noexcept;
    PasswordFile &operator=(PasswordFile &&other) noexcept;
    PasswordFile(const PasswordFile &) = delete;
    PasswordFile &operator=(const PasswordFile &) = delete;

    /// False for the few passwords that the format has no way to write (they hold a line end).
    [[nodiscard]] static bool canHold(const Secret &password);
    /// `privateFolder` (0700) takes the file where there is no memfd. FileFailed.
    [[nodiscard]] static Result<PasswordFile> create(const Secret &password, const QString &privateFolder);

    /// For PGPASSFILE. With a descriptor it means something in the child only.
    QString path() const { return m_path; }
    /// Close-on-exec here; the one child that may read it clears that flag after fork. -1 when it is a file.
    int descriptor() const { return m_descriptor; }

private:
    QString m_path;
    int m_descriptor = -1;
};

} // namespace Roost
