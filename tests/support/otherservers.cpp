#include "support/otherservers.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>

#include <algorithm>
#include <unistd.h>

namespace Roost::Testing {

namespace {

const QString packages = QStringLiteral(ROOST_OTHER_SERVERS "/node_modules");

/// By anybody: as root, the server runs as another user.
bool isReachable(const QString &path)
{
    for (QFileInfo folder(path); !folder.isRoot(); folder.setFile(folder.path())) {
        if (!folder.permission(QFile::ExeOther)) {
            return false;
        }
    }
    return true;
}

} // namespace

QList<int> otherServers()
{
    QList<int> majors;
    const auto names = QDir(packages).entryList({QStringLiteral("postgres-*")}, QDir::Dirs);
    for (const QString &name : names) {
        if (QFile::exists(packages + u'/' + name + QStringLiteral("/native/bin/postgres"))) {
            majors += name.section(u'-', 1).toInt();
        }
    }
    std::sort(majors.begin(), majors.end());
    return majors;
}

bool goesWithoutOtherServers()
{
    return !qEnvironmentVariableIsEmpty("ROOST_WITHOUT_OTHER_SERVERS");
}

QString programsOf(int major, const QString &room)
{
    const QString original = QStringLiteral("%1/postgres-%2/native").arg(packages).arg(major);
    if (::geteuid() != 0 || isReachable(original)) {
        return original + QStringLiteral("/bin");
    }
    const QString copy = room + QStringLiteral("/programs");
    if (QProcess::execute(QStringLiteral("/bin/cp"), {QStringLiteral("-a"), original, copy}) != 0) {
        qFatal("cannot copy %s", qPrintable(original));
    }
    return copy + QStringLiteral("/bin");
}

} // namespace Roost::Testing
