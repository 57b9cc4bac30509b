#pragma once

#include "core/jobcontext.h"
#include "core/result.h"
#include "postgres/manifest.h"

#include <QString>

#include <optional>

namespace Roost {

/// How a dump stands to the proof beside it.
struct BackupProof
{
    enum class State {
        Proven,   ///< byte for byte the file that was made, hashed and read whole
        Unproven, ///< nothing lies beside it
        Damaged,  ///< what lies beside it cannot be read
        Changed   ///< not the file that was made
    };
    State state = State::Unproven;
    std::optional<Manifest> manifest; ///< with Proven and Changed
    QString trouble;                  ///< with Damaged: what is wrong, translated
};

/// Holds the file's size and checksum against the manifest beside it; reads all of the file, and starts no tool.
/// Blocking, on a worker thread. NotFound, NotAllowed, FileFailed, InvalidInput (no archive), Cancelled.
[[nodiscard]] Result<BackupProof> readBackupProof(const QString &file, const JobContext &context);

} // namespace Roost
