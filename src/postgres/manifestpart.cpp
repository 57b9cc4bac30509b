#include "postgres/manifestpart.h"

#include <QStringList>

#include <algorithm>

namespace Roost {

namespace {

/// The keys of tables, as the server quotes them: they stand in the keys of what belongs to them.
QStringList keysOf(const Manifest &manifest, const QList<TableId> &tables)
{
    QStringList keys;
    for (auto table = manifest.tables.cbegin(); table != manifest.tables.cend(); ++table) {
        if (tables.contains(Manifest::tableOf(table.key()))) {
            keys += table.key();
        }
    }
    // A partitioned table has no rows of its own, and is among the objects only.
    static const QString kind = QStringLiteral("table ");
    for (auto object = manifest.objects.cbegin(); object != manifest.objects.cend(); ++object) {
        const QString key = object.key().startsWith(kind) ? object.key().mid(kind.size()) : QString();
        if (!key.isEmpty() && !keys.contains(key) && tables.contains(Manifest::tableOf(key))) {
            keys += key;
        }
    }
    return keys;
}

bool isOf(const QString &key, const QString &definition, const QString &table)
{
    if (key.startsWith(u"index ")) {
        return definition.contains(QStringLiteral(" ON %1 ").arg(table)) ||
               definition.contains(QStringLiteral(" ON ONLY %1 ").arg(table));
    }
    return key == QStringLiteral("table ") + table || key.startsWith(QStringLiteral("column ") + table + u'.') ||
           key.endsWith(QStringLiteral(" on ") + table) || key == QStringLiteral("comment on table ") + table ||
           key.startsWith(QStringLiteral("comment on table column ") + table + u'.');
}

} // namespace

Manifest partOf(const Manifest &manifest, const ManifestPart &part)
{
    Manifest narrow = manifest;
    narrow.largeObjects = {};
    narrow.tables.removeIf([&part](const std::pair<const QString &, TableFingerprint &> &table) {
        return !part.tables.contains(Manifest::tableOf(table.first));
    });
    narrow.sequences.removeIf([&part](const std::pair<const QString &, SequenceState &> &sequence) {
        return !part.sequences.contains(sequence.first);
    });
    const QStringList keys = keysOf(manifest, part.tables);
    narrow.objects.removeIf([&](const std::pair<const QString &, QString &> &object) {
        return !part.objects.contains(object.first) &&
               std::none_of(keys.begin(), keys.end(),
                            [&object](const QString &key) { return isOf(object.first, object.second, key); });
    });
    return narrow;
}

} // namespace Roost
