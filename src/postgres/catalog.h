#pragma once

#include "postgres/identifier.h"

#include <QList>
#include <QMap>
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

/// What reading a table's rows needs to know of a column.
struct RowColumn
{
    QString name;
    QString type;         ///< as `\d` says it: "character varying(160)"
    QString shortType;    ///< "varchar", "int4[]", "mood": what a header shows
    unsigned typeOid = 0; ///< of a domain: the domain's own
    unsigned baseOid = 0; ///< the type below all domains; else typeOid
    char category =
        'U'; ///< pg_type.typcategory of the base type: 'N' number, 'S' text, 'B' boolean, 'A' array, 'E' enum …
    bool notNull = false;
    bool isNumeric = false; ///< shown at the right
    bool mayBeLong = false; ///< of variable length without a small limit: may arrive shortened
    QString castType; ///< baseOid's name without a limit, for `$1::castType`: with it the server would cut or round
    bool operator==(const RowColumn &) const = default;
};

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
    QList<RowColumn> columns;  ///< in their order; empty for sequences
    /// Other tables inherit from it (no partitions): what is unique in it is not among the rows that a SELECT finds, so
    /// it has no key.
    bool hasInheritors = false;
    QString comment;
};

/// One foreign key, from the table that refers to the one referred to.
struct ForeignKey
{
    QString name;
    TableId from;
    QStringList columns; ///< of `from`
    TableId to;
    QStringList toColumns; ///< of `to`, as many
    bool operator==(const ForeignKey &) const = default;
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
    // For editing: what the server would refuse is known beforehand.
    unsigned typeOid = 0;
    QString domain;         ///< the type below a domain, as `type`; empty when it is none
    QStringList enumLabels; ///< of an enum, in its order
    int maxLength = -1;     ///< characters of varchar(n) and char(n)
    bool isEditable = true; ///< false: generated, identity always, or no right to change it
    // What only `\d+` says.
    QString storage; ///< "plain", "extended" …
    QString compression;
    QString statisticsTarget; ///< empty: the default
    QStringList options;      ///< "n_distinct=100", of a foreign table its server's
};

/// A thing of a table that `\d` shows as one line: an index, a constraint, a trigger. Of referencedBy the definition
/// begins with the other table: `TABLE orders FOREIGN KEY …`.
struct TableDetail
{
    QString name;
    QString definition; ///< as the server writes it: pg_get_indexdef, pg_get_constraintdef, pg_get_triggerdef
    QString note = {};  ///< "clustered", "invalid", "disabled": what is out of the ordinary, in English like psql's
    QString comment = {};
    TableId table = {}; ///< the other table, of partitions and of referencedBy
};

/// All that `\d` says of a table or view.
struct TableDescription
{
    RelationInfo relation;
    QList<ColumnInfo> columns;
    QList<TableDetail> indexes;
    QList<TableDetail> keys; ///< primary key, unique and exclusion constraints
    QList<TableDetail> checks;
    QList<TableDetail> foreignKeys;
    QList<TableDetail> referencedBy;
    QList<TableDetail> triggers;
    QList<TableDetail> partitioning; ///< partition key, "partition of", "inherits": in psql's words, with the bounds
    QList<TableDetail> policies;
    QList<TableDetail> rules;
    QList<TableDetail> statistics;   ///< CREATE STATISTICS
    QStringList publications;        ///< those that name it, and those of all tables
    QString viewDefinition;          ///< for views
    QList<ForeignKey> links;         ///< this table's foreign keys
    QList<ForeignKey> incomingLinks; ///< those of others that refer to it, its own to itself too
    QList<TableDetail> partitions;   ///< its partitions with their bounds, or the tables that inherit from it
    QString accessMethod;            ///< "heap"; empty for views
    QString tablespace;              ///< empty: the database's
    QStringList options;             ///< "fillfactor=70"
    QString persistence;             ///< "unlogged", "temporary" or empty
    qint64 tableBytes = -1;          ///< the rows alone; -1 where unknown
    qint64 indexBytes = -1;
    qint64 toastBytes = -1;
    bool mayInsert = false; ///< rights of the current user
    bool mayUpdate = false; ///< of all columns, or ColumnInfo::isEditable says which
    bool mayDelete = false;
    bool isUpdatableView = false; ///< for views: the server takes changes
    QString rowSecurity;          ///< "enabled", "forced" or empty
    QString replicaIdentity;      ///< "full", "nothing", "index" or empty
    QString ofType;               ///< of a typed table
    QString server;               ///< of a foreign table
    QStringList serverOptions;
    /// Somebody holds an exclusive lock, for which definitions would have to wait: they are empty, and defaults
    /// unknown.
    bool isLocked = false;
};

/// A line of `\df+`.
struct FunctionInfo
{
    unsigned oid = 0;
    TableId id;        ///< schema and name
    QString arguments; ///< "integer, text DEFAULT 'x'::text"
    QString result;    ///< "void", "SETOF birds", "trigger"; empty for procedures
    QString kind;      ///< "function", "procedure", "aggregate", "window"
    QString language;
    QString owner;
    QString comment;
};

/// What the tree shows of a database.
struct DatabaseContents
{
    QList<RelationInfo> relations;
    QMap<QString, int> functions; ///< how many of the user's own a schema has; only schemas that have some
};

/// All of a sequence. Numbers as the server's text.
struct SequenceInfo
{
    TableId id;
    QString type; ///< "bigint"
    QString start;
    QString increment;
    QString least;
    QString most;
    QString cache;
    bool cycles = false;
    QString owner;
    QString comment;
    QString lastValue;     ///< empty: the user may not read it, or somebody has locked it
    bool isCalled = false; ///< else lastValue is the next one
    TableId table;         ///< whose column owns it; empty names: nobody's
    QString column;
    bool isIdentity = false; ///< the column is an identity, and made it
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
