#pragma once

#include <QString>

namespace Roost::CatalogSql {

// The catalogue's statements. They use only what servers 11 to 18 have in common, name every function with its schema,
// and never fail or wait because of a right that is missing or a table that somebody has locked.

/// No parameters. One row a database.
[[nodiscard]] QString databases();
/// $1: 'true' to count small tables. One row a relation, columns as RelationColumn.
[[nodiscard]] QString relations();
/// $1: as for relations(), $2: schema, $3: name. One row: the columns of relations(), then those of DescriptionColumn.
[[nodiscard]] QString describe();
// The parts of relations(): WITH … of the relations `filter` chooses (among them: roots, tree, members, locked); the
// SELECT list in the order of RelationColumn; FROM and ORDER BY, with the relation as `r`.
[[nodiscard]] QString withRelations(const QString &filter);
[[nodiscard]] QString relationColumns();
[[nodiscard]] QString relationSources();
/// To follow withRelations(), for one relation. state(is_free): nobody has locked what its definitions are written
/// from; links: the foreign keys from and to it.
[[nodiscard]] QString withState();
/// $1: the database.
[[nodiscard]] QString sessions();
/// $1: as for relations(). The rows of relations() and, in the first one, a JSON object: how many functions a schema
/// has. Without relations one row of NULLs.
[[nodiscard]] QString contents();
/// No parameters. One row a function: OID and the fields of FunctionInfo in their order.
[[nodiscard]] QString functions();
/// $1: the OID.
[[nodiscard]] QString functionSource();
/// $1: 'false', $2: schema, $3: name. One row.
[[nodiscard]] QString sequence();

enum RelationColumn {
    SchemaColumn,
    NameColumn,
    KindColumn,
    OwnerColumn,
    RowsColumn,
    IsExactColumn,
    SizeColumn,
    KeyColumn,        ///< JSON array of names
    RowColumnsColumn, ///< JSON array of arrays: withColumns() says of what
    CommentColumn,
    HasInheritorsColumn,
    RelationColumnCount
};
enum DescriptionColumn { // each a JSON array of objects, but the last two
    ColumnsColumn = RelationColumnCount,
    IndexesColumn,
    ConstraintsColumn,
    LinksColumn,
    TriggersColumn,
    PartitionsColumn,
    OthersColumn,
    FactsColumn, ///< a JSON object
    ViewColumn   ///< text
};

} // namespace Roost::CatalogSql
