#include "storage/profilestore.h"

#include "storage/statefile.h"

#include <QCoreApplication>
#include <QStringList>
#include <QUuid>

#include <algorithm>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(ProfileStore)
};

constexpr qsizetype longestName = 64;

const QString columns =
    QStringLiteral("id, name, host, port, user, database, tls, root_certificate_file, secret_is_stored, created_on, "
                   "account_id, render_id, expires_at, lifetime_days");

QString tlsName(TlsMode mode)
{
    switch (mode) {
    case TlsMode::Unverified:
        return QStringLiteral("unverified");
    case TlsMode::Optional:
        return QStringLiteral("optional");
    case TlsMode::Verified:
        break;
    }
    return QStringLiteral("verified");
}

/// An unknown word counts as the strictest: nothing in a file lowers the protection by accident.
TlsMode tlsNamed(const QString &name)
{
    return name == u"unverified" ? TlsMode::Unverified : name == u"optional" ? TlsMode::Optional : TlsMode::Verified;
}

Profile profileFrom(const QSqlQuery &row)
{
    Profile profile;
    profile.id = row.value(0).toString();
    profile.name = row.value(1).toString();
    profile.parameters.host = row.value(2).toString();
    profile.parameters.port = row.value(3).toInt();
    profile.parameters.user = row.value(4).toString();
    profile.parameters.database = row.value(5).toString();
    profile.parameters.tls = tlsNamed(row.value(6).toString());
    profile.parameters.rootCertificateFile = row.value(7).toString();
    profile.secretIsStored = row.value(8).toBool();
    profile.createdOn = QDate::fromString(row.value(9).toString(), Qt::ISODate);
    profile.accountId = row.value(10).toString();
    profile.renderId = row.value(11).toString();
    profile.expiresAt = QDateTime::fromString(row.value(12).toString(), Qt::ISODateWithMs);
    profile.lifetimeDays = row.value(13).toInt();
    return profile;
}

/// A null QString would be stored as NULL.
QString notNull(const QString &text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

} // namespace

QString profileNameProblem(const QString &name)
{
    if (name.trimmed().isEmpty()) {
        return Text::tr("Give the connection a name.");
    }
    if (name != name.trimmed()) {
        return Text::tr("The name begins or ends with a blank.");
    }
    if (name.size() > longestName) {
        return Text::tr("The name is longer than %1 characters.").arg(longestName);
    }
    if (name.compare(u"practice", Qt::CaseInsensitive) == 0) {
        return Text::tr("\"practice\" is the name of the practice instance. Choose another one.");
    }
    if (name.startsWith(u"env:")) {
        return Text::tr("A name cannot begin with \"env:\": that stands for a variable of the environment.");
    }
    if (name.startsWith(u'-') || name.startsWith(u'.')) {
        return Text::tr("A name cannot begin with a hyphen or a full stop.");
    }
    if (name.contains(u'/')) {
        return Text::tr("A name cannot contain \"/\": that separates it from the database.");
    }
    if (std::any_of(name.begin(), name.end(), [](QChar c) { return !c.isPrint(); })) {
        return Text::tr("The name contains a character that cannot be printed.");
    }
    return {};
}

ProfileStore::ProfileStore(QString file)
    : m_file(std::move(file))
{
}

Result<QList<Profile>> ProfileStore::all() const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    QList<Profile> profiles;
    if (!*state) {
        return profiles;
    }
    Result<QSqlQuery> rows =
        (*state)->run(QStringLiteral("SELECT %1 FROM profile ORDER BY name COLLATE NOCASE, name").arg(columns));
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        profiles += profileFrom(*rows);
    }
    return profiles;
}

Result<Profile> ProfileStore::byName(const QString &name) const
{
    const Result<QList<Profile>> profiles = all();
    if (!profiles) {
        return failure(profiles.error());
    }
    QStringList names;
    for (const Profile &profile : *profiles) {
        if (profile.name == name) {
            return profile;
        }
        names += profile.name;
    }
    return failure(ErrorCode::NotFound,
                   names.isEmpty() ? Text::tr("There is no connection named \"%1\"; none is saved yet.").arg(name)
                                   : Text::tr("There is no connection named \"%1\". Saved are: %2.")
                                         .arg(name, names.join(QStringLiteral(", "))));
}

Result<void> ProfileStore::save(const Profile &profile) const
{
    if (const QString problem = profileNameProblem(profile.name); !problem.isEmpty()) {
        return failure(ErrorCode::InvalidInput, problem);
    }
    if (profile.id.isEmpty()) {
        return failure(ErrorCode::Internal, Text::tr("The connection has no id."));
    }
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    // One statement: it finds the name taken and writes nothing, or writes all.
    const ConnectionParameters &to = profile.parameters;
    const Result<QSqlQuery> done =
        (*state)->run(QStringLiteral("INSERT INTO profile (%1) SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
                                     " WHERE NOT EXISTS (SELECT 1 FROM profile WHERE name = ? AND id <> ?)"
                                     " ON CONFLICT (id) DO UPDATE SET name = excluded.name, host = excluded.host,"
                                     " port = excluded.port, user = excluded.user, database = excluded.database,"
                                     " tls = excluded.tls, root_certificate_file = excluded.root_certificate_file,"
                                     " secret_is_stored = excluded.secret_is_stored, created_on = excluded.created_on,"
                                     " account_id = excluded.account_id, render_id = excluded.render_id,"
                                     " expires_at = excluded.expires_at, lifetime_days = excluded.lifetime_days")
                          .arg(columns),
                      {profile.id, profile.name, notNull(to.host), to.port, notNull(to.user), notNull(to.database),
                       tlsName(to.tls), notNull(to.rootCertificateFile), profile.secretIsStored,
                       profile.createdOn.toString(Qt::ISODate), notNull(profile.accountId), notNull(profile.renderId),
                       notNull(profile.expiresAt.toUTC().toString(Qt::ISODateWithMs)), profile.lifetimeDays,
                       profile.name, profile.id});
    if (!done) {
        return failure(done.error());
    }
    if (done->numRowsAffected() < 1) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("There is already a connection named \"%1\". Choose another name, or remove that one "
                                "first.")
                           .arg(profile.name));
    }
    return {};
}

Result<void> ProfileStore::remove(const QString &id) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    if (!*state) {
        return {};
    }
    if (const Result<QSqlQuery> done = (*state)->run(QStringLiteral("DELETE FROM profile WHERE id = ?"), {id}); !done) {
        return failure(done.error());
    }
    return {};
}

} // namespace Roost
