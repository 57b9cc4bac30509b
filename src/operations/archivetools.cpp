#include "operations/archivetools.h"

#include "storage/paths.h"

#include <QCoreApplication>
#include <QFileInfo>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ArchiveTools)
};

/// Until each backup's checksum is on record, what lies in Roost's own folder (which only the user can write in) counts
/// as its own work.
bool isOwnBackup(const QString &file)
{
    const QString own = QFileInfo(Paths::backups()).canonicalFilePath();
    return !own.isEmpty() && QFileInfo(file).canonicalFilePath().startsWith(own + u'/');
}

/// The installations whose pg_restore may touch this file; an error when holes rule all of them out.
Result<QList<PgToolchain>> fitToolchains(const ArchiveFile &archive, const JobContext &context)
{
    const QList<PgToolchain> all = findToolchains(context);
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (all.isEmpty() || isOwnBackup(archive.path())) {
        return all;
    }
    QList<PgToolchain> fit;
    std::copy_if(all.begin(), all.end(), std::back_inserter(fit),
                 [](const PgToolchain &toolchain) { return isSafeForForeignArchives(toolchain.version); });
    if (fit.isEmpty()) {
        const PgToolchain &newest = all.first();
        return failure(ErrorCode::ToolTooOld,
                       Text::tr("The PostgreSQL tools on this computer (version %1) have a known hole: a file made for "
                                "it can run programs here while it is restored. Nothing was started. Update them with "
                                "“sudo apt update” and “sudo apt install postgresql-client-%2”; the versions 18.7, "
                                "17.12, 16.16, 15.20 and 14.25 close it. Backups in Roost's own folder can be "
                                "restored all the same.")
                           .arg(newest.version.toString(), QString::number(newest.version.majorVersion())),
                       newest.folder);
    }
    return fit;
}

} // namespace

Result<PgToolchain> toolchainToRead(const ArchiveFile &archive, const JobContext &context)
{
    const auto fit = fitToolchains(archive, context);
    if (!fit) {
        return tl::unexpected(fit.error());
    }
    if (fit->isEmpty()) {
        return toolchainFor(150000, context); // says what is missing
    }
    return fit->first();
}

Result<PgToolchain> toolchainToRestore(const ArchiveFile &archive, int archiveToolMajor, int serverVersion,
                                       const JobContext &context)
{
    const auto fit = fitToolchains(archive, context);
    if (!fit) {
        return tl::unexpected(fit.error());
    }
    // Best is the server's own version, or the closest above. An older pg_restore works with a newer server all the
    // same, if it can read the archive: what it does is held against the archive and its manifest anyway.
    const int serverMajor = serverVersion / 10000;
    const PgToolchain *best = nullptr;
    for (const PgToolchain &toolchain : *fit) { // the newest first
        const int own = toolchain.version.majorVersion();
        const bool isCloser = best && own >= serverMajor && own < best->version.majorVersion();
        if (own >= archiveToolMajor && (!best || isCloser)) {
            best = &toolchain;
        }
    }
    if (!best) {
        return toolchainFor(archiveToolMajor * 10000, context)
            .and_then([&](const PgToolchain &unfit) -> Result<PgToolchain> {
                return failure(
                    ErrorCode::ToolTooOld,
                    Text::tr("Version %1 of the PostgreSQL tools on this computer has a known hole and is not "
                             "used on this file. Nothing was started. Update the package postgresql-client-%2.")
                        .arg(unfit.version.toString(), QString::number(unfit.version.majorVersion())),
                    unfit.folder);
            });
    }
    return *best;
}

} // namespace Roost
