#pragma once

#include "postgres/identifier.h"

#include <QList>
#include <QStringList>

namespace Roost {

/// A line of `\l`.
struct DatabaseInfo
{
    QString name;
    QString owner;
    QString encoding;
    QString collation;
    QString characterType;
    QString accessPrivileges; ///< as psql prints it; empty when default
    qint64 sizeBytes = -1;    ///< -1 where the user may not know
    bool isSystem = false;    ///< template0, template1, postgres: hidden until asked for
    bool allowsConnections = true;
    QString comment;
};

enum class RelationKind { Table, PartitionedTable, View, MaterializedView, ForeignTable, Sequence };
/// As psql says it: "table", "view" …
[[nodiscard]] QString relationKindName(RelationKind kind);

/// A line of `\dt`, `\dv`, `\ds`. Rows are those of a SELECT: with what is in partitions and in tables that inherit.
struct RelationInfo
{
    TableId id;
    RelationKind kind = RelationKind::Table;
    QString owner;
    qint64 estimatedRows = -1; ///< -1 when unknown (never analysed and too big to count, or no table)
    bool rowsAreExact = false; ///< small tables are counted in the same query
    qint64 sizeBytes = -1;     ///< with indexes, TOAST and partitions; -1 where there is none, or the table is locked
    QStringList keyColumns;    ///< the primary key, or else the first unique not-null index; empty if there is none
    QString comment;
};

struct ColumnInfo
{
    QString name;
    QString type; ///< as `\d` says it: "character varying(160)"
    bool notNull = false;
    QString defaultExpression;
    QString identity;       ///< "always", "by default" or empty
    bool generated = false; ///< defaultExpression is then the generation expression
    bool isKey = false;     ///< part of the primary key
    QString collation;      ///< only where it differs from the type's
    QString comment;
};

/// A thing of a table that `\d` shows as one line: an index, a constraint, a trigger. Of referencedBy the definition
/// begins with the other table: `TABLE orders FOREIGN KEY …`.
struct TableDetail
{
    QString name;
    QString definition; ///< as the server writes it: pg_get_indexdef, pg_get_constraintdef, pg_get_triggerdef
};

/// All that `\d` says of a table or view.
struct TableDescription
{
    RelationInfo relation;
    QList<ColumnInfo> columns;
    QList<TableDetail> indexes;
    QList<TableDetail> checks;
    QList<TableDetail> foreignKeys;
    QList<TableDetail> referencedBy;
    QList<TableDetail> triggers;
    QList<TableDetail> partitioning; ///< partition key, "partition of", "inherits": in psql's words, with the bounds
    QList<TableDetail> policies;
    QList<TableDetail> rules;
    QString viewDefinition; ///< for views
};

/// One session on the server, for "who is connected".
struct SessionInfo
{
    int pid = 0;
    QString user;
    QString applicationName;
    QString clientAddress;
    QString state;
    QString since; ///< when it connected, the server's text
};

} // namespace Roost
