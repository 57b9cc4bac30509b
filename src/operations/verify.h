#pragma once

#include "core/connectionparameters.h"
#include "core/jobcontext.h"
#include "core/result.h"
#include "operations/databasecompare.h"
#include "postgres/manifest.h"
#include "postgres/manifestcompare.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace Roost {

struct VerifyRequest
{
    QString file;
    /// Restored into a scratch database of this server, which is dropped again; nothing: only the file is looked at.
    /// Its database is the one to connect through.
    std::optional<ConnectionSpec> scratchServer;
};

/// What was found out about a backup. Proven: it is the file that was made, and, if it was restored, every table,
/// sequence and object of the copy is what the source had.
struct Verification
{
    bool wasRestored = false;
    Manifest manifest;                     ///< of the source
    QList<ManifestDifference> differences; ///< of the copy from the source
    QStringList leftOut;                   ///< by the restore, translated

    bool isProven() const { return Roost::isProven(differences); }
};

/// Holds a backup against the manifest beside it: size, checksum and table of contents; with a scratch server also what
/// it restores to. An error says that it could not be found out, or that the file is not what it was (InvalidInput,
/// with what to do); differences of a restored copy are in the result. Blocking, on a worker thread.
[[nodiscard]] Result<Verification> verifyBackup(const VerifyRequest &request, JobContext &context);

} // namespace Roost
