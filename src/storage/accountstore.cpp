#include "storage/accountstore.h"

#include "storage/statefile.h"

#include <QCoreApplication>
#include <QStringList>

namespace Roost {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(AccountStore)
};

const QString columns = QStringLiteral("id, name, email, api, is_practice, secret_is_stored");

/// A null QString would be stored as NULL.
QString notNull(const QString &text)
{
    return text.isNull() ? QStringLiteral("") : text;
}

Account accountFrom(const QSqlQuery &row)
{
    Account account;
    account.id = row.value(0).toString();
    account.name = row.value(1).toString();
    account.email = row.value(2).toString();
    account.api = QUrl(row.value(3).toString(), QUrl::StrictMode);
    account.isPractice = row.value(4).toBool();
    account.secretIsStored = row.value(5).toBool();
    return account;
}

} // namespace

AccountStore::AccountStore(QString file)
    : m_file(std::move(file))
{
}

Result<QList<Account>> AccountStore::all() const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    QList<Account> accounts;
    if (!*state) {
        return accounts;
    }
    Result<QSqlQuery> rows =
        (*state)->run(QStringLiteral("SELECT %1 FROM account ORDER BY name COLLATE NOCASE, name").arg(columns));
    if (!rows) {
        return failure(rows.error());
    }
    while (rows->next()) {
        accounts += accountFrom(*rows);
    }
    return accounts;
}

Result<Account> AccountStore::byName(const QString &name) const
{
    const Result<QList<Account>> accounts = all();
    if (!accounts) {
        return failure(accounts.error());
    }
    QStringList names;
    for (const Account &account : *accounts) {
        if (account.name == name) {
            return account;
        }
        names += account.name;
    }
    return failure(
        ErrorCode::NotFound,
        names.isEmpty()
            ? Text::tr("There is no account named \"%1\"; none has been added yet.").arg(name)
            : Text::tr("There is no account named \"%1\". There are: %2.").arg(name, names.join(QStringLiteral(", "))));
}

Result<void> AccountStore::save(const Account &account) const
{
    if (account.name.trimmed().isEmpty()) {
        return failure(ErrorCode::InvalidInput, Text::tr("Give the account a name."));
    }
    const auto state = StateFile::open(m_file, StateFile::Purpose::Write);
    if (!state) {
        return failure(state.error());
    }
    // One statement: it finds the name taken and writes nothing, or writes all.
    const Result<QSqlQuery> done =
        (*state)->run(QStringLiteral("INSERT INTO account (%1) SELECT ?, ?, ?, ?, ?, ?"
                                     " WHERE NOT EXISTS (SELECT 1 FROM account WHERE name = ? AND id <> ?)"
                                     " ON CONFLICT (id) DO UPDATE SET name = excluded.name, email = excluded.email,"
                                     " api = excluded.api, is_practice = excluded.is_practice,"
                                     " secret_is_stored = excluded.secret_is_stored")
                          .arg(columns),
                      {account.id, account.name, notNull(account.email), notNull(account.api.toString()),
                       account.isPractice, account.secretIsStored, account.name, account.id});
    if (!done) {
        return failure(done.error());
    }
    if (done->numRowsAffected() < 1) {
        return failure(ErrorCode::AlreadyExists,
                       Text::tr("There is already an account named \"%1\". Choose another name, or remove that one "
                                "first.")
                           .arg(account.name));
    }
    return {};
}

Result<void> AccountStore::remove(const QString &id) const
{
    const auto state = StateFile::open(m_file, StateFile::Purpose::Read);
    if (!state) {
        return failure(state.error());
    }
    if (!*state) {
        return {};
    }
    for (const QString &statement : {QStringLiteral("UPDATE profile SET account_id = '' WHERE account_id = ?"),
                                     QStringLiteral("DELETE FROM account WHERE id = ?")}) {
        if (const Result<QSqlQuery> done = (*state)->run(statement, {id}); !done) {
            return failure(done.error());
        }
    }
    return {};
}

} // namespace Roost
