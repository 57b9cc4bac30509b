#pragma once

#include "postgres/identifier.h"

#include <QList>

#include <optional>

namespace Roost {

/// Where in an archive in pg_dump's custom format the data lie.
struct ArchiveMap
{
    struct Block
    {
        int entry = 0; ///< its number in the table of contents
        qint64 from = 0;
        qint64 to = 0;                ///< where the next one begins, or the file ends
        std::optional<TableId> table; ///< for rows as COPY writes them
        bool isLargeObjects = false;
    };

    bool isCompressed = true; ///< by zlib
    QList<Block> blocks;      ///< in the order of the file, without a gap

    /// Nothing for archives of other forms than pg_dump 11 to 18 write into a file, and for what is damaged: then
    /// pg_restore has to say what it is.
    [[nodiscard]] static std::optional<ArchiveMap> read(int descriptor, qint64 fileSize);
};

} // namespace Roost
