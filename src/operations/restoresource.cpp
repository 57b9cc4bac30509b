#include "operations/restoresource.h"

#include "operations/archivetools.h"
#include "operations/backup.h"
#include "operations/restoreshares.h"

#include <QCoreApplication>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(RestoreSource)
};

Result<void> readContents(RestoreSource &source, const JobContext &context)
{
    const auto listing = source.archive.list(source.reader, context);
    const auto needs = listing ? source.archive.listWithNeeds(source.reader, context) : listing;
    if (!needs) {
        return failure(needs.error());
    }
    source.toc = parseToc(*listing);
    source.needs = parseNeeds(*needs);
    return {};
}

/// A file that is bit for bit the one that was read back whole when it was made need not be read whole again.
bool takeTablesFromManifest(RestoreSource &source)
{
    const auto &manifest = source.manifest;
    if (!manifest || manifest->dumpedBytes.size() != manifest->tables.size()) {
        return false;
    }
    for (auto it = manifest->tables.cbegin(); it != manifest->tables.cend(); ++it) {
        const TableId table = Manifest::tableOf(it.key());
        source.tables += {table.schema, table.name, it->rows, manifest->dumpedBytes.value(it.key())};
    }
    return true;
}

Result<void> readRows(RestoreSource &source, PhasedProgress &progress, const JobContext &context)
{
    if (takeTablesFromManifest(source)) {
        return {};
    }
    auto tables = source.archive.readWhole(source.reader, context, [&progress](double fraction, qint64 bytes) {
        progress.report(Text::tr("Reading the backup"), fraction, amountText(bytes), bytes);
    });
    if (!tables) {
        return failure(tables.error());
    }
    source.tables = std::move(*tables);
    return {};
}

Result<void> takeManifest(RestoreSource &source, const RestoreRequest &request, const JobContext &context)
{
    if (!request.comparesContent) {
        return {};
    }
    auto manifest = manifestOf(request.file);
    if (!manifest) {
        if (manifest.error().code != ErrorCode::NotFound) {
            source.warnings += manifest.error().message;
        }
        return {};
    }
    const auto sum = source.archive.sha256(context);
    if (!sum) {
        return failure(sum.error());
    }
    if (*sum != manifest->dumpSha256) {
        return failure(ErrorCode::InvalidInput,
                       Text::tr("%1 is not the file that was made and proven: its checksum is another one. Nothing was "
                                "changed. Use another copy of the backup; or, if you know why it changed, move %2 away "
                                "and restore it without its proof.")
                           .arg(request.file, manifestFileOf(request.file)));
    }
    source.manifest = std::move(*manifest);
    return {};
}

} // namespace

Result<RestoreSource> readSource(const RestoreRequest &request, PhasedProgress &progress, const JobContext &context)
{
    progress.enter(0.01, RestoreShares::readTo);
    progress.report(Text::tr("Reading the backup"));
    auto archive = ArchiveFile::open(request.file);
    if (!archive) {
        return failure(archive.error());
    }
    auto reader = toolchainToRead(*archive, context);
    if (!reader) {
        return failure(reader.error());
    }
    RestoreSource source{std::move(*archive), std::move(*reader), {}, {}, {}, {}, {}};
    if (const auto taken = takeManifest(source, request, context); !taken) {
        return failure(taken.error());
    }
    const auto read = readContents(source, context).and_then([&] { return readRows(source, progress, context); });
    if (!read) {
        Error error = read.error();
        if (!error.isCancelled()) {
            error.message += u' ' + Text::tr("Nothing was changed.");
        }
        return failure(error);
    }
    return source;
}

} // namespace Roost
