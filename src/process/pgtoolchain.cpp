#include "process/pgtoolchain.h"

#include "process/processrunner.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QHash>
#include <QMutex>
#include <QRegularExpression>

#include <algorithm>
#include <optional>

namespace Roost {

namespace {

constexpr int versionTimeoutMs = 5000;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(PgToolchain)
};

/// The versions of programs seen, by path, size and time: packages are upgraded under a running application.
struct KnownVersions
{
    QMutex mutex;
    QHash<QString, QVersionNumber> byFile;
};

KnownVersions &knownVersions()
{
    static KnownVersions versions;
    return versions;
}

/// "pg_dump (PostgreSQL) 15.20 (Debian 15.20-0+deb12u1)"; betas and anything else that does not look so are refused.
/// Null when it is no version of this tool.
QVersionNumber parseVersion(const QString &toolName, const QByteArray &output)
{
    static const QRegularExpression pattern(
        QStringLiteral(R"(\A([a-z_]+) \(PostgreSQL\) (\d{1,3})\.(\d{1,3})(?: \([^\n]{0,200}\))?\n?\z)"));
    const auto match = pattern.match(QString::fromUtf8(output));
    if (!match.hasMatch() || match.captured(1) != toolName) {
        return {};
    }
    return QVersionNumber(match.captured(2).toInt(), match.captured(3).toInt());
}

QVersionNumber versionOf(const QString &program, const JobContext &context)
{
    const QFileInfo info(program);
    const QString key =
        QStringLiteral("%1|%2|%3")
            .arg(program, QString::number(info.size()), QString::number(info.lastModified().toMSecsSinceEpoch()));
    {
        const QMutexLocker lock(&knownVersions().mutex);
        if (const auto known = knownVersions().byFile.constFind(key); known != knownVersions().byFile.constEnd()) {
            return *known;
        }
    }
    ProcessCommand command;
    command.program = program;
    command.arguments = QStringList{QStringLiteral("--version")};
    command.timeoutMs = versionTimeoutMs;
    const auto outcome = runProcess(command, context);
    if (!outcome || !outcome->succeeded()) {
        return {};
    }
    QVersionNumber version = parseVersion(info.fileName(), outcome->standardOutput);
    if (!version.isNull()) {
        const QMutexLocker lock(&knownVersions().mutex);
        knownVersions().byFile.insert(key, version);
    }
    return version;
}

QStringList foldersMatching(const QString &parent, const QString &nameFilter, const QString &below)
{
    QStringList folders;
    const auto entries = QDir(parent).entryList({nameFilter}, QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &entry : entries) {
        folders += parent + u'/' + entry + below;
    }
    return folders;
}

QStringList candidateFolders()
{
    QStringList folders;
    folders += foldersMatching(QStringLiteral("/usr/lib/postgresql"), QStringLiteral("*"), QStringLiteral("/bin"));
    folders += foldersMatching(QStringLiteral("/usr"), QStringLiteral("pgsql-*"), QStringLiteral("/bin"));
    folders += foldersMatching(QStringLiteral("/opt"), QStringLiteral("p*g*sql*"), QStringLiteral("/bin"));
    folders += foldersMatching(QStringLiteral("/opt/postgresql"), QStringLiteral("*"), QStringLiteral("/bin"));
    for (const auto &brew : {QStringLiteral("/opt/homebrew/opt"), QStringLiteral("/usr/local/opt"),
                             QStringLiteral("/home/linuxbrew/.linuxbrew/opt")}) {
        folders += foldersMatching(brew, QStringLiteral("postgresql@*"), QStringLiteral("/bin"));
        folders += brew + QStringLiteral("/libpq/bin");
    }
    folders += foldersMatching(QStringLiteral("/Applications/Postgres.app/Contents/Versions"), QStringLiteral("*"),
                               QStringLiteral("/bin"));
    folders += QStringLiteral("/usr/local/pgsql/bin");
    // A relative entry would run what lies in the working directory.
    const auto path = qEnvironmentVariable("PATH").split(QDir::listSeparator(), Qt::SkipEmptyParts);
    std::copy_if(path.begin(), path.end(), std::back_inserter(folders),
                 [](const QString &folder) { return QDir::isAbsolutePath(folder); });
    return folders;
}

/// True for a program of its own; false for Debian's wrapper, a link to a script that picks a version by the user's
/// configuration.
bool isRealTool(const QString &program)
{
    const QFileInfo info(program);
    return info.isFile() && info.isExecutable() &&
           QFileInfo(info.canonicalFilePath()).fileName() == QFileInfo(program).fileName();
}

/// The installations in which all the tools are there, in one version.
QList<PgToolchain> toolchainsWith(const QStringList &tools, const JobContext &context)
{
    QList<PgToolchain> found;
    QSet<QString> seen;
    const auto folders = candidateFolders();
    for (const QString &candidate : folders) {
        const QString folder = QFileInfo(candidate).canonicalFilePath();
        if (folder.isEmpty() || seen.contains(folder)) {
            continue;
        }
        seen.insert(folder);
        QVersionNumber version;
        for (const QString &tool : tools) {
            const QString program = folder + u'/' + tool;
            const auto own = isRealTool(program) ? versionOf(program, context) : QVersionNumber();
            if (own.isNull() || (!version.isNull() && version != own)) {
                version = {};
                break;
            }
            version = own;
        }
        if (!version.isNull()) {
            found += PgToolchain{folder, version};
        }
    }
    std::stable_sort(found.begin(), found.end(),
                     [](const PgToolchain &a, const PgToolchain &b) { return a.version > b.version; });
    return found;
}

/// How to get a client package, in plain words. Debian itself has one version only, usually not the server's.
QString howToInstall(int major)
{
    return Text::tr("Install the package postgresql-client-%1: “sudo apt install postgresql-client-%1”. If your system "
                    "does not know that package, add the PostgreSQL project's own package archive first (“PGDG”): it "
                    "has every version, while Debian has one. The page "
                    "https://www.postgresql.org/download/linux/debian/ shows how, in two commands.")
        .arg(major);
}

} // namespace

QString PgToolchain::tool(const QString &name) const
{
    return folder + u'/' + name;
}

QList<PgToolchain> findToolchains(const JobContext &context)
{
    return toolchainsWith({QStringLiteral("pg_dump"), QStringLiteral("pg_restore")}, context);
}

Result<PgToolchain> toolchainFor(int serverVersion, const JobContext &context)
{
    const int major = serverVersion / 10000;
    const auto toolchains = findToolchains(context);
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (toolchains.isEmpty()) {
        return failure(ErrorCode::ToolMissing,
                       Text::tr("The PostgreSQL tools pg_dump and pg_restore were not found on this computer. The "
                                "server runs PostgreSQL %1. Nothing was started.")
                               .arg(major) +
                           u' ' + howToInstall(major));
    }
    // Newest first, so the last one that is new enough is the closest; among equals the newest minor version wins.
    const PgToolchain *best = nullptr;
    for (const PgToolchain &toolchain : toolchains) {
        const int own = toolchain.version.majorVersion();
        if (own >= major && (!best || own < best->version.majorVersion())) {
            best = &toolchain;
        }
    }
    if (!best) {
        return failure(
            ErrorCode::ToolTooOld,
            Text::tr("The server runs PostgreSQL %1, but the newest PostgreSQL tools on this computer are of "
                     "version %2, and older tools cannot handle a newer server. Nothing was started.")
                    .arg(QString::number(major), toolchains.first().version.toString()) +
                u' ' + howToInstall(major),
            toolchains.first().folder);
    }
    return *best;
}

bool isSafeForForeignArchives(const QVersionNumber &version)
{
    static const QHash<int, int> firstSafeMinor{{14, 25}, {15, 20}, {16, 16}, {17, 12}, {18, 7}};
    const int major = version.majorVersion();
    if (major > 18) {
        return true;
    }
    return firstSafeMinor.contains(major) && version.minorVersion() >= firstSafeMinor.value(major);
}

Result<PgToolchain> serverToolchain(const JobContext &context)
{
    const auto toolchains = toolchainsWith({QStringLiteral("postgres"), QStringLiteral("initdb")}, context);
    if (context.isCancelled()) {
        return failure(Error::cancelled());
    }
    if (toolchains.isEmpty()) {
        return failure(ErrorCode::ToolMissing,
                       Text::tr("No PostgreSQL server was found on this computer; practice mode needs one. Install it "
                                "with “sudo apt install postgresql”. Nothing was started."));
    }
    return toolchains.first();
}

} // namespace Roost
