#include "support/tlsserver.h"

#include "support/temporarycluster.h"

#include <QFile>
#include <QtCore/qtestsupport_core.h>

#include <sys/stat.h>
#include <unistd.h>

namespace Roost::Testing {

namespace {

/// The server takes a key only from its own user, and only if nobody else can read it.
bool install(const QString &source, const QString &target, const QByteArray &dataFolder)
{
    struct stat owner = {};
    QFile::remove(target);
    const QByteArray name = QFile::encodeName(target);
    return stat(dataFolder.constData(), &owner) == 0 && QFile::copy(source, target) &&
           chmod(name.constData(), 0600) == 0 && chown(name.constData(), owner.st_uid, owner.st_gid) == 0;
}

} // namespace

bool serveCertificate(const TemporaryCluster &cluster, const QString &folder, const QString &name)
{
    const QString data = cluster.psql(QStringLiteral("SHOW data_directory"));
    QString wanted = QStringLiteral("off");
    QString shown = QStringLiteral("SHOW ssl");
    QString settings = QStringLiteral("ALTER SYSTEM SET ssl = off;");
    if (!name.isEmpty()) {
        for (const QString &suffix : {QStringLiteral(".crt"), QStringLiteral(".key")}) {
            const QString file = u'/' + name + suffix;
            if (!install(folder + file, data + file, QFile::encodeName(data))) {
                qWarning("%s cannot be given to the server.", qPrintable(folder + file));
                return false;
            }
        }
        wanted = QStringLiteral("on|%1.crt").arg(name);
        shown = QStringLiteral("SELECT current_setting('ssl'), current_setting('ssl_cert_file')");
        settings = QStringLiteral("ALTER SYSTEM SET ssl_cert_file = '%1.crt';\n"
                                  "ALTER SYSTEM SET ssl_key_file = '%1.key';\n"
                                  "ALTER SYSTEM SET ssl = on;")
                       .arg(name);
    }
    cluster.psql(settings + QStringLiteral("\nSELECT pg_reload_conf();"));
    return QTest::qWaitFor([&] { return cluster.psql(shown) == wanted; });
}

} // namespace Roost::Testing
