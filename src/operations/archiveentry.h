#pragma once

#include <QString>

namespace Roost {

/// An entry of a table of contents taken apart. pg_restore quotes nothing when it lists, so where a name has a blank in
/// it, only the whole of `names` is sure.
struct ArchiveEntry
{
    QString type;  ///< "TABLE DATA"
    QString names; ///< schema, name and owner: "public birds ada"

    [[nodiscard]] static ArchiveEntry of(const QString &what);

    bool isRelation() const; ///< a table, view, materialized view or foreign table
    bool isSequence() const { return type == u"SEQUENCE"; }
    /// Made for others to use, not to hold rows: types, functions, schemas, extensions and the like.
    bool isSupport() const;
    /// Belongs to another object, and goes where that goes.
    bool isPart() const;
    QString schema() const { return names.section(u' ', 0, 0); }
    QString withoutOwner() const { return names.section(u' ', 0, -2); }
};

} // namespace Roost
