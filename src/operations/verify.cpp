#include "operations/verify.h"

#include "operations/archivefile.h"
#include "operations/archivetools.h"
#include "operations/backup.h"
#include "operations/phasedprogress.h"
#include "operations/renderpatience.h"
#include "operations/restore.h"
#include "postgres/databaseadmin.h"
#include "postgres/databaseconnection.h"
#include "postgres/manifestreader.h"

#include <QCoreApplication>
#include <QUuid>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Verify)
};

Result<Manifest> readLive(const ConnectionSpec &spec, std::optional<Manifest::RowHash> hash, PhasedProgress &progress,
                          const JobContext &context)
{
    const QString step = Text::tr("Computing the fingerprints of %1").arg(spec.parameters.database);
    progress.report(step);
    const auto connection = DatabaseConnection::open(spec, context.stopToken());
    if (!connection) {
        return failure(connection.error());
    }
    ManifestOptions options;
    options.hash = hash;
    options.onProgress = [&](qint64 done, qint64 all) {
        progress.report(step, all > 0 ? double(done) / double(all) : 1);
    };
    return readManifest(**connection, options, context.stopToken());
}

const QString prefix = QStringLiteral("roost_proof_");
constexpr qsizetype nameLength = 8;
constexpr int tries = 20;
constexpr QByteArrayView inUse = "55006";

/// One that nobody else has.
QString ownName()
{
    return prefix + QUuid::createUuid().toString(QUuid::Id128).left(nameLength);
}

/// One verification. On the operation's thread.
class VerifyRun
{
public:
    VerifyRun(const VerifyRequest &request, JobContext &context)
        : m_request(request)
        , m_context(context)
        , m_progress(context)
    {
    }

    Result<Verification> run();

private:
    Result<void> checkFile();
    bool clearScratch(const QString &name) const;
    Result<void> checkContent();
    Result<void> restoreInto(const ConnectionSpec &scratch);

    const VerifyRequest &m_request;
    JobContext &m_context;
    PhasedProgress m_progress;
    Verification m_verification;
};

Result<Verification> VerifyRun::run()
{
    auto manifest = manifestOf(m_request.file);
    if (!manifest) {
        return failure(manifest.error());
    }
    m_verification.manifest = std::move(*manifest);
    if (const auto checked = checkFile(); !checked) {
        return failure(checked.error());
    }
    if (m_request.scratchServer) {
        if (const auto checked = checkContent(); !checked) {
            return failure(checked.error());
        }
    }
    m_progress.enter(1, 1);
    m_progress.report(Text::tr("Done"), 1);
    return std::move(m_verification);
}

Result<void> VerifyRun::checkFile()
{
    m_progress.enter(0, m_request.scratchServer ? 0.1 : 0.9);
    const QString step = Text::tr("Computing the checksum");
    m_progress.report(step);
    const auto archive = ArchiveFile::open(m_request.file);
    if (!archive) {
        return failure(archive.error());
    }
    const Manifest &manifest = m_verification.manifest;
    const auto sum = archive->sha256(m_context, [this, &step](double fraction) { m_progress.report(step, fraction); });
    if (!sum) {
        return failure(sum.error());
    }
    if (*sum != manifest.dumpSha256) {
        const QString size =
            archive->size() == manifest.dumpBytes
                ? Text::tr("its bytes are others")
                : Text::tr("it has %1 bytes instead of %2").arg(archive->size()).arg(manifest.dumpBytes);
        return failure(
            ErrorCode::InvalidInput,
            Text::tr("%1 is not the file that was made and proven: %2. The disk may be failing, or a "
                     "program changed it. Do not rely on it: take another backup, or use another copy.")
                .arg(m_request.file, size),
            QStringLiteral("SHA-256 %1, %2").arg(QString::fromLatin1(*sum), QString::fromLatin1(manifest.dumpSha256)));
    }
    const auto toolchain = toolchainToRead(*archive, m_context);
    if (!toolchain) {
        return failure(toolchain.error());
    }
    const auto listing = archive->list(*toolchain, m_context);
    return listing ? Result<void>() : failure(listing.error());
}

/// A check of the same backup that was interrupted left its scratch: it has the same name, and goes first. False when
/// somebody is in it.
bool VerifyRun::clearScratch(const QString &name) const
{
    using namespace std::chrono_literals;
    const auto connection = DatabaseConnection::open(*m_request.scratchServer, m_context.stopToken());
    if (!connection) {
        return true; // the restore says it better
    }
    // The server notices that a killed client is gone when it answers it.
    for (int again = 0; again < tries; ++again) {
        const auto dropped = DatabaseAdmin::drop(**connection, name, false, m_context.stopToken());
        if (dropped || dropped.error().code == ErrorCode::NotFound) {
            return true;
        }
        if (dropped.error().sqlState != inUse || !sleepFor(200ms, m_context.stopToken())) {
            break;
        }
    }
    return false;
}

Result<void> VerifyRun::checkContent()
{
    ConnectionSpec scratch = *m_request.scratchServer;
    const QString usual = prefix + QString::fromLatin1(m_verification.manifest.dumpSha256.first(nameLength));
    bool isFree = clearScratch(usual);
    scratch.parameters.database = isFree ? usual : ownName();
    Result<void> restored = restoreInto(scratch);
    if (!restored && restored.error().code == ErrorCode::AlreadyExists) {
        isFree = false; // a server made it just now, for a client that is gone
        scratch.parameters.database = ownName();
        restored = restoreInto(scratch);
    }
    // Whatever came of it, the scratch goes; a restore that failed has dropped it already.
    const auto connection = DatabaseConnection::open(*m_request.scratchServer);
    const auto dropped = connection ? DatabaseAdmin::drop(**connection, scratch.parameters.database, true)
                                    : Result<void>(failure(connection.error()));
    if (connection && !isFree) {
        [[maybe_unused]] const auto later = DatabaseAdmin::drop(**connection, usual, false); // nobody may be in it now
    }
    if (restored && !dropped) {
        return failure(dropped.error());
    }
    return restored;
}

Result<void> VerifyRun::restoreInto(const ConnectionSpec &scratch)
{
    m_progress.enter(0.1, 0.8);
    RestoreRequest request;
    request.file = m_request.file;
    request.target = scratch;
    request.mode = RestoreMode::IntoNew;
    request.comparesContent = false; // here every difference is wanted, not the first
    JobContext inner(
        m_context.stopToken(),
        [this](const Progress &progress) { m_progress.report(progress.step, progress.fraction(), progress.amount); },
        [this](const QString &line) { m_context.log(line); });
    const auto report = restore(request, inner);
    if (!report) {
        return failure(report.error());
    }
    m_verification.wasRestored = true;
    m_verification.leftOut = report->leftOut;
    m_progress.enter(0.8, 0.99);
    const auto copy = readLive(scratch, m_verification.manifest.rowHash, m_progress, m_context);
    if (!copy) {
        return failure(copy.error());
    }
    m_verification.differences = compareManifests(m_verification.manifest, *copy);
    return {};
}

} // namespace

Result<Verification> verifyBackup(const VerifyRequest &request, JobContext &context)
{
    return VerifyRun(request, context).run();
}

} // namespace Roost
