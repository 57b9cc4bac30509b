#include "operations/archivedefinition.h"

#include "operations/archivescript.h"
#include "operations/archivetools.h"

namespace Roost {

namespace {

/// What pg_restore writes before the first entry and after the last are settings for a whole restore.
QByteArray withoutFrame(const QByteArray &script)
{
    const qsizetype first = script.indexOf("--\n-- Name: ");
    const qsizetype end = script.lastIndexOf("--\n-- PostgreSQL database dump complete");
    if (first < 0) {
        return {};
    }
    return script.mid(first, end > first ? end - first : -1).trimmed() + '\n';
}

} // namespace

Result<QString> readArchivedDefinition(const QString &file, const QList<int> &entries, const JobContext &context)
{
    const auto archive = ArchiveFile::open(file);
    if (!archive) {
        return failure(archive.error());
    }
    const auto toolchain = toolchainToRead(*archive, context);
    if (!toolchain) {
        return failure(toolchain.error());
    }
    QByteArray script;
    const auto end = writeScript(
        *archive, *toolchain, entries, {}, [&script](QByteArrayView piece) { script += piece; }, context);
    if (!end) {
        return failure(end.error());
    }
    if (!end->succeeded()) {
        return failure(end->explain({}));
    }
    return QString::fromUtf8(withoutFrame(script));
}

} // namespace Roost
