#include "support/usermanager.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFile>

#include <unistd.h>

namespace Roost::Testing {

namespace {

const QString manager = QStringLiteral("/usr/lib/systemd/systemd");

} // namespace

UserManager::~UserManager()
{
    m_process.terminate();
    if (!m_process.waitForFinished(10'000)) {
        m_process.kill();
        m_process.waitForFinished();
    }
    for (const auto &[name, value] : std::as_const(m_before)) {
        value.isNull() ? qunsetenv(name.constData()) : qputenv(name.constData(), value);
    }
}

bool UserManager::start()
{
    if (!QFile::exists(manager)) {
        m_problem = QStringLiteral("there is no %1").arg(manager);
        return false;
    }
    for (const char *name : {"run", "config", "home"}) {
        QDir(m_folder.path()).mkdir(QString::fromLatin1(name));
        QFile::setPermissions(m_folder.filePath(QString::fromLatin1(name)),
                              QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    for (const auto &[name, folder] :
         {std::pair{"XDG_RUNTIME_DIR", "run"}, {"XDG_CONFIG_HOME", "config"}, {"HOME", "home"}}) {
        m_before.append({name, qEnvironmentVariableIsSet(name) ? qgetenv(name) : QByteArray()});
        qputenv(name, QFile::encodeName(m_folder.filePath(QString::fromLatin1(folder))));
    }
    m_before.append({"DBUS_SESSION_BUS_ADDRESS", qEnvironmentVariableIsSet("DBUS_SESSION_BUS_ADDRESS")
                                                     ? qgetenv("DBUS_SESSION_BUS_ADDRESS")
                                                     : QByteArray()});
    qunsetenv("DBUS_SESSION_BUS_ADDRESS"); // systemctl talks to the manager's own socket
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    if (QFile::exists(QStringLiteral("/run/systemd/system"))) {
        m_process.start(manager, {QStringLiteral("--user")});
    } else {
        m_process.start(QStringLiteral("unshare"),
                        {QStringLiteral("--mount"), QStringLiteral("--propagation"), QStringLiteral("private"),
                         QStringLiteral("sh"), QStringLiteral("-c"),
                         QStringLiteral("mkdir -p /run/systemd && mount -t tmpfs none /run/systemd && "
                                        "mkdir /run/systemd/system && exec %1 --user")
                             .arg(manager)});
    }
    const QString socket = m_folder.filePath(QStringLiteral("run/systemd/private"));
    constexpr int patienceMs = 20'000;
    QElapsedTimer clock;
    clock.start();
    // It says it is there by its socket, or ends.
    while (!QFile::exists(socket) && clock.elapsed() < patienceMs && !m_process.waitForFinished(50)) {
    }
    if (!QFile::exists(socket) || m_process.state() == QProcess::NotRunning) {
        m_problem = QStringLiteral("no user manager: ") + QString::fromUtf8(m_process.readAll());
        return false;
    }
    return true;
}

QString UserManager::unitFolder() const
{
    return m_folder.filePath(QStringLiteral("config/systemd/user"));
}

QString UserManager::systemctl(const QStringList &arguments) const
{
    QProcess process;
    process.start(QStringLiteral("systemctl"),
                  QStringList{QStringLiteral("--user"), QStringLiteral("--no-pager")} + arguments);
    process.waitForFinished();
    if (process.exitCode() != 0) {
        qWarning("systemctl --user %s: %s", qPrintable(arguments.join(u' ')),
                 process.readAllStandardError().constData());
    }
    return QString::fromUtf8(process.readAllStandardOutput()).trimmed();
}

} // namespace Roost::Testing
