#pragma once

#include "postgres/identifier.h"
#include "postgres/manifest.h"

#include <QList>
#include <QSet>
#include <QString>

namespace Roost {

/// What of a database is held against what of a copy, when only some of it was copied.
struct ManifestPart
{
    QList<TableId> tables;
    QSet<QString> sequences; ///< by their keys in a manifest
    QSet<QString> objects;   ///< further ones, by their keys: "type public.mood"
};

/// The manifest of these tables alone, with their columns, constraints, indexes, triggers, rules, policies and
/// comments. Large objects belong to no table.
[[nodiscard]] Manifest partOf(const Manifest &manifest, const ManifestPart &part);

} // namespace Roost
