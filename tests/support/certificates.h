#pragma once

#include <QString>

namespace Roost::Testing {

/// Certificates of our own making for a server on this machine, good and bad. Made by the openssl command.
class Certificates
{
public:
    /// Writes them into `folder`. False with problem() when openssl fails.
    [[nodiscard]] bool make(const QString &folder);
    QString problem() const { return m_problem; }

    /// What a certificate is like; the file names without suffix: NAME.crt and NAME.key.
    enum class Kind { Good, WrongName, Expired, SelfSigned, NotYetValid };
    static QString name(Kind kind);
    QString authority() const { return m_folder + QStringLiteral("/ca.crt"); }

private:
    bool openssl(const QStringList &arguments);
    bool issue(Kind kind, const QString &host, const QString &from, const QString &until);
    QString m_folder;
    QString m_problem;
};

} // namespace Roost::Testing
