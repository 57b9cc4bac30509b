#pragma once

#include "postgres/manifest.h"

#include <QList>
#include <QString>

namespace Roost {

/// One thing in which two databases differ.
struct ManifestDifference
{
    enum class Weight {
        Data,      ///< rows, sequences, large objects
        Structure, ///< what the rows stand in
        Note       ///< to be known, and no fault of a copy: other versions, other collation
    };
    Weight weight = Weight::Data;
    QString what;   ///< "table public.birds", "index public.birds_name_idx"
    QString text;   ///< in words, translated: "4 rows instead of 3"
    QString before; ///< its definition in the first, where there is one
    QString after;  ///< in the second
};

/// In what the second differs from the first; the gravest first. Empty: every table, sequence and object is equal.
[[nodiscard]] QList<ManifestDifference> compareManifests(const Manifest &first, const Manifest &second);

/// True when nothing but notes is among them.
[[nodiscard]] bool isProven(const QList<ManifestDifference> &differences);

} // namespace Roost
