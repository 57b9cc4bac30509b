#include "postgres/tlsroots.h"

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QMutex>
#include <QSaveFile>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QStandardPaths>

namespace Roost {

namespace {

struct TlsRoots
{
    Q_DECLARE_TR_FUNCTIONS(TlsRoots)
};

struct State
{
    QMutex mutex;
    QString folder;
    QString file; ///< once written
};

State &state()
{
    static State shared;
    return shared;
}

Result<void> writeRoots(const QString &folder, const QString &file)
{
    QByteArray pem;
    const QList<QSslCertificate> roots = QSslConfiguration::systemCaCertificates();
    for (const QSslCertificate &root : roots) {
        pem += root.toPem();
    }
    if (pem.isEmpty()) {
        return failure(ErrorCode::FileFailed,
                       TlsRoots::tr("This computer has no list of certificate authorities, so no server's identity can "
                                    "be checked. Install the system's certificates (the package ca-certificates)."));
    }
    QSaveFile out(file);
    if (!QDir().mkpath(folder) || !out.open(QIODevice::WriteOnly) ||
        !out.setPermissions(QFile::ReadOwner | QFile::WriteOwner) || out.write(pem) != pem.size() || !out.commit()) {
        return failure(ErrorCode::FileFailed,
                       TlsRoots::tr("The list of certificate authorities could not be written to %1. Check that there "
                                    "is space, and that the folder is yours.")
                           .arg(QDir::toNativeSeparators(folder)),
                       out.errorString());
    }
    return {};
}

} // namespace

Result<QString> systemRootsFile()
{
    State &shared = state();
    const QMutexLocker lock(&shared.mutex);
    if (!shared.file.isEmpty() && QFileInfo::exists(shared.file)) {
        return shared.file;
    }
    const QString folder =
        shared.folder.isEmpty() ? QStandardPaths::writableLocation(QStandardPaths::CacheLocation) : shared.folder;
    const QString file = folder + QStringLiteral("/system-authorities.pem");
    if (const Result<void> written = writeRoots(folder, file); !written) {
        return failure(written.error());
    }
    shared.file = file;
    return file;
}

void setSystemRootsFolder(const QString &folder)
{
    State &shared = state();
    const QMutexLocker lock(&shared.mutex);
    shared.folder = folder;
    shared.file.clear();
}

} // namespace Roost
