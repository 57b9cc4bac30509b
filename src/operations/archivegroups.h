#pragma once

#include "operations/archivecontents.h"
#include "postgres/manifest.h"

#include <QList>
#include <QString>

namespace Roost {

/// One thing in a dump as people know it: a table with its keys and defaults, a sequence with its state, a view …
struct ArchivedThing
{
    QString name;         ///< as shown; the schema in front unless it is public
    QList<int> entries;   ///< that make it, in the archive's order, its rows not among them
    TableId table;        ///< of a table
    bool hasRows = false; ///< the archive has them
    qint64 rows = -1;     ///< as the manifest counted them; negative: not known
};

struct ArchivedGroup
{
    enum class Kind {
        Tables,
        Views,
        Sequences,
        Functions,
        Types,
        Indexes,
        Constraints,
        Triggers,
        Schemas,
        Rights,
        Comments,
        Others
    };
    Kind kind = Kind::Others;
    QList<ArchivedThing> things;

    [[nodiscard]] QString title() const; ///< translated
};

/// An archive's entries, sorted by what they are; only groups that hold something, in the order of Kind. `manifest` may
/// be null.
[[nodiscard]] QList<ArchivedGroup> groupsOf(const ArchiveContents &contents, const Manifest *manifest);

} // namespace Roost
