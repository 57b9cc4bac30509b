#pragma once

#include "core/result.h"

#include <QDateTime>
#include <QList>
#include <QString>
#include <QStringList>

namespace Roost {

/// An environment variable whose value was replaced. The old value itself is in the keychain, under `id`.
struct KeptVariable
{
    QString id; ///< a UUID; names the keychain entry
    QString accountId;
    QString holderId; ///< the service ("srv-…") or the group ("evg-…")
    QString key;
    bool existed = true;  ///< false: there was none, and undoing deletes it; nothing is in the keychain then
    QDateTime replacedAt; ///< UTC; the same for all that were replaced together
};

/// What can be undone on services, in Roost's SQLite file, without values. Each call opens the file in the calling
/// thread: not on the GUI thread.
class KeptVariables
{
public:
    explicit KeptVariables(QString file);

    /// All or none.
    [[nodiscard]] Result<void> add(const QList<KeptVariable> &variables) const;
    /// Of one account, the newest first.
    [[nodiscard]] Result<QList<KeptVariable>> all(const QString &accountId) const;
    /// What was replaced last at any of the holders; empty when nothing was.
    [[nodiscard]] Result<QList<KeptVariable>> newest(const QString &accountId, const QStringList &holderIds) const;
    [[nodiscard]] Result<void> remove(const QStringList &ids) const;

private:
    QString m_file;
};

} // namespace Roost
