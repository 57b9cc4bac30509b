#pragma once

#include <QMetaType>
#include <QString>
#include <QStringList>

namespace Roost {

/// The only place where a name becomes SQL: always quoted, quotes doubled.
[[nodiscard]] QString quoteIdentifier(const QString &name);

/// `"My.Schema"."a""b"` and `birds` as somebody typed them, taken apart at the dots outside quotes; what has no quotes
/// is folded to lower case, as the server does. Empty when the quotes do not fit.
[[nodiscard]] QStringList identifierParts(const QString &words);

/// A string literal for the few statements that take no parameters (DDL). Everything else binds its values.
[[nodiscard]] QString quoteLiteral(const QString &text);

/// Why PostgreSQL would not take this as a name as it stands (empty, longer than 63 bytes, holds NUL), translated;
/// empty if fine.
[[nodiscard]] QString identifierProblem(const QString &name);

/// A table, view or sequence, by schema and name.
struct TableId
{
    QString schema;
    QString name;

    [[nodiscard]] QString quoted() const;
    /// For people, and such that identifierParts() takes it apart again: quoted only where a part needs it.
    [[nodiscard]] QString shown() const;
    bool operator==(const TableId &) const = default;
};

} // namespace Roost

Q_DECLARE_METATYPE(Roost::TableId)
