#include "operations/backupproof.h"

#include "operations/archivefile.h"
#include "operations/backup.h"

namespace Roost {

Result<BackupProof> readBackupProof(const QString &file, const JobContext &context)
{
    const auto archive = ArchiveFile::open(file);
    if (!archive) {
        return failure(archive.error());
    }
    BackupProof proof;
    auto manifest = manifestOf(file);
    if (!manifest) {
        proof.state =
            manifest.error().code == ErrorCode::NotFound ? BackupProof::State::Unproven : BackupProof::State::Damaged;
        proof.trouble = manifest.error().message;
        return proof;
    }
    proof.manifest = std::move(*manifest);
    proof.state = BackupProof::State::Changed;
    if (archive->size() != proof.manifest->dumpBytes) {
        return proof;
    }
    const auto sum = archive->sha256(context);
    if (!sum) {
        return failure(sum.error());
    }
    if (*sum == proof.manifest->dumpSha256) {
        proof.state = BackupProof::State::Proven;
    }
    return proof;
}

} // namespace Roost
