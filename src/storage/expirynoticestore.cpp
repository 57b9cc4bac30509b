#include "storage/expirynoticestore.h"

#include "storage/statefile.h"

#include <QDateTime>

namespace Roost {

ExpiryNoticeStore::ExpiryNoticeStore(QString file)
    : m_file(std::move(file))
{
}

Result<QList<NoticeKey>> ExpiryNoticeStore::shown() const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    QList<NoticeKey> keys;
    if (!*state) {
        return keys;
    }
    Result<QSqlQuery> rows = (*state)->run(QStringLiteral("SELECT profile_id, ends_at, notice FROM expiry_notice"));
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        keys += {rows->value(0).toString(), rows->value(1).toString(), rows->value(2).toString()};
    }
    return keys;
}

Result<bool> ExpiryNoticeStore::claim(const NoticeKey &key) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    const Result<QSqlQuery> done =
        (*state)->run(QStringLiteral("INSERT OR IGNORE INTO expiry_notice (profile_id, ends_at, notice, shown_at)"
                                     " VALUES (?, ?, ?, ?)"),
                      {key.profileId, key.endsAt, key.notice, QDateTime::currentDateTimeUtc().toString(Qt::ISODate)});
    if (!done) {
        return failure(done.error());
    }
    return done->numRowsAffected() > 0;
}

Result<void> ExpiryNoticeStore::release(const NoticeKey &key) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    const Result<QSqlQuery> done =
        (*state)->run(QStringLiteral("DELETE FROM expiry_notice WHERE profile_id = ? AND ends_at = ? AND notice = ?"),
                      {key.profileId, key.endsAt, key.notice});
    if (!done) {
        return failure(done.error());
    }
    return {};
}

} // namespace Roost
