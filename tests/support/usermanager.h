#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace Roost::Testing {

/// A systemd user manager of the test's own: the real one, with folders of its own, so that no timer lands among the
/// user's. Where the computer was not booted with systemd, it runs in a mount namespace in which it seems so (root
/// only). Sets XDG_RUNTIME_DIR, XDG_CONFIG_HOME and HOME of this process to its folders for as long as it lives.
class UserManager
{
public:
    UserManager() = default;
    ~UserManager();
    Q_DISABLE_COPY_MOVE(UserManager)

    [[nodiscard]] bool start();
    QString problem() const { return m_problem; }
    QString unitFolder() const;
    /// What `systemctl --user …` prints; the test fails when it does not end well.
    QString systemctl(const QStringList &arguments) const;

private:
    QTemporaryDir m_folder;
    QProcess m_process;
    QList<std::pair<QByteArray, QByteArray>> m_before;
    QString m_problem;
};

} // namespace Roost::Testing
