#pragma once

#include <QList>
#include <QString>

namespace Roost::Testing {

/// Something done by hand to a copy of a database, which a comparison must find.
struct Tampering
{
    const char *name;
    const char *sql;  ///< one or several statements, for a superuser with allow_system_table_mods
    const char *what; ///< the difference as a comparison names it
};

[[nodiscard]] const QList<Tampering> &tamperings();
/// Statements that fill an empty database, as a superuser, with what they are about. Belongs to my_database_user.
[[nodiscard]] QString tamperedSchema();

} // namespace Roost::Testing
