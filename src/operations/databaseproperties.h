#pragma once

#include "core/result.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <stop_token>

namespace Roost {

class DatabaseConnection;

/// What a database has besides its content: what a dump of it does not hold and a new one must be given again.
struct DatabaseProperties
{
    struct Setting
    {
        QString role; ///< empty: for all roles
        QString name;
        QString value;
    };
    struct Privilege
    {
        QString grantee; ///< empty: PUBLIC
        QString privilege;
        bool mayGrant = false;
    };

    QString name;
    QString owner;
    QString encoding;
    QString collation;
    QString characterType;
    QString localeProvider; ///< "c", "i" or "b", as in pg_database
    QString locale;         ///< of the provider, when it is not "c"
    QString tablespace;
    int connectionLimit = -1;
    QString comment;
    bool isTemplate = false;
    QList<Setting> settings;
    bool hasPrivileges = false; ///< somebody granted or revoked something
    QList<Privilege> privileges;

    bool userOwnsIt = false; ///< the asking user may drop it
    bool userMayCreate = false;
    QString user; ///< who asked
};

/// Over a connection to another database. NotFound when there is none of that name.
[[nodiscard]] Result<DatabaseProperties> readDatabaseProperties(DatabaseConnection &beside, const QString &name,
                                                                const std::stop_token &stop = {});

/// Creates an empty database with these properties, but comment, settings and privileges. Not cancellable: it is quick,
/// and often follows a drop.
[[nodiscard]] Result<void> createDatabaseLike(DatabaseConnection &beside, const DatabaseProperties &properties,
                                              const QString &name);

/// The same on another server, which may not have the collation: then with one that it has, the encoding as it is. What
/// could not be kept is in the list returned, translated. AlreadyExists.
[[nodiscard]] Result<QStringList> createDatabaseNear(DatabaseConnection &beside, const DatabaseProperties &properties,
                                                     const QString &name);

/// Gives a database comment, settings and privileges. What the user may not set is named in the list returned,
/// translated.
[[nodiscard]] QStringList applyDatabaseExtras(DatabaseConnection &beside, const DatabaseProperties &properties,
                                              const QString &name);

} // namespace Roost
