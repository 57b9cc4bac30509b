#include "practice/abandonedclusters.h"

#include "practice/serverprocess.h"

#include <QDir>
#include <QFile>

namespace Roost {

QString sharedClusterRoot()
{
    return QStringLiteral("/var/lib/roost");
}

void removeAbandonedClusters()
{
    const QDir shared(sharedClusterRoot());
    for (const QString &name : shared.entryList({QStringLiteral("practice-*")}, QDir::Dirs | QDir::NoSymLinks)) {
        QDir cluster(shared.filePath(name));
        QFile note(cluster.filePath(QStringLiteral("belongs-to")));
        if (!note.open(QIODevice::ReadOnly)) {
            continue;
        }
        const QString owner = QFile::decodeName(note.readAll()).trimmed();
        const bool isTemporary = owner.startsWith(u"/tmp/") || owner.startsWith(QDir::tempPath() + u'/');
        if (!isTemporary || QFile::exists(owner)) {
            continue;
        }
        const auto server = findServer(cluster.filePath(QStringLiteral("data")));
        if (!server || endServer(server->pid)) {
            cluster.removeRecursively();
        }
    }
}

} // namespace Roost
